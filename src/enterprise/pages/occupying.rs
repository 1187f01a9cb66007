//! Forms on which a use of land is entered, ended, given another area from a day on, or corrected.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::editing::{Typed, can_vouch, read, settled};
use super::{area, metres};
use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_minute;
use crate::base::text::Seen;
use crate::base::unit::Mu;
use crate::enterprise::change::Outcome;
use crate::enterprise::store::land::{self, Recorded};
use crate::enterprise::typed::OccupancyTyped;
use crate::enterprise::{HoldingSide, OccupancyKind, commands};
use crate::exchange::Fault;
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
    typed: OccupancyTyped,
    faults: Vec<Fault>,
    person: String,
}

#[derive(Template)]
#[template(path = "enterprise/occupancy_edit.html")]
struct EditPage {
    shell: Shell,
    it: Recorded,
    /// One for each form: what was typed into it, else what is on record.
    end: OccupancyTyped,
    changed: OccupancyTyped,
    corrected: OccupancyTyped,
    /// Which form the faults belong to.
    part: &'static str,
    faults: Vec<Fault>,
    person: String,
}

impl NewPage {
    fn sides(&self) -> &'static [HoldingSide] {
        HoldingSide::ALL
    }

    fn can_vouch(&self) -> bool {
        can_vouch(&self.faults)
    }
}

impl EditPage {
    fn sides(&self) -> &'static [HoldingSide] {
        HoldingSide::ALL
    }

    fn faults_of(&self, part: &str) -> &[Fault] {
        if self.part == part { &self.faults } else { &[] }
    }

    fn can_vouch_for(&self, part: &str) -> bool {
        can_vouch(self.faults_of(part))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewParameters {
    uscc: String,
    parcel: String,
}

fn new_page(state: &AppState, officer: &Officer, typed: OccupancyTyped, faults: Vec<Fault>) -> web::Result<Response> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = officer.shell(state, "登记用地");
    let page = NewPage { shell, typed, faults, person: officer.actor().name };
    Ok((status, Html(page.render()?)).into_response())
}

pub async fn new_form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<NewParameters>,
) -> web::Result<Response> {
    let typed = OccupancyTyped {
        uscc: parameters.uscc,
        parcel: parameters.parcel,
        since: state.clock.today().to_string(),
        ..OccupancyTyped::default()
    };
    new_page(&state, &officer, typed, Vec::new())
}

pub async fn begin(
    State(state): State<AppState>,
    officer: Officer,
    typed: Typed<OccupancyTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let faults = settled(commands::begun(&state, &officer, &typed).await)?;
    if faults.is_empty() {
        return Ok(to(typed.uscc.seen()));
    }
    new_page(&state, &officer, typed, faults)
}

pub async fn edit_form(State(state): State<AppState>, officer: Officer, Path(id): Path<i64>) -> web::Result<Response> {
    edit_page(&state, &officer, id, None, "", Vec::new()).await
}

pub async fn end(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    typed: Typed<OccupancyTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let outcome = commands::ended(&state, &officer, id, &typed).await;
    answer(&state, &officer, id, typed, "end", outcome).await
}

pub async fn change_area(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    typed: Typed<OccupancyTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let outcome = commands::area_changed(&state, &officer, id, &typed).await;
    answer(&state, &officer, id, typed, "area", outcome).await
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
    typed: Typed<OccupancyTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let outcome = commands::use_corrected(&state, &officer, id, &typed).await;
    answer(&state, &officer, id, typed, "correct", outcome).await
}

async fn answer(
    state: &AppState,
    officer: &Officer,
    id: i64,
    typed: OccupancyTyped,
    part: &'static str,
    outcome: Outcome<i64>,
) -> web::Result<Response> {
    let faults = settled(outcome)?;
    if !faults.is_empty() {
        return edit_page(state, officer, id, Some(typed), part, faults).await;
    }
    let it = found(state, officer, id).await?;
    Ok(to(it.occupant.or(it.lessor).as_deref().unwrap_or_default()))
}

async fn found(state: &AppState, officer: &Officer, id: i64) -> web::Result<Recorded> {
    let found = land::recorded(&state.pool, &officer.scope, id).await?;
    found.ok_or_else(|| Error::NotFound("没有这条用地记录".into()))
}

async fn edit_page(
    state: &AppState,
    officer: &Officer,
    id: i64,
    typed: Option<OccupancyTyped>,
    part: &'static str,
    faults: Vec<Fault>,
) -> web::Result<Response> {
    let it = found(state, officer, id).await?;
    let typed_into = |form: &str| typed.clone().filter(|_| form == part).unwrap_or_else(|| OccupancyTyped::of(&it));
    let page = EditPage {
        shell: officer.shell(state, "变更用地"),
        end: typed_into("end"),
        changed: typed_into("area"),
        corrected: typed_into("correct"),
        part,
        person: officer.actor().name,
        it,
        faults,
    };
    let status = if page.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(page.render()?)).into_response())
}

fn to(uscc: &str) -> Response {
    Redirect::to(&format!("/enterprises/{}#holdings", uscc.to_ascii_uppercase())).into_response()
}

impl OccupancyTyped {
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
        OccupancyTyped {
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
            ..OccupancyTyped::default()
        }
    }
}
