//! The survey for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

pub mod field;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::compare::{CompareParameters, Comparison};
use super::difference_list::{DifferenceList, DifferenceParameters};
use super::form::{self, CloseForm, DecisionForm, RoundForm, VisitForm};
use super::known::known;
use super::ledger::{Ledger, LedgerParameters};
use super::rounds::of_number;
use super::store::{differences as difference_store, photos, rounds as round_store, totals, visits};
use super::view::{self, DifferenceView, KnownView, Line, RoundView, Whole, mu};
use super::visits::Received as Outcome;
use crate::account::{Access, List, Officer, Routes};
use crate::web::error::Problem;
use crate::web::list::Parameters;
use crate::web::{self, AppState, Received, cursor};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/survey/rounds", Access::ReadRegisters, rounds)
        .post("/api/v1/survey/rounds", Access::RunSurvey, open)
        .get("/api/v1/survey/rounds/{no}", Access::ReadRegisters, round)
        .post("/api/v1/survey/rounds/{no}/close", Access::RunSurvey, close)
        .get("/api/v1/survey/parcels", Access::ReadRegisters, parcels)
        .get("/api/v1/survey/rounds/{no}/parcels/{code}", Access::ReadRegisters, parcel)
        .post("/api/v1/survey/rounds/{no}/parcels/{code}/visits", Access::WorkSurvey, visit)
        .get("/api/v1/survey/differences", Access::ReadRegisters, differences)
        .post("/api/v1/survey/differences/{id}", Access::SettleSurvey, decide)
        .get("/api/v1/survey/compare", Access::ReadRegisters, compare)
        .merge(field::routes())
}

/// A round in one line.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SurveyRoundLine)]
pub struct RoundLine {
    pub no: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub list_year: i16,
    pub state: super::RoundState,
    pub opened_on: chrono::NaiveDate,
    pub closed_on: Option<chrono::NaiveDate>,
    pub parcels: i32,
}

/// All rounds, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/survey/rounds",
    tag = "survey",
    responses((status = 200, description = "All rounds", body = [RoundLine]))
)]
pub async fn rounds(State(state): State<AppState>, officer: Officer) -> web::Result<Json<Vec<RoundLine>>> {
    let all = round_store::all(&state.pool, &officer.scope).await?;
    let line = |round: round_store::Round| RoundLine {
        no: round.number().to_string(),
        name: round.name,
        subdistrict: round.subdistrict,
        list_year: round.list_year,
        state: round.state,
        opened_on: round.opened_on,
        closed_on: round.closed_on,
        parcels: round.parcels,
    };
    Ok(Json(all.into_iter().map(line).collect()))
}

async fn shown(state: &AppState, officer: &Officer, number: &str) -> web::Result<Json<RoundView>> {
    let round = of_number(&officer.act(state), number).await?;
    let mut connection = state.pool.acquire().await?;
    let sums = totals::of_round(&mut connection, &officer.scope, round.id).await?;
    Ok(Json(RoundView::of(&round, &sums)))
}

/// Opens a round: freezes which parcels are industrial land on a day.
#[utoipa::path(
    post,
    path = "/api/v1/survey/rounds",
    tag = "survey",
    request_body = RoundForm,
    responses(
        (status = 201, description = "The round", body = RoundView),
        (status = 422, description = "Faults, each at its field: another round is open, no industrial land there", body = Problem),
    )
)]
pub async fn open(
    State(state): State<AppState>,
    officer: Officer,
    Received(form): Received<RoundForm>,
) -> web::Result<(StatusCode, Json<RoundView>)> {
    let number = form::open(&state, &officer, &form).await?;
    Ok((StatusCode::CREATED, shown(&state, &officer, &number.to_string()).await?))
}

