//! What pages and programs ask for alike.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};

use super::rules::DoubtRule;
use super::store::{self, CompletenessError, Sought};
use super::{Cell, Counted, ListParameters, Matrix, MatrixParameters};
use crate::account::Officer;
use crate::annual;
use crate::base::bounds::year_wording;
use crate::codelist::CrossWalk;
use crate::web::list::given;
use crate::web::{self, AppState, Error};

/// The cells that are asked for and may be seen.
pub struct Found {
    pub year: i32,
    /// Years with returns, newest first.
    pub years: Vec<i32>,
    pub cells: Vec<Cell>,
    pub counted_at: DateTime<Utc>,
    /// The registers have changed since, and it is being counted anew.
    pub is_outdated: bool,
}

/// The enterprises that are asked for, and what their figures are held against.
pub struct Behind {
    pub sought: Sought,
    pub rule: DoubtRule,
    pub matrix: Arc<Matrix>,
}

pub async fn matrix(
    state: &AppState,
    officer: &Officer,
    counted: &Counted,
    parameters: &MatrixParameters,
) -> web::Result<Found> {
    let years = annual::store::years(&state.pool, &officer.scope).await?;
    let year = parameters.year(default_year(&years, state))?;
    let department = parameters.department()?;
    let rule = store::rule_of(&state.pool, year).await?;
    let now = state.clock.now();
    let count = counted.matrix(&state.pool, &officer.scope, (year, &rule), now).await.map_err(shared)?;
    let own = officer.scope.subdistrict_code();
    let subdistrict = given(&parameters.subdistrict);
    let present = |code: &str| CrossWalk::embedded().present_subdistrict(code);
    let seen = |cell: &&Cell| {
        let place = cell.subdistrict.as_deref().map(present);
        let lies_in = |code: Option<&str>| code.is_none_or(|code| place.as_deref() == Some(present(code).as_str()));
        lies_in(own) && lies_in(subdistrict) && department.is_none_or(|it| cell.indicator.department() == it)
    };
    let cells = count.matrix.cells.iter().filter(seen).cloned().collect();
    Ok(Found { year, years, cells, counted_at: count.at, is_outdated: count.is_outdated })
}

pub async fn behind(
    state: &AppState,
    officer: &Officer,
    counted: &Counted,
    parameters: &ListParameters,
) -> web::Result<Behind> {
    let years = annual::store::years(&state.pool, &officer.scope).await?;
    let sought = parameters.sought(default_year(&years, state))?;
    let rule = store::rule_of(&state.pool, sought.year).await?;
    let now = state.clock.now();
    let count = counted.matrix(&state.pool, &officer.scope, (sought.year, &rule), now).await.map_err(shared)?;
    Ok(Behind { sought, rule, matrix: count.matrix })
}

/// The newest year with returns; before there are any, last year.
fn default_year(years: &[i32], state: &AppState) -> i32 {
    years.first().copied().unwrap_or_else(|| state.clock.today().year() - 1)
}

/// What went wrong for all who waited for one count.
fn shared(error: Arc<CompletenessError>) -> Error {
    Error::Internal(anyhow::anyhow!("{error}"))
}

impl From<CompletenessError> for Error {
    fn from(error: CompletenessError) -> Self {
        match error {
            CompletenessError::Year { .. } => Error::BadRequest(year_wording()),
            CompletenessError::Rule { year, .. } => {
                Error::BadRequest(format!("{year}年12月31日没有有效的折算与核查口径，不能统计数据是否齐全"))
            }
            other => Error::Internal(other.into()),
        }
    }
}
