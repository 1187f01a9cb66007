//! Rows that are never deleted: withdrawn with a reason, by whom and when.

use chrono::{DateTime, Utc};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Postgres, QueryBuilder};
use uuid::Uuid;

use super::{PgConnection, Scope};

/// A table under `(district, id)` with `withdrawn_at`, `withdrawn_by` and `withdrawn_reason`.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawable(pub &'static str);

/// Who withdraws, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawal<'a> {
    pub by: &'a str,
    pub at: DateTime<Utc>,
    pub reason: &'a str,
}

impl Withdrawable {
    /// What `columns` of the row said; `None` when it is not on record, or withdrawn already.
    pub async fn withdraw<Row>(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        id: Uuid,
        withdrawal: Withdrawal<'_>,
        columns: &'static str,
    ) -> Result<Option<Row>, sqlx::Error>
    where
        Row: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let mut sql = QueryBuilder::<Postgres>::new("UPDATE ");
        sql.push(self.0).push(" SET withdrawn_at = ").push_bind(withdrawal.at);
        sql.push(", withdrawn_by = ").push_bind(withdrawal.by.to_owned());
        sql.push(", withdrawn_reason = ").push_bind(withdrawal.reason.to_owned());
        sql.push(" WHERE district = ").push_bind(scope.county().to_owned()).push(" AND id = ").push_bind(id);
        sql.push(" AND withdrawn_at IS NULL RETURNING ").push(columns);
        sql.build_query_as().fetch_optional(connection).await
    }
}
