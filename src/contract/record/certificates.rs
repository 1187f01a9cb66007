//! Putting a certificate right that was entered wrongly.

use serde_json::json;

use super::{Base, Grounds, Held, Outcome, RecordError, draft_certificate, touched, written};
use crate::account::Act;
use crate::contract::store::{self, NewCertificate};

/// Another number, period or wording in the place of what was recorded. Stage, parcel and the review it rests on stay:
/// a certificate for another stage is another certificate.
///
/// # Errors
/// The row is not in force any more, or [`RecordError::Faults`] when what takes its place does not fit.
pub async fn correct_certificate(
    act: &Act,
    base: &Base,
    id: i64,
    new: &NewCertificate,
    grounds: &Grounds,
) -> Outcome<i64> {
    let mut held = Held::of(act, base).await?;
    let old = held.contract().certificates.iter().find(|certificate| certificate.id == id).cloned();
    let old = old.ok_or(RecordError::NoSuchRow(id))?;
    let new = NewCertificate { parcel: old.parcel, stage: old.stage, review: old.review, ..new.clone() };
    held.refuse_change(|contract| {
        contract.certificates.retain(|certificate| certificate.id != id);
        contract.certificates.push(draft_certificate(act, &new, new.review));
    })?;
    touched(store::supersede_certificate(&mut held.transaction, &act.scope, &base.number, id, act.now).await?, id)?;
    let written = written(act, grounds, Some(id));
    let entered = store::add_certificate(&mut held.transaction, &act.scope, &base.number, &new, written).await?;
    let detail = json!({
        "corrects": id, "certificate": new.number, "valid": new.valid, "from": { "number": old.number, "valid": old.valid },
        "reason": grounds.reason,
    });
    held.finish("contract.correct_certificate", detail).await?;
    Ok(entered)
}
