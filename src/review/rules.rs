//! The table of a review: pure, so that the page, the conclusion and a receipt run again all say the same.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::finding::finding;
use super::panel::Member;
use super::{ARTICLE, AgreedDay, DOCUMENT, Inputs, Opinion, ReviewKind, investment};
use crate::admission::standard::{Ask, Ground};
use crate::admission::{Facts, Figure, Outcome, standard};
use crate::base::period::Period;
use crate::base::unit::{SquareMetre, grouped};
use crate::contract::terms::{Commitment, INVESTMENT};
use crate::obligations::line::State;
use crate::policy::catalogue::Catalogue;
use crate::policy::indicator::Indicators;
use crate::policy::receipt::Receipt;
use crate::policy::recheck::Check;
use crate::policy::rule::{DecidingDay, Rule};
use crate::policy::verdict::{Aspect, Finding, Verdict, overall};

pub const RULES: &[Rule] = &[
    Rule {
        name: "tenure.completion_review",
        title: "竣工综合复核验收",
        articles: &[(DOCUMENT, ARTICLE)],
        deciding_day: DecidingDay::Contract,
        tests: &[
            "review::tests::what_was_promised_exactly_passes",
            "review::tests::one_step_short_of_a_promise_fails",
            "review::tests::promises::what_was_declared_passes_and_a_hair_less_fails",
            "review::tests::promises::a_promise_in_another_unit_is_the_same_promise",
            "review::tests::what_is_not_known_is_never_a_pass",
            "review::tests::land_of_no_extent_never_passes",
            "review::tests::promises::a_hair_short_reads_as_short",
            "review::tests::promises::a_promise_of_intensity_is_a_sum_on_the_granted_land",
            "review::tests::a_storey_above_eight_metres_counts_twice",
            "review::tests::a_late_day_is_put_right_by_its_penalty",
            "review::tests::a_department_that_is_silent_or_objects_holds_it_up",
        ],
    },
    Rule {
        name: "tenure.output_review",
        title: "达产复核",
        articles: &[(DOCUMENT, ARTICLE)],
        deciding_day: DecidingDay::Contract,
        tests: &["review::tests::every_agreed_year_is_held_against_the_promise"],
    },
];

pub const RECHECKS: [Check; 2] = [
    Check { name: "tenure.completion_review", run: again, expand: None },
    Check { name: "tenure.output_review", run: again, expand: None },
];

fn again(catalogue: &Catalogue, as_of: NaiveDate, inputs: &str) -> anyhow::Result<String> {
    let inputs: Inputs = serde_json::from_str(inputs)?;
    Ok(serde_json::to_string(&decide(&inputs, catalogue, as_of))?)
}

/// The table with its receipt.
pub fn check(inputs: &Inputs, catalogue: &Catalogue, as_of: NaiveDate) -> (Outcome, Receipt) {
    let outcome = decide(inputs, catalogue, as_of);
    let receipt = Receipt::new(inputs.kind.check(), as_of, &catalogue.sha256(), inputs, &outcome);
    (outcome, receipt.expect("inputs and findings are plain JSON"))
}

/// Contract against as-built, agreed days, and the departments; `as_of` is the day of the review.
pub fn decide(inputs: &Inputs, catalogue: &Catalogue, as_of: NaiveDate) -> Outcome {
    let mut results = match inputs.kind {
        ReviewKind::Completion => built(inputs, catalogue, as_of),
        ReviewKind::Output => output(inputs, catalogue, as_of),
    };
    results.extend(inputs.days.iter().map(|day| on_time(inputs.kind, day)));
    let opinion = |member: &Member| inputs.opinions.get(member.department.code());
    results.extend(inputs.members().iter().map(|member| said(inputs.kind, member, opinion(member))));
    Outcome { verdict: overall(results.iter().map(|it| &it.verdict)), set: None, results, warnings: Vec::new() }
}

