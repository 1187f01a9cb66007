//! What the room brings to the house.

use utoipa::OpenApi;

use super::{RULES, api, pages};
use crate::account::Access;
use crate::room::{Api, DeskCard, Room};

#[derive(OpenApi)]
#[openapi(paths(api::list))]
struct Document;

pub const ROOM: Room = Room {
    name: "low_efficiency",
    routes: |_| pages::routes(),
    api: Some(Api { routes: api::routes, document: Document::openapi }),
    desk_cards: &[DeskCard {
        title: "亩均税收认定",
        more: ("/low-efficiency", "打开清单"),
        address: pages::desk_card::ADDRESS,
        meanwhile: "正在统计…",
        is_wide: true,
        access: Access::ReadRegisters,
    }],
    rules: RULES,
    ..Room::EMPTY
};
