//! Works the colours out before anybody asks for a tile: when the registers have changed, whoever changed them, and when a day
//! begins.

use std::time::Duration;

use chrono::NaiveDate;
use tokio::time::Instant;

use super::{contract_states, contract_tile_store, store};
use crate::base::clock::Clock;
use crate::base::period::year_of;
use crate::db::{PgPool, Scope};
use crate::remediation;

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// What was worked out last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The revision behind the years.
    registers: Option<i64>,
    /// The revision of the contracts, and the day they were judged on.
    contracts: Option<(i64, NaiveDate)>,
}

/// Keeps the figures of a district at the state of its registers. Never returns.
pub async fn keep(pool: PgPool, clock: Clock, scope: Scope) {
    let mut seen = Seen::default();
    loop {
        let began = Instant::now();
        if let Err(error) = look(&pool, clock, &scope, &mut seen).await {
            tracing::warn!(%error, "the colours of the map could not be worked out ahead");
        }
        // While somebody changes the registers row by row, most of the machine stays free for that.
        tokio::time::sleep(BETWEEN_LOOKS.max(began.elapsed() * 3)).await;
    }
}

/// Works out what a state other than the one `seen` lacks. A state whose figures fail is not tried again; whoever asks for a
/// tile learns why.
pub async fn look(pool: &PgPool, clock: Clock, scope: &Scope, seen: &mut Seen) -> anyhow::Result<()> {
    let state = store::state(pool, scope).await?;
    if !state.any_parcel {
        return Ok(());
    }
    if seen.registers.replace(state.revision) != Some(state.revision) {
        years(pool, clock, scope).await?;
    }
    let today = (contract_tile_store::revision(pool, scope).await?, clock.today());
    if seen.contracts.replace(today) != Some(today) {
        contract_states::ensure(pool, scope, today.1, clock.now()).await?;
    }
    Ok(())
}

/// The year a map opens with first, then those looked at before.
async fn years(pool: &PgPool, clock: Clock, scope: &Scope) -> anyhow::Result<()> {
    let newest = remediation::store::years(pool, scope).await?.first().copied();
    let mut years = vec![newest.unwrap_or_else(|| year_of(clock.today()) - 1)];
    let looked_at = store::yields::years_looked_at(pool, scope).await?;
    years.extend(looked_at.into_iter().filter(|year| Some(*year) != newest));
    for year in years {
        store::yields::ensure(pool, scope, &store::rule(pool, year).await?).await?;
    }
    Ok(())
}
