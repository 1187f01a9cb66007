//! `muheng recheck`: receipts are run again under the catalogue they name.
#![allow(clippy::print_stdout, reason = "the findings are what the command is for")]

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::config::Config;
use super::database::Database;
use crate::app;
use crate::db::{PgPool, Scope};
use crate::policy::recheck::{Check, Outcome, Report, recheck_kept};
use crate::policy::store::{self, receipts};

const PAGE: i64 = 500;

/// Run receipts again; exit status 0 when every byte comes out again, 1 when something differs.
#[derive(Args)]
pub struct Recheck {
    /// The number of a receipt, or its first digits.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    id: Option<String>,
    /// Every receipt of the district.
    #[arg(long)]
    all: bool,
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line for each receipt that differs, and the count.
    Table,
    /// One JSON object a line.
    Json,
}

#[derive(Default)]
struct Tally {
    equal: u64,
    different: u64,
}

/// # Errors
/// When no receipt has that number, or the database does not answer.
pub async fn run(command: Recheck, config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(config).await?;
    let scope = Scope::district(config.district.clone());
    let prefix = command.id.as_deref().unwrap_or_default().to_lowercase();
    let mut tally = Tally::default();
    let mut after = String::new();
    loop {
        let numbers = receipts::numbers_after(&database.pool, &scope, &prefix, &after, PAGE).await?;
        let Some(last) = numbers.last().cloned() else { break };
        for number in &numbers {
            let report = again(&database.pool, &scope, number, &app::checks()).await?;
            tally.count(&report);
            print(&report, command.format)?;
        }
        after = last;
    }
    if tally.equal + tally.different == 0 && !command.all {
        bail!("no receipt has the number {prefix}");
    }
    if command.format == Format::Table {
        println!("{} equal, {} different", tally.equal, tally.different);
    }
    Ok(if tally.different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Tally {
    fn count(&mut self, report: &Report) {
        if report.is_equal() { self.equal += 1 } else { self.different += 1 }
    }
}

async fn again(pool: &PgPool, scope: &Scope, number: &str, checks: &[Check]) -> anyhow::Result<Report> {
    let kept = receipts::find(pool, scope, number).await?;
    let kept = kept.ok_or_else(|| anyhow::anyhow!("the receipt {number} disappeared while it was read"))?;
    let found = store::catalogue(pool, &kept.receipt.catalogue).await;
    let catalogue = match &found {
        Ok(Some(catalogue)) => Ok(catalogue.as_ref()),
        Ok(None) => Err("it is not in the database".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    Ok(recheck_kept(pool, scope, &kept, catalogue, checks).await)
}

fn print(report: &Report, format: Format) -> anyhow::Result<()> {
    if format == Format::Json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    let head = format!("{} {} {}", &report.receipt[..16.min(report.receipt.len())], report.check, report.as_of);
    if report.other_program() {
        println!("{head}: written by version {}, run again by {}", report.program, report.program_now);
    }
    match &report.outcome {
        Outcome::Equal => {}
        Outcome::Differs(at) => println!("{head}: {} was {} and is {}", at.place, at.before, at.after),
        Outcome::NumberDiffers { number } => println!("{head}: TAMPERED, its content gives the number {number}"),
        Outcome::VerdictDiffers { kept, says } => {
            println!("{head}: TAMPERED, kept as {kept} while its results say {}", says.as_deref().unwrap_or("nothing"));
        }
        Outcome::CatalogueUnusable { reason } => println!("{head}: its catalogue cannot be used: {reason}"),
        Outcome::UnknownCheck => println!("{head}: this program has no such check"),
        Outcome::Failed { reason } => println!("{head}: the check could not be made: {reason}"),
    }
    Ok(())
}
