//! What the registers say of a site in the stateless check, before anything that its caller says of it: how large it is,
//! which rows it is offered with, and whether it lies in the zone that would pick the standard.

use chrono::NaiveDate;
use geo_types::MultiPolygon;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::case::store::site as measuring;
use super::known::{self, SITE_AREA};
use super::request::CheckRequest;
use super::store::{self, OnOffer, Platforms};
use super::{Facts, Figure, Unproven, Warning};
use crate::base::unit::rounded;
use crate::db::geom::Geom;
use crate::db::{PgConnection, Scope};
use crate::exchange::frame::CGCS2000;
use crate::policy::catalogue::Catalogue;
use crate::policy::standard::Adoption;

/// Areas that are closer are the same.
const SAME_AREA_M2: Decimal = dec!(1);

/// Where the project goes.
#[derive(Clone, Debug)]
pub struct Located {
    /// EPSG:4490, longitude before latitude.
    pub shape: MultiPolygon<f64>,
    /// The code it was named by.
    pub parcel: Option<String>,
    /// m², as registered.
    pub registered_m2: Option<Decimal>,
}

impl Located {
    pub fn drawn(shape: MultiPolygon<f64>) -> Self {
        Located { shape, parcel: None, registered_m2: None }
    }
}

/// Puts what is on record in the place of what was said, and says the difference.
pub async fn establish(
    connection: &mut PgConnection,
    scope: &Scope,
    located: &Located,
    catalogue: &Catalogue,
    as_of: NaiveDate,
    facts: &mut Facts,
) -> Result<Vec<Warning>, sqlx::Error> {
    let mut warnings = Vec::new();
    let shape = Geom::new(located.shape.clone(), CGCS2000);
    let (area, whose) = match located.registered_m2 {
        Some(area) => (Some(area), "登记面积"),
        None => {
            let measured = measuring::measure(&mut *connection, scope, &shape, as_of).await?;
            (measured.map(|measured| measured.area_m2), "图形面积")
        }
    };
    if let Some(area) = area {
        warnings.extend(area_differs(facts, catalogue, area, whose));
        facts.figures.insert(SITE_AREA.into(), Figure { value: area, unit: "平方米".into() });
    }
    let offers = store::on_offer(connection, scope, located.parcel.as_deref(), &shape, as_of).await?;
    warnings.extend(offers.iter().filter_map(|offer| take_offer(offer, facts)));
    if offers.is_empty() && zones_matter(facts, catalogue, as_of) {
        let platforms = store::platforms(connection, scope, &shape, facts.zone.as_deref(), as_of).await?;
        facts.unproven.extend(zone_unproven(facts, catalogue, &platforms, as_of));
    }
    Ok(warnings)
}

fn area_differs(facts: &Facts, catalogue: &Catalogue, area: Decimal, whose: &str) -> Option<Warning> {
    let declared = known::declared(facts, catalogue.indicators.fact(SITE_AREA)?).ok()?.rounded(4)?;
    let apart = (declared - area).abs();
    let differs = apart >= SAME_AREA_M2 || apart > area * dec!(0.001);
    differs.then(|| {
        let (declared, area) = (rounded(declared, 2), rounded(area, 2));
        let message = format!("填报的用地面积为 {declared} 平方米，{whose}为 {area} 平方米；核查采用{whose}。");
        warning("site_area_differs", "/figures/site_area", message)
    })
}

/// Land on offer is offered with its rows, for its kind of use, in its zone.
fn take_offer(offer: &OnOffer, facts: &mut Facts) -> Option<Warning> {
    facts.offered.extend(offer.sets.iter().filter(|set| !facts.offered.contains(set)).cloned().collect::<Vec<_>>());
    let said = facts.zone.take();
    facts.zone = offer.zone.clone();
    if facts.land_kind.is_some_and(|kind| kind != offer.land_kind) {
        let reason = format!("在供地块“{}”供作{}，与填报的用地类型不一致。", offer.title, offer.land_kind);
        facts.unproven.push(Unproven { what: "与供应一致的用地类型".into(), reason });
    }
    facts.land_kind = facts.land_kind.or(Some(offer.land_kind));
    (said.is_some() && said != offer.zone).then(|| {
        let zone = offer.zone.as_deref().unwrap_or("（未注明区域）");
        let message = format!("填报的区域与在供地块“{}”的区域 {zone} 不一致；核查采用供应信息。", offer.title);
        warning("zone_differs", "/zone", message)
    })
}

/// Rows that hold in one zone only, among those that could be asked.
fn zoned<'a>(facts: &Facts, catalogue: &'a Catalogue, as_of: NaiveDate) -> Vec<&'a str> {
    let here = catalogue.standards.iter().filter(|set| {
        set.adoption == Adoption::Adopted
            && set.valid.contains(as_of)
            && facts.land_kind.is_none_or(|kind| kind == set.land_kind)
    });
    here.filter_map(|set| set.zone.as_deref()).collect()
}

fn zones_matter(facts: &Facts, catalogue: &Catalogue, as_of: NaiveDate) -> bool {
    !zoned(facts, catalogue, as_of).is_empty()
}

/// A zone counts as far as an outline on record bears it out; one that is kept silent counts all the same.
fn zone_unproven(facts: &Facts, catalogue: &Catalogue, platforms: &Platforms, as_of: NaiveDate) -> Option<Unproven> {
    let zoned = zoned(facts, catalogue, as_of);
    let widest = |zone: &str| zone.split('/').next().unwrap_or(zone).to_owned();
    let picks = |zone: &str| zoned.iter().any(|asked| widest(asked) == widest(zone));
    let what = "用地所在区域".to_owned();
    if let Some(said) = facts.zone.as_deref().filter(|said| picks(said)) {
        if platforms.holds(&widest(said)) {
            return None;
        }
        let why =
            if platforms.is_known { "用地不在该区域界线之内" } else { "没有该区域的登记界线" };
        return Some(Unproven { what, reason: format!("填报用地位于“{said}”，{why}。") });
    }
    let touched = platforms.touched.iter().find(|name| picks(name))?;
    Some(Unproven {
        what, reason: format!("用地在“{touched}”界线之内，该区域另有标准，而填报的区域没有说明。")
    })
}

/// The caller's own list of offered rows decides nothing.
pub fn offered_otherwise(request: &CheckRequest, facts: &Facts) -> Option<Warning> {
    let otherwise = request.offered.iter().any(|set| !facts.offered.contains(set));
    otherwise.then(|| {
        let registered = if facts.offered.is_empty() {
            "没有在供信息".to_owned()
        } else {
            format!("列有 {}", facts.offered.join("、"))
        };
        let message = format!("填报的在供标准与供应登记不一致：该用地{registered}；核查采用供应登记。");
        warning("offered_differs", "/offered", message)
    })
}

pub fn another_day(as_of: NaiveDate, today: NaiveDate) -> Option<Warning> {
    (as_of != today).then(|| {
        let message = format!("核查按 {as_of} 的规则和登记信息进行，不是当日；准入以申请之日为准。");
        warning("another_day", "/as_of", message)
    })
}

/// A judgement in a request is nobody's on record.
pub fn judged_by_the_caller(request: &CheckRequest) -> Option<Warning> {
    (!request.judgements.is_empty()).then(|| {
        let message = "人工判断由请求填报，未经登记；办理准入时须由承办人在案件中判断。".to_owned();
        warning("judgement_not_on_record", "/judgements", message)
    })
}

fn warning(code: &str, place: &str, message: String) -> Warning {
    Warning { code: code.into(), place: place.into(), message }
}
