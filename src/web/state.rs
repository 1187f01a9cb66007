//! What handlers are given.

use std::path::PathBuf;
use std::sync::Arc;

use crate::base::clock::Clock;
use crate::base::code::CountyCode;
use crate::db::PgPool;

#[derive(Clone)]
pub struct AppState {
    pub pool: PgPool,
    pub clock: Clock,
    pub settings: Arc<Settings>,
}

/// Fixed for the life of the server.
#[derive(Debug)]
pub struct Settings {
    pub district: CountyCode,
    pub district_name: String,
    /// Invented data: every page says so.
    pub synthetic: bool,
    /// Where uploads and documents are kept, outside anything that is served.
    pub home: PathBuf,
    pub basemap: Option<String>,
    /// Where the public reaches the pages, without a slash at its end.
    pub public_address: Option<String>,
}
