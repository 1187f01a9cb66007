//! Which content codings a reader takes.

use axum::http::{HeaderMap, header};

/// Whether `accept-encoding` names the coding with a weight above zero; a star stands for gzip, which everything can read.
pub fn takes(headers: &HeaderMap, name: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|coding| {
        let (offered, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let offered = offered.trim();
        (offered.eq_ignore_ascii_case(name) || (offered == "*" && name == "gzip")) && !is_zero(weight)
    })
}

fn is_zero(weight: &str) -> bool {
    weight.trim().strip_prefix("q=").is_some_and(|value| value.parse() == Ok(0.0))
}
