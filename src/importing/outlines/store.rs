//! The SQL of an outline import.

use chrono::{DateTime, NaiveDate, Utc};

use crate::db::{PgConnection, Scope};
use crate::importing::Order;
use crate::importing::report::Counts;

pub async fn open_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "CREATE TEMPORARY TABLE staging_outline (LIKE public.staging_outline INCLUDING DEFAULTS) ON COMMIT DROP",
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn place(connection: &mut PgConnection, srid: i32) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE staging_outline SET geom = ST_Multi(ST_Transform(ST_SetSRID(shape, $1), 4490))", srid)
        .execute(connection)
        .await?;
    Ok(())
}

pub struct Found {
    pub record: i64,
    pub line: Option<i64>,
    pub what: String,
}

/// Refuses shapes that are valid in the file's frame and no longer in the register's.
pub async fn invalid(connection: &mut PgConnection) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"UPDATE staging_outline SET rejected = true WHERE NOT ST_IsValid(geom)
           RETURNING record, line, ST_IsValidReason(geom) AS "what!""#
    )
    .fetch_all(connection)
    .await
}

/// Refuses records of the same kind and code.
pub async fn duplicates(connection: &mut PgConnection) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"UPDATE staging_outline AS s SET rejected = true
           WHERE EXISTS (SELECT FROM staging_outline AS o WHERE o.kind = s.kind AND o.code = s.code AND o.record <> s.record)
           RETURNING record, line, code AS "what!""#
    )
    .fetch_all(connection)
    .await
}

pub async fn compare(connection: &mut PgConnection, scope: &Scope, as_of: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_outline AS s
         SET unchanged = o.name = s.name AND ST_AsBinary(o.geom) = ST_AsBinary(s.geom),
             register_from = coalesce(lower(o.valid), '-infinity'), register_until = upper(o.valid)
         FROM outline AS o
         WHERE o.district = $1 AND o.kind = s.kind AND o.code = s.code AND o.superseded_at IS NULL
           AND o.valid @> $2::date AND NOT s.rejected",
        scope.county(),
        as_of
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Refuses records that the register knows on other days only.
pub async fn known_on_other_days(connection: &mut PgConnection, scope: &Scope) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"UPDATE staging_outline AS s SET rejected = true
           WHERE NOT rejected AND register_from IS NULL AND EXISTS (
               SELECT FROM outline AS o
               WHERE o.district = $1 AND o.kind = s.kind AND o.code = s.code AND o.superseded_at IS NULL)
           RETURNING record, line, code AS "what!""#,
        scope.county()
    )
    .fetch_all(connection)
    .await
}

pub async fn count(connection: &mut PgConnection) -> Result<Counts, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"SELECT count(*) FILTER (WHERE rejected) AS "rejected!",
                  count(*) FILTER (WHERE unchanged AND NOT rejected) AS "unchanged!",
                  count(*) FILTER (WHERE NOT unchanged AND NOT rejected) AS "accepted!"
           FROM staging_outline"#
    )
    .fetch_one(connection)
    .await
}

pub async fn preview(connection: &mut PgConnection, limit: i64) -> Result<serde_json::Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
               'type', 'Feature', 'id', record, 'geometry', ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, 0.00002), 7)::json,
               'properties', json_build_object('record', record, 'code', code, 'name', name,
                   'state', CASE WHEN rejected THEN 'rejected' WHEN unchanged THEN 'unchanged' ELSE 'accepted' END)
           ) ORDER BY record), '[]'::json)) AS "collection!"
           FROM (SELECT * FROM staging_outline ORDER BY record LIMIT $1) AS first"#,
        limit
    )
    .fetch_one(connection)
    .await
}

/// Supersedes what is known of the changed outlines and writes again, with its end, what held before the day.
pub async fn supersede(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH ended AS (
             UPDATE outline AS o SET superseded_at = $3 FROM staging_outline AS s
             WHERE o.district = $1 AND o.kind = s.kind AND o.code = s.code AND o.superseded_at IS NULL
               AND o.valid @> $2::date AND NOT s.rejected AND NOT s.unchanged
             RETURNING o.*
         )
         INSERT INTO outline (district, kind, code, name, valid, geom, source, recorded_at, recorded_by)
         SELECT district, kind, code, name, daterange(lower(valid), $2), geom, source, $3, $4
         FROM ended WHERE lower_inf(valid) OR lower(valid) < $2 ORDER BY kind, code",
        order.scope.county(),
        as_of,
        now,
        order.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert(
    connection: &mut PgConnection,
    order: &Order,
    as_of: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO outline (district, kind, code, name, valid, geom, source, recorded_at, recorded_by)
         SELECT $1, kind, code, name, daterange($2, register_until), geom, $5, $3, $4
         FROM staging_outline WHERE NOT rejected AND NOT unchanged ORDER BY kind, code",
        order.scope.county() as _,
        as_of,
        now,
        order.actor.name,
        order.file_name
    )
    .execute(connection)
    .await?;
    Ok(())
}
