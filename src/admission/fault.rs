//! Figures that cannot be checked at all: refused with code, place and reason, before any rule sees them.

use rust_decimal::Decimal;

use super::known::SITE_AREA;
use super::request::CheckRequest;
use super::{Facts, Figure, Floor};
use crate::base::bounds::{self, Bounds};
use crate::base::conversion::Dimension;
use crate::base::ratio::Ratio;
use crate::base::text::Seen;
use crate::exchange::{Fault, FaultCode};
use crate::planning::uses;
use crate::policy::indicator::{Fact, Indicators};

/// No storey is higher, m, and no row of the list stands for more storeys.
pub const HIGHEST_STOREY: Decimal = Decimal::from_parts(200, 0, 0, false, 0);
const MOST_STOREYS: u32 = 1000;

/// Everything that is wrong with the figures, in the order of their names.
pub fn faults(facts: &Facts, indicators: &Indicators) -> Vec<Fault> {
    let figures = facts.figures.iter().flat_map(|(name, figure)| of_figure(name, figure, indicators));
    let floors = facts.floors.iter().enumerate().flat_map(|(place, floor)| of_floor(place, floor));
    figures.chain(floors).chain(of_judgements(facts)).collect()
}

/// A judgement that nobody gave or that gives no reason decides nothing.
fn of_judgements(facts: &Facts) -> impl Iterator<Item = Fault> {
    facts.judgements.iter().flat_map(|(rule, judgement)| {
        let blank = |member: &str, text: &str, reason: &str| {
            let place = format!("/judgements/{rule}/{member}");
            text.is_blank().then(|| Fault::error(FaultCode::JudgementWithoutReason, reason).at_field(place))
        };
        let reason = blank("reason", &judgement.reason, "人工判断须说明理由，请补填");
        reason.into_iter().chain(blank("by", &judgement.by, "人工判断须写明判断人，请补填")).collect::<Vec<_>>()
    })
}

/// A use that is none of the kind of land would pick the plans it is held against.
pub fn of_land_use(request: &CheckRequest) -> Option<Fault> {
    let (kind, code) = (request.land_kind?, request.land_use.as_deref()?);
    (!uses::is_of_kind(kind, code)).then(|| {
        let reason = format!("用地代码“{code}”不属于{kind}，不能据以核对规划");
        Fault::error(FaultCode::LandUseDiffers, reason).at_field("/land_use")
    })
}

fn of_figure(name: &str, figure: &Figure, indicators: &Indicators) -> Vec<Fault> {
    let Some(fact) = indicators.fact(name) else {
        let known: Vec<_> = indicators.facts.iter().map(|fact| fact.name.as_str()).collect();
        let reason = format!("没有名为“{name}”的指标数据，可填报：{}", known.join("、"));
        return vec![Fault::error(FaultCode::UnknownFigure, reason).at_field(format!("/figures/{name}"))];
    };
    let mut faults = Vec::new();
    let value = || format!("/figures/{name}/value");
    if figure.value < Decimal::ZERO {
        faults.push(Fault::error(FaultCode::FigureNegative, format!("{}不能为负数", fact.label)).at_field(value()));
    }
    if name == SITE_AREA && figure.value.is_zero() {
        faults.push(Fault::error(FaultCode::AreaZero, format!("{}不能为零", fact.label)).at_field(value()));
    }
    if let Some(bounds) = fact.dimension.map(Dimension::bounds).filter(|_| figure.value >= Decimal::ZERO) {
        faults.extend(
            beyond(&fact.label, figure, fact, &bounds)
                .map(|reason| Fault::error(FaultCode::FigureOutOfRange, reason).at_field(value())),
        );
    }
    let measure = fact.measure().ok();
    if measure.as_ref().is_none_or(|measure| measure.scale(&figure.unit).is_none()) {
        let units = measure.map(|measure| measure.names().join("、")).unwrap_or_default();
        let reason = format!("{}的单位“{}”无法识别，可用：{units}", fact.label, figure.unit);
        faults.push(Fault::error(FaultCode::UnknownUnit, reason).at_field(format!("/figures/{name}/unit")));
    }
    faults
}

/// A figure beyond what its quantity may be, in the unit in which it is kept.
pub fn beyond(label: &str, figure: &Figure, fact: &Fact, bounds: &Bounds) -> Option<String> {
    let scale = fact.measure().ok()?.scale(&figure.unit)?;
    let most = Ratio::from(bounds.most);
    let fine = figure.value.normalize().scale() > bounds.places;
    (fine || scale * figure.value > most).then(|| {
        format!("{label}“{}{}”超出可信范围，应{}。请核对数值和单位", figure.value, figure.unit, bounds.wording())
    })
}

fn of_floor(place: usize, floor: &Floor) -> Vec<Fault> {
    let fault = |member: &str, reason: &str| {
        Fault::error(FaultCode::FloorInvalid, format!("第 {} 层：{reason}", place + 1))
            .at_field(format!("/floors/{place}/{member}"))
    };
    let area = (floor.area_m2 <= Decimal::ZERO).then(|| fault("area_m2", "建筑面积须大于零（平方米）"));
    let area = area.or_else(|| (!bounds::AREA.hold(floor.area_m2)).then(|| fault("area_m2", "建筑面积超出可信范围")));
    let height = floor.height_m.is_some_and(|height| height <= Decimal::ZERO);
    let height = height.then(|| fault("height_m", "层高须大于零（米）"));
    let tall = floor.height_m.is_some_and(|height| height > HIGHEST_STOREY);
    let height = height.or_else(|| tall.then(|| fault("height_m", "层高超过 200 米，请核对单位（米）")));
    let count = (floor.count == 0).then(|| fault("count", "层数须大于零"));
    let count = count.or_else(|| (floor.count > MOST_STOREYS).then(|| fault("count", "层数超过 1000，请核对")));
    [area, height, count].into_iter().flatten().collect()
}
