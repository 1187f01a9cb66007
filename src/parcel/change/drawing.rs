//! Parcels that are drawn: entered anew, split, merged, or with another boundary between them.

use chrono::NaiveDate;
use serde_json::json;

use super::{Attributes, Base, Grounds, NewParcel, Outcome, before, begin, close, current, refuse_if_any, seal, store};
use crate::account::Act;
use crate::base::unit::SquareMetre;
use crate::codelist::CrossWalk;
use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool};
use crate::exchange::{Fault, FaultCode};
use crate::exchange::{validity, wording};
use crate::parcel::LineageKind;
use crate::parcel::rules::{self, After, Redrawing};
use crate::parcel::store::{self as register, Version};

/// Whether it is meant. A preview does everything and takes it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Preview,
    Commit,
}

impl Mode {
    async fn close(self, transaction: sqlx::Transaction<'static, sqlx::Postgres>) -> Outcome {
        match self {
            Mode::Preview => transaction.rollback().await?,
            Mode::Commit => transaction.commit().await?,
        }
        Ok(())
    }
}

/// Enters a parcel that comes out of no other.
///
/// # Errors
/// Faults when its code was used before, its land lies on another parcel, or its registered area does not fit it.
pub async fn create(
    act: &Act,
    parcel: &NewParcel,
    attributes: &Attributes,
    grounds: &Grounds,
    mode: Mode,
) -> Outcome<i64> {
    refuse_if_any(check_counties(act, std::slice::from_ref(parcel), grounds.effective_on))?;
    let mut transaction = begin(act).await?;
    refuse_bent(&mut transaction, std::slice::from_ref(&parcel.shape)).await?;
    let srid = store::survey_srid(&mut transaction, &parcel.shape).await?;
    let drawn = store::plane_areas(&mut transaction, srid, std::slice::from_ref(&parcel.shape)).await?;
    let known = register::known_codes(&mut transaction, &act.scope, &[parcel.code.as_str().to_owned()]).await?;
    let after = after(parcel, drawn[0], &known);
    let mut faults: Vec<Fault> = rules::vast(&after.code, after.plane).into_iter().collect();
    if grounds.effective_on > act.today() {
        faults.push(Fault::error(FaultCode::InFuture, "生效日期晚于今天"));
    }
    if after.known {
        faults.push(Fault::error(FaultCode::CodeTaken, format!("宗地代码 {} 已经使用过", after.code)));
    }
    let difference = SquareMetre((after.official.0 - after.plane.0).abs());
    if difference > rules::area_tolerance(after.plane) {
        let message = format!("登记面积与图形面积相差 {difference} 平方米");
        faults.push(Fault::error(FaultCode::AreaDiffers, message));
    }
    for (code, area, theirs) in
        store::neighbours_under(&mut transaction, act, &parcel.shape, srid, grounds.effective_on).await?
    {
        if rules::is_overlap(area, theirs.min(after.plane)) {
            let message = format!("与宗地 {code} 重叠 {area} 平方米");
            faults.push(Fault::error(FaultCode::Overlap, message));
        }
    }
    refuse_if_any(faults)?;
    let attributes = Attributes { official_area_m2: Some(after.official.0), ..attributes.clone() };
    let id = store::draw(&mut transaction, act, parcel, srid, &attributes, true, grounds).await?;
    let detail = json!({ "version": id, "effective_on": grounds.effective_on, "reason": grounds.reason, "source": grounds.source });
    seal(act, &mut transaction, "parcel.create", parcel.code.as_str(), detail).await?;
    mode.close(transaction).await?;
    Ok(id)
}

/// One parcel becomes several; each takes over its land use and supply status.
pub async fn split(act: &Act, base: &Base, parcels: &[NewParcel], grounds: &Grounds) -> Outcome {
    redraw(act, LineageKind::Split, std::slice::from_ref(base), parcels, grounds, Mode::Commit).await
}

/// Several parcels become one, which takes over land use and supply status of the first. Without a shape of its own it
/// is their union.
pub async fn merge(act: &Act, bases: &[Base], parcel: &NewParcel, grounds: &Grounds) -> Outcome {
    redraw(act, LineageKind::Merge, bases, std::slice::from_ref(parcel), grounds, Mode::Commit).await
}

/// The boundary between parcels moves; the codes stay.
pub async fn move_boundary(act: &Act, bases: &[Base], parcels: &[NewParcel], grounds: &Grounds, mode: Mode) -> Outcome {
    redraw(act, LineageKind::Adjust, bases, parcels, grounds, mode).await
}

/// A parcel code names the county it was issued under: this district or one that became part of it.
fn check_counties(act: &Act, parcels: &[NewParcel], on: NaiveDate) -> Vec<Fault> {
    let district = act.scope.county();
    let ours =
        |county: &str| county == district || CrossWalk::embedded().resolve_county(county, on).code() == Some(district);
    let foreign = parcels.iter().filter(|parcel| !ours(parcel.code.county()));
    let fault = |parcel: &NewParcel| {
        let message = format!("宗地代码 {} 的县级代码不属于本区（{district}）", parcel.code);
        Fault::error(FaultCode::CodeInvalid, message)
    };
    foreign.map(fault).collect()
}

