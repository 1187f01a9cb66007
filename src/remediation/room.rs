//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RULES, api, pages, proof, work};
use crate::db::layer;
use crate::room::{Api, ContractLinks, Room, SubjectLinks};

#[derive(OpenApi)]
#[openapi(paths(
    api::list,
    api::enter,
    api::enter_all,
    api::draw,
    api::one,
    api::step,
    api::set_task,
    api::finish_task,
    api::attach
))]
struct Document;

pub const ROOM: Room = Room {
    name: "remediation",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(work::items(state, officer))],
    contract_links: &[ContractLinks {
        title: "整治档案",
        none: "没有涉及这份合同的整治档案",
        find: |state, officer, contract| Box::pin(work::of_contract(state, officer, contract)),
    }],
    subject_links: &[SubjectLinks {
        title: "整治档案",
        none: "没有整治档案",
        find: |state, officer, code| Box::pin(work::of_subject(state, officer, code)),
    }],
    rules: RULES,
    rechecks: proof::RECHECKS,
    layers: &[layer::REMEDIATION],
    ..Room::EMPTY
};
