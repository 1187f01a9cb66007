//! Suspected idle land, order no. 53 of 2012: not started a year past the agreed day, or hardly built and stopped for a
//! year. Days on which the clock stands still for causes on the government's side, or force majeure, do not count.
//!
//! Conventions: “at least one year” holds on the day the year is full, so the last day on which the land is not idle is
//! the day before. Fee and taking back (article 14) are for land on which building has not begun; land that was started and
//! stopped is idle without either. What was confirmed on paper stays, with the fee of that day, until it is settled or
//! waived on paper: see [`confirmed`]. Land that was never handed over is not idle.

use chrono::NaiveDate;

use super::consequence::{self, Consequence};
use super::ground::Ground;
use super::line::{Line, SOON_DAYS, State};
use crate::base::unit::{SquareMetre, Yuan, grouped};
use crate::codelist::CountedDay;
use crate::contract::days::{days_after, period_of_days, years_after};
use crate::contract::due::Due;
use crate::contract::event::{Cause, Duty, DutyKind, Figure, Happening};
use crate::contract::known::Contract;
use crate::contract::practice::IdlePractice;
use crate::contract::standstill::Reach;
use crate::obligations::duties::{completed, measured};
use rust_decimal::Decimal;

const IDLE: &str = "53号令第二条";
const INVESTIGATING: &str = "53号令第五条";
const DISPOSAL: &str = "53号令第十四条";
const LAND: Duty = Duty::one(DutyKind::IdleLand);

/// Since when nothing was done, and what is known about how far the works had come.
struct Suspicion {
    since: NaiveDate,
    what: String,
    /// Building had begun before it stopped.
    begun: bool,
    /// What has to be established before it can be said.
    missing: Vec<&'static str>,
}

/// Idle by the facts of a day.
struct Found {
    line: Line,
    /// The day on which the year is full.
    idle_from: NaiveDate,
}

pub fn idle(ground: &Ground<'_>, lines: &mut Vec<Line>) {
    let found = found(ground);
    let investigated = found.as_ref().map(|found| found.idle_from).filter(|from| ground.day >= *from);
    lines.extend(match confirmed(ground) {
        Some(finding) => Some(stands(ground, &finding, found.map(|found| found.line))),
        None => found.map(|found| waived(ground, found)),
    });
    if let Some((practice, idle_from)) = ground.practice.idle.as_ref().zip(investigated) {
        investigation(ground, practice, idle_from, lines);
    }
}

/// What the facts of the day say; nothing more than 30 days before the year is full.
fn found(ground: &Ground<'_>) -> Option<Found> {
    let practice = ground.practice.idle.as_ref()?;
    if ground.ended.is_some() || completed(ground).is_some() {
        return None;
    }
    let suspicion = not_started(ground).or_else(|| stopped(ground, practice))?;
    let standstill = ground.standstill(Reach::Works);
    let full = |years: u32| standstill.defer(years_after(suspicion.since, years), suspicion.since);
    let (idle_from, taken_back_from) = (full(practice.years), full(practice.taking_back_years));
    if ground.day < days_after(idle_from, -1 - SOON_DAYS) || settled(ground, idle_from) {
        return None;
    }
    let on = CountedDay { day: days_after(idle_from, -1), provisional: false };
    let mut line = ground.line(LAND, &Due { on, standstill, condition: None }, None)?;
    line.article = IDLE;
    if ground.day >= idle_from {
        judge(ground, practice, &suspicion, (idle_from, taken_back_from), &mut line);
    } else {
        line.consequence.arithmetic = format!("{}，至{idle_from}满{}年", suspicion.what, practice.years);
    }
    Some(Found { line, idle_from })
}

fn judge(
    ground: &Ground<'_>,
    practice: &IdlePractice,
    suspicion: &Suspicion,
    (idle_from, taken_back): (NaiveDate, NaiveDate),
    line: &mut Line,
) {
    let what = &suspicion.what;
    if !suspicion.missing.is_empty() {
        line.state = State::NotDeterminable;
        let words = format!("{what}；缺少{}，无法判定是否闲置", suspicion.missing.join("、"));
        line.consequence = consequence::unknown(words);
    } else if suspicion.begun {
        let years = practice.years;
        line.consequence = consequence::unknown(format!(
            "{what}，至{idle_from}满{years}年，构成闲置；{DISPOSAL}的闲置费和收回只及于未动工开发的土地，本宗已动工，不据此计费或收回，须调查核实后依法处置"
        ));
    } else if ground.day >= taken_back {
        line.article = DISPOSAL;
        let years = practice.taking_back_years;
        line.consequence = consequence::unknown(format!("{what}，{taken_back}起满{years}年：无偿收回土地使用权"));
    } else {
        line.article = DISPOSAL;
        let fee = consequence::share_of_price(ground.terms.price, practice.fee_percent);
        line.consequence = Consequence { arithmetic: format!("{what}；闲置费 {}", fee.arithmetic), ..fee };
    }
}

/// A finding on paper that nothing on paper has ended.
struct Finding<'a> {
    on: NaiveDate,
    document: Option<&'a str>,
    /// As decided; `None`: what the rules of that day came to.
    fee: Option<Yuan>,
}

