//! What a file in a form is called when only the longer form of RFC 5987 says it.

use encoding_rs::Encoding;
use percent_encoding::percent_decode_str;

/// `filename*=UTF-8''%E5%AE%97.shp`, in UTF-8, GBK or whatever it names, quoted or not. Nothing when it is not what it says.
pub fn extended(disposition: &str) -> Option<String> {
    let parameter = disposition.split(';').map(str::trim).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("filename*").then(|| value.trim().trim_matches('"'))
    })?;
    let mut parts = parameter.splitn(3, '\'');
    let (label, _language, written) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes: Vec<u8> = percent_decode_str(written).collect();
    let encoding = Encoding::for_label(label.trim().as_bytes())?;
    encoding.decode_without_bom_handling_and_without_replacement(&bytes).map(|name| name.into_owned())
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
