//! Steps of a finding: the department it was handed to files a case, orders, fines, looks again; or finds that there is nothing in it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::case::FINDING;
use super::store::findings::{self, Finding, Row, Said};
use super::wording::{self, EnforcementError, missing, wrong};
use super::{State, Step};
use crate::account::{Act, Department};
use crate::exchange::Fault;
use crate::workflow::{self, Held, Left, Number, Refused, four_eyes};

/// A finding in the version that somebody saw, and for which department they act.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub id: Uuid,
    pub version: i32,
    pub department: Option<Department>,
}

/// The finding of a number.
///
/// # Errors
/// There is none in the scope.
pub async fn of_number(act: &Act, number: &str) -> Result<Finding, EnforcementError> {
    let missing = || Refused::NotFound(FINDING.missing);
    let number: Number = number.parse().map_err(|()| missing())?;
    let found = findings::by_number(&mut *act.pool.acquire().await?, &act.scope, number).await?;
    Ok(found.ok_or_else(missing)?)
}

/// What is told of a step.
#[derive(Clone, Debug)]
pub struct Told {
    pub step: Step,
    /// When it was done.
    pub on: NaiveDate,
    pub words: String,
    /// Number of the case, of the order, of the fine.
    pub document: Option<String>,
    /// By when it is put right: of an order, and of a new try.
    pub due: Option<NaiveDate>,
    pub fine_yuan: Option<Decimal>,
}

/// What a step needs to be taken, by itself.
pub fn lacking(told: &Told, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if told.words.is_empty() {
        faults.push(missing("words", "请填写办理情况"));
    }
    if told.on > today {
        faults.push(wrong("on", "办理日期不能晚于今天"));
    }
    if matches!(told.step, Step::File | Step::Order | Step::Fine) && told.document.is_none() {
        faults.push(missing("document", format!("{}须填写文书的文号", told.step)));
    }
    if matches!(told.step, Step::Order | Step::Recheck) {
        match told.due {
            None => faults.push(missing("due", "请填写整改期限")),
            Some(due) if due < today => faults.push(wrong("due", "整改期限不能早于今天")),
            Some(_) => {}
        }
    }
    if told.step == Step::Fine {
        match told.fine_yuan {
            None => faults.push(missing("fine", "请填写罚款金额（元）")),
            Some(yuan) if yuan <= Decimal::ZERO || yuan.normalize().scale() > 2 => {
                faults.push(wrong("fine", "罚款金额应大于零，至多两位小数"));
            }
            Some(_) => {}
        }
    }
    faults
}

/// Takes a step for the department that the finding was handed to.
///
/// # Errors
/// What the step lacks, a finding of another department, a day before it was handed over, the person who may not close it, or
/// somebody was faster.
pub async fn take(act: &Act, seen: Seen, told: &Told) -> Result<State, EnforcementError> {
    let person = act.person()?;
    let faults = lacking(told, act.today());
    if !faults.is_empty() {
        return Err(EnforcementError::Refused(faults));
    }
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Finding>(&mut transaction, &act.scope, seen.id, seen.version).await?;
    if seen.department != Some(held.department) {
        return Err(wording::of_another(held.department).into());
    }
    let state = workflow::after(&*held, told.step)?;
    if told.on < held.handed_on {
        return Err(wording::before("on", "移交日期", held.handed_on).into());
    }
    match told.step {
        Step::Rectify => four_eyes(held.ordered_by, person)?,
        Step::NotUphold => four_eyes(Some(held.handed_by), person)?,
        Step::HandOver | Step::File | Step::Order | Step::Fine | Step::Recheck => {}
    }
    let left = left(act, &held, (state, person), told);
    workflow::take(&mut transaction, act, &held, told.step, left).await?;
    transaction.commit().await?;
    Ok(state)
}

fn left(act: &Act, held: &Held<Finding>, (state, person): (State, Uuid), told: &Told) -> Left {
    let document = told.document.as_deref();
    let closed = state.is_closed().then_some((told.on, person));
    let row = Row {
        due: if state.is_closed() { None } else { told.due.or(held.due) },
        filing: document.filter(|_| told.step == Step::File),
        order: document.filter(|_| told.step == Step::Order).map(|document| (document, person)),
        fine_yuan: told.fine_yuan.filter(|_| told.step == Step::Fine),
        closed,
        ..Row::of(held, state)
    };
    let said = Said { on: told.on, words: &told.words, document, fine_yuan: row.fine_yuan };
    Left {
        row: findings::write(act, held.id, &row),
        timeline: Some(findings::line(act, held.id, (told.step, state), said)),
        detail: json!({ "words": told.words, "document": document, "on": told.on, "due": row.due, "fine_yuan": row.fine_yuan }),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(step: Step) -> Told {
        Told { step, on: day("2026-11-23"), words: "已办".into(), document: None, due: None, fine_yuan: None }
    }

    fn places(told: &Told) -> Vec<String> {
        lacking(told, day("2026-11-23")).into_iter().map(|fault| fault.place).collect()
    }

    #[test]
    fn each_step_has_its_paper_its_day_and_its_amount() {
        assert_eq!(places(&told(Step::File)), ["document"]);
        assert_eq!(places(&told(Step::Order)), ["document", "due"]);
        assert_eq!(places(&told(Step::Fine)), ["document", "fine"]);
        assert_eq!(places(&told(Step::Recheck)), ["due"]);
        for step in [Step::Rectify, Step::NotUphold] {
            assert_eq!(places(&told(step)), Vec::<String>::new());
            assert_eq!(places(&Told { words: String::new(), ..told(step) }), ["words"]);
        }
    }

    #[test]
    fn a_fine_is_more_than_nothing_and_has_fen() {
        let fine = |yuan| Told { document: Some("示例1号".into()), fine_yuan: Some(yuan), ..told(Step::Fine) };
        assert_eq!(places(&fine(dec!(0))), ["fine"]);
        assert_eq!(places(&fine(dec!(-1))), ["fine"]);
        assert_eq!(places(&fine(dec!(0.001))), ["fine"]);
        assert_eq!(places(&fine(dec!(0.01))), Vec::<String>::new());
    }

    #[test]
    fn what_is_to_come_was_not_done_and_what_has_passed_is_no_term() {
        assert_eq!(places(&Told { on: day("2026-11-24"), ..told(Step::Rectify) }), ["on"]);
        let order = |due| Told { document: Some("示例1号".into()), due: Some(day(due)), ..told(Step::Order) };
        assert_eq!(places(&order("2026-11-22")), ["due"]);
        assert_eq!(places(&order("2026-11-23")), Vec::<String>::new());
    }
}
