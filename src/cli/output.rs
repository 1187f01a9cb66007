//! What a command answers: to the terminal as a table, or as JSON, CSV or a workbook.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::exchange::sheet::{CsvLines, Value, XlsxLines};
use crate::home;

/// Where an answer goes and in which form.
#[derive(Args)]
pub struct Output {
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Standard output without it; xlsx needs it.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
    Xlsx,
}

/// Takes one row.
pub type Take<'a> = dyn FnMut(&[Value]) -> anyhow::Result<()> + 'a;

/// An answer of rows, however many: it is written while it is read.
pub trait Answer {
    /// Names the sheet of a workbook.
    const TITLE: &'static str;

    fn headers(&self) -> &'static [&'static str];
    async fn each_row(&self, take: &mut Take<'_>) -> anyhow::Result<()>;
    async fn write_table(&self, sink: &mut dyn Write) -> anyhow::Result<()>;
    async fn write_json(&self, sink: &mut dyn Write) -> anyhow::Result<()>;
}

impl Output {
    /// Says what is wrong with the options before anything is begun.
    ///
    /// # Errors
    /// A workbook goes into a file.
    pub fn check(&self) -> anyhow::Result<()> {
        if self.format == Format::Xlsx && self.output.is_none() {
            bail!("--format xlsx needs --output FILE");
        }
        Ok(())
    }

    pub async fn deliver(&self, answer: &impl Answer) -> anyhow::Result<()> {
        match &self.output {
            Some(path) => self.write_file(answer, path).await,
            None => unless_closed(self.write(answer, &mut BufWriter::new(io::stdout())).await),
        }
    }

    /// The file appears when it is complete, or not at all.
    async fn write_file<A: Answer>(&self, answer: &A, path: &Path) -> anyhow::Result<()> {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new()
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .tempfile_in(directory)
            .with_context(|| format!("cannot write into {}", directory.display()))?;
        let mut sink = BufWriter::new(file.as_file_mut());
        match self.format {
            Format::Xlsx => {
                let mut lines = XlsxLines::begin(A::TITLE, answer.headers())?;
                answer.each_row(&mut |row| Ok(lines.add(row)?)).await?;
                lines.finish(&mut sink)?;
            }
            _ => self.write(answer, &mut sink).await?,
        }
        sink.flush()?;
        drop(sink);
        file.as_file().sync_all().with_context(|| format!("cannot write {}", path.display()))?;
        file.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
        home::sync_folder(directory).with_context(|| format!("cannot write into {}", directory.display()))
    }

    async fn write(&self, answer: &impl Answer, mut sink: &mut dyn Write) -> anyhow::Result<()> {
        match self.format {
            Format::Table => answer.write_table(sink).await?,
            Format::Json => answer.write_json(sink).await?,
            Format::Csv => {
                let mut lines = CsvLines::begin(&mut sink, answer.headers())?;
                answer.each_row(&mut |row| Ok(lines.add(row)?)).await?;
                lines.finish()?;
            }
            Format::Xlsx => bail!("a workbook goes into a file"),
        }
        Ok(sink.flush()?)
    }
}

/// Chinese characters and full-width signs take two cells.
pub fn terminal_width(text: &str) -> usize {
    text.chars().map(|character| if character >= '\u{1100}' && character != '—' { 2 } else { 1 }).sum()
}

/// `muheng low-efficiency … | head` is no failure.
pub fn unless_closed(outcome: anyhow::Result<()>) -> anyhow::Result<()> {
    let closed = |error: &anyhow::Error| {
        error.chain().any(|cause| {
            cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
                || cause
                    .downcast_ref::<serde_json::Error>()
                    .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
        })
    };
    match outcome {
        Err(error) if closed(&error) => Ok(()),
        other => other,
    }
}
