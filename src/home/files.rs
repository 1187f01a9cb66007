//! Files put in place: written beside, flushed, moved, and the folder flushed, so that no end of the machine leaves half of one.
//! Everything here waits for the disk; async code calls it on a thread of its own.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A folder and those above it, for its owner only; those that are new are on the disk when this returns.
///
/// # Errors
/// When the disk refuses.
pub fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folder(above)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        // Somebody else was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(above.unwrap_or(Path::new("."))),
    }
}

/// A home and what is missing above it. Those above belong to nobody's secrets: the account of the database server passes through.
///
/// # Errors
/// When the disk refuses.
pub fn make_home(home: &Path) -> io::Result<()> {
    let missing: Vec<&Path> =
        home.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty() && !above.exists()).collect();
    make_folder(home)?;
    missing.into_iter().try_for_each(|above| fs::set_permissions(above, Permissions::from_mode(0o711)))
}

/// Puts a file in its place, over one that is there.
///
/// # Errors
/// When the disk refuses; the place is then as it was.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder)?;
    let aside = folder.join(format!(".{}.part", Uuid::new_v4()));
    let moved = write(&aside, bytes).and_then(|()| fs::rename(&aside, path)).and_then(|()| sync_folder(folder));
    if moved.is_err() {
        let _ = fs::remove_file(&aside);
    }
    moved
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Keeps content under a name that stands for it: what lies there already is taken for it only when it is that very content,
/// so that an empty or broken file of an earlier end is put right by sending it again.
///
/// # Errors
/// When the disk refuses.
pub fn keep(path: &Path, sha256: &[u8; 32], bytes: &[u8]) -> io::Result<()> {
    let there = fs::metadata(path).is_ok_and(|found| found.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|found| Sha256::digest(found)[..] == sha256[..]);
    if there { Ok(()) } else { put(path, bytes) }
}

/// Flushes the names in a folder.
///
/// # Errors
/// When the disk refuses.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }

    #[test]
    fn a_file_is_put_whole_and_nothing_is_left_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/c.bin");
        put(&path, b"first").unwrap();
        put(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        for folder in ["a", "a/b"] {
            let mode = fs::metadata(home.path().join(folder)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{folder}");
        }
    }

    #[test]
    fn a_new_home_is_closed_and_what_is_above_it_lets_through() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("a/b/home");
        make_home(&home).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            [mode(&home), mode(&folder.path().join("a/b")), mode(&folder.path().join("a"))],
            [0o700, 0o711, 0o711]
        );
    }

    #[test]
    fn a_place_that_cannot_be_taken_stays_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("taken");
        fs::create_dir(&path).unwrap();
        assert!(put(&path, b"x").is_err());
        assert!(path.is_dir());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "no part is left");
    }

    #[test]
    fn an_empty_or_changed_file_is_not_taken_for_the_content() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("ab/content");
        make_folder(path.parent().unwrap()).unwrap();
        for broken in [&b""[..], b"picturf", b"pict"] {
            fs::write(&path, broken).unwrap();
            keep(&path, &digest(b"picture"), b"picture").unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"picture");
        }
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        keep(&path, &digest(b"picture"), b"picture").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before, "what is there is not written again");
    }
}
