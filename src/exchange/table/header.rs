//! A header row against a specification: which column is which, and in what unit.

use super::{Cell, ColumnSpec, TableSpec};
use crate::base::conversion::{self as unit, Unit};
use crate::base::text::narrow;
use crate::exchange::fault::{Fault, FaultCode};
use crate::exchange::wording;

/// A column that was recognised.
#[derive(Clone, Debug)]
pub struct Column {
    pub spec: &'static ColumnSpec,
    /// Counted from 0.
    pub place: usize,
    /// As it stands in the file.
    pub header: String,
    pub unit: Option<Unit>,
}

#[derive(Clone, Debug)]
pub struct Layout {
    /// The line of the header row.
    pub line: u64,
    /// How many cells the header has, where a cell too many has shifted the others; cells of a workbook keep their places.
    pub width: Option<usize>,
    pub columns: Vec<Column>,
    /// The headers of columns nobody asked for.
    pub unknown: Vec<String>,
    pub faults: Vec<Fault>,
}

/// Brackets whose content says nothing about the unit.
const REMARKS: [&str; 8] = ["必填", "选填", "可空", "现价", "当年", "全年", "年末", "累计"];

struct Title {
    whole: String,
    outside: String,
    brackets: Vec<String>,
}

/// Small letters, half width, without spaces, stars and colons.
fn plain(text: &str) -> String {
    narrow(text).to_lowercase().chars().filter(|c| !c.is_whitespace() && !"*:_".contains(*c)).collect()
}

fn title(text: &str) -> Title {
    let whole: String = plain(text).replace(['[', '{'], "(").replace([']', '}'], ")");
    let mut outside = String::new();
    let mut brackets = Vec::new();
    let mut rest = whole.as_str();
    while let Some((before, after)) = rest.split_once('(') {
        outside.push_str(before);
        let (inside, after) = after.split_once(')').unwrap_or((after, ""));
        brackets.push(inside.to_owned());
        rest = after;
    }
    outside.push_str(rest);
    Title { whole, outside, brackets }
}

/// The column a title belongs to, and the unit written after its name without brackets.
fn column_of(spec: &'static TableSpec, title: &Title) -> Option<(&'static ColumnSpec, Option<Unit>)> {
    let named = |text: &str| {
        let goes_by = |column: &&ColumnSpec| column.names.iter().any(|n| plain(n) == text) || column.key == text;
        spec.columns.iter().find(goes_by)
    };
    if let Some(column) = named(&title.whole).or_else(|| named(&title.outside)) {
        return Some((column, None));
    }
    spec.columns.iter().find_map(|column| {
        let dimension = column.kind.dimension()?;
        unit::names(dimension).into_iter().find_map(|name| {
            let before = title.outside.strip_suffix(name)?.trim_end_matches(['/', '-', ',', '.']);
            let same = column.names.iter().any(|n| plain(n) == before);
            same.then(|| (column, unit::find(dimension, name)))
        })
    })
}

pub fn matches(spec: &'static TableSpec, cells: &[Cell]) -> usize {
    cells.iter().filter_map(Cell::as_text).filter(|text| column_of(spec, &title(text)).is_some()).count()
}

impl Layout {
    /// Everything wrong with the header is told at once, under the code of the first.
    pub fn of(spec: &'static TableSpec, line: u64, cells: &[Cell]) -> Result<Layout, Fault> {
        let mut layout = Layout { line, width: None, columns: Vec::new(), unknown: Vec::new(), faults: Vec::new() };
        let mut wrong: Vec<Fault> = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            let Some(header) = cell.as_text() else { continue };
            let title = title(&header);
            let Some((column, trailing)) = column_of(spec, &title) else {
                layout.faults.push(wording::column_unknown(&header).at(None, Some(line)));
                layout.unknown.push(header);
                continue;
            };
            if layout.column(column.key).is_some() {
                wrong.push(wording::column_duplicate(&header));
                continue;
            }
            match unit_of(column, &title, trailing, &header) {
                Ok(unit) => layout.columns.push(Column { spec: column, place, header, unit }),
                Err(fault) => wrong.push(fault),
            }
        }
        let absent = |column: &&ColumnSpec| {
            column.required
                && !cells
                    .iter()
                    .filter_map(Cell::as_text)
                    .any(|text| column_of(spec, &title(&text)).is_some_and(|(found, _)| found.key == column.key))
        };
        wrong.extend(spec.columns.iter().filter(absent).map(|column| wording::column_missing(column.title())));
        let Some(first) = wrong.first() else { return Ok(layout) };
        let code: FaultCode = first.code;
        let message = wrong.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("");
        Err(Fault::error(code, message).at(None, Some(line)))
    }

    pub fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.spec.key == key)
    }
}

fn unit_of(column: &ColumnSpec, title: &Title, trailing: Option<Unit>, header: &str) -> Result<Option<Unit>, Fault> {
    let Some(dimension) = column.kind.dimension() else { return Ok(None) };
    if let Some(unit) = trailing.or_else(|| title.brackets.iter().find_map(|text| unit::find(dimension, text))) {
        return Ok(Some(unit));
    }
    let stated = title.brackets.iter().find(|text| !text.is_empty() && !REMARKS.iter().any(|r| text.contains(r)));
    // A name may carry brackets of its own; those are no unit.
    let own = column.names.iter().any(|name| plain(name) == title.whole);
    match (stated, column.assumed_unit.and_then(|name| unit::find(dimension, name))) {
        (Some(text), _) if !own => Err(wording::unit_unknown(header, text, column.template_unit)),
        (_, Some(unit)) => Ok(Some(unit)),
        (_, None) => Err(wording::unit_missing(header, column.template_unit)),
    }
}
