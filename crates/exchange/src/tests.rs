//! Files as they are sent, their variants, and files that lie; all of them made up (`crate::read_made`).

mod boundary;
mod files;
mod frames;
mod geojson;
mod headers;
mod raw_workbook;
mod tables;
mod text_tables;
mod validity;
mod workbooks;

use super::read_made::Read;
use super::{FeatureRecord, ReadOptions, ReadSummary, Unreadable};

pub use super::read_made::read_path;

pub fn read_bytes(name: &str, bytes: &[u8]) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    read_path(&path, &ReadOptions::default())
}

pub fn refusal(result: Read) -> super::Fault {
    match result {
        Err(Unreadable::Refused(fault)) => *fault,
        Err(Unreadable::Question(question)) => panic!("a question: {question:?}"),
        Ok((records, _)) => panic!("{} records were read", records.len()),
    }
}

pub fn question(result: Read) -> super::Question {
    match result {
        Err(Unreadable::Question(question)) => *question,
        Err(Unreadable::Refused(fault)) => panic!("refused: {fault:?}"),
        Ok((records, _)) => panic!("{} records were read", records.len()),
    }
}
