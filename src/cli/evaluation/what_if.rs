//! `muheng evaluation what-if`: who would change grade under another scheme. Nothing is kept.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use uuid::Uuid;

use super::super::config::Config;
use super::super::database::Database;
use super::super::output::{Answer as Delivered, Output, Take};
use crate::base::code::CountyCode;
use crate::evaluation::asking::{self, AskError};
use crate::evaluation::difference::in_words;
use crate::evaluation::what_if::WhatIf;
use crate::evaluation::what_if::answer::{Answer, Mover, Standing};
use crate::exchange::sheet::Value;
use crate::scoring::Scheme;

#[derive(Args)]
pub struct TryOut {
    /// The run that it is asked of, by its id.
    #[arg(long)]
    run: Uuid,
    /// What is to be different, as JSON in the form of the API; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    change: PathBuf,
    /// County code; the configured district without it.
    #[arg(long)]
    district: Option<CountyCode>,
    #[command(flatten)]
    output: Output,
}

/// # Errors
/// When the change does not fit the scheme, or the database does not answer.
pub async fn run(command: TryOut, config: &Config) -> anyhow::Result<()> {
    command.output.check()?;
    let change: WhatIf = serde_json::from_str(&read(&command.change)?)
        .with_context(|| format!("{} is no change of a scheme", command.change.display()))?;
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.district.as_ref(), None).await?;
    let asked = asking::asked(&database.pool, &scope, command.run).await?;
    let tried = asking::ask(&database.pool, &scope, &asked, &change).await.map_err(told)?;
    command.output.deliver(&Printed { answer: tried.answer, scheme: tried.scheme }).await
}

fn read(from: &PathBuf) -> anyhow::Result<String> {
    if from.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    fs::read_to_string(from).with_context(|| format!("cannot read {}", from.display()))
}

/// Every fault in its own words.
fn told(error: AskError) -> anyhow::Error {
    match error {
        AskError::Input(faults) => {
            let words: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
            anyhow::anyhow!("{}", words.join("；"))
        }
        other => other.into(),
    }
}

struct Printed {
    answer: Answer,
    scheme: Scheme,
}

impl Printed {
    fn cells(&self, mover: &Mover) -> [String; 10] {
        let of = |standing: &Option<Standing>, text: fn(&Standing) -> String| {
            standing.as_ref().map(text).unwrap_or_default()
        };
        let rank = |it: &Standing| it.rank.map(|rank| rank.to_string()).unwrap_or_default();
        let ranks = [&mover.before, &mover.after].map(|it| it.as_ref().and_then(|it| it.rank));
        let title = |name: &str| self.scheme.indicator(name).map_or(name.to_owned(), |it| it.title.clone());
        [
            mover.key.clone(),
            mover.name.clone(),
            mover.moved.label().to_owned(),
            of(&mover.before, |it| it.grade.clone()),
            of(&mover.after, |it| it.grade.clone()),
            of(&mover.before, |it| it.score.clone()),
            of(&mover.after, |it| it.score.clone()),
            of(&mover.before, rank),
            of(&mover.after, rank),
            mover.why.as_ref().map(|why| in_words(why, (ranks[0], ranks[1]), title)).unwrap_or_default(),
        ]
    }
}

impl Delivered for Printed {
    const TITLE: &'static str = "评价推演";

    fn headers(&self) -> &'static [&'static str] {
        &[
            "统一社会信用代码",
            "企业名称",
            "变动",
            "原评级",
            "推演评级",
            "原得分",
            "推演得分",
            "原名次",
            "推演名次",
            "主要原因",
        ]
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        for mover in &self.answer.movers {
            take(&self.cells(mover).map(|cell| if cell.is_empty() { Value::Empty } else { Value::Text(cell) }))?;
        }
        Ok(())
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let answer = &self.answer;
        writeln!(sink, "{}年　{}　{}，不保存结果", answer.year, answer.category, answer.source)?;
        for breach in &answer.breaches {
            writeln!(sink, "超出界限　{breach}")?;
        }
        for mover in &answer.movers {
            writeln!(sink, "{}", self.cells(mover).join("　"))?;
        }
        let moves: Vec<String> = answer.moves.iter().map(|(how, count)| format!("{how} {count}家")).collect();
        writeln!(sink, "{}{}", moves.join("　"), if answer.cut { "（未全部列出）" } else { "" })?;
        writeln!(sink, "凭证 {}", answer.receipt)?;
        Ok(())
    }

    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        serde_json::to_writer(&mut *sink, &self.answer)?;
        Ok(writeln!(sink)?)
    }
}
