//! What a result must hold, what it comes to, and which steps a task may take. No clock, no I/O.

use crate::base::text::Seen;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::checklist::{Checklist, Item};
use super::{Answer, Conflict, Finding, ItemAnswer, Outcome, Position, Step, TaskState};
use crate::workflow::{Table, makes, moves};

/// Photos of one visit.
pub const MOST_PHOTOS: usize = 30;
/// Characters of a comment or note.
pub const LONGEST_TEXT: usize = 1000;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    #[error("任务{from}，不能{step}")]
    NotFrom { from: TaskState, step: Step },
    #[error("{0}须填写原因")]
    ReasonMissing(Step),
}

use Step as T;
use TaskState as S;

pub static TABLE: Table<S, T> = Table {
    noun: "检查任务",
    missing: "没有这个检查任务，或不在您的辖区内",
    begins: S::Open,
    closed: &[S::Closed, S::Cancelled],
    reopens: &[T::Adopt],
    ways: &[
        makes(T::Assign, S::Open, "inspection.assign"),
        moves(T::Start, &[S::Open], S::UnderWay, "inspection.start"),
        // A second result before anybody closed the task stands beside the first.
        moves(T::Report, &[S::UnderWay, S::Reported], S::Reported, "inspection.report"),
        moves(T::Revisit, &[S::Reported], S::Open, "inspection.revisit"),
        moves(T::Reassign, &[S::Open, S::UnderWay], S::Open, "inspection.reassign"),
        moves(T::Close, &[S::Reported], S::Closed, "inspection.close"),
        moves(T::Cancel, &[S::Open, S::UnderWay, S::Reported], S::Cancelled, "inspection.cancel"),
        // Whatever had become of the task: it has a result again, to be looked at and closed.
        moves(T::Adopt, S::ALL, S::Reported, "inspection.adopt"),
    ],
};

impl TaskState {
    /// Where a step leads. `Assign` makes a task and is no step of one that is there.
    ///
    /// # Errors
    /// When the step cannot be taken from here.
    pub fn after(self, step: Step) -> Result<TaskState, StepError> {
        TABLE.after(self, step).ok_or(StepError::NotFrom { from: self, step })
    }

    /// Steps that somebody may take now. Adopting is about one result and not among them.
    pub fn steps(self) -> Vec<Step> {
        TABLE.steps(self).filter(|step| *step != Step::Adopt).collect()
    }

    pub fn waits_for_a_visit(self) -> bool {
        matches!(self, TaskState::Open | TaskState::UnderWay)
    }

    /// Days past the due date while nobody has reported; `None` when it is not overdue.
    pub fn overdue(self, due: NaiveDate, today: NaiveDate) -> Option<i64> {
        let days = (today - due).num_days();
        (self.waits_for_a_visit() && days > 0).then_some(days)
    }
}

/// A reason is compulsory for what takes work away or ends it badly.
///
/// # Errors
/// When it is missing.
pub fn check_reason(step: Step, last: Option<Outcome>, reason: Option<&str>) -> Result<(), StepError> {
    let needed = match step {
        Step::Cancel | Step::Revisit | Step::Adopt => true,
        Step::Close => last != Some(Outcome::Pass),
        Step::Assign | Step::Start | Step::Report | Step::Reassign => false,
    };
    let given = reason.is_some_and(|reason| !reason.is_blank());
    if needed && !given { Err(StepError::ReasonMissing(step)) } else { Ok(()) }
}

/// What is wrong with a result; the item it concerns, when it concerns one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub item: Option<String>,
    pub code: &'static str,
    pub message: String,
}

