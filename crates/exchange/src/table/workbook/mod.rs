//! A workbook (.xlsx, .xlsm) taken apart as far as a table needs it: its sheets, and of every cell the value, the number
//! format, and whether a formula was ever worked out; of every sheet what is merged and what is hidden.

mod cells;
pub mod format;
mod part;
mod survey;

use std::path::{Path, PathBuf};

use crate::fault::{Fault, Unreadable};
use crate::limits::Limits;
use crate::wording;

use format::{Format, Styles};
use part::{Node, Parts, Xml};
pub use survey::{Merge, Survey};

use super::handed::EachRow;

/// One worksheet. Charts, dialogs and macro sheets are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetEntry {
    pub name: String,
    pub hidden: bool,
    part: String,
}

pub struct Book {
    path: PathBuf,
    pub sheets: Vec<SheetEntry>,
    strings: Vec<Box<str>>,
    styles: Styles,
    from_1904: bool,
    /// The program that wrote the file leaves the working out to the one that opens it.
    left_to_compute: bool,
}

impl Book {
    /// # Errors
    /// When it is no workbook, or damaged.
    pub fn open(path: &Path) -> Result<Book, Fault> {
        let mut parts = Parts::open(path)?;
        let main = main_part(&mut parts)?;
        let targets = relations(&mut parts, &main)?;
        let mut book = Book {
            path: path.to_owned(),
            sheets: Vec::new(),
            strings: Vec::new(),
            styles: Styles::default(),
            from_1904: false,
            left_to_compute: false,
        };
        book.read_main(&mut parts, &main, &targets)?;
        if let Some(target) = targets.iter().find(|target| target.kind == "sharedStrings") {
            book.strings = shared_strings(&mut parts, &target.part)?;
        }
        if let Some(target) = targets.iter().find(|target| target.kind == "styles") {
            book.styles = Styles::read(&mut parts, &target.part)?;
        }
        Ok(book)
    }

    fn read_main(&mut self, parts: &mut Parts, main: &str, targets: &[Target]) -> Result<(), Fault> {
        let mut xml = parts.xml(main)?;
        while let Some(node) = xml.next()? {
            let Node::Start(start) = node else { continue };
            match start.name() {
                "workbookPr" => self.from_1904 = start.says_yes("date1904"),
                "calcPr" => self.left_to_compute = start.says_yes("fullCalcOnLoad"),
                "sheet" => {
                    let id = start.attribute("id").unwrap_or_default();
                    let of_it = targets.iter().find(|target| target.id == id && target.kind == "worksheet");
                    if let (Some(name), Some(target)) = (start.attribute("name"), of_it) {
                        let hidden = start.attribute("state").is_some_and(|state| state != "visible");
                        self.sheets.push(SheetEntry { name, hidden, part: target.part.clone() });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Hands over every row that has a cell with its number, until told to stop.
    ///
    /// # Errors
    /// When the sheet is damaged, or gives a row or a cell twice.
    pub fn each_row(&self, sheet: &SheetEntry, limits: &Limits, each: &mut EachRow<'_>) -> Result<(), Unreadable> {
        let mut parts = Parts::open(&self.path)?;
        cells::each_row(self, parts.xml(&sheet.part)?, limits, each)
    }

    /// # Errors
    /// When the sheet is damaged.
    pub fn survey(&self, sheet: &SheetEntry) -> Result<Survey, Fault> {
        let mut parts = Parts::open(&self.path)?;
        survey::survey(parts.xml(&sheet.part)?)
    }

    fn format(&self, style: usize) -> &Format {
        self.styles.of(style)
    }
}

/// What one part of a workbook says of another.
struct Target {
    id: String,
    /// The last word of the relation's name, which is the same in both dialects of the format.
    kind: String,
    part: String,
}

fn main_part(parts: &mut Parts) -> Result<String, Fault> {
    let found = relations(parts, "")?.into_iter().find(|target| target.kind == "officeDocument");
    let main = found.map_or_else(|| "xl/workbook.xml".to_owned(), |target| target.part);
    if parts.has(&main) { Ok(main) } else { Err(wording::truncated("工作簿里没有目录（workbook.xml）")) }
}

fn relations(parts: &mut Parts, of: &str) -> Result<Vec<Target>, Fault> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let path = format!("{folder}/_rels/{file}.rels");
    if !parts.has(&path) {
        return Ok(Vec::new());
    }
    let mut targets = Vec::new();
    let mut xml = parts.xml(&path)?;
    while let Some(node) = xml.next()? {
        let Node::Start(start) = node else { continue };
        if start.name() == "Relationship"
            && let (Some(id), Some(kind), Some(target)) =
                (start.attribute("Id"), start.attribute("Type"), start.attribute("Target"))
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            targets.push(Target { id, kind, part: beside(folder, &target) });
        }
    }
    Ok(targets)
}

/// A path as a part of `folder` says it.
fn beside(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." | "" => {}
            other => steps.push(other),
        }
    }
    steps.join("/")
}

fn shared_strings(parts: &mut Parts, part: &str) -> Result<Vec<Box<str>>, Fault> {
    if !parts.has(part) {
        return Ok(Vec::new());
    }
    let mut strings = Vec::new();
    let mut xml = parts.xml(part)?;
    while let Some(node) = xml.next()? {
        if matches!(&node, Node::Start(start) if start.name() == "si") {
            strings.push(rich_text(&mut xml, "si")?.into_boxed_str());
        }
    }
    Ok(strings)
}

/// The text of an element, its runs put together; how a word is pronounced is not part of it.
fn rich_text<R: std::io::BufRead>(xml: &mut Xml<R>, element: &str) -> Result<String, Fault> {
    let mut text = String::new();
    let mut pronounced = 0;
    while let Some(node) = xml.next()? {
        match node {
            Node::Start(start) if start.name() == "rPh" => pronounced += 1,
            Node::End(end) if end.name() == "rPh" => pronounced -= 1,
            Node::Start(start) if start.name() == "t" && pronounced == 0 => text.push_str(&xml.text("t")?),
            Node::End(end) if end.name() == element => break,
            _ => {}
        }
    }
    Ok(unescaped(text))
}

/// `_x000D_` stands for a character that XML cannot hold.
fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(place) = rest.find("_x") {
        let code = rest.get(place + 2..place + 6).filter(|_| rest.as_bytes().get(place + 6) == Some(&b'_'));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match character {
            Some(character) => {
                out.push_str(&rest[..place]);
                out.push(character);
                rest = &rest[place + 7..];
            }
            None => {
                out.push_str(&rest[..place + 2]);
                rest = &rest[place + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_parts_are_put_together() {
        assert_eq!(beside("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(beside("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(beside("xl/a", "../a.xml"), "xl/a.xml");
        assert_eq!(beside("", "xl/workbook.xml"), "xl/workbook.xml");
    }

    #[test]
    fn characters_xml_cannot_hold_are_read_back() {
        assert_eq!(unescaped("甲_x000D_\n乙".into()), "甲\r\n乙");
        assert_eq!(unescaped("_x005F_x000D_".into()), "_x000D_");
        assert_eq!(unescaped("a_xyz_b_x12".into()), "a_xyz_b_x12");
    }
}
