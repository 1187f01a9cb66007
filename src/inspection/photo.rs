//! A picture from a phone: looked into, turned upright, made smaller, and written anew without anything the camera said.
//!
//! Place and time inside the file are read first and kept apart, because a picture that leaves the bureau must not tell them.

use std::io::Cursor;

use chrono::{NaiveDate, NaiveDateTime};
use exif::{Exif, In, Tag, Value};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};

use super::Position;

/// What a phone may send, in bytes.
pub const LARGEST_ORIGINAL: usize = 16 * 1024 * 1024;
/// A stored picture's longer side, in pixels.
pub const LONGEST_SIDE: u32 = 2048;
/// A stored picture, in bytes.
pub const LARGEST_STORED: usize = 1_500_000;

const LONGEST_ORIGINAL_SIDE: u32 = 16_384;
/// What the largest phone cameras make; decoded it takes about 200 MB, one at a time.
const MOST_PIXELS: u64 = 64_000_000;
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
/// Tried in turn until the picture is small enough.
const QUALITIES: [u8; 5] = [82, 70, 55, 40, 25];

#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    #[error("这不是 JPEG 照片（内容是{0}）；请用手机相机拍照，或先转换为 JPEG")]
    NotAJpeg(&'static str),
    #[error("照片超过 {} MB", LARGEST_ORIGINAL / 1024 / 1024)]
    TooManyBytes,
    #[error("照片像素过多（{0}×{1}），最多 6400 万像素")]
    TooManyPixels(u32, u32),
    #[error("照片已损坏，无法读取")]
    Damaged,
    #[error("照片无法缩小到 {} KB 以内", LARGEST_STORED / 1000)]
    CannotShrink,
}

impl PhotoError {
    pub fn code(&self) -> &'static str {
        match self {
            PhotoError::NotAJpeg(_) => "photo_type",
            PhotoError::TooManyBytes => "photo_bytes",
            PhotoError::TooManyPixels(..) => "photo_pixels",
            PhotoError::Damaged => "photo_damaged",
            PhotoError::CannotShrink => "photo_shrink",
        }
    }
}

/// What the camera wrote into the file; both may be missing, and both can be wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Taken {
    /// By the camera's clock; it names no zone.
    pub at: Option<NaiveDateTime>,
    pub place: Option<Position>,
}

/// A picture ready to be kept.
#[derive(Clone, Debug)]
pub struct Shrunk {
    pub bytes: Vec<u8>,
    /// Of `bytes`: the name it is kept under.
    pub sha256: [u8; 32],
    /// Of what arrived, so that the same photo sent again is known.
    pub original_sha256: [u8; 32],
    pub width: u32,
    pub height: u32,
    pub taken: Taken,
}

/// # Errors
/// When it is not a JPEG, too large in bytes or pixels, or cannot be read to its end.
pub fn shrink(original: &[u8]) -> Result<Shrunk, PhotoError> {
    if original.len() > LARGEST_ORIGINAL {
        return Err(PhotoError::TooManyBytes);
    }
    if let Some(kind) = other_kind(original) {
        return Err(PhotoError::NotAJpeg(kind));
    }
    let mut decoder = open(original)?;
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| PhotoError::Damaged)?;
    if picture.width().max(picture.height()) > LONGEST_SIDE {
        picture = picture.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Triangle);
    }
    picture.apply_orientation(orientation);
    let bytes = written_anew(&picture)?;
    Ok(Shrunk {
        sha256: Sha256::digest(&bytes).into(),
        original_sha256: Sha256::digest(original).into(),
        width: picture.width(),
        height: picture.height(),
        taken: exif.map(taken).unwrap_or_default(),
        bytes,
    })
}

/// The header is held against the bounds before a single pixel is decoded.
fn open(original: &[u8]) -> Result<impl ImageDecoder, PhotoError> {
    let mut reader = ImageReader::with_format(Cursor::new(original), ImageFormat::Jpeg);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|_| PhotoError::Damaged)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > LONGEST_ORIGINAL_SIDE || pixels > MOST_PIXELS {
        return Err(PhotoError::TooManyPixels(width, height));
    }
    if pixels == 0 { Err(PhotoError::Damaged) } else { Ok(decoder) }
}

/// Only pixels are written: no EXIF, no thumbnail, no colour profile, nothing after the end.
fn written_anew(picture: &DynamicImage) -> Result<Vec<u8>, PhotoError> {
    let pixels = picture.to_rgb8();
    for quality in QUALITIES {
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        pixels.write_with_encoder(encoder).map_err(|_| PhotoError::Damaged)?;
        if bytes.len() <= LARGEST_STORED {
            return Ok(bytes);
        }
    }
    Err(PhotoError::CannotShrink)
}

/// By content, whatever the name says; `None` for a JPEG.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let at = |place: usize, mark: &[u8]| bytes.get(place..place + mark.len()) == Some(mark);
    match () {
        () if at(0, &[0xff, 0xd8, 0xff]) => None,
        () if bytes.is_empty() => Some("空文件"),
        () if at(0, b"\x89PNG") => Some(" PNG"),
        () if at(0, b"GIF8") => Some(" GIF"),
        () if at(0, b"RIFF") && at(8, b"WEBP") => Some(" WebP"),
        () if at(4, b"ftyphei") || at(4, b"ftypmif1") => Some(" HEIC"),
        () if at(4, b"ftyp") => Some("视频"),
        () if at(0, b"%PDF") => Some(" PDF"),
        () if at(0, b"PK") => Some("压缩包"),
        () => Some("其他文件"),
    }
}

fn taken(exif: Vec<u8>) -> Taken {
    match exif::Reader::new().read_raw(exif) {
        Ok(exif) => Taken { at: time_of(&exif), place: place_of(&exif) },
        Err(_) => Taken::default(),
    }
}

fn time_of(exif: &Exif) -> Option<NaiveDateTime> {
    let field = exif.get_field(Tag::DateTimeOriginal, In::PRIMARY).or(exif.get_field(Tag::DateTime, In::PRIMARY))?;
    let Value::Ascii(texts) = &field.value else { return None };
    let moment = exif::DateTime::from_ascii(texts.first()?).ok()?;
    let day = NaiveDate::from_ymd_opt(moment.year.into(), moment.month.into(), moment.day.into())?;
    day.and_hms_opt(moment.hour.into(), moment.minute.into(), moment.second.into())
}

fn place_of(exif: &Exif) -> Option<Position> {
    let longitude = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    let latitude = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let place = Position { longitude, latitude, accuracy_m: None };
    place.is_on_earth().then_some(place)
}

/// Degrees, minutes, seconds; negative on the `other` half of the globe.
fn degrees(exif: &Exif, tag: Tag, half: Tag, other: u8) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    let Value::Ascii(letters) = &exif.get_field(half, In::PRIMARY)?.value else { return None };
    let negative = letters.first()?.first()?.eq_ignore_ascii_case(&other);
    value.is_finite().then_some(if negative { -value } else { value })
}

#[cfg(test)]
pub(crate) mod tests;
