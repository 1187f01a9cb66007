//! How a request for a tile is answered: 304 without a query, the kept bytes, or what is made now.

use std::cmp::Ordering;
use std::io::{Read, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::address::Addressed;
use super::tile_cache::{MapCache, TileKey, Unkept};
use crate::db::Scope;
use crate::web::{self, Error};

const FOR_GOOD: &str = "private, max-age=31536000, immutable";
const NOT_KEPT: &str = "no-store";
/// A tile is a twentieth larger than the best level makes it, in half the time.
const LEVEL: Compression = Compression::new(2);

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
    make: impl Future<Output = Result<Bytes, Unkept>>,
) -> web::Result<Response> {
    let etag = address.etag(scope);
    if is_known(headers, &etag) {
        return Ok(not_modified(etag));
    }
    let key = TileKey { scope: scope.clone(), address: address.kept_under() };
    respond(headers, cache.tile(key, make).await, etag)
}

/// Compresses what was drawn and says whether it may be kept: `asked` is how the revision of the address compares with
/// the one that was drawn, `same_rule` whether the rule of the address still holds.
pub async fn settle(tile: Vec<u8>, asked: Ordering, same_rule: bool) -> Result<Bytes, Unkept> {
    if asked.is_gt() {
        return Err(Unkept::Unknown);
    }
    let compressed = tokio::task::spawn_blocking(move || compress(&tile)).await.map_err(failed)?.map_err(failed)?;
    if asked.is_eq() && same_rule { Ok(compressed) } else { Err(Unkept::Outdated(compressed)) }
}

pub fn failed(error: impl Into<anyhow::Error>) -> Unkept {
    Unkept::Failed(error.into())
}

fn not_modified(etag: String) -> Response {
    (StatusCode::NOT_MODIFIED, [(header::ETAG, etag), (header::CACHE_CONTROL, FOR_GOOD.into())]).into_response()
}

/// What was made, with how long it may be kept.
fn respond(headers: &HeaderMap, made: Result<Bytes, Arc<Unkept>>, etag: String) -> web::Result<Response> {
    match made {
        Ok(tile) => answer(headers, tile, FOR_GOOD, Some(etag)),
        Err(unkept) => match &*unkept {
            Unkept::Outdated(tile) => answer(headers, tile.clone(), NOT_KEPT, None),
            Unkept::Unknown => Err(Error::NotFound("没有这个版本的图块".into())),
            Unkept::Failed(cause) => Err(Error::Internal(anyhow::anyhow!("{cause:#}"))),
        },
    }
}

/// The same bytes for the same tile: no time and no name go into the header.
fn compress(tile: &[u8]) -> std::io::Result<Bytes> {
    if tile.is_empty() {
        return Ok(Bytes::new());
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(tile.len() / 2), LEVEL);
    encoder.write_all(tile)?;
    Ok(encoder.finish()?.into())
}

fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let named = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    named.is_some_and(|named| named.split(',').any(|tag| tag.trim() == etag))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        matches!(name.trim(), "gzip" | "*") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// An empty tile is an empty answer.
fn answer(headers: &HeaderMap, tile: Bytes, kept: &'static str, etag: Option<String>) -> web::Result<Response> {
    let compressed = !tile.is_empty() && takes_gzip(headers);
    let body = if tile.is_empty() || compressed { tile } else { plain(&tile)? };
    let mut response = Body::from(body).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.mapbox-vector-tile"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    if compressed {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Some(etag) = etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        out.insert(header::ETAG, etag);
    }
    Ok(response)
}

fn plain(tile: &[u8]) -> web::Result<Bytes> {
    let mut bytes = Vec::new();
    GzDecoder::new(tile).read_to_end(&mut bytes).map_err(anyhow::Error::from)?;
    Ok(bytes.into())
}
