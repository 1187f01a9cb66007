//! Allocation for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::asked::{ReconciledParameters, reporter};
use super::reports;
use super::rules::NewReport;
use super::store::reconciled::{self as store, ReconciledRow};
use crate::account::{Access, Officer, Routes};
use crate::entitlement::{Body, Finding, Turn};
use crate::exchange::FaultCode;
use crate::web::error::Problem;
use crate::web::form::{Field, Reader, Refuse, in_words};
use crate::web::list::Parameters;
use crate::web::{self, AppState, cursor};

/// How a program learns what is wrong with what it sent.
const REFUSE: Refuse = in_words;

pub fn routes() -> Routes {
    Routes::new().post("/api/v1/allocation/reports", Access::ReportAllocation, report).get(
        "/api/v1/allocation/reconciled",
        Access::ReadRegisters,
        reconciled,
    )
}

/// What was done about one measure of one enterprise in a quarter. Figures are texts: decimals without a separator.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AllocationReport)]
pub struct ReportBody {
    pub uscc: String,
    /// Id of the measure.
    pub measure: String,
    /// As `2024-3`.
    pub quarter: String,
    pub done: bool,
    /// In the unit of the measure's base.
    #[serde(default)]
    pub quantity: Option<String>,
    /// Yuan to the fen.
    #[serde(default)]
    pub amount: Option<String>,
    /// Number of the customer, of power, water and gas.
    #[serde(default)]
    pub account: Option<String>,
    #[serde(default)]
    pub done_on: Option<NaiveDate>,
    /// Why not, where nothing was done.
    #[serde(default)]
    pub note: String,
    pub document: String,
}

impl ReportBody {
    fn read(&self) -> web::Result<NewReport> {
        let mut reader = Reader::telling(FaultCode::BadRequest);
        let may = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let (quantity, amount, account) = (may(&self.quantity), may(&self.amount), may(&self.account));
        let quarter = reader.needs(Field::new("quarter", "quarter", &self.quarter), "2024-3");
        let uscc = reader.needs(Field::new("uscc", "uscc", &self.uscc), "18位信用代码");
        let measure = reader.text(Field::new("measure", "measure", &self.measure));
        let quantity = reader.number(Field::new("quantity", "quantity", &quantity));
        let amount = reader.number(Field::new("amount", "amount", &amount));
        let account = reader.may(Field::new("account", "account", &account), "至多40位字母、数字和连字符");
        let document = reader.text(Field::new("document", "document", &self.document));
        let all = quarter.zip(uscc).zip(measure.zip(document));
        let new = all.map(|((quarter, uscc), (measure, document))| NewReport {
            quarter,
            uscc,
            measure,
            done: self.done,
            quantity,
            amount,
            account,
            done_on: self.done_on,
            note: self.note.trim().to_owned(),
            document,
        });
        reader.finish(new).map_err(REFUSE)
    }
}

/// The report that was made.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AllocationReported)]
pub struct Reported {
    pub id: Uuid,
}

/// Reports what was done about one measure of one enterprise in a quarter whose list was handed over.
#[utoipa::path(
    post,
    path = "/api/v1/allocation/reports",
    tag = "allocation",
    request_body = ReportBody,
    responses(
        (status = 201, description = "It is on record", body = Reported),
        (status = 400, description = "What is wrong with it", body = Problem),
    )
)]
pub async fn report(
    State(state): State<AppState>,
    officer: Officer,
    Json(body): Json<ReportBody>,
) -> web::Result<(StatusCode, Json<Reported>)> {
    let new = body.read()?;
    let entered = reports::enter(&officer.act(&state), reporter(&officer), &new).await.map_err(web::Error::from);
    match entered {
        Ok(id) => Ok((StatusCode::CREATED, Json(Reported { id }))),
        Err(web::Error::Input(faults)) => Err(REFUSE(faults)),
        Err(other) => Err(other),
    }
}

/// One line of a reconciliation; yuan as texts.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AllocationReconciled)]
pub struct ReconciledLine {
    pub uscc: String,
    pub measure: String,
    pub executing: Body,
    /// Null where no list names the measure for the enterprise.
    pub grade: Option<String>,
    /// Due for the year.
    #[schema(value_type = Option<String>)]
    pub due: Option<Decimal>,
    #[schema(value_type = Option<String>)]
    pub done: Option<Decimal>,
    pub finding: Finding,
    #[schema(value_type = Option<String>)]
    pub gap: Option<Decimal>,
    /// Whose turn it is.
    pub turn: Option<Turn>,
    pub why: String,
    /// Of the enterprise on the list.
    pub receipt: Option<String>,
}

impl From<ReconciledRow> for ReconciledLine {
    fn from(row: ReconciledRow) -> Self {
        ReconciledLine {
            uscc: row.uscc,
            measure: row.measure,
            executing: row.body,
            grade: row.grade,
            due: row.due,
            done: row.done,
            finding: row.finding,
            gap: row.gap,
            turn: row.turn,
            why: row.why,
            receipt: row.receipt,
        }
    }
}

/// One page of a reconciliation.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AllocationReconciliation)]
pub struct Reconciliation {
    pub id: Uuid,
    /// Up to which quarter, as `2024-3`.
    pub up_to: String,
    /// From which all of it can be made again.
    pub receipt: String,
    pub lines: Vec<ReconciledLine>,
    /// For `after`; null on the last page.
    pub next: Option<String>,
}

/// What a grade entitles to against what was done, line by line.
#[utoipa::path(
    get,
    path = "/api/v1/allocation/reconciled",
    tag = "allocation",
    params(ReconciledParameters),
    responses(
        (status = 200, description = "One page", body = Reconciliation),
        (status = 400, description = "A parameter cannot be read", body = Problem),
        (status = 404, description = "There is no such reconciliation", body = Problem),
    )
)]
pub async fn reconciled(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ReconciledParameters>,
) -> web::Result<Json<Reconciliation>> {
    let (of, filter) = parameters.read(&state.pool, &officer).await?;
    let (position, size) = (parameters.position()?, parameters.page_size()?);
    let page = store::page(&state.pool, &officer.scope, &filter, position, size).await?;
    Ok(Json(Reconciliation {
        id: of.id,
        up_to: format!("{}-{}", of.year, of.quarter),
        receipt: of.receipt,
        next: page.next.as_ref().map(cursor::encode),
        lines: page.rows.into_iter().map(ReconciledLine::from).collect(),
    }))
}
