//! One row, asked for its values by key. What is missing is `None`; what cannot be read is `None` and a fault.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::header::Column;
use super::{Cell, Kind, Layout};
use crate::base::ratio::Ratio;
use crate::base::text::{self, LINE, PROSE};
use crate::base::unit::{Mu, SquareMetre, Yuan};
use crate::exchange::fault::Fault;
use crate::exchange::wording;

/// What registers are searched by.
const NAMES: [&str; 3] = ["name", "number", "document"];
/// Characters of any other cell; the longest hold lists of parcels.
const MOST: usize = 5 * PROSE;
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2199;

#[derive(Clone, Debug)]
pub struct TableRow {
    /// Counted from 1 below the header, blank rows left out.
    pub record: u64,
    /// The line of the file or the row of the sheet.
    pub line: u64,
    pub cells: Vec<Cell>,
    pub layout: Arc<Layout>,
}

impl TableRow {
    /// Reads one cell with `read`; pushes a fault when a required cell is empty or the value cannot be read.
    fn value<T>(&self, key: &str, faults: &mut Vec<Fault>, read: impl Fn(&Cell, &Column) -> Option<T>) -> Option<T> {
        let column = self.layout.column(key)?;
        let cell = self.cells.get(column.place).unwrap_or(&Cell::Empty);
        let stray = match cell {
            Cell::Text(written) => text::unfit(written, if NAMES.contains(&key) { LINE } else { MOST }),
            _ => None,
        };
        let fault = if let Some(wrong) = stray {
            wording::text_unfit(&column.header, wrong)
        } else if cell.is_empty() {
            if !column.spec.required {
                return None;
            }
            wording::value_missing(&column.header)
        } else {
            match read(cell, column) {
                Some(value) => return Some(value),
                None => wording::value_unreadable(
                    &column.header,
                    &cell.as_text().unwrap_or_default(),
                    expected(column.spec.kind),
                ),
            }
        };
        faults.push(fault.at(Some(self.record), Some(self.line)));
        None
    }

    /// An error when the row has cells beyond the header: a figure with a comma in it has become two, and what follows
    /// stands in the wrong column.
    pub fn surplus(&self) -> Option<Fault> {
        let width = self.layout.width?;
        let beyond = self.cells.iter().skip(width).find(|cell| !cell.is_empty())?;
        let text = beyond.as_text().unwrap_or_default();
        Some(wording::row_too_wide(self.cells.len(), width, &text).at(Some(self.record), Some(self.line)))
    }

    pub fn has_column(&self, key: &str) -> bool {
        self.layout.column(key).is_some()
    }

    pub fn text(&self, key: &str, faults: &mut Vec<Fault>) -> Option<String> {
        self.value(key, faults, |cell, _| cell.code())
    }

    pub fn decimal(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Decimal> {
        self.value(key, faults, |cell, _| cell.decimal())
    }

    /// A figure, or a fraction of two.
    pub fn fraction(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Ratio> {
        self.value(key, faults, |cell, _| cell.fraction())
    }

    /// A measured figure in its stored unit: mu, m², yuan, tce, kWh, tonnes, persons, or a fraction of one; a fault when it
    /// has no end there or is beyond what the quantity may be.
    pub fn measure(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Decimal> {
        let read = |cell: &Cell, column: &Column| {
            let figure = cell.measure(column.spec.kind.dimension()?, column.unit?)?;
            Some(figure.map_err(|refused| {
                wording::figure_refused(&column.header, &cell.as_text().unwrap_or_default(), refused)
            }))
        };
        match self.value(key, faults, read)? {
            Ok(figure) => Some(figure),
            Err(fault) => {
                faults.push(fault.at(Some(self.record), Some(self.line)));
                None
            }
        }
    }

    pub fn land(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Mu> {
        self.measure(key, faults).map(Mu)
    }

    pub fn area(&self, key: &str, faults: &mut Vec<Fault>) -> Option<SquareMetre> {
        self.measure(key, faults).map(SquareMetre)
    }

    pub fn money(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Yuan> {
        self.measure(key, faults).map(Yuan)
    }

    pub fn integer(&self, key: &str, faults: &mut Vec<Fault>) -> Option<i64> {
        self.value(key, faults, |cell, _| cell.integer())
    }

    pub fn date(&self, key: &str, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
        self.value(key, faults, |cell, _| cell.date())
    }

    pub fn year(&self, key: &str, faults: &mut Vec<Fault>) -> Option<i32> {
        let year = self.value(key, faults, |cell, _| cell.year())?;
        if YEARS.contains(&year) {
            return Some(year);
        }
        faults.push(wording::year_out_of_range(year, YEARS).at(Some(self.record), Some(self.line)));
        None
    }

    pub fn flag(&self, key: &str, faults: &mut Vec<Fault>) -> Option<bool> {
        self.value(key, faults, |cell, _| cell.flag())
    }
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "文本（长编号请设为文本格式，以免丢失末位）",
        Kind::Integer => "整数",
        Kind::Date => "日期，如 2024-01-01",
        Kind::Year => "年份，如 2024",
        Kind::Flag => "是或否",
        _ => "数字",
    }
}
