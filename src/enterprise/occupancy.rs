//! Who uses which land, changed by hand: begun, ended, with another area from a day on, corrected. Rows end and begin, and
//! the sum on the parcel is held against its area in the same transaction, as an import does.

mod checks;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::json;

use checks::{check, exceeded, own, shared, sides};

use super::change::{EditError, Outcome, refuse};
use super::form::Paper;
use super::store::land::{self, Recorded};
use super::store::writing;
use super::{Use, wording};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::period::Period;
use crate::base::unit::Mu;
use crate::db::{PgConnection, layer};
use crate::exchange::{Fault, FaultCode};

/// Somebody begins to use land. `teller` is the enterprise it is told of, one of its sides; `warnings` are what reading
/// it found, `vouched` whether the actor lets them pass.
///
/// # Errors
/// Faults when a side or the parcel cannot be, when it overlaps with one on record, or when the sum exceeds the parcel
/// and nobody vouches.
pub async fn begin(
    act: &Act,
    teller: &str,
    it: &Use,
    paper: &Paper,
    warnings: Vec<Fault>,
    vouched: bool,
) -> Outcome<i64> {
    let mut transaction = open(act).await?;
    let mut faults = warnings;
    match writing::registered_in(&mut transaction, &act.scope, teller).await? {
        None => faults.push(wording::enterprise_unknown(teller)),
        Some(lies) => faults.extend(own(act, teller, lies.as_deref())),
    }
    faults.extend(check(&mut transaction, act, it).await?);
    refuse(faults.clone(), vouched)?;
    let id = writing::insert_use(&mut transaction, act, it, paper).await?;
    faults.extend(exceeded(&mut transaction, act, &[it.parcel.as_ref()]).await?);
    refuse(faults.clone(), vouched)?;
    let detail = json!({ "occupancy": id, "to": words(it), "reason": paper.reason, "source": paper.source, "vouched": said(&faults) });
    seal(&mut transaction, act, "occupancy.begin", it, detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// It ends; `last` is the last day that counts.
///
/// # Errors
/// When it was changed since it was read; a fault when it begins after that day, or ended before it.
pub async fn end(act: &Act, id: i64, last: NaiveDate, paper: &Paper) -> Outcome<i64> {
    let mut transaction = open(act).await?;
    let old = current(act, id).await?;
    let until = last.succ_opt();
    let mut faults = sides(&mut transaction, act, &old.to_use()).await?;
    if old.valid.from.is_some_and(|from| last < from) {
        faults.push(wording::period_empty(old.valid.from.unwrap_or(last), last));
    }
    if let Some(known) = old.valid.until.filter(|known| until.is_some_and(|until| *known <= until)) {
        let message = format!("在册的截止已在 {known} 之前，不能再往后结束。期限登记有误的，请用“更正”。");
        faults.push(Fault::error(FaultCode::PeriodInvalid, message));
    }
    refuse(faults, false)?;
    let ended = Use { valid: Period { until, ..old.valid }, ..old.to_use() };
    let new = replace(&mut transaction, act, &old, &[&ended], paper).await?;
    let detail = json!({ "occupancy": id, "last": last, "reason": paper.reason, "source": paper.source });
    seal(&mut transaction, act, "occupancy.end", &ended, detail).await?;
    transaction.commit().await?;
    Ok(new)
}

/// Areas from a day on, floor in m².
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    pub from: NaiveDate,
    pub land: Option<Mu>,
    pub floor: Option<Decimal>,
}

/// From the day on it has another area; before it, what was known stays.
///
/// # Errors
/// As for [`begin`] and [`end`]; a lease whose two sides are on record asks for somebody to vouch.
pub async fn change_area(
    act: &Act,
    id: i64,
    areas: Areas,
    paper: &Paper,
    warnings: Vec<Fault>,
    vouched: bool,
) -> Outcome<i64> {
    let mut transaction = open(act).await?;
    let old = current(act, id).await?;
    let mut faults = warnings;
    faults.extend(sides(&mut transaction, act, &old.to_use()).await?);
    let inside =
        old.valid.from.is_some_and(|from| from < areas.from) && old.valid.until.is_none_or(|until| areas.from < until);
    if !inside {
        let from = old.valid.from.map_or(String::new(), |from| from.to_string());
        let message =
            format!("生效日期 {} 须晚于起始日期（{from}）且在期限内。原面积自始有误的，请用“更正”。", areas.from);
        faults.push(Fault::error(FaultCode::PeriodInvalid, message));
    }
    if (areas.land, areas.floor) == (old.land, old.floor_area_m2) {
        faults.push(Fault::error(FaultCode::DuplicateRecord, "面积与在册记录相同，没有要登记的变更。"));
    }
    faults.extend(shared(&mut transaction, act, &old).await?);
    refuse(faults.clone(), vouched)?;
    let before = Use { valid: Period { until: Some(areas.from), ..old.valid }, ..old.to_use() };
    let after = Use {
        valid: Period { from: Some(areas.from), ..old.valid },
        land: areas.land,
        floor_area_m2: areas.floor,
        ..old.to_use()
    };
    let new = replace(&mut transaction, act, &old, &[&before, &after], paper).await?;
    faults.extend(exceeded(&mut transaction, act, &[after.parcel.as_ref()]).await?);
    refuse(faults.clone(), vouched)?;
    let detail = json!({
        "occupancy": new, "from": words(&old.to_use()), "to": words(&after), "reason": paper.reason,
        "source": paper.source, "vouched": said(&faults),
    });
    seal(&mut transaction, act, "occupancy.change_area", &after, detail).await?;
    transaction.commit().await?;
    Ok(new)
}

/// What was recorded was wrong from the start. The wrong row stays as what was known.
///
/// # Errors
/// As for [`change_area`].
pub async fn correct(act: &Act, id: i64, it: &Use, paper: &Paper, warnings: Vec<Fault>, vouched: bool) -> Outcome<i64> {
    let mut transaction = open(act).await?;
    let old = current(act, id).await?;
    let mut faults = warnings;
    faults.extend(sides(&mut transaction, act, &old.to_use()).await?);
    faults.extend(sides(&mut transaction, act, it).await?);
    if *it == old.to_use() {
        faults.push(Fault::error(FaultCode::DuplicateRecord, "内容与在册记录相同，没有要登记的更正。"));
    }
    faults.extend(shared(&mut transaction, act, &old).await?);
    refuse(faults.clone(), vouched)?;
    supersede(&mut transaction, act, &old).await?;
    faults.extend(check(&mut transaction, act, it).await?);
    refuse(faults.clone(), vouched)?;
    let new = writing::insert_use(&mut transaction, act, it, paper).await?;
    faults.extend(exceeded(&mut transaction, act, &[it.parcel.as_ref(), old.parcel.as_ref()]).await?);
    refuse(faults.clone(), vouched)?;
    let detail = json!({
        "occupancy": new, "from": words(&old.to_use()), "to": words(it), "reason": paper.reason,
        "source": paper.source, "vouched": said(&faults),
    });
    seal(&mut transaction, act, "occupancy.correct", it, detail).await?;
    transaction.commit().await?;
    Ok(new)
}

async fn open(act: &Act) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, sqlx::Error> {
    let mut transaction = act.begin().await?;
    layer::take_turns(&mut transaction, &act.scope, layer::OCCUPANCIES).await?;
    Ok(transaction)
}

/// The occupancy, if it is still what is known.
async fn current(act: &Act, id: i64) -> Outcome<Recorded> {
    let found = land::recorded(&act.pool, &act.scope, id).await?;
    let found = found.ok_or_else(|| EditError::NotFound("这条用地记录".into()))?;
    if found.superseded_at.is_none() { Ok(found) } else { Err(stale(act, &found).await?) }
}

async fn stale(act: &Act, old: &Recorded) -> Result<EditError, sqlx::Error> {
    let last = land::successor(&act.pool, &act.scope, old).await?;
    let (by, at, reason) = last.unwrap_or((old.recorded_by.clone(), old.recorded_at, old.reason.clone()));
    Ok(EditError::Stale { what: "这条用地记录".into(), by, at, reason })
}

async fn supersede(connection: &mut PgConnection, act: &Act, old: &Recorded) -> Outcome {
    match writing::supersede_use(connection, act, old.id).await? {
        1 => Ok(()),
        _ => Err(stale(act, old).await?),
    }
}

/// Ends the row and writes what holds instead; the id of the last.
async fn replace(
    connection: &mut PgConnection,
    act: &Act,
    old: &Recorded,
    rows: &[&Use],
    paper: &Paper,
) -> Outcome<i64> {
    supersede(connection, act, old).await?;
    let mut id = old.id;
    for row in rows {
        id = writing::insert_use(connection, act, row, paper).await?;
    }
    Ok(id)
}

/// What somebody vouched for, for the audit log.
fn said(faults: &[Fault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.message.as_str()).collect()
}

fn words(it: &Use) -> serde_json::Value {
    json!({
        "parcel": it.parcel, "kind": it.kind, "occupant": it.occupant, "lessor": it.lessor,
        "area_mu": it.land.map(|land| land.to_string()),
        "floor_area_m2": it.floor_area_m2.map(|area| area.to_string()),
        "from": it.valid.from, "until": it.valid.until,
    })
}

/// The deed is the parcel's where one is named: its dossier tells it.
async fn seal(connection: &mut PgConnection, act: &Act, action: &str, it: &Use, detail: serde_json::Value) -> Outcome {
    layer::raise(connection, &act.scope, layer::OCCUPANCIES).await?;
    let (subject_kind, subject) = match (&it.parcel, it.occupant.as_ref().or(it.lessor.as_ref())) {
        (Some(parcel), _) => ("parcel", parcel.as_str()),
        (None, side) => ("enterprise", side.map_or("", String::as_str)),
    };
    let deed = Deed { action, subject_kind, subject, detail };
    act.record(connection, deed).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
