//! Measures for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use chrono::NaiveDate;
use serde::Serialize;

use super::asked::{self, ListParameters};
use super::line::DueLine;
use super::list::Row;
use super::reading::{self, Reading, keep, questions};
use crate::account::{Access, Officer, Routes};
use crate::db::keyset::Position;
use crate::enterprise;
use crate::entitlement::Condition;
use crate::policy::receipt::Receipt;
use crate::policy::store::receipts;
use crate::web::error::Problem;
use crate::web::list::Parameters;
use crate::web::{self, AppState, Error, cursor};

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/measures", Access::ReadRegisters, list).get(
        "/api/v1/measures/{uscc}",
        Access::ReadRegisters,
        one,
    )
}

/// One page of what is due on a day.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = MeasureList)]
pub struct DueList {
    pub on: NaiveDate,
    pub lines: Vec<DueLine>,
    /// For `after`; null on the last page. A page of what is rare may be short, or empty, and still have a next one.
    pub next: Option<String>,
}

/// What every enterprise is entitled to or liable for on a day. Each line names the receipt from which it can be made again.
#[utoipa::path(
    get,
    path = "/api/v1/measures",
    tag = "measures",
    params(ListParameters),
    responses(
        (status = 200, description = "One page", body = DueList),
        (status = 400, description = "A parameter cannot be read, or nothing was in force on the day", body = Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<DueList>> {
    let (on, filter) = (parameters.day(state.clock.today())?, parameters.filter()?);
    let position: Position<_> = parameters.position()?;
    let reading = Reading::of(&state.pool, &officer.scope, on).await?;
    let page = reading.page(&state.pool, &officer.scope, &filter, position, parameters.page_size()?).await?;
    let receipts: Vec<&Receipt> = page.rows.iter().map(|row| &*row.receipt).collect();
    keep(&mut *state.pool.acquire().await?, &officer.act(&state), &receipts).await?;
    let next = page.next.as_ref().map(cursor::encode);
    Ok(Json(DueList { on, lines: page.rows.into_iter().map(Row::into_due).collect(), next }))
}

/// A question that a measure of the day asks, and its answer as it was given; null while it is open.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = MeasureQuestion)]
pub struct Question {
    #[serde(flatten)]
    pub condition: Condition,
    pub answer: Option<bool>,
}

/// One enterprise on a day.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = MeasuresOfEnterprise)]
pub struct OfEnterprise {
    pub uscc: String,
    pub on: NaiveDate,
    /// The grade that acts; null without a binding one of the year before. Then no measure concerns it.
    pub grade: Option<String>,
    pub category: Option<String>,
    /// The year it is of.
    pub graded: i32,
    pub questions: Vec<Question>,
    pub lines: Vec<DueLine>,
    /// From which the answer can be made again; null where no grade acts.
    pub receipt: Option<String>,
}

/// What is allowed and what is barred for one enterprise on a day. Whatever no register knows is asked: its key goes into the address
/// with `yes` or `no`, as `loan_expands_capacity_only=no`.
#[utoipa::path(
    get,
    path = "/api/v1/measures/{uscc}",
    tag = "measures",
    params(
        ("uscc" = String, Path, description = "Credit code"),
        ("on" = Option<NaiveDate>, Query, description = "The day; today without it"),
    ),
    responses(
        (status = 200, description = "Every measure that concerns it", body = OfEnterprise),
        (status = 400, description = "A parameter cannot be read, or no measure asks the question", body = Problem),
        (status = 404, description = "There is no such enterprise", body = Problem),
    )
)]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    Query(mut asked): Query<BTreeMap<String, String>>,
) -> web::Result<Json<OfEnterprise>> {
    let on = asked::day(&asked.remove("on").unwrap_or_default(), state.clock.today())?;
    if !enterprise::store::is_visible(&state.pool, &officer.scope, &uscc).await? {
        return Err(Error::NotFound("没有这家企业，或不在您的辖区内".into()));
    }
    let reading = Reading::of(&state.pool, &officer.scope, on).await?;
    let answers = asked::answers(&asked, &reading.measures)?;
    let found = reading.ask(&state.pool, &officer.scope, &uscc, &answers).await?;
    let question =
        |condition: &Condition| Question { answer: answers.get(&condition.key).copied(), condition: condition.clone() };
    let mut answer = OfEnterprise {
        graded: crate::evaluation::acting::graded_year(on),
        grade: None,
        category: None,
        questions: questions(&reading.measures).into_iter().map(question).collect(),
        lines: Vec::new(),
        receipt: None,
        uscc,
        on,
    };
    if let Some((judged, inputs)) = found {
        receipts::save(&mut *state.pool.acquire().await?, &officer.act(&state), &judged.receipt)
            .await
            .map_err(reading::ReadError::from)?;
        let receipt = judged.receipt.id.clone();
        let line = |line| DueLine { uscc: answer.uscc.clone(), line, receipt: receipt.clone() };
        answer.lines = judged.results.lines.into_iter().map(line).collect();
        answer.grade = Some(judged.subject.grade);
        answer.category = Some(inputs.category.code().to_owned());
        answer.receipt = Some(receipt);
    }
    Ok(Json(answer))
}
