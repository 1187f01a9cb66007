//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RULES, api, job, pages, recheck, work};
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::report, api::reconciled))]
struct Document;

pub const ROOM: Room = Room {
    name: "allocation",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(work::items(state, officer))],
    rules: RULES,
    rechecks: recheck::RECHECKS,
    jobs: &[job::KIND],
    ..Room::EMPTY
};
