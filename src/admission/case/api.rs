//! Cases as JSON: `/api/v1/admission/cases`. Every change names the version it was decided on.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::application::Application;
use super::check::{self, Days, StoredOutcome, examine};
use super::document::Commitment;
use super::gap::Gap;
use super::list::ListParameters;
use super::rules::{self, Blocker, Move};
use super::store::{self, beside, cases, checks, commitments, docket, listing, moves, opinions, submit};
use super::{Action, Case, Event, Opinion, Outcome, Recommends, Stage, Stance};
use crate::account::{Access, Officer, Routes};
use crate::parcel::claims::Standing;
use crate::policy::verdict::Overall;
use crate::web::error::Problem;
use crate::web::list::Parameters;
use crate::web::{self, AppState, Error, cursor, received};

const PAGE: u16 = 100;

pub fn routes() -> Routes {
    use Access::*;
    Routes::new()
        .get("/api/v1/admission/cases", ReadCases, list)
        .post("/api/v1/admission/cases", HandleCases, create)
        .get("/api/v1/admission/cases/{id}", ReadCases, one)
        .post("/api/v1/admission/cases/{id}/handle", HandleCases, handle)
        .post("/api/v1/admission/cases/{id}/opinion", GiveOpinions, opine)
        .post("/api/v1/admission/cases/{id}/decision", DecideCases, decide)
}

/// A case as the list shows it. Areas are decimal strings, m².
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseView {
    pub id: Uuid,
    /// `2026-0012`; null for a draft.
    pub number: Option<String>,
    pub stage: Stage,
    pub round: i32,
    /// Pass it with every change.
    pub version: i32,
    pub project: String,
    pub investor: String,
    pub uscc: Option<String>,
    pub industry: Option<String>,
    pub land_kind: Option<String>,
    pub site_area_m2: Option<String>,
    pub applied_on: Option<NaiveDate>,
    /// Of the current check.
    pub verdict: Option<Overall>,
    pub outcome: Option<Outcome>,
    pub changed_at: DateTime<Utc>,
}

impl From<&Case> for CaseView {
    fn from(case: &Case) -> Self {
        CaseView {
            id: case.id,
            number: case.number(),
            stage: case.stage,
            round: case.round,
            version: case.version,
            project: case.project.clone(),
            investor: case.investor.clone(),
            uscc: case.uscc.clone(),
            industry: case.industry_code.clone(),
            land_kind: case.land_kind.clone(),
            site_area_m2: case.site_area_m2.map(|area| area.to_string()),
            applied_on: case.applied_on,
            verdict: case.verdict,
            outcome: case.outcome,
            changed_at: case.changed_at,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseList {
    pub cases: Vec<CaseView>,
    /// Pass it as `after`; null on the last page.
    pub next: Option<String>,
}

/// Everything about one case.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseDetail {
    pub case: CaseView,
    pub application: Application,
    /// What holds it up, most urgent first.
    pub blockers: Vec<Blocker>,
    pub check: Option<StoredOutcome>,
    pub opinions: Vec<Opinion>,
    pub commitments: Vec<Commitment>,
    pub events: Vec<Event>,
    /// What the application still lacks; only while it can be changed.
    pub gaps: Vec<Gap>,
    /// Live grants and admitted projects on its land; only while the case is open.
    pub standing: Vec<Standing>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// Made by the client: the same key again answers the same case.
    pub client_key: Uuid,
    pub application: Application,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    pub version: i32,
    /// `submit`, `accept`, `return`, `consult`, `recommend`, `notify` or `withdraw`.
    pub action: Action,
    /// Needed for `return`, `recommend` and `withdraw`.
    #[serde(default)]
    pub reason: String,
    /// Needed for `recommend`.
    pub recommends: Option<Recommends>,
    /// Why the project may stand beside what stands against its land; recorded before the action, under the caller's name.
    pub beside: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenOpinion {
    pub version: i32,
    pub stance: Stance,
    /// Needed unless the department simply agrees.
    #[serde(default)]
    pub comment: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MadeDecision {
    pub version: i32,
    /// Null sends the case back to who recommended it.
    pub outcome: Option<Outcome>,
    pub reason: String,
}

fn body<T>(sent: Result<Json<T>, JsonRejection>) -> web::Result<T> {
    sent.map(|Json(value)| value).map_err(received::unreadable)
}

/// Cases, the one changed last first.
#[utoipa::path(get, path = "/api/v1/admission/cases", tag = "admission", params(ListParameters),
    responses((status = 200, body = CaseList), (status = 400, body = Problem)))]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<CaseList>> {
    let filter = parameters.filter(officer.account)?;
    let position = parameters.position()?;
    let page = listing::page(&state.pool, &officer.scope, officer.account, &filter, &position, PAGE).await?;
    let next = page.next.as_ref().map(cursor::encode);
    Ok(Json(CaseList { cases: page.rows.iter().map(CaseView::from).collect(), next }))
}

/// One case with its check, opinions, timeline and what holds it up.
#[utoipa::path(get, path = "/api/v1/admission/cases/{id}", tag = "admission", params(("id" = Uuid, Path)),
    responses((status = 200, body = CaseDetail), (status = 404, body = Problem)))]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Json<CaseDetail>> {
    Ok(Json(detail(&state, &officer, id).await?))
}

/// Opens a draft. Sending it twice opens one.
#[utoipa::path(post, path = "/api/v1/admission/cases", tag = "admission", request_body = NewCase,
    responses((status = 201, body = CaseDetail), (status = 400, body = Problem)))]
