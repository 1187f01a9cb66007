//! What waits for a department, counted no further than anybody needs.

use crate::account::Department;
use crate::account::work::MAX_COUNTED;
use crate::db::{PgPool, Scope};

/// Figures of a department that were reported and not yet confirmed.
pub async fn unconfirmed_figures(pool: &PgPool, scope: &Scope, department: Department) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM return_figure WHERE district = $1 AND department = $2 AND state = 'reported' AND superseded_at IS NULL
             LIMIT $3) AS waiting"#,
        scope.county(),
        department.code(),
        MAX_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}
