//! One line for each indicator that the row asks about: 四(一)2.

use chrono::NaiveDate;

use super::explain;
use super::known::{Gap, Known};
use super::remedy::Remedies;
use super::rules::{Quotient, Value};
use super::show;
use super::{Facts, STANDARD_LAND, Warning};
use crate::policy::catalogue::Catalogue;
use crate::policy::indicator::{Fact, Indicator, Indicators};
use crate::policy::measure::Asked;
use crate::policy::standard::{IndicatorSet, Requirement};
use crate::policy::verdict::{Finding, Verdict};

/// Decimals of an inverse: output per energy is a large figure where energy per output is a small one.
const INVERSE_PLACES: u32 = 2;

/// In the order of the catalogue.
pub fn lines(set: &IndicatorSet, known: &Known<'_>, catalogue: &Catalogue) -> Vec<Finding> {
    let indicators = &catalogue.indicators;
    let asked = indicators.indicators.iter().filter_map(|indicator| {
        let requirement = set.requirements.get(&indicator.name)?;
        let asked = indicators.asked(indicator, &requirement.unit)?;
        Some(Line { set, indicators, indicator, requirement, asked }.decide(known))
    });
    let unknown = set.requirements.iter().filter_map(|(name, requirement)| {
        let known = indicators.indicator(name).and_then(|indicator| indicators.asked(indicator, &requirement.unit));
        known.is_none().then(|| unreadable(set, name, requirement))
    });
    asked.chain(unknown).collect()
}

/// The same lines for what was agreed rather than published: a contract's promises against what was built.
pub fn against(set: &IndicatorSet, facts: &Facts, catalogue: &Catalogue, as_of: NaiveDate) -> Vec<Finding> {
    lines(set, &Known::read(facts, catalogue, as_of), catalogue)
}

struct Line<'a> {
    set: &'a IndicatorSet,
    indicators: &'a Indicators,
    indicator: &'a Indicator,
    requirement: &'a Requirement,
    asked: Asked,
}

impl Line<'_> {
    fn decide(&self, known: &Known<'_>) -> Finding {
        let quotient = match quotient(self.indicator, known, self.asked.inverse) {
            Ok(quotient) => quotient,
            Err(gaps) => return self.open(&gaps, explain::lacks(self.label(), &gaps, self.interval(), self.unit())),
        };
        match quotient.value(&self.asked.scale) {
            Some(value) => self.decided(&quotient, &value),
            None => {
                let (above, below) = (self.noun(self.above()), self.noun(self.below()));
                let gap = Gap(format!("{above}、{below}（均填报为零）"));
                self.open(&[gap], explain::nothing_to_divide(self.label(), &above, &below))
            }
        }
    }

    fn decided(&self, quotient: &Quotient, value: &Value) -> Finding {
        let (interval, unit, places) = (self.interval(), self.unit(), self.places());
        let (actual, margin) = match value {
            Value::Finite(figure) => {
                (show::figure(figure, interval, places), Some(show::margin(&interval.margin(figure), places)))
            }
            Value::Infinite => ("∞".to_owned(), None),
        };
        let mut finding = self.finding();
        finding.margin = margin;
        match value.miss(interval) {
            None => {
                finding.verdict = Verdict::Pass;
                finding.explanation = explain::meets(self.label(), &actual, interval, unit);
            }
            Some(miss) => {
                finding.verdict = Verdict::Fail;
                finding.explanation = explain::misses(self.label(), &actual, miss, interval, unit);
                finding.remedies = self.remedies().of(quotient);
            }
        }
        finding.actual = Some(actual);
        finding
    }

    fn open(&self, gaps: &[Gap], explanation: String) -> Finding {
        let missing = gaps.iter().map(|gap| gap.0.clone()).collect();
        Finding { missing, explanation, ..self.finding() }
    }

    fn finding(&self) -> Finding {
        Finding {
            rule: rule(&self.indicator.name),
            indicator: self.label().to_owned(),
            kind: self.indicator.aspect,
            verdict: Verdict::NotDeterminable,
            required: Some(self.interval().wording()),
            actual: None,
            unit: self.unit().to_owned(),
            margin: None,
            document: self.set.document.clone(),
            article: self.set.article.clone(),
            parameter_period: Some(self.set.valid),
            missing: Vec::new(),
            remedies: Vec::new(),
            explanation: String::new(),
        }
    }

    fn remedies(&self) -> Remedies<'_> {
        let facts = |names: &[String]| names.iter().filter_map(|name| self.indicators.fact(name)).collect::<Vec<_>>();
        let (above, below) = (facts(self.above()), facts(self.below()));
        Remedies { above, below, scale: &self.asked.scale, interval: self.interval() }
    }

    fn above(&self) -> &[String] {
        match (&self.indicator.declared, self.asked.inverse) {
            (Some(declared), _) => std::slice::from_ref(declared),
            (None, false) => &self.indicator.numerator,
            (None, true) => &self.indicator.denominator,
        }
    }

    fn below(&self) -> &[String] {
        if self.asked.inverse { &self.indicator.numerator } else { &self.indicator.denominator }
    }

    fn noun(&self, names: &[String]) -> String {
        let nouns = names.iter().filter_map(|name| self.indicators.fact(name)).map(Fact::noun);
        nouns.collect::<Vec<_>>().join("、")
    }

    fn label(&self) -> &str {
        self.indicator.label_of(&self.asked)
    }

    fn interval(&self) -> &crate::policy::interval::Interval {
        &self.requirement.interval
    }

    fn unit(&self) -> &str {
        &self.requirement.unit
    }

    /// A standard that is written more finely is answered as finely.
    fn places(&self) -> u32 {
        let ends = [self.interval().lower(), self.interval().upper()];
        let finest = ends.into_iter().flatten().map(|end| end.value.normalize().scale()).max();
        let usual = if self.asked.inverse { INVERSE_PLACES } else { self.indicator.places };
        usual.max(finest.unwrap_or_default())
    }
}

