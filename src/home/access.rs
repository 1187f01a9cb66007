//! Who may read a home.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use nix::sys::stat::{Mode, umask};

use super::{DATABASE, KEPT, PLACE};

/// What the group and everybody else may do.
const OTHERS: u32 = 0o077;
/// The account of the database server passes through the home to its own folder in it, and sees nothing else.
const PASSING: u32 = 0o010;

/// Whatever this process and those it starts create is for their owner only.
pub fn private_from_now_on() {
    umask(Mode::from_bits_truncate(OTHERS));
}

/// Closes the home itself: to everybody, or to everybody but the members of `passing`, who may walk through it. A directory that
/// holds other things than ours is left as it is; `muheng doctor` speaks of it.
///
/// # Errors
/// When the directory cannot be looked at or changed.
pub fn close(home: &Path, passing: Option<u32>) -> io::Result<()> {
    for entry in fs::read_dir(home)? {
        let name = entry?.file_name();
        if !name.to_str().is_some_and(|name| name == DATABASE || name == PLACE || KEPT.contains(&name)) {
            return Ok(());
        }
    }
    let found = fs::metadata(home)?;
    let wanted = 0o700 | passing.map_or(0, |_| PASSING);
    if let Some(group) = passing.filter(|group| found.gid() != *group) {
        chown(home, None, Some(group))?;
    }
    set(home, found.mode(), wanted)
}

/// Closes what people sent, where an older program left it open. A folder that is closed hides what is in it, so only one that is
/// not is walked through, and it is closed last: an end in the middle is made good the next time.
///
/// # Errors
/// When a file cannot be looked at or changed.
pub fn tighten(home: &Path) -> io::Result<()> {
    for name in KEPT {
        let folder = home.join(name);
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() && found.mode() & OTHERS != 0 => close_tree(&folder)?,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn close_tree(path: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(path)?;
    if found.is_symlink() {
        return Ok(());
    }
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            close_tree(&entry?.path())?;
        }
    }
    set(path, found.mode(), found.mode() & !OTHERS)
}

fn set(path: &Path, mode: u32, wanted: u32) -> io::Result<()> {
    let (mode, wanted) = (mode & 0o7777, wanted & 0o7777);
    if mode == wanted { Ok(()) } else { fs::set_permissions(path, Permissions::from_mode(wanted)) }
}

/// Everything in and of the home that others may read or enter, the home itself first; passing through the home is no reading.
pub fn loose(home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    match fs::metadata(home) {
        Ok(meta) if meta.mode() & OTHERS & !PASSING != 0 => found.push(home.to_owned()),
        _ => {}
    }
    for name in KEPT.iter().chain([&DATABASE, &PLACE]) {
        look_into(&home.join(name), &mut found);
    }
    found
}

fn look_into(path: &Path, found: &mut Vec<PathBuf>) {
    let Ok(meta) = fs::symlink_metadata(path) else { return };
    if meta.is_symlink() {
        return;
    }
    if meta.mode() & OTHERS != 0 {
        found.push(path.to_owned());
    }
    if meta.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            look_into(&entry.path(), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    fn with_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// A home as an older program left it.
    fn open_home() -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        let photos = home.path().join("inspection/photos/ab");
        fs::create_dir_all(&photos).unwrap();
        fs::write(photos.join("abcd.jpg"), b"picture").unwrap();
        for (path, mode) in [("inspection/photos/ab/abcd.jpg", 0o644), ("inspection/photos/ab", 0o755)] {
            with_mode(&home.path().join(path), mode);
        }
        for path in ["inspection/photos", "inspection", ""] {
            with_mode(&home.path().join(path), 0o755);
        }
        home
    }

    #[test]
    fn what_an_older_program_left_open_is_closed() {
        let home = open_home();
        assert_eq!(loose(home.path()).len(), 5, "{:?}", loose(home.path()));
        tighten(home.path()).unwrap();
        close(home.path(), None).unwrap();
        assert_eq!(loose(home.path()), Vec::<PathBuf>::new());
        assert_eq!(mode(&home.path().join("inspection/photos/ab/abcd.jpg")), 0o600);
        assert_eq!(mode(&home.path().join("inspection/photos")), 0o700);
        assert_eq!(mode(home.path()), 0o700);
    }

    #[test]
    fn the_account_of_the_server_may_pass_and_that_is_no_reading() {
        let home = tempfile::tempdir().unwrap();
        let group = fs::metadata(home.path()).unwrap().gid();
        close(home.path(), Some(group)).unwrap();
        assert_eq!(mode(home.path()), 0o710);
        assert_eq!(loose(home.path()), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_directory_with_other_things_is_left_alone_and_named() {
        let home = open_home();
        fs::write(home.path().join("letters.txt"), b"x").unwrap();
        close(home.path(), None).unwrap();
        assert_eq!(mode(home.path()), 0o755);
        tighten(home.path()).unwrap();
        assert_eq!(loose(home.path()), [home.path().to_owned()]);
    }

    #[test]
    fn a_link_is_not_followed_out_of_the_home() {
        let (home, other) = (open_home(), tempfile::tempdir().unwrap());
        with_mode(other.path(), 0o755);
        std::os::unix::fs::symlink(other.path(), home.path().join("inspection/elsewhere")).unwrap();
        tighten(home.path()).unwrap();
        assert_eq!(mode(other.path()), 0o755);
    }
}
