//! A parcel of a round: what the registers say, the form of a visit, the visits so far, and what differs from the registers.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::account::{Access, Officer};
use crate::base::clock::china_minute;
use crate::base::unit::grouped;
use crate::codelist::Choice;
use crate::inspection::arrival;
use crate::parcel::store as register;
use crate::survey::form::{self, DecisionForm, DecisionKind, VisitForm};
use crate::survey::known::known;
use crate::survey::present::{badge, difference_badge};
use crate::survey::store::parcels::Stood;
use crate::survey::store::visits::{of_parcel, users_of};
use crate::survey::store::{differences, photos};
use crate::survey::view::{self, DifferenceView, KnownView, Line, VisitView};
use crate::survey::{DifferenceState, Licence, RoundState, Standing, UseKind};
use crate::web::form::{Sent, Shown, faults_or_conflict};
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "survey/parcel.html")]
struct ParcelPage {
    shell: Shell,
    no: String,
    line: Line,
    known: KnownView,
    visits: Vec<VisitView>,
    differences: Vec<DifferenceView>,
    land_uses: Vec<Choice>,
    list_year: i16,
    today: NaiveDate,
    may_visit: bool,
    may_settle: bool,
    /// Of a new visit.
    visit: Uuid,
    /// As it was typed when it was refused, told by the name of its form.
    back: Shown,
    of: String,
}

impl ParcelPage {
    fn stood(&self) -> Stood {
        Stood::of(self.line.state, self.line.class)
    }

    /// The form of a visit: as it was refused, else with what is on record filled in.
    fn form(&self) -> Shown {
        if self.of == "visit" {
            return self.back.clone();
        }
        let user = |user: &view::UserView| {
            let name = user.name.as_deref().unwrap_or_default();
            let floor = user.floor_area_m2.map(|floor| floor.normalize().to_string()).unwrap_or_default();
            format!("{} {name} {floor}", user.uscc).trim().to_owned()
        };
        let users: Vec<String> = self.known.users.iter().map(user).collect();
        Sent::default()
            .with("visit", self.visit.to_string())
            .with("visited_on", self.today.to_string())
            .with("users", users.join("\n"))
            .into()
    }

    /// What was looked at; after somebody was faster, and that is said and shown, what stands now: what was typed goes beside it.
    fn version(&self) -> String {
        let again = self.of == "visit" && self.back.status() != StatusCode::CONFLICT;
        if again { self.back.value("version").to_owned() } else { self.line.version.to_string() }
    }

    fn decision(&self, difference: &DifferenceView) -> Shown {
        let part = difference.id.to_string();
        if self.of == part { self.back.as_part(&part) } else { Shown::default().part(&part) }
    }

    fn land_uses(&self) -> Vec<(&str, &str)> {
        self.land_uses.iter().map(|it| (it.code.as_str(), it.name.as_str())).collect()
    }
}

/// Mu for the eye.
fn land(mu: &Decimal) -> String {
    grouped(*mu, 4)
}

/// Square metres for the eye.
fn metres(area: &Decimal) -> String {
    grouped(*area, 2)
}

async fn page(
    state: &AppState,
    officer: Officer,
    (number, code): (&str, &str),
    (of, back): (String, Shown),
) -> web::Result<Response> {
    let (round, entry) = form::entry_of(state, &officer, number, code).await?;
    let (pool, scope, today) = (&state.pool, &officer.scope, state.clock.today());
    let known = known(pool, scope, &entry.code, (today, state.clock.now()), round.list_year.into()).await?;
    let users = users_of(pool, scope, entry.id).await?;
    let photos = photos::of_parcel(pool, scope, entry.id).await?;
    let found = differences::of_parcel(pool, scope, entry.id).await?;
    let page = ParcelPage {
        shell: officer.shell(state, format!("宗地调查表　{}", entry.code)),
        no: round.number().to_string(),
        line: Line::from(&entry),
        known: KnownView::from(&known),
        visits: view::visits(of_parcel(pool, scope, entry.id).await?, &users, &photos),
        differences: found.iter().map(DifferenceView::from).collect(),
        land_uses: register::land_uses(pool).await?,
        list_year: round.list_year,
        today,
        may_visit: officer.may(Access::WorkSurvey) && round.state == RoundState::Open,
        may_settle: officer.may(Access::SettleSurvey),
        visit: Uuid::now_v7(),
        back,
        of,
    };
    web::form::page(page.back.status(), &page)
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, code)): Path<(String, String)>,
) -> web::Result<Response> {
    page(&state, officer, (&number, &code), (String::new(), Shown::default())).await
}

pub async fn visit(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, code)): Path<(String, String)>,
    sent: Sent,
) -> web::Result<Response> {
    let form = VisitForm::of(&sent)?;
    let faults = faults_or_conflict(form::visit(&state, &officer, (&number, &code), &form).await)?;
    answer(&state, officer, (&number, &code), ("visit".into(), sent), faults).await
}

pub async fn decide(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, code, id)): Path<(String, String, Uuid)>,
    sent: Sent,
) -> web::Result<Response> {
    let form = DecisionForm::of(&sent)?;
    let faults = faults_or_conflict(form::decide(&state, &officer, id, &form).await)?;
    answer(&state, officer, (&number, &code), (id.to_string(), sent), faults).await
}

/// A photo of a visit, without anything the camera said.
pub async fn photo(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    let sha256 = photos::picture(&state.pool, &officer.scope, id).await?;
    let sha256 = sha256.ok_or_else(|| Error::NotFound("没有这张照片，或不在您的辖区内".into()))?;
    arrival::shown(&state.settings.home, &sha256).await
}

/// The parcel again, with what was refused at its form.
async fn answer(
    state: &AppState,
    officer: Officer,
    (number, code): (&str, &str),
    (of, sent): (String, Sent),
    faults: Vec<crate::exchange::Fault>,
) -> web::Result<Response> {
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/survey/rounds/{number}/parcels/{code}")).into_response());
    }
    page(state, officer, (number, code), (of, Shown::from(sent).with_faults(faults))).await
}
