//! Forms for the terms: a contract entered by hand, a supplement, and what was recorded wrongly put right.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::address_of;
use super::doing::{Clerk, Typed, done, read, settled};
use super::from_case::{self, FromCase};
use super::named::loaded;
use super::terms_typed::TermsTyped;
use super::typed::Reader;
use crate::account::{Access, Officer, Routes};
use crate::tenure::contract::{Contract, TermsRole, TermsVersion};
use crate::tenure::fault::Fault;
use crate::tenure::record;
use crate::tenure::terms::{ContractKind, DayCount, HandOverAfter, Shortfall};
use crate::tenure::validate;
use crate::web::list::given;
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts/new", Access::WriteContracts, new_form)
        .post("/contracts/new", Access::WriteContracts, conclude)
        .get("/contracts/{number}/supplement", Access::WriteContracts, supplement_form)
        .post("/contracts/{number}/supplement", Access::WriteContracts, supplement)
        .get("/contracts/{number}/terms/{id}/correct", Access::WriteContracts, correct_form)
        .post("/contracts/{number}/terms/{id}/correct", Access::WriteContracts, correct)
}

/// What the form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    New,
    Supplement,
    Correct(i64, TermsRole),
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Purpose::New => "登记合同",
            Purpose::Supplement => "登记补充协议",
            Purpose::Correct(..) => "更正合同内容",
        }
    }

    fn role(self) -> TermsRole {
        match self {
            Purpose::New => TermsRole::Agreement,
            Purpose::Supplement => TermsRole::Supplement,
            Purpose::Correct(_, role) => role,
        }
    }
}

#[derive(Template)]
#[template(path = "tenure/terms.html")]
struct TermsPage {
    shell: Shell,
    action: String,
    back: String,
    purpose: Purpose,
    typed: TermsTyped,
    faults: Vec<Fault>,
    /// What is doubtful and does not keep it from being recorded.
    warnings: Vec<String>,
    /// The admitted case that a new contract is filled from.
    case: Option<FromCase>,
}

impl TermsPage {
    fn kinds(&self) -> &'static [ContractKind] {
        ContractKind::ALL
    }

    fn hand_over_conditions(&self) -> &'static [HandOverAfter] {
        HandOverAfter::ALL
    }

    fn day_counts(&self) -> &'static [DayCount] {
        DayCount::ALL
    }

    fn shortfalls(&self) -> &'static [Shortfall] {
        Shortfall::ALL
    }

    fn is_new(&self) -> bool {
        self.purpose == Purpose::New
    }

    fn is_supplement(&self) -> bool {
        self.purpose.role() == TermsRole::Supplement
    }

    fn is_correction(&self) -> bool {
        matches!(self.purpose, Purpose::Correct(..))
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewParameters {
    /// The number of the admitted case whose land, investor and promises fill the form.
    case: String,
}

pub async fn new_form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<NewParameters>,
) -> web::Result<Response> {
    let typed = TermsTyped {
        signed_on: state.clock.today().to_string(),
        kind: ContractKind::Staged.code().into(),
        day_count: DayCount::Calendar.code().into(),
        investment_shortfall: Shortfall::Nothing.code().into(),
        far_shortfall: Shortfall::Nothing.code().into(),
        document: "国有建设用地使用权出让合同".into(),
        ..TermsTyped::default()
    };
    let (typed, case) = match given(&parameters.case) {
        Some(number) => {
            let (typed, case) = from_case::fill(&state, &officer, number, typed).await?;
            (typed, Some(case))
        }
        None => (typed, None),
    };
    page(&state, &officer, "", Purpose::New, typed, Vec::new(), case)
}

pub async fn conclude(
    State(state): State<AppState>,
    officer: Officer,
    typed: Typed<TermsTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let mut reader = Reader::default();
    let (number, grounds) = (reader.text(&typed.number, "合同编号"), reader.grounds(&typed.reason, &typed.source));
    let faults = match (typed.read(TermsRole::Agreement), reader.settle(number.zip(grounds))) {
        (Ok((paper, terms)), Ok((number, grounds))) => {
            let clerk = Clerk::of(&state, &officer).await?;
            let desk = clerk.desk(&state, &officer);
            let case = terms.admission_case.as_deref().unwrap_or_default();
            let faults = match from_case::not_admitted(&state.pool, &officer.scope, case).await? {
                Some(fault) => vec![fault],
                None => {
                    settled(record::conclude(&desk, &number, &paper, &terms, &grounds, given(&typed.beside)).await)?
                }
            };
            if faults.is_empty() {
                return Ok(done(&number, "concluded"));
            }
            faults
        }
        (terms, rest) => [terms.err().unwrap_or_default(), rest.err().unwrap_or_default()].concat(),
    };
    page(&state, &officer, "", Purpose::New, typed, faults, None)
}

