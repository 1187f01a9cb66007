//! The board: how many files stand where, batches with their progress, samples, and what each year came to.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::together;
use crate::account::{Access, Officer};
use crate::base::clock::china_minute;
use crate::exchange::Fault;
use crate::remediation::form::{self, ListForm};
use crate::remediation::opening::Opening;
use crate::remediation::present::opened_badge;
use crate::remediation::store::batches::{self, Batch};
use crate::remediation::store::samples::{self, Sample};
use crate::remediation::store::totals::{self, InState, OfYear, Risen, StruckOff};
use crate::remediation::{Ground, State as FileState, Step, acceptance};
use crate::scoring::scheme::Category;
use crate::web::form::{Posted, Sent, Shown, faults_of};
use crate::web::{self, AppState, Shell};

#[derive(Template)]
#[template(path = "remediation/board.html")]
struct BoardPage {
    shell: Shell,
    columns: Vec<InState>,
    batches: Vec<Batch>,
    samples: Vec<Sample>,
    years: Vec<OfYear>,
    struck_off: Vec<StruckOff>,
    risen: Vec<Risen>,
    may_enter: bool,
    /// Steps that may be taken of many files at once.
    together: Vec<Step>,
    list: Shown,
    draw: Shown,
}

/// What came of a list, each with its file.
#[derive(Template)]
#[template(path = "remediation/opened.html")]
struct OpenedPage {
    shell: Shell,
    opening: Opening,
}

impl BoardPage {
    async fn of(state: &AppState, officer: &Officer) -> web::Result<Self> {
        let (pool, scope, today) = (&state.pool, &officer.scope, state.clock.today());
        let found = totals::by_state(pool, scope, today).await?;
        let of = |state: &FileState| {
            let none = InState { state: *state, files: 0, late: 0 };
            found.iter().find(|column| column.state == *state).cloned().unwrap_or(none)
        };
        Ok(BoardPage {
            shell: officer.shell(state, "整治看板"),
            columns: FileState::ALL.iter().map(of).collect(),
            batches: batches::newest(pool, scope).await?,
            samples: samples::newest(pool, scope).await?,
            years: totals::entered(pool, scope).await?,
            struck_off: totals::struck_off(pool, scope).await?,
            risen: totals::risen(pool, scope).await?,
            may_enter: officer.may(Access::HandleRemediation),
            together: together::links(officer),
            list: Shown::default().part("list"),
            draw: Shown::default().part("draw"),
        })
    }

    fn lists(&self) -> [Ground; 2] {
        [Ground::BelowLine, Ground::GradeD]
    }

    fn answered(self) -> web::Result<Response> {
        let refused = self.list.is_refused() || self.draw.is_refused();
        let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        Ok((status, Html(self.render()?)).into_response())
    }
}

pub async fn show(State(state): State<AppState>, officer: Officer) -> web::Result<Response> {
    BoardPage::of(&state, &officer).await?.answered()
}

pub async fn enter_all(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<ListForm>,
) -> web::Result<Response> {
    let outcome = form::enter_all(&state, &officer, &form).await;
    let faults: Vec<Fault> = match outcome {
        Ok(opening) => {
            let shell = officer.shell(&state, format!("整批列入：{}", opening.name));
            return Ok(Html(OpenedPage { shell, opening }.render()?).into_response());
        }
        refused => faults_of(refused)?,
    };
    let mut page = BoardPage::of(&state, &officer).await?;
    page.list = Shown::of(&form).part("list").with_faults(faults);
    page.answered()
}

pub async fn draw(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let faults = faults_of(acceptance::draw(&officer.act(&state), sent.text("seed")).await)?;
    if faults.is_empty() {
        return Ok(Redirect::to("/remediation/board").into_response());
    }
    let mut page = BoardPage::of(&state, &officer).await?;
    page.draw = Shown::from(sent).part("draw").with_faults(faults);
    page.answered()
}
