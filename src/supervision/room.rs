//! What the room brings to the house.

use utoipa::OpenApi;

use super::{breach, notice, work};
use crate::account::Routes;
use crate::room::{Api, Room};

#[derive(OpenApi)]
#[openapi(paths(
    notice::api::list,
    notice::api::one,
    notice::api::prepare,
    notice::api::step,
    breach::api::list,
    breach::api::open,
    breach::api::step
))]
struct Document;

fn api_routes() -> Routes {
    notice::api::routes().merge(breach::api::routes())
}

pub const ROOM: Room = Room {
    name: "supervision",
    routes: |_| notice::pages::routes().merge(breach::pages::routes()),
    api: Some(Api { routes: api_routes, document: Document::openapi }),
    work_items: &[
        |state, officer| Box::pin(work::notices(state, officer)),
        |state, officer| Box::pin(work::breaches_to_handle(state, officer)),
        |state, officer| Box::pin(work::breaches_to_approve(state, officer)),
    ],
    services: &[|context| Box::pin(notice::daily::keep(context))],
    ..Room::EMPTY
};
