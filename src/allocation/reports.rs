//! What bodies report to have done, measure by measure and quarter by quarter.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::rules::{self, NewReport};
use super::store::{lists, reports as store};
use super::wording::AllocationError;
use crate::account::audit::Deed;
use crate::account::{Act, Department};
use crate::enterprise;
use crate::entitlement::Body;
use crate::policy::store as catalogues;

const SUBJECT_KIND: &str = "allocation_report";

/// Whom somebody reports for: their own department's bodies, or every one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reporter {
    #[default]
    Office,
    Of(Option<Department>),
}

impl Reporter {
    pub fn may(self, body: Body) -> bool {
        match self {
            Reporter::Office => true,
            Reporter::Of(own) => own.is_some() && rules::department(body) == own,
        }
    }
}

/// # Errors
/// What the report lacks at its field, or why it is not taken.
pub async fn enter(act: &Act, reporter: Reporter, new: &NewReport) -> Result<Uuid, AllocationError> {
    let catalogue = catalogues::current(&act.pool, &act.scope.district).await.map_err(anyhow::Error::from)?;
    let (_, measure) =
        catalogue.measures.named(&new.measure).ok_or_else(|| AllocationError::NoSuchMeasure(new.measure.clone()))?;
    let body = measure.executing;
    if !reporter.may(body) {
        return Err(AllocationError::OfAnother(body));
    }
    let faults = rules::faults(new, measure, act.today());
    if !faults.is_empty() {
        return Err(AllocationError::Faults(faults));
    }
    if !enterprise::store::is_visible(&act.pool, &act.scope, new.uscc.as_str()).await? {
        return Err(AllocationError::NoSuchEnterprise(new.uscc.to_string()));
    }
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    if !lists::stands(&mut transaction, &act.scope, body, new.quarter).await? {
        return Err(AllocationError::NoList(new.quarter, body));
    }
    if !store::insert(&mut transaction, act, (id, body), new).await? {
        return Err(AllocationError::ReportTwice);
    }
    let detail = json!({ "report": id, "measure": new.measure, "quarter": new.quarter, "done": new.done,
        "amount": new.amount, "document": new.document });
    let subject = new.uscc.as_str();
    let deed = Deed { action: "allocation.report", subject_kind: SUBJECT_KIND, subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(id)
}

/// # Errors
/// It is of another's body, or was withdrawn before.
pub async fn withdraw(act: &Act, reporter: Reporter, id: Uuid, reason: &str) -> Result<(), AllocationError> {
    let mut transaction = act.begin().await?;
    let body = store::body_of(&mut transaction, &act.scope, id).await?.ok_or(AllocationError::NoReport)?;
    if !reporter.may(body) {
        return Err(AllocationError::OfAnother(body));
    }
    let subject = store::withdraw(&mut transaction, act, id, reason).await?.ok_or(AllocationError::NoReport)?;
    let detail = json!({ "report": id, "reason": reason });
    let deed = Deed { action: "allocation.report_withdrawn", subject_kind: SUBJECT_KIND, subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    Ok(transaction.commit().await?)
}
