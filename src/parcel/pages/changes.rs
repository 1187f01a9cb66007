//! Pages on which parcels are changed. What is wrong with a form is shown on it, with everything that was typed.

mod drawing;
mod form;
mod parting;
mod shaped;

use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::super::change::{self, Base, ChangeError};
use super::super::rules::{AREA_TOLERANCE, ChangeFault, SHAPE_TOLERANCE};
use super::super::store::{self, Version};
use super::super::{SupplyStatus, pages::metres};
use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_minute;
use crate::base::unit::grouped;
use crate::codelist;
use crate::web::{self, AppState, Error, Shell};
use form::Form;

/// Shapes of a few parcels are small.
const LARGEST_UPLOAD: usize = 8 * 1024 * 1024;
/// A file that comes back with the form after its preview is written in hexadecimal digits.
const LARGEST_RETURNED: usize = 3 * LARGEST_UPLOAD;

pub fn routes() -> Routes {
    Routes::new()
        .get("/parcels/{code}/adjust", Access::WriteParcels, adjust_form)
        .post("/parcels/{code}/adjust", Access::WriteParcels, adjust)
        .post("/parcels/{code}/correct", Access::WriteParcels, correct)
        .post("/parcels/{code}/retire", Access::WriteParcels, retire)
        .get("/parcels/{code}/split", Access::WriteParcels, parting::split_form)
        .upload("/parcels/{code}/split", Access::WriteParcels, LARGEST_UPLOAD, parting::split)
        .get("/parcels/merge", Access::WriteParcels, parting::merge_form)
        .upload("/parcels/merge", Access::WriteParcels, LARGEST_UPLOAD, parting::merge)
        .get("/parcels/new", Access::WriteParcels, drawing::new_form)
        .upload("/parcels/new", Access::WriteParcels, LARGEST_RETURNED, drawing::create)
        .get("/parcels/move-boundary", Access::WriteParcels, drawing::move_form)
        .upload("/parcels/move-boundary", Access::WriteParcels, LARGEST_RETURNED, drawing::move_boundary)
}

#[derive(Template)]
#[template(path = "parcel/adjust.html")]
struct AdjustPage {
    shell: Shell,
    version: Version,
    land_uses: Vec<codelist::Choice>,
    form: Form,
    /// Which of the three forms the faults belong to.
    part: &'static str,
    faults: Vec<ChangeFault>,
}

impl AdjustPage {
    fn supplies(&self) -> &'static [SupplyStatus] {
        SupplyStatus::ALL
    }

    fn land_use(&self) -> String {
        let own = || self.version.land_use_scheme.clone().zip(self.version.land_use_code.clone());
        self.form
            .typed("land_use")
            .map(str::to_owned)
            .or_else(|| own().map(|(s, c)| format!("{s}:{c}")))
            .unwrap_or_default()
    }

    fn supply(&self) -> &str {
        self.form.typed("supply").unwrap_or(self.version.supply_status.code())
    }

    fn area(&self) -> String {
        let own = || self.version.official_area_m2.map(|area| area.to_string());
        self.form.typed("official_area_m2").map(str::to_owned).or_else(own).unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.form.typed("name").or(self.version.name.as_deref()).unwrap_or_default()
    }

    fn faults_of(&self, part: &str) -> &[ChangeFault] {
        if self.part == part { &self.faults } else { &[] }
    }
}

fn plane(area: &rust_decimal::Decimal) -> String {
    grouped(*area, 4)
}

fn shape_tolerance() -> String {
    SHAPE_TOLERANCE.to_string()
}

fn area_tolerance() -> String {
    AREA_TOLERANCE.to_string()
}

/// What a change came to: done, or a form to be shown again with its faults.
fn settled(outcome: Result<(), ChangeError>) -> web::Result<Vec<ChangeFault>> {
    match outcome {
        Ok(()) => Ok(Vec::new()),
        Err(ChangeError::Faults(faults)) => Ok(faults),
        Err(other) => Err(other.into()),
    }
}

