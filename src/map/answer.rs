//! How a request for a tile is answered: 304 without a query, the kept bytes, or what is made now.

use std::cmp::Ordering;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::address::Addressed;
use super::coding::Coding;
use super::tile_cache::{MapCache, TileKey, Unkept};
use crate::db::Scope;
use crate::web::{self, Error};

const FOR_GOOD: &str = "private, max-age=31536000, immutable";
const NOT_KEPT: &str = "no-store";
/// Bytes of a tile that is packed sooner than another thread has woken up.
const SMALL: usize = 256 * 1024;

/// What was drawn, and how its state compares with the one that the address names.
pub struct Drawing {
    pub tile: Vec<u8>,
    /// How the revision of the address compares with the one that was drawn.
    pub asked: Ordering,
    /// Whether the rule of the address still holds.
    pub same_rule: bool,
}

/// What an address names, when it names anything.
pub fn named<A>(address: Option<A>) -> web::Result<A> {
    address.ok_or_else(|| Error::NotFound("没有这个图块".into()))
}

/// The tile at an address. `make` is run when neither the reader nor the cache has it.
pub async fn tile(
    cache: &MapCache,
    scope: &Scope,
    headers: &HeaderMap,
    address: &impl Addressed,
    make: impl Future<Output = Result<Drawing, Unkept>>,
) -> web::Result<Response> {
    let etag = address.etag(scope);
    if is_known(headers, &etag) {
        return Ok(not_modified(etag));
    }
    let coding = Coding::taken(headers);
    let key = TileKey { scope: scope.clone(), address: address.kept_under(), coding };
    let tile = cache.tile(key, async { settle(make.await?, coding).await });
    respond(tile.await, coding, etag)
}

/// Packs what was drawn and says whether it may be kept.
async fn settle(drawing: Drawing, coding: Coding) -> Result<Bytes, Unkept> {
    let Drawing { tile, asked, same_rule } = drawing;
    if asked.is_gt() {
        return Err(Unkept::Unknown);
    }
    let packed = if tile.len() < SMALL {
        coding.pack(tile)
    } else {
        tokio::task::spawn_blocking(move || coding.pack(tile)).await.map_err(failed)?
    };
    let packed = packed.map_err(failed)?;
    if asked.is_eq() && same_rule { Ok(packed) } else { Err(Unkept::Outdated(packed)) }
}

pub fn failed(error: impl Into<anyhow::Error>) -> Unkept {
    Unkept::Failed(error.into())
}

fn not_modified(etag: String) -> Response {
    (StatusCode::NOT_MODIFIED, [(header::ETAG, etag), (header::CACHE_CONTROL, FOR_GOOD.into())]).into_response()
}

/// What was made, with how long it may be kept.
fn respond(made: Result<Bytes, Arc<Unkept>>, coding: Coding, etag: String) -> web::Result<Response> {
    match made {
        Ok(tile) => Ok(answer(tile, coding, FOR_GOOD, Some(etag))),
        Err(unkept) => match &*unkept {
            Unkept::Outdated(tile) => Ok(answer(tile.clone(), coding, NOT_KEPT, None)),
            Unkept::Unknown => Err(Error::NotFound("没有这个版本的图块".into())),
            Unkept::Failed(cause) => Err(Error::Internal(anyhow::anyhow!("{cause:#}"))),
        },
    }
}

fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let named = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    named.is_some_and(|named| named.split(',').any(|tag| tag.trim() == etag))
}

/// An empty tile is an empty answer.
fn answer(tile: Bytes, coding: Coding, kept: &'static str, etag: Option<String>) -> Response {
    let packed = coding.name().filter(|_| !tile.is_empty());
    let mut response = Body::from(tile).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.mapbox-vector-tile"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    if let Some(name) = packed {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    if let Some(etag) = etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        out.insert(header::ETAG, etag);
    }
    response
}
