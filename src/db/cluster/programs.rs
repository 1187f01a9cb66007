//! PostgreSQL's programs on this machine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;

const OLDEST_POSTGRES: u32 = 15;

/// The directory of the newest PostgreSQL on this machine that PostGIS is installed for.
pub struct PostgresPrograms {
    directory: PathBuf,
}

impl PostgresPrograms {
    /// # Errors
    /// One message saying what to install.
    pub fn find() -> anyhow::Result<Self> {
        const INSTALL: &str = "install it with: apt-get install postgresql-15 postgresql-15-postgis-3";
        let mut versions = installed_versions();
        versions.sort_unstable();
        versions.retain(|version| *version >= OLDEST_POSTGRES);
        if versions.is_empty() {
            bail!("PostgreSQL {OLDEST_POSTGRES} or newer was not found on this machine; {INSTALL}");
        }
        let with_postgis =
            |version: &&u32| Path::new(&format!("/usr/share/postgresql/{version}/extension/postgis.control")).exists();
        match versions.iter().rev().find(with_postgis) {
            Some(version) => Ok(Self { directory: format!("/usr/lib/postgresql/{version}/bin").into() }),
            None => bail!("PostgreSQL was found but not PostGIS 3.3 or newer for it; {INSTALL}"),
        }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

fn installed_versions() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| entry.path().join("bin/postgres").exists())
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}
