//! Findings of joint enforcement for the programs of departments.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Path, Query, State};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::asked::FindingParameters;
use super::steps::{self, Seen};
use super::store::finding_list;
use super::store::findings::{self as store, Finding, StepTaken};
use super::wording::finding_address;
use super::{State as FindingState, Step, form};
use crate::account::{Access, Department, Officer, Routes};
use crate::web::error::Problem;
use crate::web::form::Sent;
use crate::web::list::Parameters;
use crate::web::{self, AppState, Error, Received, cursor};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/enforcement/findings", Access::ReadRegisters, findings)
        .get("/api/v1/enforcement/findings/{no}", Access::ReadRegisters, finding)
        .post("/api/v1/enforcement/findings/{no}/steps", Access::WorkEnforcement, step)
}

/// One finding; yuan as a text.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = EnforcementFinding)]
pub struct FindingLine {
    pub no: String,
    /// Number of the campaign.
    pub campaign: String,
    pub uscc: String,
    pub name: String,
    pub parcel: String,
    pub department: Department,
    /// As it was asked.
    pub question: String,
    pub basis: String,
    /// What was found.
    pub found: String,
    pub found_on: NaiveDate,
    pub handed_on: NaiveDate,
    pub state: FindingState,
    /// Of the next step; null once it is closed.
    pub due: Option<NaiveDate>,
    pub overdue_days: i64,
    #[schema(value_type = Option<String>)]
    pub fine_yuan: Option<Decimal>,
    /// For the next step.
    pub version: i32,
    /// Of its page.
    pub href: String,
}

impl FindingLine {
    fn of(finding: &Finding, today: NaiveDate) -> Self {
        FindingLine {
            no: finding.number().to_string(),
            campaign: finding.campaign().to_string(),
            uscc: finding.uscc.clone(),
            name: finding.name.clone(),
            parcel: finding.parcel.clone(),
            department: finding.department,
            question: finding.question.clone(),
            basis: finding.basis.clone(),
            found: finding.words.clone(),
            found_on: finding.found_on,
            handed_on: finding.handed_on,
            state: finding.state,
            due: finding.due,
            overdue_days: finding.days_late(today),
            fine_yuan: finding.fine_yuan,
            version: finding.version,
            href: finding_address(finding.number()),
        }
    }
}

/// One page of findings.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = EnforcementFindings)]
pub struct FindingPage {
    pub findings: Vec<FindingLine>,
    /// For `after`; null on the last page.
    pub next: Option<String>,
}

/// Findings of joint enforcement, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/enforcement/findings",
    tag = "enforcement",
    params(FindingParameters),
    responses(
        (status = 200, description = "One page", body = FindingPage),
        (status = 400, description = "A parameter cannot be read", body = Problem),
    )
)]
pub async fn findings(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<FindingParameters>,
) -> web::Result<Json<FindingPage>> {
    let today = state.clock.today();
    let filter = parameters.filter(&officer, today)?;
    let (position, size) = (parameters.position()?, parameters.page_size()?);
    let page = finding_list::page(&state.pool, &officer.scope, &filter, &position, size).await?;
    Ok(Json(FindingPage {
        next: page.next.as_ref().map(cursor::encode),
        findings: page.rows.iter().map(|finding| FindingLine::of(finding, today)).collect(),
    }))
}

/// A finding with its way.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = EnforcementFindingWithSteps)]
pub struct FindingWithSteps {
    #[serde(flatten)]
    pub finding: FindingLine,
    /// Oldest first.
    pub steps: Vec<StepTaken>,
}

async fn answer(state: &AppState, officer: &Officer, number: &str) -> web::Result<Json<FindingWithSteps>> {
    let finding = steps::of_number(&officer.act(state), number).await?;
    let mut connection = state.pool.acquire().await?;
    let steps = store::timeline(&mut connection, &officer.scope, finding.id).await?;
    Ok(Json(FindingWithSteps { finding: FindingLine::of(&finding, state.clock.today()), steps }))
}

/// One finding with every step.
#[utoipa::path(
    get,
    path = "/api/v1/enforcement/findings/{no}",
    tag = "enforcement",
    params(("no" = String, Path, description = "As `2026-0012`")),
    responses(
        (status = 200, description = "The finding", body = FindingWithSteps),
        (status = 404, description = "There is none in the scope", body = Problem),
    )
)]
pub async fn finding(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Json<FindingWithSteps>> {
    answer(&state, &officer, &number).await
}

/// A step that one's department takes. What it needs depends on the step.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EnforcementStepForm)]
pub struct StepBody {
    pub step: Step,
    /// The version that was looked at.
    pub version: i32,
    pub words: String,
    /// Today without it.
    #[serde(default)]
    pub on: String,
    /// Number of the case, the order or the fine.
    #[serde(default)]
    pub document: String,
    /// By when it is put right: of an order and of a re-check.
    #[serde(default)]
    pub due: String,
    /// Yuan, of a fine.
    #[serde(default)]
    pub fine: String,
}

/// Takes a step of a finding of one's department.
#[utoipa::path(
    post,
    path = "/api/v1/enforcement/findings/{no}/steps",
    tag = "enforcement",
    params(("no" = String, Path, description = "As `2026-0012`")),
    request_body = StepBody,
    responses(
        (status = 200, description = "The finding after it", body = FindingWithSteps),
        (status = 400, description = "The JSON cannot be read", body = Problem),
        (status = 404, description = "There is none in the scope", body = Problem),
        (status = 409, description = "Somebody was faster", body = Problem),
        (status = 422, description = "What is wrong, each at its field", body = Problem),
    )
)]
pub async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Received(body): Received<StepBody>,
) -> web::Result<Json<FindingWithSteps>> {
    let finding = steps::of_number(&officer.act(&state), &number).await?;
    let sent = Sent::default()
        .with("words", body.words)
        .with("on", body.on)
        .with("document", body.document)
        .with("due", body.due)
        .with("fine", body.fine);
    let told = form::told(&sent, body.step, state.clock.today()).map_err(Error::Input)?;
    let seen = Seen { id: finding.id, version: body.version, department: officer.department };
    steps::take(&officer.act(&state), seen, &told).await?;
    answer(&state, &officer, &number).await
}
