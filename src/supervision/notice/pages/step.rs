//! A notice is sent, delivered or withdrawn.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::account::Officer;
use crate::contract::asked::day_done;
use crate::supervision::notice::store::{self, Delivery, Notice, NoticeError};
use crate::supervision::notice::{DeliveryWay, NoticeStep};
use crate::web::list::given;
use crate::web::{self, AppState, Error};
use crate::workflow;

/// A step by form or program.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
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

/// What became of a step.
pub enum Taken {
    Done(Box<Notice>),
    /// What would go out on that day is another text than the one that was seen; nothing was sent.
    OtherText(NaiveDate),
}

/// Takes a step for the page and for the API alike.
pub async fn take(state: &AppState, officer: &Officer, id: Uuid, form: &StepForm) -> web::Result<Taken> {
    let notice = store::find(&state.pool, &officer.scope, id).await?.ok_or(NoticeError::NotFound)?;
    workflow::unchanged(&mut *state.pool.acquire().await?, &officer.scope, &notice, form.version).await?;
    let today = state.clock.today();
    let day = |what: &str| day_done(&form.on, today, what).map_err(Error::BadRequest);
    let act = officer.act(state);
    match NoticeStep::parse(&form.step).ok_or_else(|| Error::BadRequest("没有这种操作".into()))? {
        NoticeStep::Send => {
            let way = DeliveryWay::parse(&form.way).ok_or_else(|| Error::BadRequest("请选择送达方式".into()))?;
            let mark = given(&form.mark).ok_or(NoticeError::Missing("请先查看要发出的文本，再连同其标记发送"))?;
            let on = day("发送日期")?;
            let draft = store::draft(&state.pool, &officer.scope, &notice, on, act.now).await?;
            if draft.outgoing.mark != mark {
                return Ok(Taken::OtherText(on));
            }
            store::send(&act, &notice, way, &draft).await?;
        }
        NoticeStep::Deliver => {
            let on = day("送达日期")?;
            store::deliver(&act, &notice, &Delivery { on, to: &form.to, receipt: &form.receipt }).await?;
        }
        NoticeStep::Withdraw => store::withdraw(&act, &notice, &form.reason).await?,
    }
    let notice = store::find(&state.pool, &officer.scope, id).await?.ok_or(NoticeError::NotFound)?;
    Ok(Taken::Done(Box::new(notice)))
}

pub async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Form(form): Form<StepForm>,
) -> web::Result<Redirect> {
    Ok(Redirect::to(&match take(&state, &officer, id, &form).await? {
        Taken::Done(_) => format!("/notices/{id}"),
        // Shown again as it would go out now, to be sent once it was read.
        Taken::OtherText(on) => format!("/notices/{id}?on={on}&changed=1"),
    }))
}
