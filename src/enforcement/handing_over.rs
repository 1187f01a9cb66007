//! What was reported from the ground is handed over: each finding to its department, or that there is none.

use serde_json::json;
use uuid::Uuid;

use super::rules::{ComesTo, comes_to};
use super::store::campaigns::Campaign;
use super::store::findings::{self, NewFindings, SERIES};
use super::store::targets::{self, HandedOver, Present, Target};
use super::wording::{self, EnforcementError};
use super::{CampaignState, TargetState, TargetStep};
use crate::account::{Act, Department};
use crate::base::clock::china_day;
use crate::contract::days::days_after;
use crate::db::PgConnection;
use crate::inspection::checklist::Checklists;
use crate::inspection::store::{Move, Task, Visit, take, task, visits_of};
use crate::inspection::{Step as InspectionStep, TaskState};
use crate::policy;
use crate::workflow::{self, Case, Left, Refused};

/// Somebody on the list as they were seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub id: Uuid,
    pub version: i32,
}

/// What was reported from the ground.
#[derive(Clone, Debug)]
pub struct Reported {
    pub task: Task,
    /// That counts: the last one, but for those that were kept aside.
    pub visit: Visit,
    pub comes_to: ComesTo,
}

async fn inspection_of(act: &Act, target: &Target) -> Result<Task, EnforcementError> {
    let found = task(&act.pool, &act.scope, target.task).await?;
    Ok(found.ok_or(Refused::NotFound(Target::TABLE.missing))?)
}

/// What the result that counts comes to.
///
/// # Errors
/// Nobody has reported, or what was reported was kept aside.
pub async fn reported(act: &Act, target: &Target) -> Result<Reported, EnforcementError> {
    let found = inspection_of(act, target).await?;
    if !matches!(found.state, TaskState::Reported | TaskState::Closed) {
        return Err(wording::no_result().into());
    }
    let counts = |visit: &Visit| visit.conflict.is_none() || visit.adopted.is_some();
    let visits = visits_of(&act.pool, &act.scope, target.task).await?;
    let when = |visit: &Visit| visit.adopted.as_ref().map_or(visit.received_at, |adopted| adopted.at);
    let last = visits.into_iter().filter(counts).max_by_key(when).ok_or_else(wording::result_kept_aside)?;
    let checklist = Checklists::embedded().edition(&found.checklist);
    let checklist = checklist.ok_or_else(|| anyhow::anyhow!("no checklist {}", found.checklist))?;
    let comes_to = comes_to(&checklist, &last.answers);
    Ok(Reported { task: found, visit: last, comes_to })
}

/// Hands each finding over to its department, or says that there is none; the inspection is closed with it.
///
/// # Errors
/// No result, nobody named of a department that looked, a campaign that is closed, or somebody was faster.
pub async fn hand_over(act: &Act, seen: Seen, present: &Present) -> Result<TargetState, EnforcementError> {
    let person = act.person()?;
    let target = targets::find(&mut *act.pool.acquire().await?, &act.scope, seen.id).await?;
    let target = target.ok_or(Refused::NotFound(Target::TABLE.missing))?;
    let Reported { task, visit, comes_to: result } = reported(act, &target).await?;
    let absent = |department: &&Department| present.get(department.code()).is_none_or(String::is_empty);
    let faults: Vec<_> = result.looked.iter().filter(absent).map(|it| wording::nobody_present(*it)).collect();
    if !faults.is_empty() {
        return Err(EnforcementError::Refused(faults));
    }
    let today = act.today();
    let parameters = policy::store::parameters_on(&act.pool, today).await?;
    let days = parameters.count("enforcement_days_to_act").map_err(anyhow::Error::from)?;
    // A phone whose clock runs ahead found nothing later than it told.
    let visited_on = china_day(visit.device_at).min(china_day(visit.received_at)).min(today);

    let mut transaction = act.begin().await?;
    if !workflow::stands::<Campaign>(&mut transaction, &act.scope, target.campaign, CampaignState::Open).await? {
        return Err(wording::closed().into());
    }
    let held = workflow::hold::<Target>(&mut transaction, &act.scope, seen.id, seen.version).await?;
    let (step, state) = match result.found.is_empty() {
        true => (TargetStep::Conclude, TargetState::Sound),
        false => (TargetStep::HandOver, TargetState::HandedOver),
    };
    workflow::after(&*held, step)?;
    let count = i16::try_from(result.found.len()).map_err(anyhow::Error::from)?;
    let row =
        HandedOver { state, visit: visit.id, visited_on, present, unseen: &result.unseen, findings: count, person };
    let detail = json!({ "enforcement_target": target.id, "campaign": target.campaign_number().to_string(), "visit": visit.id,
        "findings": count, "unseen": result.unseen, "present": present });
    let left = Left { row: targets::handed_over(act, target.id, &row), timeline: None, detail };
    workflow::take(&mut transaction, act, &held, step, left).await?;
    if count > 0 {
        let first = SERIES.several(&mut transaction, act, today, count.into()).await?;
        let new = NewFindings {
            target: &target,
            found: &result.found,
            year: first.year,
            serial: first.serial,
            found_on: visited_on,
            due: days_after(today, days.into()),
            person,
        };
        findings::insert(&mut transaction, act, &new).await?;
    }
    close_inspection(&mut transaction, act, &task, &format!("联合执法{state}（{count} 件）")).await?;
    transaction.commit().await?;
    Ok(state)
}

/// Nobody has to go there or look at the result any more.
async fn close_inspection(
    connection: &mut PgConnection,
    act: &Act,
    found: &Task,
    reason: &str,
) -> Result<(), EnforcementError> {
    let step = match found.state {
        TaskState::Reported => InspectionStep::Close,
        TaskState::Open | TaskState::UnderWay => InspectionStep::Cancel,
        TaskState::Closed | TaskState::Cancelled => return Ok(()),
    };
    let step = Move { task: found.id, version: found.version, step, reason: Some(reason), assignee: None, due: None };
    take(connection, act, &step).await?;
    Ok(())
}

/// Takes somebody off the list.
///
/// # Errors
/// No reason, or somebody was faster.
pub async fn drop_target(act: &Act, seen: Seen, reason: &str) -> Result<(), EnforcementError> {
    if reason.is_empty() {
        return Err(wording::missing("reason", "请填写不再检查的理由").into());
    }
    let target = targets::find(&mut *act.pool.acquire().await?, &act.scope, seen.id).await?;
    let target = target.ok_or(Refused::NotFound(Target::TABLE.missing))?;
    let task = inspection_of(act, &target).await?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Target>(&mut transaction, &act.scope, seen.id, seen.version).await?;
    let detail =
        json!({ "enforcement_target": target.id, "campaign": target.campaign_number().to_string(), "reason": reason });
    let left = Left { row: targets::dropped(act, target.id, reason), timeline: None, detail };
    workflow::take(&mut transaction, act, &held, TargetStep::Drop, left).await?;
    close_inspection(&mut transaction, act, &task, reason).await?;
    Ok(transaction.commit().await?)
}
