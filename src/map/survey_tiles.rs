//! `GET /tiles/survey/…`: industrial land by its class in the newest survey, kept by the same rules as the parcels' own tiles.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::address::{Family, Parts, TileAddress};
use super::answer::{self, Drawing, failed};
use super::drawn::{Drawn, drawn};
use super::tile_cache::{MapCache, Unkept};
use super::yields::{self, Rule};
use super::{survey_tile_store, tiles};
use crate::account::Officer;
use crate::db::{PgPool, Scope};
use crate::survey::store::rounds;
use crate::web::{self, AppState};

/// Eight hexadecimal digits that change with the round that is shown and with what the filters ask.
pub fn tile_digest(round: Uuid, yields: &Rule) -> String {
    hex::encode(&Sha256::digest(format!("{round} {}", yields.digest()))[..4])
}

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = answer::named(TileAddress::parse(Family::Survey, &parts))?;
    let make = make(&state.pool, &cache, &officer.scope, &address);
    answer::tile(&cache, &officer.scope, &headers, &address, make).await
}

async fn make(pool: &PgPool, cache: &MapCache, scope: &Scope, address: &TileAddress) -> Result<Drawing, Unkept> {
    let rule = tiles::rule_of(pool, cache, address.year).await.map_err(failed)?;
    let Some(round) = rounds::newest(pool, scope).await.map_err(failed)? else {
        let revision = survey_tile_store::revision(pool, scope).await.map_err(failed)?;
        return Ok(Drawn { revision, tile: None }.compared(address, ""));
    };
    let draw = || survey_tile_store::draw(pool, scope, address, round.id, &rule);
    let work_out = || yields::ensure(pool, scope, &rule);
    Ok(drawn(address, draw, work_out).await?.compared(address, &tile_digest(round.id, &rule)))
}
