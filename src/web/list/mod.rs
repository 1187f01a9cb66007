//! What the lists of registers share: their query parameters ([`parameters`]), their columns ([`mod@column`]), and what a page shows
//! of them ([`view`]). What a room says of its list, and the routes of it, are `account::list`.

pub mod column;
mod parameters;
mod view;

use std::str::FromStr;

pub use column::{Cell, Column};
pub use parameters::{Parameters, address, page_size, position};
pub use view::{Head, View};

use super::{Error, Result};
use crate::base::bounds::{YEARS, year_wording};
use crate::base::text::Seen;

/// Rows fetched at a time while exporting.
pub const EXPORT_PAGE: u16 = 5_000;

/// A form sends empty fields; they say nothing.
pub fn non_empty(text: &str) -> Option<&str> {
    Some(text.seen()).filter(|text| !text.is_empty())
}

/// The forms' word for it.
pub use non_empty as given;

/// # Errors
/// `wrong`, when something is there and cannot be read.
pub fn read<T: FromStr>(text: &str, wrong: &str) -> Result<Option<T>> {
    non_empty(text).map(|text| text.parse().map_err(|_| Error::BadRequest(wrong.to_owned()))).transpose()
}

/// A year that somebody asks for.
///
/// # Errors
/// It is none that anything is kept of.
pub fn read_year(text: &str) -> Result<Option<i32>> {
    let year: Option<i32> = read(text, "年度应为四位数字")?;
    match year.is_none_or(|year| YEARS.contains(&year)) {
        true => Ok(year),
        false => Err(Error::BadRequest(format!("年度应为{}", year_wording()))),
    }
}

/// # Errors
/// When it is neither `asc` nor `desc` nor empty.
pub fn is_descending(order: &str) -> Result<bool> {
    match order {
        "" | "asc" => Ok(false),
        "desc" => Ok(true),
        _ => Err(Error::BadRequest("排序方向应为 asc 或 desc".into())),
    }
}

/// The first `most` rows after a cursor that a rule takes, where only the program can say which: `fetch` answers some rows after
/// a cursor in the order of the list, and the cursor of the next; it is asked until there are enough or no more.
///
/// # Errors
/// Those of `fetch`.
pub async fn first_of<Row, Key, Fetched>(
    mut after: Option<Key>,
    most: usize,
    takes: impl Fn(&Row) -> bool,
    mut fetch: impl FnMut(Option<Key>) -> Fetched,
) -> Result<Vec<Row>>
where
    Fetched: Future<Output = Result<(Vec<Row>, Option<Key>)>>,
{
    let mut found = Vec::new();
    loop {
        let (rows, next) = fetch(after).await?;
        found.extend(rows.into_iter().filter(&takes).take(most - found.len()));
        if next.is_none() || found.len() >= most {
            return Ok(found);
        }
        after = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every seventh of `rows`, of which `at_once` are read at a time.
    async fn sevenths(rows: usize, at_once: usize, after: Option<usize>, most: usize) -> Vec<usize> {
        let fetch = |after: Option<usize>| async move {
            let first = after.map_or(0, |last| last + 1);
            let some: Vec<usize> = (first..rows).take(at_once).collect();
            let next = some.last().copied().filter(|_| some.len() == at_once);
            Ok((some, next))
        };
        first_of(after, most, |row| row % 7 == 0, fetch).await.unwrap()
    }

    #[tokio::test]
    async fn what_only_the_program_can_choose_is_found_however_far_down_it_stands() {
        assert_eq!(sevenths(100, 2, None, 3).await, [0, 7, 14]);
        assert_eq!(sevenths(100, 2, Some(14), 3).await, [21, 28, 35]);
        assert_eq!(sevenths(100, 1000, None, 50).await.len(), 15);
        assert_eq!(sevenths(100, 1, Some(91), 50).await, [98], "the last of all");
        assert_eq!(sevenths(0, 5, None, 5).await, [0; 0]);
        assert_eq!(sevenths(100, 100, None, 15).await.len(), 15, "as many as a read holds, and no next");
    }

    #[test]
    fn an_order_is_rising_falling_or_none() {
        assert!(!is_descending("").unwrap() && !is_descending("asc").unwrap() && is_descending("desc").unwrap());
        assert!(is_descending("up").is_err());
    }
}
