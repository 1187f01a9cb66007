//! Rows with two times: what was known of something is ended and said anew, never changed.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, QueryBuilder};

use super::{PgConnection, Scope};

/// A table whose rows are known until `superseded_at`, under `(district, id)`.
#[derive(Clone, Copy, Debug)]
pub struct Versioned(pub &'static str);

impl Versioned {
    /// Ends what was known by a row. How many rows it ended: one, or none when somebody else was first.
    pub async fn end(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        id: i64,
        at: DateTime<Utc>,
    ) -> Result<u64, sqlx::Error> {
        let mut sql = self.ending(scope, id, at);
        Ok(sql.build().execute(connection).await?.rows_affected())
    }

    /// The same where the row must be somebody's: a column and its value.
    pub async fn end_under(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        (column, owner): (&'static str, &str),
        id: i64,
        at: DateTime<Utc>,
    ) -> Result<u64, sqlx::Error> {
        let mut sql = self.ending(scope, id, at);
        sql.push(" AND ").push(column).push(" = ").push_bind(owner);
        Ok(sql.build().execute(connection).await?.rows_affected())
    }

    fn ending(&self, scope: &Scope, id: i64, at: DateTime<Utc>) -> QueryBuilder<Postgres> {
        let mut sql = QueryBuilder::new("UPDATE ");
        sql.push(self.0).push(" SET superseded_at = ").push_bind(at);
        sql.push(" WHERE superseded_at IS NULL AND district = ").push_bind(scope.county().to_owned());
        sql.push(" AND id = ").push_bind(id);
        sql
    }
}
