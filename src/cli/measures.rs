//! `muheng measures`: what follows from the grades of a district on a day.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::config::Config;
use super::database::Database;
use super::output::{Answer, Output, Take};
use crate::account::Act;
use crate::account::audit::Actor;
use crate::base::clock::Clock;
use crate::base::code::{CountyCode, SubdistrictCode};
use crate::entitlement::{Body, Outcome};
use crate::measures::list::{Filter, Row};
use crate::measures::reading::Reading;
use crate::measures::{table, walk};

/// Measures that follow from a grade.
#[derive(Subcommand)]
pub enum Measures {
    /// For each enterprise what it is entitled to or liable for on a day. The receipt that a line names is kept.
    Due(Due),
}

#[derive(Args)]
pub struct Due {
    /// The day: grades of the year before act on it.
    #[arg(long, value_name = "DATE")]
    on: NaiveDate,
    /// Only what this body carries out, by code, such as power, banks, finance.
    #[arg(long, value_name = "BODY")]
    executing: Option<Body>,
    /// Only this measure, by its id.
    #[arg(long)]
    measure: Option<String>,
    /// Only enterprises of this grade.
    #[arg(long)]
    grade: Option<String>,
    /// due, allowed, barred, exempt or not_determinable.
    #[arg(long)]
    outcome: Option<Outcome>,
    /// County code; the configured district without it.
    #[arg(long)]
    district: Option<CountyCode>,
    /// Only enterprises of this sub-district (nine digits).
    #[arg(long)]
    subdistrict: Option<SubdistrictCode>,
    #[command(flatten)]
    output: Output,
}

/// # Errors
/// When nothing was in force on the day, or the database does not answer.
pub async fn run(command: Measures, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Measures::Due(command) => due(command, config).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn due(command: Due, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.district.as_ref(), command.subdistrict.as_ref()).await?;
    let reading = Reading::of(&database.pool, &scope, command.on).await?;
    let filter = Filter {
        executing: command.executing,
        measure: command.measure,
        grade: command.grade,
        outcome: command.outcome,
        subdistrict: None,
        text: None,
    };
    let act = Act { pool: database.pool.clone(), scope, actor: Actor::command_line(), now: Clock::System.now() };
    command.output.deliver(&Listing { act, reading, filter }).await
}

struct Listing {
    act: Act,
    reading: Reading,
    filter: Filter,
}

impl Listing {
    async fn each(&self, take: &mut (dyn FnMut(Row) -> anyhow::Result<()> + '_)) -> anyhow::Result<()> {
        walk::each(&self.act, &self.reading, &self.filter, take).await
    }
}

impl Answer for Listing {
    const TITLE: &'static str = table::TITLE;

    fn headers(&self) -> &'static [&'static str] {
        table::HEADERS
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        self.each(&mut |row| take(&table::row(&row))).await
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let mut lines = 0_u64;
        self.each(&mut |row| {
            lines += 1;
            Ok(writeln!(sink, "{}", table::text(&row))?)
        })
        .await?;
        Ok(writeln!(sink, "{}　共{lines}条", self.reading.day)?)
    }

    /// One list, written line by line.
    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let mut buffered = BufWriter::new(sink);
        let mut before = "[";
        self.each(&mut |row| {
            buffered.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut buffered, &row.into_due())?;
            before = ",\n";
            Ok(())
        })
        .await?;
        buffered.write_all(if before == "[" { b"[]\n" } else { b"]\n" })?;
        Ok(buffered.flush()?)
    }
}
