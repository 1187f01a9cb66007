//! `GET /`: the first page after signing in.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use futures_util::future::try_join_all;

use crate::account::{Access, Officer, Routes, WorkItem, WorkItems};
use crate::room::{DeskCard, House};
use crate::web::{AppState, Result, Shell};

pub fn routes(house: &House) -> Routes {
    let (items, cards) = (house.work_items(), house.desk_cards());
    Routes::new().get("/", Access::SignedIn, move |state, officer| show(state, officer, items.clone(), cards.clone()))
}

#[derive(Template)]
#[template(path = "desk/desk.html")]
struct DeskPage {
    shell: Shell,
    officer: Officer,
    waiting: Vec<WorkItem>,
    cards: Vec<DeskCard>,
    may_read: bool,
    may_import: bool,
}

async fn show(
    State(state): State<AppState>,
    officer: Officer,
    items: Vec<WorkItems>,
    cards: Vec<DeskCard>,
) -> Result<Html<String>> {
    // None needs another, so all are counted side by side.
    let waiting = try_join_all(items.iter().map(|count| count(&state, &officer))).await?.concat();
    let page = DeskPage {
        shell: officer.shell(&state, "工作台"),
        waiting,
        cards: cards.into_iter().filter(|card| officer.may(card.access)).collect(),
        may_read: officer.may(Access::ReadRegisters),
        may_import: officer.may(Access::ImportFiles),
        officer,
    };
    Ok(Html(page.render()?))
}
