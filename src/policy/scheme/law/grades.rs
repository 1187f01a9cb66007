//! 二(一)4: four grades, their quotas, and whom a veto keeps out.

use rust_decimal::Decimal;

use super::{Bounds, Breach, Broken, departs, is_industry, percent};
use crate::exchange::FaultCode;
use crate::scoring::scheme::{GradeBand, Operator, Quota, Scheme, Side};

const ARTICLE: &str = "二(一)4";
const FOUR: [&str; 4] = ["A", "B", "C", "D"];
/// Never for whom a veto acts on.
const BARRED: [&str; 2] = ["A", "B"];

pub fn breaches(scheme: &Scheme, bounds: &Bounds) -> Vec<Breach> {
    let mut broken = Vec::new();
    if is_industry(scheme.category) {
        broken.extend(four(scheme));
        if !departs(scheme) {
            broken.extend(quota(scheme, "A", Side::Top, bounds.grade_a_at_most));
            broken.extend(quota(scheme, "D", Side::Bottom, bounds.grade_d_at_most));
            broken.extend(fixed(scheme));
        }
    }
    broken.extend(veto(scheme));
    broken
}

fn four(scheme: &Scheme) -> Option<Breach> {
    let grades: Vec<&str> = scheme.grades.iter().map(|band| band.grade.as_str()).collect();
    let broken = Broken {
        code: FaultCode::SchemeGrades,
        article: ARTICLE,
        of: None,
        subject: "分档".into(),
        actual: grades.join("、"),
        required: "依次分为A、B、C、D四档".into(),
        may_depart: false,
    };
    (grades != FOUR).then(|| broken.of_scheme(scheme))
}

fn quota(scheme: &Scheme, grade: &str, side: Side, most: Decimal) -> Option<Breach> {
    let band = scheme.grades.iter().find(|band| band.grade == grade)?;
    let within = |quota: &Quota| quota.operator == Operator::AtMost && quota.side == side && quota.percent <= most;
    if band.quota.as_ref().is_some_and(within) {
        return None;
    }
    let broken = Broken {
        code: FaultCode::SchemeQuota,
        article: ARTICLE,
        of: Some(grade),
        subject: format!("{grade}档比例"),
        actual: share(band),
        required: format!("原则上{side}不超过{}", percent(most)),
        may_depart: true,
    };
    Some(broken.of_scheme(scheme))
}

/// A grade that takes no place would be A beyond its share of the enterprises.
fn fixed(scheme: &Scheme) -> Option<Breach> {
    let given = scheme.population.fixed.first()?;
    let broken = Broken {
        code: FaultCode::SchemeQuota,
        article: ARTICLE,
        of: Some(&given.grade),
        subject: format!("{}档", given.grade),
        actual: "对部分企业直接定档、不占比例".into(),
        required: "原则上按得分排序、在比例之内划分".into(),
        may_depart: true,
    };
    Some(broken.of_scheme(scheme))
}

fn share(band: &GradeBand) -> String {
    band.quota.as_ref().map_or_else(
        || "未设比例".to_owned(),
        |quota| format!("{}{}{}", quota.side, quota.operator, percent(quota.percent)),
    )
}

/// 一律不得列入A档和B档: in every category that has such grades, and no document lifts it.
fn veto(scheme: &Scheme) -> Option<Breach> {
    let is_open = |grade: &&&str| {
        let has = scheme.grades.iter().any(|band| band.grade == **grade);
        has && !scheme.veto.bars.iter().any(|bar| bar == **grade) || scheme.veto.becomes == **grade
    };
    let open: Vec<&str> = BARRED.iter().filter(is_open).copied().collect();
    let broken = Broken {
        code: FaultCode::SchemeVeto,
        article: ARTICLE,
        of: open.first().copied(),
        subject: "一票否决后".into(),
        actual: format!("仍可列入{}档", open.join("、")),
        required: "一律不得列入A档和B档".into(),
        may_depart: false,
    };
    (!open.is_empty()).then(|| broken.of_scheme(scheme))
}
