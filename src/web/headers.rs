//! Security headers of every response.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

/// A base map from elsewhere is the one foreign origin that an administrator can allow, by configuration.
pub fn content_security_policy(basemap: Option<&str>) -> HeaderValue {
    let basemap = basemap.and_then(origin_of).unwrap_or_default();
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: {basemap}; \
         connect-src 'self' {basemap}; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

fn origin_of(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b));
    plain.then(|| format!("{scheme}://{host}"))
}

pub fn harden(mut response: Response, policy: &HeaderValue) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: HeaderValue| {
        headers.entry(HeaderName::from_static(name)).or_insert(value);
    };
    set("content-security-policy", policy.clone());
    set("x-content-type-options", HeaderValue::from_static("nosniff"));
    set("referrer-policy", HeaderValue::from_static("same-origin"));
    set("permissions-policy", HeaderValue::from_static("camera=(self), geolocation=(self), microphone=()"));
    set("cache-control", HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_map_adds_its_own_origin_and_nothing_else() {
        let with = content_security_policy(Some("https://tiles.example.cn/{z}/{x}/{y}.png"));
        assert!(with.to_str().unwrap().contains("img-src 'self' data: blob: https://tiles.example.cn;"));
        let odd = content_security_policy(Some("https://a b; script-src *"));
        assert!(!odd.to_str().unwrap().contains("script-src *"));
    }
}
