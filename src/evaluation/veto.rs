//! The register of what bars from A and B (二(一)4): entered by hand on a document, withdrawn with a reason, never deleted.

use serde_json::json;
use uuid::Uuid;

use super::NewVeto;
use super::store::vetoes;
use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::code::Uscc;
use crate::enterprise::store::is_visible;

#[derive(Debug, thiserror::Error)]
pub enum VetoError {
    #[error("没有信用代码为 {0} 的企业，或不在您的辖区内")]
    NoSuchEnterprise(Uscc),
    #[error("同一企业、同一事由、同一日期、同一文件的否决已登记")]
    Twice,
    #[error("没有这条否决登记，或已撤销")]
    NotFound,
    #[error("请写明撤销的理由")]
    NoReason,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Enters an event.
///
/// # Errors
/// The enterprise is not on record, or the event is.
pub async fn enter(act: &Act, new: &NewVeto) -> Result<Uuid, VetoError> {
    if !is_visible(&act.pool, &act.scope, new.uscc.as_str()).await? {
        return Err(VetoError::NoSuchEnterprise(new.uscc.clone()));
    }
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    if !vetoes::insert(&mut transaction, act, id, new).await? {
        return Err(VetoError::Twice);
    }
    let subject = new.uscc.to_string();
    let detail =
        json!({ "veto": id, "kind": new.kind.code(), "happened_on": new.happened_on, "document": new.document });
    act.record(&mut transaction, deed("evaluation.veto", &subject, detail)).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Withdraws one, which stays on record with the reason. Runs that counted it keep it.
///
/// # Errors
/// No reason, or somebody withdrew it before.
pub async fn withdraw(act: &Act, id: Uuid, reason: &str) -> Result<(), VetoError> {
    if reason.is_empty() {
        return Err(VetoError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let uscc = vetoes::withdraw(&mut transaction, act, id, reason).await?.ok_or(VetoError::NotFound)?;
    if !is_visible(&act.pool, &act.scope, &uscc).await? {
        return Err(VetoError::NotFound);
    }
    let detail = json!({ "veto": id, "reason": reason });
    act.record(&mut transaction, deed("evaluation.veto_withdrawn", &uscc, detail)).await?;
    Ok(transaction.commit().await?)
}

fn deed<'a>(action: &'a str, subject: &'a str, detail: serde_json::Value) -> Deed<'a> {
    Deed { action, subject_kind: "enterprise", subject, detail }
}
