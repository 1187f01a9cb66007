//! Where the records lie, by the outlines in force.

use chrono::NaiveDate;

use crate::db::{PgConnection, Scope};

pub struct Placed {
    pub record: i64,
    pub line: Option<i64>,
    pub lies_in: Option<String>,
    pub registered: Option<String>,
}

pub async fn has_outlines(
    connection: &mut PgConnection,
    scope: &Scope,
    kind: &str,
    as_of: NaiveDate,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM outline WHERE district = $1 AND kind = $2 AND superseded_at IS NULL
                          AND valid @> $3::date) AS "any!""#,
        scope.county(),
        kind,
        as_of
    )
    .fetch_one(connection)
    .await
}

/// A record that reaches beyond the district's outline.
pub struct Outside {
    pub record: i64,
    pub line: Option<i64>,
    /// Nothing of it lies within.
    pub wholly: bool,
}

/// Records that do not lie wholly within the district's outline.
pub async fn outside_district(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
) -> Result<Vec<Outside>, sqlx::Error> {
    sqlx::query_as!(
        Outside,
        r#"WITH district AS MATERIALIZED (
               SELECT geom FROM outline
               WHERE district = $1 AND kind = 'district' AND superseded_at IS NULL AND valid @> $2::date)
           SELECT s.record, s.line,
               NOT EXISTS (SELECT FROM district AS o WHERE ST_Intersects(o.geom, s.geom)) AS "wholly!"
           FROM staging_parcel AS s
           WHERE NOT s.rejected AND NOT EXISTS (SELECT FROM district AS o WHERE ST_Covers(o.geom, s.geom))
           ORDER BY s.record"#,
        scope.county(),
        as_of
    )
    .fetch_all(connection)
    .await
}

/// Writes down in which sub-district each record lies, and answers those whose code says another.
pub async fn place_in_subdistricts(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
) -> Result<Vec<Placed>, sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_parcel AS s SET subdistrict = o.code
         FROM outline AS o
         WHERE o.district = $1 AND o.kind = 'subdistrict' AND o.superseded_at IS NULL AND o.valid @> $2::date
           AND NOT s.rejected AND o.geom && s.geom AND ST_Covers(o.geom, ST_PointOnSurface(s.geom))",
        scope.county(),
        as_of
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_as!(
        Placed,
        "SELECT record, line, subdistrict AS lies_in, registered_subdistrict AS registered FROM staging_parcel
         WHERE NOT rejected AND subdistrict <> registered_subdistrict ORDER BY record"
    )
    .fetch_all(connection)
    .await
}