fn built(inputs: &Inputs, catalogue: &Catalogue, as_of: NaiveDate) -> Vec<Finding> {
    let figures = inputs.as_built.figures.clone();
    let mut results = promised(inputs, catalogue, as_of, figures, inputs.as_built.floors.clone());
    results.extend(investment::lines(inputs, &catalogue.indicators));
    results.push(area(inputs));
    results.sort_by_key(|finding| finding.kind);
    results
}

fn output(inputs: &Inputs, catalogue: &Catalogue, as_of: NaiveDate) -> Vec<Finding> {
    if inputs.years.is_empty() {
        let mut finding = finding(inputs.kind, "agreed_years", "考核年度", Aspect::Output);
        finding.missing = vec!["投产后的完整年度".into()];
        finding.explanation = "投产后尚无完整年度的年报，无法复核达产情况。".into();
        return vec![finding];
    }
    let mut results = Vec::new();
    for (year, returned) in &inputs.years {
        let mut figures = returned.clone();
        figures.extend(inputs.as_built.years.get(year).cloned().unwrap_or_default());
        let lines = promised(inputs, catalogue, as_of, figures, Vec::new());
        results.extend(lines.into_iter().map(|line| Finding {
            rule: format!("{}/{year}", line.rule),
            indicator: format!("{year}年{}", line.indicator),
            ..line
        }));
    }
    results
}

/// The commitments of this kind of review, each held against the figures by the rules of admission.
fn promised(
    inputs: &Inputs,
    catalogue: &Catalogue,
    as_of: NaiveDate,
    mut figures: BTreeMap<String, Figure>,
    floors: Vec<crate::admission::Floor>,
) -> Vec<Finding> {
    // Everything per mu is per mu of granted land: that is what the promise was made on.
    let area = match inputs.agreed.granted_area_mu {
        Some(mu) => Figure { value: mu, unit: "亩".into() },
        None => Figure { value: inputs.agreed.granted_area_m2, unit: "平方米".into() },
    };
    figures.insert("site_area".into(), area);
    let asks = asks(inputs, &catalogue.indicators);
    let facts = Facts { figures, floors, version: inputs.version, ..Facts::default() };
    let period = Some(Period::since(as_of));
    let ground = Ground { document: DOCUMENT, article: ARTICLE, period };
    let lines = standard::against(&asks, ground, &facts, catalogue, as_of);
    let renamed = lines.into_iter().map(|line| Finding {
        rule: line.rule.replacen(crate::admission::STANDARD_LAND, inputs.kind.check(), 1),
        parameter_period: None,
        remedies: Vec::new(),
        ..line
    });
    renamed.collect()
}

/// The promises that this review is about. One of no known indicator can be held against nothing, which either review says;
/// the first version passed over it, and of a promise made twice it saw the last.
fn asks<'a>(inputs: &'a Inputs, indicators: &Indicators) -> Vec<Ask<'a>> {
    let first = inputs.version.is_first();
    let concerned = |promise: &&Commitment| match indicators.indicator(&promise.indicator) {
        Some(indicator) => concerns(inputs.kind, indicator.aspect),
        None => !first && promise.indicator != INVESTMENT,
    };
    let ask = |promise: &'a Commitment| Ask {
        indicator: &promise.indicator,
        range: promise.required.clone(),
        unit: if promise.unit.is_empty() { "1" } else { &promise.unit },
    };
    let asks = inputs.agreed.commitments.iter().filter(concerned).map(ask);
    if first {
        return asks.map(|ask| (ask.indicator, ask)).collect::<BTreeMap<_, _>>().into_values().collect();
    }
    asks.collect()
}

fn concerns(kind: ReviewKind, aspect: Aspect) -> bool {
    let construction = matches!(aspect, Aspect::Investment | Aspect::Construction);
    (kind == ReviewKind::Completion) == construction
}