/// The name of an indicator's line: the rule, a slash, the indicator.
pub fn rule(indicator: &str) -> String {
    format!("{STANDARD_LAND}/{indicator}")
}

/// Figures outside their plausible range, perhaps written in another unit than the one that was named.
pub fn implausible(known: &Known<'_>, indicators: &Indicators) -> Vec<Warning> {
    let judged = indicators.indicators.iter().filter_map(|indicator| {
        let plausible = indicator.plausible.as_ref()?;
        let asked = indicators.asked(indicator, &indicator.unit)?;
        let Value::Finite(figure) = quotient(indicator, known, false).ok()?.value(&asked.scale)? else { return None };
        plausible.miss(&figure)?;
        let ten_thousand = rust_decimal::Decimal::from(10_000);
        let by_ten_thousand = [figure.clone() * ten_thousand, figure.clone() / ten_thousand];
        let hint = if by_ten_thousand.iter().any(|other| plausible.contains(other)) {
            "（可能相差一万倍）"
        } else {
            ""
        };
        let shown = show::with_unit(&show::figure(&figure, plausible, indicator.places), &indicator.unit);
        let range = explain::asked(plausible, &indicator.unit);
        let first = indicator.facts().next().map_or("", String::as_str);
        Some(Warning {
            code: "outside_plausible_range".into(),
            place: format!("/figures/{first}"),
            message: format!("{}为 {shown}，超出常见范围（{range}），请核对填报数值和单位{hint}。", indicator.label),
        })
    });
    judged.collect()
}

fn quotient(indicator: &Indicator, known: &Known<'_>, inverse: bool) -> Result<Quotient, Vec<Gap>> {
    if let Some(declared) = &indicator.declared {
        return known.figure(declared).cloned().map(Quotient::whole).map_err(|gap| vec![gap]);
    }
    match (known.sum(&indicator.numerator), known.sum(&indicator.denominator)) {
        (Ok(above), Ok(below)) if inverse => Ok(Quotient { above: below, below: above }),
        (Ok(above), Ok(below)) => Ok(Quotient { above, below }),
        (above, below) => Err([above.err(), below.err()].into_iter().flatten().flatten().collect()),
    }
}

fn unreadable(set: &IndicatorSet, name: &str, requirement: &Requirement) -> Finding {
    Finding {
        rule: rule(name),
        indicator: name.to_owned(),
        kind: crate::policy::verdict::Aspect::Industry,
        verdict: Verdict::NotDeterminable,
        required: Some(requirement.interval.wording()),
        actual: None,
        unit: requirement.unit.clone(),
        margin: None,
        document: set.document.clone(),
        article: set.article.clone(),
        parameter_period: Some(set.valid),
        missing: vec![format!("指标“{name}”的定义")],
        remedies: Vec::new(),
        explanation: format!("所选标准要求的指标“{name}”（{}）没有定义，无法判定。", requirement.unit),
    }
}
