//! Lists that were handed over, with the form to draw one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fen;
use crate::account::list::{self, FormBeside, Paths};
use crate::account::{Access, List, Officer};
use crate::allocation::Quarter;
use crate::allocation::job::{self, Order};
use crate::allocation::lists as commands;
use crate::allocation::store::lists::{self as store, ListFilter, ListKey, ListRow, NewList};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::entitlement::Body;
use crate::exchange::Fault;
use crate::web::form::{Reader, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};

pub const QUARTER_EXPECTED: &str = "年份-季度，如2024-3";

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub body: String,
    pub quarter: String,
    /// `1`: only those nobody took yet.
    pub open: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct HandedOver {
    state: AppState,
    officer: Officer,
    filter: ListFilter,
}

#[derive(Template)]
#[template(path = "allocation/lists.html")]
struct ListsPage {
    shell: Shell,
    view: View,
    may_hand_over: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for HandedOver {
    type Parameters = ListParameters;
    type Row = ListRow;
    type Key = ListKey;

    const PATHS: Paths = crate::list_paths!("/allocation");
    const SHEET: &'static str = "措施交办清单";

    fn columns() -> Vec<Column<Self, ListRow>> {
        vec![
            Column::both(
                "执行单位",
                |_, row: &ListRow| {
                    let cell = Cell::link(format!("/allocation/lists/{}", row.kept.id), row.body);
                    if row.kept.withdrawn_by.is_some() { cell.and_badge("bg-secondary-lt", "已撤销") } else { cell }
                },
                |_, row: &ListRow| row.body.label().into(),
            ),
            Column::both(
                "季度",
                |_, row: &ListRow| Cell::text(row.quarter_label()).note(format!("按{}的措施", row.drawn_on)),
                |_, row: &ListRow| format!("{}-{}", row.year, row.quarter).into(),
            ),
            Column::file("清单日期", |_, row: &ListRow| row.drawn_on.into()),
            Column::both(
                "企业（家）",
                |_, row: &ListRow| Cell::text(row.enterprises),
                |_, row: &ListRow| i64::from(row.enterprises).into(),
            )
            .number(),
            Column::both(
                "措施（条）",
                |_, row: &ListRow| Cell::text(row.lines),
                |_, row: &ListRow| i64::from(row.lines).into(),
            )
            .number(),
            Column::both(
                "应执行金额（元）",
                |_, row: &ListRow| Cell::text(fen(row.due_yuan)),
                |_, row: &ListRow| row.due_yuan.into(),
            )
            .number(),
            Column::both(
                "交办文号",
                |_, row: &ListRow| Cell::text(&row.kept.document).note(&row.kept.recorded_by),
                |_, row: &ListRow| row.kept.document.as_str().into(),
            ),
            Column::both(
                "签收",
                |_, row: &ListRow| match (&row.acknowledged_by, row.acknowledged_on) {
                    (Some(by), Some(on)) => Cell::text(by).note(on),
                    _ => Cell::badge("bg-yellow-lt", "待签收"),
                },
                |_, row: &ListRow| row.acknowledged_by.clone().into(),
            ),
            Column::file("签收日期", |_, row: &ListRow| row.acknowledged_on.into()),
            Column::file("撤销理由", |_, row: &ListRow| row.kept.withdrawn_reason.clone().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = ListFilter {
            body: read(&parameters.body, "没有这种执行单位")?,
            quarter: read(&parameters.quarter, "季度应写作2024-3")?,
            open: non_empty(&parameters.open).is_some(),
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(HandedOver { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<ListKey>, size: u16) -> web::Result<Page<ListRow, ListKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let quarter = Quarter::holding(state.clock.today()).map(|quarter| quarter.to_string()).unwrap_or_default();
        self.render_with(state, view, Shown::from(Sent::default().with("quarter", quarter))).await
    }
}

impl FormBeside for HandedOver {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let shell = self.officer.shell(state, "措施交办清单");
        let may_hand_over = self.officer.may(Access::HandOverMeasures);
        Ok(ListsPage { shell, view, may_hand_over, form }.render()?)
    }
}

fn read_new(sent: &Sent) -> Result<NewList, Vec<Fault>> {
    let mut reader = Reader::default();
    let body = reader.needs::<Body>(sent.field("body", "执行单位"), "表中所列的一种");
    let quarter = reader.needs::<Quarter>(sent.field("quarter", "季度"), QUARTER_EXPECTED);
    let on = reader.needs_day(sent.field("on", "清单日期"));
    let document = reader.text(sent.field("document", "交办文号"));
    let all = body.zip(quarter).zip(on.zip(document));
    reader.finish(all.map(|((body, quarter), (on, document))| NewList { body, quarter, on, document }))
}

async fn ordered(state: &AppState, officer: &Officer, new: &NewList) -> web::Result<Uuid> {
    let act = officer.act(state);
    commands::guard(&act, new).await?;
    Ok(job::queue(&act, Order::List(new.clone())).await?)
}

/// Orders a list and shows how far it is; what is not taken comes back as it was typed.
pub async fn draw(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let faults = match read_new(&sent) {
        Ok(new) => match ordered(&state, &officer, &new).await {
            Ok(id) => return Ok(Redirect::to(&format!("/allocation/lists/{id}")).into_response()),
            refused => faults_of(refused)?,
        },
        Err(faults) => faults,
    };
    list::answer::<HandedOver>(&state, officer, &ListParameters::default(), (Shown::from(sent), faults)).await
}
