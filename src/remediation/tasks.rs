//! Tasks of departments: set by whoever handles the file, done by the department itself and once.

use serde_json::json;
use uuid::Uuid;

use super::steps::{Told, guard_day, take};
use super::store::files::File;
use super::store::row;
use super::store::tasks::{self, Done, NewTask};
use super::wording::{self, RemediationError};
use super::{Step, TaskKind};
use crate::account::{Act, Department};
use crate::exchange::Fault;
use crate::workflow;

/// # Errors
/// A day that has passed, or a file that is not being carried out.
pub async fn set(act: &Act, file: Uuid, new: &NewTask) -> Result<Uuid, RemediationError> {
    let today = act.today();
    if new.due < today {
        return Err(wording::wrong("due", "任务期限不能早于今天").into());
    }
    let mut transaction = act.begin().await?;
    let held = workflow::hold_for::<File>(&mut transaction, &act.scope, file, Step::SetTask).await?;
    let id = tasks::insert(&mut transaction, act, file, new).await?;
    let detail = json!({ "task": id, "kind": new.kind.code(), "department": new.department.code(), "due": new.due });
    let told = Told { on: today, words: &new.what, document: None };
    take(&mut transaction, act, &held, (Step::SetTask, row::touch(act, file)), (told, detail)).await?;
    transaction.commit().await?;
    Ok(id)
}

/// What a kind of task leaves on paper.
fn lacking(kind: TaskKind, done: &Done) -> Vec<Fault> {
    let mut faults = Vec::new();
    if matches!(kind, TaskKind::Order | TaskKind::Fine) && done.document.is_none() {
        faults.push(wording::missing("document", "责令改正、行政处罚须填写文书的文号"));
    }
    if kind == TaskKind::Fine && done.amount_yuan.is_none() {
        faults.push(wording::missing("amount", "行政处罚须填写罚款金额（元）"));
    }
    faults
}

/// # Errors
/// Another department's, one that is done already, or a paper that is missing.
pub async fn finish(
    act: &Act,
    (file, task): (Uuid, Uuid),
    department: Option<Department>,
    done: &Done,
) -> Result<(), RemediationError> {
    let person = act.person()?;
    let department = department.ok_or_else(wording::no_department)?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold_for::<File>(&mut transaction, &act.scope, file, Step::FinishTask).await?;
    let all = tasks::of_file(&mut transaction, &act.scope, file).await?;
    let found = all.into_iter().find(|known| known.id == task).ok_or_else(wording::no_such_task)?;
    // Who was faster is told before whose it is, so that the second of two departments learns it either way.
    if let (Some(by), Some(on)) = (&found.done_by_name, found.done_on) {
        return Err(wording::task_done(by, on).into());
    }
    if found.department != department {
        return Err(wording::task_of_another(found.department).into());
    }
    let faults = lacking(found.kind, done);
    if !faults.is_empty() {
        return Err(RemediationError::Refused(faults));
    }
    guard_day(&held, done.on, act.today())?;
    if !tasks::finish(&mut transaction, act, (task, person), done).await? {
        return Err(wording::task_done("他人", done.on).into());
    }
    let detail = json!({ "task": task, "kind": found.kind.code(), "department": department.code(),
        "amount_yuan": done.amount_yuan });
    let told = Told { on: done.on, words: &done.result, document: done.document.as_deref() };
    take(&mut transaction, act, &held, (Step::FinishTask, row::touch(act, file)), (told, detail)).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn done(document: Option<&str>, amount: Option<rust_decimal::Decimal>) -> Done {
        let on = "2027-01-05".parse().unwrap();
        Done { on, result: "已办".into(), document: document.map(str::to_owned), amount_yuan: amount }
    }

    #[test]
    fn an_order_has_its_paper_and_a_fine_its_amount() {
        let places = |kind, done: &Done| lacking(kind, done).into_iter().map(|fault| fault.place).collect::<Vec<_>>();
        for kind in [TaskKind::Milestone, TaskKind::Finding, TaskKind::Recheck] {
            assert_eq!(places(kind, &done(None, None)), Vec::<String>::new());
        }
        assert_eq!(places(TaskKind::Order, &done(None, None)), ["document"]);
        assert_eq!(places(TaskKind::Order, &done(Some("示例1号"), None)), Vec::<String>::new());
        assert_eq!(places(TaskKind::Fine, &done(None, None)), ["document", "amount"]);
        assert_eq!(places(TaskKind::Fine, &done(Some("示例1号"), Some(dec!(5000)))), Vec::<String>::new());
    }
}
