//! `muheng low-efficiency`: the list of one year, to the terminal or a file.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;
use tokio::sync::mpsc::Receiver;

use super::config::Config;
use super::database::Database;
use super::output::{Answer, Output, Take, terminal_width};
use crate::annual::{Filter, Query};
use crate::base::clock::end_of_day;
use crate::base::code::{CountyCode, SubdistrictCode};
use crate::base::unit::{grouped, rounded};
use crate::db::Scope;
use crate::enterprise::SizeClass;
use crate::low_efficiency::list::{Entry, ListQuery, SortKey};
use crate::low_efficiency::store::{self, ListError};
use crate::low_efficiency::view::{LineView, LowEfficiencyLine, OutcomeCount, tax};
use crate::low_efficiency::{Line, Outcome, table};

/// Tax per mu of every enterprise in a year, held against the line in force on its 31 December.
#[derive(Args)]
pub struct LowEfficiency {
    /// The year of the annual return.
    #[arg(long)]
    year: i32,
    /// County code; the configured district without it.
    #[arg(long)]
    district: Option<CountyCode>,
    /// Only enterprises of this sub-district (nine digits).
    #[arg(long)]
    subdistrict: Option<SubdistrictCode>,
    /// What was on record at the end of this day.
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Only these outcomes, by code, separated by commas.
    #[arg(long, value_delimiter = ',')]
    outcome: Vec<Outcome>,
    /// Section of GB/T 4754: a capital letter.
    #[arg(long)]
    section: Option<String>,
    /// Division of GB/T 4754: two digits.
    #[arg(long)]
    division: Option<String>,
    /// above or below designated size.
    #[arg(long)]
    size: Option<SizeClass>,
    /// Part of the name or of the credit code.
    #[arg(long)]
    search: Option<String>,
    #[arg(long, default_value = "outcome")]
    sort: SortKey,
    #[arg(long)]
    descending: bool,
    #[command(flatten)]
    output: Output,
}

/// # Errors
/// When no line was in force in that year, the database does not answer, or the file cannot be written.
pub async fn run(command: LowEfficiency, config: &Config) -> anyhow::Result<ExitCode> {
    command.output.check()?;
    let database = Database::open(config).await?;
    let scope = database.scope(config, command.district.as_ref(), command.subdistrict.as_ref()).await?;
    let query = query_of(&command)?;
    let line = store::line_of(&database.pool, query.facts.year).await?;
    let listing = Listing { pool: &database.pool, scope, query, line };
    command.output.deliver(&listing).await?;
    Ok(ExitCode::SUCCESS)
}

fn query_of(command: &LowEfficiency) -> anyhow::Result<ListQuery> {
    let known_before = match command.as_of {
        Some(day) => Some(end_of_day(day).context("--as-of is out of range")?),
        None => None,
    };
    let filter = Filter {
        industry_section: command.section.clone(),
        industry_division: command.division.clone(),
        size_class: command.size,
        text: command.search.clone(),
        ..Filter::default()
    };
    Ok(ListQuery {
        facts: Query { known_before, filter, ..Query::of_year(command.year) },
        outcomes: command.outcome.clone(),
        sort: command.sort,
        descending: command.descending,
    })
}

struct Listing<'a> {
    pool: &'a crate::db::PgPool,
    scope: Scope,
    query: ListQuery,
    line: Line,
}

impl Listing<'_> {
    fn chunks(&self) -> Receiver<Result<Vec<Entry>, ListError>> {
        store::stream(self.pool.clone(), self.scope.clone(), self.query.clone(), self.line.clone())
    }

    fn write_heading(&self, sink: &mut dyn Write) -> io::Result<()> {
        let line = &self.line;
        writeln!(
            sink,
            "{}年低效企业清单　区划{}　亩均税收{}{}元/亩（{}）",
            self.query.facts.year, self.scope.district, line.comparison, line.floor, line.article
        )?;
        let headers = ["信用代码", "企业名称", "街道", "实缴税收(元)", "用地(亩)", "亩均税收(元/亩)", "结果"];
        write_columns(sink, headers.map(str::to_owned))
    }
}

