//! What was counted stays until an enterprise or a figure changes: a large district is counted once for a state of its registers,
//! however many look at it.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use super::Matrix;
use super::rules::DoubtRule;
use super::store::{self, CompletenessError};
use crate::db::{PgPool, Scope};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    county: String,
    year: i32,
    revision: i64,
    rule: DoubtRule,
}

/// One for the whole server.
#[derive(Clone)]
pub struct Counted(Cache<Key, Arc<Matrix>>);

impl Default for Counted {
    fn default() -> Self {
        Counted(Cache::builder().max_capacity(50).time_to_idle(Duration::from_secs(24 * 3600)).build())
    }
}

impl Counted {
    /// The matrix of the district as its registers are now; whoever asks while it is counted waits for the same count.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn matrix(
        &self,
        pool: &PgPool,
        scope: &Scope,
        year: i32,
        rule: &DoubtRule,
    ) -> Result<Arc<Matrix>, Arc<CompletenessError>> {
        let revision = store::revision(pool, scope).await.map_err(|error| Arc::new(CompletenessError::from(error)))?;
        let key = Key { county: scope.county().to_owned(), year, revision, rule: rule.clone() };
        let count = async { store::matrix(pool, scope, year, rule).await.map(Arc::new) };
        self.0.try_get_with(key, count).await
    }
}
