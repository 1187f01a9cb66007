//! The application's form: a draft keeps whatever was typed, the check runs along, handing in needs everything.

use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use super::form::Form;
use super::{part, to_case};
use crate::account::Officer;
use crate::admission::case::application::{Application, Figure, SiteKind};
use crate::admission::case::check::{Days, examine};
use crate::admission::case::gap::Gap;
use crate::admission::case::store::{self, cases};
use crate::admission::case::{Case, Offer, rules};
use crate::codelist::Industry;
use crate::exchange::frame;
use crate::parcel::shapes::{self, Unread};
use crate::policy::standard::LandKind;
use crate::web::{AppState, Error, Multipart, Result, Shell};

/// A field of the form for one declared figure.
pub struct FigureField {
    pub name: String,
    pub label: String,
    pub note: String,
    pub typed: Figure,
    pub units: Vec<String>,
    pub unit: String,
}

/// An offer with the rows it allows.
pub struct OfferChoice {
    pub offer: Offer,
    /// Id, title, whether adopted.
    pub sets: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "admission/case/form.html")]
struct FormPage {
    shell: Shell,
    /// None for a new one.
    case: Option<Case>,
    client_key: Uuid,
    application: Application,
    industry_name: String,
    figures: Vec<FigureField>,
    offers: Vec<OfferChoice>,
    zones: Vec<String>,
    gaps: Vec<Gap>,
    /// The application was sent and came back.
    refused: bool,
    check: String,
    action: String,
    outlines: String,
}

impl FormPage {
    fn site_kinds(&self) -> &'static [SiteKind] {
        SiteKind::ALL
    }

    fn land_kinds(&self) -> &'static [LandKind] {
        LandKind::ALL
    }
}

pub async fn blank(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let application = Application { edition: "2017".into(), ..Application::default() };
    page(&state, &officer, None, Uuid::new_v4(), application, false).await
}

pub async fn form(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    let case = find(&state, &officer, id).await?;
    if !rules::is_editable(case.stage) {
        return Ok(to_case(id));
    }
    let application = cases::application(&state.pool, &officer.scope, id).await?;
    Ok(page(&state, &officer, Some(case), Uuid::nil(), application, false).await?.into_response())
}

