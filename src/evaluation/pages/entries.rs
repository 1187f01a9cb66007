//! What the pages of exemptions, claims and coefficients share: the list, the form beside it, and the withdrawal.

use std::marker::PhantomData;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{Paths, first_view};
use crate::account::{Access, List, Officer};
use crate::base::bounds::{YEARS, year_wording};
use crate::base::clock::china_minute;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::entry::{ClaimSide, ExemptionKind};
use crate::evaluation::register::{self, Register};
use crate::evaluation::store::entries::{self, EntryFilter, EntryKey, Line};
use crate::exchange::Fault;
use crate::scoring::scheme::Category;
use crate::web::form::{self, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// Of an exemption; of a claim its side.
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

    const PATHS: Paths;
    const SHEET: &'static str;
    const REGISTER: Register;

    /// Beside those that every register has.
    fn columns() -> Vec<Column<EntryList<Self>, Self::Line>>;

    fn render(list: &EntryList<Self>, view: View, form: Shown) -> impl Future<Output = web::Result<String>> + Send;
}

pub struct EntryList<B> {
    pub state: AppState,
    pub officer: Officer,
    pub filter: EntryFilter,
    book: PhantomData<fn() -> B>,
}

impl<B> EntryList<B> {
    pub fn may_enter(&self) -> bool {
        self.officer.may(Access::KeepAdjustments)
    }

    pub fn shell(&self, title: &str) -> Shell {
        self.officer.shell(&self.state, title)
    }
}

/// The year that somebody asks for.
///
/// # Errors
/// It is none.
pub fn year_asked(text: &str) -> web::Result<Option<i32>> {
    let year: Option<i32> = read(text, "年度应为四位数字")?;
    match year.is_none_or(|year| YEARS.contains(&year)) {
        true => Ok(year),
        false => Err(Error::BadRequest(format!("年度应为{}", year_wording()))),
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

type Columns<B> = Vec<Column<EntryList<B>, <B as Book>::Line>>;

/// Whose entry it is.
fn first_columns<B: Book>() -> Columns<B> {
    vec![
        Column::both(
            "企业",
            |_: &EntryList<B>, line: &B::Line| {
                let entry = line.entry();
                let cell = enterprise_cell(&entry.uscc, entry.name.as_deref());
                match &entry.withdrawn_reason {
                    Some(reason) => cell.and_badge("bg-secondary-lt", "已撤销").note(reason),
                    None => cell,
                }
            },
            |_, line| line.entry().name.clone().into(),
        ),
        Column::file("统一社会信用代码", |_, line: &B::Line| line.entry().uscc.as_str().into()),
    ]
}

/// On which document, by whom, and whether it stands.
fn last_columns<B: Book>() -> Columns<B> {
    vec![
        Column::both(
            "依据文件",
            |_: &EntryList<B>, line: &B::Line| Cell::text(&line.entry().document),
            |_, line| line.entry().document.as_str().into(),
        ),
        Column::both(
            "登记人",
            |_, line: &B::Line| Cell::text(&line.entry().recorded_by).note(china_minute(&line.entry().recorded_at)),
            |_, line| line.entry().recorded_by.as_str().into(),
        ),
        Column::file("登记时间", |_, line: &B::Line| china_minute(&line.entry().recorded_at).into()),
        Column::file("撤销人", |_, line: &B::Line| line.entry().withdrawn_by.clone().into()),
        Column::file("撤销理由", |_, line: &B::Line| line.entry().withdrawn_reason.clone().into()),
        Column::page("办理", |_, line: &B::Line| match line.entry().withdrawn_by {
            None => Cell::link(format!("{}/{}", B::PATHS.page, line.entry().id), "撤销"),
            Some(_) => Cell::text("—"),
        })
        .when(EntryList::may_enter),
    ]
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
        columns.extend(last_columns::<B>());
        columns
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let category: Option<Category> = read(&parameters.category, "没有这类评价")?;
        if B::REGISTER == Register::Exemptions && category.is_some() {
            return Err(Error::BadRequest("免评和保护期不分评价类别".into()));
        }
        let kind = &parameters.kind;
        let (kind, side) = match B::REGISTER {
            Register::Exemptions => (read::<ExemptionKind>(kind, "没有这种免评")?, None),
            Register::Claims => (None, read::<ClaimSide>(kind, "应为加分或减分")?),
            Register::Vetoes | Register::Coefficients => match non_empty(kind) {
                None => (None, None),
                Some(_) => return Err(Error::BadRequest("这份登记不分种类".into())),
            },
        };
        let filter = EntryFilter {
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
            year: year_asked(&parameters.year)?,
            category: category.map(|category| category.code().to_owned()),
            kind,
            side,
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(EntryList { state: state.clone(), officer, filter, book: PhantomData })
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

/// After an entry: the list, or the form as it was sent, beside the list of its year.
pub async fn answer<B: Book>(
    state: &AppState,
    officer: Officer,
    (form, year): (Shown, &str),
    faults: Vec<Fault>,
) -> web::Result<Response> {
    if faults.is_empty() {
        return Ok(Redirect::to(B::PATHS.page).into_response());
    }
    let year = year_asked(year).ok().flatten().map(|year| year.to_string()).unwrap_or_default();
    let parameters = ListParameters { year, ..ListParameters::default() };
    let list = EntryList::<B>::ask(state, officer, &parameters).await?;
    let view = first_view(&list, &parameters).await?;
    let form = form.with_faults(faults);
    let status = form.status();
    Ok((status, axum::response::Html(B::render(&list, view, form).await?)).into_response())
}

#[derive(Template)]
#[template(path = "evaluation/withdrawal.html")]
struct WithdrawalPage {
    shell: Shell,
    list: &'static str,
    register: Register,
    id: Uuid,
    form: Shown,
}

/// The page on which an entry is withdrawn.
pub fn withdrawal_page(
    state: &AppState,
    officer: &Officer,
    (register, list): (Register, &'static str),
    id: Uuid,
    form: Shown,
) -> web::Result<Response> {
    let page =
        WithdrawalPage { shell: officer.shell(state, format!("撤销{register}登记")), list, register, id, form };
    form::page(page.form.status(), &page)
}

pub async fn withdrawal<B: Book>(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Response> {
    withdrawal_page(&state, &officer, (B::REGISTER, B::PATHS.page), id, Shown::default())
}

pub async fn withdraw<B: Book>(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    withdrawn(&state, &officer, (B::REGISTER, B::PATHS.page), id, sent).await
}

/// Withdraws one and shows the list with it, or the page again.
pub async fn withdrawn(
    state: &AppState,
    officer: &Officer,
    (of, list): (Register, &'static str),
    id: Uuid,
    sent: Sent,
) -> web::Result<Response> {
    let faults = faults_of(register::withdraw(&officer.act(state), of, id, sent.text("reason")).await)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("{list}?all=1")).into_response());
    }
    withdrawal_page(state, officer, (of, list), id, Shown::from(sent).with_faults(faults))
}
