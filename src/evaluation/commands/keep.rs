//! A run is printed, hashed and kept line by line: while one batch is written by the database, the next is printed, and nobody holds
//! them all. One transaction: after a crash there is the whole run or none of it.

use std::sync::Arc;

use tokio::sync::mpsc::{self, Sender};
use uuid::Uuid;

use super::{ComputeError, Kept};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::db::copy::CopyRows;
use crate::evaluation::LeftOut;
use crate::evaluation::document::Head;
use crate::evaluation::run::gathered::{Gathered, LeftOutMember};
use crate::evaluation::run::printed::{Hashes, Printer, Rest};
use crate::evaluation::run::{self, Computed, Frozen, Line, RunError, bases};
use crate::evaluation::store::runs::{self, NewRun};
use crate::permits::{self, Step};
use crate::policy;
use crate::policy::receipt::Receipt;
use crate::scoring::Scheme;
use crate::scoring::benchmark::Benchmark;
use crate::scoring::many::{Card, Roll, rank};

/// Rows that are sent at a time.
pub const BATCH_ROWS: usize = 2_000;
/// Batches that wait for the database.
const AHEAD: usize = 2;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Reading,
    Ranking,
    Keeping,
    Kept,
}

impl Stage {
    pub fn label(self) -> &'static str {
        match self {
            Stage::Reading => "读取数据",
            Stage::Ranking => "计分排名",
            Stage::Keeping => "保存结果",
            Stage::Kept => "已保存",
        }
    }
}

/// Hears the stage, how many are done, and of how many where that is known.
pub type Tell = Arc<dyn Fn(Stage, u64, Option<u64>) + Send + Sync>;

/// Whom a run is of.
pub enum Source {
    /// Enterprises that are judged each alone, with what they are measured against.
    Gathered(Box<Gathered>, Vec<Benchmark>),
    /// Those who are made of others, or take the grade of another, too.
    Frozen(Box<Frozen>),
}

/// All that a run is made of.
pub struct Work {
    pub id: Uuid,
    pub county: String,
    pub scheme: Arc<Scheme>,
    pub year: i32,
    pub source: Source,
    pub catalogue: String,
}

/// What is left when all lines are sent.
struct Printed {
    head: Head,
    receipt: Receipt,
    ranked: usize,
    left_out: usize,
}

