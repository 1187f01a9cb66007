//! What the room brings to the house.

use utoipa::OpenApi;

use super::coverage::RULES;
use super::{api, pages, work};
use crate::db::layer;
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(
    api::list,
    api::one,
    api::returns,
    api::occupancies,
    api::editing::create,
    api::editing::change_from,
    api::editing::correct,
    api::editing::begin,
    api::editing::end,
    api::editing::change_area,
    api::editing::correct_use
))]
struct Document;

pub const ROOM: Room = Room {
    name: "enterprise",
    routes: |house| pages::routes(house.subject_links()),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(work::figures_to_confirm(state, officer))],
    rules: RULES,
    layers: &[layer::ENTERPRISES, layer::OCCUPANCIES, layer::RETURNS],
    ..Room::EMPTY
};
