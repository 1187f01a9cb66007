//! Steps of a file up to its being carried out, and what may happen to it on the way. Each has its guard; what refuses names the
//! field and what to do.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::deadlines::{days_on, deadlines};
use super::plan::{self, Plan};
use super::proof::LineOf;
use super::rules::{Standing, goes_on};
use super::standing::{self, late};
use super::store::files::File;
use super::store::{row, steps, subjects, tasks};
use super::wording::{self, RemediationError};
use super::{State, Step, SubjectKind, Way};
use crate::account::Act;
use crate::codelist::WorkCalendar;
use crate::contract::days::period_of_days;
use crate::db::PgConnection;
use crate::low_efficiency::store::{self as list, ListError};
use crate::workflow::{self, Case, Held, Left, Refused, Statement};

/// What somebody does about a file, as they saw it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub file: Uuid,
    pub version: i32,
}

/// When it happened, and what is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub on: NaiveDate,
    pub words: &'a str,
    pub document: Option<&'a str>,
}

crate::terms! {
    /// What came of the days to be heard.
    #[schema(as = RemediationHearing)]
    pub enum Hearing {
        /// Their statement, or the record of the hearing, is on file.
        Heard = "heard" => "已陈述申辩或听证",
        NotAsked = "not_asked" => "期内未提出",
    }
}

pub(super) async fn hold(
    connection: &mut PgConnection,
    act: &Act,
    seen: Seen,
    step: Step,
) -> Result<Held<File>, RemediationError> {
    let held = workflow::hold::<File>(connection, &act.scope, seen.file, seen.version).await?;
    workflow::after(&*held, step)?;
    Ok(held)
}

/// A day between the opening of the file and today.
pub(super) fn guard_day(file: &File, on: NaiveDate, today: NaiveDate) -> Result<(), RemediationError> {
    if on > today {
        return Err(wording::wrong("on", "日期不能晚于今天").into());
    }
    if on < file.opened_on {
        return Err(wording::wrong("on", format!("日期{on}早于列入日期{}", file.opened_on)).into());
    }
    Ok(())
}

pub(super) fn guard_words(words: &str, asked: &str) -> Result<(), RemediationError> {
    if words.is_empty() { Err(wording::missing("reason", asked).into()) } else { Ok(()) }
}

/// A file in the version that somebody saw, with how it stands. It is read before anything is held: a transaction that waits for
/// further connections could be waited for by them.
pub(super) struct Looked {
    pub file: File,
    pub standing: Standing,
}

pub(super) async fn look(act: &Act, seen: Seen) -> Result<Looked, RemediationError> {
    let mut connection = act.pool.acquire().await?;
    let file = File::find(&mut connection, &act.scope, seen.file).await?;
    let file = file.ok_or(Refused::NotFound(File::TABLE.missing))?;
    workflow::unchanged(&mut connection, &act.scope, &file, seen.version).await?;
    drop(connection);
    let standing = standing::of_one(&act.pool, &act.scope, &file, act.today()).await?;
    Ok(Looked { file, standing })
}

/// Nothing goes on about an enterprise that has left or a parcel that is no more.
pub(super) fn guard_subject(found: &Standing, way: Option<Way>) -> Result<(), RemediationError> {
    if goes_on(&found.subject, way) { Ok(()) } else { Err(wording::subject_is_gone(&found.subject).into()) }
}

/// Writes row, timeline and audit entry of a step.
pub(super) async fn take(
    connection: &mut PgConnection,
    act: &Act,
    held: &Held<File>,
    (step, row): (Step, Statement),
    (told, detail): (Told<'_>, Value),
) -> Result<State, RemediationError> {
    let state = workflow::after(&**held, step)?;
    let said = steps::Said { reason: told.words, document: told.document, detail: detail.clone() };
    let timeline = Some(steps::line(act, held.id, (step, state), told.on, &said));
    Ok(workflow::take(connection, act, held, step, Left { row, timeline, detail }).await?)
}

/// # Errors
/// Somebody was faster, or the subject is no more.
pub async fn verify(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), RemediationError> {
    guard_words(told.words, "请填写核实情况")?;
    let today = act.today();
    let due = days_on(today, deadlines(&act.pool, today).await?.plan);
    let found = look(act, seen).await?;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Verify).await?;
    guard_day(&held, told.on, today)?;
    guard_subject(&found.standing, None)?;
    let row = row::move_on(act, held.id, State::Verified, Some(due));
    take(&mut transaction, act, &held, (Step::Verify, row), (told, json!({}))).await?;
    Ok(transaction.commit().await?)
}

