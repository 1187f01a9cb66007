//! A supplement, and terms that were recorded wrongly put right.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::account::{Access, Officer, Routes};
use crate::contract::form::named::loaded;
use crate::contract::form::reply::{Typed, done, read, settled};
use crate::contract::form::terms_page::{Purpose, page};
use crate::contract::form::terms_typed::TermsTyped;
use crate::contract::form::typed::Reader;
use crate::contract::known::{Contract, TermsVersion};
use crate::contract::record;
use crate::web::list::given;
use crate::web::{self, AppState, Error};

pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts/{number}/supplement", Access::WriteContracts, supplement_form)
        .post("/contracts/{number}/supplement", Access::WriteContracts, supplement)
        .get("/contracts/{number}/terms/{id}/correct", Access::WriteContracts, correct_form)
        .post("/contracts/{number}/terms/{id}/correct", Access::WriteContracts, correct)
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
            let act = officer.act(state);
            let beside = given(&typed.beside);
            match purpose {
                Purpose::Correct(id, _) => {
                    settled(record::correct_terms(&act, &base, id, &paper, &terms, &grounds, beside).await)?
                }
                _ => settled(record::supplement(&act, &base, &paper, &terms, &grounds, beside).await)?,
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
