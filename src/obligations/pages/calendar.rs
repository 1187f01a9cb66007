//! `GET /contracts/calendar`: what falls due in a month, day by day.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use chrono::{Datelike, Months, NaiveDate};
use serde::Deserialize;

use crate::account::Officer;
use crate::codelist::{Choice, WorkCalendar, subdistricts};
use crate::contract::event::DutyKind;
use crate::contract::present::address_of;
use crate::contract::store;
use crate::obligations::asked::{narrowed, question};
use crate::obligations::line::Line;
use crate::obligations::present::badge;
use crate::web::list::{address, given, read};
use crate::web::{self, AppState, Error, Shell};

/// Lines on the page; a month with more is to be narrowed.
const MOST: usize = 2_000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CalendarParameters {
    /// `2026-11`.
    month: String,
    kind: String,
    subdistrict: String,
    as_of: String,
    known_at: String,
}

/// A duty that falls due.
struct Item {
    number: String,
    line: Line,
}

/// A day of the month.
struct Day {
    day: NaiveDate,
    off: bool,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "obligations/calendar.html")]
struct CalendarPage {
    shell: Shell,
    parameters: CalendarParameters,
    subdistricts: Vec<Choice>,
    first: NaiveDate,
    as_of: NaiveDate,
    weeks: Vec<Vec<Option<Day>>>,
    count: usize,
    cut: bool,
}

impl CalendarPage {
    fn kinds(&self) -> &'static [DutyKind] {
        DutyKind::ALL
    }

    fn days(&self) -> impl Iterator<Item = &Day> {
        self.weeks.iter().flatten().flatten().filter(|day| !day.items.is_empty())
    }

    /// The same page some months on.
    fn month(&self, by: i32) -> String {
        let by_months = Months::new(by.unsigned_abs());
        let moved =
            if by < 0 { self.first.checked_sub_months(by_months) } else { self.first.checked_add_months(by_months) };
        let month = moved.unwrap_or(self.first).format("%Y-%m").to_string();
        let it = &self.parameters;
        let fields = [
            ("month", ""),
            ("kind", it.kind.as_str()),
            ("subdistrict", &it.subdistrict),
            ("as_of", &it.as_of),
            ("known_at", &it.known_at),
        ];
        format!("/contracts/calendar{}", address(&fields, "month", &month))
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<CalendarParameters>,
) -> web::Result<Html<String>> {
    let question = question(&state, &parameters.as_of, &parameters.known_at, None).await?;
    let as_of = question.as_of;
    let first = month(&parameters.month, as_of)?;
    let until = first.checked_add_months(Months::new(1)).ok_or_else(|| Error::BadRequest("月份超出范围".into()))?;
    let scope = narrowed(&officer, &parameters.subdistrict)?;
    let kind: Option<DutyKind> = read(&parameters.kind, "没有这样的事项")?;
    let mut found: BTreeMap<NaiveDate, Vec<Item>> = BTreeMap::new();
    let (mut count, mut cut) = (0, false);
    let mut batches = store::stream(state.pool.clone(), scope, question.known_at);
    while let Some(batch) = batches.recv().await {
        for contract in batch? {
            let lines = question.answer(&contract).lines.into_iter();
            let wanted =
                |line: &Line| (first..until).contains(&line.due) && kind.is_none_or(|kind| kind == line.duty.kind);
            for line in lines.filter(wanted) {
                count += 1;
                if count <= MOST {
                    found.entry(line.due).or_default().push(Item { number: contract.number.clone(), line });
                } else {
                    cut = true;
                }
            }
        }
    }
    let page = CalendarPage {
        shell: officer.shell(&state, format!("到期日历 {}", first.format("%Y年%-m月"))),
        weeks: weeks(first, until, found),
        subdistricts: subdistricts(&state.pool, &officer.scope, as_of).await?,
        parameters,
        first,
        as_of,
        count,
        cut,
    };
    Ok(Html(page.render()?))
}

/// The first of the month asked for, else of the month of the day asked about.
fn month(text: &str, as_of: NaiveDate) -> web::Result<NaiveDate> {
    let Some(text) = given(text) else { return Ok(as_of.with_day(1).unwrap_or(as_of)) };
    let first = format!("{text}-01").parse::<NaiveDate>().ok();
    let sensible = |day: &NaiveDate| (1950..=2199).contains(&day.year());
    first.filter(sensible).ok_or_else(|| Error::BadRequest("月份应写成 2026-11".into()))
}

/// Weeks from Monday; days outside the month are empty.
fn weeks(first: NaiveDate, until: NaiveDate, mut found: BTreeMap<NaiveDate, Vec<Item>>) -> Vec<Vec<Option<Day>>> {
    let calendar = WorkCalendar::embedded();
    let before = first.weekday().num_days_from_monday();
    let day = |day: NaiveDate| {
        let items = found.remove(&day).unwrap_or_default();
        Some(Day { day, off: !calendar.is_working_day(day), items })
    };
    let mut cells: Vec<Option<Day>> = (0..before).map(|_| None).collect();
    cells.extend(first.iter_days().take_while(|day| *day < until).map(day));
    let mut weeks = Vec::new();
    while !cells.is_empty() {
        let rest = cells.split_off(cells.len().min(7));
        cells.resize_with(7, || None);
        weeks.push(std::mem::replace(&mut cells, rest));
    }
    weeks
}

fn money(money: &crate::base::unit::Yuan) -> String {
    crate::contract::present::yuan(&money.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_lies_in_weeks_from_monday() {
        let first: NaiveDate = "2024-02-01".parse().unwrap();
        let weeks = weeks(first, "2024-03-01".parse().unwrap(), BTreeMap::new());
        assert_eq!(weeks.len(), 5);
        assert!(weeks[0][2].is_none(), "1 February 2024 was a Thursday");
        assert_eq!(weeks[0][3].as_ref().unwrap().day, first);
        assert_eq!(weeks[4][3].as_ref().unwrap().day.to_string(), "2024-02-29");
        assert!(weeks[4][4].is_none() && weeks.iter().all(|week| week.len() == 7));
    }

    #[test]
    fn a_month_is_read_or_refused() {
        let today = "2026-11-23".parse().unwrap();
        assert_eq!(month("", today).unwrap().to_string(), "2026-11-01");
        assert_eq!(month("2025-02", today).unwrap().to_string(), "2025-02-01");
        assert!(month("2025-13", today).is_err() && month("next", today).is_err());
    }
}