/// No more land than was granted, beyond what surveys differ by: 1 m² or one in a thousand, whichever is larger.
fn area(inputs: &Inputs) -> Finding {
    let granted = inputs.agreed.granted_area_m2;
    let mut line = finding(inputs.kind, "occupied_area", "实际用地面积", Aspect::Construction);
    (line.required, line.unit) = (Some(format!("≤{}", grouped(granted, 2))), "平方米".into());
    let Some(occupied) = inputs.as_built.occupied_area_m2 else {
        line.missing = vec!["实际用地面积".into()];
        line.explanation = "未填报实测用地面积，无法判定。".into();
        return line;
    };
    let apart = inputs.version.tells_apart();
    if apart && occupied <= Decimal::ZERO {
        line.missing = vec!["实际用地面积".into()];
        line.explanation = "填报的实测用地面积不大于零，无法判定。".into();
        return line;
    }
    let left = granted - occupied;
    line.actual = Some(grouped(occupied, 2));
    line.margin = Some(if apart { grouped(left, 2) } else { signed(occupied - granted) });
    // Decided in mu, in which granted and surveyed land both have an end.
    let granted_mu = inputs.agreed.granted_area_mu.unwrap_or_else(|| SquareMetre(granted).to_mu().0);
    let beyond_mu = SquareMetre(occupied).to_mu().0 - granted_mu;
    let tolerance_mu = SquareMetre(Decimal::ONE).to_mu().0.max(granted_mu * dec!(0.001));
    line.verdict = if beyond_mu > tolerance_mu { Verdict::Fail } else { Verdict::Pass };
    line.explanation = format!(
        "实际用地{}平方米，出让{}平方米；相差在1平方米或千分之一以内的视为测量误差。",
        grouped(occupied, 2),
        grouped(granted, 2)
    );
    line
}

/// What was beyond, turned round, as it was written before: the zero with a sign.
fn signed(beyond: Decimal) -> String {
    let left = -beyond;
    let shown = grouped(left, 2);
    if left.is_sign_negative() && !shown.starts_with('-') { format!("-{shown}") } else { shown }
}

/// An agreed day that was kept, or whose breach was settled: waived, or its penalty paid in full.
fn on_time(kind: ReviewKind, day: &AgreedDay) -> Finding {
    let label = day.duty.label();
    let mut line = finding(kind, &format!("day/{}", day.duty), &label, Aspect::Schedule);
    line.required = Some(format!("不晚于{}", day.due));
    let settled = day.owed_yuan.is_some_and(|owed| day.paid_yuan >= owed);
    let owed = day.owed_yuan.map_or("未约定金额".to_owned(), |owed| format!("{}元", grouped(owed, 2)));
    (line.verdict, line.actual, line.explanation) = match day.state {
        State::Met => (Verdict::Pass, Some("按期".into()), format!("{label}按期完成。")),
        State::Waived => (Verdict::Pass, Some("免除".into()), format!("{label}逾期责任已依文件免除。")),
        State::MetLate if settled => {
            let words = format!("{label}逾期{}日，违约金{owed}已缴清。", day.days);
            (Verdict::Pass, Some(format!("逾期{}日", day.days)), words)
        }
        State::MetLate => {
            let paid = grouped(day.paid_yuan, 2);
            let words =
                format!("{label}逾期{}日，应缴违约金{owed}，已缴{paid}元；缴清或依文件免除后方可通过。", day.days);
            (Verdict::Fail, Some(format!("逾期{}日", day.days)), words)
        }
        State::Overdue | State::DueSoon | State::NotYet | State::Waiting | State::NotDeterminable => {
            line.missing = vec![format!("{label}日期")];
            (Verdict::NotDeterminable, None, format!("没有{label}记录，无法判定。"))
        }
    };
    line
}

fn said(kind: ReviewKind, member: &Member, opinion: Option<&Opinion>) -> Finding {
    let Member { department, part } = member;
    let name = format!("department/{}", department.code());
    let mut line = finding(kind, &name, &format!("{department}：{part}"), Aspect::Joint);
    line.required = Some("同意".into());
    match opinion {
        Some(opinion) => {
            line.actual = Some(if opinion.agrees { "同意" } else { "不同意" }.into());
            line.verdict = if opinion.agrees { Verdict::Pass } else { Verdict::Fail };
            line.explanation = format!("{}：{}", opinion.by, opinion.reason);
        }
        None => {
            line.missing = vec![format!("{department}意见")];
            line.explanation = format!("{department}尚未出具意见。");
        }
    }
    line
}
