//! The list of breach files, by state and by whose step is due.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;
use uuid::Uuid;

use super::badge;
use crate::account::Officer;
use crate::tenure::asked::given;
use crate::tenure::breach::BreachState;
use crate::tenure::breach::blockers::{self, Turn};
use crate::tenure::breach::store::{self, Breach, Wanted};
use crate::tenure::line::Line;
use crate::tenure::store as register;
use crate::tenure::sweep::Question;
use crate::web::{self, AppState, Error, Shell, cursor};

const PAGE: i64 = 50;

/// What the list is asked.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListAsked {
    /// A state by its code, `open` for all that are not closed, or nothing.
    pub state: String,
    /// One contract, by its number.
    pub contract: String,
    /// `clerk` or `approver`: open files whose next step is theirs today.
    pub turn: String,
    /// `next` of the page before.
    pub after: String,
}

/// One page of files, the oldest due day first, and where the next begins.
pub async fn page(
    state: &AppState,
    officer: &Officer,
    asked: &ListAsked,
) -> web::Result<(Vec<Breach>, Option<String>)> {
    let open = asked.state == "open";
    let wanted = Wanted {
        state: given(&asked.state)
            .filter(|_| !open)
            .map(|text| BreachState::parse(text).ok_or_else(|| Error::BadRequest("没有这种案卷状态".into())))
            .transpose()?,
        open,
        contract: given(&asked.contract),
        among: match given(&asked.turn) {
            Some(text) => {
                let turn = Turn::parse(text).ok_or_else(|| Error::BadRequest("没有这种待办".into()))?;
                Some(due(state, officer, turn).await?)
            }
            None => None,
        },
        after: given(&asked.after).map(cursor::decode).transpose()?,
        size: PAGE + 1,
    };
    let mut files = store::list(&state.pool, &officer.scope, &wanted).await?;
    let more = files.len() as i64 > PAGE;
    files.truncate(PAGE as usize);
    let next = files.last().filter(|_| more).map(|last| cursor::encode(&(last.due, last.id)));
    Ok((files, next))
}

/// Open files looked through for whose step they wait for.
pub const MOST_OPEN: i64 = 2000;

/// Open files whose next step is somebody's today. Whoever proposed does not approve.
pub async fn due(state: &AppState, officer: &Officer, turn: Turn) -> web::Result<Vec<Uuid>> {
    let today = state.clock.today();
    let open = store::open_files(&state.pool, &officer.scope, MOST_OPEN).await?.into_iter();
    let theirs = |file: &store::Open| {
        let own = turn == Turn::Approver && file.proposed_by == Some(officer.account);
        blockers::turn(file.state, file.notice.as_ref(), file.rectify_until, today) == Some(turn) && !own
    };
    Ok(open.filter(theirs).map(|file| file.id).collect())
}

/// What is holding each of some files up today; their contracts are read and judged once.
pub async fn holding_each(
    state: &AppState,
    officer: &Officer,
    files: Vec<Breach>,
) -> web::Result<Vec<(Breach, Vec<String>)>> {
    let (pool, scope, today, now) = (&state.pool, &officer.scope, state.clock.today(), state.clock.now());
    let numbers: BTreeSet<String> = files.iter().map(|file| file.contract.clone()).collect();
    let numbers: Vec<String> = numbers.into_iter().collect();
    let question = Question::ask(pool, today, now, None).await?;
    let notices = store::standings(pool, scope, &numbers).await?;
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
#[template(path = "tenure/breach/list.html")]
struct ListPage {
    shell: Shell,
    asked: ListAsked,
    files: Vec<(Breach, Vec<String>)>,
    next: Option<String>,
}

impl ListPage {
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
    let (found, next) = page(&state, &officer, &asked).await?;
    let files = holding_each(&state, &officer, found).await?;
    let shell = officer.shell(&state, "履约清理");
    Ok(Html(ListPage { shell, asked, files, next }.render()?))
}