/// One round with progress by sub-district and sums by class, in parcels and in mu.
#[utoipa::path(
    get,
    path = "/api/v1/survey/rounds/{no}",
    tag = "survey",
    params(("no" = String, Path, description = "Its number, such as 2026-0001")),
    responses(
        (status = 200, description = "The round", body = RoundView),
        (status = 404, description = "No such round", body = Problem),
    )
)]
pub async fn round(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Json<RoundView>> {
    shown(&state, &officer, &number).await
}

/// Closes a round that another person opened; what it came to is frozen.
#[utoipa::path(
    post,
    path = "/api/v1/survey/rounds/{no}/close",
    tag = "survey",
    params(("no" = String, Path, description = "Its number")),
    request_body = CloseForm,
    responses(
        (status = 200, description = "The round", body = RoundView),
        (status = 409, description = "Closed already, or somebody was faster", body = Problem),
        (status = 422, description = "The same person opened it, or parcels wait and no reason is given", body = Problem),
    )
)]
pub async fn close(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Received(form): Received<CloseForm>,
) -> web::Result<Json<RoundView>> {
    form::close(&state, &officer, &number, &form).await?;
    shown(&state, &officer, &number).await
}

/// One page of parcels, in the order of their codes.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SurveyParcelList)]
pub struct ParcelList {
    /// The number of the round; null where none was ever opened.
    pub no: Option<String>,
    pub parcels: Vec<Line>,
    /// Pass it as `after` to get the next page; null on the last.
    pub next: Option<String>,
}

/// The ledger of a round.
#[utoipa::path(
    get,
    path = "/api/v1/survey/parcels",
    tag = "survey",
    params(LedgerParameters),
    responses(
        (status = 200, description = "One page", body = ParcelList),
        (status = 400, description = "A parameter cannot be read", body = Problem),
    )
)]
pub async fn parcels(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<LedgerParameters>,
) -> web::Result<Json<ParcelList>> {
    let ledger = Ledger::ask(&state, officer, &parameters).await?;
    let page = ledger.page(parameters.position()?, parameters.page_size()?).await?;
    let no = ledger.round.as_ref().map(|round| round.number().to_string());
    Ok(Json(ParcelList {
        no,
        parcels: page.rows.iter().map(Line::from).collect(),
        next: page.next.as_ref().map(cursor::encode),
    }))
}

async fn whole(state: &AppState, officer: &Officer, (number, code): (&str, &str)) -> web::Result<Json<Whole>> {
    let (round, entry) = form::entry_of(state, officer, number, code).await?;
    let (pool, scope) = (&state.pool, &officer.scope);
    let day = (state.clock.today(), state.clock.now());
    let known = known(pool, scope, &entry.code, day, round.list_year.into()).await?;
    let users = visits::users_of(pool, scope, entry.id).await?;
    let photos = photos::of_parcel(pool, scope, entry.id).await?;
    let found = difference_store::of_parcel(pool, scope, entry.id).await?;
    Ok(Json(Whole {
        no: round.number().to_string(),
        line: Line::from(&entry),
        known: KnownView::from(&known),
        visits: view::visits(visits::of_parcel(pool, scope, entry.id).await?, &users, &photos),
        differences: found.iter().map(DifferenceView::from).collect(),
    }))
}

/// A parcel of a round: what the registers say, every visit, and what differs.
#[utoipa::path(
    get,
    path = "/api/v1/survey/rounds/{no}/parcels/{code}",
    tag = "survey",
    params(("no" = String, Path, description = "The number of the round"), ("code" = String, Path, description = "The parcel")),
    responses(
        (status = 200, description = "The parcel", body = Whole),
        (status = 404, description = "Not in this round, or not in the reader's scope", body = Problem),
    )
)]
pub async fn parcel(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, code)): Path<(String, String)>,
) -> web::Result<Json<Whole>> {
    whole(&state, &officer, (&number, &code)).await
}

/// What became of a visit, and the parcel after it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SurveySent)]
pub struct Sent {
    pub outcome: Outcome,
    pub parcel: Whole,
}

