//! `muheng remediation`: the files of remediation, as a list or one with everything in it.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::config::Config;
use super::database::Database;
use super::output::{Answer, Output, Take};
use crate::base::clock::Clock;
use crate::base::code::{CountyCode, SubdistrictCode};
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::exchange::sheet::Value;
use crate::remediation::store::files;
use crate::remediation::store::listing::{self, Filter, Listed};
use crate::remediation::view::{self, Line, Whole};
use crate::remediation::{Ground, State, Way};
use crate::workflow::Number;

/// Those who are put right or given up: 四(一)4.
#[derive(Subcommand)]
pub enum Remediation {
    /// Every file with its next day and what is holding it up.
    List(List),
    /// One file: what it was entered for, plan, figures by year, tasks, evidence, timeline.
    Show(Show),
}

#[derive(Args)]
pub struct List {
    /// A state by its code, or `open` for all that are neither struck off nor dropped.
    #[arg(long)]
    state: Option<String>,
    #[arg(long)]
    ground: Option<Ground>,
    #[arg(long)]
    way: Option<Way>,
    /// Only those beyond their day.
    #[arg(long)]
    late: bool,
    #[arg(long)]
    district: Option<CountyCode>,
    /// Only files of this sub-district (nine digits).
    #[arg(long)]
    subdistrict: Option<SubdistrictCode>,
    #[command(flatten)]
    output: Output,
}

#[derive(Args)]
pub struct Show {
    /// Its number, such as 2026-0012.
    number: String,
    #[arg(long)]
    district: Option<CountyCode>,
    #[command(flatten)]
    output: Output,
}

/// # Errors
/// When a state is not known, there is no such file, or the database does not answer.
pub async fn run(command: Remediation, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Remediation::List(command) => list(command, config).await?,
        Remediation::Show(command) => show(command, config).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(command: List, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let today = Clock::System.today();
    let open = command.state.as_deref() == Some("open");
    let state = match command.state.as_deref().filter(|_| !open) {
        None => None,
        Some(code) => Some(State::parse(code).with_context(|| unknown_state(code))?),
    };
    let filter = Filter {
        state,
        open,
        ground: command.ground,
        way: command.way,
        late_on: command.late.then_some(today),
        ..Filter::default()
    };
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.district.as_ref(), command.subdistrict.as_ref()).await?;
    command.output.deliver(&Files { pool: &database.pool, scope, filter, today }).await
}

fn unknown_state(code: &str) -> String {
    let known: Vec<&str> = State::ALL.iter().map(|state| state.code()).collect();
    format!("{code} is no state; known are open, {}", known.join(", "))
}

/// Files read at a time.
const AT_ONCE: u16 = 500;

struct Files<'a> {
    pool: &'a PgPool,
    scope: Scope,
    filter: Filter,
    today: NaiveDate,
}

impl Files<'_> {
    async fn each(&self, mut take: impl FnMut(&Listed, &Line) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut position = Position::Start;
        loop {
            let page = listing::page(self.pool, &self.scope, &self.filter, &position, AT_ONCE).await?;
            for (listed, line) in view::lines(self.pool, &self.scope, page.rows, self.today).await? {
                take(&listed, &line)?;
            }
            match page.next {
                Some(last) => position = Position::After(last),
                None => return Ok(()),
            }
        }
    }
}

const HEADERS: [&str; 11] =
    ["编号", "对象", "名称", "街道", "事由", "方式", "状态", "期限", "逾期（日）", "待办", "核查收据"];

fn words(line: &Line) -> (String, String) {
    let grounds: Vec<&str> = line.grounds.iter().map(|ground| ground.label()).collect();
    (grounds.join("；"), line.blockers.join("；"))
}

