//! The SQL of reviews.

pub mod listing;
pub mod panels;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgExecutor;
use sqlx::types::Json;
use uuid::Uuid;

use super::panel::Panel;
use super::{AsBuilt, Opinion, ReviewKind, ReviewState, ReviewStep, TABLE};
use crate::account::{Act, Department};
use crate::admission::Figure;
use crate::base::clock::china_day;
use crate::contract::event::ReviewOutcome;
use crate::db::{PgConnection, PgPool, Scope};
use crate::workflow::{Case, Key, Statement, Table};

/// A review on record.
#[derive(Clone, Debug)]
pub struct Review {
    pub id: Uuid,
    pub contract: String,
    pub kind: ReviewKind,
    pub state: ReviewState,
    pub as_built: AsBuilt,
    pub version: i32,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
    pub changed_by: String,
    pub reviewed_on: Option<NaiveDate>,
    pub outcome: Option<ReviewOutcome>,
    pub rectify_until: Option<NaiveDate>,
    pub receipt: Option<String>,
    pub reason: Option<String>,
    pub closed_by: Option<String>,
    /// Why the event that recorded it was withdrawn.
    pub withdrawn: Option<String>,
}

impl Review {
    /// Who reviews together: as laid down on the day it was opened.
    pub async fn panel(&self, pool: &PgPool, scope: &Scope) -> Result<Panel, sqlx::Error> {
        Ok(panels::panels(pool, scope).await?.on(self.kind, china_day(self.opened_at)))
    }
}

impl Case for Review {
    type State = ReviewState;
    type Step = ReviewStep;

    const TABLE: &'static Table<ReviewState, ReviewStep> = &TABLE;
    const ROWS: &'static str = "contract_review";
    const SUBJECT_KIND: &'static str = "contract";
    const PART: Option<&'static str> = Some("review");

    fn key(&self) -> Key<ReviewState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.contract.clone() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        find(connection, scope, id).await
    }
}

/// `None` when the reader's scope does not hold its contract.
pub async fn find(database: impl PgExecutor<'_>, scope: &Scope, id: Uuid) -> Result<Option<Review>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT r.id, r.contract, r.kind AS "kind: ReviewKind", r.state AS "state: ReviewState",
                  r.as_built AS "as_built: Json<AsBuilt>", r.version, r.opened_at, r.opened_by, r.changed_by, r.reviewed_on,
                  r.outcome AS "outcome: ReviewOutcome", r.rectify_until, r.receipt, r.reason, r.closed_by,
                  (SELECT e.superseded_reason FROM contract_event e WHERE e.district = r.district AND e.id = r.event) AS withdrawn
           FROM contract_review r JOIN contract c ON c.district = r.district AND c.number = r.contract
           WHERE r.district = $1 AND r.id = $2 AND ($3::text IS NULL OR c.subdistrict = $3)"#,
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(database)
    .await?;
    Ok(row.map(|row| Review {
        id: row.id,
        contract: row.contract,
        kind: row.kind,
        state: row.state,
        as_built: row.as_built.0,
        version: row.version,
        opened_at: row.opened_at,
        opened_by: row.opened_by,
        changed_by: row.changed_by,
        reviewed_on: row.reviewed_on,
        outcome: row.outcome,
        rectify_until: row.rectify_until,
        receipt: row.receipt,
        reason: row.reason,
        closed_by: row.closed_by,
        withdrawn: row.withdrawn,
    }))
}

/// A review in a line of its contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: Uuid,
    pub kind: ReviewKind,
    pub state: ReviewState,
    pub outcome: Option<ReviewOutcome>,
    /// The event that records its conclusion.
    pub event: Option<i64>,
}

