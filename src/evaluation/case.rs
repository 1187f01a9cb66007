//! A run on its way to an official result: proposed by one person, signed by another, superseded by a later one.

use serde_json::json;
use uuid::Uuid;

use super::RunState;
use super::store::runs::{self, Run, steps};
use crate::account::Act;
use crate::db::{PgConnection, Scope};
use crate::leading_group::{CiteError, Matter, cite};
use crate::workflow::{self, Case, Key, Left, Refused, Table, four_eyes, moves};

crate::terms! {
    #[schema(as = EvaluationRunStep)]
    pub enum RunStep {
        Propose = "propose" => "报请签发",
        Sign = "sign" => "签发为正式结果",
        Return = "return" => "退回",
        Withdraw = "withdraw" => "撤回",
        Supersede = "supersede" => "由新结果替代",
    }
}

use RunState as S;
use RunStep as T;

/// What is official stays on record when a later run takes its place.
pub static TABLE: Table<S, T> = Table {
    noun: "评价核算",
    missing: "没有这次评价核算，或不在您的辖区内",
    begins: S::Computed,
    closed: &[S::Superseded, S::Withdrawn],
    reopens: &[],
    ways: &[
        moves(T::Propose, &[S::Computed], S::Proposed, "evaluation.propose"),
        moves(T::Sign, &[S::Proposed], S::Official, "evaluation.sign"),
        moves(T::Return, &[S::Proposed], S::Computed, "evaluation.return"),
        moves(T::Withdraw, &[S::Computed], S::Withdrawn, "evaluation.withdraw"),
        moves(T::Supersede, &[S::Official], S::Superseded, "evaluation.supersede"),
    ],
};

impl Case for Run {
    type State = RunState;
    type Step = RunStep;

    const TABLE: &'static Table<RunState, RunStep> = &TABLE;
    const ROWS: &'static str = "evaluation_run";
    const SUBJECT_KIND: &'static str = "evaluation_run";

    fn key(&self) -> Key<RunState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.id.to_string() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        runs::find(connection, scope, id).await
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("试评价的结果只供参考，不能签发为正式结果")]
    Trial,
    #[error("请写明签发所依据的领导小组决议的文号")]
    NoDocument,
    #[error(transparent)]
    Cite(#[from] CiteError),
    #[error("请写明退回的理由")]
    NoReason,
    #[error("请由报请人以外的人签发或退回")]
    SamePerson,
    /// Another run of the category and year.
    #[error("同一类别、年度的另一次核算刚刚签发，请核对后再办理")]
    Overtaken,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// What somebody does about a run, as they saw it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub run: Uuid,
    pub version: i32,
}

/// # Errors
/// It is a trial, or somebody was faster.
pub async fn propose(act: &Act, seen: Seen) -> Result<(), CaseError> {
    let person = act.person()?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Run>(&mut transaction, &act.scope, seen.run, seen.version).await?;
    if held.trial {
        return Err(CaseError::Trial);
    }
    let row = steps::propose(act, seen.run, person);
    workflow::take(&mut transaction, act, &held, T::Propose, Left { row, timeline: None, detail: json!({}) }).await?;
    Ok(transaction.commit().await?)
}

/// Makes a run official by the resolution of the leading group that says so; an official run of the same category and year is superseded.
///
/// # Errors
/// No resolution of that number, the person who proposed it, or somebody was faster.
pub async fn sign(act: &Act, seen: Seen, document: &str) -> Result<(), CaseError> {
    let person = act.person()?;
    if document.is_empty() {
        return Err(CaseError::NoDocument);
    }
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Run>(&mut transaction, &act.scope, seen.run, seen.version).await?;
    four_eyes(held.proposed_by, person).map_err(|_| CaseError::SamePerson)?;
    let before = runs::official(&mut transaction, &act.scope, &held.head.category, held.head.year).await?;
    let cited = cite(&mut transaction, &act.scope, document, Matter::Signature, act.today()).await?;
    if let Some(before) = before {
        supersede(&mut transaction, act, before, seen.run).await?;
    }
    let row = steps::sign(act, seen.run, person, (&cited, before));
    let detail = json!({ "document": cited.number, "resolution": cited.id, "supersedes": before });
    let taken = workflow::take(&mut transaction, act, &held, T::Sign, Left { row, timeline: None, detail }).await;
    taken.map_err(|refused| if runs::is_second_official(&refused) { CaseError::Overtaken } else { refused.into() })?;
    Ok(transaction.commit().await?)
}

async fn supersede(connection: &mut PgConnection, act: &Act, run: Uuid, by: Uuid) -> Result<(), CaseError> {
    let held = workflow::hold_for::<Run>(connection, &act.scope, run, T::Supersede).await?;
    let row = steps::end(act, run, RunState::Superseded);
    let detail = json!({ "by": by });
    workflow::take(connection, act, &held, T::Supersede, Left { row, timeline: None, detail }).await?;
    Ok(())
}

/// Gives a proposed run back, with the reason.
///
/// # Errors
/// No reason, the person who proposed it, or somebody was faster.
pub async fn send_back(act: &Act, seen: Seen, reason: &str) -> Result<(), CaseError> {
    let person = act.person()?;
    if reason.is_empty() {
        return Err(CaseError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Run>(&mut transaction, &act.scope, seen.run, seen.version).await?;
    four_eyes(held.proposed_by, person).map_err(|_| CaseError::SamePerson)?;
    let row = steps::give_back(act, seen.run);
    let detail = json!({ "reason": reason });
    workflow::take(&mut transaction, act, &held, T::Return, Left { row, timeline: None, detail }).await?;
    Ok(transaction.commit().await?)
}

/// # Errors
/// Somebody was faster, or it is proposed or official.
pub async fn withdraw(act: &Act, seen: Seen) -> Result<(), CaseError> {
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Run>(&mut transaction, &act.scope, seen.run, seen.version).await?;
    let row = steps::end(act, seen.run, RunState::Withdrawn);
    workflow::take(&mut transaction, act, &held, T::Withdraw, Left { row, timeline: None, detail: json!({}) }).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_what_is_closed_stays_so() {
        assert_eq!(TABLE.faults(RunState::ALL, RunStep::ALL), Vec::<String>::new());
    }
}
