//! Running a receipt again: is it what it was, and does the same program say the same of the same facts?

use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use serde::Serialize;

use super::catalogue::Catalogue;
use super::receipt::{Difference, PROGRAM, Receipt, first_difference};
use super::store::receipts::{Kept, verdict_of};
use crate::db::{PgPool, Scope};

/// Inputs as their JSON text in, results as theirs out. The same texts give the same text.
pub type Run = fn(&Catalogue, NaiveDate, &str) -> anyhow::Result<String>;

/// The inputs of a receipt in full, from where they are kept.
pub type Expand = for<'a> fn(&'a PgPool, &'a Scope, &'a Receipt) -> BoxFuture<'a, anyhow::Result<String>>;

/// A check that leaves receipts. Rooms bring theirs; the application gathers them.
#[derive(Clone, Copy)]
pub struct Check {
    /// The name in the receipts.
    pub name: &'static str,
    pub run: Run,
    /// Where a receipt names inputs by their hash, because they are many: fetches them, as the text that `run` takes.
    pub expand: Option<Expand>,
}

/// What came of running one receipt again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Every byte of the results came out again.
    Equal,
    Differs(Difference),
    /// The stored content does not give the number under which it is stored.
    NumberDiffers {
        number: String,
    },
    /// The verdict kept beside the results is not the one they say.
    VerdictDiffers {
        kept: String,
        says: Option<String>,
    },
    /// The catalogue it names is not there, or is not what its hash says.
    CatalogueUnusable {
        reason: String,
    },
    /// This program has no such check.
    UnknownCheck,
    /// The check could not be made.
    Failed {
        reason: String,
    },
}

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub receipt: String,
    pub check: String,
    pub as_of: NaiveDate,
    /// The program that wrote it, and this one.
    pub program: String,
    pub program_now: &'static str,
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Report {
    pub fn is_equal(&self) -> bool {
        self.outcome == Outcome::Equal
    }

    /// Another version of the program wrote it, so a difference may be the program's.
    pub fn other_program(&self) -> bool {
        self.program != self.program_now
    }
}

/// Runs a kept receipt again under the catalogue it names. Inputs that it names only by their hash are read from the database.
pub async fn recheck_kept(
    pool: &PgPool,
    scope: &Scope,
    kept: &Kept,
    catalogue: Result<&Catalogue, String>,
    checks: &[Check],
) -> Report {
    let expand = checks.iter().find(|check| check.name == kept.receipt.check).and_then(|check| check.expand);
    let Some(expand) = expand else { return recheck(kept, catalogue, checks) };
    match expand(pool, scope, &kept.receipt).await {
        Ok(inputs) => report(kept, outcome(kept, &inputs, catalogue, checks)),
        Err(error) => report(kept, Outcome::Failed { reason: format!("{error:#}") }),
    }
}

/// Runs a kept receipt again under the catalogue it names.
pub fn recheck(kept: &Kept, catalogue: Result<&Catalogue, String>, checks: &[Check]) -> Report {
    report(kept, outcome(kept, &kept.receipt.inputs, catalogue, checks))
}

fn report(kept: &Kept, outcome: Outcome) -> Report {
    let receipt = &kept.receipt;
    Report {
        receipt: receipt.id.clone(),
        check: receipt.check.clone(),
        as_of: receipt.as_of,
        program: receipt.program.clone(),
        program_now: PROGRAM,
        outcome,
    }
}

/// What can be held against a receipt without running it: its number and its verdict.
pub fn tampered(kept: &Kept) -> Option<Outcome> {
    let number = kept.receipt.number().unwrap_or_default();
    if number != kept.receipt.id {
        return Some(Outcome::NumberDiffers { number });
    }
    let says = verdict_of(&kept.receipt.results);
    if says != Some(kept.verdict) {
        let says = says.map(|verdict| verdict.code().to_owned());
        return Some(Outcome::VerdictDiffers { kept: kept.verdict.code().to_owned(), says });
    }
    None
}

fn outcome(kept: &Kept, inputs: &str, catalogue: Result<&Catalogue, String>, checks: &[Check]) -> Outcome {
    if let Some(tampered) = tampered(kept) {
        return tampered;
    }
    let catalogue = match catalogue {
        Ok(catalogue) => catalogue,
        Err(reason) => return Outcome::CatalogueUnusable { reason },
    };
    match checks.iter().find(|check| check.name == kept.receipt.check) {
        None => Outcome::UnknownCheck,
        Some(check) => again(&kept.receipt, inputs, catalogue, check),
    }
}

fn again(receipt: &Receipt, inputs: &str, catalogue: &Catalogue, check: &Check) -> Outcome {
    match (check.run)(catalogue, receipt.as_of, inputs) {
        Err(error) => Outcome::Failed { reason: format!("{error:#}") },
        Ok(results) => first_difference(&receipt.results, &results).map_or(Outcome::Equal, Outcome::Differs),
    }
}

#[cfg(test)]
mod tests;
