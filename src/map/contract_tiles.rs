//! `GET /tiles/contracts/…`: parcels by their contracts, kept by the same rules as the parcels' own tiles.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;

use super::address::{Family, Parts, TileAddress};
use super::answer::{self, Drawing, failed};
use super::contract_states::{self, digest, tile_digest};
use super::drawn::drawn;
use super::tile_cache::{MapCache, Unkept};
use super::yields::{self, Rule};
use super::{contract_tile_store, tiles};
use crate::account::Officer;
use crate::db::Scope;
use crate::obligations::sweep::Question;
use crate::web::{self, AppState};

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = answer::named(TileAddress::parse(Family::Contracts, &parts))?;
    let make = make(&state, &cache, &officer.scope, &address);
    answer::tile(&cache, &officer.scope, &headers, &address, make).await
}

async fn make(state: &AppState, cache: &MapCache, scope: &Scope, address: &TileAddress) -> Result<Drawing, Unkept> {
    let now = state.clock.now();
    let question = Question::ask(&state.pool, address.as_of, now, None).await.map_err(failed)?;
    let rule = tiles::rule_of(&state.pool, cache, address.year).await.map_err(failed)?;
    let states = digest(&question);
    let draw = || contract_tile_store::draw(&state.pool, scope, address, &states, &rule);
    let work_out = || work_out(state, scope, address.as_of, &rule);
    Ok(drawn(address, draw, work_out).await?.compared(address, &tile_digest(&question, &rule)))
}

/// The day and the year.
async fn work_out(state: &AppState, scope: &Scope, as_of: NaiveDate, rule: &Rule) -> anyhow::Result<()> {
    contract_states::ensure(&state.pool, scope, as_of, state.clock.now()).await?;
    yields::ensure(&state.pool, scope, rule).await?;
    Ok(())
}
