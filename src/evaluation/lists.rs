//! Dated lists that name their members: whom a scheme's population, a fixed grade or the coverage of a year looks up. A member is
//! entered on a document from a day on, ended or withdrawn with a reason, and never deleted.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::kept::{HIGH_TECH, LOW_EFFICIENCY_LAND, NewMembers, PLATFORMS, ended};
use super::store::lists;
use crate::account::Act;
use crate::account::audit::Deed;

/// Lists that nobody keeps by hand, because a register or a rule is them.
const OWN: [&str; 3] = [HIGH_TECH, PLATFORMS, LOW_EFFICIENCY_LAND];

#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("“{0}”由系统的台账或规则直接得出，不另设名单")]
    Own(String),
    #[error("下列对象不在台账中：{}", .0.join("、"))]
    Unknown(Vec<String>),
    #[error("同一名单、同一期间已列有：{}", .0.join("、"))]
    Twice(Vec<String>),
    #[error("没有这条登记，或已撤销")]
    NotFound,
    #[error("请写明理由")]
    NoReason,
    #[error("终止日期须在原起始日期之后、原终止日期之前")]
    End,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Enters members; all of them or none.
///
/// # Errors
/// One is not on record, or stands on the list in these days.
pub async fn enter(act: &Act, new: &NewMembers) -> Result<usize, ListError> {
    if OWN.contains(&new.list.as_str()) {
        return Err(ListError::Own(new.list.as_str().to_owned()));
    }
    let mut transaction = act.begin().await?;
    let unknown = lists::unknown(&mut transaction, &act.scope, new.kind, &new.subjects).await?;
    if !unknown.is_empty() {
        return Err(ListError::Unknown(unknown));
    }
    let twice = lists::standing(&mut transaction, &act.scope, new).await?;
    if !twice.is_empty() {
        return Err(ListError::Twice(twice));
    }
    let entered = lists::insert(&mut transaction, act, new).await?;
    let detail = json!({
        "list": new.list.as_str(), "kind": new.kind.code(), "subjects": new.subjects, "document": new.document,
    });
    act.record(&mut transaction, deed("evaluation.list", new.list.as_str(), detail)).await?;
    transaction.commit().await?;
    Ok(entered)
}

/// Withdraws a member from the beginning; or, with a day, ends it there: the entry then stands as one that ends.
///
/// # Errors
/// No reason, a day outside its days, or somebody withdrew it before.
pub async fn withdraw(act: &Act, id: Uuid, last: Option<NaiveDate>, reason: &str) -> Result<(), ListError> {
    if reason.is_empty() {
        return Err(ListError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let (list, valid) = lists::withdraw(&mut transaction, act, id, reason).await?.ok_or(ListError::NotFound)?;
    if let Some(last) = last {
        let shorter = ended(valid, last).ok_or(ListError::End)?;
        lists::again(&mut transaction, act, id, shorter).await?;
    }
    let detail = json!({ "entry": id, "until": last, "reason": reason });
    act.record(&mut transaction, deed("evaluation.list_withdrawn", &list, detail)).await?;
    Ok(transaction.commit().await?)
}

fn deed<'a>(action: &'a str, subject: &'a str, detail: serde_json::Value) -> Deed<'a> {
    Deed { action, subject_kind: "evaluation_list", subject, detail }
}
