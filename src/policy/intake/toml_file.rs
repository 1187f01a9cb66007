//! The same shapes as the files of the program: `[document]` with `[[article]]`, or `[[set]]`.

use toml::{Table, Value};

use super::read::{Frame, Reading};
use super::{IntakeKind, Offer, wording};
use crate::exchange::Fault;
use crate::policy::catalogue;
use crate::policy::receipt::sha256;
use crate::policy::standard;

pub fn read(text: &str, frame: Frame<'_>) -> Reading {
    let table: Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return Reading::fault(syntax(text, &error)),
    };
    match frame.kind {
        IntakeKind::Documents => read_document(table, frame),
        IntakeKind::Standards => read_sets(text, table, frame),
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> Fault {
    let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
    wording::toml_syntax(error.message()).at(None, line)
}

fn day(value: chrono::NaiveDate) -> Value {
    Value::Datetime(value.to_string().parse().expect("a day is a TOML day"))
}

fn read_document(mut table: Table, frame: Frame<'_>) -> Reading {
    let whole = match table.get("article").and_then(Value::as_array) {
        Some(articles) => articles.iter().filter_map(|article| article.get("wording")?.as_str()).collect::<Vec<_>>(),
        None => Vec::new(),
    };
    let hash = (!whole.is_empty()).then(|| sha256(&whole.join("\n")));
    let Some(Value::Table(head)) = table.get_mut("document") else {
        return Reading::fault(wording::unexpected("[document] 一节"));
    };
    head.entry("valid_from").or_insert_with(|| day(frame.starts_on));
    head.entry("note").or_insert_with(|| Value::String(String::new()));
    if let Some(hash) = hash {
        head.entry("sha256").or_insert(Value::String(hash));
    }
    match catalogue::read_document(&table.to_string()) {
        Ok(document) => {
            Reading { offer: Offer { documents: vec![document], standards: Vec::new() }, faults: Vec::new() }
        }
        Err(error) => Reading::fault(wording::document(&error)),
    }
}

/// Set by set, so that one that cannot be read does not hide the next.
fn read_sets(text: &str, table: Table, frame: Frame<'_>) -> Reading {
    let mut reading = Reading::default();
    let lines: Vec<u64> =
        text.lines().enumerate().filter(|(_, it)| it.trim() == "[[set]]").map(|(n, _)| n as u64 + 1).collect();
    let Some(Value::Array(sets)) = table.get("set") else {
        return Reading::fault(wording::unexpected("[[set]]"));
    };
    if let Some(other) = table.keys().find(|key| *key != "set") {
        reading.faults.push(wording::toml_syntax(&format!("不认识“{other}”，指标文件只有 [[set]]")));
    }
    for (place, set) in sets.iter().enumerate() {
        let mut set = set.clone();
        if let Value::Table(set) = &mut set {
            set.entry("valid_from").or_insert_with(|| day(frame.starts_on));
            set.entry("checked_on").or_insert_with(|| day(frame.today));
        }
        let one = Table::from_iter([("set".to_owned(), Value::Array(vec![set]))]);
        match standard::parse(&one.to_string(), frame.indicators) {
            Ok(sets) => reading.offer.standards.extend(sets),
            Err(error) => {
                let fault = Fault::error(wording::standard_code(&error), wording::standard(&error));
                reading.faults.push(fault.at(Some(place as u64 + 1), lines.get(place).copied()));
            }
        }
    }
    if let Err(error) = standard::hold_together(&reading.offer.standards, frame.indicators) {
        reading.faults.push(Fault::error(wording::standard_code(&error), wording::standard(&error)));
    }
    reading
}
