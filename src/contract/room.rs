//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RULES, api, pages};
use crate::db::layer;
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::record_event))]
struct Document;

pub const ROOM: Room = Room {
    name: "contract",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    rules: RULES,
    layers: &[layer::CONTRACTS],
    ..Room::EMPTY
};
