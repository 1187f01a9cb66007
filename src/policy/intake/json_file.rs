//! Schemes of evaluation: one, or a list of them, in the form in which they are published and printed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::frame::{Frame, Reading};
use super::{Offer, wording};
use crate::exchange::Fault;
use crate::policy::scheme;
use crate::scoring::Scheme;

pub fn read(text: &str, frame: Frame<'_>) -> Reading {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return Reading::fault(syntax(&error)),
    };
    let is_list = value.is_array();
    let whole = match is_list {
        true => serde_json::from_str::<Vec<Scheme>>(text),
        false => serde_json::from_str(text).map(|one| vec![one]),
    };
    match whole {
        Ok(schemes) => hold(schemes, frame),
        Err(error) => Reading { offer: Offer::default(), faults: unreadable(value, &error) },
    }
}

fn line(error: &serde_json::Error) -> Option<u64> {
    Some(error.line() as u64).filter(|line| *line > 0)
}

fn syntax(error: &serde_json::Error) -> Fault {
    wording::json_syntax(&error.to_string()).at(None, line(error))
}

/// What keeps each scheme from being read. The reader of the whole stops at the first, whose line it knows.
fn unreadable(value: Value, first: &serde_json::Error) -> Vec<Fault> {
    let parts = match value {
        Value::Array(parts) => parts,
        one => vec![one],
    };
    let wrong = parts.into_iter().zip(1..).filter_map(|(part, record)| {
        serde_json::from_value::<Scheme>(part).err().map(|error| scheme::unreadable(record, &error.to_string()))
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
