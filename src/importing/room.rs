//! What the room brings to the house.

use utoipa::OpenApi;

use super::{api, draft_job, pages, sweep, work};
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(api::list::list, api::receive, api::status, api::discard, api::answer, api::commit, api::report))]
struct Document;

pub const ROOM: Room = Room {
    name: "importing",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(work::open_imports(state, officer))],
    jobs: &[draft_job::KIND],
    services: &[|context| Box::pin(sweep::keep(context))],
    ..Room::EMPTY
};
