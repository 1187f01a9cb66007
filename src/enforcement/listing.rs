//! Whom a campaign looks at: listed in one go, with a visit for each.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::CampaignState;
use super::store::campaigns::Campaign;
use super::store::targets::{self, Known, NewTargets};
use super::wording::{self, EnforcementError};
use crate::account::{Act, Deed};
use crate::db::PgConnection;
use crate::enterprise::EnterpriseState;
use crate::inspection::store::{Joint, JointPlaces, assign_joint};
use crate::low_efficiency::store as list;
use crate::workflow::{self, Case};

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
    Ok(list::flagged(&mut *act.pool.acquire().await?, &act.scope, year, &line).await?)
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
    if !workflow::stands::<Campaign>(&mut transaction, &act.scope, campaign.id, CampaignState::Open).await? {
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
    connection: &mut PgConnection,
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
