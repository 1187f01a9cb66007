//! The workbook people download and fill in: a header with units, and a second sheet that explains every column.

use rust_xlsxwriter::{Format, FormatBorder, Workbook, XlsxError};

use super::table::{ColumnSpec, INSTRUCTIONS, Kind, TableSpec};

const HEADER_COLOUR: u32 = 0x00E6_EDF5;
const REQUIRED_COLOUR: u32 = 0x00FD_E9D9;

/// The bytes of an .xlsx file with a sheet for each table.
pub fn workbook(specs: &[&TableSpec]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    for spec in specs {
        table(&mut workbook, spec)?;
    }
    instructions(&mut workbook, specs)?;
    workbook.save_to_buffer()
}

fn header(colour: u32) -> Format {
    Format::new().set_bold().set_background_color(colour).set_border(FormatBorder::Thin)
}

fn table(workbook: &mut Workbook, spec: &TableSpec) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@");
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet().set_name(spec.title)?;
    for (place, column) in spec.columns.iter().enumerate() {
        let place = place as u16;
        let title = header_title(column);
        let width = title.chars().count() as f64 * 2.0 + 4.0;
        sheet.set_column_width(place, width.clamp(10.0, 40.0))?;
        // Codes typed into a cell of text format keep their zeros and their last digits.
        match column.kind {
            Kind::Text => drop(sheet.set_column_format(place, &text)?),
            Kind::Date => drop(sheet.set_column_format(place, &date)?),
            _ => {}
        }
        let colour = if column.required { REQUIRED_COLOUR } else { HEADER_COLOUR };
        sheet.write_string_with_format(0, place, title, &header(colour))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// The title with its unit, as the reader understands it.
pub fn header_title(column: &ColumnSpec) -> String {
    match column.template_unit {
        "" => column.title().to_owned(),
        unit => format!("{}（{unit}）", column.title()),
    }
}

fn instructions(workbook: &mut Workbook, specs: &[&TableSpec]) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet().set_name(INSTRUCTIONS)?;
    let mut row = 0;
    let general =
        ["表头不要改动；单位可以改写，系统按表头所写的单位换算。", "没有的数据请留空，不要填 0；0 表示数值确实为零。"];
    for line in general.iter().chain(specs.iter().flat_map(|spec| spec.notes)) {
        sheet.write_string(row, 0, *line)?;
        row += 1;
    }
    for spec in specs {
        row += 1;
        if specs.len() > 1 {
            sheet.write_string_with_format(row, 0, format!("表：{}", spec.title), &Format::new().set_bold())?;
            row += 1;
        }
        let titles = ["说明的列", "必填", "说明的单位", "填写要求", "示例"];
        for (place, title) in titles.into_iter().enumerate() {
            sheet.write_string_with_format(row, place as u16, title, &header(HEADER_COLOUR))?;
        }
        for column in spec.columns {
            row += 1;
            let required = if column.required { "必填" } else { "选填" };
            let cells = [column.title(), required, column.template_unit, column.note, column.example];
            for (place, text) in cells.into_iter().enumerate() {
                sheet.write_string(row, place as u16, text)?;
            }
        }
        row += 1;
    }
    for (place, width) in [28.0, 8.0, 14.0, 60.0, 28.0].into_iter().enumerate() {
        sheet.set_column_width(place as u16, width)?;
    }
    Ok(())
}
