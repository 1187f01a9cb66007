//! What waits to be approved, counted no further than anybody needs.

use uuid::Uuid;

use crate::account::work::MAX_COUNTED;
use crate::db::{PgPool, Scope};

/// Policy that others submitted and that waits for a second person.
pub async fn policy_to_approve(pool: &PgPool, scope: &Scope, account: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM policy_submission WHERE district = $1 AND state = 'submitted' AND created_by <> $2
             LIMIT $3) AS waiting"#,
        scope.county(),
        account,
        MAX_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}
