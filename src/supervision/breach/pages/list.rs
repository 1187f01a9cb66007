//! The list of breach files, by state and by whose step is due.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::badge;
use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::base::clock::china_day;
use crate::contract::as_of::AsOf;
use crate::contract::store as register;
use crate::db::count::{MAX_COUNTED, Total};
use crate::db::keyset::{Page, Position};
use crate::obligations::line::Line;
use crate::obligations::sweep::Question;
use crate::supervision::breach::BreachState;
use crate::supervision::breach::blockers::{self, Turn};
use crate::supervision::breach::queue::due_among;
use crate::supervision::breach::store::Breach;
use crate::supervision::breach::store::listing::{self, Wanted};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};

/// Due day and number of the last file of a page.
pub type Cursor = (NaiveDate, Uuid);

/// The query parameters of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
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

impl Parameters for ListParameters {}

/// The list as somebody asks for it, on a page or for a program.
pub struct BreachFiles {
    state: AppState,
    officer: Officer,
    as_of: AsOf,
    file_state: Option<BreachState>,
    open: bool,
    contract: Option<String>,
    turn: Option<Turn>,
}

#[derive(Template)]
#[template(path = "supervision/breach/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    as_of: AsOf,
}

/// A file, and what is holding it up.
type Held = (Breach, Vec<String>);

impl List for BreachFiles {
    type Parameters = ListParameters;
    type Row = Held;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/breaches");
    const SHEET: &'static str = "履约清理";

    fn columns() -> Vec<Column<Self, Held>> {
        vec![
            Column::file("案卷", |_, (file, _)| file.id.to_string().into()),
            Column::both(
                "合同编号",
                |_, (file, _)| Cell::link(format!("/breaches/{}", file.id), &file.contract),
                |_, (file, _)| file.contract.as_str().into(),
            ),
            Column::both("事项", |_, (file, _)| Cell::text(file.duty_label()), |_, (file, _)| file.duty_label().into()),
            Column::both("约定日期", |_, (file, _)| Cell::text(file.due), |_, (file, _)| file.due.into()),
            Column::both(
                "状态",
                |_, (file, _)| Cell::badge(badge(&file.state), file.state),
                |_, (file, _)| file.state.label().into(),
            ),
            Column::file("处理方式", |_, (file, _)| file.remedy.map(|remedy| remedy.label()).into()),
            Column::file("违约金（元）", |_, (file, _)| file.amount_yuan.into()),
            Column::file("整改期限", |_, (file, _)| file.rectify_until.into()),
            Column::file("立案日期", |_, (file, _)| china_day(file.opened_at).into()),
            Column::file("立案人", |_, (file, _)| file.opened_by.as_str().into()),
            Column::both(
                "待办",
                |_, (_, blockers)| Cell::lines(blockers),
                |_, (_, blockers)| blockers.join("；").into(),
            ),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let open = parameters.state == "open";
        let file_state = if open { None } else { read(&parameters.state, "没有这种案卷状态")? };
        Ok(BreachFiles {
            as_of: AsOf::read(&parameters.as_of, state.clock)?,
            file_state,
            open,
            contract: non_empty(&parameters.contract).map(str::to_owned),
            turn: read(&parameters.turn, "没有这种待办")?,
            state: state.clone(),
            officer,
        })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> web::Result<Page<Held, Cursor>> {
        let (after, back) = (position.key().copied(), position.is_back());
        let mut wanted = Wanted { after, back, size: i64::from(size) + 1, ..self.wanted() };
        if let Some(turn) = self.turn {
            wanted.among = Some(due_among(&self.state, &self.officer, turn, self.as_of.day, &wanted).await?);
        }
        let files = listing::list(&self.state.pool, &self.officer.scope, &wanted).await?;
        let Page { rows, previous, next, total } = position.paginate(files, size.into(), |file| (file.due, file.id));
        let rows = holding_each(&self.state, &self.officer, rows, self.as_of).await?;
        Ok(Page { rows, previous, next, total })
    }

    async fn total(&self) -> web::Result<Total> {
        let Some(turn) = self.turn else {
            return Ok(listing::total(&self.state.pool, &self.officer.scope, &self.wanted()).await?);
        };
        let wanted = Wanted { size: MAX_COUNTED + 1, ..self.wanted() };
        let due = due_among(&self.state, &self.officer, turn, self.as_of.day, &wanted).await?;
        Ok(Total::of(due.len() as i64))
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(ListPage { shell: self.officer.shell(state, "履约清理"), view, as_of: self.as_of }.render()?)
    }

    fn file_name(&self) -> String {
        self.as_of.file_name("breaches")
    }
}

impl BreachFiles {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            state: self.file_state,
            open: self.open,
            contract: self.contract.as_deref(),
            until: self.as_of.until,
            ..Wanted::default()
        }
    }
}

impl ListPage {
    /// Value, words.
    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let states = BreachState::ALL.iter().map(|state| (state.code(), state.label()));
        [("open", "未办结")].into_iter().chain(states).collect()
    }
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
