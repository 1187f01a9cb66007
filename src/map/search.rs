//! Search: the beginning of a parcel code, a credit code, or part of an enterprise's name.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Query, State};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::pages::day;
use super::store::Extent;
use crate::account::Officer;
use crate::db::like;
use crate::db::{PgPool, Scope};
use crate::parcel::LineageKind;
use crate::web::{self, AppState};

/// Answers to one question.
const MOST: i64 = 10;
/// A shorter text would match everything.
const SHORTEST: usize = 2;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchParameters {
    q: String,
    as_of: String,
}

/// One answer; `parcels` are the codes to open.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    kind: &'static str,
    code: String,
    label: String,
    note: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    bounds: Option<Extent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parcels: Option<Vec<String>>,
}

/// What became of a parcel that is no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    pub kind: LineageKind,
    pub on: NaiveDate,
    pub successors: Vec<String>,
}

impl Fate {
    /// `2024-03-01 合并为 330105018001GB00016`.
    pub fn sentence(&self) -> String {
        format!("{} {}为 {}", self.on, self.kind, self.successors.join("、"))
    }
}

pub async fn find(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<SearchParameters>,
) -> web::Result<Json<Vec<Hit>>> {
    let as_of = day(&parameters.as_of, &state)?;
    let text = parameters.q.trim();
    if text.chars().count() < SHORTEST {
        return Ok(Json(Vec::new()));
    }
    let code = text.to_uppercase();
    let mut hits = Vec::new();
    if code.len() <= 19 && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        hits = parcels(&state.pool, &officer.scope, &code, as_of).await?;
    }
    hits.extend(enterprises(&state.pool, &officer.scope, text, &code, as_of, MOST - hits.len() as i64).await?);
    Ok(Json(hits))
}

/// What followed on parcels: the latest change in which each went into others than itself.
pub async fn fates(pool: &PgPool, scope: &Scope, codes: &[String]) -> Result<HashMap<String, Fate>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT predecessor, kind AS "kind: LineageKind", effective_on, array_agg(successor ORDER BY successor) AS "successors!"
           FROM parcel_lineage WHERE district = $1 AND predecessor = ANY($2) AND kind <> 'adjust' AND successor <> predecessor
           GROUP BY predecessor, kind, effective_on ORDER BY effective_on"#,
        scope.county(),
        codes
    )
    .fetch_all(pool)
    .await?;
    let fate = |row: &[String], kind, on| Fate { kind, on, successors: row.to_vec() };
    Ok(rows.into_iter().map(|row| (row.predecessor, fate(&row.successors, row.kind, row.effective_on))).collect())
}

async fn parcels(pool: &PgPool, scope: &Scope, prefix: &str, as_of: NaiveDate) -> web::Result<Vec<Hit>> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (code) code, name, valid @> $3::date AS "in_force!", upper(valid) AS until,
               ST_XMin(geom) AS "west!", ST_YMin(geom) AS "south!", ST_XMax(geom) AS "east!", ST_YMax(geom) AS "north!"
           FROM parcel_version WHERE district = $1 AND superseded_at IS NULL AND code LIKE $2
               AND ($4::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $4)
           ORDER BY code, valid @> $3::date DESC, lower(valid) DESC LIMIT $5"#,
        scope.county(),
        format!("{prefix}%"),
        as_of,
        scope.subdistrict_code(),
        MOST
    )
    .fetch_all(pool)
    .await?;
    let gone: Vec<String> = rows.iter().filter(|row| !row.in_force).map(|row| row.code.clone()).collect();
    let mut fates = fates(pool, scope, &gone).await?;
    let hits = rows.into_iter().map(|row| {
        let fate = fates.remove(&row.code).filter(|fate| !row.in_force && fate.on <= as_of);
        let ended = row.until.filter(|until| *until <= as_of).map(|until| format!("{until} 起不再有效"));
        let not_yet = || "在所选日期尚未设立".to_owned();
        let note = match (&fate, row.in_force) {
            (Some(fate), _) => Some(fate.sentence()),
            (None, false) => Some(ended.unwrap_or_else(not_yet)),
            (None, true) => row.name,
        };
        Hit {
            kind: "parcel",
            label: row.code.clone(),
            code: row.code,
            note,
            lon: Some((row.west + row.east) / 2.0),
            lat: Some((row.south + row.north) / 2.0),
            bounds: Some([row.west, row.south, row.east, row.north]),
            parcels: fate.map(|fate| fate.successors),
        }
    });
    Ok(hits.collect())
}