/// It should not have been entered, or cannot go on; what was done stays on record.
///
/// # Errors
/// No reason, or somebody was faster.
pub async fn drop_file(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), RemediationError> {
    guard_words(told.words, "请填写撤销列入的理由")?;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Drop).await?;
    guard_day(&held, told.on, act.today())?;
    let row = row::drop_file(act, held.id);
    take(&mut transaction, act, &held, (Step::Drop, row), (told, json!({}))).await?;
    Ok(transaction.commit().await?)
}

/// The line that a target is held against: that of its year, or while none is published for it, that of today's.
async fn line_for(act: &Act, year: Option<i32>) -> Result<Option<LineOf>, RemediationError> {
    let this_year = chrono::Datelike::year(&act.today());
    for year in year.into_iter().chain([this_year]) {
        match list::line_of(&act.pool, year).await {
            Ok(line) => return Ok(Some(LineOf::from(&line))),
            Err(ListError::Line { .. } | ListError::Year { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(None)
}

/// # Errors
/// Everything that does not hold together, such as a target below the line, at its field.
pub async fn plan(act: &Act, seen: Seen, new: &Plan) -> Result<(), RemediationError> {
    let (person, today) = (act.person()?, act.today());
    let line = line_for(act, new.target_year).await?;
    let anew = days_on(today, deadlines(&act.pool, today).await?.plan);
    let found = look(act, seen).await?;
    let mut faults = plan::faults(new, found.file.subject_kind, today, line);
    faults.extend(unknown(act, &found.file, new, today).await?);
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Plan).await?;
    if !faults.is_empty() {
        return Err(RemediationError::Refused(faults));
    }
    guard_subject(&found.standing, Some(new.way))?;
    let due = match held.state {
        State::Verified | State::Planned => held.due.unwrap_or(anew),
        _ => anew,
    };
    tasks::replace_milestones(&mut transaction, act, held.id, (new.lead, &new.milestones)).await?;
    let departments: Vec<&str> = new.departments.iter().map(|department| department.code()).collect();
    let detail = json!({ "way": new.way.code(), "target": new.target, "target_year": new.target_year, "due": new.due,
        "contract": new.contract, "new_parcel": new.new_parcel, "lead": new.lead.code(), "departments": departments });
    let row = row::plan(act, held.id, new, (person, due));
    let told = Told { on: today, words: &new.measures, document: None };
    take(&mut transaction, act, &held, (Step::Plan, row), (told, detail)).await?;
    Ok(transaction.commit().await?)
}

/// What a plan names has to be on record.
async fn unknown(
    act: &Act,
    file: &File,
    new: &Plan,
    today: NaiveDate,
) -> Result<Vec<crate::exchange::Fault>, RemediationError> {
    let mut faults = Vec::new();
    if let Some(number) = &new.contract
        && crate::contract::store::known_number(&act.pool, &act.scope, number).await?.is_none()
    {
        faults.push(wording::wrong("contract", format!("没有编号为“{number}”的出让合同；请核对或先登记合同")));
    }
    if let Some(code) = &new.new_parcel {
        if file.subject_kind == SubjectKind::Parcel && file.subject == *code {
            faults.push(wording::wrong("new_parcel", "迁入宗地就是本宗地；请填写另一宗地"));
        } else if subjects::parcel(&mut *act.pool.acquire().await?, &act.scope, code, today).await?.is_none() {
            faults
                .push(wording::wrong("new_parcel", format!("宗地台账中没有代码为 {code} 的宗地；请核对或先登记宗地")));
        }
    }
    Ok(faults)
}

/// The plan is told to whom it concerns; the days to be heard begin.
///
/// # Errors
/// No document, or somebody was faster.
pub async fn notify(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), RemediationError> {
    let document = told.document.ok_or_else(|| wording::missing("document", "请填写整治告知书的文号"))?;
    let today = act.today();
    let days = deadlines(&act.pool, told.on.min(today)).await?.hearing;
    let found = look(act, seen).await?;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Notify).await?;
    guard_day(&held, told.on, today)?;
    if held.planned_on.is_some_and(|planned| told.on < planned) {
        return Err(wording::wrong("on", "送达日期早于方案制定日期；请核对").into());
    }
    guard_subject(&found.standing, held.way)?;
    let until = period_of_days(told.on, days, WorkCalendar::embedded()).day;
    let row = row::notify(act, held.id, (told.on, document), until);
    let detail = json!({ "document": document, "until": until });
    take(&mut transaction, act, &held, (Step::Notify, row), (told, detail)).await?;
    Ok(transaction.commit().await?)
}

/// What they said, or that they said nothing in their days.
///
/// # Errors
/// Nothing was said and the days are not over, or somebody was faster.
pub async fn hear(act: &Act, seen: Seen, hearing: Hearing, told: Told<'_>) -> Result<(), RemediationError> {
    guard_words(told.words, "请填写陈述申辩、听证的内容及采纳情况，或期内未提出的说明")?;
    let today = act.today();
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Hear).await?;
    guard_day(&held, told.on, today)?;
    if held.noticed_on.is_some_and(|noticed| told.on < noticed) {
        return Err(wording::wrong("on", "日期早于告知送达日期；请核对").into());
    }
    if let Some(until) = held.due.filter(|until| hearing == Hearing::NotAsked && today <= *until) {
        return Err(wording::wrong("hearing", format!("陈述申辩期至{until}，期满后才能登记未提出")).into());
    }
    let row = row::move_on(act, held.id, State::Heard, held.plan_due);
    let detail = json!({ "hearing": hearing.code() });
    take(&mut transaction, act, &held, (Step::Hear, row), (told, detail)).await?;
    Ok(transaction.commit().await?)
}

/// # Errors
/// Somebody was faster, or the subject is no more.
pub async fn start(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), RemediationError> {
    let found = look(act, seen).await?;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Start).await?;
    guard_day(&held, told.on, act.today())?;
    guard_subject(&found.standing, held.way)?;
    let row = row::move_on(act, held.id, State::CarryingOut, held.plan_due);
    take(&mut transaction, act, &held, (Step::Start, row), (told, json!({}))).await?;
    Ok(transaction.commit().await?)
}

