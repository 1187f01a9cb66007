//! Tables (.xlsx, .csv): a specification of columns in, typed rows out. Headers are matched tolerantly, units honoured exactly.

mod again;
mod cell;
mod csv;
mod disguise;
pub mod figure;
mod handed;
mod header;
mod heads;
mod merged;
pub mod passed_over;
mod row;
mod settle;
mod source;
mod text_encoding;
mod workbook;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

pub use cell::Cell;
pub use header::{Column, Layout};
pub use row::{NumberIn, TableRow};

use super::fault::{Fault, Unreadable};
use super::feature::ReadOptions;
use super::wording;
pub use crate::option::Figures;
pub use again::Kept;
use base::conversion::Dimension;
pub use header::REASON;
pub use source::{FAULTS, INSTRUCTIONS};

use figure::figure;
use heads::units_above;
use merged::Merged;
use passed_over::PassedOver;
use source::Source;
use workbook::Survey;

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
    /// One pollutant let out, kg.
    Discharge,
    Water,
    /// Gas, m³.
    Volume,
    Persons,
    Ratio,
}

impl Kind {
    /// What adds up, as against what names, dates or tells apart.
    pub fn is_figure(self) -> bool {
        self.dimension().is_some() || matches!(self, Kind::Decimal | Kind::Integer)
    }

