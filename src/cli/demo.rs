//! `muheng demo`: the demonstration district, and large invented districts for measuring.

use std::process::ExitCode;

use super::config::Config;
use super::database::Database;
use crate::demo;

#[derive(clap::Subcommand)]
pub enum Demo {
    /// Load the invented town into district 330105, which must have no parcels yet.
    Load,
}

pub async fn run(command: Demo, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        Demo::Load => load(config).await,
    }
}

async fn load(config: Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(&config).await?;
    let counts = demo::load(&database.pool).await?;
    eprintln!(
        "district {}: {} parcel versions, {} outlines, {} enterprise versions, {} occupancies, {} figures",
        demo::DISTRICT,
        counts.parcels,
        counts.outlines,
        counts.enterprises,
        counts.occupancies,
        counts.figures
    );
    Ok(ExitCode::SUCCESS)
}
