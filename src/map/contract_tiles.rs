//! `GET /tiles/contracts/…`: parcels by their contracts, kept by the same rules as the parcels' own tiles.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;

use super::address::{Address, ContractAddress};
use super::contract_states::{self, digest, tile_digest};
use super::tile_cache::{MapCache, TileKey, Unkept};
use super::yields::{self, Rule};
use super::{contract_tile_store, tiles};
use crate::account::Officer;
use crate::db::Scope;
use crate::tenure::sweep::Question;
use crate::web::{self, AppState, Error};

type Parts = (String, String, String, String, String, String);

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = ContractAddress::parse(&parts).ok_or_else(|| Error::NotFound("没有这个图块".into()))?;
    let etag = address.etag(&officer.scope);
    if tiles::is_known(&headers, &etag) {
        return Ok(tiles::not_modified(etag));
    }
    let key = TileKey { scope: officer.scope.clone(), address: Address::Contracts(address.clone()) };
    let made = cache.tile(key, make(&state, &cache, &officer.scope, &address)).await;
    tiles::respond(&headers, made, etag)
}

async fn make(state: &AppState, cache: &MapCache, scope: &Scope, address: &ContractAddress) -> Result<Bytes, Unkept> {
    let now = state.clock.now();
    let question = Question::ask(&state.pool, address.as_of, now, None).await.map_err(tiles::failed)?;
    let yields = tiles::rule_of(&state.pool, cache, address.year).await.map_err(tiles::failed)?;
    let present = tile_digest(&question, &yields);
    let drawn = drawn(state, scope, address, &digest(&question), &yields).await?;
    let tile = drawn.tile.unwrap_or_default();
    let compressed = tokio::task::spawn_blocking(move || tiles::compress(&tile))
        .await
        .map_err(tiles::failed)?
        .map_err(tiles::failed)?;
    if address.revision.registers > drawn.revision {
        Err(Unkept::Unknown)
    } else if address.revision.registers < drawn.revision || address.revision.rule != present {
        Err(Unkept::Outdated(compressed))
    } else {
        Ok(compressed)
    }
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
        let drawn =
            contract_tile_store::draw(&state.pool, scope, address, states, rule).await.map_err(tiles::failed)?;
        if drawn.tile.is_some() || address.revision.registers > drawn.revision {
            return Ok(drawn);
        }
        contract_states::ensure(&state.pool, scope, address.as_of, state.clock.now()).await.map_err(tiles::failed)?;
        yields::ensure(&state.pool, scope, rule).await.map_err(tiles::failed)?;
    }
    Err(Unkept::Failed(anyhow::anyhow!("the contracts change faster than a tile is drawn")))
}
