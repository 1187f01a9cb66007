//! `muheng admission check FILE`: the stateless check, with the verdict in the exit status.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::config::Config;
use super::database::Database;
use crate::admission::answer::{self, CheckAnswer, CheckError};
use crate::admission::request::CheckRequest;
use crate::base::clock::Clock;
use crate::base::code::CountyCode;
use crate::db::Scope;
use crate::exchange::Fault;
use crate::policy;
use crate::policy::verdict::Overall;

#[derive(Subcommand)]
pub enum Admission {
    /// Hold a project against plans, industrial policy and standard land. Exit status: 0 conforms, 1 does not,
    /// 2 cannot be determined, 3 the file cannot be read or the check could not be made.
    Check(Check),
}

#[derive(Args)]
pub struct Check {
    /// The same JSON as `POST /api/v1/admission/check` takes.
    #[arg(value_name = "FILE.json")]
    file: PathBuf,
    /// The day of application; before what the file says, and today without either.
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// County code; the configured district without it.
    #[arg(long)]
    district: Option<CountyCode>,
}

const UNREADABLE: u8 = 3;

/// Prints the answer, or the faults as a problem document; whatever goes wrong is told by the status too.
pub async fn run(command: Admission, config: &Config) -> anyhow::Result<ExitCode> {
    let Admission::Check(command) = command;
    let status = match check(&command, config).await {
        Ok(Ok(answer)) => {
            print(&answer)?;
            match answer.verdict {
                Overall::Conforms => 0,
                Overall::DoesNotConform => 1,
                Overall::NotDeterminable => 2,
            }
        }
        Ok(Err(faults)) => {
            print(&crate::web::Error::Input(faults).problem())?;
            UNREADABLE
        }
        Err(error) => {
            eprintln!("muheng: {error:#}");
            UNREADABLE
        }
    };
    Ok(ExitCode::from(status))
}

async fn check(command: &Check, config: &Config) -> anyhow::Result<Result<CheckAnswer, Vec<Fault>>> {
    let path = &command.file;
    let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let request = match CheckRequest::read(&text) {
        Ok(request) => request,
        Err(fault) => return Ok(Err(vec![fault])),
    };
    let as_of = command.as_of.or(request.as_of).unwrap_or_else(|| Clock::System.today());
    let database = Database::open(config).await?;
    let scope = Scope::district(command.district.clone().unwrap_or_else(|| config.district.clone()));
    database.district(&scope.district).await?;
    let catalogue = policy::store::current(&database.pool, &scope.district).await?;
    match answer::answer(&database.pool, &scope, &request, &catalogue, as_of, Clock::System.today()).await {
        Ok(answer) => Ok(Ok(answer)),
        Err(CheckError::Input(faults)) => Ok(Err(faults)),
        Err(CheckError::Database(error)) => Err(error.into()),
    }
}

#[allow(clippy::print_stdout, reason = "the answer is what the command is for")]
fn print(answer: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(answer)?);
    Ok(())
}
