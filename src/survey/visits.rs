//! What was found on a parcel is recorded: the visit with its class and receipt, who was found there, and what differs from the
//! registers as proposals. The last visit by its day counts; the earlier ones stay.

use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::known::{Known, known};
use super::proof;
use super::rules::{Found, Judgement};
use super::store::differences::{self as rows, Difference, FoundAt, NewDifference};
use super::store::parcels::{self, Entry};
use super::store::register;
use super::store::rounds::{self, Round};
use super::store::visits::{self, NewVisit, UserFound};
use super::wording::{self, SurveyError, land_use_words};
use super::{Class, DifferenceKind, DifferenceState, DifferenceStep, ParcelStep, RoundState};
use crate::account::Act;
use crate::db::PgConnection;
use crate::policy;
use crate::policy::store::receipts;
use crate::workflow::{self, Case, Held, Left, Refused};

/// The parcel as somebody saw it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub entry: Uuid,
    pub version: i32,
}

crate::terms! {
    /// What became of a visit that was sent.
    #[schema(as = SurveyReceived)]
    pub enum Received {
        Recorded = "recorded" => "已登记",
        /// The same under the same number, once more.
        Already = "already" => "此前已登记",
    }
}

/// # Errors
/// A round that is closed, a day outside of it, somebody who was faster, or another visit under the same number.
pub async fn record(act: &Act, seen: Seen, new: &NewVisit) -> Result<Received, SurveyError> {
    let person = act.person()?;
    let fingerprint = Sha256::digest(serde_json::to_vec(new).map_err(anyhow::Error::from)?).to_vec();
    let (entry, round) = {
        let mut connection = act.pool.acquire().await?;
        if let Some((of, sent)) = visits::sent_as(&mut connection, &act.scope, new.id).await? {
            let same = of == seen.entry && sent == fingerprint;
            return if same { Ok(Received::Already) } else { Err(wording::sent_otherwise()) };
        }
        let entry = Entry::find(&mut connection, &act.scope, seen.entry).await?;
        let entry = entry.ok_or(Refused::NotFound(Entry::TABLE.missing))?;
        let round = rounds::find(&mut connection, &act.scope, entry.round).await?;
        (entry, round.ok_or(Refused::NotFound(Round::TABLE.missing))?)
    };
    guard_day(act, &round, new)?;
    let known = known(&act.pool, &act.scope, &entry.code, (new.visited_on, act.now), round.list_year.into()).await?;
    let users = users_of(act, &known, new).await?;
    let catalogue = policy::store::current(&act.pool, &act.scope.district).await?;
    let found = Found { standing: new.standing, used_for: new.used_for };
    let (judged, receipt) = proof::judged(&catalogue, new.visited_on, &entry.code, known.facts(Some(found)))?;

    let mut transaction = act.begin().await?;
    if !workflow::stands::<Round>(&mut transaction, &act.scope, entry.round, RoundState::Open).await? {
        return Err(wording::round_is_closed());
    }
    let held = workflow::hold::<Entry>(&mut transaction, &act.scope, entry.id, seen.version).await?;
    receipts::save(&mut transaction, act, &receipt).await?;
    visits::insert(&mut transaction, act, (entry.round, entry.id, person), (new, &fingerprint), (&judged, &receipt.id))
        .await?;
    visits::insert_users(&mut transaction, act, new.id, &users).await?;
    let counts = held.visited_on.is_none_or(|last| new.visited_on >= last);
    if counts {
        overtake(&mut transaction, act, &held).await?;
        let at = FoundAt {
            round: entry.round,
            entry: entry.id,
            visit: new.id,
            code: &entry.code,
            subdistrict: &entry.subdistrict,
            on: new.visited_on,
            person,
        };
        for difference in differences(&known, &judged, new, &users) {
            propose(&mut transaction, act, &at, &difference).await?;
        }
    }
    let row = match counts {
        true => parcels::visited(act, entry.id, new.id, new.visited_on, judged.outcome.as_ref().ok().copied()),
        false => parcels::touched(act, entry.id),
    };
    let detail = json!({ "survey_parcel": entry.id, "round": round.number().to_string(), "visit": new.id, "class": judged.class(),
        "receipt": receipt.id, "counts": counts });
    workflow::take(&mut transaction, act, &held, ParcelStep::Visit, Left { row, timeline: None, detail }).await?;
    transaction.commit().await?;
    Ok(Received::Recorded)
}

