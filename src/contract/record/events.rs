//! What happened under a contract, put right or withdrawn. A review comes in by [`review_within`] alone.

use serde_json::{Value, json};

use super::{Base, Grounds, Held, Outcome, RecordError, draft_event, touched, written};
use crate::account::Act;
use crate::contract::event::{Event, EventKind, ReviewOrigin};
use crate::contract::fault::{Fault, FaultCode, Place, error};
use crate::contract::store::{self, NewEvent};
use crate::db::PgConnection;

/// Records what happened. Whether it may happen in this stage is decided by [`crate::contract::stage::MOVES`].
///
/// # Errors
/// A review is not recorded this way ([`review_within`]); for the rest as for [`super::conclude`].
pub async fn event(act: &Act, base: &Base, event: &NewEvent, grounds: &Grounds) -> Outcome<i64> {
    event_within(act, base, event, grounds).await?.commit().await
}

/// An event that is written and not committed yet, so that the rows it rests on stand or fall with it.
pub struct Recorded<'a> {
    held: Held<'a>,
    /// Of the event.
    pub id: i64,
    detail: Value,
}

impl Recorded<'_> {
    /// Inside the transaction of the event.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.held.transaction
    }

    pub async fn commit(self) -> Outcome<i64> {
        self.held.finish("contract.event", self.detail).await?;
        Ok(self.id)
    }
}

/// The same as [`event`], left open for the caller's own rows.
pub async fn event_within<'a>(act: &'a Act, base: &Base, event: &NewEvent, grounds: &Grounds) -> Outcome<Recorded<'a>> {
    by_hand(event)?;
    entered(act, base, event, None, grounds).await
}

/// The event of a review that is concluded in the same transaction: its row, its receipt and the event stand or fall
/// together. Nobody else records a review.
pub async fn review_within<'a>(
    act: &'a Act,
    base: &Base,
    event: &NewEvent,
    grounds: &Grounds,
) -> Outcome<Recorded<'a>> {
    debug_assert!(event.happening.kind().is_review());
    entered(act, base, event, Some(ReviewOrigin::Concluded), grounds).await
}

/// What somebody writes down is no review.
fn by_hand(event: &NewEvent) -> Outcome {
    let kind = event.happening.kind();
    if kind.is_review() { Err(RecordError::Faults(vec![review_elsewhere(kind)])) } else { Ok(()) }
}

/// Why a review is refused as an event.
pub fn review_elsewhere(kind: EventKind) -> Fault {
    let message = format!("{kind}不能作为事件登记：请在合同页面发起复核，由参加部门会同核查后作出结论");
    error(FaultCode::ReviewElsewhere, Place::Contract, message)
}

async fn entered<'a>(
    act: &'a Act,
    base: &Base,
    event: &NewEvent,
    review: Option<ReviewOrigin>,
    grounds: &Grounds,
) -> Outcome<Recorded<'a>> {
    let mut held = Held::of(act, base).await?;
    held.refuse_change(|contract| contract.events.push(Event { review, ..draft_event(act, event) }))?;
    let written = written(act, grounds, None);
    let id = store::add_event(&mut held.transaction, &act.scope, &base.number, event, review, written).await?;
    let detail = json!({
        "event": id, "kind": event.happening.kind(), "on": event.on, "document": event.document, "reason": grounds.reason,
    });
    Ok(Recorded { held, id, detail })
}

/// Puts an event right, or withdraws it when there is nothing to take its place. A review is only ever withdrawn: another
/// one is concluded in its place.
pub async fn correct_event(
    act: &Act,
    base: &Base,
    id: i64,
    event: Option<&NewEvent>,
    grounds: &Grounds,
) -> Outcome<Option<i64>> {
    let mut held = Held::of(act, base).await?;
    let contract = held.contract();
    let recorded = contract.events.iter().find(|event| event.id == id).ok_or(RecordError::NoSuchRow(id))?;
    let kinds = [Some(recorded.happening.kind()), event.map(|event| event.happening.kind())];
    if let Some(review) = kinds.into_iter().flatten().find(|kind| kind.is_review() && event.is_some()) {
        return Err(RecordError::Faults(vec![review_elsewhere(review)]));
    }
    if contract.certificates.iter().any(|certificate| certificate.review == Some(id)) {
        return Err(RecordError::HoldsCertificate(id));
    }
    held.refuse_change(|contract| {
        contract.events.retain(|event| event.id != id);
        contract.events.extend(event.map(|event| draft_event(act, event)));
    })?;
    let written = written(act, grounds, Some(id));
    touched(store::supersede_event(&mut held.transaction, &act.scope, &base.number, id, written).await?, id)?;
    let mut new = None;
    if let Some(event) = event {
        new = Some(store::add_event(&mut held.transaction, &act.scope, &base.number, event, None, written).await?);
    }
    held.finish("contract.correct_event", json!({ "corrects": id, "event": new, "reason": grounds.reason })).await?;
    Ok(new)
}
