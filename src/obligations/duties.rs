//! The duties of the contract itself: payments, hand-over, start, completion, production, output review, and what was
//! promised of investment and floor area ratio.
//!
//! Conventions: a supplement changes dates and rates from its day on, an extension the due day from the day it was granted
//! on; what accrued before stays, until it is waived on paper. Each late day is charged under the terms, and on the
//! balance, of that day. A payment made on the n-th day after the due day is n days late.

use chrono::NaiveDate;

use super::consequence::{self, Consequence, Slice};
use super::ground::Ground;
use super::line::{CLEARING, Line, State};
use crate::base::unit::Yuan;
use crate::codelist::CountedDay;
use crate::contract::days::{agreed, days_after};
use crate::contract::due::Due;
use crate::contract::event::{Duty, DutyKind, Event, Figure, Happening, ReviewOutcome};
use crate::contract::terms::{Shortfall, Terms};
use crate::contract::{paid, promised};
use crate::policy::indicator::Indicators;
use crate::policy::quantity::{Quantity, QuantityError};
use rust_decimal::Decimal;

pub fn payments(ground: &Ground<'_>, lines: &mut Vec<Line>) {
    for number in 1..=ground.terms.instalments.len() {
        let Ok(number) = u16::try_from(number) else { return };
        lines.extend(payment(ground, number));
    }
}

fn payment(ground: &Ground<'_>, number: u16) -> Option<Line> {
    let duty = Duty::payment(number);
    let done = paid_up(ground, number);
    let mut line = ground.line(duty, &governing(ground, duty, done)?, done)?;
    let balance = |terms: &Terms, day: NaiveDate| {
        let agreed = terms.instalment(number).map_or(Yuan::ZERO, |instalment| instalment.amount);
        agreed - paid::of_instalment_before(ground.contract, number, day)
    };
    charge(ground, &mut line, done, true, |terms| terms.rates.late_payment, balance);
    let overdue = line.state == State::Overdue;
    let limit = ground.terms.rates.rescind_after_days.filter(|limit| overdue && line.days > i64::from(*limit));
    if let Some(limit) = limit.filter(|_| ground.ended.is_none()) {
        line.may_rescind = true;
        line.consequence.arithmetic += &format!("；逾期超过{limit}日，出让人有权解除合同");
    }
    Some(line)
}

/// The day from which on an instalment was paid in full, whatever its amount was then.
fn paid_up(ground: &Ground<'_>, number: u16) -> Option<NaiveDate> {
    let paid = |event: &Event| matches!(event.happening, Happening::Paid { instalment, .. } if instalment == number);
    let payments = ground.contract.events.iter().filter(|event| paid(event)).map(|event| event.on);
    let versions = ground.contract.versions.iter().skip(1).map(|version| version.effective_on);
    let mut days: Vec<NaiveDate> = payments.chain(versions).filter(|day| *day <= ground.last).collect();
    days.sort_unstable();
    let covered = |day: NaiveDate| {
        let agreed = ground.contract.terms_on(day).and_then(|terms| terms.instalment(number));
        agreed.is_none_or(|agreed| {
            paid::of_instalment_before(ground.contract, number, days_after(day, 1)) >= agreed.amount
        })
    };
    days.into_iter().fold(None, |since, day| if covered(day) { since.or(Some(day)) } else { None })
}

pub fn hand_over(ground: &Ground<'_>) -> Option<Line> {
    let duty = Duty::one(DutyKind::HandOver);
    let done = ground.contract.day_of(ground.last, &Happening::HandedOver);
    let due = governing(ground, duty, done)?;
    let mut line = ground.line(duty, &due, done)?;
    let paid = |_: &Terms, day| paid::of_price_before(ground.contract, day);
    charge(ground, &mut line, done, true, |terms| terms.rates.late_hand_over, paid);
    let told = line.state == State::Waiting || (line.state != State::Waived && !due.waits());
    if let (Some(condition), Some(agreed), true) = (&due.condition, ground.terms.hand_over_on, told) {
        line.explain(condition.wording(agreed, due.on.day));
    }
    Some(line)
}

pub fn start(ground: &Ground<'_>) -> Option<Line> {
    let started = ground.contract.day_of(ground.last, &Happening::Started);
    works(ground, DutyKind::Start, started, |terms| terms.rates.late_start)
}