impl Answer for Listing<'_> {
    const TITLE: &'static str = table::TITLE;

    fn headers(&self) -> &'static [&'static str] {
        &table::HEADERS
    }

    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()> {
        let mut chunks = self.chunks();
        while let Some(entries) = chunks.recv().await {
            entries?.iter().try_for_each(|entry| take(&table::cells(entry, &self.line)))?;
        }
        Ok(())
    }

    /// One document: the rule, the counts, and a line of text for every enterprise.
    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let counts = store::counts(self.pool, &self.scope, &self.query, &self.line).await?;
        write!(sink, "{{\"year\":{},\"district\":\"{}\",\"rule\":", self.query.facts.year, self.scope.district)?;
        serde_json::to_writer(&mut *sink, &LineView::from(&self.line))?;
        write!(sink, ",\"counts\":")?;
        serde_json::to_writer(&mut *sink, &OutcomeCount::all(&counts))?;
        write!(sink, ",\"lines\":[")?;
        let mut chunks = self.chunks();
        let mut separator = "\n";
        while let Some(entries) = chunks.recv().await {
            for entry in entries? {
                sink.write_all(separator.as_bytes())?;
                serde_json::to_writer(&mut *sink, &LowEfficiencyLine::new(&entry, &self.line))?;
                separator = ",\n";
            }
        }
        writeln!(sink, "\n]}}")?;
        Ok(sink.flush()?)
    }

    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()> {
        let counts = store::counts(self.pool, &self.scope, &self.query, &self.line).await?;
        self.write_heading(&mut *sink)?;
        let mut chunks = self.chunks();
        let mut group = None;
        while let Some(entries) = chunks.recv().await {
            for entry in entries? {
                let outcome = entry.judgement.outcome;
                if self.query.sort == SortKey::Outcome && group != Some(outcome) {
                    group = Some(outcome);
                    writeln!(sink, "\n{}（{}家）", outcome, counts.of(outcome))?;
                }
                write_row(&mut *sink, &entry)?;
            }
        }
        let summary: Vec<_> = counts.0.iter().map(|(outcome, count)| format!("{outcome}{count}家")).collect();
        writeln!(sink, "\n合计{}家：{}", counts.total(), summary.join("，"))?;
        Ok(sink.flush()?)
    }
}

fn write_row(sink: &mut dyn Write, entry: &Entry) -> io::Result<()> {
    let judgement = &entry.judgement;
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
    let reason = match (judgement.missing.as_slice(), judgement.inapplicable, judgement.transition) {
        ([], None, Some(transition)) => format!("（{}，至{}前）", transition.ground, transition.until),
        ([], Some(reason), _) => format!("（{reason}）"),
        ([], None, None) => String::new(),
        (missing, ..) => format!("（{}）", missing.iter().map(|fact| fact.label()).collect::<Vec<_>>().join("、")),
    };
    write_columns(
        sink,
        [
            entry.uscc.clone(),
            entry.name.clone(),
            or_dash(entry.subdistrict_name.clone().or_else(|| entry.subdistrict.clone())),
            or_dash(tax(entry).map(|tax| grouped(tax, 2))),
            or_dash(judgement.land.as_ref().and_then(|land| land.rounded(4)).map(|land| rounded(land, 4))),
            or_dash(judgement.tax_per_mu.map(|quotient| grouped(quotient, 4))),
            format!("{}{reason}", judgement.outcome),
        ],
    )
}

/// Columns in terminal cells; numbers to the right. A text that is too long pushes the rest along.
fn write_columns(sink: &mut dyn Write, columns: [String; 7]) -> io::Result<()> {
    const WIDTHS: [usize; 7] = [18, 36, 12, 18, 12, 20, 0];
    let mut row = String::new();
    for (place, (text, width)) in columns.into_iter().zip(WIDTHS).enumerate() {
        let gap = " ".repeat(width.saturating_sub(terminal_width(&text)));
        let to_the_right = (3..=5).contains(&place);
        row += &if to_the_right { format!("{gap}{text}  ") } else { format!("{text}{gap}  ") };
    }
    writeln!(sink, "{}", row.trim_end())
}
