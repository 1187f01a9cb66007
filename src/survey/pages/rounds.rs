//! All rounds, with the form to open one; one round with its progress, its sums and the form to close it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;

use crate::account::{Access, Officer};
use crate::base::unit::grouped;
use crate::codelist::{self, Choice};
use crate::survey::form::{self, CloseForm, RoundForm};
use crate::survey::present::{badge, round_badge};
use crate::survey::store::parcels::Stood;
use crate::survey::store::rounds::{self as round_store, Round};
use crate::survey::store::totals;
use crate::survey::view::{Amount, RoundView};
use crate::survey::wording::address;
use crate::survey::{RoundState, rounds};
use crate::web::form::{Posted, Sent, Shown, faults_of, faults_or_conflict};
use crate::web::{self, AppState, Shell};

#[derive(Template)]
#[template(path = "survey/rounds.html")]
struct RoundsPage {
    shell: Shell,
    rounds: Vec<Round>,
    subdistricts: Vec<Choice>,
    today: NaiveDate,
    may_open: bool,
    may_visit: bool,
    form: Shown,
}

#[derive(Template)]
#[template(path = "survey/round.html")]
struct RoundPage {
    shell: Shell,
    round: RoundView,
    subdistricts: Vec<Choice>,
    may_close: bool,
    form: Shown,
}

impl RoundsPage {
    fn place(&self, code: &str) -> String {
        called(&self.subdistricts, code)
    }
}

impl RoundPage {
    fn place(&self, code: &str) -> String {
        called(&self.subdistricts, code)
    }

    /// Classes of which there is something, so that the table stays narrow.
    fn heads(&self) -> Vec<Stood> {
        let there =
            |stood: &&Stood| self.round.by_class.iter().any(|total| total.stood == **stood && total.amount.parcels > 0);
        Stood::ALL.iter().filter(there).copied().collect()
    }

    fn of(&self, totals: &[crate::survey::view::OfStood], stood: &Stood) -> Amount {
        totals.iter().find(|total| total.stood == *stood).map(|total| total.amount.clone()).unwrap_or_default()
    }
}

fn called(subdistricts: &[Choice], code: &str) -> String {
    subdistricts
        .iter()
        .find(|choice| choice.stands_for(code))
        .map_or_else(|| code.to_owned(), |choice| choice.name.clone())
}

/// For the eye.
fn shown(amount: &Amount) -> String {
    grouped(amount.mu, 2)
}

async fn rounds_page(state: &AppState, officer: Officer, form: Shown) -> web::Result<Response> {
    let today = state.clock.today();
    let page = RoundsPage {
        shell: officer.shell(state, "工业用地摸底调查"),
        rounds: round_store::all(&state.pool, &officer.scope).await?,
        subdistricts: codelist::subdistricts(&state.pool, &officer.scope, today).await?,
        today,
        may_open: officer.may(Access::RunSurvey),
        may_visit: officer.may(Access::WorkSurvey),
        form,
    };
    web::form::page(page.form.status(), &page)
}

pub async fn all(State(state): State<AppState>, officer: Officer) -> web::Result<Response> {
    rounds_page(&state, officer, Shown::default()).await
}

pub async fn open(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<RoundForm>,
) -> web::Result<Response> {
    let outcome = form::open(&state, &officer, &form).await;
    if let Ok(number) = &outcome {
        return Ok(Redirect::to(&address(*number)).into_response());
    }
    let faults = faults_of(outcome)?;
    rounds_page(&state, officer, Shown::of(&form).with_faults(faults)).await
}

async fn round_page(state: &AppState, officer: Officer, number: &str, form: Shown) -> web::Result<Response> {
    let round = rounds::of_number(&officer.act(state), number).await?;
    let mut connection = state.pool.acquire().await?;
    let sums = totals::of_round(&mut connection, &officer.scope, round.id).await?;
    drop(connection);
    let another = round.opened_by != officer.account;
    let page = RoundPage {
        shell: officer.shell(state, format!("摸底调查 {}　{}", round.number(), round.name)),
        may_close: officer.may(Access::RunSurvey) && another && round.state == RoundState::Open,
        round: RoundView::of(&round, &sums),
        subdistricts: codelist::subdistricts(&state.pool, &officer.scope, state.clock.today()).await?,
        form,
    };
    web::form::page(page.form.status(), &page)
}

pub async fn one(State(state): State<AppState>, officer: Officer, Path(number): Path<String>) -> web::Result<Response> {
    round_page(&state, officer, &number, Shown::default()).await
}

pub async fn close(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let form = CloseForm { version: sent.version()?, words: sent.text("words").to_owned() };
    let faults = faults_or_conflict(form::close(&state, &officer, &number, &form).await)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/survey/rounds/{number}")).into_response());
    }
    round_page(&state, officer, &number, Shown::from(sent).with_faults(faults)).await
}
