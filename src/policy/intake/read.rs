//! A file into an offer, with every fault and its place.

use super::frame::{Frame, Reading};
use super::{IntakeKind, json_file, table, toml_file, wording};

/// Reads the bytes of an .xlsx, .csv or .toml file by the ending of its name, schemes and measures from .json.
pub fn read(file_name: &str, bytes: &[u8], frame: Frame<'_>) -> Reading {
    let ending = file_name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let mut reading = match ending.as_str() {
        "toml" if !is_json(frame.kind) => match std::str::from_utf8(bytes) {
            Ok(text) => toml_file::read(text.trim_start_matches('\u{feff}'), frame),
            Err(_) => Reading::fault(wording::not_text()),
        },
        "json" if is_json(frame.kind) => match std::str::from_utf8(bytes) {
            Ok(text) => json_file::read(text.trim_start_matches('\u{feff}'), frame),
            Err(_) => Reading::fault(wording::not_text()),
        },
        _ if frame.kind == IntakeKind::Schemes => Reading::fault(wording::schemes_are_json()),
        _ if frame.kind == IntakeKind::Measures => Reading::fault(wording::measures_are_json()),
        _ if frame.kind == IntakeKind::VetoKinds => Reading::fault(wording::veto_kinds_are_toml()),
        "xlsx" | "csv" => table::read(&ending, bytes, frame),
        _ => Reading::fault(wording::format_unknown()),
    };
    if reading.offer.is_empty() && reading.faults.is_empty() {
        reading.faults.push(wording::nothing());
    }
    let sets = reading.offer.standards.iter().map(|set| set.valid.from);
    let entries = reading.offer.directory.iter().map(|entry| entry.valid.from);
    let kinds = reading.offer.veto_kinds.iter().map(|kind| kind.valid.from);
    let measures = reading.offer.measures.iter().map(|measure| Some(measure.from));
    if let Some(earliest) =
        sets.chain(entries).chain(kinds).chain(measures).flatten().min().filter(|day| *day < frame.today)
    {
        reading.faults.push(wording::starts_in_the_past(earliest));
    }
    reading
}

fn is_json(kind: IntakeKind) -> bool {
    matches!(kind, IntakeKind::Schemes | IntakeKind::Measures)
}
