//! Sheets into rows. What cannot be read is a fault at its place, and the record counts as refused.

use std::ops::ControlFlow;
use std::path::Path;

use rust_decimal::Decimal;

use super::cells::{count, word};
use super::rows::{Numbered, PartRow, Placed, Refused, Rows, Stated, TermsRow};
use super::spec::{AGREEMENTS, COMMITMENTS, EVENTS, INSTALMENTS, TABLES};
use super::{event, wording};
use crate::base::text::Seen;
use crate::contract::known::TermsRole;
use crate::contract::terms::{Commitment, ContractKind, DayCount, HandOverAfter, Instalment, Shortfall};
use crate::exchange::wording::header_only;
use crate::exchange::{Fault, ReadOptions, TableFile, TableRow, TableSpec, Unreadable};
use crate::importing::table_stage::{Intake, day, uscc};
use crate::policy::indicator::Indicators;
use crate::policy::range::{Edge, Range};

/// Reads every sheet whose header is that of one of the four tables; one that is not filled in is passed over.
///
/// # Errors
/// When no sheet is, none is filled in, or the file cannot be read to its end.
pub fn read(path: &Path, options: &ReadOptions) -> Result<(Rows, Intake), Unreadable> {
    let opened = TableFile::open_each(path, &TABLES, options)?;
    let mut rows = Rows::default();
    let unread = opened.unread.iter().map(|sheet| wording::sheet_not_read(sheet));
    let mut intake = Intake { faults: unread.collect(), ..Intake::default() };
    for (spec, mut file) in opened.files {
        let before = intake.read;
        intake.format = file.format();
        let summary = file.read_sheet(&mut |row| {
            let record = before + row.record;
            let mut faults = Vec::from_iter(row.surplus());
            take(spec, &row, record, &mut rows, &mut faults);
            intake.faults.extend(faults.into_iter().map(|fault| Fault {
                record: Some(record),
                line: fault.line.or(Some(row.line)),
                ..fault
            }));
            ControlFlow::Continue(())
        })?;
        intake.read += summary.read;
        intake.encoding = intake.encoding.or(summary.encoding);
        intake.faults.extend(summary.faults);
    }
    if intake.read == 0 { Err(header_only().into()) } else { Ok((rows, intake)) }
}

fn take(spec: &'static TableSpec, row: &TableRow, record: u64, rows: &mut Rows, faults: &mut Vec<Fault>) {
    let place = |faults: &[Fault]| (record, row.line, faults.iter().any(Fault::is_error));
    let taken = if std::ptr::eq(spec, &AGREEMENTS) {
        let read = terms(row, faults);
        keep(read, place(faults), &mut rows.terms)
    } else if std::ptr::eq(spec, &INSTALMENTS) {
        let read = instalment(row, faults);
        keep(read, place(faults), &mut rows.instalments)
    } else if std::ptr::eq(spec, &COMMITMENTS) {
        let read = commitment(row, faults);
        keep(read, place(faults), &mut rows.commitments)
    } else {
        let read = event::read(row, faults);
        keep(read, place(faults), &mut rows.events)
    };
    if !taken {
        let of_terms = !std::ptr::eq(spec, &EVENTS);
        rows.refused.push(Refused { number: row.text("number", &mut Vec::new()), of_terms });
    }
}

fn keep<T>(read: Option<T>, (record, line, wrong): (u64, u64, bool), into: &mut Vec<Placed<T>>) -> bool {
    match read {
        Some(row) if !wrong => {
            into.push(Placed { record, line, row });
            true
        }
        _ => false,
    }
}

fn terms(row: &TableRow, faults: &mut Vec<Fault>) -> Option<TermsRow> {
    let number = row.text("number", faults);
    let role = word(row, "role", faults, TermsRole::parse, "合同或补充协议")?.unwrap_or(TermsRole::Agreement);
    let document = row.text("document", faults);
    let signed_on = day::read(row, "signed_on", faults);
    let effective_on = day::read(row, "effective_on", faults).or(signed_on);
    let stated = stated(row, faults);
    let number = number?;
    if role == TermsRole::Supplement && document.is_none() {
        faults.push(wording::supplement_without_name(&number));
    }
    let document = document.unwrap_or_else(|| number.clone());
    let effective_on = if role == TermsRole::Agreement { signed_on } else { effective_on };
    Some(TermsRow { number, role, document, signed_on: signed_on?, effective_on: effective_on?, stated })
}

