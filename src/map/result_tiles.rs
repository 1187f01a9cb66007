//! `GET /tiles/results/…`: parcels by the official results of a year, kept by the same rules as the parcels' own tiles.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::address::ResultAddress;
use super::answer::{self, Drawing, failed};
use super::tile_cache::{MapCache, Unkept};
use super::yields::{self, Rule};
use super::{result_tile_store, tiles};
use crate::account::Officer;
use crate::db::{PgPool, Scope};
use crate::web::{self, AppState};

type Parts = (String, String, String, String, String, String);

/// Eight hexadecimal digits that change with the runs that are official and with what the filters ask.
pub fn tile_digest(runs: &[Uuid], yields: &Rule) -> String {
    let runs: Vec<String> = runs.iter().map(Uuid::to_string).collect();
    hex::encode(&Sha256::digest(format!("{} {}", runs.join(" "), yields.digest()))[..4])
}

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = answer::named(ResultAddress::parse(&parts))?;
    let make = make(&state.pool, &cache, &officer.scope, &address);
    answer::tile(&cache, &officer.scope, &headers, &address, make).await
}

async fn make(pool: &PgPool, cache: &MapCache, scope: &Scope, address: &ResultAddress) -> Result<Drawing, Unkept> {
    let rule = tiles::rule_of(pool, cache, address.year).await.map_err(failed)?;
    let runs = result_tile_store::official(pool, scope, address.year).await.map_err(failed)?;
    let drawn = drawn(pool, scope, address, &runs, &rule).await?;
    Ok(Drawing {
        tile: drawn.tile.unwrap_or_default(),
        asked: address.revision.registers.cmp(&drawn.revision),
        same_rule: address.revision.rule == tile_digest(&runs, &rule),
    })
}

/// Works the year out when it is not there, and once more when something changed in between.
async fn drawn(
    pool: &PgPool,
    scope: &Scope,
    address: &ResultAddress,
    runs: &[Uuid],
    rule: &Rule,
) -> Result<result_tile_store::Drawn, Unkept> {
    for _ in 0..3 {
        let drawn = result_tile_store::draw(pool, scope, address, runs, rule).await.map_err(failed)?;
        if drawn.tile.is_some() || address.revision.registers > drawn.revision {
            return Ok(drawn);
        }
        yields::ensure(pool, scope, rule).await.map_err(failed)?;
    }
    Err(Unkept::Failed(anyhow::anyhow!("the registers change faster than a tile is drawn")))
}
