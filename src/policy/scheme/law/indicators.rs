//! 二(一)2: by what each category is evaluated, and against which base.

use rust_decimal::Decimal;

use super::{Broken, Bounds, Breach, is_ruled};
use crate::exchange::FaultCode;
use crate::scoring::scheme::{Category, Direction, Indicator, Scheme, Standard, Term};

const ARTICLE: &str = "二(一)2";

/// An indicator that the text names: what is divided by what, by any one of the facts named.
struct Named {
    indicator: &'static str,
    title: &'static str,
    numerator: &'static [&'static str],
    denominator: &'static [&'static str],
}

const LAND: &[&str] = &["land_mu", "land_m2"];
const EMISSION: &[&str] =
    &["emission_t", "cod_kg", "ammonia_nitrogen_kg", "sulfur_dioxide_kg", "nitrogen_oxides_kg"];

const NAMED: [Named; 7] = [
    Named { indicator: "tax_per_mu", title: "亩均税收", numerator: &["tax_yuan"], denominator: LAND },
    Named { indicator: "value_added_per_mu", title: "亩均增加值", numerator: &["value_added_yuan"], denominator: LAND },
    Named {
        indicator: "value_added_per_tce",
        title: "单位能耗增加值",
        numerator: &["value_added_yuan"],
        denominator: &["energy_tce"],
    },
    Named {
        indicator: "value_added_per_emission",
        title: "单位排放增加值",
        numerator: &["value_added_yuan"],
        denominator: EMISSION,
    },
    Named {
        indicator: "labour_productivity",
        title: "全员劳动生产率",
        numerator: &["value_added_yuan"],
        denominator: &["headcount", "headcount_insured"],
    },
    Named {
        indicator: "rd_share",
        title: "R&D经费支出占主营业务收入之比",
        numerator: &["rd_yuan"],
        denominator: &["revenue_yuan"],
    },
    Named { indicator: "revenue_per_mu", title: "亩均营业收入", numerator: &["revenue_yuan"], denominator: LAND },
];

/// What must be there; the six of above-size industry are also all there may be.
fn asked(category: Category) -> &'static [&'static str] {
    match category {
        Category::IndustryAbove => &[
            "tax_per_mu",
            "value_added_per_mu",
            "value_added_per_tce",
            "value_added_per_emission",
            "labour_productivity",
            "rd_share",
        ],
        Category::IndustryBelow => &["tax_per_mu"],
        Category::ServicesAbove => &["tax_per_mu", "revenue_per_mu"],
        _ => &[],
    }
}

pub fn breaches(scheme: &Scheme, bounds: &Bounds) -> Vec<Breach> {
    if !is_ruled(scheme.category) {
        return Vec::new();
    }
    let asked = asked(scheme.category);
    let missing = asked.iter().filter(|name| scheme.indicator(name).is_none());
    let mut broken: Vec<Breach> = missing.map(|name| is_missing(scheme, name)).collect();
    if scheme.category == Category::IndustryAbove {
        let foreign = scheme.indicators.iter().filter(|it| !asked.contains(&it.indicator.as_str()));
        broken.extend(foreign.map(|indicator| is_foreign(scheme, indicator)));
    }
    broken.extend(leads(scheme));
    broken.extend(scheme.indicators.iter().filter_map(|indicator| means_other(scheme, indicator)));
    broken.extend(scheme.indicators.iter().flat_map(|indicator| of_base(scheme, indicator, bounds)));
    broken
}

fn title(name: &str) -> &str {
    NAMED.iter().find(|named| named.indicator == name).map_or(name, |named| named.title)
}

fn is_missing(scheme: &Scheme, name: &str) -> Breach {
    let broken = Broken {
        code: FaultCode::SchemeIndicators,
        article: ARTICLE,
        of: Some(name),
        subject: format!("指标“{}”（{name}）", title(name)),
        actual: "未列入".into(),
        required: format!("列入，{}综合评价以其为主", scheme.category),
        may_depart: false,
    };
    broken.of_scheme(scheme)
}

