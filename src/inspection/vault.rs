//! Where pictures lie: files named by their hash under the data directory, outside anything that is served.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// `HOME/inspection/photos/ab/abcd….jpg`; the same picture is one file, however often it is sent.
pub fn path_of(home: &Path, sha256: &[u8]) -> PathBuf {
    let name = hex::encode(sha256);
    home.join("inspection/photos").join(&name[..2]).join(format!("{name}.jpg"))
}

/// Whole or not there, and on the disk when this returns; what lies there already counts only when it is this very picture.
///
/// # Errors
/// When the disk refuses.
pub fn keep(home: &Path, sha256: &[u8; 32], bytes: &[u8]) -> std::io::Result<()> {
    crate::home::keep(&path_of(home, sha256), sha256, bytes)
}

/// Whether the picture of that hash lies there, unchanged.
pub async fn holds(home: &Path, sha256: &[u8]) -> bool {
    let (path, sha256) = (path_of(home, sha256), sha256.to_owned());
    let held = move || std::fs::read(path).is_ok_and(|bytes| Sha256::digest(bytes)[..] == sha256[..]);
    tokio::task::spawn_blocking(held).await.unwrap_or(false)
}

/// # Errors
/// When the file is gone or the disk refuses.
pub async fn read(home: &Path, sha256: &[u8]) -> std::io::Result<Vec<u8>> {
    tokio::fs::read(path_of(home, sha256)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_picture_is_one_file() {
        let home = tempfile::tempdir().unwrap();
        let sha256: [u8; 32] = Sha256::digest(b"picture").into();
        keep(home.path(), &sha256, b"picture").unwrap();
        keep(home.path(), &sha256, b"picture").unwrap();
        assert_eq!(read(home.path(), &sha256).await.unwrap(), b"picture");
        let folder = path_of(home.path(), &sha256).parent().unwrap().to_owned();
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn an_empty_file_is_no_picture_and_is_made_good() {
        let home = tempfile::tempdir().unwrap();
        let sha256: [u8; 32] = Sha256::digest(b"picture").into();
        assert!(!holds(home.path(), &sha256).await);
        keep(home.path(), &sha256, b"picture").unwrap();
        assert!(holds(home.path(), &sha256).await);
        std::fs::write(path_of(home.path(), &sha256), b"").unwrap();
        assert!(!holds(home.path(), &sha256).await, "as an end of the machine leaves it");
        keep(home.path(), &sha256, b"picture").unwrap();
        assert_eq!(read(home.path(), &sha256).await.unwrap(), b"picture");
    }
}