/// Whether idle land was confirmed on paper by a day, and neither settled nor taken back since. A waiver is told by the line.
pub fn is_confirmed(contract: &Contract, day: NaiveDate) -> bool {
    last_confirmed(contract, day).is_some()
}

fn confirmed<'a>(ground: &Ground<'a>) -> Option<Finding<'a>> {
    last_confirmed(ground.contract, ground.day)
}

/// The last confirmation, unless the case was settled or the land taken back after it.
fn last_confirmed(contract: &Contract, day: NaiveDate) -> Option<Finding<'_>> {
    let mut finding = None;
    for event in contract.events.iter().take_while(|event| event.on <= day) {
        match event.happening {
            Happening::IdleConfirmed { fee } => {
                finding = Some(Finding { on: event.on, document: event.document.as_deref(), fee });
            }
            Happening::IdleSettled | Happening::TakenBack => finding = None,
            _ => {}
        }
    }
    finding
}

/// The line of a finding: with the facts of today where the land is idle still, else with those of the day it was
/// confirmed. Neither a start nor a correction takes it away.
fn stands(ground: &Ground<'_>, finding: &Finding<'_>, now: Option<Line>) -> Line {
    let paper = finding.document.map(|document| format!("（《{document}》）")).unwrap_or_default();
    let then = Ground::new(ground.contract, finding.on, ground.practice, ground.calendar);
    let then = then.and_then(|then| found(&then)).map(|found| found.line);
    let fee = finding.fee.or(then.as_ref().and_then(Line::yuan));
    let decided = match fee {
        Some(fee) => format!("{}认定闲置{paper}，闲置费{}元", finding.on, grouped(fee.0, 2)),
        None => format!("{}认定闲置{paper}", finding.on),
    };
    let now = now.filter(|line| line.state == State::Overdue);
    let over = now.is_none();
    let mut line = now.or(then).unwrap_or_else(|| Line { article: IDLE, ..Line::nothing(LAND, finding.on) });
    line.state = State::Overdue;
    let facts = std::mem::take(&mut line.consequence);
    let mut words = vec![decided];
    words.extend(Some(facts.arithmetic).filter(|facts| !facts.is_empty()));
    words.extend(over.then(|| "此后情况有变，未见处置完毕或免除的文件，认定仍然有效".to_owned()));
    line.consequence = Consequence { yuan: fee.or(facts.yuan), arithmetic: words.join("；") };
    forgive(ground, &mut line, finding.on);
    line
}

fn waived(ground: &Ground<'_>, found: Found) -> Line {
    let mut line = found.line;
    forgive(ground, &mut line, found.idle_from);
    line
}

/// A waiver forgives what there was on its day, and nothing that comes later.
fn forgive(ground: &Ground<'_>, line: &mut Line, since: NaiveDate) {
    let paper = ground.contract.last(ground.day, |event| match event.happening {
        Happening::Waived { duty } if duty == LAND && event.on >= since => event.document.as_deref(),
        _ => None,
    });
    let Some(paper) = paper else { return };
    (line.state, line.days) = (State::Waived, 0);
    line.consequence = consequence::nothing(format!("依据《{paper}》免除"));
}

/// The agreed start has passed with no start on record, on land that was handed over where a day for it is agreed.
fn not_started(ground: &Ground<'_>) -> Option<Suspicion> {
    let has = |happening: &Happening| ground.contract.day_of(ground.last, happening).is_some();
    let given = ground.terms.hand_over_on.is_none() || has(&Happening::HandedOver);
    if !given || has(&Happening::Started) {
        return None;
    }
    let since = ground.due(ground.terms, Duty::one(DutyKind::Start), ground.last)?.on.day;
    Some(Suspicion {
        since, what: format!("应于{since}前开工，无开工记录"), begun: false, missing: Vec::new()
    })
}

/// Work that had begun stands still by the grantee's doing, and too little is built or invested.
fn stopped(ground: &Ground<'_>, practice: &IdlePractice) -> Option<Suspicion> {
    ground.contract.day_of(ground.last, &Happening::Started)?;
    let since = stopped_since(ground)?;
    let developed = measured(ground, Figure::DevelopedLand);
    let land =
        measured(ground, Figure::LandToDevelop).map_or(ground.terms.granted_area, |figure| SquareMetre(figure).to_mu());
    let invested = measured(ground, Figure::Invested);
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
            Some(Suspicion { since, what, begun: true, missing: Vec::new() })
        }
        (_, Some(true)) => {
            let what = format!(
                "{what}，已投资{}元，不足总投资{}元的{}%",
                plain(invested),
                plain(planned),
                practice.invested_percent
            );
            Some(Suspicion { since, what, begun: true, missing: Vec::new() })
        }
        (Some(false), Some(false)) => None,
        _ => {
            let mut missing = Vec::new();
            missing.extend(little_built.is_none().then_some("已动工开发面积"));
            missing.extend(invested.is_none().then_some("已投资额"));
            missing.extend(planned.is_none().then_some("总投资额"));
            Some(Suspicion { since, what, begun: true, missing })
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
    lines.extend(line.map(|line| Line { article: INVESTIGATING, ..line }));
}
