//! One row of the annual return into its staging row.

use std::fmt::Write;

use rust_decimal::Decimal;

use crate::db::copy::CopyRows;
use crate::enterprise::{FigureState, Indicator};
use crate::exchange::table::Layout;
use crate::exchange::wording::year_out_of_range;
use crate::exchange::{Fault, TableRow, Unreadable};
use crate::importing::table_stage::{RowReader, uscc};
use crate::importing::table_wording as wording;

pub const FIRST_YEAR: i32 = 1990;

pub struct Reader {
    /// For rows that name none.
    pub year: Option<i32>,
    pub this_year: i32,
    pub may_confirm: bool,
}

impl RowReader for Reader {
    fn look_at(&mut self, layout: &Layout) -> Result<Vec<Fault>, Unreadable> {
        if layout.column("year").is_none() && self.year.is_none() {
            return Err(wording::year_question(self.this_year).into());
        }
        // A column of taxes that goes by an unknown name must not be left out without a word: missing is no figure.
        let taxes = layout.unknown.iter().find(|header| header.contains('税'));
        match taxes.filter(|_| layout.column(Indicator::TaxPaid.code()).is_none()) {
            Some(header) => Err(wording::tax_column_unclear(header).at(None, Some(layout.line)).into()),
            None => Ok(Vec::new()),
        }
    }

    fn stage(&mut self, row: &TableRow, faults: &mut Vec<Fault>, rows: &mut CopyRows) {
        let uscc = uscc::read(row, "uscc", faults);
        let year = self.year(row, faults);
        let state = self.state(row, faults);
        let figures: Vec<Option<Decimal>> = Indicator::ALL.iter().map(|it| figure(row, *it, faults)).collect();
        if figures.iter().all(Option::is_none) && !faults.iter().any(Fault::is_error) {
            faults.push(wording::nothing_returned());
        }
        rows.plain(row.record).plain(row.line).plain(faults.iter().any(Fault::is_error));
        rows.optional_text(uscc.as_ref().map(|uscc| uscc.code.as_str())).optional(year);
        rows.plain(state.code()).plain(array(&figures)).end_row();
    }
}

impl Reader {
    fn year(&self, row: &TableRow, faults: &mut Vec<Fault>) -> Option<i32> {
        let before = faults.len();
        let Some(year) = row.year("year", faults).or(self.year) else {
            if faults.len() == before {
                faults.push(wording::value_missing("年度", "不知道是哪一年的数据"));
            }
            return None;
        };
        let range = FIRST_YEAR..=self.this_year;
        if range.contains(&year) {
            return Some(year);
        }
        faults.push(year_out_of_range(year, range));
        None
    }

    fn state(&self, row: &TableRow, faults: &mut Vec<Fault>) -> FigureState {
        let Some(text) = row.text("state", faults) else { return FigureState::Reported };
        match FigureState::parse(&text) {
            Some(FigureState::Confirmed) if !self.may_confirm => faults.push(wording::subdistricts_only_report()),
            Some(state) => return state,
            None => faults.push(wording::value_unknown("数据状态", &text, "已申报或已确认")),
        }
        FigureState::Reported
    }
}

/// A figure in its stored unit. Value added alone may be negative.
fn figure(row: &TableRow, indicator: Indicator, faults: &mut Vec<Fault>) -> Option<Decimal> {
    let key = indicator.code();
    let value = row.measure(key, faults)?;
    if value.is_sign_negative() && !value.is_zero() {
        let fault = match indicator.may_be_negative() {
            true => wording::negative_accepted(indicator.label(), value),
            false => wording::negative(indicator.label(), value),
        };
        faults.push(fault);
    }
    Some(value)
}

/// As PostgreSQL writes an array.
fn array(figures: &[Option<Decimal>]) -> String {
    let mut text = String::from("{");
    for (place, figure) in figures.iter().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        match figure {
            Some(value) => write!(text, "{comma}{value}"),
            None => write!(text, "{comma}NULL"),
        }
        .expect("writing to memory does not fail");
    }
    text.push('}');
    text
}
