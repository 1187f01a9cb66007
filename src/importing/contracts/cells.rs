//! Cells of several tables of contracts.

use crate::exchange::{Fault, TableRow};
use crate::importing::table_wording::value_unknown;

pub(super) fn count(row: &TableRow, key: &str, faults: &mut Vec<Fault>) -> Option<u16> {
    let value = row.integer(key, faults)?;
    let fits = u16::try_from(value).ok();
    if fits.is_none() {
        let title = row.layout.column(key).map_or("", |column| column.spec.title());
        faults.push(value_unknown(title, &value.to_string(), "非负整数"));
    }
    fits
}

/// A word of the field: `Some(None)` when the cell is empty, `None` and a fault when the word is unknown.
pub(super) fn word<T>(
    row: &TableRow,
    key: &str,
    faults: &mut Vec<Fault>,
    parse: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> Option<Option<T>> {
    let Some(text) = row.text(key, faults) else { return Some(None) };
    let found = parse(&text);
    if found.is_none() {
        let title = row.layout.column(key).map_or("", |column| column.spec.title());
        faults.push(value_unknown(title, &text, expected));
        return None;
    }
    Some(found)
}
