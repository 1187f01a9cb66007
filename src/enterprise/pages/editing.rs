//! Forms on which an enterprise is entered, changed from a day on, or corrected. What is wrong with a form is shown on it,
//! with everything that was typed.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::account::{Access, Officer, Routes};
use crate::base::text::Seen;
use crate::codelist;
use crate::enterprise::api::not_found;
use crate::enterprise::change::{EditError, Outcome};
use crate::enterprise::store::{self, Version};
use crate::enterprise::typed::EnterpriseTyped;
use crate::enterprise::{EnterpriseState, Sector, SizeClass, commands};
use crate::exchange::Fault;
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .get("/enterprises/new", Access::WriteEnterprises, new_form)
        .post("/enterprises/new", Access::WriteEnterprises, create)
        .get("/enterprises/{uscc}/edit", Access::WriteEnterprises, edit_form)
        .post("/enterprises/{uscc}/change", Access::WriteEnterprises, change)
        .post("/enterprises/{uscc}/correct", Access::WriteEnterprises, correct)
}

#[derive(Template)]
#[template(path = "enterprise/edit.html")]
struct EditPage {
    shell: Shell,
    /// The version that is changed; none for a new enterprise.
    version: Option<Version>,
    typed: EnterpriseTyped,
    subdistricts: Vec<codelist::Choice>,
    faults: Vec<Fault>,
    person: String,
}

impl EditPage {
    fn sectors(&self) -> &'static [Sector] {
        Sector::ALL
    }

    fn sizes(&self) -> &'static [SizeClass] {
        SizeClass::ALL
    }

    fn states(&self) -> &'static [EnterpriseState] {
        EnterpriseState::ALL
    }

    /// Only a person stands between it and the register.
    fn can_vouch(&self) -> bool {
        can_vouch(&self.faults)
    }
}

pub(super) fn can_vouch(faults: &[Fault]) -> bool {
    !faults.is_empty() && !faults.iter().any(Fault::is_error)
}

pub(super) type Typed<T> = Result<Form<T>, FormRejection>;

pub(super) fn read<T>(typed: Typed<T>) -> web::Result<T> {
    typed.map(|Form(typed)| typed).map_err(|_| Error::BadRequest("表单内容无法读取，请刷新页面后重试".into()))
}

/// Done, or the faults to show on the form; a stale form and the like are pages of their own.
pub(super) fn settled(outcome: Outcome<i64>) -> web::Result<Vec<Fault>> {
    match outcome {
        Ok(_) => Ok(Vec::new()),
        Err(EditError::Faults(faults)) => Ok(faults),
        Err(other) => Err(other.into()),
    }
}

async fn page(
    state: &AppState,
    officer: &Officer,
    version: Option<Version>,
    typed: EnterpriseTyped,
    faults: Vec<Fault>,
) -> web::Result<Response> {
    let subdistricts = codelist::subdistricts(&state.pool, &officer.scope, state.clock.today()).await?;
    let title = version.as_ref().map_or("登记企业".to_owned(), |version| format!("变更企业 {}", version.name));
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = EditPage {
        shell: officer.shell(state, title),
        version,
        typed,
        subdistricts,
        faults,
        person: officer.actor().name,
    };
    Ok((status, Html(page.render()?)).into_response())
}

#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct NewParameters {
    /// The code of an enterprise that another page found missing.
    uscc: String,
}

pub async fn new_form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<NewParameters>,
) -> web::Result<Response> {
    let typed = EnterpriseTyped {
        uscc: parameters.uscc.seen().to_owned(),
        effective_on: state.clock.today().to_string(),
        state: EnterpriseState::Operating.code().into(),
        edition: "2017".into(),
        subdistrict: officer.scope.subdistrict_code().unwrap_or_default().to_owned(),
        ..EnterpriseTyped::default()
    };
    page(&state, &officer, None, typed, Vec::new()).await
}

pub async fn create(
    State(state): State<AppState>,
    officer: Officer,
    typed: Typed<EnterpriseTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let faults = settled(commands::entered(&state, &officer, &typed).await)?;
    if faults.is_empty() {
        return Ok(to(&typed.uscc.seen().to_ascii_uppercase()));
    }
    page(&state, &officer, None, typed, faults).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EditParameters {
    /// The version to change; the last when not named.
    version: Option<i64>,
}

pub async fn edit_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    Query(parameters): Query<EditParameters>,
) -> web::Result<Response> {
    let version = version(&state, &officer, &uscc, parameters.version).await?;
    let typed = EnterpriseTyped::of(&version);
    page(&state, &officer, Some(version), typed, Vec::new()).await
}

pub async fn change(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    typed: Typed<EnterpriseTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let faults = settled(commands::changed(&state, &officer, &uscc, &typed).await)?;
    answer(&state, &officer, &uscc, typed, faults).await
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    typed: Typed<EnterpriseTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let faults = settled(commands::corrected(&state, &officer, &uscc, &typed).await)?;
    answer(&state, &officer, &uscc, typed, faults).await
}

async fn answer(
    state: &AppState,
    officer: &Officer,
    uscc: &str,
    typed: EnterpriseTyped,
    faults: Vec<Fault>,
) -> web::Result<Response> {
    if faults.is_empty() {
        return Ok(to(uscc));
    }
    let version = version(state, officer, uscc, typed.base().ok()).await?;
    page(state, officer, Some(version), typed, faults).await
}

fn to(uscc: &str) -> Response {
    Redirect::to(&format!("/enterprises/{uscc}#history")).into_response()
}

/// The version named, else the last; one that was superseded cannot be changed again.
async fn version(state: &AppState, officer: &Officer, uscc: &str, id: Option<i64>) -> web::Result<Version> {
    let versions = store::versions(&state.pool, &officer.scope, uscc).await?;
    let mut known = versions.into_iter().filter(|version| version.superseded_at.is_none());
    match id {
        Some(id) => known.find(|version| version.id == id),
        None => known.next(),
    }
    .ok_or_else(|| not_found(uscc))
}

impl EnterpriseTyped {
    /// As the form shows what is on record.
    fn of(version: &Version) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let day = |day: Option<chrono::NaiveDate>| day.map_or(String::new(), |day| day.to_string());
        EnterpriseTyped {
            uscc: version.uscc.clone(),
            name: version.name.clone(),
            edition: text(&version.industry_edition),
            industry: text(&version.industry_code),
            sector: version.sector.code().into(),
            size_class: version.size_class.code().into(),
            high_tech: version.high_tech.map_or("", |yes| if yes { "yes" } else { "no" }).into(),
            platform: text(&version.platform),
            subdistrict: text(&version.subdistrict),
            state: version.state.code().into(),
            established_on: day(version.established_on),
            above_size_since: day(version.above_size_since),
            project_since: day(version.project_since),
            project_until: day(version.project_until),
            base: version.id.to_string(),
            ..EnterpriseTyped::default()
        }
    }
}
