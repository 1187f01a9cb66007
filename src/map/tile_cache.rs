//! Compressed tiles in memory, each made once however many ask for it at the same time.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use moka::future::Cache;

use super::address::Address;
use super::coding::Coding;
use super::store::{Extent, MapState};
use super::yields::Rule;
use crate::db::Scope;

/// Bytes of compressed tiles.
const LARGEST: u64 = 256 * 1024 * 1024;
/// What an entry costs besides its bytes.
const ENTRY: usize = 256;

/// A tile is known by what it shows, who may see it, and how it is packed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TileKey {
    pub scope: Scope,
    pub address: Address,
    pub coding: Coding,
}

/// Why a tile is not kept.
#[derive(Debug)]
pub enum Unkept {
    /// The registers have moved on; these bytes show them as they are now.
    Outdated(Bytes),
    /// Its revision has not come about yet.
    Unknown,
    Failed(anyhow::Error),
}

/// One for the whole server.
#[derive(Clone)]
pub struct MapCache {
    tiles: Cache<TileKey, Bytes>,
    /// Lines of the years. Policy is published when the program starts, so a minute is short enough.
    rules: Cache<i32, Arc<Rule>>,
    extents: Cache<(Scope, i64), Option<Extent>>,
}

impl Default for MapCache {
    fn default() -> Self {
        let weigh = |_: &TileKey, tile: &Bytes| u32::try_from(tile.len() + ENTRY).unwrap_or(u32::MAX);
        MapCache {
            tiles: Cache::builder().max_capacity(LARGEST).weigher(weigh).build(),
            rules: Cache::builder().max_capacity(200).time_to_live(Duration::from_secs(60)).build(),
            extents: Cache::builder().max_capacity(200).build(),
        }
    }
}

impl MapCache {
    /// The tile, made by `make` when it is not there. Whoever asks meanwhile waits for the same bytes.
    pub async fn tile(
        &self,
        key: TileKey,
        make: impl Future<Output = Result<Bytes, Unkept>>,
    ) -> Result<Bytes, Arc<Unkept>> {
        self.tiles.try_get_with(key, make).await
    }

    pub async fn rule<E: Send + Sync + 'static>(
        &self,
        year: i32,
        find: impl Future<Output = Result<Arc<Rule>, E>>,
    ) -> Result<Arc<Rule>, E> {
        if let Some(rule) = self.rules.get(&year).await {
            return Ok(rule);
        }
        let rule = find.await?;
        self.rules.insert(year, Arc::clone(&rule)).await;
        Ok(rule)
    }

    /// Where the parcels and outlines of a state lie.
    pub async fn extent(
        &self,
        scope: &Scope,
        state: MapState,
        find: impl Future<Output = Result<Option<Extent>, sqlx::Error>>,
    ) -> Result<Option<Extent>, sqlx::Error> {
        let key = (scope.clone(), state.revision);
        if let Some(extent) = self.extents.get(&key).await {
            return Ok(extent);
        }
        let extent = find.await?;
        self.extents.insert(key, extent).await;
        Ok(extent)
    }
}
