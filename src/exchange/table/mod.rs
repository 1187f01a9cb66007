//! Tables (.xlsx, .csv): a specification of columns in, typed rows out. Headers are matched tolerantly, units honoured exactly.

mod cell;
mod header;
mod row;
mod source;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

pub use cell::Cell;
pub use header::{Column, Layout};
pub use row::TableRow;

use super::fault::{Fault, Unreadable};
use super::feature::ReadOptions;
use super::wording;
use crate::base::conversion::Dimension;
pub use source::INSTRUCTIONS;
use source::Source;

/// Titles may stand above the header row; it is looked for this far down.
const HEADER_WITHIN: u64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A figure without a unit.
    Decimal,
    Integer,
    Date,
    Year,
    Flag,
    /// Land that people state, kept in mu.
    Land,
    /// Floor areas and areas that were measured, m².
    Area,
    Money,
    Energy,
    Electricity,
    Mass,
    Persons,
    Ratio,
}

impl Kind {
    pub fn dimension(self) -> Option<Dimension> {
        match self {
            Kind::Land => Some(Dimension::Land),
            Kind::Area => Some(Dimension::Area),
            Kind::Money => Some(Dimension::Money),
            Kind::Energy => Some(Dimension::Energy),
            Kind::Electricity => Some(Dimension::Electricity),
            Kind::Mass => Some(Dimension::Mass),
            Kind::Persons => Some(Dimension::Persons),
            Kind::Ratio => Some(Dimension::Ratio),
            _ => None,
        }
    }
}

/// One column a table may have.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// How the program asks for it.
    pub key: &'static str,
    /// The names it goes by, Chinese and English; the first is the title in the template.
    pub names: &'static [&'static str],
    pub kind: Kind,
    /// The column must be there and every row must fill it.
    pub required: bool,
    /// The unit in the template's header; empty where the kind has none.
    pub template_unit: &'static str,
    /// The unit taken when the header states none; without it a measured column must state its unit.
    pub assumed_unit: Option<&'static str>,
    /// For 填表说明, Chinese.
    pub note: &'static str,
    pub example: &'static str,
}

impl ColumnSpec {
    pub const fn new(key: &'static str, names: &'static [&'static str], kind: Kind) -> Self {
        ColumnSpec { key, names, kind, required: false, template_unit: "", assumed_unit: None, note: "", example: "" }
    }

    pub const fn required(self) -> Self {
        ColumnSpec { required: true, ..self }
    }

    pub const fn unit(self, template_unit: &'static str) -> Self {
        ColumnSpec { template_unit, ..self }
    }

    pub const fn assume(self, unit: &'static str) -> Self {
        ColumnSpec { assumed_unit: Some(unit), ..self }
    }

    pub const fn note(self, note: &'static str, example: &'static str) -> Self {
        ColumnSpec { note, example, ..self }
    }

    pub fn title(&self) -> &'static str {
        self.names.first().copied().unwrap_or(self.key)
    }
}

/// A kind of table.
#[derive(Clone, Copy, Debug)]
pub struct TableSpec {
    /// Chinese; the name of the template's sheet.
    pub title: &'static str,
    pub columns: &'static [ColumnSpec],
    /// Lines of 填表说明 that belong to no column.
    pub notes: &'static [&'static str],
}

#[derive(Clone, Debug)]
pub struct TableSummary {
    /// Rows handed over; blank rows do not count.
    pub read: u64,
    pub encoding: Option<&'static str>,
    /// Warnings about the header.
    pub faults: Vec<Fault>,
    pub complete: bool,
}

/// The tables of a workbook, each with its kind, and the names of the sheets that are none of them.
pub struct Opened {
    pub files: Vec<(&'static TableSpec, TableFile)>,
    pub unread: Vec<String>,
}

/// A table, opened, its header understood; it can be read more than once.
pub struct TableFile {
    source: Source,
    layout: Arc<Layout>,
}

impl TableFile {
    /// `layer` of the options names the sheet of a workbook.
    pub fn open(path: &Path, spec: &'static TableSpec, options: &ReadOptions) -> Result<Self, Unreadable> {
        let mut candidates = Vec::new();
        let sources = Source::open(path, options)?;
        let mut best: Option<(usize, Fault)> = None;
        for source in sources {
            match find_header(&source, spec)? {
                Ok(layout) => candidates.push((source, layout)),
                Err((matched, fault)) => {
                    if best.as_ref().is_none_or(|(most, _)| matched > *most) {
                        best = Some((matched, fault));
                    }
                }
            }
        }
        if candidates.len() > 1 {
            let names: Vec<String> = candidates.iter().map(|(source, _)| source.sheet().to_owned()).collect();
            return Err(wording::sheet_question(&names).into());
        }
        match candidates.pop() {
            Some((source, layout)) => Ok(TableFile { source, layout: Arc::new(layout) }),
            None => Err(best.map_or_else(wording::empty_file, |(_, fault)| fault).into()),
        }
    }

