//! Whom a campaign looks at: listed in one go with a visit for each, and handed over from what was reported.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::rules::{ComesTo, comes_to};
use super::store::campaigns::{self, Campaign};
use super::store::findings::{self, NewFindings, SERIES};
use super::store::targets::{self, HandedOver, Known, NewTargets, Present, Target};
use super::wording::{self, EnforcementError};
use super::{TargetState, TargetStep};
use crate::account::{Act, Deed, Department};
use crate::base::clock::china_day;
use crate::contract::days::days_after;
use crate::enterprise::EnterpriseState;
use crate::inspection::checklist::Checklists;
use crate::inspection::store::{Joint, JointPlaces, Move, Task, Visit, assign_joint, take, task, visits_of};
use crate::inspection::{Step as InspectionStep, TaskState};
use crate::low_efficiency::Outcome;
use crate::low_efficiency::list::ListQuery;
use crate::low_efficiency::rules::counts_as_low;
use crate::low_efficiency::store as list;
use crate::policy;
use crate::workflow::{self, Case, Left, Refused};

/// That may be listed at once.
pub const MAX_LISTED: usize = 500;

crate::terms! {
    /// What became of one that was to be listed.
    #[schema(as = EnforcementListed)]
    pub enum Listed {
        Added = "added" => "已列入",
        Already = "already" => "此前已列入",
        Unknown = "unknown" => "不在册，或不在您的辖区内",
        Left = "left" => "已迁出或注销，未列入",
        /// Nobody knows where to go.
        NoLand = "no_land" => "没有用地登记，未列入；请先登记用地",
    }
}

/// One of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = EnforcementListedItem)]
pub struct Item {
    pub uscc: String,
    pub name: Option<String>,
    pub outcome: Listed,
}

fn listed(known: &Known) -> Listed {
    match (&known.name, known.state, &known.parcel) {
        (None, ..) => Listed::Unknown,
        _ if known.listed => Listed::Already,
        (_, Some(state), _) if state != EnterpriseState::Operating => Listed::Left,
        (_, _, None) => Listed::NoLand,
        _ => Listed::Added,
    }
}

/// Everybody whom the list of a year has below the line.
///
/// # Errors
/// A year without a line.
pub async fn below_line(act: &Act, year: i32) -> Result<Vec<String>, EnforcementError> {
    let line = list::line_of(&act.pool, year).await?;
    let low = Outcome::ALL.iter().copied().filter(|outcome| counts_as_low(*outcome, line.comparison)).collect();
    let query = ListQuery { outcomes: low, ..ListQuery::of_year(year) };
    let mut chunks = list::stream(act.pool.clone(), act.scope.clone(), query, line);
    let mut codes = Vec::new();
    while let Some(chunk) = chunks.recv().await {
        codes.extend(chunk?.into_iter().map(|entry| entry.uscc.clone()));
    }
    Ok(codes)
}

/// Puts enterprises on the list, each with a visit where most of its land is, by a handful of statements however many they are.
///
/// # Errors
/// Nobody is named, more than [`MAX_LISTED`], none can be listed, or the campaign is closed.
pub async fn add(act: &Act, campaign: &Campaign, codes: &[String]) -> Result<Vec<Item>, EnforcementError> {
    let asked: BTreeSet<&String> = codes.iter().collect();
    if asked.is_empty() {
        return Err(wording::nobody_named().into());
    }
    if asked.len() > MAX_LISTED {
        return Err(wording::too_many(asked.len(), MAX_LISTED).into());
    }
    let mut transaction = act.begin().await?;
    if !campaigns::holds_open(&mut transaction, &act.scope, campaign.id).await? {
        return Err(wording::closed().into());
    }
    let known = targets::known(&mut transaction, &act.scope, (campaign.id, codes), act.today()).await?;
    let items: Vec<Item> =
        known.iter().map(|it| Item { uscc: it.uscc.clone(), name: it.name.clone(), outcome: listed(it) }).collect();
    let new = new_targets(&known);
    if new.codes.is_empty() {
        return Err(wording::none_can_be_listed().into());
    }
    insert(&mut transaction, act, campaign, new).await?;
    transaction.commit().await?;
    Ok(items)
}

fn new_targets(known: &[Known]) -> NewTargets {
    let mut new = NewTargets::default();
    for each in known.iter().filter(|each| listed(each) == Listed::Added) {
        let Known { uscc, name: Some(name), parcel: Some(parcel), subdistrict: Some(subdistrict), .. } = each else {
            continue;
        };
        new.ids.push(Uuid::now_v7());
        new.codes.push(uscc.clone());
        new.names.push(name.clone());
        new.parcels.push(parcel.clone());
        new.subdistricts.push(subdistrict.clone());
    }
    new
}

async fn insert(
    connection: &mut crate::db::PgConnection,
    act: &Act,
    campaign: &Campaign,
    mut new: NewTargets,
) -> Result<(), EnforcementError> {
    let number = campaign.number().to_string();
    let (departments, subject) = (campaign.departments(), format!("联合执法 {number}"));
    let purpose = format!("{}：{}联合检查", campaign.name, campaign.together());
    let joint = Joint {
        departments: &departments,
        purpose: &purpose,
        due: campaign.due.max(act.today()),
        assignee: campaign.inspector,
        subject: &subject,
    };
    let places = JointPlaces {
        parcels: new.parcels.clone(),
        subdistricts: new.subdistricts.clone(),
        obligations: new.codes.clone(),
    };
    new.tasks = assign_joint(connection, act, &joint, &places).await?;
    targets::insert(connection, act, campaign.id, &new).await?;
    let detail = json!({ "added": new.codes.len(), "enterprises": new.codes });
    let deed = Deed { action: "enforcement.list", subject_kind: Campaign::SUBJECT_KIND, subject: &number, detail };
    act.record(connection, deed).await?;
    Ok(())
}

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
    if !campaigns::holds_open(&mut transaction, &act.scope, target.campaign).await? {
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
    connection: &mut crate::db::PgConnection,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known {
            uscc: "91330105MA2XXXXX05".into(),
            name: Some("合成甲公司".into()),
            state: Some(EnterpriseState::Operating),
            parcel: Some("330105014001GB00001".into()),
            subdistrict: Some("330105014".into()),
            listed: false,
        }
    }

    #[test]
    fn whoever_cannot_be_visited_is_told_why() {
        assert_eq!(listed(&known()), Listed::Added);
        assert_eq!(listed(&Known { listed: true, ..known() }), Listed::Already);
        assert_eq!(listed(&Known { name: None, state: None, ..known() }), Listed::Unknown);
        assert_eq!(listed(&Known { parcel: None, subdistrict: None, ..known() }), Listed::NoLand);
        for state in EnterpriseState::ALL.iter().filter(|state| **state != EnterpriseState::Operating) {
            assert_eq!(listed(&Known { state: Some(*state), ..known() }), Listed::Left, "{state}");
        }
    }
}
