//! Whoever changes something, where and when.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::audit::{self, Actor, Deed};
use crate::base::clock::china_day;
use crate::db::{PgConnection, PgPool, Scope};

/// Somebody acting within a scope at a moment: what everything takes that changes something.
#[derive(Clone, Debug)]
pub struct Act {
    pub pool: PgPool,
    pub scope: Scope,
    pub actor: Actor,
    pub now: DateTime<Utc>,
}

impl Act {
    /// The account behind it, where only a person may act: four eyes are counted by person.
    ///
    /// # Errors
    /// It is done on the command line.
    pub fn person(&self) -> anyhow::Result<Uuid> {
        self.actor.account.ok_or_else(|| anyhow::anyhow!("this needs a person who is signed in, not the command line"))
    }

    /// The day in China.
    pub fn today(&self) -> NaiveDate {
        china_day(self.now)
    }

    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin().await
    }

    /// Seals a deed in the transaction that does it: both stand or fall together.
    pub async fn record(&self, connection: &mut PgConnection, deed: Deed<'_>) -> Result<(), sqlx::Error> {
        audit::record(connection, &self.scope, &self.actor, deed, self.now).await
    }
}
