//! Contracts and their check for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

use axum::Json;
use axum::extract::{Path, Query, State};

use super::asked::Asked;
use super::view::{
    CertificateView, CheckLine, CheckList, ContractDetail, ContractLine, ContractList, EventView, TermsView,
    changes_of, lines_of, term_of,
};
use crate::account::{Access, Officer, Routes};
use crate::contract::store;
use crate::obligations::sweep::Question;
use crate::web::list::given;
use crate::web::{self, AppState, Error, cursor};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/contracts", Access::ReadRegisters, list)
        .get("/api/v1/contracts/checks", Access::ReadRegisters, checks)
        .get("/api/v1/contracts/{number}", Access::ReadRegisters, one)
}

/// Contracts with their stage on a day, page by page.
#[utoipa::path(
    get,
    path = "/api/v1/contracts",
    tag = "contracts",
    params(Asked),
    responses(
        (status = 200, description = "One page of the register", body = ContractList),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> web::Result<Json<ContractList>> {
    let as_of = asked.as_of(state.clock).map_err(Error::BadRequest)?;
    let known_at = asked.known_at(state.clock).map_err(Error::BadRequest)?;
    let (numbers, next) = numbers(&state, &officer, &asked).await?;
    let contracts = store::load_many(&mut *state.pool.acquire().await?, &officer.scope, &numbers, known_at).await?;
    let contracts = contracts.iter().filter_map(|contract| ContractLine::new(contract, as_of)).collect();
    Ok(Json(ContractList { as_of, contracts, next }))
}

/// Every duty of every contract on a day, as known at a moment; what changed between two days when asked to compare.
#[utoipa::path(
    get,
    path = "/api/v1/contracts/checks",
    tag = "contracts",
    params(Asked),
    responses(
        (status = 200, description = "The duties of one page of contracts", body = CheckList),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn checks(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> web::Result<Json<CheckList>> {
    let as_of = asked.as_of(state.clock).map_err(Error::BadRequest)?;
    let known_at = asked.known_at(state.clock).map_err(Error::BadRequest)?;
    let compare = asked.compare().map_err(Error::BadRequest)?;
    let states = asked.states().map_err(Error::BadRequest)?;
    let question = Question::ask(&state.pool, as_of, known_at, compare).await?;
    let (numbers, next) = numbers(&state, &officer, &asked).await?;
    let contracts = store::load_many(&mut *state.pool.acquire().await?, &officer.scope, &numbers, known_at).await?;
    let checked: Vec<_> = contracts.iter().map(|contract| question.answer(contract)).collect();
    let wanted = |line: &CheckLine| states.is_empty() || states.contains(&line.state);
    let changes = compare.map(|_| checked.iter().cloned().flat_map(changes_of).collect());
    let lines = checked.into_iter().flat_map(lines_of).filter(wanted).collect();
    Ok(Json(CheckList { as_of, known_at, compare, lines, changes, next }))
}

/// One contract: terms with their supplements, events, certificates, the stage and every duty.
#[utoipa::path(
    get,
    path = "/api/v1/contracts/{number}",
    tag = "contracts",
    params(("number" = String, Path, description = "The number of the contract"), Asked),
    responses(
        (status = 200, description = "The contract", body = ContractDetail),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
        (status = 404, description = "No such contract was known then", body = web::error::Problem),
    )
)]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> web::Result<Json<ContractDetail>> {
    let as_of = asked.as_of(state.clock).map_err(Error::BadRequest)?;
    let known_at = asked.known_at(state.clock).map_err(Error::BadRequest)?;
    let mut connection = state.pool.acquire().await?;
    let registered = store::load(&mut connection, &officer.scope, &number, known_at).await?;
    drop(connection);
    let missing = || Error::NotFound(format!("没有编号为“{number}”的合同"));
    let registered = registered.ok_or_else(missing)?;
    let contract = &registered.contract;
    let not_yet = || Error::NotFound(format!("合同“{number}”在 {as_of} 尚未签订"));
    let line = ContractLine::new(contract, as_of).ok_or_else(not_yet)?;
    let question = Question::ask(&state.pool, as_of, known_at, None).await?;
    Ok(Json(ContractDetail {
        line,
        as_of,
        known_at,
        version: registered.version,
        subdistrict: registered.subdistrict,
        term: term_of(contract, as_of),
        terms: contract.versions.iter().map(TermsView::from).collect(),
        events: contract.events.iter().map(EventView::from).collect(),
        certificates: contract.certificates.iter().map(CertificateView::from).collect(),
        obligations: lines_of(question.answer(contract)).collect(),
    }))
}

/// The numbers of one page, and where the next begins.
async fn numbers(state: &AppState, officer: &Officer, asked: &Asked) -> web::Result<(Vec<String>, Option<String>)> {
    let size = asked.size().map_err(Error::BadRequest)?;
    let after: Option<String> = given(&asked.after).map(cursor::decode).transpose()?;
    let mut numbers: Vec<String> = match given(&asked.contract) {
        Some(number) => store::known_number(&state.pool, &officer.scope, number).await?.into_iter().collect(),
        None => store::numbers(&state.pool, &officer.scope, given(&asked.q), after.as_deref(), size + 1)
            .await?
            .into_iter()
            .map(|entry| entry.number)
            .collect(),
    };
    let more = numbers.len() as i64 > size;
    numbers.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    let next = numbers.last().filter(|_| more).map(cursor::encode);
    Ok((numbers, next))
}
