//! `GET /tiles/planning/…`: planning layers over the parcels, kept by the same rules as their tiles.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;

use super::address::{Parts, PlanAddress};
use super::answer::Drawing;
use super::tile_cache::{MapCache, Unkept};
use super::{answer, plan_tile_store};
use crate::account::Officer;
use crate::db::{PgPool, Scope};
use crate::planning::LayerKind;
use crate::web::{self, AppState};

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = answer::named(PlanAddress::parse(&parts))?;
    let make = make(&state.pool, &officer.scope, &address);
    answer::tile(&cache, &officer.scope, &headers, &address, make).await
}

async fn make(pool: &PgPool, scope: &Scope, address: &PlanAddress) -> Result<Drawing, Unkept> {
    let drawn = plan_tile_store::draw(pool, scope, address).await.map_err(answer::failed)?;
    Ok(Drawing { tile: drawn.tile, asked: address.revision.cmp(&drawn.revision), same_rule: true })
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
