//! The same shapes as the files of the program: `[document]` with `[[article]]`, `[[set]]` or `[[entry]]`.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::frame::{Frame, Reading};
use super::{IntakeKind, Offer, wording};
use crate::exchange::Fault;
use crate::policy::directory::{DirectoryEntry, DirectoryError};
use crate::policy::receipt::sha256;
use crate::policy::veto::{self, VetoKind};
use crate::policy::{catalogue, standard};

pub fn read(text: &str, frame: Frame<'_>) -> Reading {
    let table: Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return Reading::fault(syntax(text, &error)),
    };
    match frame.kind {
        IntakeKind::Documents => read_document(table, frame),
        IntakeKind::Standards => read_sets(text, table, frame),
        IntakeKind::Directory => read_entries(text, table, frame),
        IntakeKind::Schemes => Reading::fault(wording::schemes_are_json()),
        IntakeKind::Measures => Reading::fault(wording::measures_are_json()),
        IntakeKind::VetoKinds => read_veto_kinds(text, table, frame),
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
        Ok(document) => Reading { offer: Offer { documents: vec![document], ..Offer::default() }, faults: Vec::new() },
        Err(error) => Reading::fault(wording::document(&error)),
    }
}

/// The parts of a file under the one name it may have, each with its record and line.
struct Parts {
    parts: Vec<(Value, u64, Option<u64>)>,
    faults: Vec<Fault>,
}

fn parts(text: &str, mut table: Table, name: &str) -> Result<Parts, Fault> {
    let heading = format!("[[{name}]]");
    let Some(Value::Array(parts)) = table.remove(name) else {
        return Err(wording::unexpected(&heading));
    };
    let unknown = |other: &String| wording::toml_syntax(&format!("不认识“{other}”，这种文件只有 {heading}"));
    let faults = table.keys().take(1).map(unknown).collect();
    let mut lines = text.lines().zip(1..).filter(|(line, _)| line.trim() == heading).map(|(_, number)| number);
    let placed = parts.into_iter().zip(1..).map(|(part, record)| (part, record, lines.next()));
    Ok(Parts { parts: placed.collect(), faults })
}

/// Set by set, so that one that cannot be read does not hide the next.
fn read_sets(text: &str, table: Table, frame: Frame<'_>) -> Reading {
    let Parts { parts, faults } = match parts(text, table, "set") {
        Ok(parts) => parts,
        Err(fault) => return Reading::fault(fault),
    };
    let mut reading = Reading { faults, ..Reading::default() };
    for (mut set, record, line) in parts {
        if let Value::Table(set) = &mut set {
            set.entry("valid_from").or_insert_with(|| day(frame.starts_on));
            set.entry("checked_on").or_insert_with(|| day(frame.today));
        }
        let one = Table::from_iter([("set".to_owned(), Value::Array(vec![set]))]);
        match standard::parse(&one.to_string(), frame.indicators) {
            Ok(sets) => reading.offer.standards.extend(sets),
            Err(error) => {
                let fault = Fault::error(wording::standard_code(&error), wording::standard(&error));
                reading.faults.push(fault.at(Some(record), line));
            }
        }
    }
    if let Err(error) = standard::hold_together(&reading.offer.standards, frame.indicators) {
        reading.faults.push(Fault::error(wording::standard_code(&error), wording::standard(&error)));
    }
    reading
}

/// Entry by entry; days are written as text, as in the program's own file.
fn read_entries(text: &str, table: Table, frame: Frame<'_>) -> Reading {
    let Parts { parts, faults } = match parts(text, table, "entry") {
        Ok(parts) => parts,
        Err(fault) => return Reading::fault(fault),
    };
    let mut reading = Reading { faults, ..Reading::default() };
    let mut seen = BTreeSet::new();
    for (mut entry, record, line) in parts {
        date(&mut entry, frame);
        let mut fault = |fault: Fault| reading.faults.push(fault.at(Some(record), line));
        match entry.try_into::<DirectoryEntry>() {
            Ok(entry) => {
                let again = (!seen.insert(entry.id.clone())).then(|| DirectoryError::Twice(entry.id.clone()));
                again.into_iter().chain(entry.holds_together().err()).for_each(|it| fault(wording::entry(&it)));
                reading.offer.directory.push(entry);
            }
            Err(error) => fault(wording::toml_syntax(error.message())),
        }
    }
    reading
}

/// The first day, and the day on which it was held against its source, where it names none.
fn date(part: &mut Value, frame: Frame<'_>) {
    let Value::Table(part) = part else { return };
    let text = |day: chrono::NaiveDate| Value::String(day.to_string());
    let valid = part.entry("valid").or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(valid) = valid {
        valid.entry("from").or_insert_with(|| text(frame.starts_on));
    }
    part.entry("checked_on").or_insert_with(|| text(frame.today));
}

/// Kind by kind, and then all of them beside each other.
fn read_veto_kinds(text: &str, table: Table, frame: Frame<'_>) -> Reading {
    let Parts { parts, faults } = match parts(text, table, "kind") {
        Ok(parts) => parts,
        Err(fault) => return Reading::fault(fault),
    };
    let mut reading = Reading { faults, ..Reading::default() };
    for (mut kind, record, line) in parts {
        date(&mut kind, frame);
        match kind.try_into::<VetoKind>() {
            Ok(kind) => {
                let wrong = kind.holds_together().err();
                reading.faults.extend(wrong.map(|it| wording::veto_kind_fault(&it).at(Some(record), line)));
                reading.offer.veto_kinds.push(kind);
            }
            Err(error) => reading.faults.push(wording::toml_syntax(error.message()).at(Some(record), line)),
        }
    }
    if reading.faults.is_empty() {
        let beside = veto::hold_together(&reading.offer.veto_kinds).err();
        reading.faults.extend(beside.map(|it| wording::veto_kind_fault(&it)));
    }
    reading
}
