//! The only SQL of contracts: reading them as known, writing rows, and the stream of a whole district.

mod bulk;
pub mod listing;
mod rows;
mod stream;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

pub use super::certificate::NewCertificate;
pub use super::event::NewEvent;
use super::practice::Practice;
use crate::base::clock::china_day;
use crate::contract::known::Contract;
pub use crate::contract::known::Paper;
use crate::contract::store::listing::Sought;
use crate::db::keyset::Position;
use crate::db::{PgConnection, PgPool, Scope};
use crate::policy;

pub use bulk::Batch;
pub use stream::stream;
pub use write::{
    Written, add_certificate, add_contract, add_event, add_terms, bump, lock, supersede_certificate, supersede_event,
    supersede_terms,
};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("contract {contract}: the {what} {id} on record cannot be read")]
    Unreadable { contract: String, what: &'static str, id: i64 },
    #[error("the program stopped reading contracts")]
    Stopped,
}

/// A contract in the register, with what a change has to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    pub contract: Contract,
    /// Raised by every change.
    pub version: i32,
    pub subdistrict: Option<String>,
}

/// One contract as known at a moment. `None` when the reader's scope does not hold it or it was not known yet.
pub async fn load(
    connection: &mut PgConnection,
    scope: &Scope,
    number: &str,
    known_at: DateTime<Utc>,
) -> Result<Option<Registered>, StoreError> {
    let head = sqlx::query!(
        "SELECT version, subdistrict FROM contract
         WHERE district = $1 AND number = $2 AND ($3::text IS NULL OR subdistrict = $3)",
        scope.county(),
        number,
        scope.subdistrict_code()
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(head) = head else { return Ok(None) };
    let contracts = rows::contracts(connection, scope, &[number.to_owned()], known_at).await?;
    let registered = |contract| Registered { contract, version: head.version, subdistrict: head.subdistrict };
    Ok(contracts.into_iter().next().map(registered))
}

/// Several contracts as known at a moment, in the order of their numbers. The numbers are those of [`numbers`], which
/// keeps to the reader's scope; one that was not known then is left out.
pub async fn load_many(
    connection: &mut PgConnection,
    scope: &Scope,
    numbers: &[String],
    known_at: DateTime<Utc>,
) -> Result<Vec<Contract>, StoreError> {
    rows::contracts(connection, scope, numbers, known_at).await
}

/// One line of the register.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub number: String,
    pub subdistrict: Option<String>,
}

/// Numbers in their order after `after`, at most `size`. `text`: part of the number, a parcel code or the grantee's code.
pub async fn numbers(
    pool: &PgPool,
    scope: &Scope,
    text: Option<&str>,
    after: Option<&str>,
    size: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let position = after.map_or(Position::Start, Position::After);
    let grantees = BTreeSet::new();
    listing::matching(pool, scope, Sought { text, grantees: &grantees }, &position, size).await
}

/// The number itself when the scope holds such a contract.
pub async fn known_number(pool: &PgPool, scope: &Scope, number: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT number FROM contract WHERE district = $1 AND number = $2 AND ($3::text IS NULL OR subdistrict = $3)",
        scope.county(),
        number,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await
}

/// Contracts under which a parcel was granted, by any version still standing.
pub async fn of_parcel(pool: &PgPool, scope: &Scope, parcel: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT DISTINCT t.contract FROM contract_terms t JOIN contract c ON c.district = t.district AND c.number = t.contract
         WHERE t.district = $1 AND t.parcels @> ARRAY[$2::text] AND t.superseded_at IS NULL
           AND ($3::text IS NULL OR c.subdistrict = $3)
         ORDER BY t.contract",
        scope.county(),
        parcel,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// What the policy fixes for contracts on a day.
pub async fn practice_on(pool: &PgPool, day: chrono::NaiveDate) -> anyhow::Result<Practice> {
    Ok(Practice::from_parameters(&policy::store::parameters_on(pool, day).await?)?)
}

/// The same for the day of a moment.
pub async fn practice_at(pool: &PgPool, moment: DateTime<Utc>) -> anyhow::Result<Practice> {
    practice_on(pool, china_day(moment)).await
}
