//! A parcel that comes out of no other is entered, or the boundary between parcels moves. The shapes are looked at on a
//! small map before they count: the first sending is a preview, the second, unchanged, is the deed.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use rust_decimal::Decimal;

use super::form::{self, Form};
use super::parting::{MergeParameters, merged};
use super::shaped::{read_or_ask, successors};
use super::{area_tolerance, base_value, choices, dossier, plane, shape_tolerance};
use crate::account::Officer;
use crate::codelist;
use crate::exchange::Question;
use crate::exchange::{Fault, FaultCode};
use crate::parcel::SupplyStatus;
use crate::parcel::change::{self, Base, Mode, NewParcel};
use crate::parcel::pages::metres;
use crate::parcel::shapes::Unread;
use crate::parcel::store::{self, Version};
use crate::permits::{self, Step};
use crate::print::Sketch;
use crate::web::form::{Sent, Shown, faults_of, page};
use crate::web::{self, AppState, Multipart, Shell};

#[derive(Template)]
#[template(path = "parcel/new.html")]
struct NewPage {
    shell: Shell,
    form: Shown,
    kept: Option<(String, String)>,
    land_uses: Vec<codelist::Choice>,
    looked: Looked,
}

#[derive(Template)]
#[template(path = "parcel/move_boundary.html")]
struct MovePage {
    shell: Shell,
    form: Shown,
    kept: Option<(String, String)>,
    versions: Vec<Version>,
    looked: Looked,
}

/// What came of looking at a form.
#[derive(Default)]
struct Looked {
    faults: Vec<Fault>,
    question: Option<Question>,
    preview: Option<Preview>,
}

/// What would be drawn.
struct Preview {
    /// GeoJSON, safe inside a script element.
    sketch: Sketch,
    parcels: Vec<DrawnParcel>,
    /// Of the form it shows.
    mark: String,
}

struct DrawnParcel {
    code: String,
    /// m².
    plane: Decimal,
    official: Decimal,
}

impl NewPage {
    fn land_uses(&self) -> Vec<(&str, &str)> {
        choices(&self.land_uses)
    }
}

/// The form as it comes back: with what is wrong with it, and the file that need not be chosen again.
fn back(form: Form, looked: &mut Looked) -> (Shown, Option<(String, String)>) {
    let kept = form.kept().map(|(digits, name)| (digits, name.to_owned()));
    (Shown::from(form.sent).with_faults(std::mem::take(&mut looked.faults)), kept)
}

impl Looked {
    fn at(outcome: Result<Preview, Unread>) -> Self {
        match outcome {
            Ok(preview) => Looked { preview: Some(preview), ..Looked::default() },
            Err(Unread::Faults(faults)) => Looked { faults, ..Looked::default() },
            Err(Unread::Question(question)) => Looked { question: Some(question), ..Looked::default() },
        }
    }

