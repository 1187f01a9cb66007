//! How parcels stand by their contracts on a day: the check of a whole district, kept until a contract changes.
//!
//! Conventions: of several contracts about one parcel the one concluded last is shown; one that has ended gives way to any
//! that has not.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};

use super::contract_colours::ParcelState;
use super::contract_tile_store as kept;
use super::yields::Rule;
use crate::contract::store;
use crate::db::{PgPool, Scope};
use crate::obligations::summary::summarize;
use crate::obligations::sweep::Question;

/// Eight hexadecimal digits that change with anything the states rest on besides the contracts.
pub fn digest(question: &Question) -> String {
    let text = format!("{} {:?}", env!("CARGO_PKG_VERSION"), question.practice);
    hex::encode(&Sha256::digest(text)[..4])
}

/// The same for tiles, which also carry what the filters ask of a year.
pub fn tile_digest(question: &Question, yields: &Rule) -> String {
    hex::encode(&Sha256::digest(format!("{} {}", digest(question), yields.digest()))[..4])
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