    /// Every sheet whose header fits one of several kinds of table, with the one it fits best.
    ///
    /// # Errors
    /// When none does: what is wrong with the header that comes nearest.
    pub fn open_each(path: &Path, specs: &[&'static TableSpec], options: &ReadOptions) -> Result<Opened, Unreadable> {
        let mut opened = Opened { files: Vec::new(), unread: Vec::new() };
        let mut nearest: Option<(usize, Fault)> = None;
        for source in Source::open(path, options)? {
            let mut fitting: Option<(&'static TableSpec, Layout)> = None;
            for spec in specs {
                match find_header(&source, spec)? {
                    Ok(layout) => {
                        let better = fitting.as_ref().is_none_or(|(_, best)| best.columns.len() < layout.columns.len());
                        fitting = if better { Some((spec, layout)) } else { fitting };
                    }
                    Err((matched, fault)) => {
                        if nearest.as_ref().is_none_or(|(most, _)| matched > *most) {
                            nearest = Some((matched, fault));
                        }
                    }
                }
            }
            match fitting {
                Some((spec, layout)) => opened.files.push((spec, TableFile { source, layout: Arc::new(layout) })),
                None => opened.unread.push(source.sheet().to_owned()),
            }
        }
        if opened.files.is_empty() {
            return Err(nearest.map_or_else(wording::empty_file, |(_, fault)| fault).into());
        }
        Ok(opened)
    }

    /// The columns that were recognised, with their units, for the preview.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// `xlsx` or `csv`.
    pub fn format(&self) -> &'static str {
        self.source.format()
    }

    /// # Errors
    /// When the file cannot be read to its end, or has nothing below its header (`header_only`).
    pub fn read(&mut self, sink: &mut dyn FnMut(TableRow) -> ControlFlow<()>) -> Result<TableSummary, Unreadable> {
        let summary = self.read_sheet(sink)?;
        if summary.read == 0 { Err(wording::header_only().into()) } else { Ok(summary) }
    }

    /// One sheet of several, which need not be filled in.
    ///
    /// # Errors
    /// When the file cannot be read to its end.
    pub fn read_sheet(
        &mut self,
        sink: &mut dyn FnMut(TableRow) -> ControlFlow<()>,
    ) -> Result<TableSummary, Unreadable> {
        let mut read = 0;
        let mut complete = true;
        self.source.each_row(&mut |line, cells| {
            if line <= self.layout.line || cells.iter().all(Cell::is_empty) {
                return ControlFlow::Continue(());
            }
            read += 1;
            let flow = sink(TableRow { record: read, line, cells, layout: Arc::clone(&self.layout) });
            complete = flow.is_continue();
            flow
        })?;
        Ok(TableSummary { read, encoding: self.source.encoding(), faults: self.layout.faults.clone(), complete })
    }
}

/// The row among the first few that names the most columns. `Err` holds how many it named and what is wrong with it.
fn find_header(source: &Source, spec: &'static TableSpec) -> Result<Result<Layout, (usize, Fault)>, Unreadable> {
    let mut best: Option<(usize, u64, Vec<Cell>)> = None;
    source.each_row(&mut |line, cells| {
        if line > HEADER_WITHIN {
            return ControlFlow::Break(());
        }
        let matched = header::matches(spec, &cells);
        if matched > best.as_ref().map_or(0, |(most, ..)| *most) {
            best = Some((matched, line, cells));
        }
        ControlFlow::Continue(())
    })?;
    Ok(match best {
        None => Err((0, wording::header_missing(spec.columns.iter().filter(|c| c.required).map(ColumnSpec::title)))),
        Some((matched, line, cells)) => Layout::of(spec, line, &cells)
            .map(|layout| Layout { width: source.is_text().then_some(cells.len()), ..layout })
            .map_err(|fault| (matched, fault)),
    })
}
