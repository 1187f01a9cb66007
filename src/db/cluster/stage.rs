//! How far a guard is: one line in the file it holds locked.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Also: being made, or waiting for what is left of the last server.
    Starting,
    /// The server is there and does not let anybody in yet.
    Recovering,
    Ready,
    Stopping,
}

impl Stage {
    const ALL: [Stage; 4] = [Stage::Starting, Stage::Recovering, Stage::Ready, Stage::Stopping];

    fn word(self) -> &'static str {
        match self {
            Stage::Starting => "starting",
            Stage::Recovering => "recovering",
            Stage::Ready => "ready",
            Stage::Stopping => "stopping",
        }
    }
}

/// Written in one piece and always as long, so that a reader never sees half a word.
const WIDTH: usize = 16;

pub fn write(file: &File, stage: Stage) -> io::Result<()> {
    file.write_all_at(format!("{:<width$}\n", stage.word(), width = WIDTH - 1).as_bytes(), 0)
}

/// None when no guard ever wrote there.
pub fn read(path: &Path) -> Option<Stage> {
    let mut line = [0; WIDTH];
    File::open(path).ok()?.read_exact_at(&mut line, 0).ok()?;
    let word = std::str::from_utf8(&line).ok()?.trim();
    Stage::ALL.into_iter().find(|stage| stage.word() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guard.lock");
        assert_eq!(read(&path), None);
        let file = File::create(&path).unwrap();
        assert_eq!(read(&path), None);
        for stage in Stage::ALL {
            write(&file, stage).unwrap();
            assert_eq!(read(&path), Some(stage));
        }
    }
}
