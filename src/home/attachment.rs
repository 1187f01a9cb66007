//! Attachments: told by their content, bounded, kept outside of anything that is served, named by their hash.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::base::text::Seen;

/// Scanned plans and business licences; larger files are for the registry on paper.
pub const LARGEST: usize = 20 * 1024 * 1024;

/// What may be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType {
    pub name: &'static str,
    pub label: &'static str,
    pub ending: &'static str,
}

const PDF: MediaType = MediaType { name: "application/pdf", label: "PDF", ending: "pdf" };
const JPEG: MediaType = MediaType { name: "image/jpeg", label: "JPEG 图片", ending: "jpg" };
const PNG: MediaType = MediaType { name: "image/png", label: "PNG 图片", ending: "png" };
const WEBP: MediaType = MediaType { name: "image/webp", label: "WebP 图片", ending: "webp" };

/// What the first and last bytes say, whatever the name claims.
pub fn media_type(bytes: &[u8]) -> Option<MediaType> {
    let tail = &bytes[bytes.len().saturating_sub(1024)..];
    let ends = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] if ends(b"%%EOF") => Some(PDF),
        [0xff, 0xd8, 0xff, ..] => Some(JPEG),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(PNG),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(WEBP),
        _ => None,
    }
}

const MAX_NAME_CHARACTERS: usize = 120;

/// The last part of a path, without what headers and file systems mind.
pub fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '<' | '>' | '|' | ':')).collect();
    plain.seen().trim_start_matches('.').chars().take(MAX_NAME_CHARACTERS).collect()
}

/// What is wrong with a file, for the person who chose it.
pub fn refusal(name: &str, bytes: &[u8]) -> Option<String> {
    if bytes.is_empty() {
        return Some(format!("“{name}”没有内容"));
    }
    if bytes.len() > LARGEST {
        return Some(format!("“{name}”超过 {} MB", LARGEST / 1024 / 1024));
    }
    let Some(found) = media_type(bytes) else {
        return Some(format!("“{name}”不是 PDF、JPEG、PNG 或 WebP 文件（按内容识别，与文件名无关）"));
    };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let named = ["pdf", "jpg", "jpeg", "png", "webp"].contains(&ending.as_str());
    let fits = ending == found.ending || (ending == "jpeg" && found == JPEG);
    (named && !fits).then(|| format!("“{name}”的扩展名与内容不符：内容是 {}", found.label))
}

/// Where a content is kept.
pub fn path(home: &Path, sha256: &[u8]) -> PathBuf {
    let name = hex::encode(sha256);
    home.join("attachments").join(&name[..2]).join(&name[2..])
}

/// Keeps the content under its hash. The same content twice is one file.
///
/// # Errors
/// When the disk refuses.
pub async fn keep(home: &Path, bytes: Vec<u8>) -> std::io::Result<[u8; 32]> {
    let home = home.to_owned();
    let kept = tokio::task::spawn_blocking(move || {
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        super::keep(&path(&home, &hash), &hash, &bytes).map(|()| hash)
    });
    kept.await.map_err(std::io::Error::other)?
}

/// The content of a hash, held against it: a file that somebody changed is not handed out.
///
/// # Errors
/// When it is gone or no longer what its name says.
pub async fn fetch(home: &Path, sha256: &[u8]) -> std::io::Result<Vec<u8>> {
    let bytes = tokio::fs::read(path(home, sha256)).await?;
    if Sha256::digest(&bytes)[..] != *sha256 {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "the attachment was changed on disk"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: &[u8] = b"%PDF-1.7\n%%EOF\n";

    #[test]
    fn a_file_is_what_its_content_says() {
        assert_eq!(media_type(REAL), Some(PDF));
        assert_eq!(media_type(b"\xff\xd8\xff\xe0rest"), Some(JPEG));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n"), Some(PNG));
        assert_eq!(media_type(b"RIFF\x10\x00\x00\x00WEBPVP8 "), Some(WEBP));
        for lie in [&b"MZ\x90"[..], b"<html>", b"PK\x03\x04", b"%PDF-1.7 cut short", b""] {
            assert_eq!(media_type(lie), None);
        }
    }

    #[test]
    fn a_name_that_lies_is_refused() {
        assert_eq!(refusal("批文.pdf", REAL), None);
        assert_eq!(refusal("批文", REAL), None, "no ending claims nothing");
        assert!(refusal("图.png", REAL).unwrap().contains("不符"));
        assert!(refusal("a.pdf", b"MZ").unwrap().contains("不是 PDF"));
        assert!(refusal("a.pdf", b"").is_some());
        let mut large = REAL[..9].to_vec();
        large.resize(LARGEST + 1, 0);
        assert!(refusal("a.pdf", &large).unwrap().contains("20 MB"));
        assert_eq!(refusal("a.jpeg", b"\xff\xd8\xff\xe0"), None);
    }

    #[test]
    fn a_name_is_only_a_name() {
        assert_eq!(plain_name("C:\\图\\批文.pdf"), "批文.pdf");
        assert_eq!(plain_name("../../.bashrc"), "bashrc");
        assert_eq!(plain_name("a\"\r\nb.pdf"), "ab.pdf");
    }

    #[tokio::test]
    async fn a_content_is_kept_once_and_never_handed_out_changed() {
        let home = tempfile::tempdir().unwrap();
        let hash = keep(home.path(), REAL.to_vec()).await.unwrap();
        assert_eq!(keep(home.path(), REAL.to_vec()).await.unwrap(), hash);
        assert_eq!(fetch(home.path(), &hash).await.unwrap(), REAL);
        std::fs::write(path(home.path(), &hash), b"other").unwrap();
        assert!(fetch(home.path(), &hash).await.is_err());
        keep(home.path(), REAL.to_vec()).await.unwrap();
        assert_eq!(fetch(home.path(), &hash).await.unwrap(), REAL, "sending it again makes it good");
    }
}
