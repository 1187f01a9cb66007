//! How parcels stand by their contracts on a day: the check of a whole district, kept until a contract changes.
//!
//! Conventions: of several contracts about one parcel the one concluded last is shown; one that has ended gives way to any
//! that has not.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::contract_tile_store as kept;
use super::yields::Rule;
use crate::db::{PgPool, Scope};
use crate::tenure::pages::timeline::stage_colour;
use crate::tenure::stage::Stage;
use crate::tenure::store;
use crate::tenure::summary::{Suspicion, summarize};
use crate::tenure::sweep::Question;

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

/// Eight hexadecimal digits that change with anything the states rest on besides the contracts.
pub fn digest(question: &Question) -> String {
    let text = format!("{} {:?}", env!("CARGO_PKG_VERSION"), question.practice);
    hex::encode(&Sha256::digest(text)[..4])
}

/// The same for tiles, which also carry what the filters ask of a year.
pub fn tile_digest(question: &Question, yields: &Rule) -> String {
    hex::encode(&Sha256::digest(format!("{} {}", digest(question), yields.digest()))[..4])
}

/// How one parcel stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelState {
    pub stage: Stage,
    pub days_late: i64,
    pub idle: Suspicion,
    open: bool,
    signed_on: Option<NaiveDate>,
}

/// Works out the states of a district for a day, unless they are there for the present revision already.
pub async fn ensure(pool: &PgPool, scope: &Scope, as_of: NaiveDate, now: DateTime<Utc>) -> anyhow::Result<()> {
    let district = Scope::district(scope.district.clone());
    let question = Question::ask(pool, as_of, now, None).await?;
    let rule = digest(&question);
    let turn = kept::take_turn(pool, &district, as_of).await?;
    // Contracts may change while they are read; then what was read is not what the revision says, and is read again.
    for _ in 0..3 {
        let revision = kept::revision(pool, &district).await?;
        if kept::is_known(pool, &district, as_of, revision, &rule).await? {
            break;
        }
        let states = states(pool, &district, &question).await?;
        if kept::revision(pool, &district).await? == revision {
            kept::keep(pool, &district, as_of, revision, &rule, &states).await?;
            break;
        }
    }
    turn.commit().await?;
    Ok(())
}

/// Every parcel with a contract on the day.
pub async fn states(
    pool: &PgPool,
    scope: &Scope,
    question: &Question,
) -> Result<BTreeMap<String, ParcelState>, store::StoreError> {
    let mut states: BTreeMap<String, ParcelState> = BTreeMap::new();
    let mut batches = store::stream(pool.clone(), scope.clone(), question.known_at);
    while let Some(batch) = batches.recv().await {
        for contract in batch? {
            let lines = question.answer(&contract).lines;
            let Some(summary) = summarize(&contract, question.as_of, &lines) else { continue };
            let Some(terms) = contract.terms_on(question.as_of) else { continue };
            let state = ParcelState {
                stage: summary.standing.stage,
                days_late: summary.days_late,
                idle: summary.idle,
                open: summary.standing.stage.is_open(),
                signed_on: contract.signed_on(),
            };
            for parcel in &terms.parcels {
                let newer = states
                    .get(parcel)
                    .is_none_or(|other| (other.open, other.signed_on) < (state.open, state.signed_on));
                if newer {
                    states.insert(parcel.clone(), state.clone());
                }
            }
        }
    }
    Ok(states)
}
