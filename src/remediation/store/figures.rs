//! Tax and land of some enterprises year by year, by the judge of the list.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::{PgPool, Scope};
use crate::low_efficiency::LineError;
use crate::low_efficiency::store::{ListError, entries_of, line_of};
use crate::policy::ParameterError;
use crate::remediation::proof::{LineOf, YearFigure};

/// Of each enterprise, its years with the line of each; a year without a line or without the enterprise is left out.
pub type Figures = BTreeMap<String, Vec<(YearFigure, LineOf)>>;

/// Whose figures of which years: one question to the registers a year.
pub async fn of(pool: &PgPool, scope: &Scope, asked: &BTreeMap<i32, BTreeSet<String>>) -> Result<Figures, ListError> {
    let mut figures = Figures::new();
    for (year, enterprises) in asked {
        let line = match line_of(pool, *year).await {
            Ok(line) => line,
            Err(
                ListError::Year { .. }
                | ListError::Line { error: LineError::Parameter(ParameterError::NotInForce { .. }), .. },
            ) => continue,
            Err(other) => return Err(other),
        };
        let entries = entries_of(pool, scope, *year, &line, enterprises.iter().cloned().collect()).await?;
        for entry in entries {
            figures.entry(entry.uscc.clone()).or_default().push((YearFigure::of(&entry), LineOf::from(&line)));
        }
    }
    Ok(figures)
}
