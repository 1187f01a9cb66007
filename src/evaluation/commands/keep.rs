//! A run is printed, hashed and kept line by line: while one batch is written by the database, the next is printed, and nobody holds
//! them all. One transaction: after a crash there is the whole run or none of it.

use std::sync::Arc;

use tokio::sync::mpsc::{self, Sender};
use uuid::Uuid;

use super::{ComputeError, Kept};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::db::copy::CopyRows;
use crate::evaluation::document::Head;
use crate::evaluation::run::gathered::Gathered;
use crate::evaluation::run::printed::{Hashes, Printer, Rest};
use crate::evaluation::run::{RunError, bases};
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

/// All that a run is made of.
pub struct Work {
    pub id: Uuid,
    pub county: String,
    pub scheme: Arc<Scheme>,
    pub year: i32,
    pub benchmarks: Vec<Benchmark>,
    pub gathered: Gathered,
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
    let printing = permits::blocking(Step::Evaluation, move || print(&work, send_results, &send_left_out, &telling));
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

/// Ranks everybody and sends the lines in the order of their keys. Ends early when nobody takes them any more.
fn print(work: &Work, results: Sender<Vec<u8>>, left_out: &Sender<Vec<u8>>, tell: &Tell) -> Result<Printed, RunError> {
    let Work { id, county, scheme, year, benchmarks, gathered, catalogue } = work;
    let total = gathered.len() as u64;
    tell(Stage::Ranking, 0, Some(total));
    let bases = bases(benchmarks);
    let card = Card::new(scheme, &bases);
    let ranking = rank(&card, gathered);
    tell(Stage::Ranking, total, Some(total));
    let printer = Printer::new(scheme, &bases);
    let mut hashes = Hashes::default();
    let mut rows = CopyRows::new();
    for at in 0..gathered.len() as u32 {
        let line = printer.line(&gathered.input(at), ranking.outcome(at))?;
        hashes.add(&line);
        runs::push_result(&mut rows, county, *id, &line);
        if (at as usize + 1).is_multiple_of(BATCH_ROWS) {
            results.blocking_send(rows.take()).map_err(|_| RunError::Stopped)?;
            tell(Stage::Keeping, u64::from(at) + 1, Some(total));
        }
    }
    finish(&results, rows)?;
    // Those left out are taken when no result comes any more.
    drop(results);
    print_left_out(work, left_out)?;
    let rest = Rest {
        year: *year,
        scheme,
        benchmarks,
        quotas: ranking.quotas(),
        grades: ranking.counts(),
        left_out: gathered.reasons(),
    };
    let receipt = rest.receipt(catalogue, hashes)?;
    Ok(Printed { head: rest.head(), receipt, ranked: gathered.len(), left_out: gathered.left_out_count() })
}

fn print_left_out(work: &Work, to: &Sender<Vec<u8>>) -> Result<(), RunError> {
    let asked = work.scheme.facts();
    let mut rows = CopyRows::new();
    for at in 0..work.gathered.left_out_count() as u32 {
        let (member, why) = work.gathered.one_left_out(at);
        let document = runs::left_out(&member, why, &asked);
        runs::push_left_out(&mut rows, &work.county, work.id, &document, member.subdistrict.as_deref())?;
        if (at as usize + 1).is_multiple_of(BATCH_ROWS) {
            to.blocking_send(rows.take()).map_err(|_| RunError::Stopped)?;
        }
    }
    finish(to, rows)
}

fn finish(to: &Sender<Vec<u8>>, mut rows: CopyRows) -> Result<(), RunError> {
    if rows.is_empty() {
        return Ok(());
    }
    to.blocking_send(rows.take()).map_err(|_| RunError::Stopped)
}
