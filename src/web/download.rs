//! A file to keep instead of a page to look at.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};

pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `name` is made of plain letters, digits, dots and dashes, for those who read nothing else; `shown` is what the file is called.
pub fn download_named(name: &str, shown: &str, media_type: impl Into<String>, body: impl Into<Body>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"; filename*=UTF-8''{}", encoded(shown));
    let headers = [(header::CONTENT_TYPE, media_type.into()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, body.into()).into_response()
}

/// Every byte but the plainest as `%` and two digits.
fn encoded(name: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    name.bytes().map(one).collect()
}

/// `name` is made of plain letters, digits, dots and dashes.
pub fn download(name: &str, media_type: &'static str, body: impl Into<Body>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, body.into()).into_response()
}
