//! One row of the event table into what happened.

use chrono::NaiveDate;

use super::cells::{count, word};
use super::rows::EventRow;
use crate::contract::event::{Cause, Covers, Duty, EventKind, Figure, Happening, Review, ReviewOutcome};
use crate::exchange::{Fault, TableRow};
use crate::importing::table_stage::day;
use crate::importing::table_wording::{value_missing, value_unknown};

pub fn read(row: &TableRow, faults: &mut Vec<Fault>) -> Option<EventRow> {
    let number = row.text("number", faults);
    let kind = kind(row, faults);
    let on = day::read(row, "happened_on", faults);
    let document = row.text("basis", faults);
    let kind = kind?;
    let happening = happening(kind, row, faults);
    if kind.needs_document() && document.is_none() {
        faults.push(needed(row, "basis", kind));
    }
    Some(EventRow { number: number?, on: on?, happening: happening?, document })
}

fn kind(row: &TableRow, faults: &mut Vec<Fault>) -> Option<EventKind> {
    let text = row.text("kind", faults)?;
    let found = EventKind::parse(&text);
    if found.is_none() {
        let names: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.label()).collect();
        faults.push(value_unknown("事件", &text, &names.join("、")));
    }
    found
}

/// `None` with a fault when a cell that this kind needs is empty or cannot be read.
fn happening(kind: EventKind, row: &TableRow, faults: &mut Vec<Fault>) -> Option<Happening> {
    Some(match kind {
        EventKind::HandedOver => Happening::HandedOver,
        EventKind::Paid => {
            let instalment = count(row, "instalment", faults);
            let amount = row.money("amount", faults);
            let instalment = present(instalment, row, "instalment", kind, faults);
            Happening::Paid { instalment: instalment?, amount: present(amount, row, "amount", kind, faults)? }
        }
        EventKind::Started => Happening::Started,
        EventKind::CompletionDeclared => Happening::CompletionDeclared,
        EventKind::CompletionReviewed => Happening::CompletionReviewed(review(kind, row, faults)?),
        EventKind::ProductionStarted => Happening::ProductionStarted,
        EventKind::OutputReviewed => Happening::OutputReviewed(review(kind, row, faults)?),
        EventKind::Suspended => {
            let cause = word(row, "cause", faults, Cause::parse, "政府原因、不可抗力或受让人原因")?;
            let covers = word(row, "covers", faults, Covers::parse, "建设投产期限或全部期限")?;
            let until = day::read(row, "until", faults);
            let cause = present(cause, row, "cause", kind, faults)?;
            Happening::Suspended { until, cause, covers: covers.unwrap_or(Covers::Works) }
        }
        EventKind::Resumed => Happening::Resumed,
        EventKind::Extended => {
            let duty = duty(kind, row, faults);
            Happening::Extended { duty: duty?, until: until(kind, row, faults)? }
        }
        EventKind::Waived => Happening::Waived { duty: duty(kind, row, faults)? },
        EventKind::Notified => Happening::Notified { duty: duty(kind, row, faults)? },
        EventKind::Measured => {
            let figure = word(row, "figure", faults, figure, "模板所列的数据项")?;
            let figure = present(figure, row, "figure", kind, faults);
            let value = row.decimal("value", faults);
            let unit = row.text("value_unit", faults).unwrap_or_default();
            let reached_on = day::read(row, "reached_on", faults);
            let (figure, value) = (figure?, present(value, row, "value", kind, faults)?);
            let stored = figure.stored(value, &unit);
            if stored.is_none() {
                faults.push(super::wording::measured_unit(figure, &unit));
            }
            Happening::Measured { figure, value: stored?, reached_on }
        }
        EventKind::PenaltyPaid => {
            let duty = duty(kind, row, faults);
            let amount = row.money("amount", faults);
            Happening::PenaltyPaid { duty: duty?, amount: present(amount, row, "amount", kind, faults)? }
        }
        EventKind::InvestigationOpened => Happening::InvestigationOpened,
        EventKind::InvestigationAnswered => Happening::InvestigationAnswered,
        EventKind::IdleConfirmed => Happening::IdleConfirmed { fee: row.money("amount", faults) },
        EventKind::IdleSettled => Happening::IdleSettled,
        EventKind::Rescinded => Happening::Rescinded,
        EventKind::Terminated => Happening::Terminated,
        EventKind::TakenBack => Happening::TakenBack,
    })
}

fn review(kind: EventKind, row: &TableRow, faults: &mut Vec<Fault>) -> Option<Review> {
    let outcome = word(row, "outcome", faults, ReviewOutcome::parse, "通过、限期整改或不通过")?;
    let outcome = present(outcome, row, "outcome", kind, faults)?;
    let rectify_until = match outcome {
        ReviewOutcome::Rectify => Some(until(kind, row, faults)?),
        ReviewOutcome::Passed | ReviewOutcome::Failed => None,
    };
    Some(Review { outcome, rectify_until })
}

fn until(kind: EventKind, row: &TableRow, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
    let until = day::read(row, "until", faults);
    present(until, row, "until", kind, faults)
}

/// By code (`payment_1`), or by name.
fn duty(kind: EventKind, row: &TableRow, faults: &mut Vec<Fault>) -> Option<Duty> {
    let duty =
        word(row, "duty", faults, |text| text.parse::<Duty>().ok(), "开工、竣工、投产、达产复核，或 payment_1 之类")?;
    present(duty, row, "duty", kind, faults)
}

/// The bracketed remark of a name may be left out: 已投资额 stands for 已投资额（不含价款和税费）.
fn figure(text: &str) -> Option<Figure> {
    let short = |label: &'static str| label.split('（').next().unwrap_or(label);
    Figure::parse(text).or_else(|| Figure::ALL.iter().copied().find(|figure| short(figure.label()) == text))
}

fn present<T>(value: Option<T>, row: &TableRow, key: &str, kind: EventKind, faults: &mut Vec<Fault>) -> Option<T> {
    // A cell that is there and cannot be read has its fault already.
    if value.is_none() && !faults.iter().any(Fault::is_error) {
        faults.push(needed(row, key, kind));
    }
    value
}

fn needed(row: &TableRow, key: &str, kind: EventKind) -> Fault {
    let title = row.layout.column(key).map_or_else(
        || {
            let column = super::spec::EVENTS.columns.iter().find(|column| column.key == key);
            column.map_or("", |column| column.title())
        },
        |column| column.spec.title(),
    );
    value_missing(title, &format!("事件“{kind}”须填写"))
}
