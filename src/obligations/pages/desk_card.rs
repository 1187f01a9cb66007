//! What the contracts ask for today, for the desk. Loaded after its page, because it judges every contract of the district.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::account::Officer;
use crate::contract::store::stream;
use crate::obligations::summary::{Suspicion, summarize};
use crate::obligations::sweep::Question;
use crate::web::{AppState, Result};

pub const ADDRESS: &str = "/desk/contracts";

#[derive(Default, Template)]
#[template(path = "obligations/desk_card.html")]
struct ContractCounts {
    contracts: usize,
    overdue: usize,
    due_soon: usize,
    idle: usize,
    lapsing: usize,
    to_do: usize,
}

pub async fn show(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let question = Question::ask(&state.pool, state.clock.today(), state.clock.now(), None).await?;
    let mut counts = ContractCounts::default();
    let mut batches = stream(state.pool.clone(), officer.scope.clone(), question.known_at);
    while let Some(batch) = batches.recv().await {
        for contract in batch? {
            let lines = question.answer(&contract).lines;
            let Some(summary) = summarize(&contract, question.as_of, &lines) else { continue };
            counts.contracts += 1;
            counts.overdue += usize::from(summary.overdue > 0);
            counts.due_soon += usize::from(summary.due_soon > 0);
            counts.idle += usize::from(summary.idle == Suspicion::Suspected);
            counts.lapsing += usize::from(summary.lapsing);
            counts.to_do += usize::from(summary.to_do > 0);
        }
    }
    Ok(Html(counts.render()?))
}
