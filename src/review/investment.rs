//! The sums of a completion review: the whole investment that was promised, and the planned one of the idle-land test.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::Inputs;
use super::finding::finding;
use crate::admission::Figure;
use crate::admission::show::{self, Apart};
use crate::base::ratio::Ratio;
use crate::base::unit::{Mu, SquareMetre, grouped};
use crate::contract::promised;
use crate::contract::terms::INVESTMENT;
use crate::policy::indicator::Indicators;
use crate::policy::quantity::Quantity;
use crate::policy::range::{Range, Side};
use crate::policy::verdict::{Aspect, Finding, Verdict};

/// Decimals of an amount in yuan: the fen.
const FEN: u32 = 2;
const WHOLE: (&str, &str) = ("fixed_investment", "固定资产投资总额（含土地价款）");
const WITHOUT_LAND: (&str, &str) = ("investment_without_land", "投资额（不含土地价款和税费）");

/// One line for each sum that the contract names.
pub fn lines(inputs: &Inputs, indicators: &Indicators) -> Vec<Finding> {
    let whole = whole(inputs, indicators);
    let planned = inputs.agreed.planned_investment_yuan.map(|yuan| Ok(Range::at_least(yuan.into())));
    let lines = [(WHOLE, whole), (WITHOUT_LAND, planned)];
    lines.into_iter().filter_map(|(fact, asked)| Some(line(inputs, indicators, fact, asked?))).collect()
}

/// The whole investment that was promised, in yuan: as a sum, or else as the intensity on the granted land. Nothing where
/// neither asks for a least.
fn whole(inputs: &Inputs, indicators: &Indicators) -> Option<Result<Range, String>> {
    let wrong = |reason| format!("合同承诺不能核对：{reason}；请更正合同的承诺指标");
    if !inputs.version.tells_apart() {
        let sum = inputs.agreed.commitments.iter().find(|it| it.indicator == INVESTMENT)?;
        sum.required.lower()?;
        if inputs.version.is_first() {
            return Some(Ok(sum.required.clone()));
        }
        return Some(indicators.range_in(INVESTMENT, &sum.required, &sum.unit, "元").map_err(wrong));
    }
    let granted = inputs.agreed.granted_area_mu.unwrap_or_else(|| SquareMetre(inputs.agreed.granted_area_m2).to_mu().0);
    let promised = promised::investment(&inputs.agreed.commitments, Mu(granted), indicators)?;
    Some(promised.and_then(|promised| promised.in_yuan(indicators)).map_err(wrong))
}

fn line(inputs: &Inputs, indicators: &Indicators, fact: (&str, &str), asked: Result<Range, String>) -> Finding {
    let (name, label) = fact;
    let mut line = finding(inputs.kind, name, label, Aspect::Investment);
    line.unit = "元".into();
    let asked = match asked {
        Ok(asked) => asked,
        Err(reason) => return open(line, "可以核对的合同承诺".into(), reason),
    };
    let Some(least) = asked.lower().map(|edge| edge.value.clone()) else { return line };
    let first = inputs.version.is_first();
    let words = |yuan: &Ratio| written(yuan, first);
    line.required = Some(format!("≥{}", words(&least)));
    let reached = match inputs.as_built.figures.get(name) {
        None => return open(line, label.to_owned(), format!("未填报{label}，无法判定。")),
        Some(figure) => match yuan(indicators, name, figure, first) {
            Ok(reached) => reached,
            Err(reason) => return open(line, label.to_owned(), reason.unwrap_or(format!("未填报{label}，无法判定。"))),
        },
    };
    if inputs.version.tells_apart() {
        return told(line, &asked, &reached);
    }
    let enough = if first { reached >= least } else { asked.contains(&reached) };
    line.actual = Some(words(&reached));
    line.margin = Some(words(&(reached.clone() - least.clone())));
    line.verdict = if enough { Verdict::Pass } else { Verdict::Fail };
    let relation = if enough { "达到" } else { "未达到" };
    line.explanation = format!("{label}{}元，{relation}合同约定的{}元。", words(&reached), words(&least));
    line
}

/// With figures that read alike only where they are equal.
fn told(mut line: Finding, asked: &Range, reached: &Ratio) -> Finding {
    let Apart { figure, fineness } = show::apart(reached, asked, FEN);
    let (actual, least) = (in_groups(&figure), asked.lower().map(|edge| edge.shown(Side::Lower, fineness)));
    let least = in_groups(&least.unwrap_or_default());
    let enough = asked.contains(reached);
    let relation = if enough { "达到" } else { "未达到" };
    line.explanation = format!("{}{actual}元，{relation}合同约定的{least}元。", line.indicator);
    line.required = Some(format!("≥{least}"));
    line.margin = Some(in_groups(&show::distance(&asked.margin(reached), FEN)));
    line.verdict = if enough { Verdict::Pass } else { Verdict::Fail };
    line.actual = Some(actual);
    line
}

/// A figure as it is shown, its thousands apart; to the fen at least.
fn in_groups(shown: &str) -> String {
    shown.parse::<Decimal>().map_or_else(|_| shown.to_owned(), |it| grouped(it, it.normalize().scale().max(FEN)))
}

fn open(line: Finding, missing: String, explanation: String) -> Finding {
    Finding { missing: vec![missing], explanation, ..line }
}

/// What was reported, in yuan; without a reason it counts as not reported.
fn yuan(indicators: &Indicators, name: &str, figure: &Figure, first: bool) -> Result<Ratio, Option<String>> {
    if first {
        let factor = match figure.unit.as_str() {
            "元" => dec!(1),
            "万元" => dec!(10_000),
            "亿元" => dec!(100_000_000),
            _ => return Err(None),
        };
        let value = figure.value.checked_mul(factor).filter(|value| *value >= Decimal::ZERO);
        return value.map(Ratio::from).ok_or(None);
    }
    let quantity = Quantity { figure: figure.value.into(), unit: figure.unit.clone() };
    indicators.converted(name, &quantity, "元").map_err(|reason| Some(format!("{reason}，无法判定。")))
}

/// To the fen, and finer where the figure is.
fn written(yuan: &Ratio, to_the_fen: bool) -> String {
    match yuan.as_decimal().map(|yuan| yuan.normalize()) {
        Some(decimal) if to_the_fen => grouped(decimal, 2),
        Some(decimal) => grouped(decimal, decimal.scale().max(2)),
        None => yuan.to_string(),
    }
}
