//! Planning layers for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Query, State};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Edition, LayerKind, State as EditionState, store};
use crate::account::{Access, Officer, Routes};
use crate::web::{self, AppState, Error};

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/planning/layers", Access::ReadRegisters, layers)
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct LayerParameters {
    /// The day the states are told for; today unless said.
    as_of: String,
}

/// The six layers in a fixed order, each with its editions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Layers {
    pub district: String,
    pub as_of: NaiveDate,
    pub layers: Vec<Layer>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Layer {
    pub layer: LayerKind,
    pub name: &'static str,
    /// The edition that a check on the day would use; missing when there is none or it is outdated.
    pub usable: Option<i64>,
    pub editions: Vec<EditionOnDay>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EditionOnDay {
    pub state: EditionState,
    #[serde(flatten)]
    pub edition: Edition,
}

/// Planning layers and their editions, with their state on a day.
#[utoipa::path(
    get,
    path = "/api/v1/planning/layers",
    tag = "planning",
    params(LayerParameters),
    responses(
        (status = 200, description = "All six layers, also those without an edition", body = Layers),
        (status = 400, description = "The day cannot be read", body = web::error::Problem),
    )
)]
pub async fn layers(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<LayerParameters>,
) -> web::Result<Json<Layers>> {
    let as_of = match parameters.as_of.as_str() {
        "" => state.clock.today(),
        text => text.parse().map_err(|_| Error::BadRequest("日期应写作 2024-12-31".into()))?,
    };
    let editions = store::editions(&state.pool, &officer.scope).await?;
    let of = |layer: LayerKind| {
        let own = editions.iter().filter(|edition| edition.layer == layer).cloned();
        let editions: Vec<EditionOnDay> =
            own.map(|edition| EditionOnDay { state: edition.state_on(as_of), edition }).collect();
        let usable = editions.iter().find(|edition| edition.state == EditionState::InForce);
        Layer { layer, name: layer.label(), usable: usable.map(|it| it.edition.id), editions }
    };
    let layers = LayerKind::ALL.iter().map(|layer| of(*layer)).collect();
    Ok(Json(Layers { district: officer.scope.county().to_owned(), as_of, layers }))
}
