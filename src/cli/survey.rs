//! `muheng survey`: the ledger of a round, or one round with its progress and sums.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::config::Config;
use super::database::Database;
use super::output::{Answer, Output, Take};
use crate::base::code::{CountyCode, SubdistrictCode};
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::exchange::sheet::Value;
use crate::survey::store::parcels::{self, Entry, Filter, Stood};
use crate::survey::store::rounds::{self, Round};
use crate::survey::store::totals;
use crate::survey::view::{Line, RoundView, mu};
use crate::workflow::Number;

/// The survey of industrial land: 四(一)1.
#[derive(Subcommand)]
pub enum Survey {
    /// Every parcel of a round with its class and ground.
    List(List),
    /// One round: progress by sub-district, sums by class in parcels and mu.
    Show(Show),
}

#[derive(Args)]
pub struct List {
    /// The number of a round, such as 2026-0001; the newest without it.
    #[arg(long)]
    round: Option<String>,
    /// A class by its code, `not_determinable` or `awaiting`.
    #[arg(long)]
    stood: Option<Stood>,
    #[arg(long)]
    district: Option<CountyCode>,
    /// Only parcels of this sub-district (nine digits).
    #[arg(long)]
    subdistrict: Option<SubdistrictCode>,
    #[command(flatten)]
    output: Output,
}

#[derive(Args)]
pub struct Show {
    /// Its number, such as 2026-0001; the newest without it.
    number: Option<String>,
    #[arg(long)]
    district: Option<CountyCode>,
    #[command(flatten)]
    output: Output,
}

/// # Errors
/// When there is no such round, or the database does not answer.
pub async fn run(command: Survey, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Survey::List(command) => list(command, config).await?,
        Survey::Show(command) => show(command, config).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn asked(pool: &PgPool, scope: &Scope, number: Option<&str>) -> anyhow::Result<Round> {
    let Some(number) = number else {
        return rounds::newest(pool, scope).await?.context("no survey was ever made");
    };
    let Ok(parsed) = number.parse::<Number>() else {
        bail!("{number} is no number of a round; they are written like 2026-0001")
    };
    rounds::by_number(pool, scope, parsed).await?.with_context(|| format!("there is no round {parsed}"))
}

async fn list(command: List, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.district.as_ref(), command.subdistrict.as_ref()).await?;
    let round = asked(&database.pool, &scope, command.round.as_deref()).await?;
    let filter = Filter { round: round.id, stood: command.stood, ..Filter::default() };
    command.output.deliver(&Parcels { pool: &database.pool, scope, filter }).await
}

/// Parcels read at a time.
const AT_ONCE: u16 = 500;

struct Parcels<'a> {
    pool: &'a PgPool,
    scope: Scope,
    filter: Filter,
}

impl Parcels<'_> {
    async fn each(&self, mut take: impl FnMut(&Entry) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut position = Position::Start;
        loop {
            let page = parcels::page(self.pool, &self.scope, &self.filter, &position, AT_ONCE).await?;
            for entry in &page.rows {
                take(entry)?;
            }
            match page.next {
                Some(last) => position = Position::After(last),
                None => return Ok(()),
            }
        }
    }
}

impl Answer for Parcels<'_> {
    const TITLE: &'static str = "工业用地摸底台账";

    fn headers(&self) -> &'static [&'static str] {
        &[
            "宗地代码",
            "宗地名称",
            "街道代码",
            "登记面积（亩）",
            "登记用途代码",
            "台账供应状态",
            "分类",
            "分类依据",
            "核实日期",
        ]
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        self.each(|entry| {
            take(&[
                entry.code.as_str().into(),
                entry.name.clone().into(),
                entry.subdistrict.as_str().into(),
                entry.area_m2.map(mu).into(),
                entry.land_use_code.clone().into(),
                entry.supply_status.label().into(),
                Stood::of(entry.state, entry.class).label().into(),
                entry.ground.map(|ground| ground.label()).into(),
                entry.visited_on.into(),
            ])
        })
        .await
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let mut count = 0;
        self.each(|entry| {
            count += 1;
            let area = entry.area_m2.map_or("—".to_owned(), |area| format!("{} 亩", mu(area)));
            let ground = entry.ground.map_or("", |ground| ground.label());
            Ok(writeln!(sink, "{}　{area}　{}　{ground}", entry.code, Stood::of(entry.state, entry.class))?)
        })
        .await?;
        Ok(writeln!(sink, "合计{count}宗")?)
    }

    /// An array, a line of text for every parcel.
    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        write!(sink, "[")?;
        let mut separator = "\n";
        self.each(|entry| {
            write!(sink, "{separator}{}", serde_json::to_string(&Line::from(entry))?)?;
            separator = ",\n";
            Ok(())
        })
        .await?;
        Ok(writeln!(sink, "\n]")?)
    }
}

async fn show(command: Show, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.district.as_ref(), None).await?;
    let round = asked(&database.pool, &scope, command.number.as_deref()).await?;
    let mut connection = database.pool.acquire().await?;
    let sums = totals::of_round(&mut connection, &scope, round.id).await?;
    drop(connection);
    command.output.deliver(&One(RoundView::of(&round, &sums))).await
}

/// A round; as rows its sums by sub-district and class.
struct One(RoundView);

impl Answer for One {
    const TITLE: &'static str = "工业用地摸底调查";

    fn headers(&self) -> &'static [&'static str] {
        &["街道代码", "分类", "宗数", "登记面积（亩）", "未登记面积（宗）"]
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        for place in &self.0.progress {
            for total in place.by_class.iter().filter(|total| total.amount.parcels > 0) {
                take(&[
                    place.subdistrict.as_str().into(),
                    total.stood.label().into(),
                    Value::Text(total.amount.parcels.to_string()),
                    total.amount.mu.into(),
                    Value::Text(total.amount.unmeasured.to_string()),
                ])?;
            }
        }
        Ok(())
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let RoundView { no, name, state, opened_on, surveyed, all, by_class, progress, .. } = &self.0;
        writeln!(sink, "{no}　{name}　{state}　按 {opened_on} 在册宗地")?;
        writeln!(sink, "已核实 {} / {} 宗，{} / {} 亩", surveyed.parcels, all.parcels, surveyed.mu, all.mu)?;
        for total in by_class {
            writeln!(sink, "{}　{} 宗　{} 亩", total.stood, total.amount.parcels, total.amount.mu)?;
        }
        for place in progress {
            writeln!(sink, "{}　已核实 {} / {} 宗", place.subdistrict, place.surveyed.parcels, place.all.parcels)?;
        }
        Ok(())
    }

    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        serde_json::to_writer(&mut *sink, &self.0)?;
        Ok(writeln!(sink)?)
    }
}