/// The union of versions in the plane of the first one's survey; `None` when there are none.
pub async fn union_of(act: &Act, bases: &[Base]) -> Outcome<Option<Geom>> {
    let mut versions = Vec::new();
    for base in bases {
        versions.push(current(act, base).await?);
    }
    let Some(first) = versions.first() else { return Ok(None) };
    let ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
    Ok(store::union(act, &ids, first.survey_srid).await?)
}

/// Plane areas of shapes as a change would measure them, m² to four decimals: in the survey plane of the parcel they
/// are drawn from, else in their own.
pub async fn plane_areas_of(
    pool: &PgPool,
    shapes: &[Geom],
    drawn_from: Option<&Version>,
) -> Result<Vec<SquareMetre>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let srid = match (drawn_from, shapes.first()) {
        (Some(version), _) => version.survey_srid,
        (None, Some(shape)) => store::survey_srid(&mut connection, shape).await?,
        (None, None) => return Ok(Vec::new()),
    };
    store::plane_areas(&mut connection, srid, shapes).await
}

async fn redraw(
    act: &Act,
    kind: LineageKind,
    bases: &[Base],
    parcels: &[NewParcel],
    grounds: &Grounds,
    mode: Mode,
) -> Outcome {
    let mut versions = Vec::new();
    for base in bases {
        versions.push(current(act, base).await?);
    }
    let Some(first) = versions.first() else {
        return refuse_if_any(vec![Fault::error(FaultCode::Count, "没有选定原宗地")]);
    };
    refuse_if_any(check_counties(act, parcels, grounds.effective_on))?;
    let srid = first.survey_srid;
    let shapes: Vec<Geom> = parcels.iter().map(|parcel| parcel.shape.clone()).collect();
    let codes: Vec<String> = parcels.iter().map(|parcel| parcel.code.as_str().to_owned()).collect();
    let ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
    let mut transaction = begin(act).await?;
    refuse_bent(&mut transaction, &shapes).await?;
    let areas = store::plane_areas(&mut transaction, srid, &shapes).await?;
    let known = register::known_codes(&mut transaction, &act.scope, &codes).await?;
    let after: Vec<After> = parcels.iter().zip(areas).map(|(parcel, area)| after(parcel, area, &known)).collect();
    let redrawing = Redrawing {
        kind,
        effective_on: grounds.effective_on,
        today: act.today(),
        before: versions.iter().map(before).collect(),
        measured: store::measure(&mut transaction, act, &ids, srid, &shapes).await?,
        after,
    };
    refuse_if_any(rules::check(&redrawing))?;
    let passed = store::land_passed(&mut transaction, act, &ids, srid, &shapes).await?;
    for version in &versions {
        close(act, &mut transaction, version, grounds).await?;
    }
    // What comes of converted coordinates does not become survey truth by being redrawn.
    let survey_truth = versions.iter().all(|version| version.survey_truth);
    for (parcel, after) in parcels.iter().zip(&redrawing.after) {
        let heir_of = versions.iter().find(|version| version.code == after.code).unwrap_or(first);
        let name = parcel.name.clone().or_else(|| heir_of.name.clone().filter(|_| kind != LineageKind::Split));
        let own = Attributes { name, official_area_m2: Some(after.official.0), ..Attributes::of(heir_of) };
        store::draw(&mut transaction, act, parcel, srid, &own, survey_truth, grounds).await?;
    }
    for (predecessor, place, area) in passed {
        let successor = &codes[place];
        if area > rules::SHAPE_TOLERANCE && predecessor != *successor {
            store::link(&mut transaction, act, kind, &predecessor, successor, grounds).await?;
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
    seal(act, &mut transaction, action, &first.code, detail).await?;
    mode.close(transaction).await
}

/// Shapes that are valid as drawn and not in the register's frame are refused with the place, as they were drawn.
async fn refuse_bent(connection: &mut PgConnection, shapes: &[Geom]) -> Outcome {
    let bent = store::bent(connection, shapes).await?;
    let fault = |flaw: &store::Flaw| {
        let wrong = wording::bent(validity::at(flaw.place)).message;
        Fault::error(FaultCode::Shape, format!("第 {} 个图形：{wrong}", flaw.shape))
    };
    refuse_if_any(bent.iter().map(fault).collect())
}

fn after(parcel: &NewParcel, plane: SquareMetre, known: &[String]) -> After {
    let code = parcel.code.as_str().to_owned();
    let official = SquareMetre(parcel.official.unwrap_or_else(|| plane.0.round_dp(2)));
    After { known: known.contains(&code), code, official, plane }
}
