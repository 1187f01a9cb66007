//! What the lists of registers share: how their questions are read, their addresses, pages, sorting and exports.

use std::str::FromStr;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{Error, Result};

/// Rows of an export; a spreadsheet has no more.
const MOST_EXPORTED: usize = 1_000_000;
/// Rows fetched at a time while exporting.
pub const EXPORT_PAGE: u16 = 5_000;

/// A form sends empty fields; they say nothing.
pub fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// # Errors
/// `wrong`, when something is there and cannot be read.
pub fn read<T: FromStr>(text: &str, wrong: &str) -> Result<Option<T>> {
    given(text).map(|text| text.parse().map_err(|_| Error::BadRequest(wrong.to_owned()))).transpose()
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

/// Lines a page, 50 unless said.
///
/// # Errors
/// Outside 1 to 500.
pub fn page_size(text: &str) -> Result<u16> {
    const WRONG: &str = "每页行数应为1至500";
    match read(text, WRONG)? {
        None => Ok(50),
        Some(size @ 1..=500) => Ok(size),
        Some(_) => Err(Error::BadRequest(WRONG.into())),
    }
}

/// `?…` of these fields with one changed. Any change but of the page starts again at the first page.
pub fn address(fields: &[(&str, &str)], field: &str, value: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, own) in fields {
        let text = if *name == field { value } else { own };
        if !text.is_empty() {
            query.append_pair(name, text);
        }
    }
    if field == "after" && !value.is_empty() {
        query.append_pair(field, value);
    }
    match query.finish() {
        text if text.is_empty() => text,
        text => format!("?{text}"),
    }
}

/// How a list is sorted, as its address says it.
#[derive(Clone, Copy, Debug)]
pub struct Sorting<'a> {
    pub sort: &'a str,
    pub order: &'a str,
    /// The key of a list that does not say.
    pub default: &'a str,
}

impl Sorting<'_> {
    fn is_by(&self, key: &str) -> bool {
        self.sort == key || (self.sort.is_empty() && key == self.default)
    }

    /// The order that a click on the column asks for: the other way round when the list is sorted by it already.
    pub fn next_order(&self, key: &str) -> &'static str {
        if self.is_by(key) && self.order != "desc" { "desc" } else { "asc" }
    }

    /// For `aria-sort`.
    pub fn direction(&self, key: &str) -> &'static str {
        match (self.is_by(key), self.order) {
            (false, _) => "none",
            (true, "desc") => "descending",
            (true, _) => "ascending",
        }
    }
}

/// Everything a list holds, taken page by page.
#[derive(Debug)]
pub struct Whole<Row>(Vec<Row>);

impl<Row> Default for Whole<Row> {
    fn default() -> Self {
        Whole(Vec::new())
    }
}

impl<Row> Whole<Row> {
    /// # Errors
    /// When there are more rows than a spreadsheet takes.
    pub fn take(&mut self, rows: Vec<Row>) -> Result<()> {
        self.0.extend(rows);
        if self.0.len() > MOST_EXPORTED {
            return Err(Error::TooLarge("结果超过一百万行，请缩小筛选范围后再导出".into()));
        }
        Ok(())
    }

    pub fn rows(self) -> Vec<Row> {
        self.0
    }
}

/// What a list is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Csv,
    Xlsx,
}

impl Export {
    /// A file to keep, called `stem` and the ending of its kind.
    pub fn download(self, stem: &str, bytes: Vec<u8>) -> Response {
        let (ending, media_type) = match self {
            Export::Csv => ("csv", "text/csv; charset=utf-8"),
            Export::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        };
        let disposition = format!("attachment; filename=\"{stem}.{ending}\"");
        ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_to_five_hundred_lines() {
        assert_eq!((page_size("").unwrap(), page_size("1").unwrap(), page_size("500").unwrap()), (50, 1, 500));
        assert!(page_size("0").is_err() && page_size("501").is_err() && page_size("x").is_err());
    }

    #[test]
    fn an_address_keeps_its_filters_and_starts_again() {
        let fields = [("q", "=a&b"), ("sort", ""), ("order", "desc")];
        assert_eq!(address(&fields, "sort", "area"), "?q=%3Da%26b&sort=area&order=desc");
        assert_eq!(address(&fields, "after", "x"), "?q=%3Da%26b&order=desc&after=x");
        assert_eq!(address(&[("q", "")], "q", ""), "");
    }

    #[test]
    fn a_column_turns_when_it_is_clicked_again() {
        let unsaid = Sorting { sort: "", order: "", default: "code" };
        assert_eq!((unsaid.direction("code"), unsaid.next_order("code")), ("ascending", "desc"));
        assert_eq!((unsaid.direction("area"), unsaid.next_order("area")), ("none", "asc"));
        let down = Sorting { sort: "code", order: "desc", default: "code" };
        assert_eq!((down.direction("code"), down.next_order("code")), ("descending", "asc"));
        assert!(is_descending("up").is_err());
    }

    #[test]
    fn an_export_ends_at_a_million_rows() {
        let mut whole = Whole::default();
        assert!(whole.take(vec![(); MOST_EXPORTED]).is_ok());
        assert!(whole.take(vec![()]).is_err());
    }
}
