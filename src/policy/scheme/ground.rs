//! What a scheme names must be there: facts, industries, size classes.

use super::fact::{self, YearFact};
use crate::base::text::Seen;
use crate::codelist::Industry;
use crate::exchange::FaultCode;
use crate::scoring::scheme::Scheme;

/// Size classes as populations name them.
const SIZES: [&str; 2] = ["above", "below"];

/// What is named and not there, each with its code, in Chinese.
pub fn faults(scheme: &Scheme) -> Vec<(FaultCode, String)> {
    let facts = fact::unknown(scheme).into_iter().map(|name| (FaultCode::FactUnknown, no_such_fact(name)));
    let codes = scheme.population.industries.iter().chain(&scheme.population.except);
    let codes = codes.chain(scheme.ranking.groups.iter().flat_map(|group| &group.industries));
    let unknown = codes.filter(|code| Industry::parse("2017", code).is_err());
    let industries = unknown.map(|code| (FaultCode::IndustryUnknown, format!("行业代码“{code}”不在 GB/T 4754-2017 中")));
    let size = scheme.population.size.iter().filter(|size| !SIZES.contains(&size.as_str()));
    let size = size.map(|size| {
        (FaultCode::ValueUnknown, format!("规模“{size}”不在范围内；可用：above（规上）、below（规下），不分规模的写 null"))
    });
    let texts = [("编号 id", &scheme.id), ("名称 title", &scheme.title), ("出处 source", &scheme.source)];
    let blank = texts.into_iter().filter(|(_, text)| text.is_blank());
    let blank = blank.map(|(name, _)| (FaultCode::ValueMissing, format!("没有填写{name}")));
    facts.chain(industries).chain(size).chain(blank).collect()
}

fn no_such_fact(name: &str) -> String {
    let known: Vec<&str> = YearFact::ALL.iter().map(|fact| fact.code()).collect();
    format!("指标用到的“{name}”不是年度数据项；可用：{}", known.join("、"))
}
