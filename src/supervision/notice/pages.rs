//! The list of notices; one of them as it is printed (`one`), and what is done with it (`step`).

mod export;
pub mod one;
pub mod step;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::store::listing::{self, Wanted};
use super::store::runs::{self, Run};
use super::store::{self, Notice, NoticeError};
use super::{NoticeKind, NoticeState};
use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_minute;
use crate::contract::as_of::AsOf;
use crate::contract::present::segment;
use crate::web::list::{self, after, cut, given};
use crate::web::{self, AppState, Error, Shell};

const PAGE: usize = 50;

/// Due day and number of the last notice of a page.
pub type Cursor = (NaiveDate, Uuid);

pub fn routes() -> Routes {
    Routes::new()
        .get("/notices", Access::ReadRegisters, show_list)
        .get("/notices.csv", Access::ReadRegisters, export::export)
        .get("/notices.xlsx", Access::ReadRegisters, export::export)
        .post("/notices/prepare", Access::WriteContracts, prepare)
        .get("/notices/{id}", Access::ReadRegisters, one::show)
        .get("/notices/{id}/notice.pdf", Access::ReadRegisters, one::pdf)
        .post("/notices/{id}/step", Access::WriteContracts, step::step)
}

impl From<NoticeError> for Error {
    fn from(error: NoticeError) -> Self {
        let words = error.to_string();
        match error {
            NoticeError::NotFound => Error::NotFound(words),
            NoticeError::Over(_) | NoticeError::Changed(_) => Error::Conflict(words),
            NoticeError::Case(refused) => refused.into(),
            NoticeError::Missing(_) | NoticeError::Duty(_) | NoticeError::BeforePrepared(..) => {
                Error::BadRequest(words)
            }
            NoticeError::Record(error) => error.into(),
            NoticeError::Store(error) => error.into(),
            NoticeError::Database(error) => error.into(),
            NoticeError::Other(error) => Error::Internal(error),
        }
    }
}

/// What the list is asked.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// `prepared`, `sent`, `delivered` or `withdrawn`.
    pub state: String,
    /// `payment`, `start`, `completion`, `breach`, `idle_investigation` or `decision`.
    pub kind: String,
    /// One contract, by its number.
    pub contract: String,
    /// The day on whose evening in China the list is looked at (YYYY-MM-DD), not after today; today without it.
    pub as_of: String,
    /// `next` of the page before.
    pub after: String,
}

impl list::Asked for Asked {
    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![("state", &self.state), ("kind", &self.kind), ("contract", &self.contract), ("as_of", &self.as_of)]
    }
}

/// One page of notices and where the next begins.
pub async fn page(
    state: &AppState,
    officer: &Officer,
    asked: &Asked,
    as_of: AsOf,
) -> web::Result<(Vec<Notice>, Option<Cursor>)> {
    fetch(state, officer, asked, as_of, (after(&asked.after)?, PAGE)).await
}

/// So many notices after a cursor.
async fn fetch(
    state: &AppState,
    officer: &Officer,
    asked: &Asked,
    as_of: AsOf,
    (after, size): (Option<Cursor>, usize),
) -> web::Result<(Vec<Notice>, Option<Cursor>)> {
    let wanted = Wanted {
        state: given(&asked.state)
            .map(|text| NoticeState::parse(text).ok_or_else(|| Error::BadRequest("没有这种通知状态".into())))
            .transpose()?,
        kind: given(&asked.kind)
            .map(|text| NoticeKind::parse(text).ok_or_else(|| Error::BadRequest("没有这种通知".into())))
            .transpose()?,
        contract: given(&asked.contract),
        until: as_of.until,
        after,
        size: size as i64 + 1,
    };
    let notices = listing::list(&state.pool, &officer.scope, &wanted).await?;
    Ok(cut(notices, size, |last| (last.due, last.id)))
}

#[derive(Template)]
#[template(path = "supervision/notice/list.html")]
struct ListPage {
    shell: Shell,
    asked: Asked,
    as_of: AsOf,
    notices: Vec<Notice>,
    next: Option<Cursor>,
    may_write: bool,
    /// When notices were last prepared without being asked.
    last_run: Option<Run>,
}

impl ListPage {
    /// The address of the same list as a file, without its ending.
    fn file(&self) -> String {
        list::Asked::address(&self.asked, "after", "")
    }

    fn next(&self) -> Option<String> {
        list::Asked::next_page(&self.asked, self.next.as_ref())
    }

    /// The page of its contract on the same day.
    fn contract(&self, notice: &Notice) -> String {
        format!("/contracts/{}{}", segment(&notice.contract), list::address(&[("as_of", &self.asked.as_of)], "", ""))
    }

    fn states(&self) -> &'static [NoticeState] {
        NoticeState::ALL
    }

    fn kinds(&self) -> &'static [NoticeKind] {
        NoticeKind::ALL
    }
}

pub fn badge(state: &NoticeState) -> &'static str {
    match state {
        NoticeState::Prepared => "bg-yellow-lt",
        NoticeState::Sent => "bg-blue-lt",
        NoticeState::Delivered => "bg-green-lt",
        NoticeState::Withdrawn => "bg-secondary-lt",
    }
}

async fn show_list(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> web::Result<Html<String>> {
    let as_of = AsOf::read(&asked.as_of, state.clock)?;
    let (notices, next) = page(&state, &officer, &asked, as_of).await?;
    let (shell, may_write) = (officer.shell(&state, "通知"), officer.may(Access::WriteContracts));
    let last_run = runs::last(&state.pool, &officer.scope).await?;
    Ok(Html(ListPage { shell, asked, as_of, notices, next, may_write, last_run }.render()?))
}

async fn prepare(State(state): State<AppState>, officer: Officer) -> web::Result<Redirect> {
    store::prepare_all(&officer.act(&state), state.clock.today()).await?;
    Ok(Redirect::to("/notices?state=prepared"))
}
