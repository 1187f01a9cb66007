//! Files that end like tables and are something else, named as what they are, with what to do.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use crate::exchange::fault::{Fault, Unreadable};
use crate::exchange::{wording, zipped};

const SAVE_AS: &str = "请用 Excel 或 WPS 打开，另存为 .xlsx 后导入。";
const TABLES_ONLY: &str = "表格请用 .xlsx 或 .csv。";

/// # Errors
/// When the file is known to be no table that can be read, and why.
pub fn refuse(path: &Path, head: &[u8]) -> Result<(), Unreadable> {
    let found = if zipped::is_zip(head) { archive(path)? } else { of_head(head) };
    match found {
        Some((is, instead)) => Err(wording::wrong_kind(&is, instead).into()),
        None => Ok(()),
    }
}

type Known = Option<(String, &'static str)>;

fn of_head(head: &[u8]) -> Known {
    const CONTAINER: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    let begins = |bytes: &[u8]| head.starts_with(bytes);
    if begins(&CONTAINER[..4]) {
        return Some(compound(head));
    }
    let binary: [(&[u8], &str, &'static str); 7] = [
        (b"%PDF", "PDF 文件", "PDF 里的表格请先导出或录入为 .xlsx。"),
        (b"\x89PNG", "图片（PNG）", TABLES_ONLY),
        (b"\xFF\xD8\xFF", "图片（JPEG）", TABLES_ONLY),
        (b"Rar!", "RAR 压缩包", "请解压后导入其中的 .xlsx 或 .csv。"),
        (b"7z\xBC\xAF", "7z 压缩包", "请解压后导入其中的 .xlsx 或 .csv。"),
        (b"\x1F\x8B", "gzip 压缩文件", "请解压后导入其中的 .xlsx 或 .csv。"),
        (b"SQLite format 3", "数据库文件（GeoPackage、SQLite）", TABLES_ONLY),
    ];
    if let Some((_, is, instead)) = binary.into_iter().find(|(bytes, ..)| begins(bytes)) {
        return Some((is.to_owned(), instead));
    }
    of_text(&String::from_utf8_lossy(&head[..head.len().min(8 << 10)]).to_lowercase())
}

/// The old container: its directory names what it holds, in wide letters.
fn compound(head: &[u8]) -> (String, &'static str) {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        head.windows(wide.len()).any(|window| window == wide)
    };
    if holds("EncryptedPackage") {
        return ("设了打开密码的工作簿".into(), "请用 Excel 或 WPS 打开，取消密码后另存为 .xlsx 再导入。");
    }
    if holds("WordDocument") {
        return ("Word 文档（.doc）".into(), "请把其中的表格复制到 Excel 或 WPS 表格，存为 .xlsx 后导入。");
    }
    if holds("Workbook") || holds("Book") {
        return ("旧版 Excel 工作簿（.xls，97-2003）".into(), SAVE_AS);
    }
    ("旧版 .xls 或设了密码的工作簿".into(), SAVE_AS)
}

fn of_text(text: &str) -> Known {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let is = |what: &str, instead| Some((what.to_owned(), instead));
    if text.starts_with("mime-version:") {
        return is("存成 .xls 的网页（单个文件网页）", SAVE_AS);
    }
    if text.starts_with("id;p") {
        return is("SYLK 表格", SAVE_AS);
    }
    if text.starts_with("{\\rtf") {
        return is("RTF 文档", "请把其中的表格复制到 Excel 或 WPS 表格，存为 .xlsx 后导入。");
    }
    if text.starts_with('<') {
        if text.contains("urn:schemas-microsoft-com:office:spreadsheet") && !text.contains("<html") {
            return is("XML 电子表格 2003", SAVE_AS);
        }
        if ["<html", "<table", "<!doctype html", "<body", "<style", "<meta"].iter().any(|tag| text.contains(tag)) {
            return is("存成 .xls 的网页（HTML）", SAVE_AS);
        }
        if text.starts_with("<?xml") {
            return is("XML 文件", TABLES_ONLY);
        }
    }
    let packed: String = text.chars().filter(|c| !c.is_whitespace()).take(2).collect();
    if matches!(packed.as_str(), "{\"" | "[{" | "[[" | "{}" | "[]" | "[\"") {
        return is("JSON 文件", "请让导出的系统改为导出 .xlsx 或 .csv。");
    }
    None
}

/// None for a workbook.
fn archive(path: &Path) -> Result<Known, Fault> {
    let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let Ok(mut archive) = ZipArchive::new(BufReader::new(file)) else { return Ok(None) };
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else { return Ok(None) };
        names.push(String::from_utf8_lossy(entry.name_raw()).replace('\\', "/").to_lowercase());
    }
    let has = |name: &str| names.iter().any(|other| other == name);
    let under = |folder: &str| names.iter().any(|other| other.starts_with(folder));
    let known = |is: &str, instead| Ok(Some((is.to_owned(), instead)));
    if has("mimetype") && has("content.xml") {
        let mut kind = String::new();
        if let Ok(entry) = archive.by_name("mimetype") {
            let _ = entry.take(200).read_to_string(&mut kind);
        }
        return match kind.contains("spreadsheet") {
            true => known("OpenDocument 电子表格（.ods）", SAVE_AS),
            false => known("OpenDocument 文档", TABLES_ONLY),
        };
    }
    if has("xl/workbook.bin") {
        return known("二进制工作簿（.xlsb）", SAVE_AS);
    }
    if under("word/") {
        return known("Word 文档（.docx）", "请把其中的表格复制到 Excel 或 WPS 表格，存为 .xlsx 后导入。");
    }
    if under("ppt/") {
        return known("演示文稿（.pptx）", TABLES_ONLY);
    }
    if has("[content_types].xml") {
        return Ok(None);
    }
    let tables =
        names.iter().filter(|name| [".xlsx", ".xls", ".csv", ".xlsm", ".et"].iter().any(|end| name.ends_with(end)));
    match tables.count() {
        0 => known("压缩包", TABLES_ONLY),
        count => Ok(Some((format!("压缩包（里面有 {count} 个表格）"), "请解压后逐个导入其中的 .xlsx 或 .csv。"))),
    }
}
