//! Whether the files of the photos are there and unchanged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::{PgPool, Scope};
use crate::inspection::vault;

/// Photos that are named at most; the others are counted.
const NAMED: usize = 5;
/// Rows looked at together.
const BATCH: i64 = 500;

/// What is wrong with the file of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhotoFault {
    Missing,
    /// It cannot be read, or its hash is not the recorded one.
    Changed,
}

/// What was found of the photos of a district.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotoFiles {
    pub photos: u64,
    pub missing: u64,
    pub changed: u64,
    /// The first few of each kind.
    pub first: BTreeMap<Uuid, PhotoFault>,
}

impl PhotoFiles {
    /// The numbers of the first few with this fault.
    pub fn names(&self, fault: PhotoFault) -> String {
        let named = self.first.iter().filter(|(_, it)| **it == fault).map(|(id, _)| id.to_string());
        named.collect::<Vec<_>>().join(", ")
    }

    fn add(&mut self, id: Uuid, fault: Option<PhotoFault>) {
        self.photos += 1;
        let Some(fault) = fault else { return };
        let count = match fault {
            PhotoFault::Missing => &mut self.missing,
            PhotoFault::Changed => &mut self.changed,
        };
        *count += 1;
        if *count <= NAMED as u64 {
            self.first.insert(id, fault);
        }
    }
}

/// Reads the file of every photo of the district and holds it against its row.
///
/// # Errors
/// When the database refuses; what is wrong with the files is in the answer.
pub async fn examine(pool: &PgPool, scope: &Scope, home: &Path) -> anyhow::Result<PhotoFiles> {
    let mut found = PhotoFiles::default();
    let mut after = Uuid::nil();
    loop {
        let rows = sqlx::query!(
            "SELECT id, sha256 FROM inspection_photo WHERE district = $1 AND id > $2 ORDER BY id LIMIT $3",
            scope.county(),
            after,
            BATCH
        )
        .fetch_all(pool)
        .await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.id;
        for row in rows {
            found.add(row.id, judge(vault::path_of(home, &row.sha256), row.sha256).await?);
        }
    }
}

async fn judge(path: PathBuf, sha256: Vec<u8>) -> anyhow::Result<Option<PhotoFault>> {
    let judged = tokio::task::spawn_blocking(move || match std::fs::read(path) {
        Ok(bytes) => (Sha256::digest(bytes)[..] != sha256[..]).then_some(PhotoFault::Changed),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(PhotoFault::Missing),
        Err(_) => Some(PhotoFault::Changed),
    });
    Ok(judged.await?)
}
