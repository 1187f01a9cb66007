//! `GET /tiles/remediation/…`: parcels by the files of remediation about them or their users, kept by the same rules as the
//! parcels' own tiles. A file is held against today, whatever day the map shows.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::address::{Family, Parts, TileAddress};
use super::answer::{self, Drawing, failed};
use super::drawn::drawn;
use super::tile_cache::{MapCache, Unkept};
use super::yields::{self, Rule};
use super::{remediation_tile_store, tiles};
use crate::account::Officer;
use crate::base::clock::Clock;
use crate::db::{PgPool, Scope};
use crate::remediation::deadlines::{days_on, deadlines};
use crate::remediation::wording::RemediationError;
use crate::web::{self, AppState};

/// The day that files are held against, and the last one that is soon.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub today: NaiveDate,
    pub soon: NaiveDate,
}

impl Days {
    /// # Errors
    /// When the database does not answer.
    pub async fn of(pool: &PgPool, clock: Clock) -> Result<Self, RemediationError> {
        let today = clock.today();
        Ok(Days { today, soon: days_on(today, deadlines(pool, today).await?.soon) })
    }
}

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
    let days = Days::of(pool, state.clock).await.map_err(failed)?;
    let draw = || remediation_tile_store::draw(pool, scope, address, days, &rule);
    let work_out = || yields::ensure(pool, scope, &rule);
    Ok(drawn(address, draw, work_out).await?.compared(address, &tile_digest(days, &rule)))
}
