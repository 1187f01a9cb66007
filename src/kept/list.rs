//! What lists show of an entry, and the page on which one with days is ended.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::dated::{self, Dated, EndError};
use super::store::{HasDays, IsKept, Kept};
use crate::account::{Access, List, Officer, Routes};
use crate::base::clock::china_minute;
use crate::base::period::Period;
use crate::exchange::Fault;
use crate::web::form::{self, Reader, Sent, Shown, faults_of, refused_at};
use crate::web::list::{Cell, Column};
use crate::web::{self, AppState, Error, Shell};

/// A list of entries that are ended or withdrawn.
pub trait KeptList: List<Row: IsKept> {
    /// What somebody may do about an entry that stands.
    const ENDING: &'static str;

    fn may_end(&self) -> bool;
}

/// A list of entries with days.
pub trait DatedList: KeptList {
    const REGISTER: Dated;
}

/// The page at `one` on which an entry is ended or withdrawn.
pub fn end_routes<L: DatedList>(routes: Routes, one: &'static str, access: Access) -> Routes {
    routes.get(one, access, show_end::<L>).post(one, access, end::<L>)
}

/// What an entry is about, with a word on whether it stands.
pub fn marked(cell: Cell, kept: &Kept) -> Cell {
    match &kept.withdrawn_reason {
        Some(reason) => cell.and_badge("bg-secondary-lt", "已撤销").note(reason),
        None => cell,
    }
}

/// From when to when.
pub fn day_columns<L, R: HasDays>() -> Vec<Column<L, R>> {
    vec![
        Column::page("有效期间", |_: &L, line: &R| {
            let to = line.days().to.map_or("起".to_owned(), |to| format!("至 {to}"));
            Cell::text(format!("{} {to}", line.days().from))
        }),
        Column::file("有效自", |_, line: &R| line.days().from.into()),
        Column::file("有效至", |_, line: &R| line.days().to.into()),
    ]
}

/// On which document, by whom, and whether it stands.
pub fn last_columns<L: KeptList>() -> Vec<Column<L, L::Row>> {
    vec![
        Column::both(
            "依据文件",
            |_: &L, line: &L::Row| Cell::text(&line.kept().document),
            |_, line| line.kept().document.as_str().into(),
        ),
        Column::both(
            "登记人",
            |_, line: &L::Row| Cell::text(&line.kept().recorded_by).note(china_minute(&line.kept().recorded_at)),
            |_, line| line.kept().recorded_by.as_str().into(),
        ),
        Column::file("登记时间", |_, line: &L::Row| china_minute(&line.kept().recorded_at).into()),
        Column::file("撤销人", |_, line: &L::Row| line.kept().withdrawn_by.clone().into()),
        Column::file("撤销理由", |_, line: &L::Row| line.kept().withdrawn_reason.clone().into()),
        Column::page("办理", |_, line: &L::Row| match line.kept().withdrawn_by {
            None => Cell::link(format!("{}/{}", L::PATHS.page, line.kept().id), L::ENDING),
            Some(_) => Cell::text("—"),
        })
        .when(L::may_end),
    ]
}

#[derive(Template)]
#[template(path = "kept/end.html")]
struct EndPage {
    shell: Shell,
    /// Where the form is sent, and where its list is.
    list: &'static str,
    id: Uuid,
    form: Shown,
}

#[derive(Template)]
#[template(path = "kept/withdrawal.html")]
struct WithdrawalPage<'a> {
    shell: Shell,
    /// Where the form is sent, and where its list is.
    list: &'a str,
    label: &'a str,
    id: Uuid,
    form: Shown,
}

/// The page on which an entry is withdrawn from the list at an address.
///
/// # Errors
/// When it cannot be written.
pub fn withdrawal_page(
    (state, officer): (&AppState, &Officer),
    (list, label): (&str, &str),
    id: Uuid,
    form: Shown,
) -> web::Result<Response> {
    let page = WithdrawalPage { shell: officer.shell(state, format!("撤销{label}")), list, label, id, form };
    form::page(page.form.status(), &page)
}

fn end_page<L: DatedList>(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let shell = officer.shell(state, format!("终止或撤销：{}", L::SHEET));
    let page = EndPage { shell, list: L::PATHS.page, id, form };
    form::page(page.form.status(), &page)
}

async fn show_end<L: DatedList>(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Response> {
    end_page::<L>(&state, &officer, id, Shown::default())
}

/// Ends one and shows the list with it, or the page again.
async fn end<L: DatedList>(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let faults = match read_end(&sent) {
        Ok((last, reason)) => faults_of(dated::end(&officer.act(&state), &L::REGISTER, id, (last, &reason)).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("{}?all=1", L::PATHS.page)).into_response());
    }
    end_page::<L>(&state, &officer, id, Shown::from(sent).with_faults(faults))
}

/// The days of a new entry; without a last day it has no end.
pub fn read_days(reader: &mut Reader, sent: &Sent) -> Option<Period> {
    let from = reader.needs_day(sent.field("from", "有效自"));
    reader.period((from, "有效自"), sent.field("to", "有效至"))
}

/// The last day, where one is given, and the reason.
fn read_end(sent: &Sent) -> Result<(Option<NaiveDate>, String), Vec<Fault>> {
    let mut reader = Reader::default();
    let last = reader.day(sent.field("last", "终止日期"));
    let reason = reader.text(sent.field("reason", "理由"));
    reader.finish(reason.map(|reason| (last, reason)))
}

impl From<EndError> for Error {
    fn from(error: EndError) -> Self {
        match error {
            EndError::Database(error) => error.into(),
            EndError::NotFound => Error::NotFound(error.to_string()),
            EndError::Outside => refused_at("last", error),
        }
    }
}
