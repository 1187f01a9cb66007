//! `muheng import`: a file into the registers, with its report.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use indicatif::{ProgressBar, ProgressStyle};

use super::config::Config;
use super::database::Database;
use crate::account::Actor;
use crate::allocation::reports::Reporter;
use crate::base::clock::Clock;
use crate::base::code::CountyCode;
use crate::db::Scope;
use crate::exchange::table::Figures;
use crate::exchange::{FileOption, frame};
use crate::importing::{self, ImportKind, ImportOptions, Mode, Order, Outcome, Progress, Report, report_sheet};
use crate::planning::{Demand, LayerKind};

/// How many faults are shown; the report file has all of them.
const FAULTS_SHOWN: usize = 20;

/// Exit status: 0 all taken or unchanged, 2 some refused, 3 nothing could be read, 4 a question is open.
#[derive(clap::Args)]
pub struct Import {
    /// What the file holds: parcels, outlines, planning, enterprises, occupancies, returns, contracts; vetoes, exemptions, claims,
    /// coefficients, platforms or lists for the yearly evaluation.
    kind: ImportKind,
    /// GeoJSON, Shapefile (or a zip of it), GeoPackage, boundary-point text; .xlsx or .csv for tables.
    file: PathBuf,
    /// The district to import into; the configured one unless said.
    #[arg(long)]
    district: Option<CountyCode>,
    /// The frame of the coordinates: an EPSG code, or gcj02.
    #[arg(long, value_parser = srid)]
    srid: Option<i32>,
    /// The encoding of the text, such as gbk or utf-8.
    #[arg(long)]
    encoding: Option<String>,
    /// The layer of a GeoPackage, the .shp inside a zip, the sheet of a workbook; for planning also the planning layer.
    #[arg(long)]
    layer: Option<String>,
    /// From which day the file holds; today unless said. A planning edition has to say.
    #[arg(long, visible_alias = "valid-from")]
    as_of: Option<NaiveDate>,
    /// Which planning layer the file is an edition of, such as urban_development_boundary.
    #[arg(long)]
    planning_layer: Option<LayerKind>,
    /// The name of the planning edition, such as 2023版.
    #[arg(long)]
    edition: Option<String>,
    /// The last day on which the planning edition may be relied on without a review.
    #[arg(long)]
    review_by: Option<NaiveDate>,
    /// What the planning layer asks when it is not what it usually asks: inside, clear or allowed_uses.
    #[arg(long)]
    demand: Option<Demand>,
    /// The year of annual returns, claims or coefficients, for files without a year column.
    #[arg(long)]
    year: Option<i32>,
    /// Which figure counts where a cell of a workbook shows one and holds another: stored or shown.
    #[arg(long)]
    figures: Option<Figures>,
    /// Check and report, and leave the registers as they are.
    #[arg(long)]
    dry_run: bool,
    /// Write the whole report to this file: as JSON, or, where it ends in .xlsx, as a workbook of what was refused.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Take records with warnings that a person must wave through.
    #[arg(long)]
    accept_warnings: bool,
}

fn srid(text: &str) -> Result<i32, String> {
    frame::parse_srid(text).ok_or_else(|| format!("“{text}” is neither an EPSG code nor gcj02"))
}

pub async fn run(import: Import, config: &Config) -> anyhow::Result<ExitCode> {
    // A report that cannot be written must be known before anything is imported.
    let out = import.report.as_deref().map(create_report).transpose()?;
    let database = Database::open(config).await?;
    let district = import.district.clone().unwrap_or_else(|| config.district.clone());
    database.district(&district).await?;
    let mode = if import.dry_run { Mode::Preview } else { Mode::Commit };
    let bar = Bar::new();
    let order = import.order(district);
    let done = importing::run(&database.pool, &order, mode, Clock::System.now(), &bar).await;
    bar.0.finish_and_clear();
    let mut report = reworded(done?);
    summarise(&report, mode, &mut std::io::stderr().lock())?;
    if let Some(out) = out {
        // The shapes are for the preview page.
        report.preview = None;
        let as_sheet = import.report.as_deref().and_then(Path::extension).is_some_and(|ending| ending == "xlsx");
        let written = if as_sheet { write_sheet(&report, out) } else { write_report(&report, out) };
        written.context("the report cannot be written")?;
    }
    Ok(ExitCode::from(report.outcome() as u8))
}

impl Import {
    /// `--layer` names the planning layer when it can; a layer of the file has another name.
    fn layers(&self) -> (Option<LayerKind>, Option<String>) {
        let named = self.layer.as_deref().filter(|_| self.kind == ImportKind::Planning).and_then(LayerKind::parse);
        match (self.planning_layer, named) {
            (None, Some(layer)) => (Some(layer), None),
            (layer, _) => (layer, self.layer.clone()),
        }
    }

