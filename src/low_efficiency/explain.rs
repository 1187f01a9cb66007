//! The sentence that goes with each judgement, in Chinese, with the arithmetic.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{Inapplicable, Judgement, Line, Outcome};
use crate::annual::{Facts, Figure, LandDays};
use crate::base::period::length_of_year;
use crate::base::ratio::Ratio;
use crate::base::unit::{grouped, square_metres_of};
use crate::enterprise::Indicator;
use crate::policy::Comparison;

pub fn sentence(facts: &Facts, line: &Line, judgement: &Judgement, position: Option<Ordering>) -> String {
    let mut parts = vec![tax_phrase(facts), land_phrase(facts, judgement)];
    if let (Some(position), Some(quotient)) = (position, judgement.tax_per_mu) {
        parts.push(quotient_phrase(facts, line, quotient, position));
    }
    if let Some(quotient) = judgement.tax_per_100_m2_floor {
        parts.push(format!("每百平方米建筑面积税收{}元", grouped(quotient, 4)));
    }
    parts.extend(outcome_phrase(line, judgement));
    parts.extend(transition_phrase(line, judgement));
    format!("{}。", parts.join("；"))
}

fn tax_phrase(facts: &Facts) -> String {
    match facts.figures.of(Indicator::TaxPaid) {
        Figure::Stated(tax, _) => format!("{}年实缴税收{}元", facts.year, grouped(tax, tax.scale().max(2))),
        Figure::Missing => format!("{}年实缴税收未报", facts.year),
        Figure::OutOfRange(_) => format!("{}年实缴税收数值有误", facts.year),
    }
}

fn land_phrase(facts: &Facts, judgement: &Judgement) -> String {
    match judgement.land.clone() {
        None => "用地面积不明".to_owned(),
        Some(_) if judgement.inapplicable == Some(Inapplicable::NoLand) => "全年无用地".to_owned(),
        Some(land) => format!(
            "用地{}平方米（{}亩，按全年{}天加权{}）",
            shown(&square_metres_of(&land), 2),
            shown(&land, 4),
            length_of_year(facts.year),
            land_parts(&facts.land, facts.year)
        ),
    }
}

/// `：自有…＋租入…－租出…`, sides that are zero left out; empty when all of it is owned.
fn land_parts(land: &LandDays, year: i32) -> String {
    let sides = [
        ("自有", land.owned, '＋'),
        ("租入", land.leased_in, '＋'),
        ("其他", land.other, '＋'),
        ("租出", land.leased_out, '－'),
    ];
    let held: Vec<_> = sides.into_iter().filter(|(_, days, _)| !days.is_zero()).collect();
    if matches!(held.as_slice(), [("自有", ..)]) {
        return String::new();
    }
    let mut text = String::from("：");
    for (place, (name, days, sign)) in held.into_iter().enumerate() {
        if place > 0 || sign == '－' {
            text.push(sign);
        }
        text.push_str(name);
        text.push_str(&average(days, year));
    }
    text
}

/// Square metres over the year, of mu·days.
fn average(days: Decimal, year: i32) -> String {
    shown(&(square_metres_of(&Ratio::from(days)) / Decimal::from(length_of_year(year))), 2)
}

fn shown(value: &Ratio, places: u32) -> String {
    value.rounded(places).map_or_else(|| "—".to_owned(), |value| grouped(value, places))
}

fn quotient_phrase(facts: &Facts, line: &Line, quotient: Decimal, position: Ordering) -> String {
    let relation = match position {
        Ordering::Less => "低于",
        Ordering::Equal => "等于",
        Ordering::Greater => "高于",
    };
    let sign = match position {
        Ordering::Less => '<',
        Ordering::Equal => '=',
        Ordering::Greater => '>',
    };
    let Some(tax) = facts.figures.of(Indicator::TaxPaid).value() else { return String::new() };
    let shown = grouped(quotient, 4);
    let floor = grouped(line.floor, line.floor.scale());
    let unrounded =
        if position != Ordering::Equal && shown == grouped(line.floor, 4) { "（按未舍入数值）" } else { "" };
    format!(
        "亩均税收{shown}元/亩，{relation}{floor}元/亩{unrounded}（{} × {}天 {sign} {} × {}亩·天）",
        tax.normalize(),
        length_of_year(facts.year),
        line.floor,
        facts.land.total().normalize()
    )
}

/// `None` in a transition, which has its own phrase.
fn outcome_phrase(line: &Line, judgement: &Judgement) -> Option<String> {
    Some(match judgement.outcome {
        Outcome::Flagged => format!("依{}列为低效企业", line.article),
        Outcome::OnTheLine if line.comparison == Comparison::AtMost => {
            format!("恰在线上，本区口径含本数，依{}列为低效企业", line.article)
        }
        Outcome::OnTheLine => "恰在线上，本区口径不含本数，不列为低效企业".to_owned(),
        Outcome::Clear => "不列为低效企业".to_owned(),
        Outcome::NotDeterminable => {
            let missing: Vec<_> = judgement.missing.iter().map(|fact| fact.label()).collect();
            format!("无法判定：{}", missing.join("、"))
        }
        Outcome::NotApplicable => format!("不适用：{}", judgement.inapplicable?.label()),
        Outcome::InTransition => return None,
    })
}

fn transition_phrase(line: &Line, judgement: &Judgement) -> Option<String> {
    let transition = judgement.transition?;
    let last = transition.until.pred_opt()?;
    let effect =
        if line.transition_exempts { "单独列示，不列为低效企业" } else { "过渡期不免除认定" };
    let counted = if transition.start_unknown {
        "（开工日期未登记，自该项目在册最早一日起算）"
    } else {
        ""
    };
    Some(format!("{}{counted}，依{}过渡期至{last}，{effect}", transition.ground.label(), line.transition_article))
}
