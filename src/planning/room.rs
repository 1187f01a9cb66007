//! What the room brings to the house.

use utoipa::OpenApi;

use super::{api, pages};
use crate::db::layer;
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::layers))]
struct Document;

pub const ROOM: Room = Room {
    name: "planning",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    layers: &[layer::PLANNING],
    ..Room::EMPTY
};
