//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RECHECKS, RULES, api, pages, work};
use crate::db::layer;
use crate::room::{Api, Room, SubjectLinks};

#[derive(OpenApi)]
#[openapi(paths(
    api::rounds,
    api::open,
    api::round,
    api::close,
    api::parcels,
    api::parcel,
    api::visit,
    api::differences,
    api::decide,
    api::compare,
    api::field::pack,
    api::field::photo
))]
struct Document;

pub const ROOM: Room = Room {
    name: "survey",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    work_items: &[|state, officer| Box::pin(work::items(state, officer))],
    subject_links: &[SubjectLinks {
        title: "摸底调查",
        none: "没有列入过摸底调查",
        find: |state, officer, code| Box::pin(work::of_parcel(state, officer, code)),
    }],
    rules: RULES,
    rechecks: RECHECKS,
    layers: &[layer::SURVEY],
    ..Room::EMPTY
};
