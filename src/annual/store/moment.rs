//! Days of one year, and what was known when, as conditions of a statement.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};

use crate::annual::{Partition, Query, deciding_day};
use crate::base::bounds::Range;
use crate::base::period::length_of_year;

pub type Sql = QueryBuilder<Postgres>;

pub struct Moment {
    pub year: i32,
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// The first day after the year.
    pub after: NaiveDate,
    known_before: Option<DateTime<Utc>>,
}

impl Moment {
    pub fn of(query: &Query) -> Self {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).expect("every year has a first of January");
        Moment {
            year: query.year,
            first: first(query.year),
            last: deciding_day(query.year),
            after: first(query.year + 1),
            known_before: query.known_before,
        }
    }

    pub fn length(&self) -> Decimal {
        length_of_year(self.year).into()
    }

    /// ` AND <table>` was on record, and in force on some day of the year.
    pub fn push_in_year(&self, sql: &mut Sql, table: &'static str) {
        self.push_known(sql, table);
        sql.push(" AND ").push(table).push(".valid && daterange(").push_bind(self.first);
        sql.push(", ").push_bind(self.after).push(")");
    }

    pub fn push_known(&self, sql: &mut Sql, table: &'static str) {
        let Some(before) = self.known_before else {
            sql.push(" AND ").push(table).push(".superseded_at IS NULL");
            return;
        };
        sql.push(" AND ").push(table).push(".recorded_at < ").push_bind(before);
        sql.push(" AND (").push(table).push(".superseded_at IS NULL OR ").push(table).push(".superseded_at >= ");
        sql.push_bind(before).push(")");
    }

    /// How many days of the year `<table>.valid` has, where it has any.
    pub fn push_days(&self, sql: &mut Sql, table: &'static str) {
        sql.push("(LEAST(upper(").push(table).push(".valid), ").push_bind(self.after).push("::date) - GREATEST(lower(");
        sql.push(table).push(".valid), ").push_bind(self.first).push("::date))");
    }
}

/// ` AND <column>` is one of those looked at.
pub fn push_within(sql: &mut Sql, column: &'static str, partition: &Partition) {
    let (compared, code) = match partition {
        Partition::All => return,
        Partition::These(codes) => {
            sql.push(" AND ").push(column).push(" = ANY(").push_bind(codes.clone()).push(")");
            return;
        }
        Partition::Before(code) => (" < ", code),
        Partition::From(code) => (" >= ", code),
    };
    sql.push(" AND ").push(column).push(compared).push_bind(code.clone());
}

/// `column`, which is never negative, is a value that [`Range::holds`] not; null where it is null. Only figures written with many
/// decimals are looked at digit by digit.
pub fn push_odd(sql: &mut Sql, column: &str, range: &Range) {
    sql.push("(").push(column).push(" >= ").push(range.below);
    sql.push(" OR (scale(").push(column).push(") > ").push(range.places);
    sql.push(" AND min_scale(").push(column).push(") > ").push(range.places).push("))");
}

/// The same of a column that may be negative.
pub fn push_odd_signed(sql: &mut Sql, column: &str, range: &Range) {
    sql.push("(").push(column).push(" <= -").push(range.below).push(" OR ");
    push_odd(sql, column, range);
    sql.push(")");
}
