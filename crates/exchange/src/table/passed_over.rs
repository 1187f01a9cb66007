//! Rows that are no records: totals, notes, the codes of the columns, rows that are numbered and otherwise empty, the example
//! of the template.

use std::collections::BTreeMap;

use super::{Cell, Column, Layout};
use crate::fault::Fault;
use crate::wording;
use base::text::narrow;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Total,
    Note,
    Codes,
    /// Nothing stands in any column that is known, but for the year.
    Empty,
    Example,
}

const TOTALS: [&str; 5] = ["合计", "总计", "小计", "共计", "累计"];
const NOTES: [&str; 18] = [
    "备注",
    "注:",
    "注1",
    "注2",
    "说明",
    "填表",
    "填报",
    "制表",
    "审核",
    "单位负责人",
    "统计负责人",
    "负责人",
    "联系人",
    "联系电话",
    "报出日期",
    "填写说明",
    "经办人",
    "复核人",
];
/// The mark before the example in a template.
pub const EXAMPLE: &str = "示例";
/// A total is named in a few words.
const LONGEST_TOTAL: usize = 10;

/// What a row is when it is no record.
pub fn kind(layout: &Layout, line: u64, cells: &[Cell]) -> Option<Kind> {
    let filled = |place: usize| cells.get(place).is_some_and(|cell| !cell.is_empty());
    let texts = || cells.iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(narrow(text)) } else { None });
    let lead = layout.columns.iter().find(|column| column.spec.required);
    let lead_text = lead.and_then(|column| match cells.get(column.place) {
        Some(Cell::Text(text)) => Some(narrow(text)),
        _ => None,
    });
    if layout.columns.iter().any(|column| column.spec.required && is_example(cells.get(column.place))) {
        return Some(Kind::Example);
    }
    if line == layout.last_line + 1 && is_codes(cells) {
        return Some(Kind::Codes);
    }
    let lead_open = lead.is_none_or(|column| !filled(column.place));
    let may_be_total = lead_open || lead_text.as_deref().is_some_and(is_total);
    if may_be_total && texts().take(2).any(|text| is_total(&text)) {
        return Some(Kind::Total);
    }
    // A record that lacks its code has figures all the same.
    let has_figure = |column: &Column| {
        column.spec.kind.is_figure() && cells.get(column.place).is_some_and(|cell| cell.decimal().is_some())
    };
    let starts_as_note = texts().next().is_some_and(|text| is_note(&text));
    if starts_as_note
        && !layout.columns.iter().any(has_figure)
        && (lead_open || lead_text.as_deref().is_some_and(is_note))
    {
        return Some(Kind::Note);
    }
    // A year that is filled in beforehand makes no record of an empty row.
    let says_something = |column: &Column| column.spec.kind != super::Kind::Year && filled(column.place);
    let known = layout.columns.iter().any(says_something);
    (!known).then_some(Kind::Empty)
}

/// 示例：CODE. What is merely named 示例 is not marked.
fn is_example(cell: Option<&Cell>) -> bool {
    let Some(Cell::Text(text)) = cell else { return false };
    narrow(text).strip_prefix(EXAMPLE).is_some_and(|rest| rest.starts_with(':'))
}

fn is_total(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !":：".contains(*c)).collect();
    TOTALS.iter().any(|word| text.ends_with(word)) && text.chars().count() <= LONGEST_TOTAL
}

fn is_note(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    text == "注" || NOTES.iter().any(|word| text.starts_with(word))
}

/// X1, X2, G1; 甲, 乙, 1, 2; or 1, 2, 3.
pub fn is_codes(cells: &[Cell]) -> bool {
    let filled: Vec<&Cell> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let texts: Vec<String> = filled.iter().filter_map(|cell| cell.as_text()).map(|text| narrow(&text)).collect();
    let numbers: Vec<i64> = filled.iter().filter_map(|cell| cell.integer()).collect();
    let consecutive = numbers.len() > 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let lettered = texts.len() > 1 && texts.iter().all(|text| is_code(text));
    let is_stem = |text: &String| "甲乙丙丁戊".contains(text.as_str()) || text.parse::<u16>().is_ok();
    let by_stems = texts.len() > 1 && texts.first().is_some_and(|text| text == "甲") && texts.iter().all(is_stem);
    (consecutive && numbers.len() == filled.len()) || lettered || by_stems
}

/// One or two letters and a short number.
fn is_code(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = &text[letters..];
    (1..=2).contains(&letters) && (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Which rows were passed over, for one sentence at the end.
#[derive(Debug, Default)]
pub struct PassedOver(BTreeMap<Kind, Vec<u64>>);

impl PassedOver {
    pub fn add(&mut self, kind: Kind, line: u64) {
        self.0.entry(kind).or_default().push(line);
    }

    pub fn fault(&self) -> Option<Fault> {
        let said: Vec<String> = self.0.iter().map(|(kind, lines)| wording::passed_over(*kind, lines)).collect();
        (!said.is_empty()).then(|| wording::rows_passed_over(&said))
    }
}
