//! Suspected idle land, order no. 53 of 2012: not started a year past the agreed day, or hardly built and stopped for a
//! year. Days on which the clock stands still for causes on the government's side, or force majeure, do not count.
//!
//! Conventions: “at least one year” holds on the day the year is full, so the last day on which the land is not idle is
//! the day before. The fee is shown while the land is idle; a decision that was taken is an event, not a calculation.

use chrono::NaiveDate;

use super::consequence::{self, Consequence};
use super::days::{days_after, period_of_days, years_after};
use super::event::{Cause, Duty, DutyKind, Figure, Happening};
use super::ground::{Due, Ground};
use super::line::{Line, SOON_DAYS, State};
use super::obligations::{completed, measured};
use super::practice::IdlePractice;
use super::standstill::{Reach, Standstill};
use crate::base::unit::SquareMetre;
use crate::codelist::CountedDay;
use rust_decimal::Decimal;

const IDLE: &str = "53号令第二条";
const INVESTIGATING: &str = "53号令第五条";
const ANSWERING: &str = "53号令第六条";
const DISPOSAL: &str = "53号令第十四条";

/// Since when nothing was done, and what is known about how far the works had come.
struct Suspicion {
    since: NaiveDate,
    what: String,
    /// What has to be established before it can be said.
    missing: Vec<&'static str>,
}

pub fn idle(ground: &Ground<'_>, lines: &mut Vec<Line>) {
    let Some(practice) = &ground.practice.idle else { return };
    if ground.ended.is_some() || completed(ground).is_some() {
        return;
    }
    let Some(suspicion) = not_started(ground).or_else(|| stopped(ground, practice)) else { return };
    let standstill = Standstill::of(ground.contract, ground.terms, Reach::Works, ground.last);
    let full = |years: u32| standstill.defer(years_after(suspicion.since, years), suspicion.since);
    let (idle_from, taken_back_from) = (full(practice.years), full(practice.taking_back_years));
    if ground.day < days_after(idle_from, -1 - SOON_DAYS) || settled(ground, idle_from) {
        return;
    }
    let due = Due { on: CountedDay { day: days_after(idle_from, -1), provisional: false }, standstill };
    let Some(mut line) = ground.line(Duty::one(DutyKind::IdleLand), &due, None) else { return };
    line.article = IDLE;
    if ground.day >= idle_from {
        judge(ground, practice, &suspicion, taken_back_from, &mut line);
        lines.push(line);
        investigation(ground, practice, idle_from, lines);
    } else {
        line.consequence.arithmetic = format!("{}，至{idle_from}满{}年", suspicion.what, practice.years);
        lines.push(line);
    }
}

fn judge(ground: &Ground<'_>, practice: &IdlePractice, suspicion: &Suspicion, taken_back: NaiveDate, line: &mut Line) {
    if !suspicion.missing.is_empty() {
        line.state = State::NotDeterminable;
        let arithmetic = format!("{}；缺少{}，无法判定是否闲置", suspicion.what, suspicion.missing.join("、"));
        line.consequence = Consequence { yuan: None, arithmetic };
        return;
    }
    line.article = DISPOSAL;
    if ground.day >= taken_back {
        let years = practice.taking_back_years;
        let arithmetic = format!("{}，{taken_back}起满{years}年：无偿收回土地使用权", suspicion.what);
        line.consequence = Consequence { yuan: None, arithmetic };
        return;
    }
    let fee = consequence::share_of_price(ground.terms.price, practice.fee_percent);
    line.consequence = Consequence { arithmetic: format!("{}；闲置费 {}", suspicion.what, fee.arithmetic), ..fee };
}

/// The agreed start has passed with no start on record.
fn not_started(ground: &Ground<'_>) -> Option<Suspicion> {
    if ground.contract.day_of(ground.last, &Happening::Started).is_some() {
        return None;
    }
    let due = ground.due(ground.terms, Duty::one(DutyKind::Start))?;
    let since = due.on.day;
    Some(Suspicion { since, what: format!("应于{since}前开工，无开工记录"), missing: Vec::new() })
}

