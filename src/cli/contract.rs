//! `muheng contract check`: what is due and what is broken under every contract, on any day, as known at any moment.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};
use tokio::sync::mpsc::Receiver;

use super::config::Config;
use super::database::Database;
use super::output::{Answer, Output, Take, terminal_width};
use crate::base::clock::{Clock, china_minute};
use crate::base::code::{CountyCode, SubdistrictCode};
use crate::base::unit::grouped;
use crate::contract::asked;
use crate::contract::store::{self, StoreError};
use crate::db::{PgPool, Scope};
use crate::exchange::sheet::Value;
use crate::obligations::check::Change;
use crate::obligations::line::{Line, State};
use crate::obligations::sweep::{Checked, Question, sweep};
use crate::obligations::table;
use crate::obligations::view::{changes_of, lines_of};

#[derive(Subcommand)]
pub enum Contract {
    /// Every duty with its due day, how it stands, and what it costs to date.
    Check(Check),
}

#[derive(Args)]
pub struct Check {
    /// The day asked about, past or future; today without it.
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// What was on record then: a moment (RFC 3339), or a day for its end. Now without it.
    #[arg(long, value_name = "TIMESTAMP", value_parser = asked::moment)]
    known_at: Option<DateTime<Utc>>,
    /// A second day: what became due, overdue or was healed between the two.
    #[arg(long, value_name = "DATE")]
    compare: Option<NaiveDate>,
    /// One contract, by its number.
    #[arg(long, value_name = "NO")]
    contract: Option<String>,
    /// States to list; all of them without it.
    #[arg(long, value_delimiter = ',')]
    state: Vec<State>,
    #[arg(long)]
    district: Option<CountyCode>,
    #[arg(long)]
    subdistrict: Option<SubdistrictCode>,
    #[command(flatten)]
    output: Output,
}

/// # Errors
/// When the database does not answer, no such contract is known, or the file cannot be written.
pub async fn run(command: Contract, config: &Config) -> anyhow::Result<ExitCode> {
    let Contract::Check(command) = command;
    command.output.check()?;
    let database = Database::open(config).await?;
    let report = Report::prepare(&command, config, &database).await?;
    command.output.deliver(&report).await?;
    Ok(ExitCode::SUCCESS)
}

struct Report<'a> {
    pool: &'a PgPool,
    scope: Scope,
    question: Question,
    contract: Option<String>,
    states: Vec<State>,
}

impl<'a> Report<'a> {
    async fn prepare(command: &Check, config: &Config, database: &'a Database) -> anyhow::Result<Self> {
        let scope = database.scope(config, command.district.as_ref(), command.subdistrict.as_ref()).await?;
        let pool = &database.pool;
        let clock = Clock::System;
        let as_of = command.as_of.unwrap_or_else(|| clock.today());
        let known_at = command.known_at.unwrap_or_else(|| clock.now());
        let question = Question::ask(pool, as_of, known_at, command.compare).await?;
        Ok(Report { pool, scope, question, contract: command.contract.clone(), states: command.state.clone() })
    }

    /// The answers, batch by batch.
    async fn answers(&self) -> anyhow::Result<Receiver<Result<Vec<Checked>, StoreError>>> {
        let Some(number) = &self.contract else {
            return Ok(sweep(self.pool.clone(), self.scope.clone(), self.question.clone()));
        };
        let mut connection = self.pool.acquire().await?;
        let registered = store::load(&mut connection, &self.scope, number, self.question.known_at).await?;
        let registered = registered.with_context(|| format!("no contract {number} was known then"))?;
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        sender.send(Ok(vec![self.question.answer(&registered.contract)])).await?;
        Ok(receiver)
    }

    fn lists(&self, line: &Line) -> bool {
        self.states.is_empty() || self.states.contains(&line.state)
    }

    fn rows(&self, checked: &Checked) -> Vec<Vec<Value>> {
        let number = &checked.contract;
        if self.question.compare.is_some() {
            return checked.changes.iter().map(|change| table::change_row(number, change)).collect();
        }
        checked.lines.iter().filter(|line| self.lists(line)).map(|line| table::row(number, line)).collect()
    }

    fn write_contract(&self, sink: &mut dyn Write, checked: &Checked) -> io::Result<()> {
        if self.question.compare.is_some() {
            if !checked.changes.is_empty() {
                writeln!(sink, "\n{}", checked.contract)?;
            }
            return checked.changes.iter().try_for_each(|change| write_change(sink, change));
        }
        let mut lines = checked.lines.iter().filter(|line| self.lists(line)).peekable();
        if lines.peek().is_some() {
            writeln!(sink, "\n{}", checked.contract)?;
        }
        lines.try_for_each(|line| write_line(sink, line))
    }
}

