//! The sentences of the check, in the words of the policy.

use super::gap::Gap;
use super::show::{Apart, with_unit};
use crate::policy::range::{Fineness, Miss, Range};
use crate::policy::standard::{Adoption, IndicatorSet};

/// 四(一)2, word for word.
pub const REFUSED: &str = "对不符合“标准地”要求的项目一律不予准入";
/// 四(一), word for word.
pub const CONFORMITY: &str = "符合国家、省、市、区产业政策和城乡规划、土地利用规划、生态功能区规划、产业发展规划";

pub fn asked(range: &Range, unit: &str) -> String {
    asked_to(range, unit, Fineness::Usual)
}

fn asked_to(range: &Range, unit: &str, fineness: Fineness) -> String {
    let sides = range.wording_to(fineness);
    sides.split(" 且 ").map(|side| with_unit(side, unit)).collect::<Vec<_>>().join(" 且 ")
}

pub fn meets(label: &str, actual: &Apart, range: &Range, unit: &str) -> String {
    let asked = asked_to(range, unit, actual.fineness);
    format!("{label}为 {}，符合 {asked} 的要求。", with_unit(&actual.figure, unit))
}

pub fn misses(label: &str, actual: &Apart, miss: &Miss, range: &Range, unit: &str) -> String {
    let how = match miss {
        Miss::Below(end) if end.closed => "低于",
        Miss::Below(_) => "不高于",
        Miss::Above(end) if end.closed => "高于",
        Miss::Above(_) => "不低于",
    };
    let line = with_unit(&miss.shown(actual.fineness), unit);
    let asked = asked_to(range, unit, actual.fineness);
    format!("{label}为 {}，{how} {line}，不符合 {asked} 的要求。{REFUSED}。", with_unit(&actual.figure, unit))
}

pub fn lacks(label: &str, gaps: &[Gap], range: &Range, unit: &str) -> String {
    let names: Vec<_> = gaps.iter().map(|gap| gap.0.as_str()).collect();
    format!("缺少{}，无法判定{label}是否符合 {} 的要求。", names.join("、"), asked(range, unit))
}

pub fn nothing_to_divide(label: &str, above: &str, below: &str) -> String {
    format!("{above}和{below}均为零，无法计算{label}。")
}

/// Which row is asked, and why this one.
pub fn applies(set: &IndicatorSet, bound: bool, existing: bool) -> String {
    let why = if bound { "申请人选定" } else { "按用地类型、区域和行业确定" };
    let example =
        if set.adoption == Adoption::Example { "该指标为示例，本区未采用，仅供试算。" } else { "" };
    let existing = if existing { "利用存量用地、厂房引进的项目同样适用。" } else { "" };
    format!("适用“{}”（{why}）。{existing}{example}", set.title)
}
