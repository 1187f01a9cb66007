//! A photo as it arrives from a phone: known already, made good, or kept; where a phone says it was; and the photo as it is shown.

use std::path::Path;

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::store::{self, NewPhoto};
use super::{Position, photo, vault};
use crate::account::Act;
use crate::permits::{self, Step};
use crate::web::{self, Error};
use crate::workflow::Case;

/// Takes a photo in and says whether it was on record before. Sent again it changes nothing, but makes a file good that is gone or not
/// whole. `C` is the case of what it was taken for.
///
/// # Errors
/// It is no photo, its number stands for another one, there are too many, or the storage is full.
pub async fn take_in<C: Case>(act: &Act, home: &Path, new: &NewPhoto, body: Bytes) -> web::Result<bool> {
    let recorded = store::recorded(act, new, &Sha256::digest(&body)).await?;
    if let Some(sha256) = &recorded
        && vault::holds(home, sha256).await
    {
        return Ok(true);
    }
    let already = recorded.is_some();
    let shrunk = permits::blocking(Step::Picture, move || photo::shrink(&body)).await??;
    match recorded {
        None => store::keep::<C>(act, home, new, shrunk).await?,
        Some(sha256) => store::restore(home, &sha256, shrunk).await?,
    }
    Ok(already)
}

/// The picture without anything the camera said; its bytes never change.
///
/// # Errors
/// When the file is gone or the disk refuses.
pub async fn shown(home: &Path, sha256: &[u8]) -> web::Result<Response> {
    let bytes = vault::read(home, sha256).await.map_err(anyhow::Error::from)?;
    let about = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=86400, immutable")];
    Ok((about, bytes).into_response())
}

/// Degrees and metres, as a phone sends them.
///
/// # Errors
/// One of the two alone, or nowhere on earth.
pub fn position(
    (longitude, latitude): (Option<f64>, Option<f64>),
    accuracy_m: Option<f64>,
) -> web::Result<Option<Position>> {
    let position = match (longitude, latitude) {
        (Some(longitude), Some(latitude)) => Position { longitude, latitude, accuracy_m },
        (None, None) => return Ok(None),
        _ => return Err(Error::BadRequest("经度与纬度须同时给出".into())),
    };
    if position.is_on_earth() {
        Ok(Some(position))
    } else {
        Err(Error::BadRequest("位置不是有效的经纬度".into()))
    }
}
