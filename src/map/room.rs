//! What the room brings to the house: `/map` and what it loads.

use super::{
    contract_tiles, pages, panel, plan_tiles, remediation_tiles, result_tiles, search, survey_tiles, tiles, warm,
};
use crate::account::{Access, Routes};
use crate::room::Room;

pub const ROOM: Room =
    Room { name: "map", routes: |_| routes(), services: &[|context| Box::pin(warm::keep(context))], ..Room::EMPTY };

fn routes() -> Routes {
    Routes::new()
        .get("/map", Access::ReadRegisters, pages::show)
        .get("/map/outlines.geojson", Access::ReadRegisters, pages::outlines)
        .get("/map/search", Access::ReadRegisters, search::find)
        .get("/map/panel", Access::ReadRegisters, panel::show)
        .get("/tiles/parcels/{revision}/{year}/{as_of}/{z}/{x}/{y}", Access::ReadRegisters, tiles::serve)
        .get("/tiles/contracts/{revision}/{year}/{as_of}/{z}/{x}/{y}", Access::ReadRegisters, contract_tiles::serve)
        .get("/tiles/results/{revision}/{year}/{as_of}/{z}/{x}/{y}", Access::ReadRegisters, result_tiles::serve)
        .get("/tiles/survey/{revision}/{year}/{as_of}/{z}/{x}/{y}", Access::ReadRegisters, survey_tiles::serve)
        .get(
            "/tiles/remediation/{revision}/{year}/{as_of}/{z}/{x}/{y}",
            Access::ReadRegisters,
            remediation_tiles::serve,
        )
        .get("/tiles/planning/{layer}/{revision}/{as_of}/{z}/{x}/{y}", Access::ReadRegisters, plan_tiles::serve)
}
