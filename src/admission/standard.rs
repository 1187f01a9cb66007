//! One line for each indicator that the row asks about: 四(一)2.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::gap::Gap;
use super::known::{COUNTED_FLOOR_AREA, FLOOR_AREA, Known};
use super::remedy::Remedies;
use super::rules::{Quotient, Value};
use super::show::{self, Apart};
use super::{Facts, Figure, STANDARD_LAND, Warning, explain};
use crate::base::period::Period;
use crate::base::ratio::Ratio;
use crate::policy::catalogue::Catalogue;
use crate::policy::indicator::{Fact, Indicator, Indicators};
use crate::policy::interval::Interval;
use crate::policy::measure::Asked;
use crate::policy::range::{Fineness, Range};
use crate::policy::receipt::CheckVersion;
use crate::policy::standard::{IndicatorSet, Requirement};
use crate::policy::verdict::{Finding, Verdict};

/// Decimals of an inverse: output per energy is a large figure where energy per output is a small one.
const INVERSE_PLACES: u32 = 2;

/// The paper that asks.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    pub document: &'a str,
    pub article: &'a str,
    /// The days for which what is asked is published; none for what was agreed.
    pub period: Option<Period>,
}

/// What is asked of one indicator.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// Its name in the catalogue.
    pub indicator: &'a str,
    pub range: Range,
    pub unit: &'a str,
}

/// In the order of the catalogue.
pub fn lines(set: &IndicatorSet, known: &Known<'_>, catalogue: &Catalogue) -> Vec<Finding> {
    let asks = set.requirements.iter();
    let asks = asks.map(|(name, it)| Ask { indicator: name, range: it.interval.exact(), unit: &it.unit });
    let asks: Vec<Ask<'_>> = asks.collect();
    let ground = Ground { document: &set.document, article: &set.article, period: Some(set.valid) };
    decided(&asks, ground, known, catalogue)
}

/// The same lines for what was agreed rather than published: a contract's promises against what was built.
pub fn against(
    asks: &[Ask<'_>],
    ground: Ground<'_>,
    facts: &Facts,
    catalogue: &Catalogue,
    as_of: NaiveDate,
) -> Vec<Finding> {
    decided(asks, ground, &Known::read(facts, catalogue, as_of), catalogue)
}

fn decided(asks: &[Ask<'_>], ground: Ground<'_>, known: &Known<'_>, catalogue: &Catalogue) -> Vec<Finding> {
    let indicators = &catalogue.indicators;
    let read = indicators.indicators.iter().flat_map(|indicator| {
        asks.iter().filter(|ask| ask.indicator == indicator.name).map(move |ask| (indicator, ask))
    });
    let lines = read.filter_map(|(indicator, ask)| {
        let asked = indicators.asked(indicator, ask.unit)?;
        Some(Line { ground, indicators, indicator, ask, asked }.decide(known))
    });
    let unknown = asks.iter().filter_map(|ask| {
        let known = indicators.indicator(ask.indicator).and_then(|it| indicators.asked(it, ask.unit));
        known.is_none().then(|| unreadable(ground, ask))
    });
    lines.chain(unknown).collect()
}

/// What a project comes to on one indicator that a set asks for, before anything is rounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exact {
    /// The name of its line.
    pub rule: String,
    pub asked: Interval,
    /// In the unit of the set.
    pub figure: Ratio,
    /// The figures it follows from, as they were declared; floor areas that follow from a list of storeys in m².
    pub declared: BTreeMap<String, Figure>,
}

/// Of every indicator of the set that comes to a figure.
pub fn exactly(set: &IndicatorSet, facts: &Facts, catalogue: &Catalogue, as_of: NaiveDate) -> Vec<Exact> {
    let (known, indicators) = (Known::read(facts, catalogue, as_of), &catalogue.indicators);
    let exact = |(name, requirement): (&String, &Requirement)| {
        let indicator = indicators.indicator(name)?;
        let asked = indicators.asked(indicator, &requirement.unit)?;
        let Value::Finite(figure) = quotient(indicator, &known, asked.inverse).ok()?.value(&asked.scale)? else {
            return None;
        };
        let figures = indicator.facts().filter_map(|fact| Some((fact.clone(), as_declared(fact, facts, &known)?)));
        Some(Exact { rule: rule(name), asked: requirement.interval, figure, declared: figures.collect() })
    };
    set.requirements.iter().filter_map(exact).collect()
}

fn as_declared(fact: &str, facts: &Facts, known: &Known<'_>) -> Option<Figure> {
    let listed = !facts.floors.is_empty() && [FLOOR_AREA, COUNTED_FLOOR_AREA].contains(&fact);
    match facts.figures.get(fact).filter(|_| !listed) {
        Some(figure) => Some(figure.clone()),
        None => Some(Figure { value: known.figure(fact).ok()?.as_decimal()?, unit: "平方米".into() }),
    }
}

struct Line<'a> {
    ground: Ground<'a>,
    indicators: &'a Indicators,
    indicator: &'a Indicator,
    ask: &'a Ask<'a>,
    asked: Asked,
}

