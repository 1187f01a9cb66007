//! The titles above each column. A header may have several rows: a title merged over several columns and their own titles
//! below it, or a row of units.

use super::header::Heads;
use super::workbook::Survey;
use super::{Cell, TableSpec, figure, header, passed_over};
use base::conversion::{self as unit, Unit};
use base::text::narrow;

/// Rows of titles below the first.
pub const ROWS_BELOW: usize = 2;

pub type Row = (u64, Vec<Cell>);

/// The header that begins with the first of these rows; none when it begins elsewhere, or has more rows than are understood.
pub fn stacked(spec: &'static TableSpec, rows: &[Row], survey: &Survey) -> Option<Heads> {
    let (line, cells) = rows.first()?;
    if stands_above(spec, cells) {
        return None;
    }
    let mut heads = Heads { line: *line, last_line: *line, titles: Vec::new() };
    let mut top = texts(cells);
    heads.add(&top);
    for (place, (line, cells)) in rows.iter().enumerate().skip(1) {
        let below = texts(cells);
        if *line != heads.last_line + 1 || !all_words(cells) || !goes_on(spec, &top, &below, survey, heads.last_line) {
            break;
        }
        if place > ROWS_BELOW {
            return None;
        }
        heads.spread(&top, &below, survey);
        heads.add(&below);
        heads.last_line = *line;
        top = below;
    }
    Some(heads)
}

/// A row above the header: the title of the table, its office and its units, the codes of its columns.
fn stands_above(spec: &'static TableSpec, cells: &[Cell]) -> bool {
    if header::matches(spec, cells) > 0 {
        return false;
    }
    let texts: Vec<String> = cells.iter().filter_map(Cell::as_text).collect();
    let is_title = texts.len() == 1 && cells.first().is_some_and(|first| !first.is_empty());
    is_title || texts.iter().any(|text| is_caption(text)) || passed_over::is_codes(cells)
}

/// 填报单位：某街道. A colon in brackets belongs to a title: 税收（单位：万元）.
fn is_caption(text: &str) -> bool {
    let narrow = narrow(text);
    let before = narrow.split(['(', '[']).next().unwrap_or_default();
    let all_in_brackets = before.is_empty() && narrow.contains("单位:");
    all_in_brackets || before.split_once(':').is_some_and(|(label, _)| !label.trim().is_empty())
}

fn texts(cells: &[Cell]) -> Vec<Option<String>> {
    cells.iter().map(Cell::as_text).collect()
}

/// A row of a header holds words only; figures and days are of records.
fn all_words(cells: &[Cell]) -> bool {
    let word = |cell: &Cell| matches!(cell, Cell::Text(text) if figure(&narrow(text)).is_none());
    let mut filled = cells.iter().filter(|cell| !cell.is_empty()).peekable();
    filled.peek().is_some() && filled.all(word)
}

/// Whether a row goes on with the header above it: it leaves open what every record must fill, and stands under a title that
/// spans several columns, or gives units only.
fn goes_on(
    spec: &'static TableSpec,
    top: &[Option<String>],
    below: &[Option<String>],
    survey: &Survey,
    line: u64,
) -> bool {
    let filled = |row: &[Option<String>], place: usize| row.get(place).is_some_and(Option::is_some);
    let required = |place: &usize| top[*place].as_ref().is_some_and(|text| header::names_required(spec, text));
    let must: Vec<usize> = (0..top.len()).filter(required).collect();
    if must.iter().any(|place| filled(below, *place)) {
        return false;
    }
    if must.is_empty() && !below.iter().flatten().any(|text| header::names_required(spec, text)) {
        return false;
    }
    let places = || (0..below.len()).filter(|place| filled(below, *place));
    let across = |place: usize| survey.merges.iter().any(|it| it.is_across() && it.holds(line, place));
    let spread = places().any(|place| !filled(top, place) || across(place));
    let is_unit = |place: usize| match (top.get(place), &below[place]) {
        (Some(Some(above)), Some(text)) => header::is_unit_of(spec, above, text),
        _ => false,
    };
    spread || places().all(is_unit)
}

impl Heads {
    fn add(&mut self, row: &[Option<String>]) {
        if self.titles.len() < row.len() {
            self.titles.resize(row.len(), Vec::new());
        }
        for (place, text) in row.iter().enumerate() {
            self.titles[place].extend(text.clone());
        }
    }

    /// A title over several columns is the title of each: as far as its cells are merged, or, where nothing is, as far as
    /// empty cells have titles below them.
    fn spread(&mut self, top: &[Option<String>], below: &[Option<String>], survey: &Survey) {
        let line = self.last_line;
        let merged = survey.merges.iter().any(|it| it.is_across() && (it.first.0..=it.last.0).contains(&line));
        if self.titles.len() < below.len() {
            self.titles.resize(below.len(), Vec::new());
        }
        for place in 1..below.len() {
            if top.get(place).is_some_and(Option::is_some) || below[place].is_none() {
                continue;
            }
            let source = match survey.merges.iter().find(|it| it.is_across() && it.holds(line, place)) {
                Some(merge) => Some(merge.first.1),
                None if merged => None,
                None => (below[place - 1].is_some()).then_some(place - 1),
            };
            if let Some(titles) = source.filter(|source| *source < place).map(|source| self.titles[source].clone()) {
                self.titles[place] = titles;
            }
        }
    }
}

/// The units that stand above the table, such as 单位：万元.
pub fn units_above(rows: &[Row], line: u64) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for text in rows.iter().take_while(|row| row.0 < line).flat_map(|row| &row.1).filter_map(Cell::as_text) {
        let narrow = narrow(&text);
        let Some((before, after)) = narrow.split_once("单位:") else { continue };
        // 填报单位 is an office.
        let of_figures = before.chars().all(|c| c.is_whitespace() || "([".contains(c))
            || ["金额", "计量", "面积", "数据"].iter().any(|word| before.ends_with(word));
        if !of_figures {
            continue;
        }
        for name in after.split(['、', ',', '/', ';', ' ', ')', ']', '(', '[']).filter(|name| !name.is_empty()) {
            for dimension in unit::DIMENSIONS {
                let known = units.iter().any(|unit| unit.dimension == dimension);
                units.extend(unit::find(dimension, name).filter(|_| !known));
            }
        }
    }
    units
}
