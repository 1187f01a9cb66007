//! Counts for the desk, each stopping where nobody needs the exact number.

use sqlx::types::Uuid;

use super::MOST_COUNTED;
use crate::account::Department;
use crate::db::{PgPool, Scope};

/// Figures of a department that were reported and not yet confirmed.
pub async fn unconfirmed_figures(pool: &PgPool, scope: &Scope, department: Department) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM return_figure WHERE district = $1 AND department = $2 AND state = 'reported' AND superseded_at IS NULL
             LIMIT $3) AS waiting"#,
        scope.county(),
        department.code(),
        MOST_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}

/// Uploads of one's own that were not committed yet.
pub async fn open_imports(pool: &PgPool, scope: &Scope, account: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM import_draft WHERE district = $1 AND account = $2 AND NOT committed
             LIMIT $3) AS waiting"#,
        scope.county(),
        account,
        MOST_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}

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
        MOST_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}

/// Policy that others submitted and that waits for a second person.
pub async fn policy_to_approve(pool: &PgPool, scope: &Scope, account: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM policy_submission WHERE district = $1 AND state = 'submitted' AND created_by <> $2
             LIMIT $3) AS waiting"#,
        scope.county(),
        account,
        MOST_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}

/// Notices that were prepared and wait for a person to send them.
pub async fn notices_to_send(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM contract_notice n JOIN contract c ON c.district = n.district AND c.number = n.contract
             WHERE n.district = $1 AND n.state = 'prepared' AND ($2::text IS NULL OR c.subdistrict = $2)
             LIMIT $3) AS waiting"#,
        scope.county(),
        scope.subdistrict_code(),
        MOST_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}

/// Inspections with a result that nobody has closed.
pub async fn reported_inspections(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM inspection_task WHERE district = $1 AND state = 'reported' AND ($2::text IS NULL OR subdistrict = $2)
             LIMIT $3) AS waiting"#,
        scope.county(),
        scope.subdistrict_code(),
        MOST_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}
