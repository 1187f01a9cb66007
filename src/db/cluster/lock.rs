//! File locks that the kernel keeps, with a deadline and the name of who holds one.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::process;

const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(25);
/// After so long one is told what is waited for.
const UNNOTICED: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Shared,
    Exclusive,
}

/// The locked file, when nobody stands against it at this moment. The lock goes when the last descriptor of it is closed.
pub fn attempt(path: &Path, kind: Kind) -> anyhow::Result<Option<File>> {
    let file = open(path)?;
    loop {
        let outcome = match kind {
            Kind::Shared => file.try_lock_shared(),
            Kind::Exclusive => file.try_lock(),
        };
        match outcome {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => bail!("cannot lock {}: {error}", path.display()),
        }
    }
}

/// # Errors
/// When the lock was not to be had within `patience`; the message names its holders.
pub fn wait(path: &Path, kind: Kind, patience: Duration) -> anyhow::Result<File> {
    let (began, mut told) = (Instant::now(), false);
    loop {
        if let Some(lock) = attempt(path, kind)? {
            return Ok(lock);
        }
        if began.elapsed() >= patience {
            bail!(
                "{} is still locked after {} s; {}. When that process hangs, end it and try again",
                path.display(),
                patience.as_secs(),
                told_by(path)
            );
        }
        if !told && began.elapsed() > UNNOTICED {
            tracing::warn!("waiting for {}; {}", path.display(), told_by(path));
            told = true;
        }
        thread::sleep(BETWEEN_ATTEMPTS);
    }
}

/// Blocks until the lock is granted, however long that takes.
pub fn wait_for_ever(path: &Path, kind: Kind) -> anyhow::Result<File> {
    let file = open(path)?;
    loop {
        let outcome = match kind {
            Kind::Shared => file.lock_shared(),
            Kind::Exclusive => file.lock(),
        };
        match outcome {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => bail!("cannot lock {}: {error}", path.display()),
        }
    }
}

fn open(path: &Path) -> anyhow::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))
}

/// A process that holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub pid: i32,
    pub command: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} ({})", self.pid, self.command)
    }
}

/// "held by process 17 (muheng serve)".
pub fn told_by(path: &Path) -> String {
    let held: Vec<String> = holders(path).iter().map(Holder::to_string).collect();
    if held.is_empty() {
        "its holder cannot be seen from here".to_owned()
    } else {
        format!("held by {}", held.join(", "))
    }
}

/// Those who hold a lock on the file through a descriptor of theirs, as far as the kernel lets us see. A descriptor that was handed
/// on counts for who has it now, unlike in `/proc/locks`.
pub fn holders(path: &Path) -> Vec<Holder> {
    let Ok(wanted) = fs::metadata(path) else { return Vec::new() };
    let holds = |pid: i32| {
        fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten().any(|descriptor| {
            let same = fs::metadata(descriptor.path())
                .is_ok_and(|found| (found.dev(), found.ino()) == (wanted.dev(), wanted.ino()));
            let about = format!("/proc/{pid}/fdinfo/{}", descriptor.file_name().to_string_lossy());
            same && fs::read_to_string(about).is_ok_and(|text| text.lines().any(|line| line.starts_with("lock:")))
        })
    };
    process::command_lines().filter(|(pid, _)| holds(*pid)).map(|(pid, command)| Holder { pid, command }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_has_a_deadline_and_names_the_holder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let held = attempt(&path, Kind::Exclusive).unwrap().unwrap();
        assert!(attempt(&path, Kind::Shared).unwrap().is_none());
        let began = Instant::now();
        let error = wait(&path, Kind::Shared, Duration::from_millis(200)).unwrap_err().to_string();
        assert!(began.elapsed() >= Duration::from_millis(200) && began.elapsed() < Duration::from_secs(5));
        assert!(error.contains(&format!("held by process {} (", std::process::id())), "{error}");
        drop(held);
        assert!(holders(&path).is_empty());
        let one = wait(&path, Kind::Shared, Duration::ZERO).unwrap();
        assert!(attempt(&path, Kind::Shared).unwrap().is_some(), "shared is shared");
        assert!(attempt(&path, Kind::Exclusive).unwrap().is_none());
        drop(one);
        drop(wait_for_ever(&path, Kind::Exclusive).unwrap());
    }
}
