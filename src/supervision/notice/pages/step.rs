//! A notice is sent, delivered or withdrawn.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::one;
use crate::account::Officer;
use crate::exchange::{Fault, FaultCode};
use crate::supervision::notice::store::{self, Delivery, Notice, NoticeError};
use crate::supervision::notice::{DeliveryWay, NoticeStep};
use crate::web::form::{Posted, Reader, Refuse, Shown, faults_or_conflict, field};
use crate::web::{self, AppState, Error};
use crate::workflow;

/// A step by form or program.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = NoticeStepForm)]
pub struct StepForm {
    /// The version that was looked at.
    pub version: i32,
    /// `send`, `deliver` or `withdraw`.
    pub step: String,
    /// Send and deliver: the day.
    pub on: String,
    /// Send: `in_person`, `registered_mail`, `electronic`, `left_at_place` or `public_notice`.
    pub way: String,
    /// Send: the `mark` of the text that was seen for that day. Another text is not sent.
    pub mark: String,
    /// Deliver: who signed, and what proves it.
    pub to: String,
    pub receipt: String,
    /// Withdraw: why.
    pub reason: String,
}

/// A step that can be read.
enum Read<'a> {
    Send { way: DeliveryWay, on: NaiveDate, mark: &'a str },
    Deliver(Delivery<'a>),
    Withdraw(&'a str),
}

impl StepForm {
    fn read(&self, today: NaiveDate) -> Result<Read<'_>, Vec<Fault>> {
        let mut reader = Reader::default();
        let step = NoticeStep::parse(&self.step);
        let read = match step {
            None => {
                reader.push(Fault::error(FaultCode::BadRequest, "没有这种操作"));
                None
            }
            Some(NoticeStep::Send) => {
                let way = reader.needs(field!(self.way, "送达方式"), "列出的方式");
                let on = reader.day_done(field!(self.on, "发送日期"), today);
                let mark = field!(self.mark, "文本标记");
                if mark.is_empty() {
                    reader.push(mark.fault(FaultCode::ValueMissing, "请先查看要发出的文本，再连同其标记发送"));
                }
                way.zip(on).zip(mark.given()).map(|((way, on), mark)| Read::Send { way, on, mark })
            }
            Some(NoticeStep::Deliver) => {
                let on = reader.day_done(field!(self.on, "送达日期"), today);
                reader.text(field!(self.to, "签收人"));
                reader.text(field!(self.receipt, "送达凭证"));
                on.map(|on| Read::Deliver(Delivery { on, to: &self.to, receipt: &self.receipt }))
            }
            Some(NoticeStep::Withdraw) => {
                reader.text(field!(self.reason, "撤回原因"));
                Some(Read::Withdraw(&self.reason))
            }
        };
        reader.finish(read)
    }
}

/// What became of a step.
pub enum Taken {
    Done(Box<Notice>),
    /// What would go out on that day is another text than the one that was seen; nothing was sent.
    OtherText(NaiveDate),
}

/// Takes a step for the page and for the API alike.
pub async fn take(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    form: &StepForm,
    refuse: Refuse,
) -> web::Result<Taken> {
    let notice = store::find(&state.pool, &officer.scope, id).await?.ok_or(NoticeError::NotFound)?;
    workflow::unchanged(&mut *state.pool.acquire().await?, &officer.scope, &notice, form.version).await?;
    let act = officer.act(state);
    match form.read(act.today()).map_err(refuse)? {
        Read::Send { way, on, mark } => {
            let draft = store::draft(&state.pool, &officer.scope, &notice, on, act.now).await?;
            if draft.outgoing.mark != mark {
                return Ok(Taken::OtherText(on));
            }
            store::send(&act, &notice, way, &draft).await?;
        }
        Read::Deliver(delivery) => store::deliver(&act, &notice, &delivery).await?,
        Read::Withdraw(reason) => store::withdraw(&act, &notice, reason).await?,
    }
    let notice = store::find(&state.pool, &officer.scope, id).await?.ok_or(NoticeError::NotFound)?;
    Ok(Taken::Done(Box::new(notice)))
}

/// What is not taken comes back as it was typed, on the letter as it stands.
pub async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Posted(form): Posted<StepForm>,
) -> web::Result<Response> {
    let faults = match take(&state, &officer, id, &form, Error::Input).await {
        Ok(Taken::Done(_)) => return Ok(Redirect::to(&format!("/notices/{id}")).into_response()),
        // Shown again as it would go out now, to be sent once it was read.
        Ok(Taken::OtherText(on)) => {
            return Ok(Redirect::to(&format!("/notices/{id}?on={on}&changed=1")).into_response());
        }
        Err(error) => faults_or_conflict::<(), _>(Err(error))?,
    };
    one::again(&state, &officer, id, Shown::of(&form).part(&form.step).with_faults(faults)).await
}
