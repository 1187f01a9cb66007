//! Dated lists that name their members: whom a scheme's population, a fixed grade or the coverage of a year looks up. A member is
//! entered on a document from a day on, ended or withdrawn with a reason, and never deleted.

use serde_json::json;

use super::listed::{HIGH_TECH, LOW_EFFICIENCY_LAND, ListCode, NewMembers, PLATFORMS};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::evaluation::store::registers::lists;
use crate::kept::dated::Dated;

/// Lists that nobody keeps by hand, because a register or a rule is them.
const OWN: [&str; 3] = [HIGH_TECH, PLATFORMS, LOW_EFFICIENCY_LAND];

/// Whether nobody keeps it by hand.
pub fn is_own(list: &ListCode) -> bool {
    OWN.contains(&list.as_str())
}

pub const LISTS: Dated =
    Dated { table: lists::TABLE, action: "evaluation.list_withdrawn", subject_kind: "evaluation_list" };

#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("“{0}”由系统的台账或规则直接得出，不另设名单")]
    Own(String),
    #[error("下列对象不在台账中：{}", .0.join("、"))]
    Unknown(Vec<String>),
    #[error("同一名单、同一期间已列有：{}", .0.join("、"))]
    Twice(Vec<String>),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Enters members; all of them or none.
///
/// # Errors
/// One is not on record, or stands on the list in these days.
pub async fn enter(act: &Act, new: &NewMembers) -> Result<usize, ListError> {
    if is_own(&new.list) {
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
    let deed = Deed { action: "evaluation.list", subject_kind: LISTS.subject_kind, subject: new.list.as_str(), detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(entered)
}
