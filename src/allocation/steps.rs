//! Steps of a finding: the body answers, the auditor takes the answer, gives it back, or lets the finding go.

use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::reports::Reporter;
use super::store::findings::{self, Finding, Row};
use super::wording::{AllocationError, missing, wrong};
use super::{State, Step};
use crate::account::Act;
use crate::contract::days::days_after;
use crate::policy;
use crate::workflow::{self, Held, Left, four_eyes};

/// A finding in the version that somebody saw.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub id: Uuid,
    pub version: i32,
}

/// What is said of a step.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub words: &'a str,
    pub document: Option<&'a str>,
}

fn guard_words(told: Told<'_>, asked: &str) -> Result<(), AllocationError> {
    if told.words.is_empty() { Err(AllocationError::Faults(vec![missing("words", asked)])) } else { Ok(()) }
}

/// # Errors
/// No words, another's body, or somebody was faster.
pub async fn answer(act: &Act, reporter: Reporter, seen: Seen, told: Told<'_>) -> Result<(), AllocationError> {
    guard_words(told, "请填写答复：事实、原因和整改情况")?;
    let person = act.person()?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Finding>(&mut transaction, &act.scope, seen.id, seen.version).await?;
    if !reporter.may(held.body) {
        return Err(AllocationError::OfAnother(held.body));
    }
    let row = Row { state: State::Answered, due: held.due, answer: Some((told.words, person)), ..Row::default() };
    take(&mut transaction, act, &held, (Step::Answer, row), told).await?;
    Ok(transaction.commit().await?)
}

/// # Errors
/// No words, or somebody was faster.
pub async fn give_back(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), AllocationError> {
    guard_words(told, "请写明退回的理由")?;
    let today = act.today();
    let parameters = policy::store::parameters_on(&act.pool, today).await?;
    let days = parameters.count("allocation_days_to_answer").map_err(anyhow::Error::from)?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Finding>(&mut transaction, &act.scope, seen.id, seen.version).await?;
    let row = Row { state: State::Opened, due: Some(days_after(today, days.into())), ..Row::default() };
    take(&mut transaction, act, &held, (Step::Return, row), told).await?;
    Ok(transaction.commit().await?)
}

/// What was found is put right, in yuan where it was about yuan.
///
/// # Errors
/// No words, an amount that is none, the person who answered, or somebody was faster.
pub async fn rectify(
    act: &Act,
    seen: Seen,
    rectified_yuan: Option<Decimal>,
    told: Told<'_>,
) -> Result<(), AllocationError> {
    guard_words(told, "请写明整改核实情况")?;
    if rectified_yuan.is_some_and(|yuan| yuan.is_sign_negative() || yuan.normalize().scale() > 2) {
        return Err(AllocationError::Faults(vec![wrong("rectified", "整改金额不能为负，至多两位小数")]));
    }
    close(act, seen, (Step::Rectify, State::Rectified), (told, rectified_yuan)).await
}

/// # Errors
/// No words, the person who answered, or somebody was faster.
pub async fn not_uphold(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), AllocationError> {
    guard_words(told, "请写明不成立的理由")?;
    close(act, seen, (Step::NotUphold, State::NotUpheld), (told, None)).await
}

async fn close(
    act: &Act,
    seen: Seen,
    (step, state): (Step, State),
    (told, rectified_yuan): (Told<'_>, Option<Decimal>),
) -> Result<(), AllocationError> {
    let person = act.person()?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Finding>(&mut transaction, &act.scope, seen.id, seen.version).await?;
    four_eyes(held.answered_by, person)?;
    let row = Row { state, due: None, rectified_yuan, closed_by: Some(person), answer: None };
    take(&mut transaction, act, &held, (step, row), told).await?;
    Ok(transaction.commit().await?)
}

async fn take(
    connection: &mut crate::db::PgConnection,
    act: &Act,
    held: &Held<Finding>,
    (step, row): (Step, Row<'_>),
    told: Told<'_>,
) -> Result<(), AllocationError> {
    workflow::after(&**held, step)?;
    let timeline = Some(findings::line(act, held.id, (step, row.state), (told.words, told.document)));
    let detail = json!({ "words": told.words, "document": told.document, "rectified": row.rectified_yuan });
    let left = Left { row: findings::write(act, held.id, &row), timeline, detail };
    workflow::take(connection, act, held, step, left).await?;
    Ok(())
}
