//! `GET /tiles/remediation/…`: parcels by the files of remediation about them or their users, kept by the same rules as the
//! parcels' own tiles. A file is held against today, whatever day the map shows.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use sha2::{Digest, Sha256};

use super::address::{Family, Parts, TileAddress};
use super::answer::{self, Drawing, failed};
use super::drawn::drawn;
use super::tile_cache::{MapCache, Unkept};
use super::yields::{self, Rule};
use super::{remediation_tile_store, tiles};
use crate::account::Officer;
use crate::db::Scope;
use crate::remediation::deadlines::Days;
use crate::web::{self, AppState};

/// Eight hexadecimal digits that change when a day begins and with what the filters ask.
pub fn tile_digest(days: Days, yields: &Rule) -> String {
    hex::encode(&Sha256::digest(format!("{} {} {}", days.today, days.soon, yields.digest()))[..4])
}

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = answer::named(TileAddress::parse(Family::Remediation, &parts))?;
    let make = make(&state, &cache, &officer.scope, &address);
    answer::tile(&cache, &officer.scope, &headers, &address, make).await
}

async fn make(state: &AppState, cache: &MapCache, scope: &Scope, address: &TileAddress) -> Result<Drawing, Unkept> {
    let pool = &state.pool;
    let rule = tiles::rule_of(pool, cache, address.year).await.map_err(failed)?;
    let days = Days::on(pool, state.clock.today()).await.map_err(failed)?;
    let draw = || remediation_tile_store::draw(pool, scope, address, days, &rule);
    let work_out = || yields::ensure(pool, scope, &rule);
    Ok(drawn(address, draw, work_out).await?.compared(address, &tile_digest(days, &rule)))
}
