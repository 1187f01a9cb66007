//! A use of land against the enterprises, the parcel and the person who brings it.

use chrono::NaiveDate;

use crate::account::Act;
use crate::base::code::Uscc;
use crate::db::PgConnection;
use crate::enterprise::store::land::{self, Recorded};
use crate::enterprise::store::writing;
use crate::enterprise::{OccupancyKind, Use, wording};
use crate::exchange::{Fault, FaultCode};

/// The other side of a lease may be outside the district, a mistyped code may not; the parcel must be there on the day.
pub async fn check(connection: &mut PgConnection, act: &Act, it: &Use) -> Result<Vec<Fault>, sqlx::Error> {
    let mut faults = Vec::new();
    for code in [&it.occupant, &it.lessor].into_iter().flatten() {
        if !writing::is_known(connection, &act.scope, code).await? {
            faults.push(match code.parse::<Uscc>() {
                Ok(_) if it.kind == OccupancyKind::Leased => wording::counterpart_unknown(code),
                Ok(_) => wording::enterprise_unknown(code),
                Err(_) => wording::counterpart_check_digit(code),
            });
        }
    }
    if let (Some(parcel), Some(since)) = (&it.parcel, it.valid.from) {
        faults.extend(on_parcel(connection, act, parcel, since).await?);
    }
    if let Some(since) = land::overlapping(connection, &act.scope, it).await? {
        let message =
            format!("与在册的一条（起于 {since}）是同一宗地、同样的双方，期限重叠。请先结束那一条，或对它变更面积。");
        faults.push(Fault::error(FaultCode::PeriodInvalid, message));
    }
    Ok(faults)
}

pub async fn on_parcel(
    connection: &mut PgConnection,
    act: &Act,
    parcel: &str,
    since: NaiveDate,
) -> Result<Option<Fault>, sqlx::Error> {
    let Some(standing) = land::parcel_standing(connection, &act.scope, parcel, since).await? else {
        return Ok(Some(wording::parcel_unknown(parcel)));
    };
    if let Some(own) = act.scope.subdistrict_code().filter(|own| *own != standing.lies) {
        let message = format!("宗地 {parcel} 在街道 {}，您只能办理街道 {own} 的宗地。", standing.lies);
        return Ok(Some(Fault::error(FaultCode::OutsideScope, message)));
    }
    Ok(match (standing.covers, standing.ended, standing.begins) {
        (true, _, _) => None,
        (false, Some(ended), _) => Some(wording::parcel_ended(parcel, ended, &standing.successors)),
        (false, None, Some(begins)) => Some(wording::parcel_later(parcel, begins)),
        (false, None, None) => Some(wording::parcel_unknown(parcel)),
    })
}

pub fn own(act: &Act, uscc: &str, lies: Option<&str>) -> Option<Fault> {
    let own = act.scope.subdistrict_code().filter(|own| lies != Some(*own))?;
    let message = format!("企业 {uscc} 登记在其他街道，您只能办理街道 {own} 的企业。");
    Some(Fault::error(FaultCode::OutsideScope, message))
}

/// A clerk touches what an enterprise of the sub-district uses or lets.
pub async fn sides(connection: &mut PgConnection, act: &Act, it: &Use) -> Result<Vec<Fault>, sqlx::Error> {
    let Some(own) = act.scope.subdistrict_code() else { return Ok(Vec::new()) };
    for code in [&it.occupant, &it.lessor].into_iter().flatten() {
        if writing::registered_in(connection, &act.scope, code).await?.flatten().as_deref() == Some(own) {
            return Ok(Vec::new());
        }
    }
    let message = format!("双方都不是街道 {own} 的企业，请交由所属街道或区级部门办理。");
    Ok(vec![Fault::error(FaultCode::OutsideScope, message)])
}

/// Changing a lease changes the land of both sides.
pub async fn shared(connection: &mut PgConnection, act: &Act, old: &Recorded) -> Result<Option<Fault>, sqlx::Error> {
    let (Some(occupant), Some(lessor)) = (&old.occupant, &old.lessor) else { return Ok(None) };
    let both = writing::is_known(connection, &act.scope, occupant).await?
        && writing::is_known(connection, &act.scope, lessor).await?;
    let message = "租赁双方均在企业名录中，改动同时影响双方的用地。请与双方核对。";
    Ok(both.then(|| Fault::warning(FaultCode::ConflictsWithRegister, message)))
}

pub async fn exceeded(
    connection: &mut PgConnection,
    act: &Act,
    parcels: &[Option<&String>],
) -> Result<Vec<Fault>, sqlx::Error> {
    let parcels: Vec<String> = parcels.iter().flatten().map(|code| (*code).clone()).collect();
    let found = land::exceeded(connection, &act.scope, &parcels).await?;
    Ok(found.iter().map(|it| wording::exceeds_parcel(&it.parcel, it.day, it.occupied, it.area)).collect())
}
