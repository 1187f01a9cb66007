//! Parcels for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::ListParameters;
use super::store;
use super::view::{LinkView, ParcelDetail, ParcelList, ParcelView, VersionView, feature_collection};
use crate::account::{Access, Officer, Routes};
use crate::web::list::Parameters;
use crate::web::{self, AppState, Error, cursor};

const GEOJSON: &str = "application/geo+json";

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/parcels", Access::ReadRegisters, list).get(
        "/api/v1/parcels/{code}",
        Access::ReadRegisters,
        one,
    )
}

/// Parcels in force on a day, page by page; as GeoJSON when `format=geojson` or the Accept header asks for it.
#[utoipa::path(
    get,
    path = "/api/v1/parcels",
    tag = "parcels",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of the list", content(
            (ParcelList = "application/json"),
            (Object = "application/geo+json"),
        )),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    headers: HeaderMap,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Response> {
    let query = parameters.query(state.clock.today())?;
    let geojson = match parameters.format.as_str() {
        "geojson" => true,
        "json" => false,
        "" => wants_geojson(&headers),
        _ => return Err(Error::BadRequest("format 应为 json 或 geojson".into())),
    };
    let (position, size) = (parameters.position()?, parameters.page_size()?);
    let page = store::page(&state.pool, &officer.scope, &query, &position, size, geojson).await?;
    let next = page.next.as_ref().map(cursor::encode);
    if geojson {
        let collection = feature_collection(&page.rows, next).map_err(anyhow::Error::from)?;
        return Ok(([(header::CONTENT_TYPE, GEOJSON)], collection.to_string()).into_response());
    }
    let parcels = page.rows.iter().map(ParcelView::from).collect();
    let district = officer.scope.county().to_owned();
    Ok(Json(ParcelList { district, as_of: query.on, parcels, next }).into_response())
}

fn wants_geojson(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim() == GEOJSON))
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct AsOf {
    /// What held on this day (YYYY-MM-DD); the last version when empty.
    pub as_of: String,
}

/// One parcel: what holds, its outline, where it came from and what became of it, everything ever recorded.
#[utoipa::path(
    get,
    path = "/api/v1/parcels/{code}",
    tag = "parcels",
    params(("code" = String, Path, description = "Parcel code, 19 characters"), AsOf),
    responses(
        (status = 200, description = "The parcel", body = ParcelDetail),
        (status = 404, description = "Not on record, or not in your area", body = web::error::Problem),
    )
)]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
    Query(parameters): Query<AsOf>,
) -> web::Result<Json<ParcelDetail>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let version = match parameters.as_of.trim() {
        "" => store::latest(pool, scope, &code).await?,
        day => {
            let day = day.parse().map_err(|_| Error::BadRequest("日期应写成 YYYY-MM-DD".into()))?;
            store::version_on(pool, scope, &code, day).await?
        }
    };
    let version = version.ok_or_else(|| Error::NotFound(format!("没有代码为 {code} 的宗地")))?;
    let shape = store::shape_of(pool, scope, version.id).await?.unwrap_or_else(|| "null".into());
    let lineage = store::lineage(pool, scope, &code).await?;
    let (from, to): (Vec<_>, Vec<_>) = lineage.iter().partition(|link| link.successor == code);
    Ok(Json(ParcelDetail {
        parcel: ParcelView::from(&version),
        geometry: serde_json::from_str(&shape).map_err(anyhow::Error::from)?,
        predecessors: from.into_iter().map(LinkView::from).collect(),
        successors: to.into_iter().map(LinkView::from).collect(),
        history: store::history(pool, scope, &code).await?.iter().map(VersionView::from).collect(),
    }))
}