/// Every fault of a result at once; none when it can be recorded.
pub fn faults(checklist: &Checklist, finding: &Finding) -> Vec<Fault> {
    let mut given: BTreeMap<&str, Vec<&ItemAnswer>> = BTreeMap::new();
    for answer in &finding.answers {
        given.entry(&answer.item).or_default().push(answer);
    }
    let mut faults = Vec::new();
    for item in &checklist.items {
        match given.remove(item.code.as_str()).as_deref() {
            None => faults.push(about(item, "answer_missing", format!("“{}”还没有回答", item.text))),
            Some([answer]) => answer_faults(item, answer, &mut faults),
            Some(_) => faults.push(about(item, "answered_twice", format!("“{}”回答了两次", item.text))),
        }
    }
    for unknown in given.keys() {
        faults.push(general("unknown_item", format!("检查表中没有“{unknown}”")));
    }
    if finding.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_TEXT) {
        faults.push(general("note_too_long", format!("备注不能超过 {LONGEST_TEXT} 字")));
    }
    if finding.photos.len() > MOST_PHOTOS {
        faults.push(general("too_many_photos", format!("一次检查最多 {MOST_PHOTOS} 张照片")));
    }
    if !(2000..=2100).contains(&finding.device_at.year()) {
        faults.push(general("device_time", "手机时间不正确，请校准后重新保存".into()));
    }
    if finding.position.is_some_and(|position| !position.is_on_earth()) {
        faults.push(general("position", "位置不是有效的经纬度".into()));
    }
    faults
}

fn answer_faults(item: &Item, answer: &ItemAnswer, faults: &mut Vec<Fault>) {
    let comment = answer.comment.as_deref().map(Seen::seen).unwrap_or_default();
    if answer.answer == Answer::Fail && comment.is_empty() {
        faults.push(about(item, "comment_missing", format!("“{}”不符合，须说明情况", item.text)));
    }
    if comment.chars().count() > LONGEST_TEXT {
        faults.push(about(item, "comment_too_long", format!("“{}”的说明不能超过 {LONGEST_TEXT} 字", item.text)));
    }
    let looked = matches!(answer.answer, Answer::Pass | Answer::Fail);
    match (&item.figure, answer.figure) {
        (None, Some(_)) => faults.push(about(item, "figure_unasked", format!("“{}”不需要填写数值", item.text))),
        (Some(asked), None) if asked.required && looked => {
            let message = format!("“{}”须填写{}（{}）", item.text, asked.name, asked.unit);
            faults.push(about(item, "figure_missing", message));
        }
        (Some(asked), Some(figure)) => {
            if figure < Decimal::ZERO || figure > asked.at_most {
                let message = format!("{}应在 0 至 {} {}之间", asked.name, asked.at_most, asked.unit);
                faults.push(about(item, "figure_range", message));
            } else if figure.normalize().scale() > asked.places {
                faults.push(about(item, "figure_places", format!("{}最多 {} 位小数", asked.name, asked.places)));
            }
        }
        _ => {}
    }
}

fn about(item: &Item, code: &'static str, message: String) -> Fault {
    Fault { item: Some(item.code.clone()), code, message }
}

fn general(code: &'static str, message: String) -> Fault {
    Fault { item: None, code, message }
}

/// One failure fails the visit; what could not be seen leaves it open; nothing looked at is no pass.
pub fn outcome(answers: &[ItemAnswer]) -> Outcome {
    let any = |wanted: Answer| answers.iter().any(|each| each.answer == wanted);
    if any(Answer::Fail) {
        Outcome::Fail
    } else if any(Answer::NotSeen) || !any(Answer::Pass) {
        Outcome::Incomplete
    } else {
        Outcome::Pass
    }
}

/// What stands between a result and its task: the task ended, or is somebody else's by now.
pub fn conflict(state: TaskState, is_theirs: bool) -> Option<Conflict> {
    match state {
        TaskState::Cancelled => Some(Conflict::Cancelled),
        TaskState::Closed => Some(Conflict::Closed),
        TaskState::Open | TaskState::UnderWay | TaskState::Reported if !is_theirs => Some(Conflict::Reassigned),
        TaskState::Open | TaskState::UnderWay | TaskState::Reported => None,
    }
}

impl Position {
    pub fn is_on_earth(&self) -> bool {
        let accurate = self.accuracy_m.is_none_or(|metres| metres.is_finite() && metres >= 0.0);
        self.longitude.abs() <= 180.0 && self.latitude.abs() <= 90.0 && accurate
    }
}

#[cfg(test)]
mod tests;
