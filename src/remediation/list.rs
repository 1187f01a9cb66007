//! The list of files, with the form to enter one by hand.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{self, FormBeside, Paths};
use crate::account::{Access, List, Officer};
use crate::codelist::{self, Choice};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::remediation::form::{self, EntryForm};
use crate::remediation::present::badge;
use crate::remediation::store::listing::{self, FileKey, Filter, Listed};
use crate::remediation::view::{self, Line};
use crate::remediation::{Ground, State as FileState, SubjectKind, Way, wording};
use crate::web::form::{Posted, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};
use crate::workflow::Number;

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// A state by its code, `open` for all that are neither struck off nor dropped, or nothing.
    pub state: String,
    pub ground: String,
    pub way: String,
    /// Nine digits.
    pub subdistrict: String,
    /// `1`: beyond their day.
    pub late: String,
    /// `1`: those that fell back after they were struck off.
    pub relapse: String,
    /// Of those opened together.
    pub batch: String,
    /// Number of a file, credit code or parcel code.
    pub q: String,
    /// `next` of the page before.
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

/// The list as somebody asks for it, on a page or for a program.
pub struct RemediationFiles {
    state: AppState,
    officer: Officer,
    filter: Filter,
}

#[derive(Template)]
#[template(path = "remediation/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    subdistricts: Vec<Choice>,
    may_enter: bool,
    form: Shown,
}

type Row = (Listed, Line);

impl List for RemediationFiles {
    type Parameters = ListParameters;
    type Row = Row;
    type Key = FileKey;

    const PATHS: Paths = crate::list_paths!("/remediation");
    const SHEET: &'static str = "整治档案";

    fn columns() -> Vec<Column<Self, Row>> {
        vec![
            Column::both(
                "编号",
                |_, (listed, line): &Row| {
                    let cell = Cell::link(wording::address(listed.file.number()), &line.no);
                    if listed.file.relapse_of.is_some() { cell.and_badge("bg-red-lt", "反弹") } else { cell }
                },
                |_, (_, line)| line.no.as_str().into(),
            ),
            Column::both(
                "对象",
                |_, (listed, line)| Cell::text(&listed.file.name).note(&line.subject),
                |_, (listed, _)| listed.file.name.as_str().into(),
            ),
            Column::file("代码", |_, (_, line)| line.subject.as_str().into()),
            Column::file("街道", |_, (listed, _)| listed.file.subdistrict.clone().into()),
            Column::both(
                "事由",
                |_, (_, line)| Cell::lines(&line.grounds.iter().map(|it| it.label().to_owned()).collect::<Vec<_>>()),
                |_, (_, line)| grounds(line).into(),
            ),
            Column::both(
                "方式",
                |_, (_, line)| Cell::or_missing(line.way),
                |_, (_, line)| line.way.map(|way| way.label()).into(),
            ),
            Column::both(
                "状态",
                |_, (listed, line)| {
                    Cell::badge(badge(&line.state), line.state)
                        .note_of(listed.file.escalated_to.as_ref().map(|to| format!("{to}督办")))
                },
                |_, (_, line)| line.state.label().into(),
            ),
            Column::both("期限", |_, (_, line)| Cell::or_missing(line.due), |_, (_, line)| line.due.into()),
            Column::both(
                "逾期（日）",
                |_, (_, line): &Row| {
                    if line.overdue_days > 0 {
                        Cell::default().and("text-red", line.overdue_days)
                    } else {
                        Cell::text("—")
                    }
                },
                |_, (_, line)| line.overdue_days.to_string().into(),
            )
            .number(),
            Column::both(
                "待办",
                |_, (_, line)| Cell::lines(&line.blockers),
                |_, (_, line)| line.blockers.join("；").into(),
            ),
            Column::file("核查收据", |_, (_, line)| line.receipt.as_str().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let open = parameters.state == "open";
        let file_state = if open { None } else { read(&parameters.state, "没有这种状态")? };
        let sought = non_empty(&parameters.q);
        let number = sought.and_then(|text| text.parse::<Number>().ok());
        let filter = Filter {
            state: file_state,
            open,
            ground: read(&parameters.ground, "没有这种事由")?,
            way: read(&parameters.way, "没有这种整治方式")?,
            subdistrict: non_empty(&parameters.subdistrict).map(str::to_owned),
            late_on: non_empty(&parameters.late).map(|_| state.clock.today()),
            batch: read::<Uuid>(&parameters.batch, "没有这个批次")?,
            number,
            subject: sought.filter(|_| number.is_none()).map(str::to_uppercase),
            relapse: non_empty(&parameters.relapse).is_some(),
        };
        Ok(RemediationFiles { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<FileKey>, size: u16) -> web::Result<Page<Row, FileKey>> {
        let (pool, scope) = (&self.state.pool, &self.officer.scope);
        let Page { rows, previous, next, total } = listing::page(pool, scope, &self.filter, &position, size).await?;
        let rows = view::lines(pool, scope, rows, self.state.clock.today()).await?;
        Ok(Page { rows, previous, next, total })
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(listing::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        self.render_with(state, view, Shown::default()).await
    }
}

impl FormBeside for RemediationFiles {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let page = ListPage {
            shell: self.officer.shell(state, "整治档案"),
            view,
            subdistricts: codelist::subdistricts(&state.pool, &self.officer.scope, state.clock.today()).await?,
            may_enter: self.officer.may(Access::HandleRemediation),
            form,
        };
        Ok(page.render()?)
    }
}

impl ListPage {
    /// Value, words.
    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let states = FileState::ALL.iter().map(|state| (state.code(), state.label()));
        [("open", "在办")].into_iter().chain(states).collect()
    }
}

fn grounds(line: &Line) -> String {
    line.grounds.iter().map(|ground| ground.label()).collect::<Vec<_>>().join("；")
}

pub async fn enter(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<EntryForm>,
) -> web::Result<Response> {
    let outcome = form::enter(&state, &officer, &form).await;
    if let Ok(number) = &outcome {
        return Ok(Redirect::to(&wording::address(*number)).into_response());
    }
    let back = (Shown::of(&form), faults_of(outcome)?);
    list::answer::<RemediationFiles>(&state, officer, &ListParameters::default(), back).await
}