    pub fn dimension(self) -> Option<Dimension> {
        match self {
            Kind::Land => Some(Dimension::Land),
            Kind::Area => Some(Dimension::Area),
            Kind::Money => Some(Dimension::Money),
            Kind::Energy => Some(Dimension::Energy),
            Kind::Electricity => Some(Dimension::Electricity),
            Kind::Mass => Some(Dimension::Mass),
            Kind::Discharge => Some(Dimension::Discharge),
            Kind::Water => Some(Dimension::Water),
            Kind::Volume => Some(Dimension::Volume),
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
    /// The words the template offers; others are read too.
    pub choices: &'static [&'static str],
    /// 长期 and its like stand for no last day.
    pub open_end: bool,
}

impl ColumnSpec {
    pub const fn new(key: &'static str, names: &'static [&'static str], kind: Kind) -> Self {
        ColumnSpec {
            key,
            names,
            kind,
            required: false,
            template_unit: "",
            assumed_unit: None,
            note: "",
            example: "",
            choices: &[],
            open_end: false,
        }
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

    pub const fn choices(self, choices: &'static [&'static str]) -> Self {
        ColumnSpec { choices, ..self }
    }

    pub const fn open_ended(self) -> Self {
        ColumnSpec { open_end: true, ..self }
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
    survey: Arc<Survey>,
    figures: Option<Figures>,
}

/// What became of one sheet's header.
enum Header {
    Fits(Layout),
    /// How many columns it named, and what is wrong with it.
    Fails(usize, Fault),
}

impl TableFile {
    /// `layer` of the options names the sheet of a workbook.
    ///
    /// # Errors
    /// When no sheet fits, several do, or only one that is hidden.
    pub fn open(path: &Path, spec: &'static TableSpec, options: &ReadOptions) -> Result<Self, Unreadable> {
        let mut candidates = Vec::new();
        let mut best: Option<(usize, Fault)> = None;
        for source in Source::open(path, &[spec], options)? {
            match find_header(&source, spec)? {
                Header::Fits(layout) => candidates.push((source, layout)),
                Header::Fails(matched, fault) => {
                    if best.as_ref().is_none_or(|(most, _)| matched > *most) {
                        best = Some((matched, fault));
                    }
                }
            }
        }
        let named = options.layer.is_some();
        let hidden: Vec<String> = candidates
            .iter()
            .filter(|(source, _)| source.is_hidden())
            .map(|(source, _)| source.sheet().to_owned())
            .collect();
        if !named && !hidden.is_empty() && hidden.len() == candidates.len() {
            return Err(wording::hidden_sheet_question(&hidden).into());
        }
        candidates.retain(|(source, _)| named || !source.is_hidden());
        if candidates.len() > 1 {
            let names: Vec<String> = candidates.iter().map(|(source, _)| source.sheet().to_owned()).collect();
            return Err(wording::sheet_question(&names).into());
        }
        match candidates.pop() {
            Some((source, mut layout)) => {
                layout.faults.extend(hidden.iter().filter(|_| !named).map(|sheet| wording::sheet_hidden(sheet)));
                TableFile::of(source, layout, options)
            }
            None => Err(best.map_or_else(wording::empty_file, |(_, fault)| fault).into()),
        }
    }

    /// Every sheet whose header fits one of several kinds of table, with the one it fits best. Hidden sheets are none.
    ///
    /// # Errors
    /// When none does: what is wrong with the header that comes nearest.
    pub fn open_each(path: &Path, specs: &[&'static TableSpec], options: &ReadOptions) -> Result<Opened, Unreadable> {
        let mut opened = Opened { files: Vec::new(), unread: Vec::new() };
        let mut nearest: Option<(usize, Fault)> = None;
        for source in Source::open(path, specs, options)? {
            if source.is_hidden() && options.layer.is_none() {
                opened.unread.push(format!("{}（隐藏）", source.sheet()));
                continue;
            }
            let mut fitting: Option<(&'static TableSpec, Layout)> = None;
            for spec in specs {
                match find_header(&source, spec)? {
                    Header::Fits(layout) => {
                        let better = fitting.as_ref().is_none_or(|(_, best)| best.columns.len() < layout.columns.len());
                        fitting = if better { Some((spec, layout)) } else { fitting };
                    }
                    Header::Fails(matched, fault) => {
                        if nearest.as_ref().is_none_or(|(most, _)| matched > *most) {
                            nearest = Some((matched, fault));
                        }
                    }
                }
            }
            match fitting {
                Some((spec, layout)) => opened.files.push((spec, TableFile::of(source, layout, options)?)),
                None => opened.unread.push(source.sheet().to_owned()),
            }
        }
        if opened.files.is_empty() {
            return Err(nearest.map_or_else(wording::empty_file, |(_, fault)| fault).into());
        }
        Ok(opened)
    }

    fn of(source: Source, mut layout: Layout, options: &ReadOptions) -> Result<Self, Unreadable> {
        let survey = source.survey()?;
        let is_hidden =
            |place: usize| survey.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&place));
        let hidden: Vec<&str> = layout
            .columns
            .iter()
            .filter(|column| is_hidden(column.place))
            .map(|column| column.header.as_str())
            .collect();
        if !hidden.is_empty() {
            layout.faults.push(wording::columns_hidden(&hidden));
        }
        layout.is_sheet = !source.is_text();
        layout.sheet = source.sheet_to_name();
        Ok(TableFile { source, layout: Arc::new(layout), survey, figures: options.figures })
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
    /// When the file cannot be read to its end, or a cell shows another figure than it holds and nobody said which counts.
    pub fn read_sheet(
        &mut self,
        sink: &mut dyn FnMut(TableRow) -> ControlFlow<()>,
    ) -> Result<TableSummary, Unreadable> {
        let (mut read, mut complete) = (0, true);
        let mut merged = Merged::new(&self.survey, &self.layout);
        let (mut passed, mut hidden, mut asked) = (PassedOver::default(), Vec::new(), None);
        self.source.each_row(&mut |line, mut cells| {
            if line <= self.layout.last_line || cells.iter().all(Cell::is_empty) {
                return ControlFlow::Continue(());
            }
            let mut kind = passed_over::kind(&self.layout, line, &cells);
            if matches!(kind, None | Some(passed_over::Kind::Empty)) {
                // What a merged cell above holds for the row makes a record of it.
                merged.fill(line, &mut cells);
                kind = kind.and_then(|_| passed_over::kind(&self.layout, line, &cells));
            }
            if let Some(kind) = kind {
                passed.add(kind, line);
                return ControlFlow::Continue(());
            }
            if let Err(question) = settle::row(&self.layout, line, &mut cells, self.figures) {
                asked = Some(question);
                return ControlFlow::Break(());
            }
            if self.survey.hidden_rows.binary_search(&line).is_ok() {
                hidden.push(line);
            }
            read += 1;
            let flow = sink(TableRow { record: read, line, cells, layout: Arc::clone(&self.layout) });
            complete = flow.is_continue();
            flow
        })?;
        if let Some(question) = asked {
            return Err(question.into());
        }
        let mut faults = self.layout.faults.clone();
        faults.extend(passed.fault());
        faults.extend((!hidden.is_empty()).then(|| wording::rows_hidden(&hidden)));
        Ok(TableSummary { read, encoding: self.source.encoding(), faults, complete })
    }
}

/// The address of a cell: line 3 and place 1 are B3.
pub fn cell_name(line: u64, place: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = place + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    format!("{}{line}", letters.into_iter().rev().collect::<String>())
}

/// The header among the first few rows that has what the table needs and names the most columns; of several, the first, which
/// has the titles above the others with it.
fn find_header(source: &Source, spec: &'static TableSpec) -> Result<Header, Unreadable> {
    let rows = source.first_rows(HEADER_WITHIN + heads::ROWS_BELOW as u64 + 1)?;
    let survey = source.survey()?;
    let mut best: Option<(usize, Result<Layout, Fault>)> = None;
    for start in (0..rows.len()).take_while(|start| rows[*start].0 <= HEADER_WITHIN) {
        let Some(heads) = heads::stacked(spec, &rows[start..], &survey) else { continue };
        let named = header::named(spec, &heads);
        let layout = Layout::of(spec, &heads, &units_above(&rows, heads.line));
        let rank = (layout.is_ok(), named);
        if named > 0 && best.as_ref().is_none_or(|(most, found)| rank > (found.is_ok(), *most)) {
            let width = source.is_text().then_some(heads.titles.len());
            best = Some((named, layout.map(|layout| Layout { width, ..layout })));
        }
    }
    Ok(match best {
        Some((_, Ok(layout))) => Header::Fits(layout),
        Some((named, Err(fault))) => Header::Fails(named, fault),
        None => {
            let required = spec.columns.iter().filter(|column| column.required).map(ColumnSpec::title);
            Header::Fails(0, wording::header_missing(required))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::cell_name;

    #[test]
    fn cells_have_the_names_that_spreadsheets_give_them() {
        for (place, name) in [(0, "A3"), (25, "Z3"), (26, "AA3"), (701, "ZZ3"), (702, "AAA3"), (16_383, "XFD3")] {
            assert_eq!(cell_name(3, place), name);
        }
    }
}
