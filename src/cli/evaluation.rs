//! `muheng evaluation`: runs, schemes and facts of the yearly evaluation.
#![allow(clippy::print_stdout, reason = "the answer is what the command is for")]

mod scheme;
mod what_if;

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use crate::scoring::Scheme;
use clap::{Args, Subcommand};
use futures_util::TryStreamExt;
use uuid::Uuid;

use super::config::Config;
use super::database::Database;
use super::output::{Answer, Output, Take};
use crate::account::Act;
use crate::account::audit::Actor;
use crate::annual::store::snapshot;
use crate::base::clock::Clock;
use crate::base::code::CountyCode;
use crate::evaluation::commands::{self, Kept, Reading, Stage, Tell, compute_as};
use crate::evaluation::document::{FactsDocument, facts_of};
use crate::evaluation::population::is_of_category;
use crate::evaluation::run::base_years;
use crate::evaluation::store::runs;
use crate::evaluation::table;
use crate::exchange::sheet::Value;

/// The yearly evaluation of every enterprise per mu of the land it uses.
#[derive(Subcommand)]
pub enum Evaluation {
    /// Score, rank and grade a category in a year, and keep the run with its receipt.
    Compute(Compute),
    /// Print a scheme whole: the form that can be submitted.
    Scheme(scheme::Named),
    /// Print the facts of a category, for the year and the years of the base.
    Facts(PrintFacts),
    /// Say who would change grade under another scheme; nothing is kept.
    WhatIf(what_if::TryOut),
}

#[derive(Args)]
struct Which {
    #[arg(long)]
    year: i32,
    /// County code; the configured district without it.
    #[arg(long)]
    district: Option<CountyCode>,
}

#[derive(Args)]
pub struct Compute {
    #[command(flatten)]
    which: Which,
    /// The category by its code, such as industry_above.
    #[arg(long)]
    category: String,
    /// The scheme by its id, instead of the one in force.
    #[arg(long)]
    scheme: Option<String>,
    /// Shown, and binds nobody.
    #[arg(long)]
    trial: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Args)]
pub struct PrintFacts {
    #[command(flatten)]
    which: Which,
    #[arg(long)]
    category: String,
    #[command(flatten)]
    output: Output,
}

/// # Errors
/// When no scheme holds, a base has no figures, or the database does not answer.
pub async fn run(command: Evaluation, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Evaluation::Compute(command) => compute_run(command, config).await?,
        Evaluation::Scheme(command) => scheme::run(&command, config).await?,
        Evaluation::Facts(command) => print_facts(&command, config).await?,
        Evaluation::WhatIf(command) => what_if::run(command, config).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn compute_run(command: Compute, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.which.district.as_ref(), None).await?;
    let named = command.scheme.as_deref().unwrap_or(&command.category);
    let scheme = scheme_named(&database, &scope.district, named, command.which.year).await?;
    anyhow::ensure!(
        scheme.category.code() == command.category,
        "the scheme {} is of the category {}",
        scheme.id,
        scheme.category.code()
    );
    let act = Act { pool: database.pool.clone(), scope, actor: Actor::command_line(), now: Clock::System.now() };
    let asked = (&scheme, command.which.year, command.trial);
    let kept = compute_as(&act, Uuid::now_v7(), asked, progress()).await?;
    command.output.deliver(&Printed { kept, act }).await
}

/// Lines that are done between two words about it.
const TOLD_EVERY: u64 = 100_000;

/// Tells a large run on the error stream: stage, lines, seconds since the beginning.
fn progress() -> Tell {
    let began = Instant::now();
    Arc::new(move |stage: Stage, done, total: Option<u64>| {
        let large = done >= TOLD_EVERY || total.is_some_and(|total| total >= TOLD_EVERY);
        if large && (done.is_multiple_of(TOLD_EVERY) || total == Some(done)) {
            let of = total.map(|total| format!("/{total}")).unwrap_or_default();
            eprintln!("{} {done}{of}　{:.1}秒", stage.label(), began.elapsed().as_secs_f64());
        }
    })
}

async fn scheme_named(database: &Database, district: &CountyCode, named: &str, year: i32) -> anyhow::Result<Scheme> {
    let schemes = commands::schemes(&database.pool, district).await?;
    scheme::find(&schemes, named, Some(year)).cloned()
}

/// A run as it is delivered: its lines are read again, for there may be a million of them.
struct Printed {
    kept: Kept,
    act: Act,
}

impl Printed {
    async fn each(&self, mut take: impl FnMut(String) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut lines = runs::details(&self.act.pool, &self.act.scope, self.kept.id);
        while let Some(line) = lines.try_next().await? {
            take(line)?;
        }
        Ok(())
    }
}