fn guard_day(act: &Act, round: &Round, new: &NewVisit) -> Result<(), SurveyError> {
    if new.visited_on > act.today() {
        return Err(wording::wrong("visited_on", "核实日期不能晚于今天").into());
    }
    if new.visited_on < round.opened_on {
        let words = format!("核实日期{}早于这次摸底调查的日期{}", new.visited_on, round.opened_on);
        return Err(wording::wrong("visited_on", words).into());
    }
    Ok(())
}

/// Who was found there, each told whether the register has it on this parcel. Whoever has no name gets the registered one.
async fn users_of(act: &Act, known: &Known, new: &NewVisit) -> Result<Vec<UserFound>, SurveyError> {
    let codes: Vec<String> = new.users.iter().filter_map(|user| user.uscc.clone()).collect();
    let names = register::names(&act.pool, &act.scope, &codes).await?;
    let named = |uscc: &str| names.iter().find(|(code, _)| code == uscc).map(|(_, name)| name.clone());
    let user = |user: &visits::NewUser| {
        let registered = user.uscc.as_deref().and_then(named);
        UserFound {
            visit: new.id,
            name: user.name.clone().or(registered).or_else(|| user.uscc.clone()).unwrap_or_default(),
            on_record: user.uscc.as_deref().is_some_and(|uscc| known.is_user(uscc)),
            uscc: user.uscc.clone(),
            floor_area_m2: user.floor_area_m2,
        }
    };
    Ok(new.users.iter().map(user).collect())
}

/// What differs from the registers, as far as they can take it over: an enterprise with credit code and floor area that is not on record
/// here, another supply status, another land use by its code.
fn differences(known: &Known, judged: &Judgement, new: &NewVisit, users: &[UserFound]) -> Vec<NewDifference> {
    let mut found: Vec<NewDifference> = users.iter().filter_map(|user| tenant(known, user)).collect();
    let Some(register) = &known.register else { return found };
    if let Some(class) = judged.class().filter(|class| class.supply_status() != register.supply_status) {
        found.push(supply(register.supply_status, class, &judged.why));
    }
    let registered = register.land_use_scheme.clone().zip(register.land_use_code.clone());
    if let Some((scheme, code)) = new.land_use.as_ref().filter(|_| new.land_use != registered) {
        found.push(NewDifference {
            kind: DifferenceKind::LandUse,
            registered: land_use_words(registered.as_ref()),
            found: format!("{code}（{scheme}）"),
            proposal: json!({ "scheme": scheme, "code": code }),
        });
    }
    found
}

fn tenant(known: &Known, user: &UserFound) -> Option<NewDifference> {
    let (uscc, floor) = user.uscc.as_ref().zip(user.floor_area_m2)?;
    if user.on_record {
        return None;
    }
    let lessor = known.owner().filter(|owner| owner.uscc != *uscc).map(|owner| owner.uscc.clone());
    Some(NewDifference {
        kind: DifferenceKind::Tenant,
        registered: "用地情况中没有这家企业".into(),
        found: format!("{}（{uscc}），使用建筑面积{}平方米", user.name, floor.normalize()),
        proposal: json!({ "occupant": uscc, "lessor": lessor, "floor_area_m2": floor }),
    })
}

fn supply(registered: crate::parcel::SupplyStatus, class: Class, why: &str) -> NewDifference {
    NewDifference {
        kind: DifferenceKind::SupplyStatus,
        registered: registered.label().into(),
        found: format!("{}（{class}：{why}）", class.supply_status()),
        proposal: json!({ "supply_status": class.supply_status() }),
    }
}

async fn propose(
    connection: &mut PgConnection,
    act: &Act,
    at: &FoundAt<'_>,
    new: &NewDifference,
) -> Result<(), SurveyError> {
    let id = rows::insert(connection, act, at, new).await?;
    let detail = json!({ "survey_difference": id, "kind": new.kind, "registered": new.registered, "found": new.found });
    Ok(workflow::opened::<Difference>(connection, act, ("survey.propose", at.code), None, detail).await?)
}

/// What an earlier visit proposed and nobody decided is said by the new one, or not any more.
async fn overtake(connection: &mut PgConnection, act: &Act, entry: &Held<Entry>) -> Result<(), SurveyError> {
    for id in rows::waiting_of(connection, &act.scope, entry.id).await? {
        let held = workflow::hold_any::<Difference>(connection, &act.scope, id).await?;
        if held.state != DifferenceState::Proposed {
            continue;
        }
        let left = Left { row: rows::overtaken(act, id), timeline: None, detail: json!({ "survey_difference": id }) };
        workflow::take(connection, act, &held, DifferenceStep::Overtake, left).await?;
    }
    Ok(())
}