/// Work stands still by the grantee's doing, and too little is built or invested.
fn stopped(ground: &Ground<'_>, practice: &IdlePractice) -> Option<Suspicion> {
    let since = stopped_since(ground)?;
    let developed = measured(ground, Figure::DevelopedLand).map(|(_, figure)| figure);
    let land = measured(ground, Figure::LandToDevelop)
        .map_or(ground.terms.granted_area, |(_, figure)| SquareMetre(figure).to_mu());
    let invested = measured(ground, Figure::Invested).map(|(_, figure)| figure);
    let planned = ground.terms.planned_investment.map(|money| money.0);
    let parts = Decimal::from(practice.developed_one_in);
    let little_built = developed.map(|developed| below(SquareMetre(developed).to_mu().0, parts, land.0, Decimal::ONE));
    let little_invested = invested
        .zip(planned)
        .map(|(spent, planned)| below(spent, Decimal::ONE_HUNDRED, planned, practice.invested_percent));
    let what = format!("自{since}中止开发建设");
    match (little_built, little_invested) {
        (Some(true), _) => {
            let what = format!(
                "{what}，已动工{}平方米，不足应动工{}平方米的{}分之一",
                plain(developed),
                land.eye_square_metres().0.normalize(),
                parts
            );
            Some(Suspicion { since, what, missing: Vec::new() })
        }
        (_, Some(true)) => {
            let what = format!(
                "{what}，已投资{}元，不足总投资{}元的{}%",
                plain(invested),
                plain(planned),
                practice.invested_percent
            );
            Some(Suspicion { since, what, missing: Vec::new() })
        }
        (Some(false), Some(false)) => None,
        _ => {
            let mut missing = Vec::new();
            missing.extend(little_built.is_none().then_some("已动工开发面积"));
            missing.extend(invested.is_none().then_some("已投资额"));
            missing.extend(planned.is_none().then_some("总投资额"));
            Some(Suspicion { since, what, missing })
        }
    }
}

fn plain(figure: Option<Decimal>) -> String {
    figure.map(|figure| figure.normalize().to_string()).unwrap_or_default()
}

/// `figure × factor < whole × share`, exactly; figures too large to be multiplied are not below.
fn below(figure: Decimal, factor: Decimal, whole: Decimal, share: Decimal) -> bool {
    matches!((figure.checked_mul(factor), whole.checked_mul(share)), (Some(left), Some(right)) if left < right)
}

/// The first day of the standstill by the grantee's doing that lasts on the last day.
fn stopped_since(ground: &Ground<'_>) -> Option<NaiveDate> {
    let mut since = None;
    for event in ground.contract.events.iter().filter(|event| event.on <= ground.last) {
        match event.happening {
            Happening::Suspended { until, cause: Cause::Grantee, .. }
                if until.is_none_or(|until| ground.last < until) =>
            {
                since = since.or(Some(event.on));
            }
            Happening::Resumed => since = None,
            _ => {}
        }
    }
    since
}

/// The case was closed after the land had become idle.
fn settled(ground: &Ground<'_>, idle_from: NaiveDate) -> bool {
    let settled =
        ground.contract.last(ground.last, |event| (event.happening == Happening::IdleSettled).then_some(event.on));
    settled.is_some_and(|day| day >= idle_from)
}

/// Investigation within 30 days of the suspicion, answer within 30 days of the notice.
fn investigation(ground: &Ground<'_>, practice: &IdlePractice, idle_from: NaiveDate, lines: &mut Vec<Line>) {
    let since = |wanted: &Happening, from: NaiveDate| {
        ground.contract.first(ground.last, |event| (event.on >= from && event.happening == *wanted).then_some(event.on))
    };
    let opened = since(&Happening::InvestigationOpened, idle_from);
    let due = Due::fixed(period_of_days(idle_from, practice.investigation_days, ground.calendar));
    let line = ground.line(Duty::one(DutyKind::Investigation), &due, opened);
    lines.extend(line.map(|line| Line { article: INVESTIGATING, ..line }));
    let Some(opened) = opened else { return };
    let due = Due::fixed(period_of_days(opened, practice.answer_days, ground.calendar));
    let answered = since(&Happening::InvestigationAnswered, opened);
    let line = ground.line(Duty::one(DutyKind::Answer), &due, answered);
    lines.extend(line.map(|line| Line { article: ANSWERING, ..line }));
}
