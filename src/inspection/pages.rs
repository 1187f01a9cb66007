//! 检查: the list and its files. One task is in [`task`], a new one in [`assign`], the phone's page in [`field`].

mod assign;
mod field;
mod print;
mod route;
mod task;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;

use super::list::{Cursor, ListParameters, ListQuery};
use super::present::{outcome_badge, state_badge};
use super::store::{self, Page, Storage, Task};
use super::{Outcome, Stage, TaskState};
use crate::account::audit::Deed;
use crate::account::list::Paths;
use crate::account::{Access, List, Officer, Routes};
use crate::base::text::Seen;
use crate::codelist::{self, Choice};
use crate::db::count::Total;
use crate::db::keyset::Position;
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .list::<TaskList>(Access::ReadInspections)
        .post("/inspections/storage", Access::ManageAccounts, set_storage)
        .merge(assign::routes())
        .merge(field::routes())
        .merge(route::routes())
        .merge(print::routes())
        .merge(task::routes())
}

struct TaskList {
    state: AppState,
    officer: Officer,
    query: ListQuery,
}

#[derive(Template)]
#[template(path = "inspection/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    subdistricts: Vec<Choice>,
    may_assign: bool,
    may_do: bool,
    /// For who keeps the system.
    storage: Option<Storage>,
}

impl List for TaskList {
    type Parameters = ListParameters;
    type Row = Task;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/inspections");
    const SHEET: &'static str = "现场检查";

    /// Where people stood is not among them.
    fn columns() -> Vec<Column<Self, Task>> {
        vec![
            Column::file("任务编号", |_, task| task.id.to_string().into()),
            Column::page("宗地", |_, task| {
                Cell::code(format!("/inspections/{}", task.id), &task.parcel_code).note_of(task.parcel_name.as_ref())
            }),
            Column::file("宗地代码", |_, task| task.parcel_code.as_str().into()),
            Column::file("宗地名称", |_, task| task.parcel_name.clone().into()),
            Column::both(
                "街道",
                |_, task| Cell::or_missing(task.subdistrict_name.as_ref()),
                |_, task| task.subdistrict_name.clone().into(),
            ),
            Column::page("检查", |_, task| Cell::text(task.stage).note(purpose(task))),
            Column::file("检查阶段", |_, task| task.stage.label().into()),
            Column::file("检查内容", |_, task| task.purpose.as_str().into()),
            Column::file("来源", |_, task| task.subject.clone().into()),
            Column::file("义务", |_, task| task.obligation.clone().into()),
            Column::both("期限", |list, task| due(task, list.query.today), |_, task| task.due.into()),
            Column::file("逾期天数", |list, task| task.overdue(list.query.today).into()),
            Column::both(
                "巡查员",
                |_, task| Cell::text(task.assignee_name.as_deref().unwrap_or("未指派")),
                |_, task| task.assignee_name.clone().into(),
            ),
            Column::both(
                "状态",
                |_, task| Cell::badge(state_badge(&task.state), task.state),
                |_, task| task.state.label().into(),
            ),
            Column::file("检查次数", |_, task| task.visits.into()),
            Column::file("不符合次数", |_, task| task.failures.into()),
            Column::page("结果", |_, task| result(task)),
            Column::file("最近结果", |_, task| task.last_outcome.map(Outcome::label).into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let query = parameters.query(officer.account, state.clock.today())?;
        Ok(TaskList { state: state.clone(), officer, query })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> web::Result<Page> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.query, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.query).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let (pool, scope) = (&state.pool, &self.officer.scope);
        let storage = match self.officer.may(Access::ManageAccounts) {
            true => Some(store::storage(pool, scope).await?),
            false => None,
        };
        let page = ListPage {
            shell: self.officer.shell(state, "现场检查"),
            view,
            subdistricts: codelist::subdistricts(pool, scope, self.query.today).await?,
            may_assign: self.officer.may(Access::AssignInspections),
            may_do: self.officer.may(Access::DoInspections),
            storage,
        };
        Ok(page.render()?)
    }
}

impl ListPage {
    fn whose(&self) -> Vec<(&'static str, &'static str)> {
        vec![("1", "我的任务")]
    }

    /// Value, words.
    fn standings(&self) -> Vec<(&'static str, &'static str)> {
        let states = TaskState::ALL.iter().map(|state| (state.code(), state.label()));
        [("waiting", "待检查和检查中"), ("overdue", "已逾期")].into_iter().chain(states).collect()
    }

    /// What to do where nothing is found.
    fn advice(&self) -> &'static str {
        if self.may_assign {
            "可以放宽筛选条件，或下达检查。"
        } else {
            "可以放宽筛选条件；新任务由合同管理员下达。"
        }
    }
}

fn purpose(task: &Task) -> String {
    let subject = task.subject.as_ref().map(|subject| format!("（{subject}）"));
    format!("{}{}", task.purpose, subject.unwrap_or_default())
}

fn due(task: &Task, today: NaiveDate) -> Cell {
    let cell = Cell::text(task.due);
    match task.overdue(today) {
        Some(days) => cell.and_badge("bg-red-lt", format!("逾期 {days} 天")),
        None => cell,
    }
}

fn result(task: &Task) -> Cell {
    let cell = match &task.last_outcome {
        Some(outcome) => Cell::badge(outcome_badge(outcome), outcome),
        None => Cell::text("—"),
    };
    if task.failed_before() { cell.warning(format!("曾不符合 {} 次", task.failures)) } else { cell }
}

#[derive(Deserialize)]
struct StorageForm {
    limit_mb: String,
}

/// How much the photos of the district may take.
async fn set_storage(
    State(state): State<AppState>,
    officer: Officer,
    Form(form): Form<StorageForm>,
) -> web::Result<Redirect> {
    let wrong = || Error::BadRequest("照片存储上限应为 100 至 10000000 MB 的整数".into());
    let megabytes: i64 = form.limit_mb.seen().parse().map_err(|_| wrong())?;
    if !(100..=10_000_000).contains(&megabytes) {
        return Err(wrong());
    }
    let mut transaction = state.pool.begin().await?;
    store::set_limit(&mut transaction, &officer.scope, megabytes * 1_000_000).await?;
    let detail = json!({ "limit_mb": megabytes });
    let deed = Deed { action: "inspection.storage", subject_kind: "district", subject: officer.scope.county(), detail };
    officer.act(&state).record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(Redirect::to("/inspections"))
}
