//! What waits on the land, counted no further than anybody needs.

use crate::account::work::MAX_COUNTED;
use crate::db::{PgPool, Scope};

/// Parcels whose land lies idle or is used below what it could yield.
pub async fn parcels_to_look_at(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM parcel_version
             WHERE district = $1 AND superseded_at IS NULL AND upper_inf(valid) AND supply_status IN ('idle', 'low_efficiency')
               AND ($2::text IS NULL OR coalesce(subdistrict, registered_subdistrict) = $2)
             LIMIT $3) AS waiting"#,
        scope.county(),
        scope.subdistrict_code(),
        MAX_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}
