//! A field of a .dbf by its type: what its bytes mean.

use std::io::Read;

use rust_decimal::Decimal;
use serde_json::{Number, Value};

use crate::fault::Fault;
use crate::limits::Limits;
use crate::wording;

const HEAD: usize = 32;
const FIELD: usize = 32;
/// Days between the beginning of the Julian count and 1970-01-01.
const JULIAN_1970: i64 = 2_440_588;
const SECONDS_A_DAY: i64 = 86_400;

pub struct Field {
    pub name: Vec<u8>,
    pub kind: u8,
    pub length: usize,
}

/// What stands in one field of one row.
pub enum Cell<'b> {
    Value(Value),
    /// Bytes without padding, and whether they fill the field.
    Text(&'b [u8], bool),
    /// Asterisks: the figure did not fit.
    Overflow,
    /// A field of numbers that holds none, such as a decimal comma.
    NoNumber(String),
}

impl Field {
    pub fn is_text(&self) -> bool {
        self.kind == b'C'
    }

    /// Types whose bytes say nothing here: memos and pictures kept in another file, and what is not known.
    pub fn is_taken(&self) -> bool {
        match self.kind {
            b'C' | b'N' | b'F' | b'L' | b'D' => true,
            b'B' | b'Y' | b'O' | b'T' | b'@' => self.length == 8,
            b'I' | b'+' => self.length == 4,
            _ => false,
        }
    }

    pub fn value<'b>(&self, cell: &'b [u8]) -> Cell<'b> {
        let eight: Option<[u8; 8]> = cell.try_into().ok();
        let real = |number: f64| Number::from_f64(number).map_or(Value::Null, Value::Number);
        match (self.kind, eight) {
            (b'C', _) => match trimmed(cell) {
                ([], _) => Cell::Value(Value::Null),
                (text, fills) => Cell::Text(text, fills),
            },
            (b'N' | b'F', _) => figure(trimmed(cell).0),
            (b'L', _) => Cell::Value(match cell.first() {
                Some(b'T' | b't' | b'Y' | b'y') => Value::Bool(true),
                Some(b'F' | b'f' | b'N' | b'n') => Value::Bool(false),
                _ => Value::Null,
            }),
            (b'D', Some(day)) if day.iter().all(u8::is_ascii_digit) => {
                let day = String::from_utf8_lossy(&day).into_owned();
                Cell::Value(Value::String(format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])))
            }
            (b'B' | b'O', Some(bytes)) => Cell::Value(real(f64::from_le_bytes(bytes))),
            (b'Y', Some(bytes)) => Cell::Value(ten_thousandths(i64::from_le_bytes(bytes))),
            (b'T' | b'@', Some(bytes)) => Cell::Value(moment(bytes)),
            (b'I' | b'+', _) if cell.len() == 4 => {
                Cell::Value(Value::from(i32::from_le_bytes([cell[0], cell[1], cell[2], cell[3]])))
            }
            _ => Cell::Value(Value::Null),
        }
    }
}

/// Without padding; true when nothing had to be taken off the end.
pub fn trimmed(cell: &[u8]) -> (&[u8], bool) {
    let end = cell.iter().position(|byte| *byte == 0).unwrap_or(cell.len());
    let fills = end == cell.len() && cell.last().is_some_and(|byte| !byte.is_ascii_whitespace());
    (cell[..end].trim_ascii(), fills)
}

/// A number that a double holds as it is written; any other stays text, so that no digit is lost.
fn figure(cell: &[u8]) -> Cell<'_> {
    if cell.is_empty() {
        return Cell::Value(Value::Null);
    }
    if cell.contains(&b'*') {
        return Cell::Overflow;
    }
    let written = String::from_utf8_lossy(cell).into_owned();
    let Some(text) = without_thousands(&written) else { return Cell::NoNumber(written) };
    if let Ok(whole) = text.parse::<i64>() {
        return Cell::Value(Value::from(whole));
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match text.parse::<f64>().ok().and_then(Number::from_f64) {
        Some(number) if digits <= 15 => Cell::Value(Value::Number(number)),
        Some(_) => Cell::Value(Value::String(text)),
        None => Cell::NoNumber(written),
    }
}

/// `10,000.00` is clear; `10000,00` and `1,000` may be decimals.
fn without_thousands(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let (whole, decimals) = text.split_once('.')?;
    let mut groups = whole.trim_start_matches(['-', '+']).split(',');
    let clear = groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3)
        && !decimals.contains(',');
    clear.then(|| text.replace(',', ""))
}

