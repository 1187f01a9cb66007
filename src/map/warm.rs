//! Works the colours out before anybody asks for a tile: when the registers have changed, whoever changed them.

use std::time::Duration;

use tokio::time::Instant;

use super::store;
use crate::base::clock::Clock;
use crate::base::period::year_of;
use crate::db::{PgPool, Scope};
use crate::remediation;

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// Keeps the figures of a district at the state of its registers. Never returns.
pub async fn keep(pool: PgPool, clock: Clock, scope: Scope) {
    let mut seen = None;
    loop {
        let began = Instant::now();
        if let Err(error) = look(&pool, clock, &scope, &mut seen).await {
            tracing::warn!(%error, "the colours of the map could not be worked out ahead");
        }
        // While somebody changes the registers row by row, most of the machine stays free for that.
        tokio::time::sleep(BETWEEN_LOOKS.max(began.elapsed() * 3)).await;
    }
}

/// Works out what a revision other than the one `seen` lacks: the year a map opens with first, then those looked at before.
/// A revision whose figures fail is not tried again; whoever asks for a tile learns why.
pub async fn look(pool: &PgPool, clock: Clock, scope: &Scope, seen: &mut Option<i64>) -> anyhow::Result<()> {
    let state = store::state(pool, scope).await?;
    if seen.replace(state.revision) == Some(state.revision) || !state.any_parcel {
        return Ok(());
    }
    let newest = remediation::store::years(pool, scope).await?.first().copied();
    let mut years = vec![newest.unwrap_or_else(|| year_of(clock.today()) - 1)];
    let looked_at = store::yields::years_looked_at(pool, scope).await?;
    years.extend(looked_at.into_iter().filter(|year| Some(*year) != newest));
    for year in years {
        store::yields::ensure(pool, scope, &store::rule(pool, year).await?).await?;
    }
    Ok(())
}
