//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RULES, api, pages, recheck};
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::list, api::one))]
struct Document;

pub const ROOM: Room = Room {
    name: "measures",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    rules: RULES,
    rechecks: recheck::RECHECKS,
    ..Room::EMPTY
};
