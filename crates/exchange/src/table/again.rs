//! Rows shown and handed back: what was read, in the unit in which it is kept; and what the file has, to be put right.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::cell::NO_VALUE;
use super::{Cell, Column, Kind, Layout, TableRow};
use crate::sheet::Value;
use base::conversion::{self as unit, Dimension, Unit};
use base::ratio::Ratio;
use base::text;

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

/// Shares are shown as the template asks for them, in % or ‰; everything else in its stored unit.
fn shown_unit(column: &Column) -> Option<Unit> {
    match column.spec.kind.dimension()? {
        Dimension::Ratio => unit::find(Dimension::Ratio, column.spec.template_unit).or(column.unit),
        dimension => Some(unit::stored(dimension)),
    }
}

impl Layout {
    /// The columns that were recognised, with the units their figures are turned into.
    pub fn sample_titles(&self) -> Vec<String> {
        let title = |column: &Column| match shown_unit(column) {
            Some(unit) => format!("{}（{}）", column.spec.title(), unit.name),
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
        // A share is stored as a fraction of one, and every unit of it is a power of ten.
        let shown = Ratio::from(stored).over(&shown_unit(column)?.scale())?.as_decimal()?;
        Some(grouped(shown))
    }

    /// Every cell as the file has it. What was refused for what it is, not for what it says, stands as an error, so that it is
    /// not taken when it is sent again as it stands.
    pub fn again(&self) -> Vec<Kept> {
        let is_flag = |place| self.layout.at(place).is_none_or(|column| column.spec.kind == Kind::Flag);
        let again = |(place, cell): (usize, &Cell)| match cell {
            Cell::Flag(_) if !is_flag(place) => Kept::Text(NO_VALUE.to_owned()),
            cell => kept(cell),
        };
        self.cells.iter().enumerate().map(again).collect()
    }
}

fn kept(cell: &Cell) -> Kept {
    match cell {
        Cell::Empty => Kept::Empty,
        Cell::NotComputed | Cell::Spread(_) | Cell::Garbled(..) => Kept::Text(NO_VALUE.to_owned()),
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
