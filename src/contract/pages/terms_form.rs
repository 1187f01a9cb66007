//! A supplement, and terms that were recorded wrongly put right.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::account::{Access, Officer, Routes};
use crate::contract::form::grounds::base;
use crate::contract::form::named::loaded;
use crate::contract::form::reply::{done, faults_of};
use crate::contract::form::terms::TermsForm;
use crate::contract::form::terms_page::{Purpose, page};
use crate::contract::known::{Contract, TermsVersion};
use crate::contract::record::{self, RecordError};
use crate::web::form::{Posted, Reader};
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
    let form = TermsForm {
        document: String::new(),
        signed_on: today.clone(),
        effective_on: today,
        ..TermsForm::of(&number, latest, registered.version)
    };
    page(&state, &officer, &number, Purpose::Supplement, (&form, Vec::new()), None)
}

pub async fn supplement(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Posted(form): Posted<TermsForm>,
) -> web::Result<Response> {
    changed(&state, &officer, &number, Purpose::Supplement, form).await
}

pub async fn correct_form(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
) -> web::Result<Response> {
    let registered = loaded(&state, &officer, &number, state.clock.now()).await?;
    let version = version_of(&registered.contract, id)?;
    let form = TermsForm::of(&number, version, registered.version);
    page(&state, &officer, &number, Purpose::Correct(id, version.role), (&form, Vec::new()), None)
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
    Posted(form): Posted<TermsForm>,
) -> web::Result<Response> {
    let registered = loaded(&state, &officer, &number, state.clock.now()).await?;
    let role = version_of(&registered.contract, id)?.role;
    changed(&state, &officer, &number, Purpose::Correct(id, role), form).await
}

async fn changed(
    state: &AppState,
    officer: &Officer,
    number: &str,
    purpose: Purpose,
    form: TermsForm,
) -> web::Result<Response> {
    let faults = faults_of(write(state, officer, number, purpose, &form).await)?;
    if faults.is_empty() {
        return Ok(done(number, if purpose == Purpose::Supplement { "supplement" } else { "terms_corrected" }));
    }
    page(state, officer, number, purpose, (&form, faults), None)
}

async fn write(
    state: &AppState,
    officer: &Officer,
    number: &str,
    purpose: Purpose,
    form: &TermsForm,
) -> Result<(), RecordError> {
    let mut reader = Reader::default();
    let terms = reader.take(form.read(purpose.role()));
    let (grounds, base) = (form.grounds(&mut reader), base(&mut reader, number, &form.version));
    let read = reader.finish((|| Some((terms?, grounds?, base?)))());
    let ((paper, terms), grounds, base) = read.map_err(RecordError::Faults)?;
    let act = officer.act(state);
    match purpose {
        Purpose::Correct(id, _) => {
            record::correct_terms(&act, &base, id, &paper, &terms, &grounds, form.beside()).await?;
        }
        _ => {
            record::supplement(&act, &base, &paper, &terms, &grounds, form.beside()).await?;
        }
    }
    Ok(())
}

fn version_of(contract: &Contract, id: i64) -> web::Result<&TermsVersion> {
    let found = contract.versions.iter().find(|version| version.id == id);
    found.ok_or_else(|| Error::Conflict("这份合同内容不存在，或已被更正。请返回合同页面查看现行记录。".into()))
}
