//! How many enterprises the newest year found of each kind, for the desk. Loaded after its page, because it judges every enterprise
//! of the district.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::account::Officer;
use crate::annual;
use crate::low_efficiency::list::ListQuery;
use crate::low_efficiency::{Outcome, store};
use crate::web::{AppState, Result};

pub const ADDRESS: &str = "/desk/low-efficiency";

#[derive(Template)]
#[template(path = "low_efficiency/desk_card.html")]
struct OutcomeCounts {
    year: Option<i32>,
    counts: Vec<(Outcome, i64)>,
}

pub async fn show(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let year = annual::store::years(&state.pool, &officer.scope).await?.first().copied();
    let counts = match year {
        None => Vec::new(),
        Some(year) => {
            let line = store::line_of(&state.pool, year).await?;
            let counts = store::counts(&state.pool, &officer.scope, &ListQuery::of_year(year), &line).await?;
            Outcome::ALL.iter().map(|outcome| (*outcome, counts.of(*outcome))).collect()
        }
    };
    Ok(Html(OutcomeCounts { year, counts }.render()?))
}
