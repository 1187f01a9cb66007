//! What a form or a program sends about enterprises and uses of land, read and done. Pages and API call the same.

use super::change::{self, Outcome};
use super::occupancy;
use super::typed::{EnterpriseTyped, OccupancyTyped};
use crate::account::Officer;
use crate::exchange::Fault;
use crate::parcel::change::Grounds;
use crate::web::AppState;

/// Both, or everything that is wrong with either.
fn both<A, B>(first: Result<A, Vec<Fault>>, second: Result<B, Vec<Fault>>) -> Result<(A, B), Vec<Fault>> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (first, second) => Err(first.err().into_iter().chain(second.err()).flatten().collect()),
    }
}

fn grounds(typed: &EnterpriseTyped) -> Result<Grounds, Vec<Fault>> {
    let (effective_on, paper) = both(typed.effective_on(), typed.paper())?;
    Ok(Grounds { effective_on, source: paper.source, reason: paper.reason })
}

pub async fn entered(state: &AppState, officer: &Officer, typed: &EnterpriseTyped) -> Outcome<i64> {
    let (facts, grounds) = both(typed.facts(state.clock.today()), grounds(typed))?;
    let act = officer.act(state);
    change::create(&act, &typed.uscc, &facts, &grounds, typed.confirmed()).await
}

pub async fn changed(state: &AppState, officer: &Officer, uscc: &str, typed: &EnterpriseTyped) -> Outcome<i64> {
    let ((facts, grounds), base) = both(both(typed.facts(state.clock.today()), grounds(typed)), typed.base())?;
    let act = officer.act(state);
    change::change(&act, uscc, base, &facts, &grounds).await
}

pub async fn corrected(state: &AppState, officer: &Officer, uscc: &str, typed: &EnterpriseTyped) -> Outcome<i64> {
    let ((facts, paper), base) = both(both(typed.facts(state.clock.today()), typed.paper()), typed.base())?;
    let act = officer.act(state);
    change::correct(&act, uscc, base, &facts, &paper).await
}

pub async fn begun(state: &AppState, officer: &Officer, typed: &OccupancyTyped) -> Outcome<i64> {
    let ((teller, it, warnings), paper) = both(typed.told(), typed.paper())?;
    let act = officer.act(state);
    occupancy::begin(&act, &teller, &it, &paper, warnings, typed.confirmed()).await
}

pub async fn ended(state: &AppState, officer: &Officer, id: i64, typed: &OccupancyTyped) -> Outcome<i64> {
    let (last, paper) = both(typed.last(), typed.paper())?;
    let act = officer.act(state);
    occupancy::end(&act, id, last, &paper).await
}

pub async fn area_changed(state: &AppState, officer: &Officer, id: i64, typed: &OccupancyTyped) -> Outcome<i64> {
    let (((land, floor, warnings), from), paper) = both(both(typed.areas(false), typed.effective_on()), typed.paper())?;
    let act = officer.act(state);
    let areas = occupancy::Areas { from, land, floor };
    occupancy::change_area(&act, id, areas, &paper, warnings, typed.confirmed()).await
}

pub async fn use_corrected(state: &AppState, officer: &Officer, id: i64, typed: &OccupancyTyped) -> Outcome<i64> {
    let ((_, it, warnings), paper) = both(typed.told(), typed.paper())?;
    let act = officer.act(state);
    occupancy::correct(&act, id, &it, &paper, warnings, typed.confirmed()).await
}