impl Answer for Printed {
    const TITLE: &'static str = "亩均评价结果";

    fn headers(&self) -> &'static [&'static str] {
        table::HEADERS
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        self.each(|line| take(&table::row(&serde_json::from_str(&line)?))).await
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let Kept { head, trial, receipt, .. } = &self.kept;
        let trial = if *trial { "（试评价）" } else { "" };
        writeln!(sink, "{}年　{}　方案{}{trial}", head.year, head.category, head.scheme)?;
        for base in &head.benchmarks {
            writeln!(sink, "基准　{}　{} {}", base.indicator, base.value, base.unit)?;
        }
        self.each(|line| Ok(writeln!(sink, "{}", table::text(&serde_json::from_str(&line)?))?)).await?;
        let grades: Vec<String> = head.grades.iter().map(|(grade, count)| format!("{grade} {count}家")).collect();
        let left: Vec<String> = head.left_out.iter().map(|(why, count)| format!("{why} {count}家")).collect();
        let left = if left.is_empty() { "无".into() } else { left.join("　") };
        writeln!(sink, "{}　未参评：{left}", grades.join("　"))?;
        writeln!(sink, "凭证 {receipt}")?;
        Ok(())
    }

    /// Written line by line: a run may have a million of them.
    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let Kept { head, trial, receipt, id } = &self.kept;
        write!(sink, "{{\"year\":{},\"category\":{}", head.year, serde_json::to_string(&head.category)?)?;
        write!(sink, ",\"scheme\":{},\"receipt\":\"{receipt}\"", serde_json::to_string(&head.scheme)?)?;
        write!(sink, ",\"trial\":{trial},\"benchmarks\":{}", serde_json::to_string(&head.benchmarks)?)?;
        write!(sink, ",\"quotas\":{},\"results\":[", serde_json::to_string(&head.quotas)?)?;
        let mut before = "";
        self.each(|line| {
            write!(sink, "{before}{line}")?;
            before = ",";
            Ok(())
        })
        .await?;
        write!(sink, "],\"left_out\":[")?;
        let mut lines = runs::left_out_details(&self.act.pool, &self.act.scope, *id);
        before = "";
        while let Some(line) = lines.try_next().await? {
            write!(sink, "{before}{line}")?;
            before = ",";
        }
        writeln!(sink, "]}}")?;
        Ok(())
    }
}

async fn print_facts(command: &PrintFacts, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.which.district.as_ref(), None).await?;
    let year = command.which.year;
    let scheme = scheme_named(&database, &scope.district, &command.category, year).await?;
    let parameters = commands::parameters_of(&database.pool, year).await?;
    let reading = Reading::of(&scheme, &parameters)?.with_lines(&database.pool, year).await?;
    let mut transaction = snapshot(&database.pool).await?;
    let mut years = BTreeMap::new();
    for of in base_years(&scheme, year).into_iter().chain([year]) {
        let members = commands::read(&mut transaction, &scope, &reading, of).await?;
        let of_category = members.into_iter().filter(|member| is_of_category(&scheme, member));
        let asked = scheme.facts();
        let document = |member: &crate::evaluation::population::Member| {
            facts_of(&member.facts, member.made.as_ref(), asked.iter().copied())
        };
        years.insert(of, of_category.map(|member| (member.uscc.clone(), document(&member))).collect());
    }
    transaction.commit().await?;
    command.output.deliver(&FactsOfYears(years)).await
}

/// Year → credit code, or code of a platform or a parcel → facts.
struct FactsOfYears(BTreeMap<i32, BTreeMap<String, FactsDocument>>);

impl Answer for FactsOfYears {
    const TITLE: &'static str = "评价数据";

    fn headers(&self) -> &'static [&'static str] {
        &["年度", "统一社会信用代码（平台、宗地为其编号）", "数据项", "数值"]
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        for (year, enterprises) in &self.0 {
            for (uscc, facts) in enterprises {
                for (name, value) in facts {
                    let value = value.clone().map_or(Value::Empty, Value::Text);
                    take(&[
                        Value::Text(year.to_string()),
                        Value::Text(uscc.clone()),
                        Value::Text(name.clone()),
                        value,
                    ])?;
                }
            }
        }
        Ok(())
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        for (year, enterprises) in &self.0 {
            writeln!(sink, "{year}　{}家", enterprises.len())?;
        }
        Ok(())
    }

    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let mut buffered = BufWriter::new(sink);
        serde_json::to_writer(&mut buffered, &self.0)?;
        buffered.write_all(b"\n")?;
        Ok(buffered.flush()?)
    }
}
