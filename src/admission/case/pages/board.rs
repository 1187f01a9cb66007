//! Open cases by where they stand, with the days that are left.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::lists::{days_left, mu};
use crate::account::{Access, Officer};
use crate::admission::case::list::Filter;
use crate::admission::case::store::listing;
use crate::admission::case::{Case, Stage};
use crate::db::keyset::Position;
use crate::web::{AppState, Result, Shell};

/// More cards in a column help nobody; the list has them all.
const MOST: usize = 20;
/// Cases of one state among which the most pressing are looked for.
const LOOKED_AT: u16 = 500;

const COLUMNS: [Stage; 6] =
    [Stage::Submitted, Stage::Returned, Stage::Accepted, Stage::Opinions, Stage::Recommended, Stage::Decided];

struct Column {
    stage: Stage,
    cases: Vec<Case>,
    more: bool,
}

#[derive(Template)]
#[template(path = "admission/case/board.html")]
struct BoardPage {
    shell: Shell,
    columns: Vec<Column>,
    may_file: bool,
    today: chrono::NaiveDate,
}

pub async fn show(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let mut columns = Vec::new();
    for stage in COLUMNS {
        let filter = Filter { stage: Some(stage), ..Filter::default() };
        let page =
            listing::page(&state.pool, &officer.scope, officer.account, &filter, &Position::Start, LOOKED_AT).await?;
        let mut cases = page.rows;
        // What is due first, then what has lain longest.
        cases.sort_by_key(|case| (case.opinion_due.is_none(), case.opinion_due, case.changed_at));
        let more = page.next.is_some() || cases.len() > MOST;
        cases.truncate(MOST);
        columns.push(Column { stage, cases, more });
    }
    let page = BoardPage {
        shell: officer.shell(&state, "准入案件看板"),
        columns,
        may_file: officer.may(Access::HandleCases),
        today: state.clock.today(),
    };
    Ok(Html(page.render()?))
}
