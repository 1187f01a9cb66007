//! Photos: rows with place and time, and the files beside them.

use std::path::Path;

use chrono::{DateTime, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::visits::{accuracy, point};
use crate::account::Act;
use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope};
use crate::inspection::photo::Shrunk;
use crate::inspection::rules::MOST_PHOTOS;
use crate::inspection::{Position, vault};
use crate::workflow::{self, Case, Refused};

/// What a photo was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoOf {
    Task(Uuid),
    /// A parcel of a survey, which keeps its photos here too.
    Surveyed(Uuid),
}

impl PhotoOf {
    fn id(self) -> Uuid {
        let (PhotoOf::Task(id) | PhotoOf::Surveyed(id)) = self;
        id
    }

    /// The task, and the parcel: one of the two.
    fn columns(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            PhotoOf::Task(task) => (Some(task), None),
            PhotoOf::Surveyed(parcel) => (None, Some(parcel)),
        }
    }
}

/// A photo as the phone announces it.
#[derive(Clone, Debug)]
pub struct NewPhoto {
    pub id: Uuid,
    pub of: PhotoOf,
    pub visit: Uuid,
    /// The question it belongs to; the visit as a whole without one.
    pub item: Option<String>,
    pub device_at: DateTime<Utc>,
    pub position: Option<Position>,
}

