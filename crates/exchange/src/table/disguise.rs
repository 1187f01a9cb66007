//! Files that end like tables and are something else.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use zip::ZipArchive;

use crate::fault::{Fault, Unreadable};
use crate::foreign::{self, Wanted};
use crate::{wording, zipped};

/// Tables that people put into an archive.
const ENDINGS: [&str; 5] = [".xlsx", ".xls", ".csv", ".xlsm", ".et"];

/// # Errors
/// When the file is known to be no table that can be read, and why.
pub fn refuse(path: &Path, head: &[u8]) -> Result<(), Unreadable> {
    if zipped::is_zip(head) {
        return archive(path).map_err(Into::into);
    }
    match foreign::of_head(head, Wanted::Table) {
        Some(is) => Err(wording::foreign(is, Wanted::Table).into()),
        None => Ok(()),
    }
}

/// Nothing is wrong with a workbook; an archive that is damaged is left to whoever opens it.
fn archive(path: &Path) -> Result<(), Fault> {
    let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let Ok(mut archive) = ZipArchive::new(BufReader::new(file)) else { return Ok(()) };
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else { return Ok(()) };
        names.push(String::from_utf8_lossy(entry.name_raw()).to_lowercase());
    }
    if let Some(is) = foreign::of_names(names.iter().map(String::as_bytes), Wanted::Table) {
        return Err(wording::foreign(is, Wanted::Table));
    }
    if foreign::is_document(&names) {
        return Ok(());
    }
    let tables = names.iter().filter(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)));
    Err(wording::archive_of_tables(tables.count()))
}
