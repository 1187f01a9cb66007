//! Rows of cells out of a workbook or a csv, within bounds, one row in memory at a time.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::csv::Csv;
use super::handed::EachRow;
use super::workbook::{Book, SheetEntry, Survey};
use super::{Cell, TableSpec, disguise};
use crate::fault::Unreadable;
use crate::feature::ReadOptions;
use crate::limits::Limits;
use crate::{wording, zipped};

/// The sheet of our own templates that explains the columns; never read as data.
pub const INSTRUCTIONS: &str = "填表说明";
/// The sheet of our own reports that lists what was wrong; never read as data.
pub const FAULTS: &str = "问题清单";

pub enum Source {
    Sheet(Sheet),
    Csv(Csv),
}

pub struct Sheet {
    book: Arc<Book>,
    entry: SheetEntry,
    limits: Limits,
    /// The workbook has no other sheet that could be meant.
    alone: bool,
    survey: OnceLock<Arc<Survey>>,
}

impl Source {
    /// One source for a csv or a named sheet, one for every sheet otherwise. `specs` say what a header may look like.
    ///
    /// # Errors
    /// When the file is no table, or one that has to be asked about.
    pub fn open(path: &Path, specs: &[&'static TableSpec], options: &ReadOptions) -> Result<Vec<Source>, Unreadable> {
        let head = zipped::head_of(path)?;
        if head.is_empty() {
            return Err(wording::empty_file().into());
        }
        disguise::refuse(path, &head)?;
        if zipped::is_zip(&head) {
            zipped::check_workbook(path, &options.limits)?;
            return sheets(path, options);
        }
        Ok(vec![Source::Csv(Csv::open(path, &head, specs, options)?)])
    }

    /// The name of the sheet; empty for a csv.
    pub fn sheet(&self) -> &str {
        match self {
            Source::Sheet(sheet) => &sheet.entry.name,
            Source::Csv(_) => "",
        }
    }

    /// The name of the sheet where a message has to say it.
    pub fn sheet_to_name(&self) -> Option<String> {
        match self {
            Source::Sheet(sheet) if !sheet.alone => Some(sheet.entry.name.clone()),
            _ => None,
        }
    }

    pub fn is_hidden(&self) -> bool {
        matches!(self, Source::Sheet(sheet) if sheet.entry.hidden)
    }

    /// Cells are told apart by separators alone, so that one too many shifts those behind it.
    pub fn is_text(&self) -> bool {
        matches!(self, Source::Csv(_))
    }

    pub fn format(&self) -> &'static str {
        match self {
            Source::Sheet(_) => "xlsx",
            Source::Csv(_) => "csv",
        }
    }

    pub fn encoding(&self) -> Option<&'static str> {
        match self {
            Source::Sheet(_) => None,
            Source::Csv(csv) => Some(csv.encoding()),
        }
    }

    /// What is merged and hidden; nothing in a csv.
    ///
    /// # Errors
    /// When the sheet is damaged.
    pub fn survey(&self) -> Result<Arc<Survey>, Unreadable> {
        let Source::Sheet(sheet) = self else { return Ok(Arc::default()) };
        if let Some(survey) = sheet.survey.get() {
            return Ok(Arc::clone(survey));
        }
        let survey = Arc::new(sheet.book.survey(&sheet.entry)?);
        Ok(Arc::clone(sheet.survey.get_or_init(|| survey)))
    }

    /// Hands over every row with its line number, until told to stop.
    ///
    /// # Errors
    /// When the file is damaged or beyond its bounds.
    pub fn each_row(&self, each: &mut EachRow<'_>) -> Result<(), Unreadable> {
        match self {
            Source::Sheet(sheet) => sheet.book.each_row(&sheet.entry, &sheet.limits, each),
            Source::Csv(csv) => csv.each_row(each),
        }
    }

    /// The rows down to a line.
    ///
    /// # Errors
    /// As [`Source::each_row`].
    pub fn first_rows(&self, down_to: u64) -> Result<Vec<(u64, Vec<Cell>)>, Unreadable> {
        let mut rows = Vec::new();
        self.each_row(&mut |line, cells| {
            if line > down_to {
                return ControlFlow::Break(());
            }
            rows.push((line, cells));
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }
}

fn sheets(path: &Path, options: &ReadOptions) -> Result<Vec<Source>, Unreadable> {
    let book = Arc::new(Book::open(path)?);
    let names: Vec<String> = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    if names.is_empty() {
        return Err(wording::no_sheet().into());
    }
    let chosen = match &options.layer {
        Some(wanted) if !names.contains(wanted) => return Err(wording::layer_unknown(wanted, &names).into()),
        Some(wanted) => book.sheets.iter().filter(|sheet| sheet.name == *wanted).take(1).cloned().collect(),
        None => with_data(&book.sheets),
    };
    let alone = chosen.len() < 2;
    let source = |entry| {
        let (book, limits) = (Arc::clone(&book), options.limits);
        Source::Sheet(Sheet { book, entry, limits, alone, survey: OnceLock::new() })
    };
    Ok(chosen.into_iter().map(source).collect())
}

/// The explanations of our own template list the columns, but are no table; nor is the list of faults of a report.
fn with_data(sheets: &[SheetEntry]) -> Vec<SheetEntry> {
    let ours = |sheet: &&SheetEntry| sheet.name == INSTRUCTIONS || sheet.name == FAULTS;
    let kept: Vec<SheetEntry> = sheets.iter().filter(|sheet| !ours(sheet)).cloned().collect();
    if kept.is_empty() { sheets.to_vec() } else { kept }
}
