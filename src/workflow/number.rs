//! Numbers of a year without a gap.

use std::fmt;
use std::str::FromStr;

use sqlx::AssertSqlSafe;

use crate::account::Act;
use crate::base::period::year_of;
use crate::db::PgConnection;

/// 年份-序号, as printed: `2026-0012`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    pub year: i16,
    pub serial: i32,
}

impl Number {
    /// From columns that are empty until a number is given.
    pub fn of(year: Option<i16>, serial: Option<i32>) -> Option<Number> {
        year.zip(serial).map(|(year, serial)| Number { year, serial })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.year, self.serial)
    }
}

impl FromStr for Number {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, serial) = text.split_once('-').ok_or(())?;
        Ok(Number { year: year.parse().map_err(drop)?, serial: serial.parse().map_err(drop)? })
    }
}

/// Numbers that are counted together: the table that holds the last of each year under `(district, year)`.
pub struct Series(pub &'static str);

impl Series {
    /// The next number of the year of a day. Whoever takes one holds the row until the transaction ends, so that a number
    /// that was not used is given again.
    pub async fn next(
        &self,
        connection: &mut PgConnection,
        act: &Act,
        on: chrono::NaiveDate,
    ) -> Result<Number, sqlx::Error> {
        self.several(connection, act, on, 1).await
    }

    /// The first of so many numbers that follow one another.
    pub async fn several(
        &self,
        connection: &mut PgConnection,
        act: &Act,
        on: chrono::NaiveDate,
        count: i32,
    ) -> Result<Number, sqlx::Error> {
        let year = i16::try_from(year_of(on)).unwrap_or(i16::MAX);
        let Series(table) = self;
        let taken = format!(
            "INSERT INTO {table} (district, year, last) VALUES ($1, $2, $3)
             ON CONFLICT (district, year) DO UPDATE SET last = {table}.last + $3 RETURNING last"
        );
        let taken = sqlx::query_scalar(AssertSqlSafe(taken)).bind(act.scope.county()).bind(year).bind(count);
        let last: i32 = taken.fetch_one(connection).await?;
        Ok(Number { year, serial: last - count + 1 })
    }
}
