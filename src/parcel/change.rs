//! Changes of the parcel register. Each is one transaction: the versions it was based on are superseded, what holds from
//! when is written anew, and lineage, layer revision and audit entry stand or fall with it.

mod drawing;
mod store;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;

pub use drawing::{Mode, create, merge, move_boundary, plane_areas_of, split, union_of};

use super::SupplyStatus;
use super::rules::{self, Before};
use super::store::{self as register, Version};
use crate::account::{Act, Deed};
use crate::base::code::ParcelCode;
use crate::base::unit::SquareMetre;
use crate::db::geom::Geom;
use crate::db::{PgConnection, layer};
use crate::exchange::{Fault, FaultCode};

/// The version somebody had before them when they decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    pub code: String,
    pub version: i64,
}

/// From when, on what paper, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    pub effective_on: NaiveDate,
    pub source: String,
    pub reason: String,
}

/// A parcel to be drawn.
#[derive(Clone, Debug)]
pub struct NewParcel {
    pub code: ParcelCode,
    pub name: Option<String>,
    /// m²; the plane area to the hundredth when none is given.
    pub official: Option<Decimal>,
    pub shape: Geom,
}

/// What a new or changed version says besides its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    pub name: Option<String>,
    pub official_area_m2: Option<Decimal>,
    /// Scheme and code.
    pub land_use: Option<(String, String)>,
    pub supply: SupplyStatus,
}

