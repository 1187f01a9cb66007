//! Rows of one article each into documents.

use std::collections::BTreeSet;

use super::super::frame::{Frame, Reading};
use super::super::wording;
use super::{Group, grouped};
use crate::base::period::Period;
use crate::exchange::{Fault, FaultCode, TableRow};
use crate::policy::ending::Ending;
use crate::policy::{Article, Document, Treatment, Unruled};

pub fn read(rows: &[TableRow], frame: Frame<'_>) -> Reading {
    let mut reading = Reading::default();
    for (id, rows) in grouped(rows, &mut reading.faults) {
        let document = read_document(&id, &rows, &mut reading.faults, frame);
        reading.offer.documents.extend(document);
    }
    reading
}

fn read_document(id: &str, rows: &[&TableRow], faults: &mut Vec<Fault>, frame: Frame<'_>) -> Option<Document> {
    let articles = articles(id, rows, faults);
    let mut group = Group { id, rows, faults };
    let (title, issuer) = (group.required("title"), group.required("issuer"));
    let (number, note) = (group.shared("number"), group.shared("note"));
    let from = group.day("valid_from").unwrap_or(frame.starts_on);
    let ending = group.ending();
    let until = ending.as_ref().map(Ending::until);
    if until.is_some_and(|until| until <= from) {
        group.fault(Fault::error(FaultCode::PeriodInvalid, format!("文件“{id}”的终止日不晚于施行日 {from}")));
    }
    Some(Document {
        id: id.to_owned(),
        title: title?,
        number,
        issuer: issuer?,
        valid: Period { from: Some(from), until },
        ending,
        note: note.unwrap_or_default(),
        articles,
    })
}

fn articles(id: &str, rows: &[&TableRow], faults: &mut Vec<Fault>) -> Vec<Article> {
    let mut keys = BTreeSet::new();
    let mut articles = Vec::new();
    for row in rows {
        let mut found = Vec::new();
        let key = row.text("article", &mut found);
        let wording = row.text("wording", &mut found);
        match (key, wording) {
            (Some(key), Some(_)) if !keys.insert(key.clone()) => {
                found.push(Fault::error(FaultCode::CodeDuplicate, format!("条款“{key}”出现两次")));
            }
            (Some(key), Some(wording)) => match treatment(row, &mut found) {
                Some(treatment) => articles.push(Article { document: id.to_owned(), key, wording, treatment, parts: Vec::new() }),
                None => found.push(wording::article_bare(&key)),
            },
            (None, None) => {}
            (Some(_), None) => found.push(crate::exchange::wording::value_missing(&"正文".into())),
            (None, Some(_)) => found.push(crate::exchange::wording::value_missing(&"条款".into())),
        }
        faults.extend(found.into_iter().map(|fault| fault.at(Some(row.record), Some(row.line))));
    }
    articles
}

fn treatment(row: &TableRow, faults: &mut Vec<Fault>) -> Option<Treatment> {
    let rules = row.text("rules", faults);
    let (status, reason) = (row.text("status", faults), row.text("reason", faults));
    match (rules, status, reason) {
        (Some(rules), None, None) => {
            let names = rules.split([',', '，', '、']).map(|name| name.trim().to_owned());
            Some(Treatment::Rules(names.filter(|name| !name.is_empty()).collect()))
        }
        (None, Some(status), Some(reason)) => Some(Treatment::Declared { status: Unruled::parse(&status)?, reason }),
        _ => None,
    }
}
