//! `GET /tiles/parcels/…`: immutable tiles.
//!
//! A tile's address holds the revision it shows, so its bytes never change and a browser may keep them for good: asked
//! again with the tag, the answer is 304 without a query. An address of an older revision is answered with what is on
//! record now, and must not be kept; one of a revision that has not come about is not found.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::address::{Family, Parts, TileAddress};
use super::answer::{self, Drawing, failed};
use super::drawn::drawn;
use super::store::{self, tile};
use super::tile_cache::{MapCache, Unkept};
use super::yields::{self, Rule};
use crate::account::Officer;
use crate::db::{PgPool, Scope};
use crate::web::{self, AppState, Error};

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = answer::named(TileAddress::parse(Family::Parcels, &parts))?;
    let make = make(&state.pool, &cache, &officer.scope, &address);
    answer::tile(&cache, &officer.scope, &headers, &address, make).await
}

/// The rule of a year, read once a minute.
pub async fn rule_of(pool: &PgPool, cache: &MapCache, year: i32) -> web::Result<Arc<Rule>> {
    cache.rule(year, async { Ok::<_, Error>(Arc::new(store::rule(pool, year).await?)) }).await
}

/// Draws and compresses a tile. The state it was drawn in comes with it from the same statement, so that nothing newer
/// can be kept under an older address.
async fn make(pool: &PgPool, cache: &MapCache, scope: &Scope, address: &TileAddress) -> Result<Drawing, Unkept> {
    let rule = rule_of(pool, cache, address.year).await.map_err(failed)?;
    let draw = || tile::draw(pool, scope, &rule, address);
    let work_out = || yields::ensure(pool, scope, &rule);
    Ok(drawn(address, draw, work_out).await?.compared(address, &rule.digest()))
}
