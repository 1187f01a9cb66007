//! Rows as readers of a format hand them over: one at a time, within bounds.

use std::ops::ControlFlow;

use super::Cell;
use crate::fault::Fault;
use crate::limits::Limits;
use crate::wording;

pub type EachRow<'a> = dyn FnMut(u64, Vec<Cell>) -> ControlFlow<()> + 'a;

/// Puts a cell in its place.
///
/// # Errors
/// When a row is too wide or a text too long.
pub fn put(cells: &mut Vec<Cell>, place: usize, value: Cell, line: u64, limits: &Limits) -> Result<(), Fault> {
    if place >= limits.table_columns {
        return Err(wording::too_large(format!("第 {line} 行的列数"), limits.table_columns).at(None, Some(line)));
    }
    if let Cell::Text(text) = &value
        && text.len() > limits.cell_bytes
    {
        let what = format!("第 {line} 行第 {} 列的内容", place + 1);
        return Err(wording::too_large(what, format!("{} 字节", limits.cell_bytes)).at(None, Some(line)));
    }
    if cells.len() <= place {
        cells.resize(place + 1, Cell::Empty);
    }
    cells[place] = value;
    Ok(())
}

/// # Errors
/// Beyond the last row that is read.
pub fn check_rows(line: u64, limits: &Limits) -> Result<(), Fault> {
    if line > limits.table_rows { Err(wording::too_large("表格行数", limits.table_rows)) } else { Ok(()) }
}
