//! What departments propose to the register of vetoes.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::account::Act;
use crate::db::{PgConnection, PgPool, Scope};
use crate::enforcement::VetoState;
use crate::enforcement::store::findings::Finding;
use crate::workflow::Statement;

/// A proposal on record.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub id: Uuid,
    pub finding: Uuid,
    pub uscc: String,
    /// A code of the kinds in the catalogue.
    pub kind: String,
    pub happened_on: NaiveDate,
    pub document: String,
    pub words: String,
    pub state: VetoState,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: Uuid,
    pub proposed_by_name: String,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by_name: Option<String>,
    pub reason: Option<String>,
    pub version: i32,
}

macro_rules! proposals {
    ($rest:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Proposal,
            r#"SELECT id, finding, uscc, kind, happened_on, document, words, state AS "state: _", proposed_at, proposed_by,
                      proposed_by_name, decided_at, decided_by_name, reason, version
               FROM enforcement_veto WHERE district = $1 AND ($2::text IS NULL OR subdistrict = $2)"# + $rest,
            $($argument),+
        )
    };
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Proposal>, sqlx::Error> {
    proposals!(" AND id = $3", scope.county(), scope.subdistrict_code(), id).fetch_optional(connection).await
}

/// Of one finding, the oldest first.
pub async fn of_finding(
    connection: &mut PgConnection,
    scope: &Scope,
    finding: Uuid,
) -> Result<Vec<Proposal>, sqlx::Error> {
    proposals!(" AND finding = $3 ORDER BY proposed_at, id", scope.county(), scope.subdistrict_code(), finding)
        .fetch_all(connection)
        .await
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProposal {
    pub kind: String,
    pub happened_on: NaiveDate,
    pub document: String,
    pub words: String,
}

/// Whether it was new.
pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    (id, finding, person): (Uuid, &Finding, Uuid),
    new: &NewProposal,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query!(
        "INSERT INTO enforcement_veto (district, id, finding, uscc, subdistrict, kind, happened_on, document, words, state, proposed_at,
             proposed_by, proposed_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'proposed', $10, $11, $12)
         ON CONFLICT (district, finding, kind) WHERE state <> 'refused' DO NOTHING",
        act.scope.county(),
        id,
        finding.id,
        finding.uscc,
        finding.subdistrict,
        new.kind,
        new.happened_on,
        new.document,
        new.words,
        act.now,
        person,
        act.actor.name
    );
    Ok(inserted.execute(connection).await?.rows_affected() == 1)
}

/// How it was decided: with the entry of the register, or with the reason.
pub fn decided(act: &Act, id: Uuid, person: Uuid, outcome: Result<Uuid, &str>) -> Statement {
    let state = if outcome.is_ok() { VetoState::Entered } else { VetoState::Refused };
    sqlx::query!(
        "UPDATE enforcement_veto SET state = $3, decided_at = $4, decided_by = $5, decided_by_name = $6, reason = $7, veto = $8,
             version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        state.code(),
        act.now,
        person,
        act.actor.name,
        outcome.err(),
        outcome.ok()
    )
}

/// How many wait for somebody else than their proposer.
pub async fn to_decide(pool: &PgPool, scope: &Scope, person: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM enforcement_veto WHERE district = $1 AND state = 'proposed' AND proposed_by <> $2
             AND ($3::text IS NULL OR subdistrict = $3)"#,
        scope.county(),
        person,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}
