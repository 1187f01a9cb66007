//! All contracts of a scope, one after the other: three sorted streams merged, so that memory holds a few chunks only.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use tokio::sync::mpsc;

use super::StoreError;
use super::rows::{CertificateRow, EventRow, TermsRow, select_certificates, select_events, select_terms};
use crate::contract::known::{Contract, TermsVersion};
use crate::db::{PgPool, Scope};

/// Rows handed from a reading task to the merge at once.
const CHUNK: usize = 2000;
/// Contracts handed on at once.
const BATCH: usize = 500;

type Rows<T> = mpsc::Receiver<Result<Vec<T>, StoreError>>;
type Batches = mpsc::Receiver<Result<Vec<Contract>, StoreError>>;

/// Every contract as known at a moment, in the order of their numbers, in batches.
pub fn stream(pool: PgPool, scope: Scope, known_at: DateTime<Utc>) -> Batches {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        if let Err(error) = merge(&pool, &scope, known_at, &sender).await {
            let _ = sender.send(Err(error)).await;
        }
    });
    receiver
}

/// A sub-district clerk's contracts; everybody's when there is no sub-district.
macro_rules! in_scope {
    ($select:ident) => {
        |pool, scope, known_at, sender| async move {
            let subdistrict = scope.subdistrict_code();
            let rows = $select!(
                "($3::text IS NULL OR EXISTS (SELECT FROM contract c WHERE c.district = t.district AND c.number = t.contract AND c.subdistrict = $3))",
                scope.county(),
                known_at,
                subdistrict
            )
            .fetch(&pool);
            feed(rows, &sender).await
        }
    };
}

fn read<T, F, R>(pool: &PgPool, scope: &Scope, known_at: DateTime<Utc>, reader: F) -> Rows<T>
where
    T: Send + 'static,
    F: FnOnce(PgPool, Scope, DateTime<Utc>, mpsc::Sender<Result<Vec<T>, StoreError>>) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(reader(pool.clone(), scope.clone(), known_at, sender));
    receiver
}

async fn feed<T>(mut rows: BoxStream<'_, Result<T, sqlx::Error>>, sender: &mpsc::Sender<Result<Vec<T>, StoreError>>) {
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let next = rows.try_next().await;
        let ended = !matches!(next, Ok(Some(_)));
        match next {
            Ok(Some(row)) => chunk.push(row),
            Ok(None) => {}
            Err(error) => return drop(sender.send(Err(error.into())).await),
        }
        let full = ended || chunk.len() == CHUNK;
        if full && sender.send(Ok(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))).await.is_err() {
            return;
        }
        if ended {
            return;
        }
    }
}

/// A sorted stream of rows, read one contract at a time.
struct Sorted<T> {
    rows: Rows<T>,
    waiting: VecDeque<T>,
}

impl<T> Sorted<T> {
    fn new(rows: Rows<T>) -> Self {
        Sorted { rows, waiting: VecDeque::new() }
    }

    async fn peek(&mut self) -> Result<Option<&T>, StoreError> {
        while self.waiting.is_empty() {
            match self.rows.recv().await {
                Some(chunk) => self.waiting = chunk?.into(),
                None => return Ok(None),
            }
        }
        Ok(self.waiting.front())
    }

    /// The rows of one contract. Rows of contracts that come before it are passed over.
    async fn of(&mut self, number: &str, key: impl Fn(&T) -> &str) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        while let Some(row) = self.peek().await? {
            match key(row).cmp(number) {
                std::cmp::Ordering::Greater => break,
                std::cmp::Ordering::Equal => found.extend(self.waiting.pop_front()),
                std::cmp::Ordering::Less => drop(self.waiting.pop_front()),
            }
        }
        Ok(found)
    }
}

async fn merge(
    pool: &PgPool,
    scope: &Scope,
    known_at: DateTime<Utc>,
    sender: &mpsc::Sender<Result<Vec<Contract>, StoreError>>,
) -> Result<(), StoreError> {
    let mut terms: Sorted<TermsRow> = Sorted::new(read(pool, scope, known_at, in_scope!(select_terms)));
    let mut events: Sorted<EventRow> = Sorted::new(read(pool, scope, known_at, in_scope!(select_events)));
    let mut certificates: Sorted<CertificateRow> =
        Sorted::new(read(pool, scope, known_at, in_scope!(select_certificates)));
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(first) = terms.peek().await? {
        let number = first.contract.clone();
        let versions = terms.of(&number, |row| &row.contract).await?;
        let happened = events.of(&number, |row| &row.contract).await?;
        let issued = certificates.of(&number, |row| &row.contract).await?;
        batch.push(Contract::new(
            number,
            versions.into_iter().map(TermsVersion::from).collect(),
            happened.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            issued.into_iter().map(Into::into).collect(),
        ));
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            sender.send(Ok(full)).await.map_err(|_| StoreError::Stopped)?;
        }
    }
    sender.send(Ok(batch)).await.map_err(|_| StoreError::Stopped)
}
