//! `muheng demo`: the demonstration district, and large invented districts for measuring.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::config::Config;
use super::database::Database;
use crate::account::{self, Actor, Deed};
use crate::base::clock::Clock;
use crate::base::code::CountyCode;
use crate::db::Scope;
use crate::demo::{self, scale};

#[derive(clap::Subcommand)]
pub enum Demo {
    /// Load the invented town into district 330105, which must have no parcels yet.
    Load,
    /// Fill an empty district with many parcels and enterprises, or write the parcels as a GeoJSON file.
    Scale(Scale),
}

#[derive(clap::Args)]
pub struct Scale {
    /// How many parcels.
    #[arg(long, value_parser = clap::value_parser!(u32).range(10_000..=2_000_000))]
    parcels: u32,
    /// How many enterprises; as many as parcels unless said.
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=5_000_000), conflicts_with = "geojson")]
    enterprises: Option<u32>,
    /// The county code to fill.
    #[arg(long, default_value = scale::DISTRICT)]
    district: CountyCode,
    /// Write the parcels to this file and leave the registers alone.
    #[arg(long, value_name = "FILE")]
    geojson: Option<PathBuf>,
    /// The frame of the file: 4490 (longitude, latitude) or 4528 (survey plane).
    #[arg(long, default_value_t = 4490, requires = "geojson")]
    srid: i32,
}

pub async fn run(command: Demo, config: Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(&config).await?;
    match command {
        Demo::Load => load(&database, &config.home).await?,
        Demo::Scale(scale) => match &scale.geojson {
            Some(file) => write_file(&database, &scale, file).await?,
            None => fill(&database, &scale).await?,
        },
    }
    Ok(ExitCode::SUCCESS)
}

/// The town and one account for each role; one act, told to the audit log.
pub(super) async fn load(database: &Database, home: &Path) -> anyhow::Result<()> {
    let counts = demo::load(&database.pool).await?;
    eprintln!(
        "district {}: {} parcel versions, {} outlines, {} enterprise versions, {} occupancies, {} figures, {} planning areas, {} contracts",
        demo::DISTRICT,
        counts.parcels,
        counts.outlines,
        counts.enterprises,
        counts.occupancies,
        counts.figures,
        counts.planning_areas,
        counts.contracts
    );
    let scope = Scope::district(demo::DISTRICT.parse()?);
    let now = Clock::System.now();
    account::create_demonstration_accounts(&database.pool, &scope, now).await?;
    let cases = demo::cases::load(&database.pool, &scope).await?;
    eprintln!("{cases} admission cases");
    let inspections = demo::inspections::load(&database.pool, &scope, home, now).await?;
    eprintln!("{inspections} inspections");
    let clearing = demo::clearing::load(&database.pool, &scope).await?;
    eprintln!("{} notices, {} breach files, {} reviews", clearing.notices, clearing.breaches, clearing.reviews);
    let evaluations = demo::evaluations::load(&database.pool, &scope).await?;
    eprintln!("{} official results, {} trials of the evaluation", evaluations.official, evaluations.trials);
    let measures = demo::measures::load(&database.pool, &scope).await?;
    eprintln!("{measures} measures of its own");
    let allocation = demo::allocation::load(&database.pool, &scope).await?;
    eprintln!(
        "{} lists of measures handed over, {} reports, {} findings of an audit",
        allocation.lists, allocation.reports, allocation.findings
    );
    let remediation = demo::remediation::load(&database.pool, &scope, home).await?;
    eprintln!(
        "{} files of remediation, {} struck off, {} relapses",
        remediation.files, remediation.struck_off, remediation.relapses
    );
    let enforcement = demo::enforcement::load(&database.pool, &scope).await?;
    eprintln!(
        "joint enforcement at {} enterprises, {} visited, {} findings",
        enforcement.targets, enforcement.visited, enforcement.findings
    );
    let survey = demo::survey::load(&database.pool, &scope).await?;
    eprintln!(
        "a survey of {} parcels, {} visited, {} differences from the registers",
        survey.parcels, survey.visited, survey.differences
    );
    let detail = json!({
        "parcels": counts.parcels, "enterprises": counts.enterprises, "cases": cases, "inspections": inspections,
        "notices": clearing.notices, "breaches": clearing.breaches, "reviews": clearing.reviews
    });
    let deed = Deed { action: "demonstration.load", subject_kind: "district", subject: demo::DISTRICT, detail };
    let mut transaction = database.pool.begin().await?;
    account::audit::record(&mut transaction, &scope, &Actor::command_line(), deed, now).await?;
    transaction.commit().await?;
    Ok(())
}

async fn fill(database: &Database, scale: &Scale) -> anyhow::Result<()> {
    let size = scale.size();
    let bar = progress_bar(size.steps());
    scale::load(&database.pool, &size, |written| bar.inc(written)).await?;
    bar.finish();
    Ok(())
}

async fn write_file(database: &Database, scale: &Scale, path: &Path) -> anyhow::Result<()> {
    let size = scale.size();
    let bar = progress_bar(size.parcels as u64);
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    scale::write_geojson(&database.pool, &size, scale.srid, &mut out, |written| bar.inc(written)).await?;
    bar.finish();
    Ok(())
}

impl Scale {
    fn size(&self) -> scale::Size {
        scale::Size {
            district: self.district.clone(),
            parcels: self.parcels as usize,
            enterprises: self.enterprises.unwrap_or(self.parcels) as usize,
        }
    }
}

fn progress_bar(steps: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} {per_sec} {eta}");
    ProgressBar::new(steps).with_style(style.expect("the template is well formed"))
}
