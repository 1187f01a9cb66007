//! Which attachments a case has. Their contents lie on disk under their hash.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{CaseError, Result, hold_for, settle};
use crate::account::Act;
use crate::admission::case::CaseStep;
use crate::db::{PgPool, Scope};
use crate::home::attachment::MediaType;

/// Of one case.
const MAX_ATTACHMENTS: i64 = 30;

#[derive(Clone, Debug)]
pub struct Attachment {
    pub id: Uuid,
    pub name: String,
    pub media_type: String,
    pub bytes: i64,
    pub sha256: Vec<u8>,
    pub added_at: DateTime<Utc>,
    pub added_by: String,
}

impl Attachment {
    pub fn hash(&self) -> String {
        hex::encode(&self.sha256)
    }

    pub fn size_text(&self) -> String {
        if self.bytes < 1024 * 1024 {
            format!("{} KB", (self.bytes + 1023) / 1024)
        } else {
            format!("{:.1} MB", self.bytes as f64 / (1024.0 * 1024.0))
        }
    }
}

/// While the case is open: an officer adds what came later, too.
pub async fn add(
    act: &Act,
    id: Uuid,
    version: i32,
    name: &str,
    kind: MediaType,
    bytes: usize,
    sha256: &[u8; 32],
) -> Result<()> {
    let (mut transaction, held) = hold_for(act, id, version, CaseStep::Attach).await?;
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM admission_attachment WHERE district = $1 AND case_id = $2 AND removed_at IS NULL"#,
        act.scope.county(),
        id
    )
    .fetch_one(&mut *transaction)
    .await?;
    if count >= MAX_ATTACHMENTS {
        return Err(CaseError::Invalid(format!("一个案件最多 {MAX_ATTACHMENTS} 个附件")));
    }
    sqlx::query!(
        "INSERT INTO admission_attachment (district, id, case_id, name, media_type, bytes, sha256, added_at, added_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        act.scope.county(),
        Uuid::now_v7(),
        id,
        name,
        kind.name,
        bytes as i64,
        &sha256[..],
        act.now,
        act.actor.name
    )
    .execute(&mut *transaction)
    .await?;
    let detail = json!({ "sha256": hex::encode(sha256), "bytes": bytes, "media_type": kind.name });
    settle(transaction, act, held, CaseStep::Attach, name, detail).await
}

/// Takes an attachment off the case; its content stays on disk, and the timeline says that it was there.
pub async fn remove(act: &Act, id: Uuid, version: i32, attachment: Uuid) -> Result<()> {
    let (mut transaction, held) = hold_for(act, id, version, CaseStep::Detach).await?;
    let name = sqlx::query_scalar!(
        "UPDATE admission_attachment SET removed_at = $4, removed_by = $5
         WHERE district = $1 AND case_id = $2 AND id = $3 AND removed_at IS NULL RETURNING name",
        act.scope.county(),
        id,
        attachment,
        act.now,
        act.actor.name
    )
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(CaseError::NotFound)?;
    settle(transaction, act, held, CaseStep::Detach, &name, json!({ "id": attachment })).await
}

pub async fn of_case(pool: &PgPool, scope: &Scope, case: Uuid) -> Result<Vec<Attachment>, sqlx::Error> {
    sqlx::query_as!(
        Attachment,
        "SELECT id, name, media_type, bytes, sha256, added_at, added_by FROM admission_attachment
         WHERE district = $1 AND case_id = $2 AND removed_at IS NULL ORDER BY added_at, id",
        scope.county(),
        case
    )
    .fetch_all(pool)
    .await
}
