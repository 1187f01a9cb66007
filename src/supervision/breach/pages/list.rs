//! The list of breach files, by state and by whose step is due.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::badge;
use crate::account::Officer;
use crate::base::clock::china_day;
use crate::contract::as_of::AsOf;
use crate::contract::store as register;
use crate::exchange::sheet::Value;
use crate::obligations::line::Line;
use crate::obligations::sweep::Question;
use crate::supervision::breach::BreachState;
use crate::supervision::breach::blockers::{self, Turn};
use crate::supervision::breach::queue::due_among;
use crate::supervision::breach::store::Breach;
use crate::supervision::breach::store::listing::{self, Wanted};
use crate::web::list::{Asked, EXPORT_PAGE, Most, after, cut, given, whole};
use crate::web::{self, AppState, Error, Export, Shell};

const PAGE: usize = 50;

/// Due day and number of the last file of a page.
pub type Cursor = (NaiveDate, Uuid);

/// What the list is asked.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListAsked {
    /// A state by its code, `open` for all that are not closed, or nothing.
    pub state: String,
    /// One contract, by its number.
    pub contract: String,
    /// `clerk` or `approver`: open files whose next step is theirs on the day asked about.
    pub turn: String,
    /// The day on whose evening in China the list is looked at (YYYY-MM-DD), not after today; today without it. Of a past
    /// day, a day for rectification or a proposal that was changed later may not have been kept; it is null then.
    pub as_of: String,
    /// `next` of the page before.
    pub after: String,
}

impl Asked for ListAsked {
    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![("state", &self.state), ("turn", &self.turn), ("contract", &self.contract), ("as_of", &self.as_of)]
    }
}

/// One page of files, the oldest due day first, and where the next begins.
pub async fn page(
    state: &AppState,
    officer: &Officer,
    asked: &ListAsked,
    as_of: AsOf,
) -> web::Result<(Vec<Breach>, Option<Cursor>)> {
    fetch(state, officer, asked, as_of, (after(&asked.after)?, PAGE)).await
}

/// So many files after a cursor.
async fn fetch(
    state: &AppState,
    officer: &Officer,
    asked: &ListAsked,
    as_of: AsOf,
    (after, size): (Option<Cursor>, usize),
) -> web::Result<(Vec<Breach>, Option<Cursor>)> {
    let open = asked.state == "open";
    let mut wanted = Wanted {
        state: given(&asked.state)
            .filter(|_| !open)
            .map(|text| BreachState::parse(text).ok_or_else(|| Error::BadRequest("没有这种案卷状态".into())))
            .transpose()?,
        open,
        contract: given(&asked.contract),
        among: None,
        until: as_of.until,
        after,
        size: size as i64 + 1,
    };
    if let Some(text) = given(&asked.turn) {
        let turn = Turn::parse(text).ok_or_else(|| Error::BadRequest("没有这种待办".into()))?;
        wanted.among = Some(due_among(state, officer, turn, as_of.day, &wanted).await?);
    }
    let files = listing::list(&state.pool, &officer.scope, &wanted).await?;
    Ok(cut(files, size, |last| (last.due, last.id)))
}

/// What is holding each of some files up on a day; their contracts are read, as known by then, and judged once.
pub async fn holding_each(
    state: &AppState,
    officer: &Officer,
    files: Vec<Breach>,
    as_of: AsOf,
) -> web::Result<Vec<(Breach, Vec<String>)>> {
    let (pool, scope, today, now) = (&state.pool, &officer.scope, as_of.day, as_of.known_at(state.clock));
    let numbers: BTreeSet<String> = files.iter().map(|file| file.contract.clone()).collect();
    let numbers: Vec<String> = numbers.into_iter().collect();
    let question = Question::ask(pool, today, now, None).await?;
    let notices = listing::standings(pool, scope, &numbers, as_of.until).await?;
    let contracts = register::load_many(&mut *pool.acquire().await?, scope, &numbers, now).await?;
    let lines: BTreeMap<String, Vec<Line>> =
        contracts.iter().map(|contract| (contract.number.clone(), question.answer(contract).lines)).collect();
    let held = |file: Breach| {
        let notice = notices.get(&(file.contract.clone(), file.duty.clone(), file.due));
        let line = lines.get(&file.contract).and_then(|lines| lines.iter().find(|it| Some(it.duty) == file.duty()));
        let found = blockers::blockers(&file, notice, line, today);
        (file, found)
    };
    Ok(files.into_iter().map(held).collect())
}

#[derive(Template)]
#[template(path = "supervision/breach/list.html")]
struct ListPage {
    shell: Shell,
    asked: ListAsked,
    as_of: AsOf,
    files: Vec<(Breach, Vec<String>)>,
    next: Option<Cursor>,
}

impl ListPage {
    /// The address of the same list as a file, without its ending.
    fn file(&self) -> String {
        self.asked.address("after", "")
    }

    fn next(&self) -> Option<String> {
        self.asked.next_page(self.next.as_ref())
    }

    fn states(&self) -> &'static [BreachState] {
        BreachState::ALL
    }

    fn turns(&self) -> &'static [Turn] {
        Turn::ALL
    }
}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<ListAsked>,
) -> web::Result<Html<String>> {
    let as_of = AsOf::read(&asked.as_of, state.clock)?;
    let (found, next) = page(&state, &officer, &asked, as_of).await?;
    let files = holding_each(&state, &officer, found, as_of).await?;
    let shell = officer.shell(&state, "履约清理");
    Ok(Html(ListPage { shell, asked, as_of, files, next }.render()?))
}

const HEADERS: [&str; 11] = [
    "案卷",
    "合同编号",
    "事项",
    "约定日期",
    "状态",
    "处理方式",
    "违约金（元）",
    "整改期限",
    "立案日期",
    "立案人",
    "待办",
];

/// Everything the filters leave, on the day of the list.
pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<ListAsked>,
    file: Export,
) -> web::Result<Response> {
    let as_of = AsOf::read(&asked.as_of, state.clock)?;
    let (state, officer, asked) = (&state, &officer, &asked);
    let rows = whole(Most::MILLION, |after| async move {
        let (files, next) = fetch(state, officer, asked, as_of, (after, EXPORT_PAGE.into())).await?;
        Ok((holding_each(state, officer, files, as_of).await?, next))
    })
    .await?;
    file.download(&as_of.file_name("breaches"), "履约清理", &HEADERS, rows.into_iter().map(|row| cells(&row))).await
}

fn cells((file, blockers): &(Breach, Vec<String>)) -> Vec<Value> {
    vec![
        file.id.to_string().into(),
        file.contract.as_str().into(),
        file.duty_label().into(),
        file.due.into(),
        file.state.label().into(),
        file.remedy.map(|remedy| remedy.label()).into(),
        file.amount_yuan.into(),
        file.rectify_until.into(),
        china_day(file.opened_at).into(),
        file.opened_by.as_str().into(),
        blockers.join("；").into(),
    ]
}