pub fn completion(ground: &Ground<'_>) -> Option<Line> {
    let completed = completed(ground);
    let mut line = works(ground, DutyKind::Completion, completed, |terms| terms.rates.late_completion)?;
    let declared = ground.contract.day_of(ground.last, &Happening::CompletionDeclared);
    if line.state == State::MetLate && declared.is_none() {
        line.explain(Some("没有竣工申报记录，按验收通过之日计".to_owned()));
    }
    Some(line)
}

/// Completed on the day it was declared, or reviewed with success when nothing was declared; not while the review was
/// failed for good.
pub fn completed(ground: &Ground<'_>) -> Option<NaiveDate> {
    let reviewed = |wanted: ReviewOutcome| {
        ground.contract.first(ground.last, |event| match event.happening {
            Happening::CompletionReviewed(review) if review.outcome == wanted => Some(event.on),
            _ => None,
        })
    };
    if reviewed(ReviewOutcome::Failed).is_some() {
        return None;
    }
    let declared = ground.contract.day_of(ground.last, &Happening::CompletionDeclared);
    declared.or_else(|| reviewed(ReviewOutcome::Passed))
}

pub fn production(ground: &Ground<'_>) -> Option<Line> {
    let started = ground.contract.day_of(ground.last, &Happening::ProductionStarted);
    works(ground, DutyKind::Production, started, |terms| terms.rates.late_production)
}

/// Met when the review took place, however it ended.
pub fn output_review(ground: &Ground<'_>) -> Option<Line> {
    let duty = Duty::one(DutyKind::OutputReview);
    let reviewed = ground
        .contract
        .first(ground.last, |event| matches!(event.happening, Happening::OutputReviewed(_)).then_some(event.on));
    let mut line = ground.line(duty, &governing(ground, duty, reviewed)?, reviewed)?;
    waive(ground, &mut line);
    Some(line)
}

/// Once done, a duty stands under the terms, and the extensions, of the day it was done.
fn governing(ground: &Ground<'_>, duty: Duty, done: Option<NaiveDate>) -> Option<Due> {
    let terms = done.and_then(|day| ground.contract.terms_on(day)).unwrap_or(ground.terms);
    ground.due(terms, duty, done.unwrap_or(ground.last))
}

/// A duty that costs ‰ of the total price a day.
fn works(
    ground: &Ground<'_>,
    kind: DutyKind,
    done: Option<NaiveDate>,
    rate: impl Fn(&Terms) -> Option<Decimal>,
) -> Option<Line> {
    let duty = Duty::one(kind);
    let mut line = ground.line(duty, &governing(ground, duty, done)?, done)?;
    charge(ground, &mut line, done, false, rate, |terms, _| terms.price);
    Some(line)
}

/// Works out what a delay costs: each late day under the terms and on the base of that day.
fn charge(
    ground: &Ground<'_>,
    line: &mut Line,
    done: Option<NaiveDate>,
    by_payments: bool,
    rate: impl Fn(&Terms) -> Option<Decimal>,
    base: impl Fn(&Terms, NaiveDate) -> Yuan,
) {
    if waive(ground, line) {
        return;
    }
    let until = done.unwrap_or(ground.last);
    let mut slices: Vec<Slice> = Vec::new();
    let mut late_without_rate = false;
    for (from, last) in regimes(ground, line.duty, until) {
        let Some(terms) = ground.contract.terms_on(from) else { continue };
        let Some(due) = ground.due(terms, line.duty, from).filter(|due| !due.waits()) else { continue };
        let first = days_after(due.on.day, 1).max(from);
        if last < first {
            continue;
        }
        let Some(permille) = rate(terms) else {
            late_without_rate |= due.standstill.running(first, last) > 0;
            continue;
        };
        for (from, to) in stretches(ground, first, last, by_payments) {
            let days = due.standstill.running(from, to);
            consequence::add(&mut slices, Slice { base: base(terms, from), permille, days });
        }
    }
    let nothing_agreed = slices.is_empty() && rate(ground.terms).is_none();
    line.consequence = match (nothing_agreed, late_without_rate) {
        (true, true) => consequence::not_agreed(),
        (true, false) => Consequence::default(),
        (false, _) => consequence::daily(&slices, ground.terms.price, ground.terms.rates.cap_percent),
    };
    let in_time = matches!(line.state, State::Met | State::NotYet | State::DueSoon);
    if in_time && line.yuan().is_some_and(|accrued| accrued > Yuan::ZERO) {
        line.explain(Some("期限变更之前已逾期应计的部分，依文件免除前仍应承担".to_owned()));
    }
}

