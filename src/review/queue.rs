//! Open reviews by what they wait for, and for whom.

use uuid::Uuid;

use super::panel::Panels;
use super::store::listing::{self, Wanted};
use super::waiting::{Open, WaitsFor};
use crate::account::{Access, Department, Officer};
use crate::web::list::first_of;
use crate::web::{self, AppState};

/// Open reviews read at a time while looking for those that wait for something.
const AT_ONCE: usize = 20_000;

/// The department for which the reader speaks.
pub fn department_of(officer: &Officer) -> Option<Department> {
    officer.department.filter(|_| officer.may(Access::GiveOpinions))
}

/// How many open reviews wait for something now, counted up to `most`.
pub async fn count_waiting(
    state: &AppState,
    officer: &Officer,
    panels: &Panels,
    waits: WaitsFor,
    most: i64,
) -> web::Result<usize> {
    let wanted = Wanted { size: most, ..Wanted::default() };
    Ok(waiting_among(state, officer, panels, waits, &wanted).await?.len())
}

/// The first of the open reviews wanted that wait for something; the list is read on until the page is full, because who is
/// waited for follows from the list of departments.
pub async fn waiting_among(
    state: &AppState,
    officer: &Officer,
    panels: &Panels,
    waits: WaitsFor,
    wanted: &Wanted<'_>,
) -> web::Result<Vec<Uuid>> {
    let reader = department_of(officer);
    let fetch = |after| async move {
        let some = Wanted { after, size: AT_ONCE as i64, ..wanted.clone() };
        let open = listing::open(&state.pool, &officer.scope, &some).await?;
        let next = open.last().filter(|_| open.len() == AT_ONCE).map(|last| (last.opened_at, last.id));
        Ok((open, next))
    };
    let takes = |review: &Open| review.waits(panels, waits, reader);
    let found = first_of(wanted.after, usize::try_from(wanted.size).unwrap_or(0), takes, fetch).await?;
    Ok(found.into_iter().map(|review| review.id).collect())
}