impl Line<'_> {
    fn decide(&self, known: &Known<'_>) -> Finding {
        let quotient = match quotient(self.indicator, known, self.asked.inverse) {
            Ok(quotient) => quotient,
            Err(gaps) => return self.open(&gaps, explain::lacks(self.label(), &gaps, self.range(), self.unit())),
        };
        match quotient.value(&self.asked.scale) {
            Some(value) => self.decided(&quotient, &value, known.version),
            None => {
                let (above, below) = (self.noun(self.above()), self.noun(self.below()));
                let gap = Gap(format!("{above}、{below}（均填报为零）"));
                self.open(&[gap], explain::nothing_to_divide(self.label(), &above, &below))
            }
        }
    }

    fn decided(&self, quotient: &Quotient, value: &Value, version: CheckVersion) -> Finding {
        let (range, unit, places) = (self.range(), self.unit(), self.places());
        let (actual, margin) = match value {
            Value::Finite(figure) if version.tells_apart() => {
                (show::apart(figure, range, places), Some(show::distance(&range.margin(figure), places)))
            }
            Value::Finite(figure) => {
                let margin = show::margin(&range.margin(figure), places);
                (Apart { figure: show::figure(figure, range, places), fineness: Fineness::Usual }, Some(margin))
            }
            Value::Infinite => (Apart { figure: "∞".to_owned(), fineness: Fineness::Usual }, None),
        };
        let mut finding = self.finding();
        finding.required = Some(range.wording_to(actual.fineness));
        finding.margin = margin;
        match value.miss(range) {
            None => {
                finding.verdict = Verdict::Pass;
                finding.explanation = explain::meets(self.label(), &actual, range, unit);
            }
            Some(miss) => {
                finding.verdict = Verdict::Fail;
                finding.explanation = explain::misses(self.label(), &actual, &miss, range, unit);
                finding.remedies = self.remedies().of(quotient);
            }
        }
        finding.actual = Some(actual.figure);
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
            required: Some(self.range().wording()),
            actual: None,
            unit: self.unit().to_owned(),
            margin: None,
            document: self.ground.document.to_owned(),
            article: self.ground.article.to_owned(),
            parameter_period: self.ground.period,
            missing: Vec::new(),
            remedies: Vec::new(),
            explanation: String::new(),
        }
    }

    fn remedies(&self) -> Remedies<'_> {
        let facts = |names: &[String]| names.iter().filter_map(|name| self.indicators.fact(name)).collect::<Vec<_>>();
        let (above, below) = (facts(self.above()), facts(self.below()));
        Remedies { above, below, scale: &self.asked.scale, range: self.range() }
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

    fn range(&self) -> &Range {
        &self.ask.range
    }

    fn unit(&self) -> &str {
        self.ask.unit
    }

    /// A standard that is written more finely is answered as finely.
    fn places(&self) -> u32 {
        let usual = if self.asked.inverse { INVERSE_PLACES } else { self.indicator.places };
        usual.max(self.range().places())
    }
}

/// The name of an indicator's line: the rule, a slash, the indicator.
pub fn rule(indicator: &str) -> String {
    format!("{STANDARD_LAND}/{indicator}")
}

/// Figures outside their plausible range, perhaps written in another unit than the one that was named.
pub fn implausible(known: &Known<'_>, indicators: &Indicators) -> Vec<Warning> {
    let judged = indicators.indicators.iter().filter_map(|indicator| {
        let plausible = &indicator.plausible.as_ref()?.exact();
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

fn unreadable(ground: Ground<'_>, ask: &Ask<'_>) -> Finding {
    let (name, unit) = (ask.indicator, ask.unit);
    Finding {
        rule: rule(name),
        indicator: name.to_owned(),
        kind: crate::policy::verdict::Aspect::Industry,
        verdict: Verdict::NotDeterminable,
        required: Some(ask.range.wording()),
        actual: None,
        unit: unit.to_owned(),
        margin: None,
        document: ground.document.to_owned(),
        article: ground.article.to_owned(),
        parameter_period: ground.period,
        missing: vec![format!("指标“{name}”的定义")],
        remedies: Vec::new(),
        explanation: format!("所选标准要求的指标“{name}”（{unit}）没有定义，无法判定。"),
    }
}
