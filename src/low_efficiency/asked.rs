//! The list as it is asked for, by page, file or program.

use chrono::Datelike;

use super::Line;
use super::list::{Counts, ListQuery, Page};
use super::parameters::ListParameters;
use super::store;
use crate::account::Officer;
use crate::annual;
use crate::web::list::Parameters;
use crate::web::{self, AppState};

/// What is asked: of which year, and by which line.
pub struct Asked {
    pub query: ListQuery,
    pub line: Line,
    /// Years with returns, newest first.
    pub years: Vec<i32>,
}

impl Asked {
    /// The newest year with returns where none is named; before there are any, last year.
    ///
    /// # Errors
    /// A parameter that cannot be read, or no line in force in the year.
    pub async fn read(state: &AppState, officer: &Officer, parameters: &ListParameters) -> web::Result<Self> {
        let years = annual::store::years(&state.pool, &officer.scope).await?;
        let newest = years.first().copied().unwrap_or_else(|| state.clock.today().year() - 1);
        let query = parameters.query(newest)?;
        let line = store::line_of(&state.pool, query.facts.year).await?;
        Ok(Asked { query, line, years })
    }

    /// One page, and how many there are of each outcome.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn page(
        &self,
        state: &AppState,
        officer: &Officer,
        parameters: &ListParameters,
    ) -> web::Result<(Page, Counts)> {
        let (pool, scope) = (&state.pool, &officer.scope);
        let (after, size) = (parameters.after()?, parameters.page_size()?);
        Ok(tokio::try_join!(
            store::page(pool, scope, &self.query, &self.line, after.as_ref(), size),
            store::counts(pool, scope, &self.query, &self.line)
        )?)
    }
}