impl Answer for Report<'_> {
    const TITLE: &'static str = "合同履约检查";

    fn headers(&self) -> &'static [&'static str] {
        if self.question.compare.is_some() { &table::CHANGE_HEADERS } else { &table::HEADERS }
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        let mut answers = self.answers().await?;
        while let Some(batch) = answers.recv().await {
            batch?.iter().flat_map(|checked| self.rows(checked)).try_for_each(|row| take(&row))?;
        }
        Ok(())
    }

    /// One document: the day, the moment, and a line of text for every duty or change.
    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let Question { as_of, known_at, compare, .. } = &self.question;
        write!(sink, "{{\"as_of\":\"{as_of}\",\"known_at\":\"{}\"", known_at.to_rfc3339())?;
        match compare {
            Some(day) => write!(sink, ",\"compare\":\"{day}\",\"changes\":[")?,
            None => write!(sink, ",\"lines\":[")?,
        }
        let mut answers = self.answers().await?;
        let mut separator = "\n";
        while let Some(batch) = answers.recv().await {
            for mut checked in batch? {
                checked.lines.retain(|line| self.lists(line));
                if compare.is_some() {
                    for change in changes_of(checked) {
                        sink.write_all(separator.as_bytes())?;
                        serde_json::to_writer(&mut *sink, &change)?;
                        separator = ",\n";
                    }
                } else {
                    for line in lines_of(checked) {
                        sink.write_all(separator.as_bytes())?;
                        serde_json::to_writer(&mut *sink, &line)?;
                        separator = ",\n";
                    }
                }
            }
        }
        writeln!(sink, "\n]}}")?;
        Ok(sink.flush()?)
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let known = china_minute(&self.question.known_at);
        write!(sink, "合同履约检查　区划{}　截至{}　按{known}已登记的情况", self.scope.county(), self.question.as_of)?;
        match self.question.compare {
            Some(day) => writeln!(sink, "　与{day}对比")?,
            None => writeln!(sink)?,
        }
        let mut counts = [0u64; State::ALL.len()];
        let (mut contracts, mut changes) = (0u64, 0u64);
        let mut answers = self.answers().await?;
        while let Some(batch) = answers.recv().await {
            for checked in batch? {
                contracts += u64::from(!checked.lines.is_empty());
                changes += checked.changes.len() as u64;
                for line in &checked.lines {
                    counts[line.state as usize] += 1;
                }
                self.write_contract(&mut *sink, &checked)?;
            }
        }
        let stated = State::ALL.iter().map(|state| format!("{state}{}项", counts[*state as usize]));
        writeln!(sink, "\n共{contracts}份合同：{}", stated.collect::<Vec<_>>().join("，"))?;
        if self.question.compare.is_some() {
            writeln!(sink, "变化{changes}项")?;
        }
        Ok(sink.flush()?)
    }
}

fn write_line(sink: &mut dyn Write, line: &Line) -> io::Result<()> {
    let beyond = line.beyond().map(|words| format!("，{words}")).unwrap_or_default();
    let yuan = match (line.yuan().filter(|yuan| !yuan.is_zero()), line.remaining()) {
        (Some(yuan), Some(remaining)) if !line.paid.is_zero() => {
            let [yuan, paid, left] = [yuan, line.paid, remaining].map(|money| grouped(money.0, 2));
            Some(format!("{yuan}元（已缴{paid}元，尚欠{left}元{beyond}）"))
        }
        (Some(yuan), _) => Some(format!("{}元", grouped(yuan.0, 2))),
        (None, _) if !line.paid.is_zero() => Some(format!("已缴{}元{beyond}", grouped(line.paid.0, 2))),
        (None, _) => None,
    };
    let columns = [
        (line.duty.label(), 22),
        (line.due.to_string(), 10),
        (line.wording(), 28),
        (line.article.to_owned(), 18),
        (yuan.unwrap_or_default(), 20),
        (line.consequence.arithmetic.clone(), 0),
    ];
    write_columns(sink, columns)
}

fn write_change(sink: &mut dyn Write, change: &Change) -> io::Result<()> {
    let state = |line: &Option<Line>| line.as_ref().map_or("—".to_owned(), Line::wording);
    let columns = [
        (change.duty.label(), 22),
        (change.kind.label().to_owned(), 20),
        (state(&change.before), 28),
        ("→".to_owned(), 2),
        (state(&change.after), 28),
        (change.after.as_ref().map(|line| line.consequence.arithmetic.clone()).unwrap_or_default(), 0),
    ];
    write_columns(sink, columns)
}

/// Columns in terminal cells. A text that is too long pushes the rest along.
fn write_columns(sink: &mut dyn Write, columns: [(String, usize); 6]) -> io::Result<()> {
    let mut row = String::from("  ");
    for (text, width) in columns {
        row += &text;
        row += &" ".repeat(width.saturating_sub(terminal_width(&text)) + 2);
    }
    writeln!(sink, "{}", row.trim_end())
}
