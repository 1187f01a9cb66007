//! What a form or a program sends about enterprises and uses of land, read and done. Pages and API call the same.

use super::change::{self, Outcome};
use super::form::{EnterpriseForm, OccupancyForm, Paper, uscc};
use super::occupancy;
use crate::account::Officer;
use crate::exchange::Fault;
use crate::parcel::change::Grounds;
use crate::web::AppState;
use crate::web::form::Reader;

/// Both, or everything that is wrong with either.
fn both<A, B>(first: Result<A, Vec<Fault>>, second: Result<B, Vec<Fault>>) -> Result<(A, B), Vec<Fault>> {
    let mut reader = Reader::default();
    let (first, second) = (reader.take(first), reader.take(second));
    reader.finish(first.zip(second))
}

fn grounds(form: &EnterpriseForm) -> Result<Grounds, Vec<Fault>> {
    let (effective_on, Paper { source, reason }) = both(form.effective_on(), form.paper())?;
    Ok(Grounds { effective_on, source, reason })
}

pub async fn entered(state: &AppState, officer: &Officer, form: &EnterpriseForm) -> Outcome<i64> {
    let ((facts, grounds), _) = both(both(form.facts(state.clock.today()), grounds(form)), uscc(&form.uscc))?;
    change::create(&officer.act(state), &form.uscc, &facts, &grounds, form.confirmed()).await
}

pub async fn changed(state: &AppState, officer: &Officer, uscc: &str, form: &EnterpriseForm) -> Outcome<i64> {
    let ((facts, grounds), base) = both(both(form.facts(state.clock.today()), grounds(form)), form.base())?;
    change::change(&officer.act(state), uscc, base, &facts, &grounds).await
}

pub async fn corrected(state: &AppState, officer: &Officer, uscc: &str, form: &EnterpriseForm) -> Outcome<i64> {
    let ((facts, paper), base) = both(both(form.facts(state.clock.today()), form.paper()), form.base())?;
    change::correct(&officer.act(state), uscc, base, &facts, &paper).await
}

pub async fn begun(state: &AppState, officer: &Officer, form: &OccupancyForm) -> Outcome<i64> {
    let ((teller, it, warnings), paper) = both(form.read(), form.paper())?;
    occupancy::begin(&officer.act(state), &teller, &it, &paper, warnings, form.confirmed()).await
}

pub async fn ended(state: &AppState, officer: &Officer, id: i64, form: &OccupancyForm) -> Outcome<i64> {
    let (last, paper) = both(form.last(), form.paper())?;
    occupancy::end(&officer.act(state), id, last, &paper).await
}

pub async fn area_changed(state: &AppState, officer: &Officer, id: i64, form: &OccupancyForm) -> Outcome<i64> {
    let (((land, floor, warnings), from), paper) = both(both(form.areas(false), form.effective_on()), form.paper())?;
    let areas = occupancy::Areas { from, land, floor };
    occupancy::change_area(&officer.act(state), id, areas, &paper, warnings, form.confirmed()).await
}

pub async fn use_corrected(state: &AppState, officer: &Officer, id: i64, form: &OccupancyForm) -> Outcome<i64> {
    let ((_, it, warnings), paper) = both(form.read(), form.paper())?;
    occupancy::correct(&officer.act(state), id, &it, &paper, warnings, form.confirmed()).await
}
