//! What the room brings to the house.

use utoipa::OpenApi;

use super::{api, pages};
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::matrix, api::enterprises))]
struct Document;

pub const ROOM: Room = Room {
    name: "completeness",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    ..Room::EMPTY
};
