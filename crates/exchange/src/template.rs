//! The workbook people download and fill in: a header with units, words to choose from, one row as an example, and a sheet
//! that explains every column.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::table::passed_over::EXAMPLE;
use super::table::{ColumnSpec, INSTRUCTIONS, Kind, TableSpec};

const HEADER_COLOUR: u32 = 0x00E6_EDF5;
const REQUIRED_COLOUR: u32 = 0x00FD_E9D9;
const EXAMPLE_COLOUR: u32 = 0x0080_8080;
/// Words are offered down to this row.
const OFFERED_ROWS: u32 = 10_000;
/// What a column of yes and no offers.
const YES_OR_NO: [&str; 2] = ["是", "否"];

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
        offer(sheet, place, column)?;
    }
    example(sheet, spec)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// The words of a column to choose from. Others may be typed: the reader knows more of them than are shown.
fn offer(sheet: &mut Worksheet, place: u16, column: &ColumnSpec) -> Result<(), XlsxError> {
    let words: &[&str] = if column.kind == Kind::Flag { &YES_OR_NO } else { column.choices };
    if words.is_empty() {
        return Ok(());
    }
    let list = DataValidation::new()
        .allow_list_strings(words)?
        .set_error_style(DataValidationErrorStyle::Information)
        .set_error_message("不在备选项里，导入时可能不认识")?;
    sheet.add_data_validation(1, place, OFFERED_ROWS, place, &list)?;
    Ok(())
}

/// A row that shows how to fill in the others. It is marked, and the reader passes over it.
fn example(sheet: &mut Worksheet, spec: &TableSpec) -> Result<(), XlsxError> {
    let Some(lead) = spec.columns.iter().position(|column| column.required && !column.example.is_empty()) else {
        return Ok(());
    };
    let grey = Format::new().set_italic().set_font_color(Color::RGB(EXAMPLE_COLOUR));
    for (place, column) in spec.columns.iter().enumerate() {
        let text = match place == lead {
            true => format!("{EXAMPLE}：{}", column.example),
            false => column.example.to_owned(),
        };
        match text.parse::<f64>() {
            Ok(number) if column.kind.is_figure() => sheet.write_number_with_format(1, place as u16, number, &grey)?,
            _ => sheet.write_string_with_format(1, place as u16, text, &grey)?,
        };
    }
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
    let general = [
        "表头不要改动；单位可以改写，系统按表头所写的单位换算。",
        "没有的数据请留空，不要填 0；0 表示数值确实为零。",
        "第二行灰色的是示例，不会导入；可以直接覆盖或删去。",
    ];
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
