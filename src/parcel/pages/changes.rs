//! Pages on which parcels are changed. What is wrong with a form is shown on it, with everything that was typed.

mod form;

use askama::Template;
use axum::extract::{Multipart, Path, Query, RawForm, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::super::change::{self, Base, ChangeError, Hand, NewParcel};
use super::super::rules::{AREA_TOLERANCE, ChangeFault, ChangeFaultCode, SHAPE_TOLERANCE};
use super::super::shapes::{self, ReadShape};
use super::super::store::{self, Choice, Version};
use super::super::{SupplyStatus, pages::metres};
use crate::account::{Access, Actor, Officer, Routes};
use crate::base::clock::china_time;
use crate::base::code::ParcelCode;
use crate::base::unit::grouped;
use crate::exchange::frame;
use crate::web::{self, AppState, Error, Shell};
use form::{Form, SuccessorLine, successor_lines};

/// Shapes of a few parcels are small.
const LARGEST_UPLOAD: usize = 8 * 1024 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .get("/parcels/{code}/adjust", Access::WriteParcels, adjust_form)
        .post("/parcels/{code}/adjust", Access::WriteParcels, adjust)
        .post("/parcels/{code}/correct", Access::WriteParcels, correct)
        .post("/parcels/{code}/retire", Access::WriteParcels, retire)
        .get("/parcels/{code}/split", Access::WriteParcels, split_form)
        .upload("/parcels/{code}/split", Access::WriteParcels, LARGEST_UPLOAD, split)
        .get("/parcels/merge", Access::WriteParcels, merge_form)
        .upload("/parcels/merge", Access::WriteParcels, LARGEST_UPLOAD, merge)
}

#[derive(Template)]
#[template(path = "parcel/adjust.html")]
struct AdjustPage {
    shell: Shell,
    version: Version,
    land_uses: Vec<Choice>,
    form: Form,
    /// Which of the three forms the faults belong to.
    part: &'static str,
    faults: Vec<ChangeFault>,
}

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
                let at = china_time(at).format("%Y-%m-%d %H:%M");
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

struct Signed {
    actor: Actor,
}

impl Signed {
    fn hand<'a>(&'a self, state: &'a AppState, officer: &'a Officer) -> Hand<'a> {
        Hand { pool: &state.pool, scope: &officer.scope, actor: &self.actor, now: state.clock.now() }
    }
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
    let land_uses = store::land_uses(&state.pool, &officer.scope, false).await?;
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
    let signed = Signed { actor: officer.actor() };
    let faults = match (form.base(&code), form.attributes(), form.grounds()) {
        (Ok(base), Ok(attributes), Ok(grounds)) => {
            settled(change::adjust(&signed.hand(&state, &officer), &base, &attributes, &grounds).await)?
        }
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
    let signed = Signed { actor: officer.actor() };
    let faults = match (form.base(&code), form.attributes(), form.paper()) {
        (Ok(base), Ok(attributes), Ok((source, reason))) => {
            settled(change::correct(&signed.hand(&state, &officer), &base, &attributes, &source, &reason).await)?
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
    let signed = Signed { actor: officer.actor() };
    let faults = match (form.base(&code), form.grounds()) {
        (Ok(base), Ok(grounds)) => settled(change::retire(&signed.hand(&state, &officer), &base, &grounds).await)?,
        (base, grounds) => form::all_faults(base.err(), None, grounds.err()),
    };
    if faults.is_empty() {
        return Ok(dossier(&code));
    }
    again(&adjust_page(&state, &officer, &code, form, "retire", faults).await?)
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
    let signed = Signed { actor: officer.actor() };
    let shapes = read_shapes(&form);
    let faults = match (form.base(&code), successors(&form, shapes), form.grounds()) {
        (Ok(base), Ok(parcels), Ok(grounds)) => {
            settled(change::split(&signed.hand(&state, &officer), &base, &parcels, &grounds).await)?
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
    codes: String,
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
    let signed = Signed { actor: officer.actor() };
    let hand = signed.hand(&state, &officer);
    let bases = form.bases();
    let shapes = match (&bases, form.has_shapes()) {
        (Ok(bases), false) => change::union_of(&hand, bases)
            .await?
            .map_or(Ok(Vec::new()), |shape| Ok(vec![ReadShape { code: None, official: None, shape }])),
        _ => read_shapes(&form),
    };
    let faults = match (bases, successors(&form, shapes), form.grounds()) {
        (Ok(bases), Ok(parcels), Ok(grounds)) => match parcels.as_slice() {
            [parcel] => {
                let outcome = change::merge(&hand, &bases, parcel, &grounds).await;
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
async fn merged(state: &AppState, officer: &Officer, form: &Form) -> web::Result<(Vec<Version>, Vec<ChangeFault>)> {
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

fn read_shapes(form: &Form) -> Result<Vec<ReadShape>, Vec<ChangeFault>> {
    let srid =
        match form.text("srid").as_str() {
            "" => None,
            text => Some(frame::parse_srid(text).ok_or_else(|| {
                vec![ChangeFault::new(ChangeFaultCode::Shape, "坐标系应为 EPSG 代码，如 4490 或 4528")]
            })?),
        };
    let (bytes, name) = form.shapes();
    if bytes.is_empty() {
        return Err(vec![ChangeFault::new(ChangeFaultCode::Missing, "请上传或粘贴新宗地的图形")]);
    }
    shapes::read(bytes, name, srid)
}

/// Shapes with the codes and areas that were typed, line by line in the order of the shapes; the file's own otherwise.
fn successors(
    form: &Form,
    shapes: Result<Vec<ReadShape>, Vec<ChangeFault>>,
) -> Result<Vec<NewParcel>, Vec<ChangeFault>> {
    let lines = successor_lines(&form.text("successors"));
    let (shapes, lines) = match (shapes, lines) {
        (Ok(shapes), Ok(lines)) => (shapes, lines),
        (shapes, lines) => {
            return Err(shapes.err().into_iter().chain(lines.err()).flatten().collect());
        }
    };
    if !lines.is_empty() && lines.len() != shapes.len() {
        let message = format!("填写了 {} 个代码，图形有 {} 个，应一一对应", lines.len(), shapes.len());
        return Err(vec![ChangeFault::new(ChangeFaultCode::Count, message)]);
    }
    let (mut parcels, mut faults) = (Vec::new(), Vec::new());
    for (place, shape) in shapes.into_iter().enumerate() {
        match successor(shape, lines.get(place)) {
            Ok(parcel) => parcels.push(parcel),
            Err(message) => {
                let message = format!("第 {} 个图形：{message}", place + 1);
                faults.push(ChangeFault::new(ChangeFaultCode::CodeInvalid, message));
            }
        }
    }
    if faults.is_empty() { Ok(parcels) } else { Err(faults) }
}

fn successor(shape: ReadShape, line: Option<&SuccessorLine>) -> Result<NewParcel, String> {
    let code = line.map(|line| line.code.clone()).or(shape.code).ok_or("缺少宗地代码")?;
    let code: ParcelCode = code.parse().map_err(|_| format!("“{code}”不是 19 位宗地代码"))?;
    let official = line.and_then(|line| line.official).or(shape.official);
    Ok(NewParcel { code, name: None, official, shape: shape.shape })
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
