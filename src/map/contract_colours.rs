//! How parcels stand by their contracts, and the colours that say so.

use chrono::NaiveDate;
use serde::Serialize;

use crate::contract::present::stage_colour;
use crate::contract::stage::Stage;
use crate::obligations::summary::Suspicion;

/// A colour of a legend.
#[derive(Clone, Debug, Serialize)]
pub struct Class {
    pub key: &'static str,
    pub label: &'static str,
    pub color: &'static str,
}

/// Days late as the map tells them apart.
const LATE: [(i64, Class); 5] = [
    (0, Class { key: "none", label: "无逾期", color: "#dfe7dc" }),
    (1, Class { key: "month", label: "逾期1–30日", color: "#f6d9a8" }),
    (31, Class { key: "sixty", label: "逾期31–60日", color: "#e6862b" }),
    (61, Class { key: "year", label: "逾期61–365日", color: "#c1440e" }),
    (366, Class { key: "more", label: "逾期超过365日", color: "#6b1a06" }),
];

/// The legends of the three colourings.
#[derive(Debug, Serialize)]
pub struct Legends {
    pub stage: Vec<Class>,
    pub late: Vec<Class>,
    pub idle: Vec<Class>,
}

pub fn legends() -> Legends {
    let stage = |stage: &Stage| Class { key: stage.code(), label: stage.label(), color: stage_colour(*stage) };
    let idle = |idle: &Suspicion| {
        let color = match idle {
            Suspicion::No => "#dfe7dc",
            Suspicion::Soon => "#f2b84b",
            Suspicion::Suspected => "#b3123a",
            Suspicion::NotDeterminable => "#8e7cc3",
        };
        Class { key: idle.code(), label: idle.label(), color }
    };
    Legends {
        stage: Stage::ALL.iter().map(stage).collect(),
        late: LATE.iter().map(|(_, class)| class.clone()).collect(),
        idle: Suspicion::ALL.iter().map(idle).collect(),
    }
}

/// The lower ends of the classes of days late, with their keys.
pub fn late_edges() -> (Vec<i32>, Vec<String>) {
    LATE.iter().map(|(from, class)| (*from as i32, class.key.to_owned())).unzip()
}

/// How one parcel stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelState {
    pub stage: Stage,
    pub days_late: i64,
    pub idle: Suspicion,
    pub(super) open: bool,
    pub(super) signed_on: Option<NaiveDate>,
}
