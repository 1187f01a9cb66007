//! The audit of allocation (五(二)): lines of a reconciliation are drawn from a seed that is kept, and each is looked at by a person.

use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::store::audits::{self as store, Drawing, NewAudit};
use super::store::findings::{self, Finding, NewFinding};
use super::store::reconciled::ReconciledFilter;
use super::store::reconciliations;
use super::wording::{AllocationError, missing, wrong};
use super::{State, Step};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::contract::days::days_after;
use crate::entitlement::Body;
use crate::measures::list::Key;
use crate::policy;
use crate::workflow::{self, Number, sample};

const SUBJECT_KIND: &str = "allocation_audit";

fn guard(drawing: &Drawing, percent: Decimal) -> Result<(), AllocationError> {
    let mut faults = Vec::new();
    if drawing.seed.is_empty() {
        faults.push(missing("seed", "请填写抽样种子（如当期彩票号码或会议纪要文号），以便复核抽样"));
    }
    if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
        faults.push(wrong("percent", "抽查比例应大于0、不超过100"));
    }
    if faults.is_empty() { Ok(()) } else { Err(AllocationError::Faults(faults)) }
}

/// Anybody can draw the same again from the seed ([`sample`]).
///
/// # Errors
/// No seed, no line to draw from, or no such reconciliation.
pub async fn draw(act: &Act, drawing: &Drawing) -> Result<Number, AllocationError> {
    let today = act.today();
    let parameters = policy::store::parameters_on(&act.pool, today).await?;
    let usual = parameters.decimal("allocation_sample_percent").map_err(anyhow::Error::from)?;
    let percent = drawing.percent.unwrap_or(usual);
    guard(drawing, percent)?;
    let mut transaction = act.begin().await?;
    let of = drawing.reconciliation;
    reconciliations::find(&mut transaction, &act.scope, of).await?.ok_or(AllocationError::NoReconciliation)?;
    let filter = ReconciledFilter { body: drawing.body, gaps: drawing.only_gaps, ..ReconciledFilter::all(of) };
    let among = store::among(&mut transaction, &act.scope, &filter).await?;
    let drawn = sample::size(usize::try_from(among).unwrap_or_default(), percent);
    if drawn == 0 {
        return Err(AllocationError::NothingToDraw);
    }
    let number = store::SERIES.next(&mut transaction, act, today).await?;
    let new = NewAudit { id: Uuid::now_v7(), number, drawing, percent, among, drawn };
    store::insert(&mut transaction, act, &new).await?;
    store::draw(&mut transaction, &act.scope, &filter, &new).await?;
    let detail = json!({ "reconciliation": of, "seed": drawing.seed, "percent": percent, "body": drawing.body.map(Body::code),
        "only_gaps": drawing.only_gaps, "among": among, "drawn": drawn });
    let subject = number.to_string();
    let deed = Deed { action: "allocation.draw", subject_kind: SUBJECT_KIND, subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(number)
}

/// What an auditor says of a line that was drawn.
#[derive(Clone, Debug)]
pub enum Looked {
    /// Nothing is wrong with it.
    Sound,
    /// What is wrong: a finding is opened for it.
    Finding { words: String },
}

/// # Errors
/// The line was not drawn, or somebody looked at it before.
pub async fn look(act: &Act, (audit, key): (Number, &Key), looked: &Looked) -> Result<Option<Number>, AllocationError> {
    let (person, today) = (act.person()?, act.today());
    let words = match looked {
        Looked::Sound => "",
        Looked::Finding { words } if words.is_empty() => {
            return Err(AllocationError::Faults(vec![missing("words", "立案须写明发现的问题")]));
        }
        Looked::Finding { words } => words,
    };
    let parameters = policy::store::parameters_on(&act.pool, today).await?;
    let days = parameters.count("allocation_days_to_answer").map_err(anyhow::Error::from)?;
    let mut transaction = act.begin().await?;
    let audit = store::find(&mut transaction, &act.scope, audit).await?.ok_or(AllocationError::NotDrawn)?;
    if !store::look(&mut transaction, act, (audit.id, key), words).await? {
        return Err(AllocationError::NotDrawn);
    }
    let mut opened = None;
    if !words.is_empty() {
        let number = findings::SERIES.next(&mut transaction, act, today).await?;
        let id = Uuid::now_v7();
        let new = NewFinding { id, number, audit: audit.id, key, words, due: days_after(today, days.into()), person };
        findings::insert(&mut transaction, act, &new).await?;
        let timeline = Some(findings::line(act, id, (Step::Open, State::Opened), (words, None)));
        let detail =
            json!({ "audit": audit.number().to_string(), "uscc": key.uscc, "measure": key.measure, "due": new.due });
        let subject = number.to_string();
        let action = ("allocation.finding", subject.as_str());
        workflow::opened::<Finding>(&mut transaction, act, action, timeline, detail).await?;
        opened = Some(number);
    }
    let subject = audit.number().to_string();
    let detail = json!({ "uscc": key.uscc, "measure": key.measure, "words": words });
    let deed = Deed { action: "allocation.look", subject_kind: SUBJECT_KIND, subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(opened)
}
