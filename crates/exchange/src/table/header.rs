//! A header of one row or several against a specification: which column is which, and in what unit.

use super::{Cell, ColumnSpec, TableSpec};
use crate::fault::{Fault, FaultCode};
use crate::wording;
use base::conversion::{self as unit, Dimension, Unit};
use base::text::narrow;

/// The titles of every column from the left, from top to bottom.
#[derive(Clone, Debug)]
pub struct Heads {
    pub line: u64,
    pub last_line: u64,
    pub titles: Vec<Vec<String>>,
}

/// A column that was recognised.
#[derive(Clone, Debug)]
pub struct Column {
    pub spec: &'static ColumnSpec,
    /// Counted from 0.
    pub place: usize,
    /// As it stands in the file; titles above each other with a stroke between.
    pub header: String,
    pub unit: Option<Unit>,
}

#[derive(Clone, Debug)]
pub struct Layout {
    /// The line of the header row; of several, the first.
    pub line: u64,
    /// The last line of the header.
    pub last_line: u64,
    /// How many cells the header has, where a cell too many has shifted the others; cells of a workbook keep their places.
    pub width: Option<usize>,
    pub columns: Vec<Column>,
    /// The headers of columns nobody asked for.
    pub unknown: Vec<String>,
    pub faults: Vec<Fault>,
    /// Cells have addresses such as C3.
    pub is_sheet: bool,
    /// The sheet's name, where the workbook has others.
    pub sheet: Option<String>,
    /// The title of every place, for a list of what was not taken.
    pub titles: Vec<String>,
}

/// Brackets whose content says nothing about the unit.
const REMARKS: [&str; 8] = ["必填", "选填", "可空", "现价", "当年", "全年", "年末", "累计"];
/// Titles of the column that adds the others up.
const TOTALS: [&str; 8] = ["合计", "小计", "总计", "总量", "共计", "总额", "总数", "全部"];
/// Titles that say no more than the table itself.
const THIS_YEAR: [&str; 9] = ["本年", "当年", "今年", "本期", "本年度", "当年度", "全年", "本年数", "本年累计"];
/// Titles of another time, or of what has not happened.
const OTHER_TIME: [&str; 12] =
    ["上年", "去年", "上期", "同期", "前年", "上一年", "往年", "计划", "目标", "预计", "预算", "增减"];

/// The title our own reports give to the column of reasons.
pub const REASON: &str = "未导入的原因";

pub struct Title {
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

/// How many cells of one row name a column.
pub fn matches(spec: &'static TableSpec, cells: &[Cell]) -> usize {
    cells.iter().filter_map(Cell::as_text).filter(|text| column_of(spec, &title(text)).is_some()).count()
}

/// Whether a cell of a header names a column that every row must fill.
pub fn names_required(spec: &'static TableSpec, text: &str) -> bool {
    column_of(spec, &title(text)).is_some_and(|(column, _)| column.required)
}

/// Whether a text is a unit of the column that the title above it names, and nothing else.
pub fn is_unit_of(spec: &'static TableSpec, above: &str, text: &str) -> bool {
    unit_below(spec, above, text).is_some()
}

fn unit_below(spec: &'static TableSpec, above: &str, text: &str) -> Option<(&'static ColumnSpec, Unit)> {
    let (column, _) = column_of(spec, &title(above))?;
    let inside = plain(text);
    let unit = unit::find(column.kind.dimension()?, inside.trim_matches(['(', ')', '[', ']']))?;
    Some((column, unit))
}

/// What the titles above one column mean.
enum Meaning {
    Column {
        spec: &'static ColumnSpec,
        unit: Option<Unit>,
        titles: Vec<Title>,
    },
    /// One of several columns under the title of one.
    PartOf(&'static ColumnSpec),
    Other,
}

fn meaning(spec: &'static TableSpec, parts: &[String]) -> Meaning {
    let of_other_time = parts.iter().any(|part| OTHER_TIME.iter().any(|word| plain(part).contains(word)));
    let said: Vec<&String> = parts.iter().filter(|part| !THIS_YEAR.contains(&plain(part).as_str())).collect();
    let above = |parts: &[&String]| parts.iter().find_map(|part| column_of(spec, &title(part)));
    match said.as_slice() {
        [] => Meaning::Other,
        [one] if !of_other_time || parts.len() == 1 => match column_of(spec, &title(one)) {
            Some((column, unit)) => Meaning::Column { spec: column, unit, titles: vec![title(one)] },
            None => Meaning::Other,
        },
        all if of_other_time => above(all).map_or(Meaning::Other, |(column, _)| Meaning::PartOf(column)),
        [tops @ .., last] => {
            let titles = || [last].into_iter().chain(tops.iter().rev()).map(|part| title(part)).collect::<Vec<_>>();
            for top in tops.iter().rev() {
                if let Some((column, unit)) = unit_below(spec, top, last) {
                    return Meaning::Column { spec: column, unit: Some(unit), titles: titles() };
                }
                let together = title(&format!("{top}{last}"));
                let unbracketed = Title { whole: together.outside.clone(), ..together };
                if let Some((column, unit)) = column_of(spec, &unbracketed) {
                    return Meaning::Column { spec: column, unit, titles: titles() };
                }
            }
            let total = TOTALS.contains(&title(last).outside.as_str());
            match (column_of(spec, &title(last)), above(tops)) {
                (Some((column, unit)), _) => Meaning::Column { spec: column, unit, titles: titles() },
                (None, Some((column, unit))) if total => Meaning::Column { spec: column, unit, titles: titles() },
                (None, Some((column, _))) => Meaning::PartOf(column),
                (None, None) => Meaning::Other,
            }
        }
    }
}

/// How many columns a header of stacked titles names.
pub fn named(spec: &'static TableSpec, heads: &Heads) -> usize {
    heads.titles.iter().filter(|parts| matches!(meaning(spec, parts), Meaning::Column { .. })).count()
}

impl Layout {
    /// Everything wrong with the header is told at once, under the code of the first. `above`: the units that stand above the
    /// table, for columns that state none.
    ///
    /// # Errors
    /// When a column is missing, given twice, divided, or without a unit.
    pub fn of(spec: &'static TableSpec, heads: &Heads, above: &[Unit]) -> Result<Layout, Fault> {
        let mut layout = Layout {
            line: heads.line,
            last_line: heads.last_line,
            width: None,
            columns: Vec::new(),
            unknown: Vec::new(),
            faults: Vec::new(),
            is_sheet: false,
            sheet: None,
            titles: heads.titles.iter().map(|parts| parts.join("／")).collect(),
        };
        let mut wrong: Vec<Fault> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        let mut divided: Vec<(&'static ColumnSpec, String)> = Vec::new();
        for (place, parts) in heads.titles.iter().enumerate().filter(|(_, parts)| !parts.is_empty()) {
            let header = parts.join("／");
            match meaning(spec, parts) {
                Meaning::Column { spec: column, .. } if layout.column(column.key).is_some() => {
                    wrong.push(wording::column_duplicate(&header));
                }
                Meaning::Column { spec: column, unit, titles } => {
                    seen.push(column.key);
                    match unit_of(column, &titles, unit, above, &header) {
                        Ok(unit) => layout.columns.push(Column { spec: column, place, header, unit }),
                        Err(fault) => wrong.push(fault),
                    }
                }
                Meaning::PartOf(column) => {
                    divided.push((column, parts.last().cloned().unwrap_or_default()));
                    layout.not_taken(header);
                }
                Meaning::Other if header == REASON => {}
                Meaning::Other => layout.not_taken(header),
            }
        }
        for column in spec.columns.iter().filter(|column| !seen.contains(&column.key)) {
            let parts: Vec<&str> =
                divided.iter().filter(|(of, _)| of.key == column.key).map(|(_, part)| part.as_str()).collect();
            if !parts.is_empty() {
                wrong.push(wording::column_divided(column.title(), &parts));
            } else if column.required {
                wrong.push(wording::column_missing(column.title()));
            }
        }
        let Some(first) = wrong.first() else { return Ok(layout) };
        let code: FaultCode = first.code;
        let message = wrong.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("");
        Err(Fault::error(code, message).at(None, Some(heads.line)))
    }

    fn not_taken(&mut self, header: String) {
        self.faults.push(wording::column_unknown(&header).at(None, Some(self.line)));
        self.unknown.push(header);
    }

    pub fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.spec.key == key)
    }

