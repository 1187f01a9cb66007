//! What waits to be closed, counted no further than anybody needs.

use crate::account::work::MAX_COUNTED;
use crate::db::{PgPool, Scope};

/// Inspections with a result that nobody has closed.
pub async fn reported_inspections(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM inspection_task WHERE district = $1 AND state = 'reported' AND ($2::text IS NULL OR subdistrict = $2)
             LIMIT $3) AS waiting"#,
        scope.county(),
        scope.subdistrict_code(),
        MAX_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}
