//! A file in a form: what it is called.

use axum::extract::multipart::Field;
use axum::http::header;

/// The name the browser or program gives it. One that is given only in the longer form of RFC 5987 (`filename*=`) counts too.
pub fn name_of(field: &Field<'_>) -> Option<String> {
    if let Some(name) = field.file_name().filter(|name| !name.is_empty()) {
        return Some(name.to_owned());
    }
    let disposition = field.headers().get(header::CONTENT_DISPOSITION)?;
    extended(&String::from_utf8_lossy(disposition.as_bytes()))
}

/// `filename*=UTF-8''%E5%AE%97.shp`, in UTF-8 or GBK, quoted or not.
fn extended(disposition: &str) -> Option<String> {
    let parameter = disposition.split(';').map(str::trim).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("filename*").then(|| value.trim().trim_matches('"'))
    })?;
    let mut parts = parameter.splitn(3, '\'');
    let (label, _, written) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = bytes_of(written)?;
    let encoding = encoding_rs::Encoding::for_label(label.trim().as_bytes())?;
    encoding.decode_without_bom_handling_and_without_replacement(&bytes).map(|name| name.into_owned())
}

fn bytes_of(written: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_form_is_read_in_its_encoding() {
        let read = |disposition: &str| extended(disposition);
        let named = "form-data; name=\"file\"; filename*=UTF-8''%E5%AE%97%E5%9C%B0.shp";
        assert_eq!(read(named).as_deref(), Some("宗地.shp"));
        assert_eq!(read("form-data; FileName*=utf-8'zh'a%20b.zip").as_deref(), Some("a b.zip"));
        assert_eq!(read("form-data; filename*=\"GBK''%D7%DA%B5%D8.shp\"").as_deref(), Some("宗地.shp"));
        for wrong in ["form-data; name=\"file\"", "form-data; filename*=a.shp", "form-data; filename*=UTF-8''%E5%A"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read("form-data; filename*=UTF-8''%FF.shp"), None, "no UTF-8");
    }
}
