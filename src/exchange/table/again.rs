//! Rows shown and handed back: what was read, in the unit in which it is kept; and what the file has, to be put right.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Cell, Column, Kind, Layout, TableRow};
use crate::base::conversion::{self as unit, Dimension};
use crate::base::text;
use crate::exchange::sheet::Value;

/// A cell as it goes back into a workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    Empty,
    Text(String),
    Number(Decimal),
    Day(chrono::NaiveDate),
}

impl From<&Kept> for Value {
    fn from(kept: &Kept) -> Self {
        match kept {
            Kept::Empty => Value::Empty,
            Kept::Text(text) => Value::Text(text.clone()),
            Kept::Number(number) => Value::Decimal(*number),
            Kept::Day(day) => Value::Date(*day),
        }
    }
}

/// Fractions are shown as percent; everything else in its stored unit.
fn kept_unit(dimension: Dimension) -> &'static str {
    unit::titles(dimension).next().unwrap_or_default()
}

impl Layout {
    /// The columns that were recognised, with the units their figures are turned into.
    pub fn sample_titles(&self) -> Vec<String> {
        let title = |column: &Column| match column.spec.kind.dimension() {
            Some(dimension) => format!("{}（{}）", column.spec.title(), kept_unit(dimension)),
            None => column.spec.title().to_owned(),
        };
        self.columns.iter().map(title).collect()
    }

    /// A title for each column of the file; those that were recognised as the reader understands them again.
    pub fn titles_again(&self) -> Vec<String> {
        let title = |(place, written): (usize, &String)| match self.at(place) {
            Some(Column { spec, unit: Some(unit), .. }) => format!("{}（{}）", spec.title(), unit.name),
            Some(column) => column.spec.title().to_owned(),
            None => written.clone(),
        };
        self.titles.iter().enumerate().map(title).collect()
    }
}

impl TableRow {
    /// What was read, one text for each recognised column; empty where nothing was.
    pub fn sample(&self) -> Vec<String> {
        self.layout.columns.iter().map(|column| self.sample_of(column).unwrap_or_default()).collect()
    }

    fn sample_of(&self, column: &Column) -> Option<String> {
        let cell = self.cells.get(column.place).filter(|cell| !cell.is_empty())?;
        let Some(dimension) = column.spec.kind.dimension() else {
            return match column.spec.kind {
                Kind::Date => cell.date().map(|day| day.to_string()).or_else(|| cell.as_text()),
                Kind::Year => cell.year().map(|year| year.to_string()),
                Kind::Flag => cell.flag().map(|flag| if flag { "是" } else { "否" }.to_owned()),
                _ => cell.as_text(),
            };
        };
        let stored = cell.measure(dimension, column.unit?)?.ok()?;
        let shown = if dimension == Dimension::Ratio { stored.checked_mul(Decimal::ONE_HUNDRED)? } else { stored };
        Some(grouped(shown))
    }

    /// Every cell as the file has it.
    pub fn again(&self) -> Vec<Kept> {
        self.cells.iter().map(kept).collect()
    }
}

fn kept(cell: &Cell) -> Kept {
    match cell {
        Cell::Empty | Cell::NotComputed => Kept::Empty,
        Cell::Number(number) => Kept::Number(*number),
        Cell::Date(day) => Kept::Day(*day),
        Cell::Text(text) => Kept::Text(text::trimmed(text).0.to_owned()),
        other => other.as_text().map_or(Kept::Empty, Kept::Text),
    }
}

/// With separators between thousands, so that the size of a figure is seen.
fn grouped(number: Decimal) -> String {
    let text = number.normalize().to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + &fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::grouped;

    #[test]
    fn thousands_are_parted() {
        for (number, text) in [
            (dec!(1234567.89), "1,234,567.89"),
            (dec!(-1000), "-1,000"),
            (dec!(999), "999"),
            (dec!(0), "0"),
            (dec!(100000), "100,000"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
