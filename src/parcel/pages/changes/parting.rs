//! One parcel becomes several, or several become one.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use serde::Deserialize;

use super::form::{self, Form};
use super::shaped::{read_shapes, successors};
use super::{again, area_tolerance, base_value, dossier, found, plane, settled, shape_tolerance};
use crate::account::Officer;
use crate::parcel::change;
use crate::parcel::pages::metres;
use crate::parcel::rules::{ChangeFault, ChangeFaultCode};
use crate::parcel::shapes::ReadShape;
use crate::parcel::store::{self, Version};
use crate::permits::{self, Step};
use crate::web::{self, AppState, Multipart, Shell};

#[derive(Template)]
#[template(path = "parcel/split.html")]
struct SplitPage {
    shell: Shell,
    version: Version,
    form: Form,
    faults: Vec<ChangeFault>,
}

#[derive(Template)]
#[template(path = "parcel/merge.html")]
struct MergePage {
    shell: Shell,
    versions: Vec<Version>,
    form: Form,
    faults: Vec<ChangeFault>,
}

pub async fn split_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(code): Path<String>,
) -> web::Result<Html<String>> {
    let version = found(&state, &officer, &code).await?;
    let shell = officer.shell(&state, "宗地分割");
    Ok(Html(SplitPage { shell, version, form: Form::default(), faults: Vec::new() }.render()?))
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
    let faults = match (form.base(&code), successors(&form, shapes), form.grounds()) {
        (Ok(base), Ok(parcels), Ok(grounds)) => {
            settled(permits::during(Step::Preview, change::split(&act, &base, &parcels, &grounds)).await?)?
        }
        (base, parcels, grounds) => form::all_faults(base.err(), parcels.err(), grounds.err()),
    };
    if faults.is_empty() {
        return Ok(dossier(&code));
    }
    let version = found(&state, &officer, &code).await?;
    again(&SplitPage { shell: officer.shell(&state, "宗地分割"), version, form, faults })
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
) -> web::Result<Html<String>> {
    let form = Form::default().with("codes", &parameters.codes);
    let (versions, faults) = merged(&state, &officer, &form).await?;
    Ok(Html(MergePage { shell: officer.shell(&state, "宗地合并"), versions, form, faults }.render()?))
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
    let faults = match (bases, successors(&form, shapes), form.grounds()) {
        (Ok(bases), Ok(parcels), Ok(grounds)) => match parcels.as_slice() {
            [parcel] => {
                let outcome = permits::during(Step::Preview, change::merge(&act, &bases, parcel, &grounds)).await?;
                let faults = settled(outcome)?;
                if faults.is_empty() {
                    return Ok(dossier(parcel.code.as_str()));
                }
                faults
            }
            _ => {
                vec![ChangeFault::new(ChangeFaultCode::Count, format!("合并后应为一宗，现有 {} 个图形", parcels.len()))]
            }
        },
        (bases, parcels, grounds) => form::all_faults(bases.err(), parcels.err(), grounds.err()),
    };
    let (versions, _) = merged(&state, &officer, &form).await?;
    again(&MergePage { shell: officer.shell(&state, "宗地合并"), versions, form, faults })
}

/// The parcels whose codes were typed, and what is wrong with the codes.
pub(super) async fn merged(
    state: &AppState,
    officer: &Officer,
    form: &Form,
) -> web::Result<(Vec<Version>, Vec<ChangeFault>)> {
    let (mut versions, mut faults) = (Vec::new(), Vec::new());
    for code in form.codes() {
        match store::latest(&state.pool, &officer.scope, &code).await? {
            Some(version) => versions.push(version),
            None => faults.push(ChangeFault::new(ChangeFaultCode::CodeInvalid, format!("没有代码为 {code} 的宗地"))),
        }
    }
    if versions.len() == 1 && faults.is_empty() {
        faults.push(ChangeFault::new(ChangeFaultCode::Count, "合并至少需要两宗宗地，请再填写一个代码"));
    }
    Ok((versions, faults))
}
