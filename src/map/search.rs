//! Search: the beginning of a parcel code, a credit code, or part of an enterprise's name.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

use super::address::day;
use super::store::{self, Extent};
use chrono::NaiveDate;

use crate::account::Officer;
use crate::base::text::Seen;
use crate::db::{PgPool, Scope};
use crate::parcel::store::succession::successions;
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

pub async fn find(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<SearchParameters>,
) -> web::Result<Json<Vec<Hit>>> {
    let as_of = day(&parameters.as_of, &state)?;
    let text = parameters.q.seen();
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

async fn parcels(pool: &PgPool, scope: &Scope, prefix: &str, as_of: NaiveDate) -> web::Result<Vec<Hit>> {
    let rows = store::search::parcels(pool, scope, prefix, as_of, MOST).await?;
    let gone: Vec<String> = rows.iter().filter(|row| !row.in_force).map(|row| row.code.clone()).collect();
    let mut successions = successions(pool, scope, &gone).await?;
    let hits = rows.into_iter().map(|row| {
        let succession = successions.remove(&row.code).filter(|succession| !row.in_force && succession.on <= as_of);
        let ended = row.until.filter(|until| *until <= as_of).map(|until| format!("{until} 起不再有效"));
        let not_yet = || "在所选日期尚未设立".to_owned();
        let note = match (&succession, row.in_force) {
            (Some(succession), _) => Some(succession.sentence()),
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
            parcels: succession.map(|succession| succession.successors),
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
    let rows = store::search::enterprises(pool, scope, text, code, as_of, most).await?;
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
