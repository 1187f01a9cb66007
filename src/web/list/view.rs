//! What a page shows of a list: heads, cells, how many there are, and where its links lead.

use serde::Serialize;

use super::column::{Cell, Column};
use super::parameters::Parameters;
use crate::base::unit::grouped;
use crate::db::count::{MAX_COUNTED, Total};
use crate::db::keyset::Page;

/// The head of a column.
#[derive(Clone, Debug)]
pub struct Head {
    pub heading: &'static str,
    pub number: bool,
    /// Where a click leads, when the list is sorted by the column; and how it is sorted now.
    pub sorted: Option<(String, &'static str)>,
}

/// A page of a list, ready for its template; `templates/web/list.html` draws its parts.
#[derive(Clone, Debug)]
pub struct View {
    pub path: &'static str,
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<Cell>>,
    pub total: String,
    /// Addresses of the pages beside it.
    pub previous: Option<String>,
    pub next: Option<String>,
    /// The whole list under the same filters: `?…`.
    pub whole: String,
    asked: Vec<(String, String)>,
}

impl View {
    pub fn new<L, Row, Key: Serialize>(
        path: &'static str,
        (list, columns): (&L, &[Column<L, Row>]),
        parameters: &impl Parameters,
        page: &Page<Row, Key>,
        total: Total,
    ) -> Self {
        let shown: Vec<_> = columns
            .iter()
            .filter(|column| (column.when)(list))
            .filter_map(|column| Some((column, column.eye?)))
            .collect();
        let link = |sort: &str| (parameters.sorted(sort), parameters.direction(sort));
        let head = |column: &Column<L, Row>| Head {
            heading: column.heading,
            number: column.number,
            sorted: Some(column.sort).filter(|sort| !sort.is_empty()).map(link),
        };
        View {
            path,
            heads: shown.iter().map(|(column, _)| head(column)).collect(),
            rows: page.rows.iter().map(|row| shown.iter().map(|(_, eye)| eye(list, row)).collect()).collect(),
            total: in_words(told(page, total)),
            previous: page.previous.as_ref().map(|key| parameters.page_before(key)),
            next: page.next.as_ref().map(|key| parameters.page_after(key)),
            whole: parameters.address(&[]),
            asked: parameters.pairs(),
        }
    }

    /// Whether a choice is the one that was asked for.
    pub fn is_asked(&self, name: &str, value: impl AsRef<str>) -> bool {
        self.asked(name) == value.as_ref()
    }

    /// What a parameter says; empty when it says nothing.
    pub fn asked(&self, name: &str) -> &str {
        self.asked.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn is_filtered(&self) -> bool {
        self.asked.iter().any(|(name, _)| !matches!(name.as_str(), "after" | "sort" | "order" | "size_of_page"))
    }

    /// The parameters that a form does not show and its answer is to keep.
    pub fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
        let kept = |name: &str| matches!(name, "sort" | "order" | "size_of_page");
        self.asked.iter().filter(move |(name, _)| kept(name)).map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A list of one page is as long as the page.
fn told<Row, Key>(page: &Page<Row, Key>, total: Total) -> Total {
    match total {
        Total::NotCounted if page.previous.is_none() && page.next.is_none() => Total::Exactly(page.rows.len() as i64),
        counted => page.total.unwrap_or(counted),
    }
}

fn in_words(total: Total) -> String {
    match total {
        Total::Exactly(rows) => format!("共 {} 条", grouped(rows.into(), 0)),
        Total::MoreThanCounted => format!("超过 {} 条", grouped(MAX_COUNTED.into(), 0)),
        Total::NotCounted => "结果较多".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Said {
        q: &'static str,
        sort: &'static str,
        order: &'static str,
    }

    impl Parameters for Said {}

    #[test]
    fn a_page_shows_the_columns_meant_for_it_and_keeps_what_was_asked() {
        let columns = [
            Column::both(
                "编号",
                |unit: &&str, row: &i32| Cell::text(format!("{row}{unit}")),
                |_, row| i64::from(*row).into(),
            )
            .sorted("code"),
            Column::file("备注", |_, _| "".into()),
        ];
        let page = Page { rows: vec![7, 8], previous: None, next: Some(8), total: None };
        let said = Said { q: "x", sort: "code", order: "" };
        let view = View::new("/things", (&"号", &columns), &said, &page, Total::Exactly(12_345));
        assert_eq!((view.heads.len(), view.rows[0].clone()), (1, vec![Cell::text("7号")]));
        assert_eq!(view.heads[0].sorted, Some(("?q=x&sort=code&order=desc".into(), "ascending")));
        assert_eq!((view.total.as_str(), view.previous, view.whole.as_str()), ("共 12,345 条", None, "?q=x&sort=code"));
        assert_eq!(view.next.unwrap(), "?q=x&sort=code&after=OA");
        assert_eq!(told(&page, Total::NotCounted), Total::NotCounted);
        assert_eq!(told(&Page { next: None, ..page }, Total::NotCounted), Total::Exactly(2), "all there is");
        assert_eq!(in_words(Total::MoreThanCounted), "超过 10,000 条");
    }
}
