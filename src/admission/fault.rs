//! Figures that cannot be checked at all: refused with code, place and reason, before any rule sees them.

use rust_decimal::Decimal;

use super::known::SITE_AREA;
use super::request::CheckRequest;
use super::{Facts, Figure, Floor};
use crate::planning::uses;
use crate::policy::indicator::Indicators;
use crate::web::error::InputFault;

/// Everything that is wrong with the figures, in the order of their names.
pub fn faults(facts: &Facts, indicators: &Indicators) -> Vec<InputFault> {
    let figures = facts.figures.iter().flat_map(|(name, figure)| of_figure(name, figure, indicators));
    let floors = facts.floors.iter().enumerate().flat_map(|(place, floor)| of_floor(place, floor));
    figures.chain(floors).collect()
}

/// A use that is none of the kind of land would pick the plans it is held against.
pub fn of_land_use(request: &CheckRequest) -> Option<InputFault> {
    let (kind, code) = (request.land_kind?, request.land_use.as_deref()?);
    (!uses::is_of_kind(kind, code)).then(|| {
        let reason = format!("用地代码“{code}”不属于{kind}，不能据以核对规划");
        InputFault::new("land_use_differs", "/land_use".into(), reason)
    })
}

fn of_figure(name: &str, figure: &Figure, indicators: &Indicators) -> Vec<InputFault> {
    let Some(fact) = indicators.fact(name) else {
        let known: Vec<_> = indicators.facts.iter().map(|fact| fact.name.as_str()).collect();
        let reason = format!("没有名为“{name}”的指标数据，可填报：{}", known.join("、"));
        return vec![InputFault::new("unknown_figure", format!("/figures/{name}"), reason)];
    };
    let mut faults = Vec::new();
    let value = || format!("/figures/{name}/value");
    if figure.value < Decimal::ZERO {
        faults.push(InputFault::new("figure_negative", value(), format!("{}不能为负数", fact.label)));
    }
    if name == SITE_AREA && figure.value.is_zero() {
        faults.push(InputFault::new("area_zero", value(), format!("{}不能为零", fact.label)));
    }
    let measure = fact.measure().ok();
    if measure.as_ref().is_none_or(|measure| measure.scale(&figure.unit).is_none()) {
        let units = measure.map(|measure| measure.names().join("、")).unwrap_or_default();
        let reason = format!("{}的单位“{}”无法识别，可用：{units}", fact.label, figure.unit);
        faults.push(InputFault::new("unknown_unit", format!("/figures/{name}/unit"), reason));
    }
    faults
}

fn of_floor(place: usize, floor: &Floor) -> Vec<InputFault> {
    let fault = |member: &str, reason: &str| {
        InputFault::new("floor_invalid", format!("/floors/{place}/{member}"), format!("第 {} 层：{reason}", place + 1))
    };
    let area = (floor.area_m2 <= Decimal::ZERO).then(|| fault("area_m2", "建筑面积须大于零（平方米）"));
    let height = floor.height_m.is_some_and(|height| height <= Decimal::ZERO);
    let height = height.then(|| fault("height_m", "层高须大于零（米）"));
    let count = (floor.count == 0).then(|| fault("count", "层数须大于零"));
    [area, height, count].into_iter().flatten().collect()
}
