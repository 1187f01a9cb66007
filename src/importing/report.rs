//! What an import answers: counts that add up, every fault, the areas of every shape that could be read.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::exchange::fault::{Fault, Question, Unreadable};
use crate::exchange::table::Kept;

const AREAS_KEPT: usize = 20_000;
/// Of one record; the list under the map has them all.
const FAULTS_ON_THE_MAP: usize = 10;

/// read = accepted + rejected + unchanged. In a preview `accepted` is what a commit would take.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    pub read: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub unchanged: u64,
    pub faults: Vec<Fault>,
    #[serde(default)]
    pub parcels: Vec<ParcelAreas>,
    /// What was detected, for the eye.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
    /// Nothing was taken until the user answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
    /// Nothing of the file could be read; the faults say why.
    #[serde(default)]
    pub unreadable: bool,
    /// The first records that are taken, in the units in which they are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<SampleTable>,
    /// Records of tables that are not taken, as the file has them; of very many, the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedTable>,
    /// First records as GeoJSON in longitude and latitude, for the preview map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<serde_json::Value>,
}

/// Square metres and mu as decimal text; `None` where the file states no official area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelAreas {
    pub code: Option<String>,
    #[serde(with = "rust_decimal::serde::str_option")]
    pub official_area_m2: Option<Decimal>,
    #[serde(with = "rust_decimal::serde::str")]
    pub plane_area_m2: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    pub geodesic_area_m2: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    pub mu: Decimal,
}

/// Records of one table as they will stand in the register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleTable {
    pub title: String,
    /// With the unit of each figure.
    pub columns: Vec<String>,
    pub rows: Vec<SampleRow>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleRow {
    pub record: u64,
    pub cells: Vec<String>,
}

/// Records of one table that were not taken. The columns are those of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedTable {
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<RefusedRow>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    pub record: u64,
    pub line: u64,
    pub cells: Vec<Kept>,
}

/// Records of the staging table by what became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    pub accepted: i64,
    pub rejected: i64,
    pub unchanged: i64,
}

/// How an import ended; the command line's exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    AllTaken = 0,
    SomeRejected = 2,
    Unreadable = 3,
    QuestionOpen = 4,
}

impl Report {
    /// Of a file that could not be read to its end: nothing of it counts.
    pub fn unreadable(why: Unreadable) -> Self {
        match why {
            Unreadable::Refused(fault) => Report { unreadable: true, faults: vec![*fault], ..Report::default() },
            Unreadable::Question(question) => Report { question: Some(*question), ..Report::default() },
        }
    }

    /// As it is kept in a row: without the areas of very long files, which the command line's report has.
    pub fn kept(&self) -> Report {
        let parcels = if self.parcels.len() <= AREAS_KEPT { self.parcels.clone() } else { Vec::new() };
        Report {
            parcels,
            faults: self.faults.clone(),
            format: self.format.clone(),
            encoding: self.encoding.clone(),
            frame: self.frame.clone(),
            question: self.question.clone(),
            preview: self.preview.clone(),
            samples: self.samples.clone(),
            refused: self.refused.clone(),
            ..*self
        }
    }

    /// Each record of the preview carries its faults, so that a click on its shape says them.
    pub fn with_faults_on_the_map(mut self) -> Report {
        let Some(features) = self.preview.as_mut().and_then(|map| map["features"].as_array_mut()) else { return self };
        let mut by_record: HashMap<u64, Vec<&Fault>> = HashMap::new();
        for fault in &self.faults {
            if let Some(record) = fault.record {
                by_record.entry(record).or_default().push(fault);
            }
        }
        for feature in features {
            let record = feature["properties"]["record"].as_u64();
            let Some(found) = record.and_then(|record| by_record.get(&record)) else { continue };
            let said = found
                .iter()
                .take(FAULTS_ON_THE_MAP)
                .map(|fault| json!({ "code": fault.code, "severity": fault.severity, "message": fault.message }));
            feature["properties"]["faults"] = said.collect();
        }
        self
    }

    pub fn outcome(&self) -> Outcome {
        if self.question.is_some() {
            Outcome::QuestionOpen
        } else if self.unreadable {
            Outcome::Unreadable
        } else if self.rejected > 0 {
            Outcome::SomeRejected
        } else {
            Outcome::AllTaken
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::FaultCode;

    #[test]
    fn a_shape_on_the_map_says_its_own_faults() {
        let feature = |record: u64| json!({ "properties": { "record": record } });
        let report = Report {
            faults: vec![
                Fault::error(FaultCode::GeometryInvalid, "甲").at(Some(2), None),
                Fault::warning(FaultCode::Overlap, "乙").at(Some(2), None),
                Fault::warning(FaultCode::OutsideNotChecked, "丙"),
            ],
            preview: Some(json!({ "features": [feature(1), feature(2)] })),
            ..Report::default()
        };
        let map = report.with_faults_on_the_map().preview.unwrap();
        assert!(map["features"][0]["properties"]["faults"].is_null());
        let faults = &map["features"][1]["properties"]["faults"];
        assert_eq!((&faults[0]["severity"], &faults[1]["message"]), (&json!("error"), &json!("乙")));
        assert_eq!(Report::default().with_faults_on_the_map().preview, None);
    }
}
