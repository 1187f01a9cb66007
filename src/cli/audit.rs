//! `muheng audit verify`: walks the chain of the audit log.
#![allow(clippy::print_stdout, reason = "the finding is what the command is for")]

use std::process::ExitCode;

use super::config::Config;
use super::database::Database;
use crate::account::audit::{self, Verification};
use crate::db::Scope;

#[derive(clap::Subcommand)]
pub enum Audit {
    /// Check that no entry was changed, removed or slipped in; exit status 1 when one was.
    Verify,
}

pub async fn run(Audit::Verify: Audit, config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(config).await?;
    match audit::verify(&database.pool, &Scope::district(config.district.clone())).await? {
        Verification::Intact { entries } => {
            println!("{entries} entries, chain intact");
            Ok(ExitCode::SUCCESS)
        }
        Verification::Broken { seq, what } => {
            println!("broken at entry {seq}: {what}");
            Ok(ExitCode::FAILURE)
        }
    }
}
