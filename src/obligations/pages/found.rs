//! Contracts found for a page: read, judged, filtered, sorted and cut, without ever holding a district in memory.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::contract::known::Contract;
use crate::contract::stage::Stage;
use crate::contract::store::listing::{self, Sought};
use crate::contract::store::{self, StoreError};
use crate::contract::terms::ContractKind;
use crate::db::count::Total;
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::obligations::summary::{Summary, Suspicion, summarize};
use crate::obligations::sweep::Question;

/// A contract in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub number: String,
    pub kind: ContractKind,
    pub grantee: String,
    /// Filled in for the rows that are shown.
    pub grantee_name: Option<String>,
    pub parcels: Vec<String>,
    pub granted_area: crate::base::unit::Mu,
    pub price: crate::base::unit::Yuan,
    pub signed_on: NaiveDate,
    pub summary: Summary,
}

crate::terms! {
    /// What a list is narrowed to by its duties.
    pub enum Pressing {
        Overdue = "overdue" => "有逾期",
        DueSoon = "due_soon" => "30日内到期",
        BureauDuty = "bureau_duty" => "待提醒或调查",
        Idle = "idle" => "疑似闲置",
        Lapsing = "lapsing" => "权证将到期或已到期",
    }
}

crate::terms! {
    pub enum SortKey {
        Number = "number" => "合同编号",
        /// The latest first.
        Late = "late" => "逾期天数",
        /// What is due first, first.
        Due = "due" => "下一到期日",
    }
}

/// What a list asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub question: Question,
    /// Part of the number, a parcel code, a grantee's code or part of its name.
    pub text: Option<String>,
    pub stage: Option<Stage>,
    pub pressing: Option<Pressing>,
    pub kind: Option<ContractKind>,
    pub sort: SortKey,
}

/// Where the next page begins: the sort key of the last row and its number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor(pub i64, pub String);

pub type Page = keyset::Page<Row, Cursor>;

impl Wanted {
    /// Everything can be said by the database alone.
    fn is_plain(&self) -> bool {
        self.stage.is_none() && self.pressing.is_none() && self.kind.is_none() && self.sort == SortKey::Number
    }

    /// Codes of those whose name is asked for.
    async fn grantees(&self, pool: &PgPool, scope: &Scope) -> Result<BTreeSet<String>, sqlx::Error> {
        match &self.text {
            Some(text) => listing::called(pool, scope, text).await,
            None => Ok(BTreeSet::new()),
        }
    }

    fn row(&self, contract: &Contract) -> Option<Row> {
        let day = self.question.as_of;
        let terms = contract.terms_on(day)?;
        let lines = self.question.answer(contract).lines;
        Some(Row {
            number: contract.number.clone(),
            kind: terms.kind,
            grantee: terms.grantee.clone(),
            grantee_name: None,
            parcels: terms.parcels.clone(),
            granted_area: terms.granted_area,
            price: terms.price,
            signed_on: contract.signed_on()?,
            summary: summarize(contract, day, &lines)?,
        })
    }

    fn means(&self, contract: &Contract, grantees: &BTreeSet<String>) -> bool {
        let Some(terms) = contract.terms_on(self.question.as_of) else { return false };
        let Some(text) = &self.text else { return self.kind.is_none_or(|kind| kind == terms.kind) };
        let named = contract.number.contains(text.as_str())
            || terms.grantee == *text
            || terms.parcels.contains(text)
            || grantees.contains(&terms.grantee);
        named && self.kind.is_none_or(|kind| kind == terms.kind)
    }

    fn keeps(&self, row: &Row) -> bool {
        let summary = &row.summary;
        self.stage.is_none_or(|stage| stage == summary.standing.stage)
            && self.pressing.is_none_or(|pressing| match pressing {
                Pressing::Overdue => summary.overdue > 0,
                Pressing::DueSoon => summary.due_soon > 0,
                Pressing::BureauDuty => summary.to_do > 0,
                Pressing::Idle => summary.idle == Suspicion::Suspected,
                Pressing::Lapsing => summary.lapsing,
            })
    }

    fn place(&self, row: &Row) -> Cursor {
        let key = match self.sort {
            SortKey::Number => 0,
            SortKey::Late => -row.summary.days_late,
            SortKey::Due => {
                row.summary.next.map_or(i64::MAX, |(_, day)| i64::from(chrono::Datelike::num_days_from_ce(&day)))
            }
        };
        Cursor(key, row.number.clone())
    }
}

