//! The one gate for text: whatever comes in by the address, a form or JSON is looked at before any handler sees it.
//!
//! Texts within multipart forms pass [`super::Multipart`], which is the only one in use.

use axum::RequestExt;
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::error::Error;
use super::field::{field_fault, most_of, unfit_for};
use super::returned::Returned;
use crate::base::text::{self, LINE, Unfit};
use crate::exchange::Fault;

/// Bytes of path and query together.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// Characters of one part of a path.
const LONGEST_PART: usize = 200;
/// Bytes of a form or of JSON that are looked at; a route may allow less. Files come as multipart or as they are.
const LARGEST_TEXT: usize = 8 << 20;
const MOST_FAULTS: usize = 20;

/// Looks at path and query. Sits before everything else.
pub async fn address(request: Request, next: Next) -> Response {
    match look_at_address(request.uri().path(), request.uri().query().unwrap_or_default()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn look_at_address(path: &str, query: &str) -> Result<(), Error> {
    if path.len() + query.len() > LONGEST_ADDRESS {
        let words = format!("地址过长，最多 {LONGEST_ADDRESS} 个字节；请减少筛选条件");
        return Err(Error::Refused(StatusCode::URI_TOO_LONG, words));
    }
    for part in path.split('/') {
        let part = percent_decode_str(part).decode_utf8();
        let part = part.map_err(|_| Error::BadRequest("地址不是有效的 UTF-8 文字".into()))?;
        // No part of a path has several lines.
        let stray = part.chars().zip(1..).find(|(character, _)| character.is_control());
        let stray = stray.map(|(character, place)| Unfit::Control(character, place));
        if let Some(wrong) = stray.or_else(|| text::unfit(&part, LONGEST_PART)) {
            return Err(Error::BadRequest(format!("地址的一部分不能使用：{wrong}")));
        }
    }
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if let Some(wrong) = text::unfit(&name, LINE) {
            return Err(Error::BadRequest(format!("地址中参数的名称不能使用：{wrong}")));
        }
        if let Some(wrong) = text::unfit(&value, most_of(&name)) {
            return Err(Error::BadRequest(format!("地址中的参数 {name} 不能使用：{wrong}")));
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Form,
    Json,
    Other,
}

fn kind_of(parts: &Parts) -> Kind {
    let told = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Kind::Form,
        "application/json" => Kind::Json,
        other if other.starts_with("application/") && other.ends_with("+json") => Kind::Json,
        _ => Kind::Other,
    }
}

/// Looks at forms and JSON. Sits behind the gate that knows people, on every route.
pub async fn body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let kind = kind_of(&parts);
    if kind == Kind::Other {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let limited = Request::from_parts(parts.clone(), body).with_limited_body().into_body();
    let bytes = match axum::body::to_bytes(limited, LARGEST_TEXT).await {
        Ok(bytes) => bytes,
        Err(error) if is_over_limit(&error) => return Error::TooLarge("请求内容超出限度".into()).into_response(),
        Err(_) => return Error::BadRequest("请求中断，请重新提交".into()).into_response(),
    };
    let faults = match kind {
        Kind::Json => faults_of_json(&bytes),
        _ => faults_of_form(&bytes),
    };
    if faults.is_empty() {
        return next.run(Request::from_parts(parts, Body::from(bytes))).await;
    }
    let returned = (kind == Kind::Form).then(|| Returned::of(&parts, &bytes)).flatten();
    let mut response = Error::Input(faults).into_response();
    if let Some(returned) = returned {
        response.extensions_mut().insert(returned);
    }
    response
}

fn is_over_limit(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn faults_of_form(body: &[u8]) -> Vec<Fault> {
    let wrong = form_urlencoded::parse(body).filter_map(|(name, value)| field_fault(&name, &value));
    wrong.take(MOST_FAULTS).collect()
}

/// Text that is no JSON is left to whoever reads it, who says so.
pub fn faults_of_json(body: &[u8]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        walk(&value, "", "", &mut faults);
    }
    faults
}

/// `name` is the nearest key above.
fn walk(value: &Value, name: &str, place: &str, faults: &mut Vec<Fault>) {
    if faults.len() == MOST_FAULTS {
        return;
    }
    match value {
        Value::String(written) => {
            if let Some(wrong) = unfit_for(name, written) {
                let shown = if place.is_empty() { "/" } else { place };
                faults.push(Fault::error(wrong.into(), format!("{shown} {wrong}")).at_field(place));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, name, &format!("{place}/{index}"), faults);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                match text::unfit(key, LINE) {
                    Some(wrong) => {
                        let reason = format!("{place}/ 之下一个键{wrong}");
                        faults.push(Fault::error(wrong.into(), reason).at_field(place));
                    }
                    None => walk(field, key, &format!("{place}/{}", escaped(key)), faults),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// As RFC 6901 has it.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Whether a text that is no JSON body, such as a cursor, holds only strings that may be kept.
pub fn is_fit_json(value: &Value) -> bool {
    let mut faults = Vec::new();
    walk(value, "after", "", &mut faults);
    faults.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str, query: &str) -> Option<String> {
        look_at_address(path, query).err().map(|error| error.to_string())
    }

    #[test]
    fn an_address_is_read_as_handlers_read_it() {
        assert_eq!(address("/parcels/330105001001GB00001", "q=%E4%BA%A9+mu&after=W10"), None);
        assert_eq!(address("/low-efficiency/2024/%E4%BA%A9", ""), None);
        for path in ["/parcels/%00", "/parcels/a%00b", "/parcels/%0A", "/parcels/%C2%85", "/parcels/%7f"] {
            assert!(address(path, "").unwrap().contains("控制字符"), "{path}");
        }
        assert!(address("/parcels/%ff", "").unwrap().contains("UTF-8"));
        assert!(address("/parcels/%zz%4", "").is_none(), "it stands for itself");
        for query in ["q=%00", "q=a%00b", "%00=1", "q=%1b"] {
            assert!(address("/", query).unwrap().contains("控制字符"), "{query}");
        }
        assert_eq!(address("/", "q=a%0D%0Ab"), None);
    }

    #[test]
    fn lengths_of_an_address_are_bounded() {
        let of = |length: usize| "a".repeat(length);
        assert_eq!(address(&format!("/{}", of(LONGEST_PART)), ""), None);
        assert!(address(&format!("/{}", of(LONGEST_PART + 1)), "").unwrap().contains("200"));
        assert_eq!(address("/", &format!("q={}", of(LINE))), None);
        assert!(address("/", &format!("q={}", of(LINE + 1))).unwrap().contains("500"));
        assert!(address("/", &format!("parcels={}", of(LONGEST_ADDRESS))).unwrap().contains("地址过长"));
        assert_eq!(address("/", &format!("parcels={}", of(LINE + 1))), None);
    }

    #[test]
    fn every_string_of_json_is_looked_at_and_placed() {
        let faults = faults_of_json(br#"{"a":{"b/c":["x","y\u0000"]},"reason":"\u001b","\u0001":1,"n":1}"#);
        let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(places.contains(&"/a/b~1c/1") && places.contains(&"/reason"), "{places:?}");
        assert!(faults.iter().all(|fault| fault.code.code() == "text_control_character"));
        assert!(faults_of_json("{\"a\":\"x\\ny\\t\\u4ea9\"}".as_bytes()).is_empty());
        assert_eq!(faults_of_json(b"\"\\u0000\"").len(), 1);
        assert!(faults_of_json(b"{\"a\":\"\\u0000").is_empty(), "no JSON at all");
    }

    #[test]
    fn every_field_of_a_form_is_looked_at() {
        assert_eq!(faults_of_form(b"a=%00&b=1&c=%01").len(), 2);
    }

    #[test]
    fn a_cursor_is_json_as_any_other() {
        assert!(is_fit_json(&serde_json::json!(["甲", 1])));
        assert!(!is_fit_json(&serde_json::json!(["甲\0", 1])));
    }
}
