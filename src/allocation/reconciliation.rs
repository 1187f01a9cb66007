//! The lists of a year held against what was reported of it, up to a quarter (五(二)): every line with its finding, totals by body
//! and grade, and a receipt from which all of it can be made again.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Quarter;
use super::store::reconciliations::{self as store, Beside, Line, NewReconciliation};
use super::totals::{Input, Sums, Totals};
use super::wording::AllocationError;
use crate::account::Act;
use crate::account::audit::Deed;
use crate::annual::store::snapshot;
use crate::db::copy::CopyRows;
use crate::db::statistics;
use crate::entitlement::{Body, Entitled, Reconciled, reconcile};
use crate::policy::catalogue::Catalogue;
use crate::policy::hashed::{HashedLines, LinesHash};
use crate::policy::receipt::Receipt;
use crate::policy::store as catalogues;
use crate::policy::store::receipts;

/// The name of the check in its receipts.
pub const CHECK: &str = "allocation.reconciliation";

/// Bytes of one message to the database.
const CHUNK: usize = 256 * 1024;

/// Lines one after the other, and what they come to.
#[derive(Default)]
struct Counted {
    inputs: LinesHash,
    totals: BTreeMap<(Body, Option<String>), Sums>,
}

impl Counted {
    fn add(&mut self, input: &Input, text: &str, found: &Reconciled) {
        self.inputs.add(text);
        self.totals.entry((input.body, input.grade.clone())).or_default().add(input, found);
    }

    fn finish(self) -> (HashedLines, Totals) {
        let totals = self.totals.into_iter().map(|((body, grade), sums)| (body, grade, sums)).collect();
        (self.inputs.lines(), Totals(totals))
    }
}

#[derive(Serialize, Deserialize)]
struct ReceiptInputs {
    up_to: Quarter,
    lists: Vec<Uuid>,
    lines: HashedLines,
}

#[derive(Serialize, Deserialize)]
struct ReceiptResults {
    /// A computation sums up to no verdict.
    verdict: String,
    totals: Totals,
}

fn results(totals: Totals) -> ReceiptResults {
    ReceiptResults { verdict: "computed".to_owned(), totals }
}

/// Told how many lines were looked at, and how many there may be.
pub type Tell<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// Reconciles a year up to a quarter under a number of its own. A reconciliation is there whole or not at all.
///
/// # Errors
/// No list was handed over, or the database does not answer.
pub async fn compute(act: &Act, id: Uuid, up_to: Quarter, tell: Tell<'_>) -> Result<(), AllocationError> {
    let catalogue = catalogues::current(&act.pool, &act.scope.district).await.map_err(anyhow::Error::from)?;
    let mut reading = snapshot(&act.pool).await?;
    let lists = store::lists(&mut reading, &act.scope, up_to).await?;
    if lists.is_empty() {
        return Err(AllocationError::NothingToReconcile(up_to.year(), up_to));
    }
    let expected = store::lines_of(&mut reading, &act.scope, &lists).await?;
    let mut transaction = act.begin().await?;
    let counted = {
        let mut copy = transaction.copy_in_raw(store::COPY).await?;
        let (mut counted, mut rows, mut looked_at) = (Counted::default(), CopyRows::new(), 0);
        let mut beside = Box::pin(store::beside(&mut reading, &act.scope, up_to, &lists));
        while let Some(of) = beside.next().await {
            let line = judge(&catalogue, up_to, of?, &mut counted)?;
            store::push(&mut rows, act.scope.county(), id, &line);
            looked_at += 1;
            if rows.len() > CHUNK {
                copy.send(rows.take()).await?;
                tell(looked_at, u64::try_from(expected).unwrap_or_default());
            }
        }
        copy.send(rows.take()).await?;
        copy.finish().await?;
        counted
    };
    let (hashed, totals) = counted.finish();
    let on = up_to.last_day().unwrap_or_else(|| act.today());
    let inputs = ReceiptInputs { up_to, lists, lines: hashed };
    let receipt = Receipt::new(CHECK, on, &catalogue.sha256(), &inputs, &results(totals.clone()))?;
    receipts::save(&mut transaction, act, &receipt).await?;
    let new = NewReconciliation { id, up_to, totals: &totals, receipt: &receipt.id };
    store::insert(&mut transaction, act, &new).await?;
    statistics::refresh(&mut transaction).await?;
    let detail = serde_json::json!({ "lines": totals.lines(), "gaps": totals.gaps(), "receipt": receipt.id });
    let subject = up_to.to_string();
    let deed =
        Deed { action: "allocation.reconcile", subject_kind: "allocation_reconciliation", subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    Ok(transaction.commit().await?)
}

fn judge(
    catalogue: &Catalogue,
    up_to: Quarter,
    mut of: Beside,
    counted: &mut Counted,
) -> Result<Line, AllocationError> {
    let done = std::mem::take(&mut of.done.0);
    let entitled = of.kind.zip(of.outcome).map(|(kind, outcome)| Entitled {
        kind,
        outcome,
        per_unit: of.per_unit,
        amount: of.amount,
        why: of.why.clone().unwrap_or_default(),
    });
    let input = Input {
        uscc: of.uscc.clone(),
        measure: of.measure.clone(),
        body: of.body,
        grade: of.grade.clone(),
        entitled,
        done,
    };
    let found = reconcile(up_to.number(), input.entitled.as_ref(), &input.done);
    let text = serde_json::to_string(&input)?;
    counted.add(&input, &text, &found);
    let named = || catalogue.measures.named(&of.measure).map(|(_, measure)| measure.title.clone());
    let title = of.title.take().or_else(named).unwrap_or_else(|| of.measure.clone());
    Ok(Line { title, input: text, found, of })
}

/// The results of a reconciliation again, from its receipt and the kept inputs of its lines.
///
/// # Errors
/// When the kept lines are not those that the receipt names.
pub fn again(receipt_inputs: &str, kept: &[String]) -> anyhow::Result<String> {
    let inputs: ReceiptInputs = serde_json::from_str(receipt_inputs)?;
    let mut counted = Counted::default();
    for text in kept {
        let input: Input = serde_json::from_str(text)?;
        let found = reconcile(inputs.up_to.number(), input.entitled.as_ref(), &input.done);
        counted.add(&input, text, &found);
    }
    let (hashed, totals) = counted.finish();
    anyhow::ensure!(hashed == inputs.lines, "the kept lines are not those that the receipt names");
    Ok(serde_json::to_string(&results(totals))?)
}
