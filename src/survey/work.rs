//! What waits here for a person, and what a parcel's page shows.

use super::ParcelState;
use super::store::parcels::Stood;
use super::store::{differences, parcels, rounds};
use super::wording::parcel_address;
use crate::account::{Access, Officer, WorkItem};
use crate::room::Link;
use crate::web::{AppState, Result};
use crate::workflow::Number;

pub async fn items(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let mut items = Vec::new();
    if officer.may(Access::WorkSurvey) && !officer.may(Access::RunSurvey) {
        let awaiting = match rounds::open(pool, scope).await? {
            Some(round) => parcels::awaiting(pool, scope, round.id).await?,
            None => 0,
        };
        items.push(WorkItem {
            title: "摸底调查待核实宗地",
            count: awaiting,
            unit: "宗",
            href: "/survey/parcels?stood=awaiting",
            explanation: "进行中的工业用地摸底调查里尚未到现场核实的宗地（四（一）1）。",
        });
    }
    if officer.may(Access::SettleSurvey) {
        items.push(WorkItem {
            title: "台账与现场差异",
            count: differences::waiting(pool, scope).await?,
            unit: "条",
            href: "/survey/differences?state=proposed",
            explanation: "摸底调查发现、须采纳入册或说明理由不采纳的差异（四（一）1）。",
        });
    }
    Ok(items)
}

/// In which rounds a parcel was, and how it stood in each.
pub async fn of_parcel(state: &AppState, officer: &Officer, code: &str) -> Result<Vec<Link>> {
    let found = parcels::rounds_of(&state.pool, &officer.scope, code).await?;
    let link = |(year, serial, state, class): (i16, i32, ParcelState, _)| {
        let number = Number { year, serial };
        Link {
            href: parcel_address(number, code),
            label: format!("工业用地摸底调查 {number}"),
            state: Stood::of(state, class).to_string(),
        }
    };
    Ok(found.into_iter().map(link).collect())
}
