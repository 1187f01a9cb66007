//! Uploads that nobody went on with are swept away by themselves.

use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

use super::draft::{self, JOB};
use super::draft_store as store;
use crate::db::{PgPool, Scope};
use crate::jobs::Context;

/// How long an upload waits for its maker. A local choice; the pages say it.
pub const KEPT_DAYS: u64 = 14;

const BETWEEN_SWEEPS: Duration = Duration::from_secs(60 * 60);
/// A folder that no upload names was left by a server that died; younger ones may still be filling.
const STRAY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Sweeps now and then until the program ends.
pub async fn keep(context: Context) {
    let Context { pool, clock, scope, home } = context;
    loop {
        match sweep(&pool, &scope, &home, clock.now()).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "uploads that were never imported are gone"),
            Err(error) => tracing::warn!(%error, "uploads could not be swept"),
        }
        tokio::time::sleep(BETWEEN_SWEEPS).await;
    }
}

/// Forgets the uploads that are older than [`KEPT_DAYS`] and were not imported, and their files; how many there were. One
/// that is being worked on is left for the next time.
///
/// # Errors
/// When the database fails; files that cannot be removed wait for the next sweep.
pub async fn sweep(pool: &PgPool, scope: &Scope, home: &Path, now: DateTime<Utc>) -> anyhow::Result<usize> {
    let swept = store::forget_before(pool, scope, JOB, now - Days::new(KEPT_DAYS)).await?;
    for id in &swept {
        let _ = tokio::fs::remove_dir_all(draft::folder(home, *id)).await;
    }
    remove_strays(pool, home, now).await?;
    Ok(swept.len())
}

async fn remove_strays(pool: &PgPool, home: &Path, now: DateTime<Utc>) -> anyhow::Result<()> {
    let Ok(mut folders) = tokio::fs::read_dir(home.join("uploads")).await else { return Ok(()) };
    while let Some(folder) = folders.next_entry().await? {
        let Some(id) = folder.file_name().to_str().and_then(|name| name.parse::<Uuid>().ok()) else { continue };
        let changed = folder.metadata().await?.modified()?;
        let old = SystemTime::from(now).duration_since(changed).is_ok_and(|age| age > STRAY_AFTER);
        if old && !store::is_open(pool, id).await? {
            let _ = tokio::fs::remove_dir_all(folder.path()).await;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Act, Actor};
    use crate::importing::draft::Draft;
    use crate::importing::{ImportKind, ImportOptions, Mode};
    use crate::jobs;

    async fn uploaded(pool: &PgPool, scope: &Scope, home: &Path, at: DateTime<Utc>) -> Uuid {
        let id = Uuid::now_v7();
        let actor = Actor { account: Some(Uuid::nil()), name: "甲".into() };
        let draft = Draft {
            id,
            kind: ImportKind::Parcels,
            file_name: "宗地.zip".into(),
            stored_name: "宗地.zip".into(),
            options: ImportOptions::default(),
            report: None,
            committed: false,
            actor,
            scope: scope.clone(),
            created_at: at,
        };
        store::create(&mut pool.acquire().await.unwrap(), scope, &draft).await.unwrap();
        std::fs::create_dir_all(draft::folder(home, id)).unwrap();
        id
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn an_upload_waits_its_days_and_work_in_hand_is_left(pool: PgPool) {
        let scope = Scope::district("330105".parse().unwrap());
        crate::db::ensure_district(&pool, &scope.district).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let now: DateTime<Utc> = "2025-06-30T04:00:00Z".parse().unwrap();
        let line = now - Days::new(KEPT_DAYS);
        let second = chrono::Duration::seconds(1);
        let old = uploaded(&pool, &scope, home.path(), line - second).await;
        let young = uploaded(&pool, &scope, home.path(), line).await;
        let busy = uploaded(&pool, &scope, home.path(), line - second).await;
        let actor = Actor { account: Some(Uuid::nil()), name: "甲".into() };
        let payload = draft::job_payload(busy, Mode::Commit);
        let mut connection = pool.acquire().await.unwrap();
        let act = Act { pool: pool.clone(), scope: scope.clone(), actor, now };
        jobs::store::enqueue(&mut connection, &act, JOB, &payload).await.unwrap();
        assert_eq!(sweep(&pool, &scope, home.path(), now).await.unwrap(), 1);
        let kept = |id| draft::folder(home.path(), id).exists();
        assert!(!kept(old) && kept(young) && kept(busy));
        assert!(store::find(&pool, &scope, old).await.unwrap().is_none());
        assert!(store::is_open(&pool, young).await.unwrap());
        assert_eq!(sweep(&pool, &scope, home.path(), now + second).await.unwrap(), 1);
    }
}
