//! Rows of one requirement each into sets.

use std::collections::BTreeMap;

use super::super::frame::{Frame, Reading};
use super::super::wording;
use super::{Group, grouped, interval};
use crate::base::period::Period;
use crate::exchange::{Fault, TableRow};
use crate::policy::ending::Ending;
use crate::policy::indicator::{Indicator, Indicators};
use crate::policy::standard::{self, IndicatorSet, LandKind, Requirement};

pub fn read(rows: &[TableRow], frame: Frame<'_>) -> Reading {
    let mut reading = Reading::default();
    for (id, rows) in grouped(rows, &mut reading.faults) {
        let mut faults = Vec::new();
        if let Some(set) = read_set(&id, &rows, &mut faults, frame) {
            if let Err(error) = standard::hold_together(std::slice::from_ref(&set), frame.indicators) {
                let fault = Fault::error(wording::standard_code(&error), wording::standard(&error));
                faults.push(fault.at(Some(rows[0].record), Some(rows[0].line)));
            }
            reading.offer.standards.push(set);
        }
        reading.faults.append(&mut faults);
    }
    reading
}

fn read_set(id: &str, rows: &[&TableRow], faults: &mut Vec<Fault>, frame: Frame<'_>) -> Option<IndicatorSet> {
    let requirements = requirements(id, rows, faults, frame.indicators);
    let mut group = Group { id, rows, faults };
    let title = group.required("title");
    let land_kind =
        group.term("land_kind", LandKind::parse, &LandKind::ALL.iter().map(|it| it.label()).collect::<Vec<_>>());
    let adoption = group.adoption();
    let (document, article, source) = (group.required("document"), group.required("article"), group.required("source"));
    let (zone, industry, edition) = (group.shared("zone"), group.shared("industry"), group.shared("edition"));
    let from = group.day("valid_from").unwrap_or(frame.starts_on);
    let until = group.ending().as_ref().map(Ending::until);
    let checked_on = group.day("checked_on").unwrap_or(frame.today);
    Some(IndicatorSet {
        id: id.to_owned(),
        title: title?,
        land_kind: land_kind?,
        zone,
        industry,
        edition: edition.map(|text| text.trim_end_matches(['年', '版']).to_owned()),
        requirements,
        valid: Period { from: Some(from), until },
        adoption: adoption?,
        document: document?,
        article: article?,
        source: source?,
        checked_on,
    })
}

fn requirements(
    id: &str,
    rows: &[&TableRow],
    faults: &mut Vec<Fault>,
    indicators: &Indicators,
) -> BTreeMap<String, Requirement> {
    let mut requirements = BTreeMap::new();
    for row in rows {
        let mut found = Vec::new();
        if let Some((name, requirement)) = requirement(row, &mut found, indicators)
            && requirements.insert(name.clone(), requirement).is_some()
        {
            found.push(wording::requirement_twice(&name, id));
        }
        faults.extend(found.into_iter().map(|fault| fault.at(Some(row.record), Some(row.line))));
    }
    requirements
}

fn requirement(row: &TableRow, faults: &mut Vec<Fault>, indicators: &Indicators) -> Option<(String, Requirement)> {
    let (named, asked) = (row.text("indicator", faults), row.text("requirement", faults));
    let unit = row.text("unit", faults);
    let (named, asked) = (named?, asked?);
    let Some(indicator) = indicator(indicators, &named) else {
        faults.push(wording::indicator_unknown(&named));
        return None;
    };
    let Some(interval) = interval::read(&asked) else {
        faults.push(wording::interval(&asked));
        return None;
    };
    let unit = unit.unwrap_or_else(|| indicator.unit.clone());
    Some((indicator.name.clone(), Requirement { interval, unit }))
}

fn indicator<'a>(indicators: &'a Indicators, named: &str) -> Option<&'a Indicator> {
    indicators.indicators.iter().find(|indicator| {
        indicator.name == named || indicator.label == named || indicator.reciprocal.as_deref() == Some(named)
    })
}