/// Opens the case that the form's key stands for; the same form again leads to the same case.
pub async fn create(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> Result<Response> {
    let form = Form::of_multipart(multipart).await?;
    let key = form.id("client_key", "表单缺少标识，请刷新页面后重试")?;
    let application = application_of(&form).await?;
    let examined = examine(&state.pool, &officer.scope, &application, None, days(&state, None)).await?;
    let act = officer.act(&state);
    let id = cases::create(&act, key, &application, &examined.site).await?;
    if form.text("intent") != "submit" {
        return Ok(to_case(id));
    }
    let case = find(&state, &officer, id).await?;
    if !rules::is_editable(case.stage) {
        return Ok(to_case(id));
    }
    let version = case.version;
    hand_in(&state, &officer, case, version, application).await
}

pub async fn save(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    multipart: Multipart,
) -> Result<Response> {
    let form = Form::of_multipart(multipart).await?;
    let version = form.version()?;
    let case = find(&state, &officer, id).await?;
    let application = application_of(&form).await?;
    if form.text("intent") == "submit" {
        return hand_in(&state, &officer, case, version, application).await;
    }
    let examined = examine(&state.pool, &officer.scope, &application, Some(id), days(&state, Some(&case))).await?;
    let act = officer.act(&state);
    cases::edit(&act, id, version, &application, &examined.site).await?;
    Ok(to_case(id))
}

async fn hand_in(
    state: &AppState,
    officer: &Officer,
    case: Case,
    version: i32,
    application: Application,
) -> Result<Response> {
    let days = days(state, Some(&case));
    let examined = examine(&state.pool, &officer.scope, &application, Some(case.id), days).await?;
    let act = officer.act(state);
    if examined.gaps().next().is_some() {
        // What was typed is kept before it is said what is missing.
        cases::edit(&act, case.id, version, &application, &examined.site).await?;
        let case = find(state, officer, case.id).await?;
        let page = page(state, officer, Some(case), Uuid::nil(), application, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    store::submit::submit(&act, case.id, version, &application, &examined).await?;
    Ok(to_case(case.id))
}

/// The check while somebody types: the very function that is kept with a receipt when the case is handed in.
pub async fn check(State(state): State<AppState>, officer: Officer, RawForm(body): RawForm) -> Result<Html<String>> {
    let form = Form::parse(&body);
    let case = match form.text("case").parse::<Uuid>() {
        Ok(id) => Some(find(&state, &officer, id).await?),
        Err(_) => None,
    };
    let application = Application::from_fields(&form.fields);
    let id = case.as_ref().map(|case| case.id);
    let examined = examine(&state.pool, &officer.scope, &application, id, days(&state, case.as_ref())).await?;
    Ok(Html(part::live(&examined)?))
}

pub fn days(state: &AppState, case: Option<&Case>) -> Days {
    let today = state.clock.today();
    Days { as_of: case.and_then(|case| case.applied_on).unwrap_or(today), today }
}

pub async fn find(state: &AppState, officer: &Officer, id: Uuid) -> Result<Case> {
    let case = cases::find(&state.pool, &officer.scope, id).await?;
    // A draft is its maker's until it is handed in.
    let visible = |case: &Case| case.serial.is_some() || case.created_by == Some(officer.account);
    case.filter(visible).ok_or_else(|| Error::NotFound("没有这个案件".into()))
}

/// The fields, and the shape of a file in place of what was pasted.
async fn application_of(form: &Form) -> Result<Application> {
    let mut application = Application::from_fields(&form.fields);
    if form.file.is_empty() {
        return Ok(application);
    }
    application.site_kind = SiteKind::Uploaded.code().into();
    let srid = match application.srid.as_str() {
        "" => None,
        text => Some(
            frame::parse_srid(text).ok_or_else(|| Error::BadRequest("坐标系应为 EPSG 代码，如 4490 或 4528".into()))?,
        ),
    };
    let read = shapes::read_or_ask(form.file.clone(), form.file_name.clone(), srid).await?;
    match read.map_err(Unread::into_faults) {
        Ok(shapes) => {
            let srid = shapes.first().map_or(0, |shape| shape.shape.srid);
            let features: Vec<geojson::Feature> = shapes
                .into_iter()
                .map(|shape| geojson::Feature {
                    geometry: Some(geojson::Geometry::from(&shape.shape.geometry)),
                    ..geojson::Feature::default()
                })
                .collect();
            let collection = geojson::FeatureCollection { features, bbox: None, foreign_members: None };
            application.shape = geojson::GeoJson::from(collection).to_string();
            application.srid = srid.to_string();
        }
        // Text stays to be put right on the form; anything else has to be chosen again.
        Err(faults) => match std::str::from_utf8(&form.file) {
            Ok(text) if text.len() <= 200_000 => application.shape = text.to_owned(),
            _ => {
                let messages: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
                return Err(Error::BadRequest(format!("界址文件不能使用：{}", messages.join("；"))));
            }
        },
    }
    Ok(application)
}

async fn page(
    state: &AppState,
    officer: &Officer,
    case: Option<Case>,
    client_key: Uuid,
    application: Application,
    refused: bool,
) -> Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let days = days(state, case.as_ref());
    let examined = examine(pool, scope, &application, case.as_ref().map(|case| case.id), days).await?;
    let catalogue = &examined.catalogue;
    let figures = catalogue.indicators.facts.iter().map(|fact| FigureField {
        name: fact.name.clone(),
        label: fact.label.clone(),
        note: fact.note.clone(),
        typed: application.figure(&fact.name),
        units: fact.measure().map(|measure| measure.names()).unwrap_or_default(),
        unit: fact.unit.clone(),
    });
    let offers = store::offers::running(pool, scope, days.today)
        .await?
        .into_iter()
        .map(|offer| OfferChoice { sets: part::titles(catalogue, &offer.sets), offer });
    let title =
        case.as_ref().map_or("新建准入申请".to_owned(), |case| format!("编辑申请 {}", case.number_or_draft()));
    let page = FormPage {
        shell: officer.shell(state, title),
        client_key,
        industry_name: Industry::parse("2017", &application.industry).map(|it| it.name.to_owned()).unwrap_or_default(),
        figures: figures.collect(),
        offers: offers.collect(),
        zones: store::listing::zones(pool, scope, days.today).await?,
        gaps: if refused { examined.gaps().collect() } else { Vec::new() },
        refused,
        check: part::live(&examined)?,
        action: case
            .as_ref()
            .map_or("/admission/cases/new".into(), |case| format!("/admission/cases/{}/edit", case.id)),
        outlines: format!("/map/outlines.geojson?as_of={}", days.today),
        case,
        application,
    };
    Ok(Html(page.render()?))
}