#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("同一编号的照片已经保存，内容不同")]
    Different,
    #[error("一次检查最多 {MOST_PHOTOS} 张照片")]
    TooMany,
    #[error("照片存储空间已满（上限 {0} MB），照片没有保存。请联系系统管理员扩大上限")]
    StorageFull(i64),
    #[error("照片无法写入磁盘：{0}")]
    Disk(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// The hash of the picture kept for this very photo, when it is on record already: the same number, task or parcel, visit, person and
/// bytes.
///
/// # Errors
/// When the number stands for another photo.
pub async fn recorded(act: &Act, new: &NewPhoto, original_sha256: &[u8]) -> Result<Option<Vec<u8>>, KeepError> {
    let (task, surveyed) = new.of.columns();
    let same = sqlx::query!(
        r#"SELECT original_sha256 = $6 AND task IS NOT DISTINCT FROM $3 AND surveyed IS NOT DISTINCT FROM $7 AND visit = $4
               AND account = $5 AS "same!", sha256
           FROM inspection_photo WHERE district = $1 AND id = $2"#,
        act.scope.county(),
        new.id,
        task,
        new.visit,
        act.person()?,
        original_sha256,
        surveyed
    );
    match same.fetch_optional(&act.pool).await? {
        None => Ok(None),
        Some(row) if row.same => Ok(Some(row.sha256)),
        Some(_) => Err(KeepError::Different),
    }
}

/// Puts the file of a photo on record back in its place.
///
/// # Errors
/// When the pixels do not come out as they did then, which another version of this program may do, or the disk refuses.
pub async fn restore(home: &Path, sha256: &[u8], photo: Shrunk) -> Result<(), KeepError> {
    if photo.sha256[..] != *sha256 {
        return Err(KeepError::Different);
    }
    write(home, photo).await
}

async fn write(home: &Path, photo: Shrunk) -> Result<(), KeepError> {
    let home = home.to_owned();
    let written = tokio::task::spawn_blocking(move || vault::keep(&home, &photo.sha256, &photo.bytes));
    Ok(written.await.map_err(std::io::Error::other)??)
}

/// Keeps a photo: its row, its share of the storage and its file stand or fall together. Sent twice at once it is one row. `C` is the
/// case of what it was taken for.
///
/// # Errors
/// When the task or the parcel is not in the scope, the visit has too many, or the storage is full.
pub async fn keep<C: Case>(act: &Act, home: &Path, new: &NewPhoto, photo: Shrunk) -> Result<(), KeepError> {
    act.person()?;
    let mut transaction = act.begin().await?;
    workflow::hold_any::<C>(&mut transaction, &act.scope, new.of.id()).await?;
    if !insert(&mut transaction, act, new, &photo).await? {
        transaction.rollback().await?;
        return match recorded(act, new, &photo.original_sha256).await? {
            Some(_) => Ok(()),
            None => Err(KeepError::Different),
        };
    }
    if count(&mut transaction, &act.scope, new.visit).await? > MOST_PHOTOS as i64 {
        return Err(KeepError::TooMany);
    }
    reserve(&mut transaction, &act.scope, photo.bytes.len() as i64).await?;
    write(home, photo).await?;
    transaction.commit().await?;
    Ok(())
}

async fn insert(connection: &mut PgConnection, act: &Act, new: &NewPhoto, photo: &Shrunk) -> Result<bool, sqlx::Error> {
    let (task, surveyed) = new.of.columns();
    let inserted = sqlx::query!(
        "INSERT INTO inspection_photo (district, id, task, visit, item, sha256, original_sha256, bytes, width, height, device_at,
             device_place, device_accuracy_m, camera_at, camera_place, received_at, account, actor, surveyed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (district, id) DO NOTHING",
        act.scope.county(),
        new.id,
        task,
        new.visit,
        new.item,
        &photo.sha256[..],
        &photo.original_sha256[..],
        photo.bytes.len() as i64,
        photo.width as i32,
        photo.height as i32,
        new.device_at,
        new.position.map(point) as Option<Geom>,
        new.position.and_then(accuracy),
        photo.taken.at,
        photo.taken.place.map(point) as Option<Geom>,
        act.now,
        act.actor.account,
        act.actor.name,
        surveyed
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

async fn count(connection: &mut PgConnection, scope: &Scope, visit: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM inspection_photo WHERE district = $1 AND visit = $2"#,
        scope.county(),
        visit
    )
    .fetch_one(connection)
    .await
}

/// Every photo counts in full, also when two are the same file: the bound is never passed.
async fn reserve(connection: &mut PgConnection, scope: &Scope, bytes: i64) -> Result<(), KeepError> {
    sqlx::query!("INSERT INTO inspection_storage (district) VALUES ($1) ON CONFLICT DO NOTHING", scope.county())
        .execute(&mut *connection)
        .await?;
    let reserved = sqlx::query!(
        "UPDATE inspection_storage SET used_bytes = used_bytes + $2 WHERE district = $1 AND used_bytes + $2 <= limit_bytes",
        scope.county(),
        bytes
    )
    .execute(&mut *connection)
    .await?;
    if reserved.rows_affected() == 1 {
        return Ok(());
    }
    let limit = sqlx::query_scalar!("SELECT limit_bytes FROM inspection_storage WHERE district = $1", scope.county());
    Err(KeepError::StorageFull(limit.fetch_one(connection).await? / 1_000_000))
}

/// What the photos take, and how much they may, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storage {
    pub used_bytes: i64,
    pub limit_bytes: i64,
}

impl Storage {
    pub fn text(&self) -> String {
        format!("{} MB / {} MB", (self.used_bytes + 999_999) / 1_000_000, self.limit_bytes / 1_000_000)
    }
}

pub async fn storage(pool: &PgPool, scope: &Scope) -> Result<Storage, sqlx::Error> {
    sqlx::query!("INSERT INTO inspection_storage (district) VALUES ($1) ON CONFLICT DO NOTHING", scope.county())
        .execute(pool)
        .await?;
    sqlx::query_as!(
        Storage,
        "SELECT used_bytes, limit_bytes FROM inspection_storage WHERE district = $1",
        scope.county()
    )
    .fetch_one(pool)
    .await
}

pub async fn set_limit(connection: &mut PgConnection, scope: &Scope, bytes: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO inspection_storage (district, limit_bytes) VALUES ($1, $2)
         ON CONFLICT (district) DO UPDATE SET limit_bytes = excluded.limit_bytes",
        scope.county(),
        bytes
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A photo of a visit on record.
#[derive(Clone, Debug)]
pub struct Photo {
    pub id: Uuid,
    pub visit: Uuid,
    pub item: Option<String>,
    pub sha256: Vec<u8>,
    pub width: i32,
    pub height: i32,
    pub device_at: DateTime<Utc>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub accuracy_m: Option<Decimal>,
    pub camera_at: Option<NaiveDateTime>,
    pub camera_longitude: Option<f64>,
    pub camera_latitude: Option<f64>,
}

/// Photos whose visit is on record, in the order they were taken.
pub async fn of_task(pool: &PgPool, scope: &Scope, task: Uuid) -> Result<Vec<Photo>, sqlx::Error> {
    sqlx::query_as!(
        Photo,
        r#"SELECT p.id, p.visit, p.item, p.sha256, p.width, p.height, p.device_at, ST_X(p.device_place) AS longitude,
                  ST_Y(p.device_place) AS latitude, p.device_accuracy_m AS accuracy_m, p.camera_at,
                  ST_X(p.camera_place) AS camera_longitude, ST_Y(p.camera_place) AS camera_latitude
           FROM inspection_photo p JOIN inspection_visit v ON v.district = p.district AND v.id = p.visit
           WHERE p.district = $1 AND p.task = $2 AND v.task = p.task ORDER BY p.device_at, p.id"#,
        scope.county(),
        task
    )
    .fetch_all(pool)
    .await
}

/// Photos of a task whose result has not arrived.
pub async fn on_the_way(pool: &PgPool, scope: &Scope, task: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM inspection_photo p WHERE p.district = $1 AND p.task = $2
             AND NOT EXISTS (SELECT FROM inspection_visit v WHERE v.district = p.district AND v.id = p.visit)"#,
        scope.county(),
        task
    )
    .fetch_one(pool)
    .await
}

/// The hash a photo is kept under, when the reader may see its task.
pub async fn picture(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT p.sha256 FROM inspection_photo p JOIN inspection_task t ON t.district = p.district AND t.id = p.task
         WHERE p.district = $1 AND p.id = $2 AND ($3::text IS NULL OR t.subdistrict = $3)",
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await
}
