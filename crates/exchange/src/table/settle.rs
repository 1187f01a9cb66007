//! Cells whose number format shows another figure than they hold: read where both say the same, asked about where not.

use super::workbook::format::Shown;
use super::{Cell, Column, Layout, cell_name};
use crate::fault::Question;
use crate::option::Figures;
use crate::wording;
use base::conversion::{self as unit, Dimension};

/// # Errors
/// When a figure of this row has to be asked about.
pub fn row(layout: &Layout, line: u64, cells: &mut [Cell], figures: Option<Figures>) -> Result<(), Question> {
    for column in layout.columns.iter().filter(|column| column.spec.kind.is_figure()) {
        let Some(cell) = cells.get_mut(column.place) else { continue };
        if let Cell::Shown(shown) = cell
            && let Some(settled) = settled(column, shown, figures).map_err(|()| asked(column, line, shown))?
        {
            *cell = settled;
        }
    }
    Ok(())
}

fn asked(column: &Column, line: u64, shown: &Shown) -> Question {
    let (stored, text) = (shown.stored.normalize().to_string(), shown.text());
    wording::figures_question(&column.header, &cell_name(line, column.place), &stored, &text)
}

/// None leaves the cell as it is, for its column to refuse.
fn settled(column: &Column, shown: &Shown, figures: Option<Figures>) -> Result<Option<Cell>, ()> {
    let stored = || Some(Cell::Number(shown.stored));
    let Some(dimension) = column.spec.kind.dimension() else {
        return match (shown.unit.as_str(), shown.power, figures) {
            (_, 0, _) | (_, _, Some(Figures::Stored)) => Ok(stored()),
            ("%", ..) => Ok(None),
            (_, _, Some(Figures::Shown)) => Ok(shown.figure().map(Cell::Number)),
            _ => Err(()),
        };
    };
    let in_cell = unit::find(dimension, &shown.unit);
    let as_shown = || {
        let figure = shown.figure()?;
        Some(in_cell.map_or(Cell::Number(figure), |unit| Cell::Text(format!("{figure}{}", unit.name))))
    };
    if shown.power == 0 {
        return Ok(if in_cell.is_some() { as_shown() } else { stored() });
    }
    if dimension == Dimension::Ratio && in_cell.is_some() {
        return Ok(as_shown());
    }
    if shown.unit == "%" {
        return Ok(None);
    }
    let same = match (in_cell, column.unit, shown.figure()) {
        (Some(inside), Some(above), Some(figure)) => inside.to_stored(figure) == above.to_stored(shown.stored),
        _ => shown.stored.is_zero(),
    };
    match figures {
        _ if same => Ok(stored()),
        Some(Figures::Stored) => Ok(stored()),
        Some(Figures::Shown) => Ok(as_shown()),
        None => Err(()),
    }
}