/// One page of what is wanted, at most `size` rows.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    wanted: &Wanted,
    position: &Position<Cursor>,
    size: usize,
) -> Result<Page, StoreError> {
    let grantees = wanted.grantees(pool, scope).await?;
    let mut page = if wanted.is_plain() {
        plain(pool, scope, wanted, &grantees, position, size).await?
    } else {
        streamed(pool, scope, wanted, &grantees, position, size).await?
    };
    name(pool, scope, wanted.question.as_of, &mut page.rows).await?;
    Ok(page)
}

/// How many contracts the list holds, where the database alone can say it; else reading a page tells.
pub async fn total(pool: &PgPool, scope: &Scope, wanted: &Wanted) -> Result<Total, StoreError> {
    if !wanted.is_plain() {
        return Ok(Total::NotCounted);
    }
    let grantees = wanted.grantees(pool, scope).await?;
    let sought = Sought { text: wanted.text.as_deref(), grantees: &grantees };
    Ok(listing::total(pool, scope, sought).await?)
}

/// By number alone: only the contracts of the page are read.
async fn plain(
    pool: &PgPool,
    scope: &Scope,
    wanted: &Wanted,
    grantees: &BTreeSet<String>,
    position: &Position<Cursor>,
    size: usize,
) -> Result<Page, StoreError> {
    let limit = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let sought = Sought { text: wanted.text.as_deref(), grantees };
    let found =
        listing::matching(pool, scope, sought, &position.by(|Cursor(_, number)| number.as_str()), limit).await?;
    let found = position.paginate(found, size, |entry| Cursor(0, entry.number.clone()));
    let numbers: Vec<String> = found.rows.iter().map(|entry| entry.number.clone()).collect();
    let mut connection = pool.acquire().await?;
    let contracts = store::load_many(&mut connection, scope, &numbers, wanted.question.known_at).await?;
    let rows = contracts.iter().filter_map(|contract| wanted.row(contract)).collect();
    Ok(Page { rows, previous: found.previous, next: found.next, total: None })
}

/// By what the check says: every contract is judged, and only the rows of the page are kept.
async fn streamed(
    pool: &PgPool,
    scope: &Scope,
    wanted: &Wanted,
    grantees: &BTreeSet<String>,
    position: &Position<Cursor>,
    size: usize,
) -> Result<Page, StoreError> {
    let mut kept = Kept { nearest: BTreeMap::new(), size: size.saturating_add(1), back: position.is_back() };
    let mut total = 0;
    let mut batches = store::stream(pool.clone(), scope.clone(), wanted.question.known_at);
    while let Some(batch) = batches.recv().await {
        for contract in batch?.iter().filter(|contract| wanted.means(contract, grantees)) {
            let Some(row) = wanted.row(contract).filter(|row| wanted.keeps(row)) else { continue };
            total += 1;
            let place = wanted.place(&row);
            if position.lies_beyond(&place) {
                kept.offer(place, row);
            }
        }
    }
    let page = position.paginate(kept.into_rows(), size, |row| wanted.place(row));
    Ok(Page { total: Some(Total::Exactly(total)), ..page })
}

/// The rows nearest to where the page begins, and no more than are needed.
struct Kept {
    nearest: BTreeMap<Cursor, Row>,
    size: usize,
    back: bool,
}

impl Kept {
    fn offer(&mut self, place: Cursor, row: Row) {
        self.nearest.insert(place, row);
        if self.nearest.len() > self.size {
            if self.back {
                self.nearest.pop_first()
            } else {
                self.nearest.pop_last()
            };
        }
    }

    /// The nearest first.
    fn into_rows(self) -> Vec<Row> {
        let rows = self.nearest.into_values();
        if self.back { rows.rev().collect() } else { rows.collect() }
    }
}

async fn name(pool: &PgPool, scope: &Scope, on: NaiveDate, rows: &mut [Row]) -> Result<(), sqlx::Error> {
    let codes: Vec<String> = rows.iter().map(|row| row.grantee.clone()).collect();
    let names: BTreeMap<String, String> = listing::names(pool, scope, &codes, on).await?.into_iter().collect();
    for row in rows {
        row.grantee_name = names.get(&row.grantee).cloned();
    }
    Ok(())
}