/// Records a visit. Its number is made by whoever sends it; the same visit sent again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/survey/rounds/{no}/parcels/{code}/visits",
    tag = "survey",
    params(("no" = String, Path, description = "The number of the round"), ("code" = String, Path, description = "The parcel")),
    request_body = VisitForm,
    responses(
        (status = 200, description = "What became of it", body = Sent),
        (status = 409, description = "The round is closed, somebody was faster, or the number stands for another visit", body = Problem),
        (status = 422, description = "Faults, each at its field", body = Problem),
    )
)]
pub async fn visit(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, code)): Path<(String, String)>,
    Received(form): Received<VisitForm>,
) -> web::Result<Json<Sent>> {
    let outcome = form::visit(&state, &officer, (&number, &code), &form).await?;
    let Json(parcel) = whole(&state, &officer, (&number, &code)).await?;
    Ok(Json(Sent { outcome, parcel }))
}

/// One page of differences, in the order of parcels.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SurveyDifferenceList)]
pub struct Differences {
    pub differences: Vec<DifferenceView>,
    /// Pass it as `after` to get the next page; null on the last.
    pub next: Option<String>,
}

/// What differs between register and ground.
#[utoipa::path(
    get,
    path = "/api/v1/survey/differences",
    tag = "survey",
    params(DifferenceParameters),
    responses(
        (status = 200, description = "One page", body = Differences),
        (status = 400, description = "A parameter cannot be read", body = Problem),
    )
)]
pub async fn differences(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<DifferenceParameters>,
) -> web::Result<Json<Differences>> {
    let list = DifferenceList::ask(&state, officer, &parameters).await?;
    let page = list.page(parameters.position()?, parameters.page_size()?).await?;
    let next = page.next.as_ref().map(cursor::encode);
    Ok(Json(Differences { differences: page.rows.iter().map(DifferenceView::from).collect(), next }))
}

/// Takes a difference over into the register, or refuses it. Whoever found it decides nothing.
#[utoipa::path(
    post,
    path = "/api/v1/survey/differences/{id}",
    tag = "survey",
    params(("id" = Uuid, Path, description = "The difference")),
    request_body = DecisionForm,
    responses(
        (status = 204, description = "It is decided"),
        (status = 409, description = "Decided already, or somebody was faster", body = Problem),
        (status = 422, description = "No reason, the same person, or what the register refuses", body = Problem),
    )
)]
pub async fn decide(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Received(form): Received<DecisionForm>,
) -> web::Result<StatusCode> {
    form::decide(&state, &officer, id, &form).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What stood so in the one round and so in the other.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SurveyMoved)]
pub struct MovedView {
    /// A class, `not_determinable`, `awaiting`, or `absent` where the parcel is not in that round.
    pub before: String,
    pub after: String,
    pub parcels: i64,
    #[schema(value_type = String)]
    pub mu: Decimal,
    /// Without a registered area.
    pub unmeasured: i64,
}

/// Two rounds side by side.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SurveyComparison)]
pub struct Compared {
    pub before: Option<String>,
    pub after: Option<String>,
    pub moved: Vec<MovedView>,
    /// Pass it as `after` to get the next page; null on the last.
    pub next: Option<String>,
}

/// What moved from class to class between two rounds, in parcels and in mu.
#[utoipa::path(
    get,
    path = "/api/v1/survey/compare",
    tag = "survey",
    params(CompareParameters),
    responses(
        (status = 200, description = "What moved", body = Compared),
        (status = 404, description = "No such round", body = Problem),
    )
)]
pub async fn compare(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<CompareParameters>,
) -> web::Result<Json<Compared>> {
    let list = Comparison::ask(&state, officer, &parameters).await?;
    let page = list.page(parameters.position()?, parameters.page_size()?).await?;
    let number = |round: &Option<round_store::Round>| round.as_ref().map(|round| round.number().to_string());
    let moved = page.rows.iter().map(|moved| MovedView {
        before: moved.before.clone(),
        after: moved.after.clone(),
        parcels: moved.parcels,
        mu: mu(moved.area_m2),
        unmeasured: moved.unmeasured,
    });
    let moved = moved.collect();
    Ok(Json(Compared {
        before: number(&list.before),
        after: number(&list.after),
        moved,
        next: page.next.as_ref().map(cursor::encode),
    }))
}
