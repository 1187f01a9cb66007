//! What the room brings to the house.

use utoipa::OpenApi;

use super::{api, pages, rules, work};
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::one, api::finish))]
struct Document;

pub const ROOM: Room = Room {
    name: "review",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[
        |state, officer| Box::pin(work::opinions_to_give(state, officer)),
        |state, officer| Box::pin(work::to_conclude(state, officer)),
    ],
    rules: rules::RULES,
    rechecks: &rules::RECHECKS,
    ..Room::EMPTY
};
