//! What the room brings to the house.

use utoipa::OpenApi;

use super::{api, pages, present, work};
use crate::room::{Api, ContractLinks, Room};

#[derive(OpenApi)]
#[openapi(paths(api::list, api::one, api::create, api::field::pack, api::field::photo, api::field::visit))]
struct Document;

pub const ROOM: Room = Room {
    name: "inspection",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[
        |state, officer| Box::pin(work::own_tasks(state, officer)),
        |state, officer| Box::pin(work::to_close(state, officer)),
    ],
    contract_links: &[ContractLinks {
        title: "现场检查",
        none: "没有检查任务",
        find: |state, officer, contract| Box::pin(present::links_of_contract(state, officer, contract)),
    }],
    ..Room::EMPTY
};
