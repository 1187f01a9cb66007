//! 二(一)3: weights of above-size industry.

use rust_decimal::Decimal;

use super::{Broken, Bounds, Breach, departs, percent};
use crate::exchange::FaultCode;
use crate::scoring::scheme::{Category, Family, Indicator, Scheme};

const ARTICLE: &str = "二(一)3";

pub fn breaches(scheme: &Scheme, bounds: &Bounds) -> Vec<Breach> {
    if scheme.category != Category::IndustryAbove {
        return Vec::new();
    }
    let each = scheme.indicators.iter().flat_map(|indicator| of_indicator(scheme, indicator, bounds));
    let mut broken: Vec<Breach> = each.collect();
    let sum: Decimal = scheme.indicators.iter().map(|indicator| indicator.weight).sum();
    if sum != bounds.weight_sum {
        let whole = Broken {
            code: FaultCode::SchemeWeightSum,
            article: ARTICLE,
            of: None,
            subject: "各项权重合计".into(),
            actual: percent(sum),
            required: format!("恰为{}", percent(bounds.weight_sum)),
            may_depart: false,
        };
        broken.push(whole.of_scheme(scheme));
    }
    broken
}

fn of_indicator(scheme: &Scheme, indicator: &Indicator, bounds: &Bounds) -> Vec<Breach> {
    let weight = |required: String, may_depart: bool| {
        let broken = Broken {
            code: FaultCode::SchemeWeight,
            article: ARTICLE,
            of: Some(&indicator.indicator),
            subject: format!("指标“{}”的权重", indicator.title),
            actual: percent(indicator.weight),
            required,
            may_depart,
        };
        broken.of_scheme(scheme)
    };
    let mut broken = Vec::new();
    if indicator.weight > bounds.weight_at_most {
        broken.push(weight(format!("不超过{}", percent(bounds.weight_at_most)), false));
    }
    let least = least(&indicator.indicator, bounds);
    if indicator.weight < least && !departs(scheme) {
        broken.push(weight(format!("一般不低于{}", percent(least)), true));
    }
    broken.extend(more_points_than_weight(scheme, indicator));
    broken
}

fn least(indicator: &str, bounds: &Bounds) -> Decimal {
    match indicator {
        "tax_per_mu" => bounds.tax_per_mu_at_least,
        "value_added_per_mu" => bounds.value_added_per_mu_at_least,
        _ => bounds.other_at_least,
    }
}

/// A table of points that gives more than the weight would weigh more than it says.
fn more_points_than_weight(scheme: &Scheme, indicator: &Indicator) -> Option<Breach> {
    let Family::Steps { table, .. } = &indicator.family else { return None };
    let most = table.iter().map(|row| row.points).max().filter(|most| *most > indicator.weight)?;
    let broken = Broken {
        code: FaultCode::SchemeWeight,
        article: ARTICLE,
        of: Some(&indicator.indicator),
        subject: format!("指标“{}”分段计分的最高分", indicator.title),
        actual: most.normalize().to_string(),
        required: format!("不超过其权重{}", indicator.weight.normalize()),
        may_depart: false,
    };
    Some(broken.of_scheme(scheme))
}
