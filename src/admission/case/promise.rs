//! What an admitted project promised, as its contract takes it over: the exact figure, never the words that show it.

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::admission::case::application::Application;
use crate::admission::case::document::Commitment as Promise;
use crate::admission::case::reading;
use crate::base::ratio::Ratio;
use crate::contract::terms::{Commitment, INVESTMENT};
use crate::policy::indicator::Indicators;
use crate::policy::interval::Interval;
use crate::policy::quantity::Quantity;
use crate::policy::range::Range;

/// The fact that is the whole investment, land price included.
const WHOLE: &str = "fixed_investment";
/// Of the idle-land test: without land price and taxes.
const WITHOUT_LAND: &str = "investment_without_land";

/// What the project is bound to: its own figure where the standard sets one bound, the range where it sets two. A promise
/// from before exact figures were kept binds by the figure that it was shown with.
pub fn taken_over(promise: &Promise) -> Option<Commitment> {
    let asked = promise.asked.or_else(|| Interval::from_wording(promise.required.as_deref()?))?;
    let shown = || Decimal::from_str(&promise.committed.replace(',', "")).ok().map(Ratio::from);
    let required = match (asked.lower(), asked.upper(), promise.exact.clone().or_else(shown)) {
        (Some(_), None, Some(figure)) => Range::at_least(figure),
        (None, Some(_), Some(figure)) => Range::at_most(figure),
        _ => asked.exact(),
    };
    let indicator = promise.rule.rsplit('/').next()?.to_owned();
    Some(Commitment { indicator, required, unit: promise.unit.clone() })
}

/// The whole investment, land price included: a case is held to investment per mu, and what a contract asks for a
/// shortfall is a share of the whole.
pub fn whole_investment(application: &Application) -> Option<Commitment> {
    let yuan = yuan(application, WHOLE)?;
    Some(Commitment { indicator: INVESTMENT.into(), required: Range::at_least(yuan), unit: "元".into() })
}

/// 万元, without land price and taxes.
pub fn planned_wan(application: &Application) -> Option<Decimal> {
    (yuan(application, WITHOUT_LAND)? / Decimal::from(10_000)).as_decimal()
}

/// Yuan that the applicant declared, exactly; nothing when the unit is none of money.
fn yuan(application: &Application, fact: &str) -> Option<Ratio> {
    let typed = application.figures.get(fact)?;
    let indicators = Indicators::built_in();
    let usual = &indicators.fact(fact)?.unit;
    let unit = if typed.unit.is_empty() { usual } else { &typed.unit };
    let declared = Quantity { figure: reading::decimal(&typed.value)?.into(), unit: unit.clone() };
    indicators.converted(fact, &declared, "元").ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::case::application::Figure;
    use crate::policy::verdict::Aspect;

    fn promise(required: &str, committed: &str, asked: Option<&str>, exact: Option<&str>) -> Promise {
        Promise {
            indicator: "亩均税收".into(),
            kind: Aspect::Output,
            required: Some(required.into()),
            committed: committed.into(),
            unit: "万元/亩".into(),
            rule: "admission.standard_land/tax_per_mu".into(),
            article: "四(一)2".into(),
            asked: asked.map(|asked| asked.parse().unwrap()),
            exact: exact.map(|exact| exact.parse().unwrap()),
            declared: Default::default(),
        }
    }

    fn of(promise: &Promise) -> String {
        let made = taken_over(promise).unwrap();
        assert_eq!((made.indicator.as_str(), made.unit.as_str()), ("tax_per_mu", "万元/亩"));
        made.required.to_string()
    }

    fn declaring(value: &str, unit: &str) -> Application {
        let mut application = Application::default();
        let figure = Figure { value: value.into(), unit: unit.into() };
        application.figures.insert("fixed_investment".into(), figure);
        application
    }

    #[test]
    fn the_whole_investment_is_promised_in_yuan_whatever_unit_it_was_declared_in() {
        let promised =
            |value, unit| whole_investment(&declaring(value, unit)).map(|it| (it.required.to_string(), it.unit));
        let yuan = |required: &str| Some((required.to_owned(), "元".to_owned()));
        assert_eq!(promised("4,500", "万元"), yuan("[45000000,)"));
        assert_eq!(promised("45000000.00", "元"), yuan("[45000000,)"));
        assert_eq!(promised("0.45", "亿元"), yuan("[45000000,)"));
        assert_eq!(promised("45", "百万元"), yuan("[45000000,)"));
        assert_eq!(promised("４,５００", ""), yuan("[45000000,)"), "as it is typed, in the usual unit");
        assert_eq!(promised("4500", "美元"), None, "no guess at a currency");
        assert_eq!(promised("", "万元"), None);
    }

    #[test]
    fn the_exact_figure_binds_on_the_side_the_standard_names() {
        let exact = |required, asked, figure| of(&promise(required, "略", Some(asked), Some(figure)));
        assert_eq!(exact("≥20", "[20,)", "240000/599"), "[240000/599,)");
        assert_eq!(exact(">20", "(20,)", "25.5"), "[25.5,)");
        assert_eq!(exact("≤0.52", "(,0.52]", "1/3"), "(,1/3]");
        assert_eq!(exact("≥1.5 且 ≤2.5", "[1.5,2.5]", "7/4"), "[1.5,2.5]", "one figure does not bind on two sides");
    }

    #[test]
    fn a_promise_from_before_exact_figures_keeps_what_it_had() {
        let words = |required, committed| of(&promise(required, committed, None, None));
        assert_eq!(words("≥20", "25.50"), "[25.5,)");
        assert_eq!(words("≤0.52", "0.31"), "(,0.31]");
        assert_eq!(words("≥1.5 且 ≤2.5", "1.75"), "[1.5,2.5]");
        assert_eq!(words("≥1,200", "1,350.2"), "[1350.2,)");
        assert_eq!(words("≥20", "超出可显示范围"), "[20,)");
    }
}
