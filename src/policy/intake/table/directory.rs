//! Rows of one entry each into a directory.

use super::super::frame::{Frame, Reading};
use super::super::wording;
use super::{Group, grouped};
use crate::base::period::Period;
use crate::base::text::Seen;
use crate::exchange::TableRow;
use crate::policy::directory::{DirectoryClass, DirectoryEntry, DirectoryError};
use crate::policy::ending::Ending;

pub fn read(rows: &[TableRow], frame: Frame<'_>) -> Reading {
    let mut reading = Reading::default();
    for (id, rows) in grouped(rows, &mut reading.faults) {
        for again in &rows[1..] {
            let fault = wording::entry(&DirectoryError::Twice(id.clone()));
            reading.faults.push(fault.at(Some(again.record), Some(again.line)));
        }
        let mut group = Group { id: &id, rows: &rows[..1], faults: &mut reading.faults };
        if let Some(entry) = read_entry(&mut group, frame) {
            if let Err(error) = entry.holds_together() {
                group.fault(wording::entry(&error));
            }
            reading.offer.directory.push(entry);
        }
    }
    reading
}

fn read_entry(group: &mut Group<'_>, frame: Frame<'_>) -> Option<DirectoryEntry> {
    let classes: Vec<_> = DirectoryClass::ALL.iter().map(|it| it.label()).collect();
    let (class, adoption) = (group.term("class", DirectoryClass::parse, &classes), group.adoption());
    let (wording, industries) = (group.required("wording"), group.required("industries"));
    let (edition, whole_industry) = (group.required("edition"), group.flag("whole_industry"));
    let (document, article, source) = (group.required("document"), group.required("article"), group.required("source"));
    let from = group.day("valid_from").unwrap_or(frame.starts_on);
    let until = group.ending().as_ref().map(Ending::until);
    let checked_on = group.day("checked_on").unwrap_or(frame.today);
    let industries = industries?;
    let codes = industries.split(['、', ',', '，', '；', ';']).map(Seen::seen).filter(|code| !code.is_empty());
    Some(DirectoryEntry {
        id: group.id.to_owned(),
        class: class?,
        wording: wording?,
        industries: codes.map(str::to_owned).collect(),
        edition: edition?.trim_end_matches(['年', '版']).to_owned(),
        whole_industry: whole_industry?,
        valid: Period { from: Some(from), until },
        adoption: adoption?,
        document: document?,
        article: article?,
        source: source?,
        checked_on,
    })
}
