//! What the register says of the codes of a file.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::db::{PgConnection, Scope};

/// Whether the district has parcels at all; an empty register needs no comparison.
pub async fn has_parcels(connection: &mut PgConnection, scope: &Scope) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM parcel_version WHERE district = $1 AND superseded_at IS NULL) AS "any!""#,
        scope.county()
    )
    .fetch_one(connection)
    .await
}

/// Lets the records be found by their codes, which joins with a register need whose size the planner does not know yet.
pub async fn index_codes(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("CREATE INDEX ON staging_parcel (code)").execute(connection).await?;
    Ok(())
}

pub struct OutOfTime {
    pub record: i64,
    pub line: Option<i64>,
    pub code: String,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

/// Records whose code the register knows, but not on the day: ended (merged, split) or not yet begun.
pub async fn known_on_other_days(connection: &mut PgConnection, scope: &Scope) -> Result<Vec<OutOfTime>, sqlx::Error> {
    sqlx::query_as!(
        OutOfTime,
        r#"SELECT s.record, s.line, s.code AS "code!", min(lower(p.valid)) AS "from", max(upper(p.valid)) AS until
           FROM staging_parcel AS s
           JOIN parcel_version AS p ON p.code = s.code AND p.district = $1 AND p.superseded_at IS NULL
           WHERE NOT s.rejected AND s.register_supply_status IS NULL
           GROUP BY s.record, s.line, s.code ORDER BY s.record"#,
        scope.county()
    )
    .fetch_all(connection)
    .await
}

/// A record whose shape covers more than any parcel does.
pub struct Vast {
    pub record: i64,
    pub line: Option<i64>,
    pub area_m2: Decimal,
}

pub async fn larger_than(connection: &mut PgConnection, most: Decimal) -> Result<Vec<Vast>, sqlx::Error> {
    sqlx::query_as!(
        Vast,
        r#"SELECT record, line, greatest(plane_area_m2, geodesic_area_m2) AS "area_m2!" FROM staging_parcel
           WHERE NOT rejected AND greatest(plane_area_m2, geodesic_area_m2) > $1 ORDER BY record"#,
        most
    )
    .fetch_all(connection)
    .await
}