    fn order(&self, district: CountyCode) -> Order {
        let (planning_layer, layer) = self.layers();
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        Order {
            kind: self.kind,
            path: self.file.clone(),
            file_name: name.to_string_lossy().into_owned(),
            options: ImportOptions {
                srid: self.srid,
                encoding: self.encoding.clone(),
                layer,
                as_of: self.as_of,
                year: self.year,
                planning_layer,
                edition: self.edition.clone(),
                review_by: self.review_by,
                demand: self.demand,
                figures: self.figures,
                accept_warnings: self.accept_warnings,
                confirm: None,
                reporter: Reporter::Office,
            },
            scope: Scope::district(district),
            actor: Actor::command_line(),
        }
    }
}

/// Sentences name options as the command line does.
fn reworded(mut report: Report) -> Report {
    for fault in &mut report.faults {
        fault.message = FileOption::on_command_line(&fault.message);
    }
    report
}

fn create_report(path: &Path) -> anyhow::Result<File> {
    File::create(path).with_context(|| format!("nothing was imported: cannot write {}", path.display()))
}

fn write_report(report: &Report, out: File) -> anyhow::Result<()> {
    let mut out = BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, report)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

fn write_sheet(report: &Report, mut out: File) -> anyhow::Result<()> {
    out.write_all(&report_sheet::workbook(report)?)?;
    Ok(())
}

fn summarise(report: &Report, mode: Mode, out: &mut impl Write) -> std::io::Result<()> {
    let detected = [report.format.as_deref(), report.encoding.as_deref(), report.frame.as_deref()];
    let detected: Vec<&str> = detected.into_iter().flatten().collect();
    if !detected.is_empty() {
        writeln!(out, "{}", detected.join("，"))?;
    }
    for fault in report.faults.iter().take(FAULTS_SHOWN) {
        let record = fault.record.map(|record| format!("第 {record} 条 ")).unwrap_or_default();
        let line = fault.line.map(|line| format!("第 {line} 行 ")).unwrap_or_default();
        writeln!(out, "{} {record}{line}[{}] {}", fault.severity, fault.code.code(), fault.message)?;
    }
    if report.faults.len() > FAULTS_SHOWN {
        writeln!(out, "另有 {} 条，见 --report 文件。", report.faults.len() - FAULTS_SHOWN)?;
    }
    if let Some(question) = &report.question {
        let option = question.option.code();
        writeln!(out, "{}请用 --{option} 指明{}。", question.message, question.option)?;
        for candidate in &question.candidates {
            writeln!(out, "  --{option} {}  {}", candidate.value, candidate.label)?;
        }
    }
    let Report { read, accepted, rejected, unchanged, .. } = report;
    let nothing = matches!(report.outcome(), Outcome::Unreadable | Outcome::QuestionOpen);
    let done = match mode {
        _ if nothing => "未导入",
        Mode::Preview => "试运行（未写入）",
        Mode::Commit => "已导入",
    };
    writeln!(out, "{done}：读取 {read} 条，接受 {accepted} 条，拒绝 {rejected} 条，未变 {unchanged} 条。")
}

/// Hidden by itself when standard error is no terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Bar(ProgressBar::hidden());
        }
        let style =
            ProgressStyle::with_template("{spinner} {msg} {human_pos} {elapsed}").expect("a fixed template holds");
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        Bar(bar)
    }
}

impl Progress for Bar {
    fn at(&self, step: &'static str, done: u64, total: Option<u64>) {
        self.0.set_message(step);
        self.0.set_position(done);
        if let Some(total) = total {
            self.0.set_length(total);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::fault::{Candidate, Fault, FaultCode, Question};

    #[test]
    fn a_fault_names_the_option_of_the_command_line() {
        let fault = Fault::error(FaultCode::EditionIncomplete, format!("请填写{}。", FileOption::Edition.named()));
        let report = reworded(Report { faults: vec![fault], ..Report::default() });
        assert_eq!(report.faults[0].message, "请填写 --edition。");
    }

    #[test]
    fn the_summary_names_the_question_and_its_answers() {
        let question = Question {
            code: FaultCode::FrameMissing,
            message: "坐标系未声明。".into(),
            option: FileOption::Srid,
            candidates: vec![Candidate::new("4528", "第 40 带")],
        };
        let report = Report { question: Some(question), ..Report::default() };
        let mut out = Vec::new();
        summarise(&report, Mode::Commit, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("坐标系未声明。请用 --srid 指明坐标系。"), "{text}");
        assert!(text.contains("--srid 4528  第 40 带"), "{text}");
        assert!(text.contains("未导入"), "{text}");
    }
}