pub async fn create(
    State(state): State<AppState>,
    officer: Officer,
    sent: Result<Json<NewCase>, JsonRejection>,
) -> web::Result<Response> {
    let new = body(sent)?;
    let today = state.clock.today();
    let examined = examine(&state.pool, &officer.scope, &new.application, None, Days { as_of: today, today }).await?;
    let act = officer.act(&state);
    let id = cases::create(&act, new.client_key, &new.application, &examined.site).await?;
    Ok((StatusCode::CREATED, Json(detail(&state, &officer, id).await?)).into_response())
}

/// What the handling officer does.
#[utoipa::path(post, path = "/api/v1/admission/cases/{id}/handle", tag = "admission", params(("id" = Uuid, Path)),
    request_body = Handling, responses((status = 200, body = CaseDetail), (status = 409, body = Problem)))]
pub async fn handle(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Result<Json<Handling>, JsonRejection>,
) -> web::Result<Json<CaseDetail>> {
    let wanted = body(sent)?;
    let case = visible(&state, &officer, id).await?;
    let act = officer.act(&state);
    let mut version = wanted.version;
    if let Some(ground) = &wanted.beside {
        beside::record(&act, id, version, ground).await?;
        version += 1;
    }
    let reason = wanted.reason;
    let made = match wanted.action {
        Action::Submit => {
            let application = cases::application(&state.pool, &officer.scope, id).await?;
            let today = state.clock.today();
            let days = Days { as_of: case.applied_on.unwrap_or(today), today };
            let examined = examine(&state.pool, &officer.scope, &application, Some(id), days).await?;
            submit::submit(&act, id, version, &application, &examined).await?;
            return Ok(Json(detail(&state, &officer, id).await?));
        }
        Action::Accept => Move::Accept,
        Action::Return => Move::Return { reason },
        Action::Consult => Move::Consult,
        Action::Recommend => {
            let recommends = wanted.recommends;
            let recommends = recommends.ok_or_else(|| Error::BadRequest("缺少 recommends：admit 或 refuse".into()))?;
            Move::Recommend { recommends, reason }
        }
        Action::Notify => Move::Notify,
        Action::Withdraw => Move::Withdraw { reason },
        Action::SendBack | Action::Decide => return Err(Error::Forbidden),
    };
    moves::make(&act, id, version, &made).await?;
    Ok(Json(detail(&state, &officer, id).await?))
}

/// What the caller's department says.
#[utoipa::path(post, path = "/api/v1/admission/cases/{id}/opinion", tag = "admission", params(("id" = Uuid, Path)),
    request_body = GivenOpinion, responses((status = 200, body = CaseDetail), (status = 409, body = Problem)))]
pub async fn opine(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Result<Json<GivenOpinion>, JsonRejection>,
) -> web::Result<Json<CaseDetail>> {
    let said = body(sent)?;
    let department = officer.department.ok_or(Error::Forbidden)?;
    let act = officer.act(&state);
    opinions::give(&act, id, said.version, department, said.stance, &said.comment).await?;
    Ok(Json(detail(&state, &officer, id).await?))
}

/// The decision, by another person than the one who recommended it. What does not conform cannot be admitted.
#[utoipa::path(post, path = "/api/v1/admission/cases/{id}/decision", tag = "admission", params(("id" = Uuid, Path)),
    request_body = MadeDecision, responses((status = 200, body = CaseDetail), (status = 409, body = Problem)))]
pub async fn decide(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Result<Json<MadeDecision>, JsonRejection>,
) -> web::Result<Json<CaseDetail>> {
    let made = body(sent)?;
    let reason = made.reason;
    let wanted = match made.outcome {
        Some(outcome) => Move::Decide { outcome, reason },
        None => Move::SendBack { reason },
    };
    let act = officer.act(&state);
    moves::make(&act, id, made.version, &wanted).await?;
    Ok(Json(detail(&state, &officer, id).await?))
}

async fn visible(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<Case> {
    let case = cases::find(&state.pool, &officer.scope, id).await?;
    let own = |case: &Case| case.serial.is_some() || case.created_by == Some(officer.account);
    case.filter(own).ok_or_else(|| Error::NotFound("没有这个案件".into()))
}

async fn detail(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<CaseDetail> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let case = visible(state, officer, id).await?;
    let application = cases::application(pool, scope, id).await?;
    let mut connection = pool.acquire().await?;
    let mut docket = docket::of(&mut connection, scope, id, case.stage, case.round).await?;
    let today = state.clock.today();
    let mut standing = Vec::new();
    if case.is_open() {
        let against = beside::standing(pool, &mut connection, scope, id, today).await?;
        docket.standing = against.open();
        standing = against.standing;
    }
    drop(connection);
    let gaps = check::gaps_of(pool, scope, &case, &application, today).await?;
    docket.gaps = gaps.len();
    let check = checks::current(pool, scope, id).await?.map(|check| check.stored()).transpose()?;
    let results = check.as_ref().map_or(&[][..], |check| &check.results);
    Ok(CaseDetail {
        case: CaseView::from(&case),
        blockers: rules::blockers(&docket, &check::missing(results), &check::failing(results), today),
        application,
        check,
        opinions: docket.opinions,
        commitments: commitments::of_case(pool, scope, id).await?,
        events: store::events(pool, scope, id).await?,
        gaps,
        standing,
    })
}
