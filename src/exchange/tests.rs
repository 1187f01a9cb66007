//! Files as they are sent, their variants, and files that lie; all of them made up (`crate::made`).

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

use std::ops::ControlFlow;
use std::path::Path;

use super::{FeatureFile, FeatureRecord, ReadOptions, ReadSummary, Unreadable};

pub fn read_path(path: &Path, options: &ReadOptions) -> Result<(Vec<FeatureRecord>, ReadSummary), Unreadable> {
    let mut records = Vec::new();
    let mut file = FeatureFile::open(path, options)?;
    let summary = file.read(&mut |record| {
        records.push(record);
        ControlFlow::Continue(())
    })?;
    assert_eq!(summary.read, records.len() as u64);
    Ok((records, summary))
}

pub fn read_bytes(name: &str, bytes: &[u8]) -> Result<(Vec<FeatureRecord>, ReadSummary), Unreadable> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    read_path(&path, &ReadOptions::default())
}

pub fn refusal(result: Result<(Vec<FeatureRecord>, ReadSummary), Unreadable>) -> super::Fault {
    match result {
        Err(Unreadable::Refused(fault)) => *fault,
        Err(Unreadable::Question(question)) => panic!("a question: {question:?}"),
        Ok((records, _)) => panic!("{} records were read", records.len()),
    }
}

pub fn question(result: Result<(Vec<FeatureRecord>, ReadSummary), Unreadable>) -> super::Question {
    match result {
        Err(Unreadable::Question(question)) => *question,
        Err(Unreadable::Refused(fault)) => panic!("refused: {fault:?}"),
        Ok((records, _)) => panic!("{} records were read", records.len()),
    }
}
