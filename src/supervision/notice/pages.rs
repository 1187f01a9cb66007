//! The list of notices; one of them as it is printed (`one`), and what is done with it (`step`).

pub mod one;
pub mod step;

use askama::Template;
use axum::extract::State;
use axum::response::Redirect;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::listing::{self, Wanted};
use super::store::runs::{self, Run};
use super::store::{self, Notice, NoticeError};
use super::{NoticeKind, NoticeState};
use crate::account::list::Paths;
use crate::account::{Access, List, Officer, Routes};
use crate::base::clock::{china_day, china_minute};
use crate::contract::as_of::AsOf;
use crate::contract::present::segment;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::web::list::{self, Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Due day and number of the last notice of a page.
pub type Cursor = (NaiveDate, Uuid);

pub fn routes() -> Routes {
    Routes::new()
        .list::<NoticeList>(Access::ReadRegisters)
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

/// The query parameters of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
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

impl Parameters for ListParameters {}

/// The list as somebody asks for it, on a page or for a program.
pub struct NoticeList {
    state: AppState,
    officer: Officer,
    as_of: AsOf,
    notice_state: Option<NoticeState>,
    kind: Option<NoticeKind>,
    contract: Option<String>,
}

#[derive(Template)]
#[template(path = "supervision/notice/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    as_of: AsOf,
    may_write: bool,
    /// When notices were last prepared without being asked.
    last_run: Option<Run>,
}

impl List for NoticeList {
    type Parameters = ListParameters;
    type Row = Notice;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/notices");
    const SHEET: &'static str = "通知";

    fn columns() -> Vec<Column<Self, Notice>> {
        vec![
            Column::both(
                "种类",
                |_, notice| Cell::link(format!("/notices/{}", notice.id), notice.kind),
                |_, notice| notice.kind.label().into(),
            ),
            Column::both(
                "合同编号",
                |list, notice| Cell::link(list.contract_page(notice), &notice.contract),
                |_, notice| notice.contract.as_str().into(),
            ),
            Column::file("受送达人信用代码", |_, notice| notice.addressee.as_str().into()),
            Column::both(
                "受送达人",
                |_, notice| Cell::text(notice.addressee_name.as_ref().unwrap_or(&notice.addressee)),
                |_, notice| notice.addressee_name.clone().into(),
            ),
            Column::both("事项", |_, notice| Cell::text(notice.duty_label()), |_, notice| notice.duty_label().into()),
            Column::both("约定日期", |_, notice| Cell::text(notice.due), |_, notice| notice.due.into()),
            Column::both(
                "状态",
                |_, notice| Cell::badge(badge(&notice.state), notice.state),
                |_, notice| notice.state.label().into(),
            ),
            Column::both("编号", |_, notice| Cell::or_missing(notice.number()), |_, notice| notice.number().into()),
            Column::file("拟制日期", |_, notice| china_day(notice.prepared_at).into()),
            Column::file("发送日期", |_, notice| notice.sent_on.into()),
            Column::file("送达方式", |_, notice| notice.delivery_way.map(|way| way.label()).into()),
            Column::file("送达日期", |_, notice| notice.delivered_on.into()),
            Column::file("签收人", |_, notice| notice.delivered_to.clone().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        Ok(NoticeList {
            as_of: AsOf::read(&parameters.as_of, state.clock)?,
            notice_state: read(&parameters.state, "没有这种通知状态")?,
            kind: read(&parameters.kind, "没有这种通知")?,
            contract: non_empty(&parameters.contract).map(str::to_owned),
            state: state.clone(),
            officer,
        })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> web::Result<Page<Notice, Cursor>> {
        let wanted = Wanted {
            after: position.key().copied(),
            back: position.is_back(),
            size: i64::from(size) + 1,
            ..self.wanted()
        };
        let notices = listing::list(&self.state.pool, &self.officer.scope, &wanted).await?;
        Ok(position.paginate(notices, size.into(), |notice| (notice.due, notice.id)))
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(listing::total(&self.state.pool, &self.officer.scope, &self.wanted()).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let page = ListPage {
            shell: self.officer.shell(state, "通知"),
            view,
            as_of: self.as_of,
            may_write: self.officer.may(Access::WriteContracts),
            last_run: runs::last(&state.pool, &self.officer.scope).await?,
        };
        Ok(page.render()?)
    }

    fn file_name(&self) -> String {
        self.as_of.file_name("notices")
    }
}

impl NoticeList {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            state: self.notice_state,
            kind: self.kind,
            contract: self.contract.as_deref(),
            until: self.as_of.until,
            ..Wanted::default()
        }
    }

    /// The page of its contract on the same day.
    fn contract_page(&self, notice: &Notice) -> String {
        let day = self.as_of.until.map(|_| self.as_of.day.to_string()).unwrap_or_default();
        format!("/contracts/{}{}", segment(&notice.contract), list::address(&[("as_of", &day)], "", ""))
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

async fn prepare(State(state): State<AppState>, officer: Officer) -> web::Result<Redirect> {
    store::prepare_all(&officer.act(&state), state.clock.today()).await?;
    Ok(Redirect::to("/notices?state=prepared"))
}
