//! What waits to be sent, counted no further than anybody needs.

use crate::account::work::MAX_COUNTED;
use crate::db::{PgPool, Scope};

/// Notices that were prepared and wait for a person to send them.
pub async fn notices_to_send(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM contract_notice n JOIN contract c ON c.district = n.district AND c.number = n.contract
             WHERE n.district = $1 AND n.state = 'prepared' AND ($2::text IS NULL OR c.subdistrict = $2)
             LIMIT $3) AS waiting"#,
        scope.county(),
        scope.subdistrict_code(),
        MAX_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}