pub async fn supplement_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Response> {
    let registered = loaded(&state, &officer, &number, state.clock.now()).await?;
    let latest = registered.contract.versions.last().ok_or_else(|| Error::NotFound("合同没有正文".into()))?;
    let today = state.clock.today().to_string();
    let typed = TermsTyped {
        document: String::new(),
        signed_on: today.clone(),
        effective_on: today,
        ..TermsTyped::of(&number, latest, registered.version)
    };
    page(&state, &officer, &number, Purpose::Supplement, typed, Vec::new(), None)
}

pub async fn supplement(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    typed: Typed<TermsTyped>,
) -> web::Result<Response> {
    changed(&state, &officer, &number, Purpose::Supplement, read(typed)?).await
}

pub async fn correct_form(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
) -> web::Result<Response> {
    let registered = loaded(&state, &officer, &number, state.clock.now()).await?;
    let version = version_of(&registered.contract, id)?;
    let typed = TermsTyped::of(&number, version, registered.version);
    page(&state, &officer, &number, Purpose::Correct(id, version.role), typed, Vec::new(), None)
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
    typed: Typed<TermsTyped>,
) -> web::Result<Response> {
    let registered = loaded(&state, &officer, &number, state.clock.now()).await?;
    let role = version_of(&registered.contract, id)?.role;
    changed(&state, &officer, &number, Purpose::Correct(id, role), read(typed)?).await
}

async fn changed(
    state: &AppState,
    officer: &Officer,
    number: &str,
    purpose: Purpose,
    typed: TermsTyped,
) -> web::Result<Response> {
    let mut reader = Reader::default();
    let (grounds, base) = (reader.grounds(&typed.reason, &typed.source), reader.base(number, &typed.version));
    let faults = match (typed.read(purpose.role()), reader.settle(grounds.zip(base))) {
        (Ok((paper, terms)), Ok((grounds, base))) => {
            let clerk = Clerk::of(state, officer).await?;
            let desk = clerk.desk(state, officer);
            let beside = given(&typed.beside);
            match purpose {
                Purpose::Correct(id, _) => {
                    settled(record::correct_terms(&desk, &base, id, &paper, &terms, &grounds, beside).await)?
                }
                _ => settled(record::supplement(&desk, &base, &paper, &terms, &grounds, beside).await)?,
            }
        }
        (terms, rest) => [terms.err().unwrap_or_default(), rest.err().unwrap_or_default()].concat(),
    };
    if faults.is_empty() {
        let what = if purpose == Purpose::Supplement { "supplement" } else { "terms_corrected" };
        return Ok(done(number, what));
    }
    page(state, officer, number, purpose, typed, faults, None)
}

fn version_of(contract: &Contract, id: i64) -> web::Result<&TermsVersion> {
    let found = contract.versions.iter().find(|version| version.id == id);
    found.ok_or_else(|| Error::Conflict("这份合同内容不存在，或已被更正。请返回合同页面查看现行记录。".into()))
}

fn page(
    state: &AppState,
    officer: &Officer,
    number: &str,
    purpose: Purpose,
    typed: TermsTyped,
    faults: Vec<Fault>,
    case: Option<FromCase>,
) -> web::Result<Response> {
    let (action, back) = match purpose {
        Purpose::New => ("/contracts/new".to_owned(), "/contracts".to_owned()),
        Purpose::Supplement => (format!("{}/supplement", address_of(number)), address_of(number)),
        Purpose::Correct(id, _) => (format!("{}/terms/{id}/correct", address_of(number)), address_of(number)),
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if number.is_empty() { purpose.title().to_owned() } else { format!("{}：{number}", purpose.title()) };
    let warnings = doubts(&typed, purpose.role(), state);
    let shell = officer.shell(state, title);
    let page = TermsPage { shell, action, back, purpose, typed, faults, warnings, case };
    Ok((status, Html(page.render()?)).into_response())
}

/// What is doubtful about terms that can be read, such as a rate in % where ‰ is meant.
fn doubts(typed: &TermsTyped, role: TermsRole, state: &AppState) -> Vec<String> {
    let Ok((paper, terms)) = typed.read(role) else { return Vec::new() };
    let version = TermsVersion {
        id: 0,
        role,
        document: paper.document,
        signed_on: paper.signed_on,
        effective_on: paper.effective_on,
        terms,
        recorded_at: state.clock.now(),
        superseded_at: None,
    };
    let faults = validate::of_terms(&version).into_iter().filter(|fault| !fault.is_error());
    faults.map(|fault| fault.message).collect()
}
