//! One cell as the file has it, and what can be read out of it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::base::conversion::{self as unit, Dimension, Refused, Unit};
use crate::base::ratio::Ratio;
use crate::base::text::narrow;

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(Decimal),
    /// A workbook number that no decimal holds.
    Odd(f64),
    Date(NaiveDate),
    Flag(bool),
    /// `#N/A` and its like.
    Error(String),
}

/// What stands for "no value". Zero is a value.
const MISSING: [&str; 10] = ["", "-", "--", "/", "\\", "无", "—", "——", "n/a", "null"];

/// A workbook number keeps 15 digits; a longer code has lost its end.
const WORKBOOK_DIGITS: usize = 15;

impl Cell {
    /// Through the shortest decimal that gives the same double: 0.1 is 0.1.
    pub fn of_f64(number: f64) -> Cell {
        match number.to_string().parse() {
            Ok(decimal) => Cell::Number(decimal),
            Err(_) => Cell::Odd(number),
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => MISSING.contains(&narrow(text).to_lowercase().as_str()),
            _ => false,
        }
    }

    /// As it would be shown; none when it is empty.
    pub fn as_text(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        Some(match self {
            Cell::Text(text) => text.trim().to_owned(),
            Cell::Number(number) => number.normalize().to_string(),
            Cell::Odd(number) => number.to_string(),
            Cell::Date(day) => day.to_string(),
            Cell::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
            Cell::Error(error) => error.clone(),
            Cell::Empty => return None,
        })
    }

    /// Text for a code or a name; a number of too many digits has lost its end and is refused.
    pub fn code(&self) -> Option<String> {
        match self {
            Cell::Number(number) if digits(number) > WORKBOOK_DIGITS => None,
            Cell::Odd(_) | Cell::Error(_) => None,
            other => other.as_text(),
        }
    }

    /// A plain figure: thousands separators, full-width digits and exponents are understood.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Cell::Number(number) => Some(*number),
            Cell::Text(text) => figure(&narrow(text)),
            _ => None,
        }
    }

    /// A plain figure, or a fraction of two for what no decimal can write: `240000/599`.
    pub fn fraction(&self) -> Option<Ratio> {
        if let Some(decimal) = self.decimal() {
            return Some(decimal.into());
        }
        let Cell::Text(text) = self else { return None };
        narrow(text).parse().ok()
    }

    /// A measured figure in the stored unit; nothing when the cell holds none. A unit in the cell itself goes before the
    /// header's.
    pub fn measure(&self, dimension: Dimension, header_unit: Unit) -> Option<Result<Decimal, Refused>> {
        if let Cell::Text(text) = self {
            let text = narrow(text).to_lowercase();
            for name in unit::names(dimension) {
                if let Some(before) = text.strip_suffix(name)
                    && let Some(figure) = figure(before)
                    && name != "1"
                {
                    return Some(unit::find(dimension, name)?.to_stored(figure));
                }
            }
        }
        Some(header_unit.to_stored(self.decimal()?))
    }

    pub fn integer(&self) -> Option<i64> {
        let number = self.decimal()?;
        if number.fract().is_zero() { i64::try_from(number).ok() } else { None }
    }

    /// 2024-01-01, 2024/1/1, 2024.1.1, 2024年1月1日, 20240101, with a time of day or without.
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Cell::Date(day) => Some(*day),
            Cell::Text(text) => date(&narrow(text)),
            Cell::Number(number) if digits(number) == 8 => date(&number.normalize().to_string()),
            _ => None,
        }
    }

    pub fn year(&self) -> Option<i32> {
        match self {
            Cell::Text(text) => narrow(text).trim_end_matches("年度").trim_end_matches('年').trim().parse().ok(),
            other => other.integer().and_then(|year| i32::try_from(year).ok()),
        }
    }

    pub fn flag(&self) -> Option<bool> {
        if let Cell::Flag(flag) = self {
            return Some(*flag);
        }
        match self.as_text()?.to_lowercase().as_str() {
            "是" | "有" | "1" | "y" | "yes" | "true" | "√" | "✓" => Some(true),
            "否" | "没有" | "0" | "n" | "no" | "false" | "×" | "✗" => Some(false),
            _ => None,
        }
    }
}

fn digits(number: &Decimal) -> usize {
    number.normalize().mantissa().unsigned_abs().to_string().len()
}

fn figure(text: &str) -> Option<Decimal> {
    let text = text.trim().trim_start_matches(['¥', '￥']).trim();
    let ungrouped = if text.contains(',') { ungroup(text)? } else { text.to_owned() };
    if let Ok(number) = ungrouped.parse::<Decimal>() {
        // The parser lets underscores through; people do not write them.
        return (!ungrouped.contains('_')).then_some(number);
    }
    if ungrouped.contains(['e', 'E']) { Decimal::from_scientific(&ungrouped).ok() } else { None }
}

/// Takes thousands separators out, if they stand where they belong.
fn ungroup(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?.trim_start_matches(['-', '+']);
    let all_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    if !(1..=3).contains(&first.len()) || !all_digits(first) || fraction.contains(',') {
        return None;
    }
    groups.all(|group| group.len() == 3 && all_digits(group)).then(|| text.replace(',', ""))
}

fn date(text: &str) -> Option<NaiveDate> {
    let day = text.split(['T', ' ']).next()?;
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::from_ymd_opt(day[..4].parse().ok()?, day[4..6].parse().ok()?, day[6..].parse().ok()?);
    }
    let day = day.strip_suffix('日').unwrap_or(day);
    let parts: Vec<&str> = day.split(['-', '/', '.', '年', '月']).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        _ => None,
    }
}
