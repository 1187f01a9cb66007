//! What the room brings to the house.

use super::{contract, pages};
use crate::account::{Access, Routes};
use crate::room::{House, Room};

pub const ROOM: Room = Room { name: "dossier", routes, ..Room::EMPTY };

fn routes(house: &House) -> Routes {
    let links = house.contract_links();
    let (of_page, of_paper) = (house.subject_links(), house.subject_links());
    Routes::new()
        .get("/parcels/{code}", Access::ReadRegisters, move |state, officer, code, query| {
            pages::show(state, officer, code, query, of_page.clone())
        })
        .get("/parcels/{code}/dossier.pdf", Access::ReadRegisters, move |state, officer, code, query| {
            pages::pdf(state, officer, code, query, of_paper.clone())
        })
        .get("/contracts/{number}", Access::ReadRegisters, move |state, officer, number, query| {
            contract::show(state, officer, number, query, links.clone())
        })
}
