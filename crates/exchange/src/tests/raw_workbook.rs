//! Workbooks written part by part, for what no writer of ours writes.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// One sheet: its name, what else its entry in the workbook says, the kind of part, and the inside of its `worksheet`.
pub struct Sheet {
    pub name: &'static str,
    pub attributes: &'static str,
    pub kind: &'static str,
    pub inside: String,
}

pub fn sheet(name: &'static str, inside: impl Into<String>) -> Sheet {
    Sheet { name, attributes: "", kind: "worksheet", inside: inside.into() }
}

/// A workbook of these sheets. `properties` stands before them in its main part; `formats` are number formats, from style 1 on.
pub fn workbook(sheets: &[Sheet], properties: &str, formats: &[&str]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, text: String| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    put("[Content_Types].xml", "<Types/>".into());
    put("_rels/.rels", relations(&[(1, "officeDocument", "xl/workbook.xml".to_owned())]));
    let entries: String = sheets
        .iter()
        .zip(1..)
        .map(|(sheet, n)| format!(r#"<sheet name="{}" sheetId="{n}" {} r:id="rId{n}"/>"#, sheet.name, sheet.attributes))
        .collect();
    put(
        "xl/workbook.xml",
        format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{entries}</sheets></workbook>"#),
    );
    let mut targets: Vec<(usize, &str, String)> =
        sheets.iter().zip(1..).map(|(sheet, n)| (n, sheet.kind, format!("worksheets/sheet{n}.xml"))).collect();
    targets.push((900, "styles", "styles.xml".into()));
    put("xl/_rels/workbook.xml.rels", relations(&targets));
    let codes: String = formats
        .iter()
        .zip(164..)
        .map(|(code, n)| format!(r#"<numFmt numFmtId="{n}" formatCode="{}"/>"#, code.replace('"', "&quot;")))
        .collect();
    let styles: String = (164..).take(formats.len()).map(|n| format!(r#"<xf numFmtId="{n}"/>"#)).collect();
    put(
        "xl/styles.xml",
        format!(
            r#"<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>"#
        ),
    );
    for (sheet, n) in sheets.iter().zip(1..) {
        let text = format!(r#"<worksheet xmlns="{MAIN}">{}</worksheet>"#, sheet.inside);
        put(&format!("xl/worksheets/sheet{n}.xml"), text);
    }
    zip.finish().unwrap().into_inner()
}

fn relations(targets: &[(usize, &str, String)]) -> String {
    let each = targets
        .iter()
        .map(|(n, kind, part)| format!(r#"<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{part}"/>"#))
        .collect::<String>();
    format!(r#"<Relationships xmlns="{RELATIONS}">{each}</Relationships>"#)
}

/// A row of texts; one that begins with `<c` stands as it is.
pub fn row(number: u64, attributes: &str, cells: &[&str]) -> String {
    let cell = |(place, text): (usize, &&str)| match text.starts_with("<c") {
        true => (*text).to_owned(),
        false if text.is_empty() => String::new(),
        false => format!(
            r#"<c r="{}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#,
            crate::table::cell_name(number, place)
        ),
    };
    format!(r#"<row r="{number}" {attributes}>{}</row>"#, cells.iter().enumerate().map(cell).collect::<String>())
}
