//! `GET /tiles/contracts/…`: parcels by their contracts, kept by the same rules as the parcels' own tiles.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::address::ContractAddress;
use super::answer::{self, Drawing, failed};
use super::contract_states::{self, digest, tile_digest};
use super::tile_cache::{MapCache, Unkept};
use super::yields::{self, Rule};
use super::{contract_tile_store, tiles};
use crate::account::Officer;
use crate::db::Scope;
use crate::obligations::sweep::Question;
use crate::web::{self, AppState};

type Parts = (String, String, String, String, String, String);

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = answer::named(ContractAddress::parse(&parts))?;
    let make = make(&state, &cache, &officer.scope, &address);
    answer::tile(&cache, &officer.scope, &headers, &address, make).await
}

async fn make(state: &AppState, cache: &MapCache, scope: &Scope, address: &ContractAddress) -> Result<Drawing, Unkept> {
    let now = state.clock.now();
    let question = Question::ask(&state.pool, address.as_of, now, None).await.map_err(failed)?;
    let yields = tiles::rule_of(&state.pool, cache, address.year).await.map_err(failed)?;
    let present = tile_digest(&question, &yields);
    let drawn = drawn(state, scope, address, &digest(&question), &yields).await?;
    Ok(Drawing {
        tile: drawn.tile.unwrap_or_default(),
        asked: address.revision.registers.cmp(&drawn.revision),
        same_rule: address.revision.rule == present,
    })
}

/// Works day and year out when they are not there, and once more when something changed in between.
async fn drawn(
    state: &AppState,
    scope: &Scope,
    address: &ContractAddress,
    states: &str,
    rule: &Rule,
) -> Result<contract_tile_store::Drawn, Unkept> {
    for _ in 0..3 {
        let drawn = contract_tile_store::draw(&state.pool, scope, address, states, rule).await.map_err(failed)?;
        if drawn.tile.is_some() || address.revision.registers > drawn.revision {
            return Ok(drawn);
        }
        contract_states::ensure(&state.pool, scope, address.as_of, state.clock.now()).await.map_err(failed)?;
        yields::ensure(&state.pool, scope, rule).await.map_err(failed)?;
    }
    Err(Unkept::Failed(anyhow::anyhow!("the contracts change faster than a tile is drawn")))
}
