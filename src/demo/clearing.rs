//! What the bureau does about the contracts of the invented town: notices, breach files and reviews in every state, carried
//! there by the same functions that officers' pages call, on days around the last one of the contracts.

mod breaches;
mod reviews;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::contracts::last_day;
use super::register::noon;
use crate::account::{self, Account, Act, Department};
use crate::codelist::WorkCalendar;
use crate::contract::days::days_after;
use crate::contract::known::Contract;
use crate::contract::store::{self as register, Registered};
use crate::db::{PgPool, Scope};
use crate::obligations::check;
use crate::obligations::line::Line;
use crate::supervision::notice;

/// What a load has made, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub notices: u64,
    pub breaches: usize,
    pub reviews: usize,
}

/// Loads notices, breach files and reviews into the demonstration district, whose accounts must be there.
///
/// # Errors
/// When the database refuses, or a step that the plan takes is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope) -> anyhow::Result<Counts> {
    let office = Office { pool, scope, accounts: account::store::list(pool, scope).await? };
    let contracts = office.contracts().await?;
    let breaches = breaches::play(&office, &contracts).await?;
    let reviews = reviews::play(&office, &contracts).await?;
    let notices = office.prepare(last_day()).await?;
    Ok(Counts { notices: notices + breaches.notices, breaches: breaches.files, reviews })
}

/// A contract on the last day, with its check.
struct Judged {
    contract: Contract,
    lines: Vec<Line>,
}

/// The people of the demonstration at their desks.
struct Office<'a> {
    pool: &'a PgPool,
    scope: &'a Scope,
    accounts: Vec<Account>,
}

impl Office<'_> {
    /// Somebody at work on a day, at noon.
    fn at_work(&self, login: &str, on: NaiveDate) -> anyhow::Result<Act> {
        let found = self.accounts.iter().find(|account| account.login == login);
        let found = found.ok_or_else(|| anyhow::anyhow!("there is no demonstration account {login}"))?;
        Ok(self.person(found, on))
    }

    /// Who speaks for a department.
    fn steward(&self, department: Department, on: NaiveDate) -> anyhow::Result<Act> {
        let speaks = |account: &&Account| {
            account.department == Some(department) && account.roles.contains(&account::Role::DataSteward)
        };
        let found = self.accounts.iter().find(speaks);
        Ok(self.person(found.ok_or_else(|| anyhow::anyhow!("nobody speaks for {department}"))?, on))
    }

    fn person(&self, account: &Account, on: NaiveDate) -> Act {
        Act { pool: self.pool.clone(), scope: self.scope.clone(), actor: account.actor(), now: noon(on) }
    }

    /// Every contract by its number.
    async fn contracts(&self) -> anyhow::Result<BTreeMap<String, Judged>> {
        let practice = register::practice_on(self.pool, last_day()).await?;
        let mut contracts = BTreeMap::new();
        let mut batches = register::stream(self.pool.clone(), self.scope.clone(), noon(last_day()));
        while let Some(batch) = batches.recv().await {
            for contract in batch? {
                let lines = check::judge(&contract, last_day(), &practice, WorkCalendar::embedded());
                contracts.insert(contract.number.clone(), Judged { contract, lines });
            }
        }
        Ok(contracts)
    }

    async fn registered(&self, number: &str, now: DateTime<Utc>) -> anyhow::Result<Registered> {
        let mut connection = self.pool.acquire().await?;
        let found = register::load(&mut connection, self.scope, number, now).await?;
        found.ok_or_else(|| anyhow::anyhow!("the contract {number} is gone"))
    }

    /// The notices that the check of a day calls for.
    async fn prepare(&self, on: NaiveDate) -> anyhow::Result<u64> {
        Ok(notice::store::prepare_all(&self.at_work("contract", on)?, on).await?)
    }
}

/// So many days before the last day; negative after it.
fn before(days: i64) -> NaiveDate {
    days_after(last_day(), -days)
}

#[cfg(test)]
mod tests;
