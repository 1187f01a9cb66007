//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RULES, api, pages};
use crate::account::Access;
use crate::room::{Api, DeskCard, Room};

#[derive(OpenApi)]
#[openapi(paths(api::list, api::checks, api::one))]
struct Document;

pub const ROOM: Room = Room {
    name: "obligations",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    desk_cards: &[DeskCard {
        title: "合同履行",
        more: ("/contracts/calendar", "到期日历"),
        address: pages::desk_card::ADDRESS,
        meanwhile: "正在检查…",
        is_wide: false,
        access: Access::ReadRegisters,
    }],
    rules: RULES,
    ..Room::EMPTY
};
