//! What is entered here: seats, meetings, resolutions. Nothing is deleted; a seat ends by a document, a resolution is withdrawn
//! with a reason.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::store::{meetings, members, resolutions};
use super::{NewMeeting, NewMember, NewResolution};
use crate::account::Act;
use crate::account::audit::Deed;

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("同一时间只有一位组长；请先登记原组长离任")]
    SecondLeader,
    #[error("此人在同一单位的任职已登记，且期间重叠")]
    SecondSeat,
    #[error("没有这项任职，或已离任")]
    NoSeat,
    #[error("离任日期不能早于任职日期")]
    BeforeStart,
    #[error("文号为“{0}”的会议纪要已登记")]
    MeetingTwice(String),
    #[error("没有登记文号为“{0}”的会议；请先登记会议，或留空")]
    NoMeeting(String),
    #[error("文号为“{0}”的决议已登记")]
    ResolutionTwice(String),
    #[error("没有这项决议，或已撤回")]
    NoResolution,
    #[error("请写明撤回的理由")]
    NoReason,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// # Errors
/// A second leader at a time, or the same person twice.
pub async fn appoint(act: &Act, new: &NewMember) -> Result<Uuid, RegisterError> {
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    members::insert(&mut transaction, act, id, new).await.map_err(|error| match members::overlap(&error) {
        Some(members::Overlap::Leader) => RegisterError::SecondLeader,
        Some(members::Overlap::Seat) => RegisterError::SecondSeat,
        None => error.into(),
    })?;
    let detail = json!({ "name": new.name, "organisation": new.organisation, "post": new.post.code(),
        "from": new.from, "document": new.document });
    act.record(&mut transaction, deed("leading_group.appoint", &id.to_string(), detail)).await?;
    transaction.commit().await?;
    Ok(id)
}

/// The last day of a seat, by a document.
///
/// # Errors
/// It is over already, or would end before it began.
pub async fn release(act: &Act, id: Uuid, last_day: NaiveDate, document: &str) -> Result<(), RegisterError> {
    let mut transaction = act.begin().await?;
    let from = members::begun(&mut transaction, &act.scope, id).await?.ok_or(RegisterError::NoSeat)?;
    if last_day < from {
        return Err(RegisterError::BeforeStart);
    }
    members::end(&mut transaction, act, id, last_day, document).await?;
    let detail = json!({ "last_day": last_day, "document": document });
    act.record(&mut transaction, deed("leading_group.release", &id.to_string(), detail)).await?;
    Ok(transaction.commit().await?)
}

/// # Errors
/// The minutes are on record.
pub async fn hold_meeting(act: &Act, new: &NewMeeting) -> Result<Uuid, RegisterError> {
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    if !meetings::insert(&mut transaction, act, id, new).await? {
        return Err(RegisterError::MeetingTwice(new.number.clone()));
    }
    let detail = json!({ "number": new.number, "held_on": new.held_on, "title": new.title });
    act.record(&mut transaction, deed("leading_group.meeting", &id.to_string(), detail)).await?;
    transaction.commit().await?;
    Ok(id)
}

/// # Errors
/// The number is on record, or the meeting is not.
pub async fn resolve(act: &Act, new: &NewResolution) -> Result<Uuid, RegisterError> {
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    let meeting = match &new.meeting {
        Some(number) => Some(
            meetings::by_number(&mut transaction, &act.scope, number)
                .await?
                .ok_or_else(|| RegisterError::NoMeeting(number.clone()))?,
        ),
        None => None,
    };
    if !resolutions::insert(&mut transaction, act, id, meeting, new).await? {
        return Err(RegisterError::ResolutionTwice(new.number.clone()));
    }
    let scan = new.scan.as_ref().map(|scan| hex::encode(&scan.sha256));
    let detail =
        json!({ "number": new.number, "decided_on": new.decided_on, "matter": new.matter.code(), "scan": scan });
    act.record(&mut transaction, deed("leading_group.resolution", &id.to_string(), detail)).await?;
    transaction.commit().await?;
    Ok(id)
}

/// What was decided on it stays as it is; it is not cited any more.
///
/// # Errors
/// No reason, or it was withdrawn before.
pub async fn withdraw(act: &Act, id: Uuid, reason: &str) -> Result<(), RegisterError> {
    if reason.is_empty() {
        return Err(RegisterError::NoReason);
    }
    let mut transaction = act.begin().await?;
    if !resolutions::withdraw(&mut transaction, act, id, reason).await? {
        return Err(RegisterError::NoResolution);
    }
    let detail = json!({ "reason": reason });
    act.record(&mut transaction, deed("leading_group.resolution_withdrawn", &id.to_string(), detail)).await?;
    Ok(transaction.commit().await?)
}

fn deed<'a>(action: &'a str, subject: &'a str, detail: serde_json::Value) -> Deed<'a> {
    Deed { action, subject_kind: "leading_group", subject, detail }
}