pub async fn keep(act: &Act, work: Work, trial: bool, tell: Tell) -> Result<Kept, ComputeError> {
    let (id, scheme) = (work.id, Arc::clone(&work.scheme));
    let (send_results, mut results) = mpsc::channel(AHEAD);
    let (send_left_out, mut left_out) = mpsc::channel(AHEAD);
    let telling = Arc::clone(&tell);
    let (to_results, to_left_out) = (Rows::to(send_results), Rows::to(send_left_out));
    let printing = permits::blocking(Step::Evaluation, move || print(&work, to_results, to_left_out, &telling));
    let mut transaction = act.begin().await?;
    runs::lines_first(&mut transaction).await?;
    let writing = async {
        let outcome = runs::copy(&mut transaction, runs::COPY_RESULTS, &mut results).await;
        // What is not taken any more need not be printed.
        drop(results);
        outcome?;
        let outcome = runs::copy(&mut transaction, runs::COPY_LEFT_OUT, &mut left_out).await;
        drop(left_out);
        outcome
    };
    let (printed, written) = tokio::join!(printing, writing);
    written?;
    let Printed { head, receipt, ranked, left_out } = printed??;
    policy::store::receipts::save(&mut transaction, act, &receipt).await?;
    runs::insert(&mut transaction, act, &NewRun { id, trial, receipt: &receipt.id, head: &head }).await?;
    let detail = serde_json::json!({
        "category": scheme.category.code(), "year": head.year, "scheme": scheme.id, "trial": trial,
        "receipt": receipt.id, "ranked": ranked, "left_out": left_out,
    });
    let subject = id.to_string();
    let deed = Deed { action: "evaluation.compute", subject_kind: "evaluation_run", subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    tell(Stage::Kept, ranked as u64, Some(ranked as u64));
    Ok(Kept { id, trial, receipt: receipt.id, head })
}

/// Rows on their way to the database, a batch at a time.
struct Rows {
    rows: CopyRows,
    count: usize,
    to: Sender<Vec<u8>>,
}

impl Rows {
    fn to(to: Sender<Vec<u8>>) -> Self {
        Rows { rows: CopyRows::new(), count: 0, to }
    }

    /// Says how many there are when a batch was sent. An error when nobody takes them any more.
    fn end_row(&mut self) -> Result<Option<u64>, RunError> {
        self.count += 1;
        if !self.count.is_multiple_of(BATCH_ROWS) {
            return Ok(None);
        }
        self.send()?;
        Ok(Some(self.count as u64))
    }

    fn send(&mut self) -> Result<(), RunError> {
        self.to.blocking_send(self.rows.take()).map_err(|_| RunError::Stopped)
    }

    /// The other side learns that no more come. Says how many there were.
    fn finish(mut self) -> Result<usize, RunError> {
        if !self.rows.is_empty() {
            self.send()?;
        }
        Ok(self.count)
    }
}

/// Ranks everybody and sends the lines: results first, for those left out are taken when no result comes any more. Ends early when
/// nobody takes them.
fn print(work: &Work, results: Rows, left_out: Rows, tell: &Tell) -> Result<Printed, RunError> {
    match &work.source {
        Source::Gathered(gathered, benchmarks) => {
            print_gathered(work, (gathered, benchmarks), (results, left_out), tell)
        }
        Source::Frozen(frozen) => print_frozen(work, frozen, (results, left_out), tell),
    }
}

/// Line by line, in the order of the keys.
fn print_gathered(
    work: &Work,
    (gathered, benchmarks): (&Gathered, &[Benchmark]),
    (mut results, mut left_out): (Rows, Rows),
    tell: &Tell,
) -> Result<Printed, RunError> {
    let total = gathered.len() as u64;
    tell(Stage::Ranking, 0, Some(total));
    let bases = bases(benchmarks);
    let card = Card::new(&work.scheme, &bases);
    let ranking = rank(&card, gathered);
    tell(Stage::Ranking, total, Some(total));
    let printer = Printer::new(&work.scheme, &bases);
    let mut hashes = Hashes::default();
    for at in 0..gathered.len() as u32 {
        let line = printer.line(&gathered.input(at), ranking.outcome(at))?;
        hashes.add(&line);
        push_line(work, &mut results, &line, total, tell)?;
    }
    let ranked = results.finish()?;
    for at in 0..gathered.left_out_count() as u32 {
        let (member, why) = gathered.one_left_out(at);
        push_left_out(work, &mut left_out, &member, why)?;
    }
    let rest = Rest {
        year: work.year,
        scheme: &work.scheme,
        benchmarks,
        quotas: ranking.quotas(),
        grades: ranking.counts(),
        left_out: gathered.reasons(),
    };
    let receipt = rest.receipt(&work.catalogue, hashes)?;
    Ok(Printed { head: rest.head(), receipt, ranked, left_out: left_out.finish()? })
}

/// All at once.
fn print_frozen(
    work: &Work,
    frozen: &Frozen,
    (mut results, mut left_out): (Rows, Rows),
    tell: &Tell,
) -> Result<Printed, RunError> {
    let total = frozen.inputs.len() as u64;
    tell(Stage::Ranking, 0, Some(total));
    let Computed { head, lines, receipt } = run::compute(frozen, &work.catalogue)?;
    tell(Stage::Ranking, total, Some(total));
    lines.iter().try_for_each(|line| push_line(work, &mut results, line, total, tell))?;
    let ranked = results.finish()?;
    for (member, why) in &frozen.left_out {
        push_left_out(work, &mut left_out, &member.into(), *why)?;
    }
    Ok(Printed { head, receipt, ranked, left_out: left_out.finish()? })
}

fn push_line(work: &Work, to: &mut Rows, line: &Line, total: u64, tell: &Tell) -> Result<(), RunError> {
    runs::push_result(&mut to.rows, &work.county, work.id, line);
    if let Some(done) = to.end_row()? {
        tell(Stage::Keeping, done, Some(total));
    }
    Ok(())
}

fn push_left_out(work: &Work, to: &mut Rows, member: &LeftOutMember, why: LeftOut) -> Result<(), RunError> {
    let document = runs::left_out(member, why, &work.scheme.facts());
    runs::push_left_out(&mut to.rows, &work.county, work.id, &document, member.subdistrict.as_deref())?;
    to.end_row().map(|_| ())
}
