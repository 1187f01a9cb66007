//! One list: what it comes to, who took it, its withdrawal; or how far it is while it is drawn.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::fen;
use crate::account::{Access, Officer};
use crate::allocation::store::lists::{self as store, ListRow};
use crate::allocation::wording::AllocationError;
use crate::allocation::{job, lists};
use crate::base::clock::china_minute;
use crate::exchange::Fault;
use crate::jobs::page::{self, Made};
use crate::web::form::{self, Reader, Sent, Shown, faults_of};
use crate::web::{self, AppState, Error, Shell};

const LIST: Made = Made { title: "交办清单", back: "/allocation", back_label: "交办清单", unit: "家" };

#[derive(Template)]
#[template(path = "allocation/list.html")]
struct ListPage {
    shell: Shell,
    list: ListRow,
    due: String,
    today: chrono::NaiveDate,
    may_hand_over: bool,
    /// As it was typed when it was refused, and at which of the forms.
    acknowledgement: Shown,
    withdrawal: Shown,
}

fn progress_address(id: Uuid) -> String {
    format!("/allocation/lists/{id}/progress")
}

async fn page_of(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    (acknowledgement, withdrawal): (Shown, Shown),
) -> web::Result<Response> {
    let found = store::find(&mut *state.pool.acquire().await?, &officer.scope, id).await?;
    let Some(list) = found else {
        let job = job::status(&state.pool, &officer.scope, id).await?;
        let job = job.ok_or_else(|| Error::NotFound("没有这份交办清单".into()))?;
        return page::running(state, officer, LIST, (&job, &progress_address(id)));
    };
    let status = if acknowledgement.is_refused() { acknowledgement.status() } else { withdrawal.status() };
    let shell = officer.shell(state, format!("{}　{}交办清单", list.body, list.quarter_label()));
    let (due, today) = (fen(list.due_yuan), state.clock.today());
    let may_hand_over = officer.may(Access::HandOverMeasures);
    form::page(status, &ListPage { shell, list, due, today, may_hand_over, acknowledgement, withdrawal })
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    page_of(&state, &officer, id, (Shown::default(), Shown::default())).await
}

pub async fn progress(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    let job = job::status(&state.pool, &officer.scope, id).await?;
    page::progress(LIST, job.as_ref(), &progress_address(id))
}

fn to_list(id: Uuid) -> Response {
    Redirect::to(&format!("/allocation/lists/{id}")).into_response()
}

pub async fn acknowledge(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let act = officer.act(&state);
    let mut reader = Reader::default();
    let on = reader.needs_day(sent.field("on", "签收日期"));
    let by = reader.text(sent.field("by", "签收人"));
    let faults = match reader.finish(on.zip(by)) {
        Ok((on, by)) => faults_of(lists::acknowledge(&act, id, (on, &by)).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(to_list(id));
    }
    page_of(&state, &officer, id, (Shown::from(sent).with_faults(faults), Shown::default())).await
}

pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let mut reader = Reader::default();
    let reason = reader.text(sent.field("reason", "撤销理由"));
    let faults: Vec<Fault> = match reader.finish(reason) {
        Ok(reason) => {
            let outcome: Result<(), AllocationError> = lists::withdraw(&officer.act(&state), id, &reason).await;
            faults_of(outcome)?
        }
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(to_list(id));
    }
    page_of(&state, &officer, id, (Shown::default(), Shown::from(sent).with_faults(faults))).await
}
