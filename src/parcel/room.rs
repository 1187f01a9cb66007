//! What the room brings to the house.

use utoipa::OpenApi;

use super::{api, pages, work};
use crate::db::layer;
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::list, api::one))]
struct Document;

pub const ROOM: Room = Room {
    name: "parcel",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(work::land_to_look_at(state, officer))],
    layers: &[layer::PARCELS, layer::OUTLINES],
    ..Room::EMPTY
};
