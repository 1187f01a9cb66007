//! A campaign is opened with the departments that go together, and closed when everybody on its list was looked at; findings go on to
//! their own ends.

use serde_json::json;
use uuid::Uuid;

use super::case::CAMPAIGN;
use super::rules::FEWEST_DEPARTMENTS;
use super::store::campaigns::{self, Campaign, NewCampaign};
use super::wording::{self, EnforcementError};
use super::{CampaignStep, store::campaigns::SERIES};
use crate::account::Act;
use crate::exchange::Fault;
use crate::inspection::Stage;
use crate::inspection::checklist::Checklists;
use crate::workflow::{self, Left, Number, Refused};

/// # Errors
/// Fewer departments than two, one without questions, a lead that stays away, or a due day that has passed.
pub async fn open(act: &Act, new: &NewCampaign) -> Result<Number, EnforcementError> {
    let person = act.person()?;
    let faults = faults(act, new);
    if !faults.is_empty() {
        return Err(EnforcementError::Refused(faults));
    }
    let mut transaction = act.begin().await?;
    let number = SERIES.next(&mut transaction, act, act.today()).await?;
    campaigns::insert(&mut transaction, act, (Uuid::now_v7(), number, person), new).await?;
    let detail = json!({ "name": new.name, "document": new.document, "lead": new.lead.code(), "due": new.due,
        "departments": new.departments, "inspector": new.inspector });
    workflow::opened::<Campaign>(&mut transaction, act, ("enforcement.open", &number.to_string()), None, detail)
        .await?;
    transaction.commit().await?;
    Ok(number)
}

fn faults(act: &Act, new: &NewCampaign) -> Vec<Fault> {
    let mut faults = Vec::new();
    let asked = Checklists::embedded().in_force(Stage::JointEnforcement, act.today()).departments();
    if new.departments.len() < FEWEST_DEPARTMENTS {
        faults.push(wording::too_few_departments());
    }
    faults.extend(new.departments.iter().filter(|it| !asked.contains(it)).map(|it| wording::no_questions(*it)));
    if !new.departments.contains(&new.lead) {
        faults.push(wording::lead_stays_away(new.lead));
    }
    if new.due < act.today() {
        faults.push(wording::past_due());
    }
    faults
}

/// Closes a campaign that somebody saw in a version. Who was not looked at stays so, and asks for a reason.
///
/// # Errors
/// Somebody waits and no reason is given, or somebody was faster.
pub async fn close(act: &Act, (campaign, seen): (Uuid, i32), words: &str) -> Result<(), EnforcementError> {
    let person = act.person()?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Campaign>(&mut transaction, &act.scope, campaign, seen).await?;
    workflow::after(&*held, CampaignStep::Close)?;
    if held.awaiting > 0 && words.is_empty() {
        return Err(wording::targets_awaiting(held.awaiting).into());
    }
    let left = Left {
        row: campaigns::close(act, campaign, (person, words)),
        timeline: None,
        detail: json!({ "awaiting": held.awaiting, "words": words }),
    };
    workflow::take(&mut transaction, act, &held, CampaignStep::Close, left).await?;
    Ok(transaction.commit().await?)
}

/// The campaign of a number.
///
/// # Errors
/// There is none.
pub async fn of_number(act: &Act, number: &str) -> Result<Campaign, EnforcementError> {
    let missing = || Refused::NotFound(CAMPAIGN.missing);
    let number: Number = number.parse().map_err(|()| missing())?;
    let found = campaigns::by_number(&mut *act.pool.acquire().await?, &act.scope, number).await?;
    Ok(found.ok_or_else(missing)?)
}
