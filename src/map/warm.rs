//! Works the colours out before anybody asks for a tile: when the registers have changed, whoever changed them, and when a day
//! begins.

use std::time::Duration;

use chrono::NaiveDate;
use tokio::time::Instant;

use super::{contract_states, contract_tile_store, store};
use crate::annual;
use crate::base::clock::Clock;
use crate::base::period::year_of;
use crate::db::{PgPool, Scope};
use crate::jobs::Context;

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// However long the work took, what changed meanwhile waits no longer.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// After the first failure; twice as long after each further one of the same state.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// What the colours rest on: the revision behind the years, that of the contracts, and the day they are judged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    registers: i64,
    contracts: (i64, NaiveDate),
}

/// What was worked out last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    registers: Option<i64>,
    contracts: Option<(i64, NaiveDate)>,
}

impl Seen {
    fn lacks(&self, wanted: &Wanted) -> bool {
        self.registers != Some(wanted.registers) || self.contracts != Some(wanted.contracts)
    }
}

/// The state that could not be worked out, how often, and when it is tried again.
#[derive(Clone, Copy, Debug)]
struct Failure {
    wanted: Wanted,
    times: u32,
    again: Instant,
}

impl Failure {
    /// Another state than the one before begins with the shortest pause.
    fn after(before: Option<Failure>, wanted: Wanted, now: Instant) -> Self {
        let times = before.filter(|before| before.wanted == wanted).map_or(0, |before| before.times) + 1;
        Failure { wanted, times, again: now + pause(times) }
    }

    /// A register that has changed since is tried at once.
    fn holds_back(&self, wanted: &Wanted, now: Instant) -> bool {
        self.wanted == *wanted && now < self.again
    }
}

fn pause(times: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2u32.saturating_pow(times.saturating_sub(1))).min(LONGEST_PAUSE)
}

/// Keeps the figures of a district at the state of its registers. Never returns.
pub async fn keep(context: Context) {
    let Context { pool, clock, scope, .. } = context;
    let (mut seen, mut failure) = (Seen::default(), None);
    loop {
        let began = Instant::now();
        let rest = match turn(&pool, clock, &scope, &mut seen, &mut failure).await {
            // While somebody changes the registers row by row, most of the machine stays free for that.
            Ok(()) => (began.elapsed() * 3).clamp(BETWEEN_LOOKS, LONGEST_REST),
            Err(error) => {
                tracing::warn!(%error, "the colours of the map could not be worked out ahead");
                BETWEEN_LOOKS
            }
        };
        tokio::time::sleep(rest).await;
    }
}

async fn turn(
    pool: &PgPool,
    clock: Clock,
    scope: &Scope,
    seen: &mut Seen,
    failure: &mut Option<Failure>,
) -> anyhow::Result<()> {
    let Some(wanted) = wanted(pool, clock, scope).await? else { return Ok(()) };
    if failure.is_some_and(|failure| failure.holds_back(&wanted, Instant::now())) {
        return Ok(());
    }
    let done = work_out(pool, clock, scope, &wanted, seen).await;
    *failure = done.is_err().then(|| Failure::after(*failure, wanted, Instant::now()));
    done
}

/// Works out what a state other than the one `seen` lacks.
pub async fn look(pool: &PgPool, clock: Clock, scope: &Scope, seen: &mut Seen) -> anyhow::Result<()> {
    match wanted(pool, clock, scope).await? {
        Some(wanted) => work_out(pool, clock, scope, &wanted, seen).await,
        None => Ok(()),
    }
}

/// What there should be now; nothing while there are no parcels.
async fn wanted(pool: &PgPool, clock: Clock, scope: &Scope) -> anyhow::Result<Option<Wanted>> {
    let state = store::state(pool, scope).await?;
    if !state.any_parcel {
        return Ok(None);
    }
    let contracts = contract_tile_store::revision(pool, scope).await?;
    Ok(Some(Wanted { registers: state.revision, contracts: (contracts, clock.today()) }))
}

/// Either half that is done is not done again when the other fails.
async fn work_out(pool: &PgPool, clock: Clock, scope: &Scope, wanted: &Wanted, seen: &mut Seen) -> anyhow::Result<()> {
    if !seen.lacks(wanted) {
        return Ok(());
    }
    let figures = match seen.registers == Some(wanted.registers) {
        true => Ok(()),
        false => years(pool, clock, scope).await.map(|()| seen.registers = Some(wanted.registers)),
    };
    if seen.contracts != Some(wanted.contracts) {
        contract_states::ensure(pool, scope, wanted.contracts.1, clock.now()).await?;
        seen.contracts = Some(wanted.contracts);
    }
    figures
}

/// The year a map opens with first, then those looked at before.
async fn years(pool: &PgPool, clock: Clock, scope: &Scope) -> anyhow::Result<()> {
    let newest = annual::store::years(pool, scope).await?.first().copied();
    let mut years = vec![newest.unwrap_or_else(|| year_of(clock.today()) - 1)];
    let looked_at = store::yields::years_looked_at(pool, scope).await?;
    years.extend(looked_at.into_iter().filter(|year| Some(*year) != newest));
    for year in years {
        store::yields::ensure(pool, scope, &store::rule(pool, year).await?).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound() {
        let seconds = |times| pause(times).as_secs();
        assert_eq!((seconds(1), seconds(2), seconds(3), seconds(6)), (5, 10, 20, 160));
        assert_eq!((seconds(7), seconds(8), seconds(u32::MAX)), (300, 300, 300));
    }

    #[test]
    fn what_failed_waits_and_what_changed_does_not() {
        let day: NaiveDate = "2026-11-23".parse().unwrap();
        let state = |registers| Wanted { registers, contracts: (1, day) };
        let now = Instant::now();
        let first = Failure::after(None, state(1), now);
        assert!(first.holds_back(&state(1), now + Duration::from_millis(4_999)));
        assert!(!first.holds_back(&state(1), now + FIRST_PAUSE), "its pause is over");
        assert!(!first.holds_back(&state(2), now), "the registers have changed");
        let second = Failure::after(Some(first), state(1), now);
        assert!(
            second.holds_back(&state(1), now + FIRST_PAUSE) && !second.holds_back(&state(1), now + FIRST_PAUSE * 2)
        );
        assert_eq!(Failure::after(Some(second), state(2), now).times, 1);
    }
}
