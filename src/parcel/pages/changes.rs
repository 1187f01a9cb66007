//! Pages on which parcels are changed. What is wrong with a form is shown on it, with everything that was typed.

mod drawing;
mod form;
mod parting;
mod shaped;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::change::{self, Base, ChangeError};
use super::super::rules::{AREA_TOLERANCE, SHAPE_TOLERANCE};
use super::super::store::{self, Version};
use super::super::{SupplyStatus, pages::metres};
use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_minute;
use crate::base::unit::grouped;
use crate::codelist;
use crate::web::form::{Sent, Shown, faults_of, page as form_page};
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
    /// What was typed into the form that came back.
    back: Shown,
}

impl AdjustPage {
    /// One of the three forms: the one that came back, or what is on record.
    fn form(&self, part: &str) -> Shown {
        if self.back.is_part(part) {
            return self.back.clone();
        }
        let version = &self.version;
        let land_use = version.land_use_scheme.as_ref().zip(version.land_use_code.as_ref());
        let area = version.official_area_m2.map(|area| area.to_string());
        let sent = Sent::default()
            .with("supply", version.supply_status.code())
            .with("land_use", land_use.map(|(scheme, code)| format!("{scheme}:{code}")).unwrap_or_default())
            .with("official_area_m2", area.unwrap_or_default())
            .with("name", version.name.as_deref().unwrap_or_default());
        Shown::from(sent).part(part)
    }

    fn land_uses(&self) -> Vec<(&str, &str)> {
        choices(&self.land_uses)
    }
}

fn choices(choices: &[codelist::Choice]) -> Vec<(&str, &str)> {
    choices.iter().map(|it| (it.code.as_str(), it.name.as_str())).collect()
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
            ChangeError::Faults(faults) => Error::Input(faults),
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

fn dossier(code: &str) -> Response {
    Redirect::to(&format!("/parcels/{code}")).into_response()
}

async fn adjust_page(state: &AppState, officer: &Officer, code: &str, back: Shown) -> web::Result<Response> {
    let version = found(state, officer, code).await?;
    let land_uses = store::land_uses(&state.pool).await?;
    let shell = officer.shell(state, "宗地变更");
    form_page(back.status(), &AdjustPage { shell, version, land_uses, back })
}

pub async fn adjust_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
) -> web::Result<Response> {
    adjust_page(&state, &officer, &code, Shown::default()).await
}

/// Onwards to the parcel, or the form again.
async fn answer(
    state: &AppState,
    officer: &Officer,
    code: &str,
    (part, sent): (&str, Sent),
    outcome: Result<(), ChangeError>,
) -> web::Result<Response> {
    let faults = faults_of(outcome)?;
    if faults.is_empty() {
        return Ok(dossier(code));
    }
    adjust_page(state, officer, code, Shown::from(sent).part(part).with_faults(faults)).await
}

/// Land use, supply status, name and registered area from a day on.
pub async fn adjust(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let form = Form::from(sent);
    let outcome = match form::all(form.base(&code), form.attributes(), form.grounds()) {
        Ok((base, attributes, grounds)) => change::adjust(&officer.act(&state), &base, &attributes, &grounds).await,
        Err(faults) => Err(ChangeError::Faults(faults)),
    };
    answer(&state, &officer, &code, ("adjust", form.sent), outcome).await
}

/// The same facts for the whole period of the version, because what was recorded was wrong.
pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let form = Form::from(sent);
    let outcome = match form::all(form.base(&code), form.attributes(), form.paper()) {
        Ok((base, attributes, (source, reason))) => {
            change::correct(&officer.act(&state), &base, &attributes, &source, &reason).await
        }
        Err(faults) => Err(ChangeError::Faults(faults)),
    };
    answer(&state, &officer, &code, ("correct", form.sent), outcome).await
}

pub async fn retire(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let form = Form::from(sent);
    let outcome = match form::all(form.base(&code), form.grounds(), Ok(())) {
        Ok((base, grounds, ())) => change::retire(&officer.act(&state), &base, &grounds).await,
        Err(faults) => Err(ChangeError::Faults(faults)),
    };
    answer(&state, &officer, &code, ("retire", form.sent), outcome).await
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
