//! One parcel becomes several, or several become one.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::form::{self, Form};
use super::shaped::{read_shapes, successors};
use super::{area_tolerance, base_value, dossier, found, plane, shape_tolerance};
use crate::account::Officer;
use crate::exchange::{Fault, FaultCode};
use crate::parcel::change;
use crate::parcel::pages::metres;
use crate::parcel::shapes::ReadShape;
use crate::parcel::store::{self, Version};
use crate::permits::{self, Step};
use crate::web::form::{Sent, Shown, faults_of, page};
use crate::web::{self, AppState, Multipart, Shell};

#[derive(Template)]
#[template(path = "parcel/split.html")]
struct SplitPage {
    shell: Shell,
    version: Version,
    form: Shown,
}

#[derive(Template)]
#[template(path = "parcel/merge.html")]
struct MergePage {
    shell: Shell,
    versions: Vec<Version>,
    form: Shown,
}

pub async fn split_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
) -> web::Result<Response> {
    split_page(&state, &officer, &code, Shown::default()).await
}

async fn split_page(state: &AppState, officer: &Officer, code: &str, form: Shown) -> web::Result<Response> {
    let version = found(state, officer, code).await?;
    let shell = officer.shell(state, "宗地分割");
    page(form.status(), &SplitPage { shell, version, form })
}

pub async fn split(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
    multipart: Multipart,
) -> web::Result<Response> {
    let form = Form::of_multipart(multipart).await?;
    let act = officer.act(&state);
    let shapes = read_shapes(&form).await?;
    let faults = match form::all(form.base(&code), successors(&form, shapes), form.grounds()) {
        Ok((base, parcels, grounds)) => {
            faults_of(permits::during(Step::Preview, change::split(&act, &base, &parcels, &grounds)).await?)?
        }
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(dossier(&code));
    }
    split_page(&state, &officer, &code, Shown::from(form.sent).with_faults(faults)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MergeParameters {
    /// Codes of the parcels to be merged, apart by commas or blanks.
    pub(super) codes: String,
}

pub async fn merge_form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<MergeParameters>,
) -> web::Result<Response> {
    let form = Form::from(Sent::default().with("codes", parameters.codes));
    let (versions, faults) = merged(&state, &officer, &form).await?;
    let (shell, form) = (officer.shell(&state, "宗地合并"), Shown::from(form.sent).with_faults(faults));
    page(StatusCode::OK, &MergePage { shell, versions, form })
}

pub async fn merge(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> web::Result<Response> {
    let form = Form::of_multipart(multipart).await?;
    let act = officer.act(&state);
    let bases = form.bases();
    let shapes = match (&bases, form.has_shapes()) {
        (Ok(bases), false) => change::union_of(&act, bases)
            .await?
            .map_or(Ok(Vec::new()), |shape| Ok(vec![ReadShape { code: None, official: None, shape }])),
        _ => read_shapes(&form).await?,
    };
    let faults = match form::all(bases, successors(&form, shapes), form.grounds()) {
        Ok((bases, parcels, grounds)) => match parcels.as_slice() {
            [parcel] => {
                let outcome = permits::during(Step::Preview, change::merge(&act, &bases, parcel, &grounds)).await?;
                let faults = faults_of(outcome)?;
                if faults.is_empty() {
                    return Ok(dossier(parcel.code.as_str()));
                }
                faults
            }
            _ => {
                vec![Fault::error(FaultCode::Count, format!("合并后应为一宗，现有 {} 个图形", parcels.len()))]
            }
        },
        Err(faults) => faults,
    };
    let (versions, _) = merged(&state, &officer, &form).await?;
    let (shell, form) = (officer.shell(&state, "宗地合并"), Shown::from(form.sent).with_faults(faults));
    page(form.status(), &MergePage { shell, versions, form })
}

/// The parcels whose codes were typed, and what is wrong with the codes.
pub(super) async fn merged(
    state: &AppState,
    officer: &Officer,
    form: &Form,
) -> web::Result<(Vec<Version>, Vec<Fault>)> {
    let (mut versions, mut faults) = (Vec::new(), Vec::new());
    for code in form.codes() {
        match store::latest(&state.pool, &officer.scope, &code).await? {
            Some(version) => versions.push(version),
            None => {
                faults.push(Fault::error(FaultCode::CodeInvalid, format!("没有代码为 {code} 的宗地")).at_field("codes"))
            }
        }
    }
    if versions.len() == 1 && faults.is_empty() {
        faults.push(Fault::error(FaultCode::Count, "合并至少需要两宗宗地，请再填写一个代码"));
    }
    Ok((versions, faults))
}