/// The days up to `until`, parted where terms or due day change: by a supplement, or by an extension of the duty.
fn regimes(ground: &Ground<'_>, duty: Duty, until: NaiveDate) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let extends = |event: &&Event| matches!(event.happening, Happening::Extended { duty: of, .. } if of == duty);
    let extensions = ground.contract.events.iter().filter(extends).map(|event| event.on);
    let versions = ground.contract.versions.iter().map(|version| version.effective_on);
    let mut starts: Vec<NaiveDate> = versions.chain(extensions).filter(|day| *day <= until).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends: Vec<NaiveDate> = starts.iter().skip(1).map(|next| days_after(*next, -1)).chain([until]).collect();
    starts.into_iter().zip(ends)
}

/// The days from `first` to `last`, parted where a payment changes the balance: from the day after it.
fn stretches(
    ground: &Ground<'_>,
    first: NaiveDate,
    last: NaiveDate,
    by_payments: bool,
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let mut starts = vec![first];
    if by_payments {
        let paid = ground.contract.events.iter().filter(|event| matches!(event.happening, Happening::Paid { .. }));
        starts.extend(paid.map(|event| days_after(event.on, 1)).filter(|day| first < *day && *day <= last));
        starts.dedup();
    }
    let ends: Vec<NaiveDate> = starts.iter().skip(1).map(|next| days_after(*next, -1)).chain([last]).collect();
    starts.into_iter().zip(ends)
}

/// A waived duty costs nothing.
fn waive(ground: &Ground<'_>, line: &mut Line) -> bool {
    let Some(paper) = ground.waiver(line.duty) else { return false };
    line.state = State::Waived;
    line.days = 0;
    line.consequence = consequence::nothing(format!("依据《{paper}》免除"));
    true
}

/// What was promised and measured: investment (with the land price) and floor area ratio. No line before a figure is known;
/// where a shortfall is agreed to cost money and cannot be worked out, a line that says why.
pub fn shortfalls(ground: &Ground<'_>, lines: &mut Vec<Line>) {
    let rates = &ground.terms.rates;
    let investment = (DutyKind::Investment, Figure::FixedInvestment, rates.investment_shortfall);
    let ratio = (DutyKind::FloorAreaRatio, Figure::FloorAreaRatio, rates.far_shortfall);
    for (kind, figure, rule) in [investment, ratio] {
        lines.extend(shortfall(ground, kind, figure, rule));
    }
}

fn shortfall(ground: &Ground<'_>, kind: DutyKind, figure: Figure, rule: Shortfall) -> Option<Line> {
    let (value, verified_on) = established(ground, figure)?;
    let duty = Duty::one(kind);
    let due = ground.due(ground.terms, Duty::one(DutyKind::Completion), ground.last);
    let promised = promised::of(ground.terms, kind);
    let costs = rule == Shortfall::ProRata;
    let (promised, due) = match (promised, due) {
        (Some(Ok(promised)), Some(due)) => (promised, due),
        (Some(Err(reason)), Some(due)) => return not_determinable(ground, duty, &due, &not_comparable(&reason)),
        (Some(_), None) if costs => {
            return not_determinable(
                ground,
                duty,
                &of_verification(verified_on),
                "合同没有约定竣工日期，无法确定承诺应于何日达到",
            );
        }
        (None, due) if costs => {
            let words = format!(
                "合同约定{}按差额比例计违约金，但没有登记其下限承诺，无法核算；请更正合同的承诺指标",
                duty.label()
            );
            return not_determinable(ground, duty, &due.unwrap_or_else(|| of_verification(verified_on)), &words);
        }
        _ => return None,
    };
    let least = promised.required.lower()?;
    let in_unit = |value: Decimal| {
        let measured = Quantity { figure: value.into(), unit: figure.unit().to_owned() };
        Indicators::built_in().converted(promised.indicator, &measured, &promised.unit)
    };
    let reached = match in_unit(value) {
        Ok(reached) => reached,
        Err(reason) => return not_determinable(ground, duty, &due, &not_comparable(&reason)),
    };
    let enough = |value: Decimal| {
        in_unit(value).is_ok_and(|value| value > least.value || (least.closed && value == least.value))
    };
    let kept = kept_since(ground, figure, enough);
    let mut line = ground.line(duty, &due, kept.map(|since| since.on))?;
    line.article = CLEARING;
    if waive(ground, &mut line) {
        return Some(line);
    }
    match kept {
        Some(since) if line.state == State::MetLate && !since.known => {
            if since.short_until.is_some_and(|short| short >= line.due) {
                line.explain(Some("达到之日没有登记，按核实之日计".to_owned()));
                return Some(line);
            }
            (line.state, line.days) = (State::NotDeterminable, 0);
            let words = format!("{}核实时已达到承诺，达到之日没有登记，无法判定是否逾期", since.on);
            line.consequence = consequence::unknown(words);
        }
        None if line.state == State::Overdue && costs => {
            let cap = ground.terms.rates.cap_percent;
            line.consequence = consequence::shortfall(ground.terms.price, &least.value, &reached, &promised.unit, cap);
            line.explain(promised.how);
        }
        _ => {}
    }
    Some(line)
}