    /// An answer that wants something of the person is no success.
    fn status(&self) -> StatusCode {
        if self.faults.is_empty() && self.question.is_none() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

/// The form was sent again as it was previewed.
fn is_meant(form: &Form) -> bool {
    form.text("step") == "commit" && form.text("previewed") == form.mark()
}

async fn preview(
    state: &AppState,
    officer: &Officer,
    form: &Form,
    parcels: &[NewParcel],
    bases: &[Base],
) -> web::Result<Preview> {
    let former: Vec<i64> = bases.iter().map(|base| base.version).collect();
    let first = match bases.first() {
        Some(base) => store::latest(&state.pool, &officer.scope, &base.code).await?,
        None => None,
    };
    let shapes: Vec<_> = parcels.iter().map(|parcel| parcel.shape.clone()).collect();
    let codes: Vec<String> = parcels.iter().map(|parcel| parcel.code.to_string()).collect();
    let today = state.clock.today();
    let picture = store::picture_of(&state.pool, &officer.scope, &shapes, &codes, &former, today).await?;
    let planes = change::plane_areas_of(&state.pool, &shapes, first.as_ref()).await?;
    let drawn = parcels.iter().zip(planes).map(|(parcel, plane)| DrawnParcel {
        code: parcel.code.to_string(),
        plane: plane.0,
        official: parcel.official.unwrap_or_else(|| plane.0.round_dp(2)),
    });
    Ok(Preview { sketch: Sketch::of(picture), parcels: drawn.collect(), mark: form.mark() })
}

async fn new_page(state: &AppState, officer: &Officer, form: Form, mut looked: Looked) -> web::Result<Response> {
    let land_uses = store::land_uses(&state.pool).await?;
    let status = looked.status();
    let (form, kept) = back(form, &mut looked);
    page(status, &NewPage { shell: officer.shell(state, "新建宗地"), form, kept, land_uses, looked })
}

pub async fn new_form(State(state): State<AppState>, officer: Officer) -> web::Result<Response> {
    new_page(&state, &officer, Form::default(), Looked::default()).await
}

pub async fn create(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> web::Result<Response> {
    let form = Form::of_multipart(multipart).await?;
    let shapes = match read_or_ask(&form).await? {
        Ok(shapes) => Ok(shapes),
        Err(Unread::Faults(faults)) => Err(faults),
        Err(question) => return new_page(&state, &officer, form, Looked::at(Err(question))).await,
    };
    let (parcels, attributes, grounds) = match form::all(successors(&form, shapes), form.attributes(), form.grounds()) {
        Ok(read) => read,
        Err(faults) => return new_page(&state, &officer, form, Looked { faults, ..Looked::default() }).await,
    };
    let [parcel] = parcels.as_slice() else {
        let message = format!("一次新建一宗，图形有 {} 个", parcels.len());
        let faults = vec![Fault::error(FaultCode::Count, message)];
        return new_page(&state, &officer, form, Looked { faults, ..Looked::default() }).await;
    };
    let named = NewParcel { official: attributes.official_area_m2.or(parcel.official), ..parcel.clone() };
    let act = officer.act(&state);
    let mode = if is_meant(&form) { Mode::Commit } else { Mode::Preview };
    let outcome = permits::during(Step::Preview, change::create(&act, &named, &attributes, &grounds, mode)).await?;
    let faults = faults_of(outcome.map(|_| ()))?;
    let looked = match (faults.is_empty(), mode) {
        (true, Mode::Commit) => return Ok(dossier(named.code.as_str())),
        (true, Mode::Preview) => {
            Looked::at(Ok(preview(&state, &officer, &form, std::slice::from_ref(&named), &[]).await?))
        }
        (false, _) => Looked { faults, ..Looked::default() },
    };
    new_page(&state, &officer, form, looked).await
}

async fn move_page(state: &AppState, officer: &Officer, form: Form, mut looked: Looked) -> web::Result<Response> {
    let (versions, wrong) = merged(state, officer, &form).await?;
    looked.faults.extend(wrong.into_iter().map(|fault| match fault.code {
        FaultCode::Count => Fault::error(fault.code, "界址调整至少涉及两宗宗地，请再填写一个代码"),
        _ => fault,
    }));
    let status = looked.status();
    let (form, kept) = back(form, &mut looked);
    page(status, &MovePage { shell: officer.shell(state, "调整界址"), form, kept, versions, looked })
}

pub async fn move_form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<MergeParameters>,
) -> web::Result<Response> {
    let form = Form::from(Sent::default().with("codes", parameters.codes));
    let mut response = move_page(&state, &officer, form, Looked::default()).await?;
    *response.status_mut() = StatusCode::OK;
    Ok(response)
}

pub async fn move_boundary(
    State(state): State<AppState>,
    officer: Officer,
    multipart: Multipart,
) -> web::Result<Response> {
    let form = Form::of_multipart(multipart).await?;
    let shapes = match read_or_ask(&form).await? {
        Ok(shapes) => Ok(shapes),
        Err(Unread::Faults(faults)) => Err(faults),
        Err(question) => return move_page(&state, &officer, form, Looked::at(Err(question))).await,
    };
    let (bases, parcels, grounds) = match form::all(form.bases(), successors(&form, shapes), form.grounds()) {
        Ok(read) => read,
        Err(faults) => return move_page(&state, &officer, form, Looked { faults, ..Looked::default() }).await,
    };
    let act = officer.act(&state);
    let mode = if is_meant(&form) { Mode::Commit } else { Mode::Preview };
    let faults = faults_of(
        permits::during(Step::Preview, change::move_boundary(&act, &bases, &parcels, &grounds, mode)).await?,
    )?;
    let looked = match (faults.is_empty(), mode) {
        (true, Mode::Commit) => return Ok(dossier(&bases[0].code)),
        (true, Mode::Preview) => Looked::at(Ok(preview(&state, &officer, &form, &parcels, &bases).await?)),
        (false, _) => Looked { faults, ..Looked::default() },
    };
    move_page(&state, &officer, form, looked).await
}
