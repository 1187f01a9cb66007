//! `GET /tiles/parcels/…`: immutable tiles.
//!
//! A tile's address holds the revision it shows, so its bytes never change and a browser may keep them for good: asked
//! again with the tag, the answer is 304 without a query. An address of an older revision is answered with what is on
//! record now, and must not be kept; one of a revision that has not come about is not found.

use std::io::{Read, Write};
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::address::{Address, TileAddress};
use super::store::{self, tile};
use super::tile_cache::{MapCache, TileKey, Unkept};
use super::yields::{self, Rule};
use crate::account::Officer;
use crate::db::{PgPool, Scope};
use crate::web::{self, AppState, Error};

const FOR_GOOD: &str = "private, max-age=31536000, immutable";
const NOT_KEPT: &str = "no-store";

type Parts = (String, String, String, String, String, String);

pub async fn serve(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    Path(parts): Path<Parts>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let address = TileAddress::parse(&parts).ok_or_else(|| Error::NotFound("没有这个图块".into()))?;
    let etag = address.etag(&officer.scope);
    if is_known(&headers, &etag) {
        return Ok(not_modified(etag));
    }
    let key = TileKey { scope: officer.scope.clone(), address: Address::Parcels(address.clone()) };
    let made = cache.tile(key, make(&state.pool, &cache, &officer.scope, &address)).await;
    respond(&headers, made, etag)
}

pub(super) fn not_modified(etag: String) -> Response {
    (StatusCode::NOT_MODIFIED, [(header::ETAG, etag), (header::CACHE_CONTROL, FOR_GOOD.into())]).into_response()
}

/// What was made, with how long it may be kept.
pub(super) fn respond(headers: &HeaderMap, made: Result<Bytes, Arc<Unkept>>, etag: String) -> web::Result<Response> {
    match made {
        Ok(tile) => answer(headers, tile, FOR_GOOD, Some(etag)),
        Err(unkept) => match &*unkept {
            Unkept::Outdated(tile) => answer(headers, tile.clone(), NOT_KEPT, None),
            Unkept::Unknown => Err(Error::NotFound("没有这个版本的图块".into())),
            Unkept::Failed(cause) => Err(Error::Internal(anyhow::anyhow!("{cause:#}"))),
        },
    }
}

/// The rule of a year, read once a minute.
pub async fn rule_of(pool: &PgPool, cache: &MapCache, year: i32) -> web::Result<Arc<Rule>> {
    cache.rule(year, async { Ok::<_, Error>(Arc::new(store::rule(pool, year).await?)) }).await
}

/// Draws and compresses a tile. The state it was drawn in comes with it from the same statement, so that nothing newer
/// can be kept under an older address.
async fn make(pool: &PgPool, cache: &MapCache, scope: &Scope, address: &TileAddress) -> Result<Bytes, Unkept> {
    let rule = rule_of(pool, cache, address.year).await.map_err(failed)?;
    let drawn = drawn(pool, scope, &rule, address).await?;
    let tile = drawn.tile.unwrap_or_default();
    let compressed = tokio::task::spawn_blocking(move || compress(&tile)).await.map_err(failed)?.map_err(failed)?;
    if address.revision.registers > drawn.revision {
        Err(Unkept::Unknown)
    } else if address.revision.registers < drawn.revision || address.revision.rule != rule.digest() {
        Err(Unkept::Outdated(compressed))
    } else {
        Ok(compressed)
    }
}

/// Twice at most are the figures found missing: once before they are worked out, once more when a change came between.
async fn drawn(pool: &PgPool, scope: &Scope, rule: &Rule, address: &TileAddress) -> Result<tile::Drawn, Unkept> {
    for _ in 0..3 {
        let drawn = tile::draw(pool, scope, rule, address).await.map_err(failed)?;
        if drawn.tile.is_some() || address.revision.registers > drawn.revision {
            return Ok(drawn);
        }
        yields::ensure(pool, scope, rule).await.map_err(failed)?;
    }
    Err(Unkept::Failed(anyhow::anyhow!("the registers change faster than a tile is drawn")))
}

pub(super) fn failed(error: impl Into<anyhow::Error>) -> Unkept {
    Unkept::Failed(error.into())
}

/// The same bytes for the same tile: no time and no name go into the header.
pub(super) fn compress(tile: &[u8]) -> std::io::Result<Bytes> {
    if tile.is_empty() {
        return Ok(Bytes::new());
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(tile.len() / 2), Compression::new(4));
    encoder.write_all(tile)?;
    Ok(encoder.finish()?.into())
}

pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
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
