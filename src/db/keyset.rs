//! Pages by the key of a row instead of by its number: forward after a row, or back before one.

use sqlx::query_builder::Separated;
use sqlx::{Encode, Postgres, QueryBuilder, Type};

use super::count::Total;

/// Where a page of a list lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Position<Key> {
    #[default]
    Start,
    /// Right after the row of this key, in the order of the list.
    After(Key),
    /// Right before it.
    Before(Key),
}

/// How the rows of a page are read: going back, against the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Compares a row that is read with the key the page begins at.
    pub beyond: &'static str,
    pub direction: &'static str,
}

const RISING: Reading = Reading { beyond: " > ", direction: " ASC" };
const FALLING: Reading = Reading { beyond: " < ", direction: " DESC" };

/// How a list that falls, or rises, is read forward or back.
pub fn reading(descending: bool, back: bool) -> Reading {
    if descending == back { RISING } else { FALLING }
}

/// A page of a list, in the order of the list.
#[derive(Clone, Debug)]
pub struct Page<Row, Key> {
    pub rows: Vec<Row>,
    /// The first row, where a page comes before it.
    pub previous: Option<Key>,
    /// The last row, where another page follows.
    pub next: Option<Key>,
    /// How long the list is, where reading the page told.
    pub total: Option<Total>,
}

impl<Key> Position<Key> {
    pub fn key(&self) -> Option<&Key> {
        match self {
            Position::Start => None,
            Position::After(key) | Position::Before(key) => Some(key),
        }
    }

    pub fn is_back(&self) -> bool {
        matches!(self, Position::Before(_))
    }

    /// How a list that falls, or rises, is read from here.
    pub fn reading(&self, descending: bool) -> Reading {
        reading(descending, self.is_back())
    }

    /// The same place by another key.
    pub fn by<'a, Other>(&'a self, key: impl FnOnce(&'a Key) -> Other) -> Position<Other> {
        match self {
            Position::Start => Position::Start,
            Position::After(own) => Position::After(key(own)),
            Position::Before(own) => Position::Before(key(own)),
        }
    }

    /// Whether a row is read from here, of a list in the order of its keys.
    pub fn lies_beyond(&self, row: &Key) -> bool
    where
        Key: Ord,
    {
        match self {
            Position::Start => true,
            Position::After(key) => row > key,
            Position::Before(key) => row < key,
        }
    }

    /// A page out of the rows read from here, of which one more than `size` was asked for.
    pub fn paginate<Row>(&self, mut rows: Vec<Row>, size: usize, key: impl Fn(&Row) -> Key) -> Page<Row, Key> {
        let more = rows.len() > size;
        rows.truncate(size);
        let (precedes, follows) = match self {
            Position::Start => (false, more),
            Position::After(_) => (true, more),
            Position::Before(_) => (more, true),
        };
        if self.is_back() {
            rows.reverse();
        }
        let previous = rows.first().filter(|_| precedes).map(&key);
        let next = rows.last().filter(|_| follows).map(&key);
        Page { rows, previous, next, total: None }
    }
}

/// What can stand as one column of a key.
pub trait KeyPart: Clone + for<'t> Encode<'t, Postgres> + Type<Postgres> {}

impl<Part: Clone + for<'t> Encode<'t, Postgres> + Type<Postgres>> KeyPart for Part {}

/// A key of several columns, the last of which is unique among the rows that are alike in the others.
pub trait RowKey<const COLUMNS: usize> {
    fn push(&self, values: Separated<'_, Postgres, &str>);
}

impl<A: KeyPart, B: KeyPart> RowKey<2> for (A, B) {
    fn push(&self, mut values: Separated<'_, Postgres, &str>) {
        values.push_bind(self.0.clone()).push_bind(self.1.clone());
    }
}

impl<A: KeyPart, B: KeyPart, C: KeyPart> RowKey<3> for (A, B, C) {
    fn push(&self, mut values: Separated<'_, Postgres, &str>) {
        values.push_bind(self.0.clone()).push_bind(self.1.clone()).push_bind(self.2.clone());
    }
}

impl<Key> Position<Key> {
    /// The end of the statement of a list in the order of some columns: the rows read from here, and one more than `size`. What
    /// comes before it ends in a condition.
    pub fn push_page<const COLUMNS: usize>(
        &self,
        sql: &mut QueryBuilder<Postgres>,
        columns: [&'static str; COLUMNS],
        descending: bool,
        size: u16,
    ) where
        Key: RowKey<COLUMNS>,
    {
        let Reading { beyond, direction } = self.reading(descending);
        if let Some(key) = self.key() {
            sql.push(format_args!(" AND ({}){beyond}(", columns.join(", ")));
            key.push(sql.separated(", "));
            sql.push(")");
        }
        let order = columns.map(|column| format!("{column}{direction}"));
        sql.push(format_args!(" ORDER BY {} LIMIT ", order.join(", "))).push_bind(i64::from(size) + 1);
    }
}

impl<Row, Key> Page<Row, Key> {
    /// The same page of what the rows are turned into.
    pub fn map<Other>(self, turn: impl FnMut(Row) -> Other) -> Page<Other, Key> {
        let Page { rows, previous, next, total } = self;
        Page { rows: rows.into_iter().map(turn).collect(), previous, next, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of two of the numbers below ten, as a store would read it.
    fn page(position: &Position<i32>, descending: bool) -> Page<i32, i32> {
        let reading = position.reading(descending);
        let mut numbers: Vec<i32> = (0..10).collect();
        if reading == FALLING {
            numbers.reverse();
        }
        let beyond =
            |number: &i32| position.key().is_none_or(|key| if reading == RISING { number > key } else { number < key });
        let read = numbers.into_iter().filter(beyond).take(3).collect();
        position.paginate(read, 2, |number| *number)
    }

    #[test]
    fn a_list_is_walked_to_its_end_and_back_by_the_same_pages() {
        for descending in [false, true] {
            let mut pages = vec![page(&Position::Start, descending)];
            while let Some(next) = pages.last().and_then(|last| last.next) {
                pages.push(page(&Position::After(next), descending));
            }
            let forth: Vec<Vec<i32>> = pages.iter().map(|page| page.rows.clone()).collect();
            assert_eq!(forth.concat().len(), 10, "each once");
            let mut back = vec![pages.pop().unwrap()];
            while let Some(previous) = back.last().and_then(|last| last.previous) {
                back.push(page(&Position::Before(previous), descending));
            }
            assert!(back.iter().skip(1).all(|page| page.next.is_some()), "from where one comes one can return");
            let back: Vec<Vec<i32>> = back.into_iter().rev().map(|page| page.rows).collect();
            assert_eq!(back, forth);
        }
    }
}