fn is_foreign(scheme: &Scheme, indicator: &Indicator) -> Breach {
    let broken = Broken {
        code: FaultCode::SchemeIndicators,
        article: ARTICLE,
        of: Some(&indicator.indicator),
        subject: format!("指标“{}”（{}）", indicator.title, indicator.indicator),
        actual: "另行增设".into(),
        required: "为规定的6项指标之一".into(),
        may_depart: false,
    };
    broken.of_scheme(scheme)
}

/// 以亩均税收为主: nothing weighs more in below-size industry.
fn leads(scheme: &Scheme) -> Option<Breach> {
    let tax = scheme.indicator("tax_per_mu").filter(|_| scheme.category == Category::IndustryBelow)?;
    let heavier = scheme.indicators.iter().find(|it| it.weight > tax.weight)?;
    let broken = Broken {
        code: FaultCode::SchemeWeight,
        article: ARTICLE,
        of: Some("tax_per_mu"),
        subject: "指标“亩均税收”的权重".into(),
        actual: format!("{}，低于“{}”的{}", tax.weight.normalize(), heavier.title, heavier.weight.normalize()),
        required: "不低于其他任何一项，规下工业以亩均税收为主".into(),
        may_depart: false,
    };
    Some(broken.of_scheme(scheme))
}

/// A name of the text means what the text says.
fn means_other(scheme: &Scheme, indicator: &Indicator) -> Option<Breach> {
    let named = NAMED.iter().find(|named| named.indicator == indicator.indicator)?;
    let made_of = |terms: &[Term], facts: &[&str]| {
        terms.iter().all(|term| facts.contains(&term.fact.as_str()) && term.factor > Decimal::ZERO)
    };
    let value = &indicator.value;
    let as_named = made_of(&value.numerator, named.numerator) && made_of(&value.denominator, named.denominator);
    if as_named && indicator.direction == Direction::Up {
        return None;
    }
    let sides = [&value.numerator, &value.denominator].map(|terms| {
        terms.iter().map(|term| term.fact.as_str()).collect::<Vec<_>>().join("+")
    });
    let broken = Broken {
        code: FaultCode::SchemeIndicators,
        article: ARTICLE,
        of: Some(&indicator.indicator),
        subject: format!("指标“{}”的算法", named.title),
        actual: format!("{}÷{}，{}", sides[0], sides[1], indicator.direction),
        required: format!("为{}÷{}，越大越好", named.numerator.join("或"), named.denominator.join("或")),
        may_depart: false,
    };
    Some(broken.of_scheme(scheme))
}

/// 近3年平均值的1.5倍，每3年调整一次. Never lifted.
fn of_base(scheme: &Scheme, indicator: &Indicator, bounds: &Bounds) -> Vec<Breach> {
    let broken = |subject: &str, actual: String, required: String| {
        let broken = Broken {
            code: FaultCode::SchemeBenchmark,
            article: ARTICLE,
            of: Some(&indicator.indicator),
            subject: format!("指标“{}”{subject}", indicator.title),
            actual,
            required,
            may_depart: false,
        };
        broken.of_scheme(scheme)
    };
    let mean = format!("按近{}年平均值的{}倍确定", bounds.benchmark_years, bounds.benchmark_factor.normalize());
    let (factor, years, revised_for) = match indicator.standard() {
        None => return Vec::new(),
        Some(Standard::Fixed(base)) => {
            return vec![broken("的基准值", format!("直接填写的{}", base.normalize()), mean)];
        }
        Some(Standard::Benchmark { factor, years, revised_for, .. }) => (*factor, *years, *revised_for),
    };
    let mut found = Vec::new();
    if factor != bounds.benchmark_factor {
        found.push(broken("的基准值倍数", format!("{}倍", factor.normalize()), mean.clone()));
    }
    if years != bounds.benchmark_years {
        found.push(broken("的基准值所用年数", format!("{years}年"), mean));
    }
    let every = bounds.revision_years;
    if years != every || (revised_for - bounds.first_revised_for).rem_euclid(every.max(1)) != 0 {
        let first = bounds.first_revised_for;
        let required = format!("每{every}年调整一次（{first}、{}、{}……年度）", first + every, first + 2 * every);
        found.push(broken("的基准值调整", format!("自{revised_for}年度起每{years}年一次"), required));
    }
    found
}
