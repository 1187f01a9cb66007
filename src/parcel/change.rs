//! Changes of the parcel register. Each is one transaction: the versions it was based on are superseded, what holds from
//! when is written anew, and lineage, layer revision and audit entry stand or fall with it.

mod sql;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;

use super::rules::{self, After, Before, ChangeFault, ChangeFaultCode, Redrawing};
use super::store::{self, Version};
use super::{LineageKind, SupplyStatus};
use crate::account::audit::{self, Actor, Deed};
use crate::base::clock::china_day;
use crate::base::code::ParcelCode;
use crate::base::unit::SquareMetre;
use crate::codelist::CrossWalk;
use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope, layer};

/// Who changes the register, where and when.
#[derive(Clone, Copy, Debug)]
pub struct Hand<'a> {
    pub pool: &'a PgPool,
    pub scope: &'a Scope,
    pub actor: &'a Actor,
    pub now: DateTime<Utc>,
}

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
    Faults(Vec<ChangeFault>),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

type Outcome<T = ()> = Result<T, ChangeError>;

impl Hand<'_> {
    /// Nothing else changes parcels until this transaction ends.
    async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        layer::lock(&mut transaction, self.scope, layer::PARCELS).await?;
        Ok(transaction)
    }

    fn today(&self) -> NaiveDate {
        china_day(self.now)
    }

    /// The version named, if it is still the last word on its parcel.
    async fn current(&self, base: &Base) -> Outcome<Version> {
        let latest = store::latest(self.pool, self.scope, &base.code).await?;
        let latest = latest.ok_or_else(|| ChangeError::NotFound(base.code.clone()))?;
        if latest.id == base.version { Ok(latest) } else { Err(stale(latest)) }
    }

    async fn stale(&self, code: &str) -> ChangeError {
        match store::latest(self.pool, self.scope, code).await {
            Ok(Some(latest)) => stale(latest),
            Ok(None) => ChangeError::NotFound(code.to_owned()),
            Err(error) => error.into(),
        }
    }

    /// Ends what is known; refuses when somebody else did so first.
    async fn supersede(&self, connection: &mut PgConnection, version: &Version) -> Outcome {
        if sql::supersede(connection, self, version.id).await? == 1 {
            Ok(())
        } else {
            Err(self.stale(&version.code).await)
        }
    }

    /// The same land, known to end on the day.
    async fn close(&self, connection: &mut PgConnection, version: &Version, grounds: &Grounds) -> Outcome {
        self.supersede(connection, version).await?;
        let valid = crate::base::period::Period { until: Some(grounds.effective_on), ..version.valid };
        let reason = &grounds.reason;
        sql::copy(connection, self, version.id, valid, &Attributes::of(version), &version.source, reason).await?;
        Ok(())
    }

    async fn seal(
        &self,
        connection: &mut PgConnection,
        action: &str,
        code: &str,
        detail: serde_json::Value,
    ) -> Outcome {
        layer::raise(connection, self.scope, layer::PARCELS).await?;
        let deed = Deed { action, subject_kind: "parcel", subject: code, detail };
        audit::record(connection, self.scope, self.actor, deed, self.now).await?;
        Ok(())
    }
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

fn refuse_if_any(faults: Vec<ChangeFault>) -> Outcome {
    if faults.is_empty() { Ok(()) } else { Err(ChangeError::Faults(faults)) }
}