/// The clock stands still from a day on.
///
/// # Errors
/// No cause, or somebody was faster.
pub async fn suspend(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), RemediationError> {
    guard_words(told.words, "请填写中止的事由（如诉讼、不可抗力）")?;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Suspend).await?;
    guard_day(&held, told.on, act.today())?;
    let row = row::suspend(act, held.id, told.on);
    take(&mut transaction, act, &held, (Step::Suspend, row), (told, json!({}))).await?;
    Ok(transaction.commit().await?)
}

/// The last day moves on by as many days as it stood still.
///
/// # Errors
/// Before it was suspended, or somebody was faster.
pub async fn resume(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), RemediationError> {
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Resume).await?;
    guard_day(&held, told.on, act.today())?;
    let (Some(suspended), Some(due)) = (held.suspended_on, held.due) else {
        return Err(anyhow::anyhow!("a suspended file without its day").into());
    };
    let days = u32::try_from((told.on - suspended).num_days())
        .map_err(|_| wording::wrong("on", format!("恢复日期不能早于中止日期{suspended}")))?;
    let due = days_on(due, days);
    let row = row::resume(act, held.id, due);
    let detail = json!({ "days": days, "due": due });
    take(&mut transaction, act, &held, (Step::Resume, row), (told, detail)).await?;
    Ok(transaction.commit().await?)
}

/// Somebody above is told of a file that is late.
///
/// # Errors
/// It is not late, or somebody was faster.
pub async fn escalate(act: &Act, seen: Seen, to: &str, told: Told<'_>) -> Result<(), RemediationError> {
    if to.is_empty() {
        return Err(wording::missing("to", "请填写督办的单位或领导").into());
    }
    let today = act.today();
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Escalate).await?;
    guard_day(&held, told.on, today)?;
    let late = late(&held, today);
    if late == 0 {
        return Err(wording::wrong("to", "本档案没有逾期，无须督办").into());
    }
    let row = row::escalate(act, held.id, told.on, to);
    let detail = json!({ "to": to, "overdue_days": late });
    take(&mut transaction, act, &held, (Step::Escalate, row), (told, detail)).await?;
    Ok(transaction.commit().await?)
}
