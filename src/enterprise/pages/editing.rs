//! Forms on which an enterprise is entered, changed from a day on, or corrected. What is wrong with a form is shown on it,
//! with everything that was typed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::account::{Access, Officer, Routes};
use crate::base::text::Seen;
use crate::codelist;
use crate::enterprise::api::not_found;
use crate::enterprise::change::Outcome;
use crate::enterprise::form::EnterpriseForm;
use crate::enterprise::store::{self, Version};
use crate::enterprise::{EnterpriseState, Sector, SizeClass, commands};
use crate::web::form::{self, Posted, Shown, faults_of};
use crate::web::{self, AppState, Shell};

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
    form: Shown,
    subdistricts: Vec<codelist::Choice>,
    person: String,
}

impl EditPage {
    fn places(&self) -> Vec<(&str, &str)> {
        self.subdistricts.iter().map(|place| (place.code.as_str(), place.name.as_str())).collect()
    }
}

async fn page(state: &AppState, officer: &Officer, version: Option<Version>, form: Shown) -> web::Result<Response> {
    let subdistricts = codelist::subdistricts(&state.pool, &officer.scope, state.clock.today()).await?;
    let title = version.as_ref().map_or("登记企业".to_owned(), |version| format!("变更企业 {}", version.name));
    let shell = officer.shell(state, title);
    form::page(form.status(), &EditPage { shell, version, form, subdistricts, person: officer.actor().name })
}

#[derive(Clone, Debug, Default, Deserialize)]
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
    let form = EnterpriseForm {
        uscc: parameters.uscc.seen().to_owned(),
        effective_on: state.clock.today().to_string(),
        state: EnterpriseState::Operating.code().into(),
        edition: "2017".into(),
        subdistrict: officer.scope.subdistrict_code().unwrap_or_default().to_owned(),
        ..EnterpriseForm::default()
    };
    page(&state, &officer, None, Shown::of(&form)).await
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
    let form = Shown::of(&EnterpriseForm::of(&version));
    page(&state, &officer, Some(version), form).await
}

pub async fn create(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<EnterpriseForm>,
) -> web::Result<Response> {
    let uscc = form.uscc.seen().to_ascii_uppercase();
    let outcome = commands::entered(&state, &officer, &form).await;
    answer(&state, &officer, (&uscc, None), &form, outcome).await
}

pub async fn change(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    Posted(form): Posted<EnterpriseForm>,
) -> web::Result<Response> {
    let outcome = commands::changed(&state, &officer, &uscc, &form).await;
    answer(&state, &officer, (&uscc, Some(form.base().ok())), &form, outcome).await
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    Posted(form): Posted<EnterpriseForm>,
) -> web::Result<Response> {
    let outcome = commands::corrected(&state, &officer, &uscc, &form).await;
    answer(&state, &officer, (&uscc, Some(form.base().ok())), &form, outcome).await
}

/// On to the enterprise, or the form again: of the version that it changes, where it changes one.
async fn answer(
    state: &AppState,
    officer: &Officer,
    (uscc, changes): (&str, Option<Option<i64>>),
    form: &EnterpriseForm,
    outcome: Outcome<i64>,
) -> web::Result<Response> {
    let faults = faults_of(outcome)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/enterprises/{uscc}#history")).into_response());
    }
    let version = match changes {
        Some(base) => Some(version(state, officer, uscc, base).await?),
        None => None,
    };
    page(state, officer, version, Shown::of(form).with_faults(faults)).await
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

impl EnterpriseForm {
    /// As the form shows what is on record.
    fn of(version: &Version) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let day = |day: Option<chrono::NaiveDate>| day.map_or(String::new(), |day| day.to_string());
        EnterpriseForm {
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
            ..EnterpriseForm::default()
        }
    }
}
