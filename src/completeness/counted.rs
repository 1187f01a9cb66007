//! What was counted stays until an enterprise or a figure changes: a large district is counted once for a state of its registers,
//! however many look at it. Where counting takes long, the last count is shown as what it is while the next one is made.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::future::Cache;

use super::Matrix;
use super::rules::DoubtRule;
use super::store::{self, CompletenessError};
use crate::db::{PgPool, Scope};

/// A count that took longer is not waited for a second time.
const LONG: Duration = Duration::from_secs(2);
const RESTS: Duration = Duration::from_secs(24 * 3600);

/// Whose count, by which rule.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Whose {
    county: String,
    year: i32,
    rule: DoubtRule,
}

/// A count and when it was begun.
#[derive(Clone, Debug)]
pub struct Count {
    pub matrix: Arc<Matrix>,
    pub at: DateTime<Utc>,
    /// Registers have changed since, and it is being counted anew.
    pub is_outdated: bool,
    took: Duration,
}

/// One for the whole server.
#[derive(Clone)]
pub struct Counted {
    counts: Cache<(Whose, i64), Count>,
    last: Cache<Whose, Count>,
}

impl Default for Counted {
    fn default() -> Self {
        Counted {
            counts: Cache::builder().max_capacity(50).time_to_idle(RESTS).build(),
            last: Cache::builder().max_capacity(50).time_to_idle(RESTS).build(),
        }
    }
}

impl Counted {
    /// The matrix of the district as its registers are now; whoever asks while it is counted waits for the same count, or is shown
    /// the last one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn matrix(
        &self,
        pool: &PgPool,
        scope: &Scope,
        (year, rule): (i32, &DoubtRule),
        now: DateTime<Utc>,
    ) -> Result<Count, Arc<CompletenessError>> {
        let revision = store::revision(pool, scope).await.map_err(|error| Arc::new(CompletenessError::from(error)))?;
        let whose = Whose { county: scope.county().to_owned(), year, rule: rule.clone() };
        if let Some(count) = self.counts.get(&(whose.clone(), revision)).await {
            return Ok(count);
        }
        let last = self.last.get(&whose).await.filter(|last| last.took > LONG);
        let counting = self.clone().count(pool.clone(), scope.clone(), (whose, revision), now);
        let Some(last) = last else { return counting.await };
        tokio::spawn(async move {
            if let Err(error) = counting.await {
                tracing::warn!(%error, "the completeness of returns could not be counted");
            }
        });
        Ok(Count { is_outdated: true, ..last })
    }

    async fn count(
        self,
        pool: PgPool,
        scope: Scope,
        (whose, revision): (Whose, i64),
        at: DateTime<Utc>,
    ) -> Result<Count, Arc<CompletenessError>> {
        let count = async {
            let began = Instant::now();
            let matrix = Arc::new(store::matrix(&pool, &scope, whose.year, &whose.rule).await?);
            Ok::<Count, CompletenessError>(Count { matrix, at, is_outdated: false, took: began.elapsed() })
        };
        let count = self.counts.try_get_with((whose.clone(), revision), count).await?;
        self.last.insert(whose, count.clone()).await;
        Ok(count)
    }
}