impl Attributes {
    pub fn of(version: &Version) -> Self {
        Attributes {
            name: version.name.clone(),
            official_area_m2: version.official_area_m2,
            land_use: version.land_use_scheme.clone().zip(version.land_use_code.clone()),
            supply: version.supply_status,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("parcel {0} is not on record")]
    NotFound(String),
    #[error("parcel {code} was changed by {by}")]
    Stale { code: String, by: String, at: DateTime<Utc>, reason: String },
    #[error("{} faults", .0.len())]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

type Outcome<T = ()> = Result<T, ChangeError>;

/// Nothing else changes parcels until this transaction ends.
async fn begin(act: &Act) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, sqlx::Error> {
    let mut transaction = act.begin().await?;
    layer::lock(&mut transaction, &act.scope, layer::PARCELS).await?;
    Ok(transaction)
}

/// The version named, if it is still the last word on its parcel.
async fn current(act: &Act, base: &Base) -> Outcome<Version> {
    let latest = register::latest(&act.pool, &act.scope, &base.code).await?;
    let latest = latest.ok_or_else(|| ChangeError::NotFound(base.code.clone()))?;
    if latest.id == base.version { Ok(latest) } else { Err(stale(latest)) }
}

/// Ends what is known; refuses when somebody else did so first.
async fn supersede(act: &Act, connection: &mut PgConnection, version: &Version) -> Outcome {
    if store::supersede(connection, act, version.id).await? == 1 {
        return Ok(());
    }
    let latest = register::latest(&act.pool, &act.scope, &version.code).await?;
    Err(latest.map_or_else(|| ChangeError::NotFound(version.code.clone()), stale))
}

/// The same land, known to end on the day.
async fn close(act: &Act, connection: &mut PgConnection, version: &Version, grounds: &Grounds) -> Outcome {
    supersede(act, connection, version).await?;
    let valid = crate::base::period::Period { until: Some(grounds.effective_on), ..version.valid };
    let reason = &grounds.reason;
    store::copy(connection, act, version.id, valid, &Attributes::of(version), &version.source, reason).await?;
    Ok(())
}

async fn seal(
    act: &Act,
    connection: &mut PgConnection,
    action: &str,
    code: &str,
    detail: serde_json::Value,
) -> Outcome {
    layer::raise(connection, &act.scope, layer::PARCELS).await?;
    act.record(connection, Deed { action, subject_kind: "parcel", subject: code, detail }).await?;
    Ok(())
}

fn stale(latest: Version) -> ChangeError {
    ChangeError::Stale { code: latest.code, by: latest.recorded_by, at: latest.recorded_at, reason: latest.reason }
}

fn before(version: &Version) -> Before {
    Before {
        code: version.code.clone(),
        since: version.valid.from,
        until: version.valid.until,
        official: version.official_area_m2.map(SquareMetre),
        plane: SquareMetre(version.plane_area_m2),
    }
}

fn refuse_if_any(faults: Vec<Fault>) -> Outcome {
    if faults.is_empty() { Ok(()) } else { Err(ChangeError::Faults(faults)) }
}

/// From the day on, the parcel has other attributes; before it, what was known stays.
pub async fn adjust(act: &Act, base: &Base, attributes: &Attributes, grounds: &Grounds) -> Outcome {
    let version = current(act, base).await?;
    refuse_if_any(rules::check_end(&before(&version), grounds.effective_on, act.today()))?;
    check_area(&version, attributes)?;
    let mut transaction = begin(act).await?;
    close(act, &mut transaction, &version, grounds).await?;
    let valid = crate::base::period::Period { from: Some(grounds.effective_on), ..version.valid };
    store::copy(&mut transaction, act, version.id, valid, attributes, &grounds.source, &grounds.reason).await?;
    let detail = json!({
        "from": words(&Attributes::of(&version)), "to": words(attributes),
        "effective_on": grounds.effective_on, "reason": grounds.reason, "source": grounds.source,
    });
    seal(act, &mut transaction, "parcel.adjust", &version.code, detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// What was recorded was wrong from the start: the same period, other facts. The wrong row stays as what was known.
pub async fn correct(act: &Act, base: &Base, attributes: &Attributes, source: &str, reason: &str) -> Outcome {
    let version = current(act, base).await?;
    check_area(&version, attributes)?;
    let mut transaction = begin(act).await?;
    supersede(act, &mut transaction, &version).await?;
    store::copy(&mut transaction, act, version.id, version.valid, attributes, source, reason).await?;
    let detail = json!({
        "from": words(&Attributes::of(&version)), "to": words(attributes), "reason": reason, "source": source,
    });
    seal(act, &mut transaction, "parcel.correct", &version.code, detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// The parcel ends on the day and no other takes its place.
pub async fn retire(act: &Act, base: &Base, grounds: &Grounds) -> Outcome {
    let version = current(act, base).await?;
    refuse_if_any(rules::check_end(&before(&version), grounds.effective_on, act.today()))?;
    let mut transaction = begin(act).await?;
    close(act, &mut transaction, &version, grounds).await?;
    let detail = json!({ "effective_on": grounds.effective_on, "reason": grounds.reason, "source": grounds.source });
    seal(act, &mut transaction, "parcel.retire", &version.code, detail).await?;
    transaction.commit().await?;
    Ok(())
}

fn check_area(version: &Version, attributes: &Attributes) -> Outcome {
    let unchanged = attributes.official_area_m2 == version.official_area_m2;
    let Some(official) = attributes.official_area_m2.filter(|_| !unchanged) else { return Ok(()) };
    let difference = SquareMetre((official - version.plane_area_m2).abs());
    if difference <= rules::area_tolerance(SquareMetre(version.plane_area_m2)) {
        return Ok(());
    }
    let message = format!("登记面积与图形面积 {} 平方米相差 {difference} 平方米", version.plane_area_m2);
    refuse_if_any(vec![Fault::error(FaultCode::AreaDiffers, message)])
}

fn words(attributes: &Attributes) -> serde_json::Value {
    json!({
        "name": attributes.name,
        "official_area_m2": attributes.official_area_m2.map(|area| area.to_string()),
        "land_use": attributes.land_use.as_ref().map(|(scheme, code)| format!("{scheme}:{code}")),
        "supply_status": attributes.supply,
    })
}

#[cfg(test)]
mod tests;
