//! One row, asked for its values by key. What is missing is `None`; what cannot be read is `None` and a fault.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::header::Column;
use super::{Cell, Kind, Layout, cell_name};
use crate::fault::Fault;
use crate::wording::{self, Place};
use base::ratio::Ratio;
use base::text::{self, LINE, PROSE};
use base::unit::{Mu, SquareMetre, Yuan};

/// What registers are searched by.
const NAMES: [&str; 3] = ["name", "number", "document"];
/// Characters of any other cell; the longest hold lists of parcels.
const MOST: usize = 5 * PROSE;
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2199;

#[derive(Clone, Debug)]
pub struct TableRow {
    /// Counted from 1 below the header, rows that are no records left out.
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
        let written = self.cells.get(column.place).unwrap_or(&Cell::Empty);
        let place = self.place(column);
        let mut say = |fault: Fault| faults.push(fault.at(Some(self.record), Some(self.line)));
        if let Cell::Text(text) = written
            && let Some(wrong) = text::unfit(text, if NAMES.contains(&key) { LINE } else { MOST })
        {
            say(wording::cell_unfit(&place, wrong));
            return None;
        }
        let seen = self.seen(written);
        let cell = match &seen {
            Some((cell, unseen)) => {
                say(wording::invisible_removed(&place, unseen));
                cell
            }
            None => written,
        };
        if cell.is_empty() {
            if column.spec.required {
                say(wording::value_missing(&place));
            }
            return None;
        }
        if *cell == Cell::Placeholder {
            say(wording::formula_may_be_open(&place));
        }
        let value = read(cell, column);
        if value.is_none() {
            say(unreadable(&place, column, cell));
        }
        value
    }

    /// The cell without the characters at its ends that nobody sees, and these; none when there are none.
    fn seen(&self, cell: &Cell) -> Option<(Cell, Vec<char>)> {
        let Cell::Text(text) = cell else { return None };
        let (kept, unseen) = text::trimmed(text);
        (!unseen.is_empty()).then(|| (Cell::Text(kept.to_owned()), unseen))
    }

    /// How messages name a cell of this row.
    fn place<'a>(&'a self, column: &'a Column) -> Place<'a> {
        let cell = self.layout.is_sheet.then(|| cell_name(self.line, column.place));
        Place { header: &column.header, cell, sheet: self.layout.sheet.as_deref() }
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

    /// The cell stood as a number in a workbook, or in a text table, where numbers and texts look alike.
    pub fn is_number(&self, key: &str) -> Option<NumberIn> {
        let column = self.layout.column(key)?;
        match self.cells.get(column.place)? {
            Cell::Number(_) => Some(NumberIn::Workbook),
            Cell::Text(text) if !self.layout.is_sheet && text.trim().bytes().all(|b| b.is_ascii_digit()) => {
                Some(NumberIn::Text)
            }
            _ => None,
        }
    }

    pub fn text(&self, key: &str, faults: &mut Vec<Fault>) -> Option<String> {
        self.value(key, faults, |cell, _| cell.code())
    }

    /// A text that is kept for people to read: what nobody sees is taken out wherever it stands.
    pub fn name(&self, key: &str, faults: &mut Vec<Fault>) -> Option<String> {
        let name = self.text(key, faults)?;
        let out: Vec<char> =
            name.chars().filter(|c| text::is_invisible(*c) || matches!(c, '\n' | '\r' | '\t')).collect();
        if out.is_empty() {
            return Some(name);
        }
        if let Some(column) = self.layout.column(key) {
            let fault = wording::invisible_removed(&self.place(column), &out);
            faults.push(fault.at(Some(self.record), Some(self.line)));
        }
        Some(name.chars().filter(|c| !out.contains(c)).collect())
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
                wording::cell_figure_refused(&self.place(column), &cell.as_text().unwrap_or_default(), refused)
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

    /// A last day that never comes is none, without a fault; [`TableRow::never_ends`] tells it from an empty cell.
    pub fn date(&self, key: &str, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
        if self.never_ends(key) { None } else { self.value(key, faults, |cell, _| cell.date()) }
    }

    /// The cell of a last day says 长期 or the like.
    pub fn never_ends(&self, key: &str) -> bool {
        let cell = self.layout.column(key).filter(|column| column.spec.open_end);
        cell.and_then(|column| self.cells.get(column.place)).is_some_and(Cell::is_open_end)
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

/// Where a code of digits stood as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberIn {
    /// Its leading zeros are lost.
    Workbook,
    /// They may have been lost before.
    Text,
}

fn unreadable(place: &Place<'_>, column: &Column, cell: &Cell) -> Fault {
    let kind = column.spec.kind;
    match cell {
        Cell::NotComputed => wording::formula_not_computed(place),
        Cell::Error(error) => wording::cell_error(place, error),
        Cell::Spread(text) => wording::figure_merged(place, text),
        Cell::Garbled(text, encoding) => wording::garbled(place, text, encoding),
        Cell::Date(day) if kind != Kind::Date => wording::became_a_date(place, *day),
        Cell::Flag(_) if kind == Kind::Text => wording::is_yes_or_no(place),
        Cell::Shown(shown) => wording::shown_otherwise(place, &shown.stored.normalize().to_string(), &shown.text()),
        Cell::Number(number) if kind == Kind::Text => wording::digits_lost(place, &number.normalize().to_string()),
        Cell::Odd(number) if kind == Kind::Text => wording::digits_lost(place, &number.to_string()),
        Cell::Text(text) if kind == Kind::Text => wording::digits_lost(place, text),
        Cell::Number(number) if kind == Kind::Date => wording::serial_not_a_day(place, &number.normalize().to_string()),
        other => wording::value_unreadable(place, &other.as_text().unwrap_or_default(), expected(kind)),
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
