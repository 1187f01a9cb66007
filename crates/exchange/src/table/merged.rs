//! Cells that are merged below the header. A code or a name in them holds for each of their rows; a figure does not say how it
//! is to be shared out, and is refused.

use std::collections::BTreeMap;

use super::workbook::{Merge, Survey};
use super::{Cell, Kind, Layout};

pub struct Merged {
    /// Those that touch a known column, with the column, the last ones first.
    to_come: Vec<(usize, Kind, Merge)>,
    /// Those the rows have reached and not yet left.
    open: Vec<(usize, Kind, Merge)>,
    values: BTreeMap<(u64, usize), Cell>,
}

impl Merged {
    pub fn new(survey: &Survey, layout: &Layout) -> Merged {
        let below = survey.merges.iter().filter(|merge| merge.last.0 > layout.last_line);
        let mut merges = Vec::new();
        for merge in below {
            let known =
                || layout.columns.iter().filter(|column| (merge.first.1..=merge.last.1).contains(&column.place));
            if merge.is_down() || known().count() > 1 {
                merges.extend(known().map(|column| (column.place, column.spec.kind, *merge)));
            }
        }
        merges.reverse();
        Merged { to_come: merges, open: Vec::new(), values: BTreeMap::new() }
    }

    /// Fills what a merged cell above holds for this row.
    pub fn fill(&mut self, line: u64, cells: &mut Vec<Cell>) {
        while let Some(reached) = self.to_come.pop_if(|(_, _, merge)| merge.first.0 <= line) {
            self.open.push(reached);
        }
        self.open.retain(|(_, _, merge)| merge.last.0 >= line);
        for (place, kind, merge) in &self.open {
            if merge.first.0 == line {
                let value = cells.get(merge.first.1).cloned().unwrap_or(Cell::Empty);
                self.values.insert(merge.first, value);
            }
            let Some(value) = self.values.get(&merge.first).filter(|value| !value.is_empty()) else { continue };
            let spread = kind.is_figure() || merge.is_across();
            let value = if spread { Cell::Spread(value.as_text().unwrap_or_default()) } else { value.clone() };
            if cells.len() <= *place {
                cells.resize(*place + 1, Cell::Empty);
            }
            cells[*place] = value;
        }
    }
}
