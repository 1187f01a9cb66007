//! 检查: the list and its exports. One task is in [`task`], a new one in [`assign`], the phone's page in [`field`].

mod assign;
mod field;
mod print;
mod route;
mod task;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect, Response};
use serde::Deserialize;
use serde_json::json;

use super::list::ListParameters;
use super::present::{outcome_badge, state_badge};
use super::store::{self, Page, Storage, Task};
use super::{Outcome, Stage, TaskState};
use crate::account::audit::Deed;
use crate::account::{Access, Officer, Routes};
use crate::base::text::Seen;
use crate::codelist::{self, Choice};
use crate::exchange::sheet::Value;
use crate::web::list::{Asked, EXPORT_PAGE, Most, whole};
use crate::web::{self, AppState, Error, Export, Shell};

const HEADERS: [&str; 15] = [
    "任务编号",
    "宗地代码",
    "宗地名称",
    "街道",
    "检查阶段",
    "检查内容",
    "来源",
    "义务",
    "期限",
    "逾期天数",
    "巡查员",
    "状态",
    "检查次数",
    "不符合次数",
    "最近结果",
];

pub fn routes() -> Routes {
    Routes::new()
        .get("/inspections", Access::ReadInspections, list)
        .get("/inspections.csv", Access::ReadInspections, export)
        .get("/inspections.xlsx", Access::ReadInspections, export)
        .post("/inspections/storage", Access::ManageAccounts, set_storage)
        .merge(assign::routes())
        .merge(field::routes())
        .merge(route::routes())
        .merge(print::routes())
        .merge(task::routes())
}

#[derive(Template)]
#[template(path = "inspection/list.html")]
struct ListPage {
    shell: Shell,
    parameters: ListParameters,
    subdistricts: Vec<Choice>,
    page: Page,
    today: chrono::NaiveDate,
    may_assign: bool,
    may_do: bool,
    /// For who keeps the system.
    storage: Option<Storage>,
}

async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Html<String>> {
    let (pool, scope, today) = (&state.pool, &officer.scope, state.clock.today());
    let query = parameters.query(officer.account, today)?;
    let (after, size) = (parameters.after()?, parameters.page_size()?);
    let page = store::page(pool, scope, &query, after.as_ref(), size).await?;
    let storage = match officer.may(Access::ManageAccounts) {
        true => Some(store::storage(pool, scope).await?),
        false => None,
    };
    let page = ListPage {
        shell: officer.shell(&state, "现场检查"),
        subdistricts: codelist::subdistricts(pool, scope, today).await?,
        parameters,
        page,
        today,
        may_assign: officer.may(Access::AssignInspections),
        may_do: officer.may(Access::DoInspections),
        storage,
    };
    Ok(Html(page.render()?))
}

impl ListPage {
    fn next(&self) -> Option<String> {
        self.parameters.next_page(self.page.next.as_ref())
    }

    /// Value, words.
    fn standings(&self) -> Vec<(&'static str, &'static str)> {
        let states = TaskState::ALL.iter().map(|state| (state.code(), state.label()));
        [("waiting", "待检查和检查中"), ("overdue", "已逾期")].into_iter().chain(states).collect()
    }

    fn stages(&self) -> &'static [Stage] {
        Stage::ALL
    }
}

async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
    file: Export,
) -> web::Result<Response> {
    let tasks = exported(&state, &officer, &parameters).await?;
    let today = state.clock.today();
    file.download("inspections", "现场检查", &HEADERS, tasks.into_iter().map(move |task| cells(&task, today))).await
}

/// Everything the filters leave. Where people stood is not among it.
async fn exported(state: &AppState, officer: &Officer, parameters: &ListParameters) -> web::Result<Vec<Task>> {
    let query = &parameters.query(officer.account, state.clock.today())?;
    let (pool, scope) = (&state.pool, &officer.scope);
    whole(Most::MILLION, |after| async move {
        let page = store::page(pool, scope, query, after.as_ref(), EXPORT_PAGE).await?;
        Ok((page.tasks, page.next))
    })
    .await
}

fn cells(task: &Task, today: chrono::NaiveDate) -> Vec<Value> {
    vec![
        task.id.to_string().into(),
        task.parcel_code.as_str().into(),
        task.parcel_name.clone().into(),
        task.subdistrict_name.clone().into(),
        task.stage.label().into(),
        task.purpose.as_str().into(),
        task.subject.clone().into(),
        task.obligation.clone().into(),
        task.due.into(),
        task.overdue(today).into(),
        task.assignee_name.clone().into(),
        task.state.label().into(),
        task.visits.into(),
        task.failures.into(),
        task.last_outcome.map(Outcome::label).into(),
    ]
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
