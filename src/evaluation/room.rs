//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RULES, api, job, pages, recheck};
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::compute, api::one, api::veto, api::claim, api::what_if))]
struct Document;

pub const ROOM: Room = Room {
    name: "evaluation",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(pages::waiting(state, officer))],
    jobs: &[job::KIND],
    rules: RULES,
    rechecks: recheck::RECHECKS,
    ..Room::EMPTY
};