/// Enters a parcel that comes out of no other.
///
/// # Errors
/// Faults when its code was used before, its land lies on another parcel, or its registered area does not fit it.
pub async fn create(hand: &Hand<'_>, parcel: &NewParcel, attributes: &Attributes, grounds: &Grounds) -> Outcome<i64> {
    refuse_if_any(check_counties(hand, std::slice::from_ref(parcel), grounds.effective_on))?;
    let mut transaction = hand.begin().await?;
    let srid = sql::survey_srid(&mut transaction, &parcel.shape).await?;
    let drawn = sql::plane_areas(&mut transaction, srid, std::slice::from_ref(&parcel.shape)).await?;
    let known = store::known_codes(&mut transaction, hand.scope, &[parcel.code.as_str().to_owned()]).await?;
    let after = after(parcel, drawn[0], &known);
    let mut faults = Vec::new();
    if grounds.effective_on > hand.today() {
        faults.push(ChangeFault::new(ChangeFaultCode::InFuture, "生效日期晚于今天"));
    }
    if after.known {
        faults.push(ChangeFault::new(ChangeFaultCode::CodeTaken, format!("宗地代码 {} 已经使用过", after.code)));
    }
    let difference = SquareMetre((after.official.0 - after.plane.0).abs());
    if difference > rules::area_tolerance(after.plane) {
        let message = format!("登记面积与图形面积相差 {difference} 平方米");
        faults.push(ChangeFault::new(ChangeFaultCode::AreaDiffers, message));
    }
    for (code, area) in sql::neighbours_under(&mut transaction, hand, &parcel.shape, srid, grounds.effective_on).await?
    {
        if area > rules::SHAPE_TOLERANCE {
            let message = format!("与宗地 {code} 重叠 {area} 平方米");
            faults.push(ChangeFault::new(ChangeFaultCode::Overlap, message));
        }
    }
    refuse_if_any(faults)?;
    let attributes = Attributes { official_area_m2: Some(after.official.0), ..attributes.clone() };
    let id = sql::draw(&mut transaction, hand, parcel, srid, &attributes, true, grounds).await?;
    let detail = json!({ "version": id, "effective_on": grounds.effective_on, "reason": grounds.reason, "source": grounds.source });
    hand.seal(&mut transaction, "parcel.create", parcel.code.as_str(), detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// From the day on, the parcel has other attributes; before it, what was known stays.
pub async fn adjust(hand: &Hand<'_>, base: &Base, attributes: &Attributes, grounds: &Grounds) -> Outcome {
    let version = hand.current(base).await?;
    refuse_if_any(rules::check_end(&before(&version), grounds.effective_on, hand.today()))?;
    check_area(&version, attributes)?;
    let mut transaction = hand.begin().await?;
    hand.close(&mut transaction, &version, grounds).await?;
    let valid = crate::base::period::Period { from: Some(grounds.effective_on), ..version.valid };
    sql::copy(&mut transaction, hand, version.id, valid, attributes, &grounds.source, &grounds.reason).await?;
    let detail = json!({
        "from": words(&Attributes::of(&version)), "to": words(attributes),
        "effective_on": grounds.effective_on, "reason": grounds.reason, "source": grounds.source,
    });
    hand.seal(&mut transaction, "parcel.adjust", &version.code, detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// What was recorded was wrong from the start: the same period, other facts. The wrong row stays as what was known.
pub async fn correct(hand: &Hand<'_>, base: &Base, attributes: &Attributes, source: &str, reason: &str) -> Outcome {
    let version = hand.current(base).await?;
    check_area(&version, attributes)?;
    let mut transaction = hand.begin().await?;
    hand.supersede(&mut transaction, &version).await?;
    sql::copy(&mut transaction, hand, version.id, version.valid, attributes, source, reason).await?;
    let detail = json!({
        "from": words(&Attributes::of(&version)), "to": words(attributes), "reason": reason, "source": source,
    });
    hand.seal(&mut transaction, "parcel.correct", &version.code, detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// The parcel ends on the day and no other takes its place.
pub async fn retire(hand: &Hand<'_>, base: &Base, grounds: &Grounds) -> Outcome {
    let version = hand.current(base).await?;
    refuse_if_any(rules::check_end(&before(&version), grounds.effective_on, hand.today()))?;
    let mut transaction = hand.begin().await?;
    hand.close(&mut transaction, &version, grounds).await?;
    let detail = json!({ "effective_on": grounds.effective_on, "reason": grounds.reason, "source": grounds.source });
    hand.seal(&mut transaction, "parcel.retire", &version.code, detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// One parcel becomes several; each takes over its land use and supply status.
pub async fn split(hand: &Hand<'_>, base: &Base, parcels: &[NewParcel], grounds: &Grounds) -> Outcome {
    redraw(hand, LineageKind::Split, std::slice::from_ref(base), parcels, grounds).await
}

/// Several parcels become one, which takes over land use and supply status of the first. Without a shape of its own it
/// is their union.
pub async fn merge(hand: &Hand<'_>, bases: &[Base], parcel: &NewParcel, grounds: &Grounds) -> Outcome {
    redraw(hand, LineageKind::Merge, bases, std::slice::from_ref(parcel), grounds).await
}

/// The boundary between parcels moves; the codes stay.
pub async fn move_boundary(hand: &Hand<'_>, bases: &[Base], parcels: &[NewParcel], grounds: &Grounds) -> Outcome {
    redraw(hand, LineageKind::Adjust, bases, parcels, grounds).await
}

/// A parcel code names the county it was issued under: this district or one that became part of it.
fn check_counties(hand: &Hand<'_>, parcels: &[NewParcel], on: NaiveDate) -> Vec<ChangeFault> {
    let district = hand.scope.county();
    let ours =
        |county: &str| county == district || CrossWalk::embedded().resolve_county(county, on).code() == Some(district);
    let foreign = parcels.iter().filter(|parcel| !ours(parcel.code.county()));
    let fault = |parcel: &NewParcel| {
        let message = format!("宗地代码 {} 的县级代码不属于本区（{district}）", parcel.code);
        ChangeFault::new(ChangeFaultCode::CodeInvalid, message)
    };
    foreign.map(fault).collect()
}

/// The union of versions in the plane of the first one's survey; `None` when there are none.
pub async fn union_of(hand: &Hand<'_>, bases: &[Base]) -> Outcome<Option<Geom>> {
    let mut versions = Vec::new();
    for base in bases {
        versions.push(hand.current(base).await?);
    }
    let Some(first) = versions.first() else { return Ok(None) };
    let ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
    Ok(sql::union(hand, &ids, first.survey_srid).await?)
}

async fn redraw(
    hand: &Hand<'_>,
    kind: LineageKind,
    bases: &[Base],
    parcels: &[NewParcel],
    grounds: &Grounds,
) -> Outcome {
    let mut versions = Vec::new();
    for base in bases {
        versions.push(hand.current(base).await?);
    }
    let Some(first) = versions.first() else {
        return refuse_if_any(vec![ChangeFault::new(ChangeFaultCode::Count, "没有选定原宗地")]);
    };
    refuse_if_any(check_counties(hand, parcels, grounds.effective_on))?;
    let srid = first.survey_srid;
    let shapes: Vec<Geom> = parcels.iter().map(|parcel| parcel.shape.clone()).collect();
    let codes: Vec<String> = parcels.iter().map(|parcel| parcel.code.as_str().to_owned()).collect();
    let ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
    let mut transaction = hand.begin().await?;
    let areas = sql::plane_areas(&mut transaction, srid, &shapes).await?;
    let known = store::known_codes(&mut transaction, hand.scope, &codes).await?;
    let after: Vec<After> = parcels.iter().zip(areas).map(|(parcel, area)| after(parcel, area, &known)).collect();
    let redrawing = Redrawing {
        kind,
        effective_on: grounds.effective_on,
        today: hand.today(),
        before: versions.iter().map(before).collect(),
        measured: sql::measure(&mut transaction, hand, &ids, srid, &shapes).await?,
        after,
    };
    refuse_if_any(rules::check(&redrawing))?;
    let passed = sql::land_passed(&mut transaction, hand, &ids, srid, &shapes).await?;
    for version in &versions {
        hand.close(&mut transaction, version, grounds).await?;
    }
    // What comes of converted coordinates does not become survey truth by being redrawn.
    let survey_truth = versions.iter().all(|version| version.survey_truth);
    for (parcel, after) in parcels.iter().zip(&redrawing.after) {
        let heir_of = versions.iter().find(|version| version.code == after.code).unwrap_or(first);
        let name = parcel.name.clone().or_else(|| heir_of.name.clone().filter(|_| kind != LineageKind::Split));
        let own = Attributes { name, official_area_m2: Some(after.official.0), ..Attributes::of(heir_of) };
        sql::draw(&mut transaction, hand, parcel, srid, &own, survey_truth, grounds).await?;
    }
    for (predecessor, place, area) in passed {
        let successor = &codes[place];
        if area > rules::SHAPE_TOLERANCE && predecessor != *successor {
            sql::link(&mut transaction, hand, kind, &predecessor, successor, grounds).await?;
        }
    }
    let before: Vec<&str> = versions.iter().map(|version| version.code.as_str()).collect();
    let detail = json!({
        "before": before, "after": codes, "effective_on": grounds.effective_on,
        "reason": grounds.reason, "source": grounds.source,
    });
    let action = match kind {
        LineageKind::Split => "parcel.split",
        LineageKind::Merge => "parcel.merge",
        LineageKind::Adjust => "parcel.move_boundary",
    };
    hand.seal(&mut transaction, action, &first.code, detail).await?;
    transaction.commit().await?;
    Ok(())
}

fn after(parcel: &NewParcel, plane: SquareMetre, known: &[String]) -> After {
    let code = parcel.code.as_str().to_owned();
    let official = SquareMetre(parcel.official.unwrap_or_else(|| plane.0.round_dp(2)));
    After { known: known.contains(&code), code, official, plane }
}

fn check_area(version: &Version, attributes: &Attributes) -> Outcome {
    let unchanged = attributes.official_area_m2 == version.official_area_m2;
    let Some(official) = attributes.official_area_m2.filter(|_| !unchanged) else { return Ok(()) };
    let difference = SquareMetre((official - version.plane_area_m2).abs());
    if difference <= rules::area_tolerance(SquareMetre(version.plane_area_m2)) {
        return Ok(());
    }
    let message = format!("登记面积与图形面积 {} 平方米相差 {difference} 平方米", version.plane_area_m2);
    refuse_if_any(vec![ChangeFault::new(ChangeFaultCode::AreaDiffers, message)])
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
