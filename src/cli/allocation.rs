//! `muheng allocation`: lists of measures handed over to those who carry them out, and what they report held against them.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::config::Config;
use super::database::Database;
use super::output::{Answer, Output, Take};
use crate::account::Act;
use crate::account::audit::Actor;
use crate::allocation::lists;
use crate::allocation::store::lists::NewList;
use crate::allocation::store::reconciled::{self, ReconciledFilter, ReconciledRow};
use crate::allocation::{Quarter, reconciliation};
use crate::base::clock::Clock;
use crate::base::code::CountyCode;
use crate::db::Scope;
use crate::db::keyset::Position;
use crate::entitlement::{Body, Finding};
use crate::exchange::sheet::Value;

/// Measures carried out: 三 and 五(二).
#[derive(Subcommand)]
pub enum Allocation {
    /// Draws the list of one body for a quarter and hands it over. The receipts that its lines name are kept.
    HandOver(HandOver),
    /// Holds what was reported of a year against its lists, up to a quarter; keeps and prints every line.
    Reconcile(Reconcile),
}

#[derive(Args)]
pub struct HandOver {
    /// Who carries the measures out, by code, such as power, tax, finance.
    #[arg(long, value_name = "BODY")]
    body: Body,
    /// As 2024-3.
    #[arg(long)]
    quarter: Quarter,
    /// The day whose measures the list holds; today without it.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// By which document it is handed over.
    #[arg(long)]
    document: String,
    /// County code; the configured district without it.
    #[arg(long)]
    district: Option<CountyCode>,
}

#[derive(Args)]
pub struct Reconcile {
    /// As 2024-3.
    #[arg(long)]
    quarter: Quarter,
    /// Only what this body carries out.
    #[arg(long, value_name = "BODY")]
    body: Option<Body>,
    /// Only lines with this finding, by code.
    #[arg(long)]
    finding: Option<Finding>,
    /// Only what somebody has to put right.
    #[arg(long)]
    gaps: bool,
    #[arg(long)]
    district: Option<CountyCode>,
    #[command(flatten)]
    output: Output,
}

/// # Errors
/// What cannot be drawn or reconciled, or the database does not answer.
pub async fn run(command: Allocation, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Allocation::HandOver(command) => hand_over(command, config).await?,
        Allocation::Reconcile(command) => reconcile(command, config).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn act_in(database: &Database, config: &Config, district: Option<&CountyCode>) -> anyhow::Result<Act> {
    let scope = database.scope(config, district, None).await?;
    Ok(Act { pool: database.pool.clone(), scope, actor: Actor::command_line(), now: Clock::System.now() })
}

async fn hand_over(command: HandOver, config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config).await?;
    let act = act_in(&database, config, command.district.as_ref()).await?;
    let (on, id) = (command.on.unwrap_or_else(|| act.today()), Uuid::now_v7());
    let new = NewList { body: command.body, quarter: command.quarter, on, document: command.document };
    lists::draw(&act, id, &new, &|_| {}).await?;
    let list = crate::allocation::store::lists::find(&mut *act.pool.acquire().await?, &act.scope, id).await?;
    let list = list.context("the list that was drawn")?;
    let (body, quarter) = (list.body, list.quarter_label());
    let sums = format!("{}家 {}条 {}元", list.enterprises, list.lines, list.due_yuan);
    writeln!(std::io::stdout(), "{id}　{body}　{quarter}　{sums}")?;
    Ok(())
}

async fn reconcile(command: Reconcile, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let database = Database::open(config).await?;
    let act = act_in(&database, config, command.district.as_ref()).await?;
    let id = Uuid::now_v7();
    reconciliation::compute(&act, id, command.quarter, &|_, _| {}).await?;
    let (body, finding, gaps) = (command.body, command.finding, command.gaps);
    let filter = ReconciledFilter { body, finding, gaps, ..ReconciledFilter::all(id) };
    command.output.deliver(&Lines { act, filter }).await
}

/// Lines read at a time.
const AT_ONCE: u16 = 500;

struct Lines {
    act: Act,
    filter: ReconciledFilter,
}

impl Lines {
    fn scope(&self) -> &Scope {
        &self.act.scope
    }

    async fn each(&self, mut take: impl FnMut(ReconciledRow) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut position = Position::Start;
        loop {
            let page = reconciled::page(&self.act.pool, self.scope(), &self.filter, position, AT_ONCE).await?;
            page.rows.into_iter().try_for_each(&mut take)?;
            match page.next {
                Some(last) => position = Position::After(last),
                None => return Ok(()),
            }
        }
    }
}

impl Answer for Lines {
    const TITLE: &'static str = "执行核对明细";

    fn headers(&self) -> &'static [&'static str] {
        &[
            "统一社会信用代码",
            "企业名称",
            "措施编号",
            "执行单位",
            "档次",
            "全年应执行（元）",
            "已执行（元）",
            "核对结果",
            "差额（元）",
            "待办方",
            "原因",
        ]
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        self.each(|row| take(&cells(&row))).await
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let mut lines = 0_u64;
        self.each(|row| {
            lines += 1;
            let gap = row.gap.map(|gap| format!("　{gap}元")).unwrap_or_default();
            let name = row.name.as_deref().unwrap_or("—");
            Ok(writeln!(sink, "{}　{name}　{}　{}{gap}　{}", row.uscc, row.title, row.finding, row.why)?)
        })
        .await?;
        Ok(writeln!(sink, "共{lines}条")?)
    }

    /// One list, written line by line.
    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let mut before = "[";
        self.each(|row| {
            sink.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut *sink, &crate::allocation::api::ReconciledLine::from(row))?;
            before = ",\n";
            Ok(())
        })
        .await?;
        Ok(sink.write_all(if before == "[" { b"[]\n" } else { b"]\n" })?)
    }
}

fn cells(row: &ReconciledRow) -> Vec<Value> {
    vec![
        row.uscc.as_str().into(),
        row.name.clone().into(),
        row.measure.as_str().into(),
        row.body.label().into(),
        row.grade.clone().into(),
        row.due.into(),
        row.done.into(),
        row.finding.label().into(),
        row.gap.into(),
        row.turn.map(|turn| turn.label().to_owned()).into(),
        row.why.as_str().into(),
    ]
}