/// A promise in a unit that does not measure what was measured is neither kept nor broken.
fn not_comparable(reason: &QuantityError) -> String {
    format!("承诺与核实数据不能比较：{reason}；请更正合同的承诺指标")
}

/// Without an agreed day there is only the day on which a figure was established.
fn of_verification(on: NaiveDate) -> Due {
    Due::fixed(CountedDay { day: on, provisional: false })
}

fn not_determinable(ground: &Ground<'_>, duty: Duty, due: &Due, words: &str) -> Option<Line> {
    let mut line = ground.line(duty, due, None)?;
    line.article = CLEARING;
    if !waive(ground, &mut line) {
        (line.state, line.days) = (State::NotDeterminable, 0);
        line.consequence = consequence::unknown(words.to_owned());
    }
    Some(line)
}

/// Since when a promise is kept.
#[derive(Clone, Copy)]
struct Kept {
    on: NaiveDate,
    /// The day it was reached; else only the day on which somebody verified it.
    known: bool,
    /// The last day on which it is known not to have been kept.
    short_until: Option<NaiveDate>,
}

/// The earliest day from which on every figure that was established keeps the promise: the day it was reached counts, and
/// the day it was verified where that is all there is.
fn kept_since(ground: &Ground<'_>, wanted: Figure, enough: impl Fn(Decimal) -> bool) -> Option<Kept> {
    let (mut since, mut short_until): (Option<Kept>, Option<NaiveDate>) = (None, None);
    for event in ground.contract.events.iter().take_while(|event| event.on <= ground.last) {
        let Happening::Measured { figure, value, reached_on } = event.happening else { continue };
        let on = reached_on.unwrap_or(event.on);
        if figure != wanted {
            continue;
        }
        if !enough(value) {
            (since, short_until) = (None, short_until.max(Some(on)));
        } else if since.is_none_or(|since| on < since.on) {
            since = Some(Kept { on, known: reached_on.is_some(), short_until });
        }
    }
    since
}

/// The last figure established.
pub fn measured(ground: &Ground<'_>, wanted: Figure) -> Option<Decimal> {
    established(ground, wanted).map(|(value, _)| value)
}

/// With the day on which it was.
fn established(ground: &Ground<'_>, wanted: Figure) -> Option<(Decimal, NaiveDate)> {
    ground.contract.last(ground.last, |event| match event.happening {
        Happening::Measured { figure, value, .. } if figure == wanted => Some((value, event.on)),
        _ => None,
    })
}

/// Rectification after a review, until the day that was set; met by the next review.
pub fn rectifications(ground: &Ground<'_>, lines: &mut Vec<Line>) {
    for kind in [DutyKind::RectifyCompletion, DutyKind::RectifyOutput] {
        lines.extend(rectification(ground, kind));
    }
}

fn rectification(ground: &Ground<'_>, kind: DutyKind) -> Option<Line> {
    let review_of = |happening: &Happening| match happening {
        Happening::CompletionReviewed(review) if kind == DutyKind::RectifyCompletion => Some(*review),
        Happening::OutputReviewed(review) if kind == DutyKind::RectifyOutput => Some(*review),
        _ => None,
    };
    let reviews = ground
        .contract
        .events
        .iter()
        .filter(|event| event.on <= ground.last)
        .filter_map(|event| Some((event.on, review_of(&event.happening)?)));
    let mut open = None;
    let mut done = None;
    for (on, review) in reviews {
        if open.is_some() && done.is_none() {
            done = Some(on);
        }
        if let Some(until) = review.rectify_until.filter(|_| review.outcome == ReviewOutcome::Rectify) {
            (open, done) = (Some(until), None);
        }
    }
    let on = agreed(open?, ground.terms.day_count, ground.calendar);
    let mut line = ground.line(Duty::one(kind), &Due::fixed(on), done)?;
    line.article = CLEARING;
    waive(ground, &mut line);
    Some(line)
}
