//! A clerk takes over a difference into the register, by the commands that the register has, or refuses it with a reason; whoever found it
//! decides nothing. A register that has moved on since takes nothing over.
//!
//! The register's command keeps its own transaction and the decision follows in another, while the difference is held: were the second
//! lost, the difference would still wait, and taking it over again would be refused by the register, which has it. One at a time takes
//! two connections, so that transactions never wait for one another's.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::store::differences::{self as rows, Difference};
use super::wording::{self, SurveyError};
use super::{DifferenceKind, DifferenceState, DifferenceStep};
use crate::account::Act;
use crate::base::period::Period;
use crate::db::PgConnection;
use crate::enterprise::form::Paper;
use crate::enterprise::{OccupancyKind, Use, occupancy};
use crate::parcel::SupplyStatus;
use crate::parcel::change::{self, Attributes, Base, Grounds};
use crate::parcel::store::{self as parcels, Version};
use crate::workflow::{self, Held, Left, four_eyes};

/// The difference as somebody saw it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub difference: Uuid,
    pub version: i32,
}

/// What was decided.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    pub reason: &'a str,
    /// Whoever decides lets what the register warns of pass.
    pub vouched: bool,
}

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// # Errors
/// No reason, the person who found it, a register that moved on, or what its command refuses.
pub async fn take_over(act: &Act, seen: Seen, decision: Decision<'_>) -> Result<(), SurveyError> {
    let _turn = ONE_AT_A_TIME.lock().await;
    let mut transaction = act.begin().await?;
    let (held, person) = hold(&mut transaction, act, seen, (DifferenceStep::TakeOver, decision.reason)).await?;
    let written = match held.kind {
        DifferenceKind::Tenant => begin_use(act, &held, decision).await?,
        DifferenceKind::SupplyStatus | DifferenceKind::LandUse => change_parcel(act, &held, decision).await?,
    };
    let row = rows::decided(act, held.id, (DifferenceState::TakenOver, person, decision.reason));
    let detail =
        json!({ "survey_difference": held.id, "kind": held.kind, "reason": decision.reason, "written": written });
    workflow::take(&mut transaction, act, &held, DifferenceStep::TakeOver, Left { row, timeline: None, detail })
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// # Errors
/// No reason, the person who found it, or somebody was faster.
pub async fn refuse(act: &Act, seen: Seen, reason: &str) -> Result<(), SurveyError> {
    let mut transaction = act.begin().await?;
    let (held, person) = hold(&mut transaction, act, seen, (DifferenceStep::Refuse, reason)).await?;
    let row = rows::decided(act, held.id, (DifferenceState::Refused, person, reason));
    let detail = json!({ "survey_difference": held.id, "kind": held.kind, "reason": reason });
    workflow::take(&mut transaction, act, &held, DifferenceStep::Refuse, Left { row, timeline: None, detail }).await?;
    transaction.commit().await?;
    Ok(())
}

async fn hold(
    connection: &mut PgConnection,
    act: &Act,
    seen: Seen,
    (step, reason): (DifferenceStep, &str),
) -> Result<(Held<Difference>, Uuid), SurveyError> {
    let person = act.person()?;
    if reason.is_empty() {
        return Err(wording::missing("reason", "请填写理由").into());
    }
    let held = workflow::hold::<Difference>(connection, &act.scope, seen.difference, seen.version).await?;
    workflow::after(&*held, step)?;
    four_eyes(Some(held.found_by), person).map_err(|_| wording::decided_by_its_finder())?;
    Ok((held, person))
}

fn source(of: &Difference) -> String {
    let (year, serial) = (of.round_year, of.round_serial);
    format!("工业用地摸底调查{year}-{serial:04}，{}现场核实", of.found_on)
}

#[derive(Deserialize)]
struct TenantProposal {
    occupant: String,
    lessor: Option<String>,
    floor_area_m2: Decimal,
}

/// From the day of the visit on, by floor area: what ground a tenant has, nobody measured.
async fn begin_use(act: &Act, of: &Difference, decision: Decision<'_>) -> Result<Value, SurveyError> {
    let proposal: TenantProposal = read(&of.proposal)?;
    let it = Use {
        parcel: Some(of.code.clone()),
        kind: OccupancyKind::Leased,
        occupant: Some(proposal.occupant.clone()),
        lessor: proposal.lessor,
        land: None,
        floor_area_m2: Some(proposal.floor_area_m2),
        valid: Period::since(of.found_on),
    };
    let paper = Paper { source: source(of), reason: decision.reason.to_owned() };
    let id = occupancy::begin(act, &proposal.occupant, &it, &paper, Vec::new(), decision.vouched).await?;
    Ok(json!({ "occupancy": id }))
}

#[derive(Deserialize)]
struct SupplyProposal {
    supply_status: SupplyStatus,
}

#[derive(Deserialize)]
struct LandUseProposal {
    scheme: String,
    code: String,
}

/// From the day of the visit on; what the register says of the time before stays, because nobody was there.
async fn change_parcel(act: &Act, of: &Difference, decision: Decision<'_>) -> Result<Value, SurveyError> {
    let latest = parcels::latest(&act.pool, &act.scope, &of.code).await?;
    let latest =
        latest.filter(|version| version.valid.until.is_none()).ok_or_else(|| wording::parcel_gone(&of.code))?;
    let before = Attributes::of(&latest);
    let after = match of.kind {
        DifferenceKind::SupplyStatus => {
            let now = latest.supply_status.label();
            if now != of.registered {
                return Err(wording::register_moved_on(&of.registered, now).into());
            }
            Attributes { supply: read::<SupplyProposal>(&of.proposal)?.supply_status, ..before }
        }
        DifferenceKind::LandUse | DifferenceKind::Tenant => {
            let now = wording::land_use_words(before.land_use.as_ref());
            if now != of.registered {
                return Err(wording::register_moved_on(&of.registered, &now).into());
            }
            let proposal: LandUseProposal = read(&of.proposal)?;
            Attributes { land_use: Some((proposal.scheme, proposal.code)), ..before }
        }
    };
    let base = Base { code: of.code.clone(), version: latest.id };
    write(act, &base, &latest, &after, (of.found_on, &source(of), decision.reason)).await?;
    Ok(json!({ "parcel": of.code, "replaced": latest.id }))
}

/// A version that itself begins on the day says so from that day on already.
async fn write(
    act: &Act,
    base: &Base,
    latest: &Version,
    after: &Attributes,
    (on, source, reason): (NaiveDate, &str, &str),
) -> Result<(), SurveyError> {
    if latest.valid.from == Some(on) {
        return Ok(change::correct(act, base, after, source, reason).await?);
    }
    let grounds = Grounds { effective_on: on, source: source.to_owned(), reason: reason.to_owned() };
    Ok(change::adjust(act, base, after, &grounds).await?)
}

fn read<T: serde::de::DeserializeOwned>(proposal: &Value) -> Result<T, SurveyError> {
    Ok(serde_json::from_value(proposal.clone()).map_err(anyhow::Error::from)?)
}