impl Answer for Files<'_> {
    const TITLE: &'static str = "整治档案";

    fn headers(&self) -> &'static [&'static str] {
        &HEADERS
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        self.each(|listed, line| {
            let (grounds, blockers) = words(line);
            take(&[
                line.no.as_str().into(),
                line.subject.as_str().into(),
                listed.file.name.as_str().into(),
                listed.file.subdistrict.clone().into(),
                grounds.into(),
                line.way.map(|way| way.label()).into(),
                line.state.label().into(),
                line.due.into(),
                Value::Text(line.overdue_days.to_string()),
                blockers.into(),
                line.receipt.as_str().into(),
            ])
        })
        .await
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let mut count = 0;
        self.each(|listed, line| {
            count += 1;
            let (grounds, blockers) = words(line);
            let due = line.due.map_or("—".to_owned(), |due| due.to_string());
            let way = line.way.map_or("—", |way| way.label());
            let late = if line.overdue_days > 0 { format!("　逾期{}日", line.overdue_days) } else { String::new() };
            writeln!(sink, "{}　{}　{}　{}　{way}　{due}{late}", line.no, line.subject, listed.file.name, line.state)?;
            Ok(writeln!(sink, "　　{grounds}　{blockers}")?)
        })
        .await?;
        Ok(writeln!(sink, "合计{count}件")?)
    }

    /// An array, a line of text for every file.
    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        write!(sink, "[")?;
        let mut separator = "\n";
        self.each(|_, line| {
            write!(sink, "{separator}{}", serde_json::to_string(line)?)?;
            separator = ",\n";
            Ok(())
        })
        .await?;
        Ok(writeln!(sink, "\n]")?)
    }
}

async fn show(command: Show, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let Ok(number) = command.number.parse::<Number>() else {
        bail!("{} is no number of a file; they are written like 2026-0012", command.number)
    };
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.district.as_ref(), None).await?;
    let mut connection = database.pool.acquire().await?;
    let file = files::by_number(&mut connection, &scope, number).await?;
    drop(connection);
    let file = file.with_context(|| format!("there is no file {number}"))?;
    let whole = view::whole(&database.pool, &scope, &file, Clock::System.today()).await?;
    command.output.deliver(&One(whole)).await
}

/// A file; as rows its timeline.
struct One(Whole);

impl Answer for One {
    const TITLE: &'static str = "整治档案";

    fn headers(&self) -> &'static [&'static str] {
        &["日期", "办理事项", "之后状态", "情况", "文号", "登记"]
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        for step in &self.0.timeline {
            take(&[
                step.happened_on.into(),
                step.step.label().into(),
                step.state.label().into(),
                step.reason.as_str().into(),
                step.document.clone().into(),
                step.actor.as_str().into(),
            ])?;
        }
        Ok(())
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let Whole { line, name, entered, years, timeline, .. } = &self.0;
        let due = line.due.map_or("—".to_owned(), |due| due.to_string());
        writeln!(
            sink,
            "{}　{}　{name}　{}　期限 {due}　逾期 {} 日",
            line.no, line.subject, line.state, line.overdue_days
        )?;
        for each in entered {
            writeln!(sink, "事由　{}：{}　收据 {}", each.ground, each.words, each.receipt)?;
        }
        for each in &line.blockers {
            writeln!(sink, "待办　{each}")?;
        }
        for year in years {
            let shown = |text: &Option<String>| text.clone().unwrap_or("—".to_owned());
            let confirmed = if year.confirmed { "已确认" } else { "未确认" };
            let target = shown(&year.target);
            writeln!(
                sink,
                "{}年　亩均税收 {}　标准 {}　目标 {target}　{confirmed}",
                year.year,
                shown(&year.tax_per_mu),
                year.line
            )?;
        }
        for step in timeline {
            writeln!(sink, "{}　{}　{}　{}", step.happened_on, step.step, step.reason, step.actor)?;
        }
        Ok(())
    }

    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        serde_json::to_writer(&mut *sink, &self.0)?;
        Ok(writeln!(sink)?)
    }
}
