//! Sessions and API tokens: a random secret with the person, its hash with us.

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::Duration;
use sha2::{Digest, Sha256};

/// A working day with its overtime; after that one signs in again.
pub const SESSION_LENGTH: Duration = Duration::hours(12);

/// The name of the cookie that carries a session.
const COOKIE: &str = "muheng_session";

pub type TokenHash = [u8; 32];

/// What a request shows to say who is behind it.
pub enum Credential {
    Session(String),
    Token(String),
}

impl Credential {
    pub fn hash(&self) -> TokenHash {
        match self {
            Credential::Session(secret) => hash("session:", secret),
            Credential::Token(secret) => hash("token:", secret),
        }
    }
}

fn hash(kind: &str, secret: &str) -> TokenHash {
    Sha256::new().chain_update(kind).chain_update(secret).finalize().into()
}

/// 256 random bits, as 64 hexadecimal digits.
pub fn new_secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

pub(super) fn credential(headers: &HeaderMap) -> Option<Credential> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match bearer {
        Some(token) => Some(Credential::Token(token.trim().to_owned())),
        None => cookie_value(headers).map(|secret| Credential::Session(secret.to_owned())),
    }
}

/// `Set-Cookie` for a new session; an empty secret ends it.
pub fn cookie(secret: &str) -> HeaderValue {
    let age = if secret.is_empty() { 0 } else { SESSION_LENGTH.num_seconds() };
    let text = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}");
    HeaderValue::from_str(&text).expect("hexadecimal digits fit in a header")
}

fn cookie_value(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_a_bearer_token_wins() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; muheng_session=abc; b=2"));
        assert!(matches!(credential(&headers), Some(Credential::Session(secret)) if secret == "abc"));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer xyz"));
        assert!(matches!(credential(&headers), Some(Credential::Token(secret)) if secret == "xyz"));
    }

    #[test]
    fn the_same_secret_hashes_apart_as_session_and_as_token() {
        assert_ne!(Credential::Session("s".into()).hash(), Credential::Token("s".into()).hash());
    }
}
