//! Schemes of evaluation and measures: one, or a list of them, in the form in which they are published and printed.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::frame::{Frame, Reading};
use super::{IntakeKind, Offer, wording};
use crate::entitlement::Measure;
use crate::exchange::Fault;
use crate::policy::{measures, scheme};
use crate::scoring::Scheme;

pub fn read(text: &str, frame: Frame<'_>) -> Reading {
    let read = match frame.kind {
        IntakeKind::Measures => list::<Measure>(text, measures::unreadable).map(hold_measures),
        _ => list::<Scheme>(text, scheme::unreadable).map(|schemes| hold(schemes, frame)),
    };
    read.unwrap_or_else(|faults| Reading { offer: Offer::default(), faults })
}

/// One, or a list of them.
fn list<T: DeserializeOwned>(text: &str, unreadable_one: fn(u64, &str) -> Fault) -> Result<Vec<T>, Vec<Fault>> {
    let value: Value = serde_json::from_str(text).map_err(|error| vec![syntax(&error)])?;
    let whole = match value.is_array() {
        true => serde_json::from_str::<Vec<T>>(text),
        false => serde_json::from_str(text).map(|one| vec![one]),
    };
    whole.map_err(|error| unreadable::<T>(value, &error, unreadable_one))
}

fn line(error: &serde_json::Error) -> Option<u64> {
    Some(error.line() as u64).filter(|line| *line > 0)
}

fn syntax(error: &serde_json::Error) -> Fault {
    wording::json_syntax(&error.to_string()).at(None, line(error))
}

/// What keeps each of them from being read. The reader of the whole stops at the first, whose line it knows.
fn unreadable<T: DeserializeOwned>(
    value: Value,
    first: &serde_json::Error,
    unreadable_one: fn(u64, &str) -> Fault,
) -> Vec<Fault> {
    let parts = match value {
        Value::Array(parts) => parts,
        one => vec![one],
    };
    let wrong = parts.into_iter().zip(1..).filter_map(|(part, record)| {
        serde_json::from_value::<T>(part).err().map(|error| unreadable_one(record, &error.to_string()))
    });
    let mut faults: Vec<Fault> = wrong.collect();
    match faults.first_mut() {
        Some(fault) => fault.line = line(first),
        // A field that stands twice is one of the text, not of what it comes to.
        None => faults.push(syntax(first)),
    }
    faults
}

/// Against the facts, the industries and the law, and each name once.
fn hold(schemes: Vec<Scheme>, frame: Frame<'_>) -> Reading {
    let mut reading = Reading::default();
    let mut seen = BTreeSet::new();
    for (scheme, record) in schemes.iter().zip(1..) {
        let again = (!seen.insert(&scheme.id)).then(|| wording::scheme_twice(&scheme.id));
        let faults = again.into_iter().chain(scheme::faults(scheme, frame.parameters));
        reading.faults.extend(faults.map(|fault| fault.at(Some(record), None)));
    }
    reading.offer.schemes = schemes;
    reading
}

fn hold_measures(measures: Vec<Measure>) -> Reading {
    let faults = measures::faults(&measures);
    Reading { offer: Offer { measures, ..Offer::default() }, faults }
}
