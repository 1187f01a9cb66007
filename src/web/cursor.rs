//! Keyset cursors: where the next page starts, as an opaque text in the address.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::entry;
use super::error::Error;

pub fn encode<T: Serialize>(key: &T) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).expect("keys are plain values"))
}

/// # Errors
/// A cursor that this program did not write.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let invalid = || Error::BadRequest("翻页参数无效，请回到第一页".into());
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
    let key: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| invalid())?;
    if !entry::is_fit_json(&key) {
        return Err(invalid());
    }
    serde_json::from_value(key).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_a_forged_one_does_not() {
        let key = ("330105".to_owned(), 7i64);
        assert_eq!(decode::<(String, i64)>(&encode(&key)).unwrap(), key);
        assert!(decode::<(String, i64)>("%%%").is_err());
        assert!(decode::<(String, i64)>("e30").is_err());
        let stray = ("330105\0".to_owned(), 7i64);
        assert!(decode::<(String, i64)>(&encode(&stray)).is_err(), "a database keeps no NUL");
    }
}