/// The reviews of a contract, newest first.
pub async fn of_contract(pool: &PgPool, scope: &Scope, contract: &str) -> Result<Vec<Listed>, sqlx::Error> {
    sqlx::query_as!(
        Listed,
        r#"SELECT r.id, r.kind AS "kind: _", r.state AS "state: _", r.outcome AS "outcome: _", r.event
         FROM contract_review r JOIN contract c ON c.district = r.district AND c.number = r.contract
         WHERE r.district = $1 AND r.contract = $2 AND ($3::text IS NULL OR c.subdistrict = $3)
         ORDER BY r.opened_at DESC, r.id"#,
        scope.county(),
        contract,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// Opens a review, or finds the one that is open.
pub async fn open(
    connection: &mut PgConnection,
    act: &Act,
    contract: &str,
    kind: ReviewKind,
) -> Result<(Uuid, bool), sqlx::Error> {
    let made = sqlx::query_scalar!(
        "INSERT INTO contract_review (district, id, contract, kind, state, opened_at, opened_by, changed_by)
         VALUES ($1, $2, $3, $4, 'open', $5, $6, $6)
         ON CONFLICT (district, contract, kind) WHERE state = 'open' DO NOTHING RETURNING id",
        act.scope.county(),
        Uuid::now_v7(),
        contract,
        kind.code(),
        act.now,
        act.actor.name
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(id) = made {
        return Ok((id, true));
    }
    let there = sqlx::query_scalar!(
        "SELECT id FROM contract_review WHERE district = $1 AND contract = $2 AND kind = $3 AND state = 'open'",
        act.scope.county(),
        contract,
        kind.code()
    );
    Ok((there.fetch_one(connection).await?, false))
}

/// The row of a review with what was found.
pub fn figures(act: &Act, id: Uuid, as_built: &AsBuilt) -> Statement {
    sqlx::query!(
        "UPDATE contract_review SET as_built = $3, version = version + 1, changed_by = $4 WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        Json(as_built) as _,
        act.actor.name
    )
}

/// The row of a review of which a department has spoken.
pub fn spoken(act: &Act, id: Uuid) -> Statement {
    sqlx::query!(
        "UPDATE contract_review SET version = version + 1, changed_by = $3 WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        act.actor.name
    )
}

/// Ends the opinions that stand, of one department or of all. How many.
pub async fn overtake(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    department: Option<Department>,
) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query!(
        "UPDATE contract_review_opinion SET superseded_at = $3
         WHERE district = $1 AND review = $2 AND superseded_at IS NULL AND ($4::text IS NULL OR department = $4)",
        act.scope.county(),
        id,
        act.now,
        department.map(Department::code)
    );
    Ok(ended.execute(connection).await?.rows_affected())
}

/// What a department says now; what it said before stays on record.
pub async fn say(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    (person, department): (Uuid, Department),
    (agrees, reason): (bool, &str),
) -> Result<(), sqlx::Error> {
    overtake(connection, act, id, Some(department)).await?;
    sqlx::query!(
        "INSERT INTO contract_review_opinion (district, review, department, agrees, reason, account, given_by, given_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        act.scope.county(),
        id,
        department.code(),
        agrees,
        reason,
        person,
        act.actor.name,
        act.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn opinions(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
) -> Result<BTreeMap<String, Opinion>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT department, agrees, reason, given_by FROM contract_review_opinion
         WHERE district = $1 AND review = $2 AND superseded_at IS NULL",
        scope.county(),
        id
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    Ok(rows.map(|row| (row.department, Opinion { agrees: row.agrees, reason: row.reason, by: row.given_by })).collect())
}

/// Returns of an enterprise, by year, under the names of `policy/indicators.toml`.
pub async fn returns(
    connection: &mut PgConnection,
    scope: &Scope,
    uscc: &str,
    years: &[i32],
) -> Result<BTreeMap<i32, BTreeMap<String, Figure>>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT year::integer AS \"year!\", indicator, value FROM return_figure
         WHERE district = $1 AND uscc = $2 AND year::integer = ANY ($3) AND superseded_at IS NULL",
        scope.county(),
        uscc,
        years
    );
    let mut found: BTreeMap<i32, BTreeMap<String, Figure>> =
        years.iter().map(|year| (*year, BTreeMap::new())).collect();
    for row in rows.fetch_all(connection).await? {
        let Some((name, unit)) = named(&row.indicator) else { continue };
        let figure = Figure { value: row.value.normalize(), unit: unit.to_owned() };
        found.entry(row.year).or_default().insert(name.to_owned(), figure);
    }
    Ok(found)
}

fn named(indicator: &str) -> Option<(&'static str, &'static str)> {
    Some(match indicator {
        "tax_paid" => ("annual_tax", "元"),
        "revenue" => ("annual_revenue", "元"),
        "value_added" => ("annual_value_added", "元"),
        "energy" => ("annual_energy", "吨标准煤"),
        "emission" => ("annual_emissions", "吨"),
        "research_spending" => ("annual_rd", "元"),
        _ => return None,
    })
}

/// How a review ended.
pub struct Ending<'a> {
    pub on: NaiveDate,
    pub outcome: ReviewOutcome,
    pub rectify_until: Option<NaiveDate>,
    pub receipt: &'a str,
    pub verdict: &'a str,
    pub event: i64,
    pub reason: &'a str,
}

/// The row of a review that is concluded.
pub fn concluded(act: &Act, id: Uuid, ending: &Ending<'_>) -> Statement {
    sqlx::query!(
        "UPDATE contract_review SET state = 'concluded', reviewed_on = $3, outcome = $4, rectify_until = $5, receipt = $6,
             verdict = $7, event = $8, reason = $9, closed_at = $10, closed_by = $11, changed_by = $11, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        ending.on,
        ending.outcome.code(),
        ending.rectify_until,
        ending.receipt,
        ending.verdict,
        ending.event,
        ending.reason,
        act.now,
        act.actor.name
    )
}
