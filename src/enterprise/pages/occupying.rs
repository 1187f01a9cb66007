//! Forms on which a use of land is entered, ended, given another area from a day on, or corrected.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{area, metres};
use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_minute;
use crate::base::text::Seen;
use crate::base::unit::Mu;
use crate::enterprise::change::Outcome;
use crate::enterprise::form::OccupancyForm;
use crate::enterprise::store::land::{self, Recorded};
use crate::enterprise::{HoldingSide, OccupancyKind, commands};
use crate::web::form::{self, Posted, Shown, faults_of};
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .get("/occupancies/new", Access::WriteEnterprises, new_form)
        .post("/occupancies/new", Access::WriteEnterprises, begin)
        .get("/occupancies/{id}/edit", Access::WriteEnterprises, edit_form)
        .post("/occupancies/{id}/end", Access::WriteEnterprises, end)
        .post("/occupancies/{id}/area", Access::WriteEnterprises, change_area)
        .post("/occupancies/{id}/correct", Access::WriteEnterprises, correct)
}

#[derive(Template)]
#[template(path = "enterprise/occupancy_new.html")]
struct NewPage {
    shell: Shell,
    form: Shown,
    person: String,
}

#[derive(Template)]
#[template(path = "enterprise/occupancy_edit.html")]
struct EditPage {
    shell: Shell,
    it: Recorded,
    uscc: String,
    /// What was typed into the form that came back, else what is on record.
    end: Shown,
    changed: Shown,
    corrected: Shown,
    person: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewParameters {
    uscc: String,
    parcel: String,
}

fn new_page(state: &AppState, officer: &Officer, form: Shown) -> web::Result<Response> {
    let (shell, form) = (officer.shell(state, "登记用地"), form.part("new"));
    form::page(form.status(), &NewPage { shell, form, person: officer.actor().name })
}

pub async fn new_form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<NewParameters>,
) -> web::Result<Response> {
    let form = OccupancyForm {
        uscc: parameters.uscc,
        parcel: parameters.parcel,
        since: state.clock.today().to_string(),
        ..OccupancyForm::default()
    };
    new_page(&state, &officer, Shown::of(&form))
}

pub async fn begin(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<OccupancyForm>,
) -> web::Result<Response> {
    let faults = faults_of(commands::begun(&state, &officer, &form).await)?;
    if faults.is_empty() {
        return Ok(to(form.uscc.seen()));
    }
    new_page(&state, &officer, Shown::of(&form).with_faults(faults))
}

pub async fn edit_form(State(state): State<AppState>, officer: Officer, Path(id): Path<i64>) -> web::Result<Response> {
    let it = found(&state, &officer, id).await?;
    edit_page(&state, &officer, it, ("", Shown::default()))
}

pub async fn end(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    Posted(form): Posted<OccupancyForm>,
) -> web::Result<Response> {
    let outcome = commands::ended(&state, &officer, id, &form).await;
    answer(&state, &officer, id, ("end", &form), outcome).await
}

pub async fn change_area(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    Posted(form): Posted<OccupancyForm>,
) -> web::Result<Response> {
    let outcome = commands::area_changed(&state, &officer, id, &form).await;
    answer(&state, &officer, id, ("area", &form), outcome).await
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    Posted(form): Posted<OccupancyForm>,
) -> web::Result<Response> {
    let outcome = commands::use_corrected(&state, &officer, id, &form).await;
    answer(&state, &officer, id, ("correct", &form), outcome).await
}

async fn answer(
    state: &AppState,
    officer: &Officer,
    id: i64,
    (part, form): (&str, &OccupancyForm),
    outcome: Outcome<i64>,
) -> web::Result<Response> {
    let faults = faults_of(outcome)?;
    let it = found(state, officer, id).await?;
    if faults.is_empty() {
        return Ok(to(it.occupant.or(it.lessor).as_deref().unwrap_or_default()));
    }
    edit_page(state, officer, it, (part, Shown::of(form).with_faults(faults)))
}

async fn found(state: &AppState, officer: &Officer, id: i64) -> web::Result<Recorded> {
    let found = land::recorded(&state.pool, &officer.scope, id).await?;
    found.ok_or_else(|| Error::NotFound("没有这条用地记录".into()))
}

/// The page with its three forms; one of them may have come back.
fn edit_page(state: &AppState, officer: &Officer, it: Recorded, (back, form): (&str, Shown)) -> web::Result<Response> {
    let (status, on_record) = (form.status(), OccupancyForm::of(&it));
    let of = |part: &str| if part == back { form.clone() } else { Shown::of(&on_record) }.part(part);
    let (end, changed, corrected) = (of("end"), of("area"), of("correct"));
    let (shell, person, uscc) = (officer.shell(state, "变更用地"), officer.actor().name, on_record.uscc.clone());
    form::page(status, &EditPage { shell, it, uscc, end, changed, corrected, person })
}

fn to(uscc: &str) -> Response {
    Redirect::to(&format!("/enterprises/{}#holdings", uscc.to_ascii_uppercase())).into_response()
}

impl OccupancyForm {
    /// As the form shows what is on record: told by the occupant, or by the lessor when nobody knows the occupant.
    fn of(it: &Recorded) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let area = |area: Option<rust_decimal::Decimal>| area.map_or(String::new(), |area| area.to_string());
        let side = match (it.kind, &it.occupant) {
            (OccupancyKind::Owned, _) => HoldingSide::Owned,
            (OccupancyKind::Other, _) => HoldingSide::Other,
            (OccupancyKind::Leased, Some(_)) => HoldingSide::LeasedIn,
            (OccupancyKind::Leased, None) => HoldingSide::LeasedOut,
        };
        let told_by_occupant = it.occupant.is_some();
        OccupancyForm {
            uscc: text(if told_by_occupant { &it.occupant } else { &it.lessor }),
            counterpart: if told_by_occupant { text(&it.lessor) } else { String::new() },
            side: side.code().into(),
            parcel: text(&it.parcel),
            area_m2: it.land.and_then(Mu::exact_square_metres).map_or(String::new(), |area| area.to_string()),
            area_mu: it
                .land
                .filter(|land| land.exact_square_metres().is_none())
                .map_or(String::new(), |land| land.to_string()),
            floor_area_m2: area(it.floor_area_m2),
            since: it.valid.from.map_or(String::new(), |day| day.to_string()),
            last: it.valid.until.and_then(|day| day.pred_opt()).map_or(String::new(), |day| day.to_string()),
            ..OccupancyForm::default()
        }
    }
}
