//! The cells of a sheet, row by row.

use std::io::BufRead;

use chrono::{Days, NaiveDate};

use super::format::Format;
use super::part::{Node, Start, Xml};
use super::survey::address;
use super::{Book, rich_text, unescaped};
use crate::fault::{Fault, Unreadable};
use crate::limits::Limits;
use crate::table::Cell;
use crate::table::handed::{EachRow, check_rows, put};
use crate::wording;

/// A cell as the file writes it.
#[derive(Default)]
struct Raw {
    kind: String,
    style: usize,
    value: Option<String>,
    formula: bool,
}

pub fn each_row<R: BufRead>(
    book: &Book,
    mut xml: Xml<R>,
    limits: &Limits,
    each: &mut EachRow<'_>,
) -> Result<(), Unreadable> {
    let mut line = 0;
    let mut cells = Vec::new();
    let mut next_place = 0;
    while let Some(node) = xml.next()? {
        match node {
            Node::Start(start) if start.name() == "row" => {
                let number = start.attribute("r").and_then(|text| text.parse().ok()).unwrap_or(line + 1);
                if number <= line {
                    return Err(wording::row_twice(number).into());
                }
                check_rows(number, limits)?;
                (line, next_place) = (number, 0);
            }
            Node::Start(start) if start.name() == "c" => {
                let place = start.attribute("r").as_deref().and_then(address).map_or(next_place, |(_, place)| place);
                if place < next_place {
                    return Err(wording::cell_twice(&super::super::cell_name(line, place)).at(None, Some(line)).into());
                }
                next_place = place + 1;
                let raw = Raw::of(&start);
                let value = book.cell(read(raw, &mut xml)?).map_err(|fault| fault.at(None, Some(line)))?;
                if value != Cell::Empty {
                    put(&mut cells, place, value, line, limits)?;
                }
            }
            Node::End(end) if end.name() == "row" && !cells.is_empty() => {
                let flow = each(line, std::mem::take(&mut cells));
                if flow.is_break() {
                    return Ok(());
                }
            }
            Node::End(end) if end.name() == "sheetData" => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}

impl Raw {
    fn of(start: &Start<'_>) -> Raw {
        Raw {
            kind: start.attribute("t").unwrap_or_default(),
            style: start.attribute("s").and_then(|text| text.parse().ok()).unwrap_or(0),
            ..Raw::default()
        }
    }
}

fn read<R: BufRead>(mut raw: Raw, xml: &mut Xml<R>) -> Result<Raw, Fault> {
    loop {
        match xml.next()? {
            Some(Node::Start(start)) => match start.name() {
                "v" => raw.value = Some(xml.text("v")?),
                "is" => raw.value = Some(rich_text(xml, "is")?),
                "f" => raw.formula = true,
                _ => {}
            },
            Some(Node::End(end)) if end.name() == "c" => return Ok(raw),
            Some(_) => {}
            None => return Err(wording::workbook_broken("文件在中途结束")),
        }
    }
}

impl Book {
    /// # Errors
    /// When the cell stands for a text that is not in the file.
    fn cell(&self, raw: Raw) -> Result<Cell, Fault> {
        let Some(value) = raw.value.as_deref() else {
            return Ok(if raw.formula { Cell::NotComputed } else { Cell::Empty });
        };
        Ok(match raw.kind.as_str() {
            "s" => {
                let found = value.trim().parse::<usize>().ok().and_then(|place| self.strings.get(place));
                Cell::of_text(found.ok_or_else(|| wording::workbook_broken("缺少单元格的文字"))?)
            }
            "inlineStr" => Cell::of_text(value),
            "str" => Cell::of_text(&unescaped(value.to_owned())),
            "b" => Cell::Flag(value.trim() == "1" || value.trim() == "true"),
            "e" => Cell::Error(value.to_owned()),
            "d" => {
                let day = value.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
                day.map_or_else(|| Cell::of_text(value), Cell::Date)
            }
            _ => self.number(&raw, value.trim()),
        })
    }

    fn number(&self, raw: &Raw, value: &str) -> Cell {
        if value.is_empty() {
            return if raw.formula { Cell::NotComputed } else { Cell::Empty };
        }
        let Ok(number) = value.parse::<f64>() else { return Cell::of_text(value) };
        if raw.formula && number == 0.0 && self.left_to_compute {
            return Cell::Placeholder;
        }
        match self.format(raw.style) {
            Format::Date => self.day(number).map_or(Cell::Odd(number), Cell::Date),
            Format::General => Cell::of_f64(number),
            Format::Number(sections) => match Cell::of_f64(number) {
                Cell::Number(stored) => sections.shown(stored).map_or(Cell::Number(stored), Cell::Shown),
                other => other,
            },
        }
    }

    /// The day of a serial. The usual calendar counts a 29 February 1900 that never was.
    fn day(&self, serial: f64) -> Option<NaiveDate> {
        let whole = serial.floor();
        let is_day = (1.0..3_000_000.0).contains(&whole) || (self.from_1904 && whole == 0.0);
        if !is_day {
            return None;
        }
        let days = whole as u64;
        let (first, days) = match days {
            days if self.from_1904 => ((1904, 1, 1), days),
            60 => return None,
            days @ ..60 => ((1899, 12, 31), days),
            days => ((1899, 12, 30), days),
        };
        NaiveDate::from_ymd_opt(first.0, first.1, first.2)?.checked_add_days(Days::new(days))
    }
}