    pub fn at(&self, place: usize) -> Option<&Column> {
        self.columns.iter().find(|column| column.place == place)
    }
}

fn unit_of(
    column: &ColumnSpec,
    titles: &[Title],
    found: Option<Unit>,
    above: &[Unit],
    header: &str,
) -> Result<Option<Unit>, Fault> {
    let brackets = || titles.iter().flat_map(|title| title.brackets.iter());
    // A name may carry brackets of its own; those are no unit.
    let own = titles.iter().any(|title| column.names.iter().any(|name| plain(name) == title.whole));
    let stated = brackets().find(|text| !text.is_empty() && !REMARKS.iter().any(|remark| text.contains(remark)));
    let Some(dimension) = column.kind.dimension() else { return counted_in(column, stated.filter(|_| !own), header) };
    if let Some(unit) = found.or_else(|| brackets().find_map(|text| unit_in(dimension, text))) {
        return Ok(Some(unit));
    }
    let above = above.iter().find(|unit| unit.dimension == dimension).copied();
    match (stated, above.or_else(|| column.assumed_unit.and_then(|name| unit::find(dimension, name)))) {
        (Some(text), _) if !own => Err(wording::unit_unknown(header, text, column.template_unit)),
        (_, Some(unit)) => Ok(Some(unit)),
        (_, None) => Err(wording::unit_missing(header, column.template_unit)),
    }
}

/// 每日‰ and ‰/日 are ‰.
fn unit_in(dimension: Dimension, text: &str) -> Option<Unit> {
    let sign = || ['‰', '%'].into_iter().find(|sign| text.contains(*sign)).map(String::from);
    unit::find(dimension, text)
        .or_else(|| if dimension == Dimension::Ratio { unit::find(dimension, &sign()?) } else { None })
}

/// Months under a column of years would be read as years.
fn counted_in(column: &ColumnSpec, stated: Option<&String>, header: &str) -> Result<Option<Unit>, Fault> {
    const SAME: [&[&str]; 3] = [&["年"], &["月", "个月"], &["日", "天"]];
    let Some(own) = SAME.iter().find(|names| names.contains(&column.template_unit)) else { return Ok(None) };
    match stated {
        Some(text) if SAME.iter().any(|names| names.contains(&text.as_str())) && !own.contains(&text.as_str()) => {
            Err(wording::unit_unknown(header, text, column.template_unit))
        }
        _ => Ok(None),
    }
}
