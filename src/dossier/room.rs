//! What the room brings to the house.

use super::{contract, pages};
use crate::account::{Access, Routes};
use crate::room::{House, Room};

pub const ROOM: Room = Room { name: "dossier", routes, ..Room::EMPTY };

fn routes(house: &House) -> Routes {
    let links = house.contract_links();
    Routes::new()
        .get("/parcels/{code}", Access::ReadRegisters, pages::show)
        .get("/parcels/{code}/dossier.pdf", Access::ReadRegisters, pages::pdf)
        .get("/contracts/{number}", Access::ReadRegisters, move |state, officer, number, query| {
            contract::show(state, officer, number, query, links.clone())
        })
}