/// Currency is kept in ten-thousandths.
fn ten_thousandths(count: i64) -> Value {
    let exact = Decimal::from_i128_with_scale(count.into(), 4).normalize();
    let number = exact.to_string().parse::<Number>();
    number.map_or(Value::Null, Value::Number)
}

/// A Julian day and milliseconds of it; nothing when empty.
fn moment(bytes: [u8; 8]) -> Value {
    let [a, b, c, d, e, f, g, h] = bytes;
    let (day, milliseconds) = (i32::from_le_bytes([a, b, c, d]), i32::from_le_bytes([e, f, g, h]));
    if day == 0 {
        return Value::Null;
    }
    let seconds = (i64::from(day) - JULIAN_1970) * SECONDS_A_DAY + i64::from(milliseconds) / 1000;
    chrono::DateTime::from_timestamp(seconds, 0)
        .map_or(Value::Null, |moment| Value::String(moment.format("%Y-%m-%d %H:%M:%S").to_string()))
}

pub fn read(input: &mut impl Read, head_length: u64, limits: &Limits) -> Result<Vec<Field>, Fault> {
    let room = (head_length as usize).saturating_sub(HEAD) / FIELD;
    let mut fields = Vec::new();
    for _ in 0..room {
        let mut bytes = [0; FIELD];
        input.read_exact(&mut bytes[..1]).map_err(|_| wording::truncated(".dbf 的字段表不完整"))?;
        if bytes[0] == 0x0D {
            break;
        }
        input.read_exact(&mut bytes[1..]).map_err(|_| wording::truncated(".dbf 的字段表不完整"))?;
        let end = bytes[..11].iter().position(|byte| *byte == 0).unwrap_or(11);
        // Long character fields keep the high byte of their length where others keep decimals.
        let length = match bytes[11] {
            b'C' => usize::from(u16::from_le_bytes([bytes[16], bytes[17]])),
            _ => usize::from(bytes[16]),
        };
        fields.push(Field { name: bytes[..end].to_vec(), kind: bytes[11], length });
        if fields.len() > limits.attributes {
            return Err(wording::too_large(".dbf 的字段数", limits.attributes));
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn taken(kind: u8, cell: &[u8]) -> Option<Value> {
        match (Field { name: Vec::new(), kind, length: cell.len() }).value(cell) {
            Cell::Value(value) => Some(value),
            _ => None,
        }
    }

    #[test]
    fn figures_are_read_by_their_type() {
        assert_eq!(taken(b'N', b"  10000.00"), Some(json!(10000.0)));
        assert_eq!(taken(b'F', b"1.00E+04"), Some(json!(10000.0)));
        assert_eq!(taken(b'N', b" 10,000.00"), Some(json!(10000.0)), "thousands before a point are clear");
        assert_eq!(taken(b'B', &10000.5f64.to_le_bytes()), Some(json!(10000.5)));
        assert_eq!(taken(b'I', &(-7i32).to_le_bytes()), Some(json!(-7)));
        assert_eq!(taken(b'Y', &100_005_000i64.to_le_bytes()), Some(json!(10000.5)));
        assert_eq!(taken(b'N', &[0; 9]), Some(Value::Null));
        assert_eq!(taken(b'N', b"12345678901234567.5"), Some(json!("12345678901234567.5")), "no digit is lost");
        assert_eq!(taken(b'D', b"20240501"), Some(json!("2024-05-01")));
        assert_eq!(
            taken(b'T', &[&2_440_589i32.to_le_bytes()[..], &3_600_000i32.to_le_bytes()[..]].concat()),
            Some(json!("1970-01-02 01:00:00"))
        );
        assert_eq!(taken(b'M', b"0000000001"), Some(Value::Null), "a number of a block elsewhere is no text");
    }

    #[test]
    fn a_comma_that_may_be_decimal_and_asterisks_are_no_figures() {
        for text in ["10000,00", "1,000", "1,00,0.5", "abc", "1,0000.5"] {
            let field = Field { name: Vec::new(), kind: b'N', length: text.len() };
            assert!(matches!(field.value(text.as_bytes()), Cell::NoNumber(said) if said == text), "{text}");
        }
        let field = Field { name: Vec::new(), kind: b'N', length: 6 };
        assert!(matches!(field.value(b"******"), Cell::Overflow));
    }
}
