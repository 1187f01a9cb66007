//! What the lists of registers share: how their questions are read, their addresses, pages, sorting and exports.

use crate::base::text::Seen;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Result, cursor};

/// Rows fetched at a time while exporting.
pub const EXPORT_PAGE: u16 = 5_000;

/// A form sends empty fields; they say nothing.
pub fn given(text: &str) -> Option<&str> {
    Some(text.seen()).filter(|text| !text.is_empty())
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

/// The cursor that an earlier page gave out.
///
/// # Errors
/// When the text is none.
pub fn after<Key: DeserializeOwned>(text: &str) -> Result<Option<Key>> {
    given(text).map(cursor::decode).transpose()
}

/// The rows of a page, of which one more than fit was asked for, and the key of the last one when another page follows.
pub fn cut<Row, Key>(mut rows: Vec<Row>, size: usize, key: impl FnOnce(&Row) -> Key) -> (Vec<Row>, Option<Key>) {
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(key);
    (rows, next)
}

/// `?…` of these fields with one changed. Any change but of the page starts again at the first page.
pub fn address(fields: &[(&str, &str)], field: &str, value: &str) -> String {
    changed(fields, &[(field, value)])
}

fn changed(fields: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let changed_to = |name: &str| changes.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
    let mut query = form_urlencoded::Serializer::new(String::new());
    let kept = fields.iter().map(|(name, own)| (*name, changed_to(name).unwrap_or(own)));
    for (name, text) in kept.chain(changed_to("after").map(|after| ("after", after))) {
        if !text.is_empty() {
            query.append_pair(name, text);
        }
    }
    match query.finish() {
        text if text.is_empty() => text,
        text => format!("?{text}"),
    }
}

/// What the address of a list says, for the links on its page.
pub trait Asked {
    /// The key of a list that does not say how it is sorted; none where it cannot be sorted.
    const SORTED_BY: &'static str = "";

    /// Names and values in the order of the address, `sort` and `order` among them where the list is sorted, and without
    /// `after`.
    fn fields(&self) -> Vec<(&'static str, &str)>;

    /// `?…` with one field changed. Any change but of the page starts again at the first page.
    fn address(&self, field: &str, value: &str) -> String {
        address(&self.fields(), field, value)
    }

    /// The address of the page that begins after `cursor`.
    fn next_page(&self, cursor: Option<&impl Serialize>) -> Option<String> {
        cursor.map(|cursor| self.address("after", &cursor::encode(cursor)))
    }

    /// The address that sorts by `key`, the other way round when the list is sorted by it already.
    fn sorted(&self, key: &str) -> String {
        changed(&self.fields(), &[("sort", key), ("order", self.sorting().next_order(key))])
    }

    /// For `aria-sort`.
    fn direction(&self, key: &str) -> &'static str {
        self.sorting().direction(key)
    }

    fn sorting(&self) -> Sorting<'_> {
        let fields = self.fields();
        let value = |name: &str| fields.iter().find(|(other, _)| *other == name).map_or("", |(_, value)| *value);
        Sorting { sort: value("sort"), order: value("order"), default: Self::SORTED_BY }
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

/// How many rows a list is exported with at the most, and how a refusal says so.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    pub rows: usize,
    pub in_words: &'static str,
}

impl Most {
    /// A sheet of a workbook has hardly more.
    pub const MILLION: Most = Most { rows: 1_000_000, in_words: "一百万" };
}

/// Everything a list holds, in its order: `fetch` answers the page after a cursor, and the cursor of the next.
///
/// # Errors
/// Those of `fetch`, and when there are more rows than an export takes.
pub async fn whole<Row, Key, Fetched>(most: Most, mut fetch: impl FnMut(Option<Key>) -> Fetched) -> Result<Vec<Row>>
where
    Fetched: Future<Output = Result<(Vec<Row>, Option<Key>)>>,
{
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = fetch(after).await?;
        rows.extend(page);
        if rows.len() > most.rows {
            return Err(Error::TooLarge(format!("结果超过{}行，请缩小筛选范围后再导出", most.in_words)));
        }
        if next.is_none() {
            return Ok(rows);
        }
        after = next;
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

    /// Pages of two rows, as long as there are rows.
    async fn pages_of_two(rows: usize, most: Most) -> Result<Vec<usize>> {
        whole(most, |after: Option<usize>| async move {
            let first = after.map_or(0, |last| last + 1);
            let page: Vec<usize> = (first..rows).take(2).collect();
            let next = page.last().copied().filter(|last| last + 1 < rows);
            Ok((page, next))
        })
        .await
    }

    #[tokio::test]
    async fn a_list_is_fetched_to_its_end_and_not_beyond_its_most() {
        const FIVE: Most = Most { rows: 5, in_words: "五" };
        assert_eq!(pages_of_two(0, FIVE).await.unwrap(), [0; 0]);
        assert_eq!(pages_of_two(4, FIVE).await.unwrap(), [0, 1, 2, 3]);
        assert_eq!(pages_of_two(5, FIVE).await.unwrap(), [0, 1, 2, 3, 4]);
        let refused = pages_of_two(6, FIVE).await.unwrap_err();
        assert_eq!(refused.to_string(), "结果超过五行，请缩小筛选范围后再导出");
        assert!(matches!(refused, Error::TooLarge(_)));
    }

    struct Shown;

    impl Asked for Shown {
        const SORTED_BY: &'static str = "code";

        fn fields(&self) -> Vec<(&'static str, &str)> {
            vec![("q", "x"), ("sort", "area"), ("order", "asc")]
        }
    }

    #[test]
    fn a_link_that_sorts_keeps_the_filters() {
        assert_eq!(Shown.sorted("area"), "?q=x&sort=area&order=desc");
        assert_eq!(Shown.sorted("code"), "?q=x&sort=code&order=asc");
        assert_eq!((Shown.direction("area"), Shown.direction("code")), ("ascending", "none"));
        assert_eq!(Shown.address("after", "y"), "?q=x&sort=area&order=asc&after=y");
    }
}
