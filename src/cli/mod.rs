//! The command line. Every subcommand works with or without a server running on the same home.

mod admission;
mod allocation;
mod audit;
pub mod config;
mod contract;
mod database;
mod demo;
mod doctor;
mod evaluation;
mod import;
mod industries;
mod log;
mod low_efficiency;
mod measures;
mod output;
mod policy;
mod recheck;
mod remediation;
mod serve;
mod survey;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use config::Config;
use database::Database;

#[derive(Parser)]
#[command(name = "muheng", version, about = "Muheng (亩衡): a district's land, from standard land to tax per mu")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database to this program's version and load the code lists.
    Migrate,
    /// Serve the pages and the API until stopped.
    Serve(serve::Serve),
    /// The demonstration district, and large ones for measuring.
    #[command(subcommand)]
    Demo(demo::Demo),
    /// Import parcels, outlines, enterprises, occupancies or returns from a file.
    Import(import::Import),
    /// Load the industry codes of an older edition of GB/T 4754, so that enterprises may come with them.
    Industries(industries::Industries),
    /// The list of enterprises below the line of tax per mu.
    LowEfficiency(low_efficiency::LowEfficiency),
    /// The yearly evaluation: scores, ranks and grades.
    #[command(subcommand)]
    Evaluation(evaluation::Evaluation),
    /// What follows from a grade: what is due, allowed and barred.
    #[command(subcommand)]
    Measures(measures::Measures),
    /// Measures carried out: lists handed over, and what was reported held against them.
    #[command(subcommand)]
    Allocation(allocation::Allocation),
    /// Files of those who are put right or given up.
    #[command(subcommand)]
    Remediation(remediation::Remediation),
    /// The survey of industrial land, round after round.
    #[command(subcommand)]
    Survey(survey::Survey),
    /// Grant contracts: what is due and what is broken.
    #[command(subcommand)]
    Contract(contract::Contract),
    /// Documents, rules, parameters and standards, and what becomes of every article.
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Run receipts again and report the first difference.
    Recheck(recheck::Recheck),
    /// Admission of projects: the check against plans, industrial policy and standard land.
    #[command(subcommand)]
    Admission(admission::Admission),
    /// Say in words what is wrong with this installation; exit status 0 only when all is well.
    Doctor,
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Runs the private database server until its last user is gone.
    #[command(hide = true)]
    ClusterGuard,
}

/// Runs the program. The exit status is the command's own; 1 when it failed, with one message on standard error.
pub fn run() -> ExitCode {
    crate::home::private_from_now_on();
    crate::permits::give_memory_back();
    let cli = Cli::parse();
    log::begin();
    let outcome = Config::load().and_then(|config| match cli.command {
        Command::ClusterGuard => crate::db::cluster::guard(&config.home).map(|()| ExitCode::SUCCESS),
        command => tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(execute(command, config)),
    });
    outcome.unwrap_or_else(|error| {
        eprintln!("muheng: {error:#}");
        ExitCode::FAILURE
    })
}

async fn execute(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Migrate => {
            Database::open(&config).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve(command) => serve::serve(command, &config).await,
        Command::Demo(command) => demo::run(command, config).await,
        Command::Import(command) => import::run(command, &config).await,
        Command::Industries(command) => industries::run(command, &config).await,
        Command::LowEfficiency(command) => low_efficiency::run(command, &config).await,
        Command::Evaluation(command) => evaluation::run(command, &config).await,
        Command::Measures(command) => measures::run(command, &config).await,
        Command::Allocation(command) => allocation::run(command, &config).await,
        Command::Remediation(command) => remediation::run(command, &config).await,
        Command::Survey(command) => survey::run(command, &config).await,
        Command::Contract(command) => contract::run(command, &config).await,
        Command::Policy(command) => policy::run(command, &config).await,
        Command::Recheck(command) => recheck::run(command, &config).await,
        Command::Admission(command) => admission::run(command, &config).await,
        Command::Doctor => doctor::run(&config).await,
        Command::Audit(command) => audit::run(command, &config).await,
        Command::ClusterGuard => unreachable!("the guard runs without the async runtime"),
    }
}
