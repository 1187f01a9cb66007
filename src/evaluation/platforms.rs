//! The register of industrial platforms (产业平台): what each was from when to when, with its stars or level of that time, on a
//! document. What changes is a new entry from that day on; nothing is deleted.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::kept::{NewPlatform, ended};
use super::store::platforms;
use crate::account::Act;
use crate::account::audit::Deed;

#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    #[error("同一编号或名称的平台在这一期间已有登记；等级、名称有变化的，请先终止原登记，再自变化之日登记")]
    Twice,
    #[error("没有这条平台登记，或已撤销")]
    NotFound,
    #[error("请写明理由")]
    NoReason,
    #[error("终止日期须在原起始日期之后、原终止日期之前")]
    End,
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
    act.record(&mut transaction, deed("evaluation.platform", new.code.as_str(), detail)).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Withdraws an entry from the beginning; or, with a day, ends it there: the entry then stands as one that ends.
///
/// # Errors
/// No reason, a day outside its days, or somebody withdrew it before.
pub async fn withdraw(act: &Act, id: Uuid, last: Option<NaiveDate>, reason: &str) -> Result<(), PlatformError> {
    if reason.is_empty() {
        return Err(PlatformError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let found = platforms::withdraw(&mut transaction, act, id, reason).await?;
    let (code, valid) = found.ok_or(PlatformError::NotFound)?;
    if let Some(last) = last {
        let shorter = ended(valid, last).ok_or(PlatformError::End)?;
        platforms::again(&mut transaction, act, id, shorter).await?;
    }
    let detail = json!({ "platform": id, "until": last, "reason": reason });
    act.record(&mut transaction, deed("evaluation.platform_withdrawn", &code, detail)).await?;
    Ok(transaction.commit().await?)
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

fn deed<'a>(action: &'a str, subject: &'a str, detail: serde_json::Value) -> Deed<'a> {
    Deed { action, subject_kind: "platform", subject, detail }
}
