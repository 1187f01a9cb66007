//! Where pictures lie: files named by their hash under the data directory, outside anything that is served.

use std::path::{Path, PathBuf};

use uuid::Uuid;

/// `HOME/inspection/photos/ab/abcd….jpg`; the same picture is one file, however often it is sent.
pub fn path_of(home: &Path, sha256: &[u8]) -> PathBuf {
    let name = hex::encode(sha256);
    home.join("inspection/photos").join(&name[..2]).join(format!("{name}.jpg"))
}

/// Writes beside the place and moves there, so that a picture is whole or not there.
///
/// # Errors
/// When the disk refuses.
pub fn keep(home: &Path, sha256: &[u8], bytes: &[u8]) -> std::io::Result<()> {
    let path = path_of(home, sha256);
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().expect("a picture lies in a folder");
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!("{}.part", Uuid::new_v4()));
    std::fs::write(&unfinished, bytes)?;
    std::fs::rename(&unfinished, &path)
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
        let sha256 = [0xab; 32];
        keep(home.path(), &sha256, b"picture").unwrap();
        keep(home.path(), &sha256, b"picture").unwrap();
        assert_eq!(read(home.path(), &sha256).await.unwrap(), b"picture");
        let folder = path_of(home.path(), &sha256).parent().unwrap().to_owned();
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    }
}
