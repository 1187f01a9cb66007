//! What the report says of the staged records.

use futures_util::TryStreamExt;
use rust_decimal::Decimal;

use crate::db::PgConnection;
use crate::importing::ParcelAreas;
use crate::importing::parcels::mu;
use crate::importing::report::Counts;

pub struct Measured {
    pub record: i64,
    pub line: Option<i64>,
    pub without_zone: bool,
    pub code_holds: bool,
    pub areas: ParcelAreas,
}

/// Every staged record with its areas, one at a time in file order.
pub async fn for_each_measured(
    connection: &mut PgConnection,
    mut each: impl FnMut(Measured),
) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query!(
        r#"SELECT record, line, given_code, code, official_area_m2, plane_area_m2 AS "plane!: Decimal",
                  geodesic_area_m2 AS "geodesic!: Decimal", survey_srid IS NULL AS "without_zone!"
           FROM staging_parcel ORDER BY record"#
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let code_holds = row.code.is_some();
        let area = row.official_area_m2.unwrap_or(row.plane);
        each(Measured {
            record: row.record,
            line: row.line,
            without_zone: row.without_zone,
            code_holds,
            areas: ParcelAreas {
                code: row.code.or(row.given_code),
                official_area_m2: row.official_area_m2,
                plane_area_m2: row.plane,
                geodesic_area_m2: row.geodesic,
                mu: mu(area),
            },
        });
    }
    Ok(())
}

pub async fn count(connection: &mut PgConnection) -> Result<Counts, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"SELECT count(*) FILTER (WHERE rejected) AS "rejected!",
                  count(*) FILTER (WHERE unchanged AND NOT rejected) AS "unchanged!",
                  count(*) FILTER (WHERE NOT unchanged AND NOT rejected) AS "accepted!"
           FROM staging_parcel"#
    )
    .fetch_one(connection)
    .await
}

/// The first records as a GeoJSON collection in longitude and latitude.
pub async fn preview(connection: &mut PgConnection, limit: i64) -> Result<serde_json::Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
               'type', 'Feature', 'id', record, 'geometry', ST_AsGeoJSON(geom, 8)::json,
               'properties', json_build_object('record', record, 'code', coalesce(code, given_code),
                   'state', CASE WHEN rejected THEN 'rejected' WHEN unchanged THEN 'unchanged' ELSE 'accepted' END)
           ) ORDER BY record), '[]'::json)) AS "collection!"
           FROM (SELECT * FROM staging_parcel ORDER BY record LIMIT $1) AS first"#,
        limit
    )
    .fetch_one(connection)
    .await
}