impl From<ChangeError> for Error {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotFound(code) => Error::NotFound(format!("没有代码为 {code} 的宗地")),
            ChangeError::Stale { code, by, at, reason } => {
                let at = china_minute(&at);
                Error::Conflict(format!(
                    "宗地 {code} 已由{by}于 {at} 变更（{reason}），您看到的是变更前的记录。请返回查看后再办理。"
                ))
            }
            ChangeError::Faults(faults) => {
                Error::BadRequest(faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("；"))
            }
            ChangeError::Database(sqlx::Error::Database(refusal)) if refusal.is_foreign_key_violation() => {
                Error::BadRequest("没有这样的土地用途代码".into())
            }
            ChangeError::Database(error) => error.into(),
        }
    }
}

async fn found(state: &AppState, officer: &Officer, code: &str) -> web::Result<Version> {
    let version = store::latest(&state.pool, &officer.scope, code).await?;
    version.ok_or_else(|| Error::NotFound(format!("没有代码为 {code} 的宗地")))
}

fn again(page: &impl Template) -> web::Result<Response> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

fn dossier(code: &str) -> Response {
    Redirect::to(&format!("/parcels/{code}")).into_response()
}

async fn adjust_page(
    state: &AppState,
    officer: &Officer,
    code: &str,
    form: Form,
    part: &'static str,
    faults: Vec<ChangeFault>,
) -> web::Result<AdjustPage> {
    let version = found(state, officer, code).await?;
    let land_uses = store::land_uses(&state.pool).await?;
    let shell = officer.shell(state, "宗地变更");
    Ok(AdjustPage { shell, version, land_uses, form, part, faults })
}

pub async fn adjust_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
) -> web::Result<Html<String>> {
    let page = adjust_page(&state, &officer, &code, Form::default(), "", Vec::new()).await?;
    Ok(Html(page.render()?))
}

/// Land use, supply status, name and registered area from a day on.
pub async fn adjust(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
    RawForm(body): RawForm,
) -> web::Result<Response> {
    let form = Form::parse(&body);
    let act = officer.act(&state);
    let faults = match (form.base(&code), form.attributes(), form.grounds()) {
        (Ok(base), Ok(attributes), Ok(grounds)) => settled(change::adjust(&act, &base, &attributes, &grounds).await)?,
        (base, attributes, grounds) => form::all_faults(base.err(), attributes.err(), grounds.err()),
    };
    if faults.is_empty() {
        return Ok(dossier(&code));
    }
    again(&adjust_page(&state, &officer, &code, form, "adjust", faults).await?)
}

/// The same facts for the whole period of the version, because what was recorded was wrong.
pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
    RawForm(body): RawForm,
) -> web::Result<Response> {
    let form = Form::parse(&body);
    let act = officer.act(&state);
    let faults = match (form.base(&code), form.attributes(), form.paper()) {
        (Ok(base), Ok(attributes), Ok((source, reason))) => {
            settled(change::correct(&act, &base, &attributes, &source, &reason).await)?
        }
        (base, attributes, paper) => form::all_faults(base.err(), attributes.err(), paper.err()),
    };
    if faults.is_empty() {
        return Ok(dossier(&code));
    }
    again(&adjust_page(&state, &officer, &code, form, "correct", faults).await?)
}

pub async fn retire(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
    RawForm(body): RawForm,
) -> web::Result<Response> {
    let form = Form::parse(&body);
    let act = officer.act(&state);
    let faults = match (form.base(&code), form.grounds()) {
        (Ok(base), Ok(grounds)) => settled(change::retire(&act, &base, &grounds).await)?,
        (base, grounds) => form::all_faults(base.err(), None, grounds.err()),
    };
    if faults.is_empty() {
        return Ok(dossier(&code));
    }
    again(&adjust_page(&state, &officer, &code, form, "retire", faults).await?)
}

/// The version a hidden field names, for [`Form::base`].
fn base_value(version: &Version) -> String {
    Base { code: version.code.clone(), version: version.id }.to_text()
}

impl Base {
    fn to_text(&self) -> String {
        format!("{}@{}", self.code, self.version)
    }

    fn from_text(text: &str) -> Option<Self> {
        let (code, version) = text.split_once('@')?;
        Some(Base { code: code.to_owned(), version: version.parse().ok()? })
    }
}