fn stated(row: &TableRow, faults: &mut Vec<Fault>) -> Stated {
    let shortfall = |text: &str| match text {
        "是" => Some(Shortfall::ProRata),
        "否" => Some(Shortfall::Nothing),
        other => Shortfall::parse(other),
    };
    Stated {
        kind: word(row, "kind", faults, ContractKind::parse, "出让、先租后让或分阶段年期出让").flatten(),
        parcels: row.text("parcels", faults).map(|text| codes(&text)),
        granted_area: row.land("granted_area", faults),
        grantee: uscc::read(row, "grantee", faults).map(|uscc| uscc.code),
        price: row.money("price", faults),
        paid_by: day::read(row, "paid_by", faults),
        hand_over_on: day::read(row, "hand_over_on", faults),
        hand_over_after: word(row, "hand_over_after", faults, HandOverAfter::parse, &hand_over_conditions()).flatten(),
        start_on: day::read(row, "start_on", faults),
        completion_on: day::read(row, "completion_on", faults),
        production_on: day::read(row, "production_on", faults),
        output_review_on: day::read(row, "output_review_on", faults),
        term_years: count(row, "term_years", faults),
        term_from: day::read(row, "term_from", faults),
        construction_months: count(row, "construction_months", faults),
        production_months: count(row, "production_months", faults),
        day_count: word(row, "day_count", faults, DayCount::parse, "日历日或工作日").flatten(),
        planned_investment: row.money("planned_investment", faults),
        late_payment: permille(row, "late_payment", faults),
        rescind_after_days: count(row, "rescind_after_days", faults),
        late_start: permille(row, "late_start", faults),
        late_completion: permille(row, "late_completion", faults),
        late_production: permille(row, "late_production", faults),
        late_hand_over: permille(row, "late_hand_over", faults),
        cap_percent: row.measure("cap_percent", faults).map(|share| (share * Decimal::ONE_HUNDRED).normalize()),
        investment_shortfall: word(row, "investment_shortfall", faults, shortfall, "按差额比例或未约定").flatten(),
        far_shortfall: word(row, "far_shortfall", faults, shortfall, "按差额比例或未约定").flatten(),
        admission_case: row.text("admission_case", faults),
        beside: row.text("beside", faults),
    }
}

fn hand_over_conditions() -> String {
    HandOverAfter::ALL.iter().map(|it| it.label()).collect::<Vec<_>>().join("、")
}

fn instalment(row: &TableRow, faults: &mut Vec<Fault>) -> Option<PartRow<Numbered>> {
    let number = row.text("number", faults);
    let document = row.text("document", faults);
    let ordinal = row.integer("ordinal", faults);
    let due = day::read(row, "due", faults);
    let amount = row.money("amount", faults);
    let part = Numbered { ordinal: ordinal?, instalment: Instalment { due: due?, amount: amount? } };
    Some(PartRow { number: number?, document, part })
}

fn commitment(row: &TableRow, faults: &mut Vec<Fault>) -> Option<PartRow<Commitment>> {
    let number = row.text("number", faults);
    let document = row.text("document", faults);
    let indicator = row.text("indicator", faults);
    let edge = |value| Edge { value, closed: true };
    let lower = row.fraction("lower", faults).map(edge);
    let upper = row.fraction("upper", faults).map(edge);
    let unit = row.text("unit", faults).unwrap_or_default();
    let required = Range::new(lower, upper).inspect_err(|_| faults.push(wording::commitment_bounds())).ok()?;
    // By name or code; one that is neither is refused with the contract.
    let indicator = indicator?;
    let indicator = Indicators::built_in().promised_name(&indicator).map_or(indicator.clone(), str::to_owned);
    Some(PartRow { number: number?, document, part: Commitment { indicator, required, unit } })
}

/// A rate a day in ‰: as the cell or the header says, and ‰ when neither says anything.
fn permille(row: &TableRow, key: &str, faults: &mut Vec<Fault>) -> Option<Decimal> {
    row.measure(key, faults).map(|rate| (rate * Decimal::ONE_THOUSAND).normalize())
}

fn codes(text: &str) -> Vec<String> {
    let parts = text.split(['、', ';', '；', ',', '，', ' ']);
    parts.map(Seen::seen).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
