//! One cell as the file has it, and what can be read out of it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::figure::{self, DIGITS_OF_A_DOUBLE, figure};
use super::workbook::format::Shown;
use base::conversion::{self as unit, Dimension, Refused, Unit};
use base::ratio::Ratio;
use base::text::{self, narrow};

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(Decimal),
    /// A workbook number whose format shows something else than its digits.
    Shown(Shown),
    /// A workbook number that no decimal holds.
    Odd(f64),
    Date(NaiveDate),
    Flag(bool),
    /// `#N/A` and its like.
    Error(String),
    /// A formula that nobody worked out.
    NotComputed,
    /// A formula whose 0 may stand for "not worked out yet": the file leaves that to the program that opens it.
    Placeholder,
    /// One figure in cells that are merged over several rows or columns.
    Spread(String),
    /// Text in another encoding than its file, as it reads, and the encoding of the file.
    Garbled(String, &'static str),
}

/// What stands for "no value". Zero is a value.
const MISSING: [&str; 10] = ["", "-", "--", "/", "\\", "无", "—", "——", "n/a", "null"];

/// What a formula that fails comes to; in a text table it stands as text.
const FAILED: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"];
/// What stands for a cell that said nothing, in a table that goes back; read as a formula that fails.
pub const NO_VALUE: &str = FAILED[0];

/// An end that never comes.
const OPEN_ENDS: [&str; 12] = [
    "长期",
    "永久",
    "长期有效",
    "无固定期限",
    "无期限",
    "不限期",
    "永久有效",
    "长期使用",
    "至今",
    "9999-12-31",
    "9999/12/31",
    "9999年12月31日",
];

impl Cell {
    /// At the 15 digits that a spreadsheet itself shows and compares: 26.799999999999997 is 26.8.
    pub fn of_f64(number: f64) -> Cell {
        figure::of_f64(number).map_or(Cell::Odd(number), Cell::Number)
    }

    /// Text without the guards that programs put around it.
    pub fn of_text(text: &str) -> Cell {
        match text::unguarded(text) {
            "" => Cell::Empty,
            failed if FAILED.contains(&failed.trim()) => Cell::Error(failed.trim().to_owned()),
            text => Cell::Text(text.to_owned()),
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
            Cell::Text(text) => text::trimmed(text).0.to_owned(),
            Cell::Number(number) => number.normalize().to_string(),
            Cell::Shown(shown) => shown.text(),
            Cell::Odd(number) => number.to_string(),
            Cell::Date(day) => day.to_string(),
            Cell::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
            Cell::Error(error) => error.clone(),
            Cell::Placeholder => "0".to_owned(),
            Cell::Spread(text) | Cell::Garbled(text, _) => text.clone(),
            Cell::NotComputed | Cell::Empty => return None,
        })
    }

    /// Text for a code or a name. What has lost something is none: a number of too many digits, a day that was a number with
    /// a hyphen, a yes or no, a number whose format shows another.
    pub fn code(&self) -> Option<String> {
        match self {
            Cell::Number(number) if has_lost_its_end(number) => None,
            Cell::Text(text) if is_cut_number(text.trim()) => None,
            Cell::Shown(shown) if shown.width > 0 && shown.unit.is_empty() => self.as_text(),
            Cell::Text(_) | Cell::Number(_) => self.as_text(),
            _ => None,
        }
    }

    /// A plain figure: thousands separators, full-width digits and exponents are understood.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Cell::Number(number) => Some(*number),
            Cell::Placeholder => Some(Decimal::ZERO),
            Cell::Shown(shown) if shown.power == 0 => Some(shown.stored),
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

    /// 长期 and its like, where a last day is asked for.
    pub fn is_open_end(&self) -> bool {
        match self {
            Cell::Text(text) => OPEN_ENDS.contains(&narrow(text).as_str()),
            Cell::Date(day) => *day == NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default(),
            _ => false,
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

/// Beyond 15 digits a workbook keeps zeros in place of what was typed.
fn has_lost_its_end(number: &Decimal) -> bool {
    number.abs() >= Decimal::from(10u64.pow(DIGITS_OF_A_DOUBLE as u32))
}

/// `3.30105E+18`: what a spreadsheet leaves of a long number in a csv.
fn is_cut_number(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let whole =
        mantissa.split_once('.').is_some_and(|(whole, fraction)| whole.len() == 1 && digits(whole) && digits(fraction));
    whole && exponent.strip_prefix('+').is_some_and(digits)
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
