//! The check of all contracts: read, judged and handed on in batches, so that a district of any size fits in memory.

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::mpsc;

use super::check::{self, Change};
use super::line::Line;
use crate::codelist::WorkCalendar;
use crate::contract::known::Contract;
use crate::contract::practice::Practice;
use crate::contract::store::{self, StoreError};
use crate::db::{PgPool, Scope};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub as_of: NaiveDate,
    /// What was on record at that moment.
    pub known_at: DateTime<Utc>,
    /// Ask for what changed from the earlier to the later of two days.
    pub compare: Option<NaiveDate>,
    /// The rules in force on each of the days.
    pub practice: Practice,
    pub practice_compared: Practice,
}

/// One contract, checked. `changes` is filled when two days are compared; then `lines` are those of the later day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub contract: String,
    pub lines: Vec<Line>,
    pub changes: Vec<Change>,
}

impl Question {
    /// With the rules that the database publishes for the days.
    ///
    /// # Errors
    /// When a published value cannot be read, or the database does not answer.
    pub async fn ask(
        pool: &PgPool,
        as_of: NaiveDate,
        known_at: DateTime<Utc>,
        compare: Option<NaiveDate>,
    ) -> anyhow::Result<Self> {
        let practice = store::practice_on(pool, as_of).await?;
        let practice_compared = match compare.filter(|day| *day != as_of) {
            Some(day) => store::practice_on(pool, day).await?,
            None => practice.clone(),
        };
        Ok(Question { as_of, known_at, compare, practice, practice_compared })
    }

    /// The answer for one contract as known.
    pub fn answer(&self, contract: &Contract) -> Checked {
        let calendar = WorkCalendar::embedded();
        let number = contract.number.clone();
        let lines = check::judge(contract, self.as_of, &self.practice, calendar);
        let Some(other) = self.compare else { return Checked { contract: number, lines, changes: Vec::new() } };
        let others = check::judge(contract, other, &self.practice_compared, calendar);
        let (before, after) = if other <= self.as_of { (others, lines) } else { (lines, others) };
        let changes = check::compare(before, after.clone());
        Checked { contract: number, lines: after, changes }
    }
}

/// All contracts of a scope in the order of their numbers. Judging goes on while the next batch is read.
pub fn sweep(pool: PgPool, scope: Scope, question: Question) -> mpsc::Receiver<Result<Vec<Checked>, StoreError>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        let mut batches = store::stream(pool, scope, question.known_at);
        while let Some(batch) = batches.recv().await {
            let checked = batch.map(|contracts| contracts.iter().map(|contract| question.answer(contract)).collect());
            let failed = checked.is_err();
            if sender.send(checked).await.is_err() || failed {
                return;
            }
        }
    });
    receiver
}
