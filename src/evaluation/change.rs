//! A grade changed by hand (调档): proposed by one person on a document, decided by another. The automatic grade stands beside it for
//! ever, and nobody with a veto is lifted by it (`scoring::grades`).

use serde_json::json;
use uuid::Uuid;

use super::entry::{NewChange, has_grade};
use super::register::{RegisterError, scheme_of};
use super::store::changes::{self, Change};
use crate::account::Act;
use crate::db::{PgConnection, Scope};
use crate::enterprise::store::is_visible;
use crate::workflow::{self, Case, Held, Key, Left, Refused, Table, four_eyes, makes, moves};

pub use super::store::changes::ChangeState;

crate::terms! {
    #[schema(as = EvaluationChangeStep)]
    pub enum ChangeStep {
        Propose = "propose" => "提出调档",
        Approve = "approve" => "批准调档",
        Reject = "reject" => "不予调档",
        Withdraw = "withdraw" => "撤回调档",
        TakeBack = "take_back" => "撤销调档",
    }
}

use ChangeState as S;
use ChangeStep as T;

/// What was approved and cannot stand any more, as of an enterprise that left the ranking, is taken back.
pub static TABLE: Table<S, T> = Table {
    noun: "调档",
    missing: "没有这次调档，或不在您的辖区内",
    begins: S::Proposed,
    closed: &[S::Approved, S::Rejected, S::Withdrawn],
    reopens: &[T::TakeBack],
    ways: &[
        makes(T::Propose, S::Proposed, "evaluation.change_proposed"),
        moves(T::Approve, &[S::Proposed], S::Approved, "evaluation.change_approved"),
        moves(T::Reject, &[S::Proposed], S::Rejected, "evaluation.change_rejected"),
        moves(T::Withdraw, &[S::Proposed], S::Withdrawn, "evaluation.change_withdrawn"),
        moves(T::TakeBack, &[S::Approved], S::Withdrawn, "evaluation.change_taken_back"),
    ],
};

impl Case for Change {
    type State = ChangeState;
    type Step = ChangeStep;

    const TABLE: &'static Table<ChangeState, ChangeStep> = &TABLE;
    const ROWS: &'static str = "evaluation_change";
    const SUBJECT_KIND: &'static str = "evaluation_change";

    fn key(&self) -> Key<ChangeState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.id.to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        changes::find(connection, scope, id).await
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error(transparent)]
    Case(#[from] Refused),
    #[error(transparent)]
    Register(#[from] RegisterError),
    #[error("该企业在该类别、年度已有提出或批准的调档，请先办结或撤销")]
    Twice,
    #[error("请写明理由")]
    NoReason,
    #[error("请由提出人以外的人办理")]
    SamePerson,
    #[error("调档只能由提出人本人撤回")]
    NotOwn,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// # Errors
/// A grade that the scheme of the category and year does not give, an enterprise that is not on record, or one that has another
/// change.
pub async fn propose(act: &Act, new: &NewChange) -> Result<Uuid, ChangeError> {
    let person = act.person()?;
    let scheme = scheme_of(&act.pool, &act.scope, new.category, new.year).await?;
    if !has_grade(&scheme, &new.grade) {
        let known = scheme.grades.into_iter().map(|band| band.grade).collect();
        return Err(RegisterError::Grade { scheme: scheme.id, asked: new.grade.clone(), known }.into());
    }
    if !is_visible(&act.pool, &act.scope, new.uscc.as_str()).await? {
        return Err(RegisterError::NoSuchEnterprise(new.uscc.clone()).into());
    }
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    if !changes::insert(&mut transaction, act, (id, person), new).await? {
        return Err(ChangeError::Twice);
    }
    let detail = json!({
        "uscc": new.uscc, "category": new.category.code(), "year": new.year, "grade": new.grade,
        "document": new.document, "why": new.why,
    });
    let subject = id.to_string();
    workflow::opened::<Change>(&mut transaction, act, ("evaluation.change_proposed", &subject), None, detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// What somebody does about a change, as they saw it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub change: Uuid,
    pub version: i32,
}

async fn hold(connection: &mut PgConnection, act: &Act, seen: Seen) -> Result<Held<Change>, Refused> {
    workflow::hold::<Change>(connection, &act.scope, seen.change, seen.version).await
}

/// It counts in every run that is computed from now on.
///
/// # Errors
/// The person who proposed it, or somebody was faster.
pub async fn approve(act: &Act, seen: Seen) -> Result<(), ChangeError> {
    let person = act.person()?;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen).await?;
    four_eyes(Some(held.proposed_by), person).map_err(|_| ChangeError::SamePerson)?;
    let row = changes::approve(act, seen.change, person);
    workflow::take(&mut transaction, act, &held, T::Approve, Left { row, timeline: None, detail: json!({}) }).await?;
    Ok(transaction.commit().await?)
}

/// # Errors
/// No reason, the person who proposed it, or somebody was faster.
pub async fn reject(act: &Act, seen: Seen, reason: &str) -> Result<(), ChangeError> {
    let person = act.person()?;
    if reason.is_empty() {
        return Err(ChangeError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen).await?;
    four_eyes(Some(held.proposed_by), person).map_err(|_| ChangeError::SamePerson)?;
    let (row, detail) = (changes::reject(act, seen.change, (person, reason)), json!({ "reason": reason }));
    workflow::take(&mut transaction, act, &held, T::Reject, Left { row, timeline: None, detail }).await?;
    Ok(transaction.commit().await?)
}

/// Before it is decided, by whoever proposed it.
///
/// # Errors
/// Somebody else's, or somebody was faster.
pub async fn withdraw(act: &Act, seen: Seen) -> Result<(), ChangeError> {
    let person = act.person()?;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen).await?;
    if held.proposed_by != person {
        return Err(ChangeError::NotOwn);
    }
    let row = changes::withdraw(act, seen.change, (person, None));
    workflow::take(&mut transaction, act, &held, T::Withdraw, Left { row, timeline: None, detail: json!({}) }).await?;
    Ok(transaction.commit().await?)
}

/// What was approved does not count any more in runs computed from now on; those before keep it.
///
/// # Errors
/// No reason, the person who proposed it, or somebody was faster.
pub async fn take_back(act: &Act, seen: Seen, reason: &str) -> Result<(), ChangeError> {
    let person = act.person()?;
    if reason.is_empty() {
        return Err(ChangeError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen).await?;
    four_eyes(Some(held.proposed_by), person).map_err(|_| ChangeError::SamePerson)?;
    let row = changes::withdraw(act, seen.change, (person, Some(reason)));
    let detail = json!({ "reason": reason });
    workflow::take(&mut transaction, act, &held, T::TakeBack, Left { row, timeline: None, detail }).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_what_is_closed_stays_so() {
        assert_eq!(TABLE.faults(ChangeState::ALL, ChangeStep::ALL), Vec::<String>::new());
    }
}
