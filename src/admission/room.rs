//! What the room brings to the house: the check by itself, and the cases that are decided by it.

use utoipa::OpenApi;

use super::{RECHECK, RULES, api, case};
use crate::account::Routes;
use crate::db::layer;
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(
    api::check,
    case::api::list,
    case::api::create,
    case::api::one,
    case::api::handle,
    case::api::opine,
    case::api::decide
))]
struct Document;

fn api_routes() -> Routes {
    api::routes().merge(case::api::routes())
}

pub const ROOM: Room = Room {
    name: "admission",
    routes: |_| case::pages::routes(),
    api: Some(Api { routes: api_routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(case::work::cases(state, officer))],
    rules: RULES,
    rechecks: &[RECHECK],
    jobs: &[case::what_if::KIND],
    layers: &[layer::CASES],
    ..Room::EMPTY
};
