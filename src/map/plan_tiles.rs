//! `GET /tiles/planning/…`: planning layers over the parcels, kept by the same rules as their tiles.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use chrono::NaiveDate;

use super::address::{Address, PlanAddress};
use super::tile_cache::{MapCache, TileKey, Unkept};
use super::{plan_tile_store, tiles};
use crate::account::Officer;
use crate::db::{PgPool, Scope};
use crate::planning::LayerKind;
use crate::web::{self, AppState, Error};

type Parts = (String, String, String, String, String, String);

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = PlanAddress::parse(&parts).ok_or_else(|| Error::NotFound("没有这个图块".into()))?;
    let etag = address.etag(&officer.scope);
    if tiles::is_known(&headers, &etag) {
        return Ok(tiles::not_modified(etag));
    }
    let key = TileKey { scope: officer.scope.clone(), address: Address::Plan(address.clone()) };
    let made = cache.tile(key, make(&state.pool, &officer.scope, &address)).await;
    tiles::respond(&headers, made, etag)
}

async fn make(pool: &PgPool, scope: &Scope, address: &PlanAddress) -> Result<Bytes, Unkept> {
    let drawn = plan_tile_store::draw(pool, scope, address).await.map_err(tiles::failed)?;
    let compressed = tokio::task::spawn_blocking(move || tiles::compress(&drawn.tile))
        .await
        .map_err(tiles::failed)?
        .map_err(tiles::failed)?;
    match address.revision.cmp(&drawn.revision) {
        std::cmp::Ordering::Greater => Err(Unkept::Unknown),
        std::cmp::Ordering::Less => Err(Unkept::Outdated(compressed)),
        std::cmp::Ordering::Equal => Ok(compressed),
    }
}

/// A layer that can be laid over the map on a day.
#[derive(Debug, serde::Serialize)]
pub struct Overlay {
    pub key: &'static str,
    pub label: String,
    pub color: &'static str,
    pub tiles: String,
}

/// Layers with an edition on the day, in their fixed order.
pub async fn overlays(pool: &PgPool, scope: &Scope, as_of: NaiveDate) -> Result<Vec<Overlay>, sqlx::Error> {
    let drawn = plan_tile_store::drawable(pool, scope, as_of).await?;
    let overlay = |layer: &LayerKind| {
        let found = drawn.iter().find(|found| found.layer == *layer)?;
        let (key, revision) = (layer.code(), found.revision);
        Some(Overlay {
            key,
            label: format!("{layer}（{}）", found.edition),
            color: color(*layer),
            tiles: format!("/tiles/planning/{key}/{revision}/{as_of}/{{z}}/{{x}}/{{y}}"),
        })
    };
    Ok(LayerKind::ALL.iter().filter_map(overlay).collect())
}

/// Told apart by people who see few colours, and from the colours of the parcels.
fn color(layer: LayerKind) -> &'static str {
    match layer {
        LayerKind::UrbanDevelopmentBoundary => "#1f3b63",
        LayerKind::PermanentBasicFarmland => "#b58900",
        LayerKind::EcologicalRedLine => "#c1121f",
        LayerKind::ControlPlanLandUse => "#6d28a8",
        LayerKind::IndustrialBlockLine => "#0072b2",
        LayerKind::EnvironmentalControlUnit => "#00796b",
    }
}
