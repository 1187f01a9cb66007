//! Open breach files by whose step is due.

use chrono::NaiveDate;
use uuid::Uuid;

use super::blockers::{self, Turn};
use super::store::listing::{self, Open, Wanted};
use crate::account::Officer;
use crate::contract::as_of::AsOf;
use crate::web::list::first_of;
use crate::web::{self, AppState};

/// Open files read at a time while looking for those whose step is due.
const AT_ONCE: usize = 20_000;

/// How many open files' next step is somebody's on a day, counted up to `most`.
pub async fn count_due(state: &AppState, officer: &Officer, turn: Turn, as_of: AsOf, most: i64) -> web::Result<usize> {
    let wanted = Wanted { until: as_of.until, size: most, ..Wanted::default() };
    Ok(due_among(state, officer, turn, as_of.day, &wanted).await?.len())
}

/// The first of the open files wanted whose next step is somebody's on a day. Whoever proposed does not approve. Whose step it
/// is, the rule says and not the database: the list is read on until the page is full.
pub async fn due_among(
    state: &AppState,
    officer: &Officer,
    turn: Turn,
    today: NaiveDate,
    wanted: &Wanted<'_>,
) -> web::Result<Vec<Uuid>> {
    let theirs = |file: &Open| {
        let own = turn == Turn::Approver && file.proposed_by == Some(officer.account);
        blockers::turn(file.state, file.notice.as_ref(), file.rectify_until, today) == Some(turn) && !own
    };
    let fetch = |after| async move {
        let some = Wanted { after, size: AT_ONCE as i64, ..wanted.clone() };
        let open = listing::open_files(&state.pool, &officer.scope, &some).await?;
        let next = open.last().filter(|_| open.len() == AT_ONCE).map(|last| (last.due, last.id));
        Ok((open, next))
    };
    let found = first_of(wanted.after, usize::try_from(wanted.size).unwrap_or(0), theirs, fetch).await?;
    Ok(found.into_iter().map(|file| file.id).collect())
}
