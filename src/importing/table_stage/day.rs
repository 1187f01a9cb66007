//! Days in a table. A day long before there were registers is a slip of the pen, and year 0 is none at all.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use crate::exchange::wording::year_out_of_range;
use crate::exchange::{Fault, TableRow};

const YEARS: RangeInclusive<i32> = 1900..=2199;

pub fn read(row: &TableRow, key: &str, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
    let day = row.date(key, faults)?;
    if YEARS.contains(&day.year()) {
        return Some(day);
    }
    faults.push(year_out_of_range(day.year(), YEARS));
    None
}
