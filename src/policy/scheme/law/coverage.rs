//! 一(二): whom a category must take in, and whom it leaves out.

use super::{Broken, Bounds, Breach, is_industry};
use crate::codelist::Industry;
use crate::exchange::FaultCode;
use crate::scoring::scheme::{Category, Population, Scheme};

const ARTICLE: &str = "一(二)";
/// Divisions of GB/T 4754-2017 that are industry: mining, manufacturing, power, gas and water.
const INDUSTRY: std::ops::RangeInclusive<u32> = 6..=46;
/// Of GB/T 4754-2017: 批发零售 51 and 52, 住宿餐饮 61 and 62, 银行证券保险 66 to 68, 房地产开发 701.
const NO_SERVICES: [&str; 8] = ["51", "52", "61", "62", "66", "67", "68", "701"];

pub fn breaches(scheme: &Scheme, bounds: &Bounds) -> Vec<Breach> {
    let population = &scheme.population;
    let mut broken = Vec::new();
    broken.extend(size(scheme));
    if is_industry(scheme.category) {
        let divisions = INDUSTRY.map(|division| format!("{division:02}"));
        let left_out: Vec<String> = divisions.filter(|code| !holds(population, code)).collect();
        if !left_out.is_empty() || population.list.is_some() {
            let named = population.list.as_ref().map(|list| format!("只评名单“{list}”内的企业"));
            let actual = named.unwrap_or_else(|| format!("缺少行业大类{}", left_out.join("、")));
            broken.push(breach(scheme, "industries", "评价对象", actual, "覆盖全部工业企业（行业大类06至46）".into()));
        }
        let land = population.land_at_least_mu.filter(|land| *land > bounds.industry_land_at_least);
        broken.extend(land.map(|land| {
            let required = match bounds.industry_land_at_least {
                bound if bound.is_zero() => "覆盖所有工业企业，不设用地下限".to_owned(),
                bound => format!("覆盖用地{}亩（含）以上的工业企业", bound.normalize()),
            };
            breach(scheme, "land_at_least_mu", "用地下限", format!("{}亩", land.normalize()), required)
        }));
    }
    if scheme.category == Category::ServicesAbove {
        let held: Vec<&str> = NO_SERVICES.into_iter().filter(|code| holds(population, code)).collect();
        if !held.is_empty() {
            let actual = format!("包含行业{}", held.join("、"));
            let required = "不含批发零售住宿餐饮、银行证券保险行业和房地产开发".into();
            broken.push(breach(scheme, "industries", "评价对象", actual, required));
        }
    }
    broken
}

fn holds(population: &Population, code: &str) -> bool {
    Industry::parse("2017", code).is_ok_and(|industry| population.holds_industry(industry.section, industry.code))
}

fn size(scheme: &Scheme) -> Option<Breach> {
    let asked = match scheme.category {
        Category::IndustryAbove | Category::ServicesAbove => "above",
        Category::IndustryBelow => "below",
        _ => return None,
    };
    let actual = scheme.population.size.as_deref().unwrap_or("不分规模");
    let required = format!("为“{asked}”（{}）", scheme.category);
    (actual != asked).then(|| breach(scheme, "size", "评价对象的规模", actual.to_owned(), required))
}

fn breach(scheme: &Scheme, of: &str, subject: &str, actual: String, required: String) -> Breach {
    let broken = Broken {
        code: FaultCode::SchemeCoverage,
        article: ARTICLE,
        of: Some(of),
        subject: subject.to_owned(),
        actual,
        required,
        may_depart: false,
    };
    broken.of_scheme(scheme)
}
