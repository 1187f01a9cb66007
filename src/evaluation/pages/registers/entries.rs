//! What the pages of vetoes, exemptions, claims and coefficients share: the list, the form beside it, and the withdrawal.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{self, FormBeside, Paths};
use crate::account::{Access, List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::registers;
use crate::evaluation::store::registers::entries::{self, EntryFilter, EntryKey, Line};
use crate::exchange::Fault;
use crate::kept;
use crate::kept::list::{KeptList, last_columns, marked};
use crate::scoring::scheme::Category;
use crate::web::form::{Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read, read_year};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// Of a veto or an exemption; of a claim its side.
    pub kind: String,
    pub category: String,
    pub year: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

/// One of the registers.
pub trait Book: Sized + Send + Sync + 'static {
    type Line: Line;
    /// What its list needs beside its rows.
    type Own: Send + Sync;

    const PATHS: Paths;
    const SHEET: &'static str;
    /// Who may enter and withdraw.
    const ACCESS: Access;

    fn own(state: &AppState, officer: &Officer) -> impl Future<Output = web::Result<Self::Own>> + Send;

    /// The code of a kind that somebody asks for.
    ///
    /// # Errors
    /// The register has no such kind, or none at all.
    fn kind(_: &Self::Own, asked: &str) -> web::Result<Option<String>> {
        match non_empty(asked) {
            None => Ok(None),
            Some(_) => Err(Error::BadRequest("这份登记不分种类".into())),
        }
    }

    /// Beside those that every register has.
    fn columns() -> Vec<Column<EntryList<Self>, Self::Line>>;

    fn render(list: &EntryList<Self>, view: View, form: Shown) -> impl Future<Output = web::Result<String>> + Send;
}

pub struct EntryList<B: Book> {
    pub state: AppState,
    pub officer: Officer,
    pub filter: EntryFilter,
    pub own: B::Own,
}

impl<B: Book> EntryList<B> {
    pub fn may_enter(&self) -> bool {
        self.officer.may(B::ACCESS)
    }

    pub fn shell(&self, title: &str) -> Shell {
        self.officer.shell(&self.state, title)
    }
}

/// The enterprise of a line: its name where it has one, and its code.
pub fn enterprise_cell(uscc: &str, name: Option<&str>) -> Cell {
    Cell::link(format!("/enterprises/{uscc}"), name.unwrap_or(uscc)).note(uscc)
}

/// A category by its code; none stands for every one.
pub fn category_words(code: Option<&str>) -> String {
    code.map_or_else(|| "各类别".to_owned(), crate::evaluation::present::category)
}

/// Whose entry it is.
fn first_columns<B: Book>() -> Vec<Column<EntryList<B>, B::Line>> {
    vec![
        Column::both(
            "企业",
            |_: &EntryList<B>, line: &B::Line| {
                let entry = line.entry();
                marked(enterprise_cell(&entry.uscc, entry.name.as_deref()), &entry.kept)
            },
            |_, line| line.entry().name.clone().into(),
        ),
        Column::file("统一社会信用代码", |_, line: &B::Line| line.entry().uscc.as_str().into()),
    ]
}

impl<B: Book> KeptList for EntryList<B> {
    const ENDING: &'static str = "撤销";

    fn may_end(&self) -> bool {
        self.may_enter()
    }
}

impl<B: Book> List for EntryList<B> {
    type Parameters = ListParameters;
    type Row = B::Line;
    type Key = EntryKey;

    const PATHS: Paths = B::PATHS;
    const SHEET: &'static str = B::SHEET;

    fn columns() -> Vec<Column<Self, B::Line>> {
        let mut columns = first_columns::<B>();
        columns.extend(B::columns());
        columns.extend(last_columns::<Self>());
        columns
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let category: Option<Category> = read(&parameters.category, "没有这类评价")?;
        if category.is_some() && !B::Line::REGISTER.has_categories() {
            return Err(Error::BadRequest("这份登记不分评价类别".into()));
        }
        let own = B::own(state, &officer).await?;
        let filter = EntryFilter {
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
            year: read_year(&parameters.year)?,
            category: category.map(|category| category.code().to_owned()),
            kind: B::kind(&own, &parameters.kind)?,
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(EntryList { state: state.clone(), officer, filter, own })
    }

    async fn page(&self, position: Position<EntryKey>, size: u16) -> web::Result<Page<B::Line, EntryKey>> {
        Ok(entries::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(entries::total::<B::Line>(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, _: &AppState, view: View) -> web::Result<String> {
        B::render(self, view, Shown::default()).await
    }
}

impl<B: Book> FormBeside for EntryList<B> {
    async fn render_with(&self, _: &AppState, view: View, form: Shown) -> web::Result<String> {
        B::render(self, view, form).await
    }
}

/// After an entry: the list, or the form as it was sent, beside the list of its year.
pub async fn answer<B: Book>(
    state: &AppState,
    officer: Officer,
    (form, year): (Shown, &str),
    faults: Vec<Fault>,
) -> web::Result<Response> {
    let year = read_year(year).ok().flatten().map(|year| year.to_string()).unwrap_or_default();
    let parameters = ListParameters { year, ..ListParameters::default() };
    list::answer::<EntryList<B>>(state, officer, &parameters, (form, faults)).await
}

fn withdrawal_page<B: Book>(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let label = format!("{}登记", B::Line::REGISTER);
    kept::list::withdrawal_page((state, officer), (B::PATHS.page, &label), id, form)
}

/// The page on which an entry is withdrawn.
pub async fn withdrawal<B: Book>(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Response> {
    withdrawal_page::<B>(&state, &officer, id, Shown::default())
}

/// Withdraws one and shows the list with it, or the page again.
pub async fn withdraw<B: Book>(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = registers::withdraw(&officer.act(&state), B::Line::REGISTER, id, sent.text("reason")).await;
    let faults = faults_of(outcome)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("{}?all=1", B::PATHS.page)).into_response());
    }
    withdrawal_page::<B>(&state, &officer, id, Shown::from(sent).with_faults(faults))
}