async fn enterprises(
    pool: &PgPool,
    scope: &Scope,
    text: &str,
    code: &str,
    as_of: NaiveDate,
    most: i64,
) -> web::Result<Vec<Hit>> {
    if most <= 0 {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"WITH found AS (
               SELECT uscc FROM enterprise_version WHERE district = $1 AND superseded_at IS NULL AND uscc LIKE $2
               UNION SELECT uscc FROM enterprise_version WHERE district = $1 AND superseded_at IS NULL AND name ILIKE $3),
           allowed AS (
               SELECT f.uscc FROM found f WHERE $5::text IS NULL OR EXISTS (
                   SELECT FROM holding h JOIN parcel_version p ON p.district = $1 AND p.code = h.parcel_code AND p.superseded_at IS NULL
                   WHERE h.district = $1 AND h.uscc = f.uscc AND h.superseded_at IS NULL
                       AND COALESCE(p.subdistrict, p.registered_subdistrict) = $5)),
           named AS (
               SELECT a.uscc, v.name FROM allowed a CROSS JOIN LATERAL (
                   SELECT name FROM enterprise_version v WHERE v.district = $1 AND v.uscc = a.uscc AND v.superseded_at IS NULL
                   ORDER BY v.valid @> $4::date DESC, lower(v.valid) DESC LIMIT 1) v
               ORDER BY position($7 IN v.name) = 0, position($7 IN v.name), v.name, a.uscc LIMIT $6)
           SELECT n.uscc AS "uscc!", n.name AS "name!", COALESCE(place.codes, '{}') AS "codes!: Vec<String>",
               ST_XMin(place.box) AS west, ST_YMin(place.box) AS south, ST_XMax(place.box) AS east, ST_YMax(place.box) AS north
           FROM named n LEFT JOIN LATERAL (
               SELECT array_agg(DISTINCT p.code) AS codes, ST_Extent(p.geom) AS box
               FROM holding h JOIN parcel_version p ON p.district = $1 AND p.code = h.parcel_code AND p.superseded_at IS NULL
                   AND p.valid @> $4::date AND ($5::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $5)
               WHERE h.district = $1 AND h.uscc = n.uscc AND h.superseded_at IS NULL AND h.valid @> $4::date
           ) place ON true
           ORDER BY position($7 IN n.name) = 0, position($7 IN n.name), n.name, n.uscc"#,
        scope.county(),
        format!("{}%", like::literal(code)),
        like::containing(text),
        as_of,
        scope.subdistrict_code(),
        most,
        text
    )
    .fetch_all(pool)
    .await?;
    let hits = rows.into_iter().map(|row| {
        let bounds = (|| Some([row.west?, row.south?, row.east?, row.north?]))();
        let place = match row.codes.as_slice() {
            [] => "所选日期没有用地".to_owned(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} 等{}宗", rest.len() + 1),
        };
        Hit {
            kind: "enterprise",
            label: row.name,
            note: Some(format!("{}　{place}", row.uscc)),
            code: row.uscc,
            lon: bounds.map(|[west, _, east, _]| (west + east) / 2.0),
            lat: bounds.map(|[_, south, _, north]| (south + north) / 2.0),
            bounds,
            parcels: Some(row.codes),
        }
    });
    Ok(hits.collect())
}
