//! Every line of a district in the order of the list, enterprise by enterprise.

use std::collections::BTreeMap;

use super::list::{Filter, Row};
use super::reading::{BATCH, ReadError, Reading, keep, rows_of};
use crate::account::Act;
use crate::db::PgConnection;
use crate::db::keyset::Position;
use crate::entitlement::Measure;
use crate::evaluation::store::acting::ReadFrom;

/// Batch by batch; the receipt of each enterprise is kept before its lines are handed on.
pub struct Walk<'a> {
    act: &'a Act,
    reading: &'a Reading,
    filter: &'a Filter,
    wanted: BTreeMap<&'a str, &'a Measure>,
    /// None when the last enterprise was looked at.
    from: Option<ReadFrom>,
}

impl<'a> Walk<'a> {
    pub fn new(act: &'a Act, reading: &'a Reading, filter: &'a Filter) -> Self {
        Walk { act, reading, filter, wanted: reading.wanted(filter), from: Some(ReadFrom::default()) }
    }

    /// None at the end.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next(&mut self, connection: &mut PgConnection) -> Result<Option<Vec<Row>>, ReadError> {
        let Some(from) = self.from.take() else { return Ok(None) };
        let (reading, scope) = (self.reading, &self.act.scope);
        let subjects = reading.subjects(connection, scope, self.filter, &from, BATCH).await?;
        let last = subjects.last().filter(|_| subjects.len() == usize::from(BATCH)).map(|it| it.uscc.clone());
        self.from = last.map(|uscc| ReadFrom { position: Position::After(uscc), itself: false });
        let judged = reading.batch(connection, scope, subjects).await?;
        let rows: Vec<Row> = judged.into_iter().flat_map(|one| rows_of(one, &self.wanted, self.filter)).collect();
        let receipts: Vec<_> = rows.iter().map(|row| &*row.receipt).collect();
        keep(connection, self.act, &receipts).await?;
        Ok(Some(rows))
    }
}

/// # Errors
/// When the database does not answer, or `take` refuses.
pub async fn each(
    act: &Act,
    reading: &Reading,
    filter: &Filter,
    take: &mut (dyn FnMut(Row) -> anyhow::Result<()> + '_),
) -> anyhow::Result<()> {
    let mut connection = act.pool.acquire().await?;
    let mut walk = Walk::new(act, reading, filter);
    while let Some(rows) = walk.next(&mut connection).await? {
        rows.into_iter().try_for_each(&mut *take)?;
    }
    Ok(())
}
