//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RULES, api, pages, work};
use crate::room::{Api, Room, SubjectLinks};

#[derive(OpenApi)]
#[openapi(paths(api::findings, api::finding, api::step))]
struct Document;

pub const ROOM: Room = Room {
    name: "enforcement",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(work::items(state, officer))],
    subject_links: &[SubjectLinks {
        title: "联合执法",
        none: "没有列入过联合执法",
        find: |state, officer, code| Box::pin(work::of_subject(state, officer, code)),
    }],
    rules: RULES,
    ..Room::EMPTY
};
