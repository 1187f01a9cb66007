//! The list as a table, with units in the headers.

use rust_decimal::Decimal;

use super::list::Entry;
use super::{Line, view};
use crate::base::unit::rounded;
use crate::exchange::sheet::Value;

pub const TITLE: &str = "低效企业清单";

pub const HEADERS: [&str; 18] = [
    "统一社会信用代码",
    "企业名称",
    "街道代码",
    "街道",
    "行业代码",
    "规模",
    "认定结果",
    "列为低效",
    "实缴税收（元）",
    "税收数据状态",
    "用地（平方米）",
    "用地（亩）",
    "亩均税收（元/亩）",
    "标准（元/亩）",
    "每百平方米建筑面积税收（元）",
    "过渡期至（不含当日）",
    "依据条款",
    "说明",
];

/// The cells of one line, under [`HEADERS`].
pub fn cells(entry: &Entry, line: &Line) -> Vec<Value> {
    let judgement = &entry.judgement;
    let quotient = |value: Option<Decimal>| value.and_then(|value| rounded(value, 4).parse::<Decimal>().ok());
    vec![
        entry.uscc.as_str().into(),
        entry.name.as_str().into(),
        entry.subdistrict.clone().into(),
        entry.subdistrict_name.clone().into(),
        entry.industry_code.clone().into(),
        entry.facts.size_class.label().into(),
        judgement.outcome.label().into(),
        if judgement.low_efficiency { "是" } else { "否" }.into(),
        view::tax(entry).into(),
        entry.tax().state().map(|state| state.label()).into(),
        view::square_metres(entry).into(),
        view::mu(entry).into(),
        quotient(judgement.tax_per_mu).into(),
        line.floor.into(),
        quotient(judgement.tax_per_100_m2_floor).into(),
        judgement.transition.map(|transition| transition.until).into(),
        line.article.as_str().into(),
        judgement.explanation.as_str().into(),
    ]
}
