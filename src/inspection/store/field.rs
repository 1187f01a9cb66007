//! What an inspector takes along: the tasks that wait for them, with outlines.

use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

use crate::db::{PgPool, Scope};
use crate::inspection::{Outcome, Stage, TaskState};

/// More than anybody visits before coming back.
const MOST_TASKS: i64 = 200;

#[derive(Clone, Debug)]
pub struct FieldTask {
    pub id: Uuid,
    pub parcel_code: String,
    pub parcel_name: Option<String>,
    pub subdistrict_name: Option<String>,
    pub stage: Stage,
    pub checklist: String,
    pub purpose: String,
    pub subject: Option<String>,
    pub due: NaiveDate,
    pub state: TaskState,
    /// GeoJSON, longitude first.
    pub geometry: Option<Value>,
    /// Neighbours within 60 m, to find one's way; one GeoJSON collection of geometries.
    pub neighbours: Option<Value>,
    /// A point inside the parcel.
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub last_outcome: Option<Outcome>,
}

/// Tasks that wait for a visit by this person, the earliest due first.
pub async fn pack(pool: &PgPool, scope: &Scope, account: Uuid) -> Result<Vec<FieldTask>, sqlx::Error> {
    sqlx::query_as!(
        FieldTask,
        r#"SELECT t.id, t.parcel_code, p.name AS "parcel_name?", t.stage AS "stage: _", t.checklist, t.purpose, t.subject, t.due,
                  t.state AS "state: _", ST_AsGeoJSON(p.geom, 7, 0)::jsonb AS geometry,
                  ST_X(ST_PointOnSurface(p.geom)) AS longitude, ST_Y(ST_PointOnSurface(p.geom)) AS latitude,
                  (SELECT s.name FROM subdistrict s WHERE s.code = t.subdistrict ORDER BY lower(s.valid) DESC LIMIT 1) AS subdistrict_name,
                  (SELECT ST_AsGeoJSON(ST_Collect(near.geom), 7, 0)::jsonb FROM (
                      SELECT n.geom FROM parcel_version n WHERE n.district = $1 AND n.superseded_at IS NULL
                          AND upper_inf(n.valid) AND n.code <> t.parcel_code AND n.geom && ST_Expand(p.geom, 0.0006)
                      ORDER BY n.code LIMIT 24) near) AS neighbours,
                  (SELECT v.outcome FROM inspection_visit v WHERE v.district = t.district AND v.task = t.id
                       AND (v.conflict IS NULL OR v.adopted_at IS NOT NULL)
                   ORDER BY COALESCE(v.adopted_at, v.received_at) DESC, v.id DESC LIMIT 1) AS "last_outcome: _"
           FROM inspection_task t
           LEFT JOIN LATERAL (SELECT p.name, p.geom FROM parcel_version p WHERE p.district = t.district
               AND p.code = t.parcel_code AND p.superseded_at IS NULL ORDER BY lower(p.valid) DESC LIMIT 1) p ON true
           WHERE t.district = $1 AND t.assignee = $2 AND t.state IN ('open', 'under_way')
             AND ($3::text IS NULL OR t.subdistrict = $3)
           ORDER BY t.due, t.id LIMIT $4"#,
        scope.county(),
        account,
        scope.subdistrict_code(),
        MOST_TASKS
    )
    .fetch_all(pool)
    .await
}
