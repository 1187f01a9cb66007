//! The register of industrial platforms (产业平台): what each was from when to when, with its stars or level of that time, on a
//! document. What changes is a new entry from that day on; nothing is deleted.

use serde_json::json;
use uuid::Uuid;

use super::listed::NewPlatform;
use crate::account::Act;
use crate::account::audit::Deed;
use crate::evaluation::store::registers::platforms;
use crate::kept::dated::Dated;

pub const PLATFORMS: Dated =
    Dated { table: platforms::TABLE, action: "evaluation.platform_withdrawn", subject_kind: "platform" };

#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    #[error("同一编号或名称的平台在这一期间已有登记；等级、名称有变化的，请先终止原登记，再自变化之日登记")]
    Twice,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// # Errors
/// The code or the name stands in these days.
pub async fn enter(act: &Act, new: &NewPlatform) -> Result<Uuid, PlatformError> {
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    platforms::insert(&mut transaction, act, id, new).await.map_err(refused)?;
    let detail = json!({
        "platform": id, "name": new.name, "kind": new.kind.code(), "level": new.level, "document": new.document,
    });
    let deed = Deed {
        action: "evaluation.platform",
        subject_kind: PLATFORMS.subject_kind,
        subject: new.code.as_str(),
        detail,
    };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(id)
}

fn refused(error: sqlx::Error) -> PlatformError {
    let constraint = match &error {
        sqlx::Error::Database(error) => error.constraint(),
        _ => None,
    };
    match constraint {
        Some("platform_once" | "platform_named_once") => PlatformError::Twice,
        _ => error.into(),
    }
}
