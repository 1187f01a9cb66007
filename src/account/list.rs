//! A list of a register: what a room says of it once, and the page and the files that are made of that.

use std::fs::File;

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;

use super::{Access, Act, Officer, Routes};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::exchange::Fault;
use crate::exchange::sheet::Value;
use crate::permits::{self, Step};
use crate::web::export::FileLines;
use crate::web::form::{Sent, Shown, faults_of};
use crate::web::list::{Column, EXPORT_PAGE, Parameters, View};
use crate::web::{AppState, Export, Result};

/// Addresses of a list: its page and its files.
#[derive(Clone, Copy, Debug)]
pub struct Paths {
    pub page: &'static str,
    pub csv: &'static str,
    pub xlsx: &'static str,
}

/// `list_paths!("/parcels")`: the page and its files beside it.
#[macro_export]
macro_rules! list_paths {
    ($page:literal) => {
        $crate::account::list::Paths { page: $page, csv: concat!($page, ".csv"), xlsx: concat!($page, ".xlsx") }
    };
}

/// A list as somebody asks for it: who, what, on which day. The page and the files read it by the same three questions.
pub trait List: Sized + Send + Sync + 'static {
    type Parameters: Parameters + DeserializeOwned + Send + Sync;
    type Row: Send + Sync;
    /// By which a row is found again.
    type Key: Serialize + DeserializeOwned + Send + Sync;

    const PATHS: Paths;
    /// Of the sheet in a workbook.
    const SHEET: &'static str;

    fn columns() -> Vec<Column<Self, Self::Row>>;

    /// Reads what is asked.
    ///
    /// # Errors
    /// The first parameter that cannot be read.
    fn ask(
        state: &AppState,
        officer: Officer,
        parameters: &Self::Parameters,
    ) -> impl Future<Output = Result<Self>> + Send;

    /// At most `size` rows from a position.
    fn page(
        &self,
        position: Position<Self::Key>,
        size: u16,
    ) -> impl Future<Output = Result<Page<Self::Row, Self::Key>>> + Send;

    /// How many rows there are, as far as that is quickly said.
    fn total(&self) -> impl Future<Output = Result<Total>> + Send;

    /// The page with its form around the rows.
    fn render(&self, state: &AppState, view: View) -> impl Future<Output = Result<String>> + Send;

    /// The name of a file, without its ending: the address of the page, unless there is more to say.
    fn file_name(&self) -> String {
        Self::PATHS.page.trim_start_matches('/').replace('/', "-")
    }
}

/// A list with a form beside it.
pub trait FormBeside: List {
    /// The page, with the form empty or as it was typed when it was refused.
    fn render_with(&self, state: &AppState, view: View, form: Shown) -> impl Future<Output = Result<String>> + Send;
}

/// A list with a form beside it by which one entry is made.
pub trait EntryBeside: FormBeside<Parameters: Default> {
    type New: Send + Sync;

    /// # Errors
    /// Every fault at its field.
    fn read_new(sent: &Sent, today: NaiveDate) -> std::result::Result<Self::New, Vec<Fault>>;

    /// # Errors
    /// What the register does not take.
    fn enter(act: &Act, new: &Self::New) -> impl Future<Output = Result<()>> + Send;
}

/// Makes an entry; what is not taken comes back as it was typed.
///
/// # Errors
/// When the database does not answer.
pub async fn enter<L: EntryBeside>(State(state): State<AppState>, officer: Officer, sent: Sent) -> Result<Response> {
    let act = officer.act(&state);
    let faults = match L::read_new(&sent, act.today()) {
        Ok(new) => faults_of(L::enter(&act, &new).await)?,
        Err(faults) => faults,
    };
    answer::<L>(&state, officer, &L::Parameters::default(), (Shown::from(sent), faults)).await
}

/// After the form beside a list was sent: the list again, or its first page with the form as it was typed and what is wrong with it.
///
/// # Errors
/// When the database does not answer.
pub async fn answer<L: FormBeside>(
    state: &AppState,
    officer: Officer,
    parameters: &L::Parameters,
    (form, faults): (Shown, Vec<Fault>),
) -> Result<Response> {
    if faults.is_empty() {
        return Ok(Redirect::to(L::PATHS.page).into_response());
    }
    let list = L::ask(state, officer, parameters).await?;
    let view = view(&list, parameters, Position::Start).await?;
    let form = form.with_faults(faults);
    Ok((form.status(), Html(list.render_with(state, view, form).await?)).into_response())
}

impl Routes {
    /// The page of a list and its files.
    pub fn list<L: List>(self, access: Access) -> Self {
        self.get(L::PATHS.page, access, show::<L>).get(L::PATHS.csv, access, export::<L>).get(
            L::PATHS.xlsx,
            access,
            export::<L>,
        )
    }

    /// The page of a list that goes into no file.
    pub fn list_page<L: List>(self, access: Access) -> Self {
        self.get(L::PATHS.page, access, show::<L>)
    }
}

/// The page of a list.
///
/// # Errors
/// What is asked cannot be read.
pub async fn show<L: List>(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<L::Parameters>,
) -> Result<Html<String>> {
    let list = L::ask(&state, officer, &parameters).await?;
    let view = view(&list, &parameters, parameters.position()?).await?;
    Ok(Html(list.render(&state, view).await?))
}

async fn view<L: List>(list: &L, parameters: &L::Parameters, position: Position<L::Key>) -> Result<View> {
    let (page, total) = tokio::try_join!(list.page(position, parameters.page_size()?), list.total())?;
    Ok(View::new(L::PATHS.page, (list, &L::columns()), parameters, &page, total))
}

async fn export<L: List>(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<L::Parameters>,
    kind: Export,
) -> Result<Response> {
    let list = L::ask(&state, officer, &parameters).await?;
    let (stem, runtime) = (list.file_name(), Handle::current());
    let written = permits::blocking(Step::Export, move || write(&list, kind, &runtime)).await??;
    kind.send(&stem, written)
}

/// Everything the filters leave, in the order of the page.
fn write<L: List>(list: &L, kind: Export, runtime: &Handle) -> Result<File> {
    let columns: Vec<_> = L::columns().into_iter().filter_map(|column| Some((column.heading, column.file?))).collect();
    let headings: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
    let mut lines = FileLines::begin(kind, L::SHEET, &headings)?;
    let mut position = Position::Start;
    loop {
        let page = runtime.block_on(list.page(position, EXPORT_PAGE))?;
        for row in &page.rows {
            let cells: Vec<Value> = columns.iter().map(|(_, value)| value(list, row)).collect();
            lines.add(&cells)?;
        }
        match page.next {
            Some(last) => position = Position::After(last),
            None => return lines.finish(),
        }
    }
}
