//! What differs between register and ground, and what became of it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::account::work::MAX_COUNTED;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgConnection, PgPool, Scope};
use crate::survey::{DifferenceKind, DifferenceState};
use crate::workflow::Statement;

type Sql = QueryBuilder<Postgres>;

/// A difference on record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Difference {
    pub id: Uuid,
    pub round: Uuid,
    pub round_year: i16,
    pub round_serial: i32,
    pub code: String,
    pub subdistrict: String,
    pub kind: DifferenceKind,
    pub registered: String,
    pub found: String,
    pub proposal: Value,
    pub state: DifferenceState,
    pub found_on: NaiveDate,
    pub found_by: Uuid,
    pub found_by_name: String,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by_name: Option<String>,
    pub reason: Option<String>,
    pub version: i32,
}

const COLUMNS: &str = "SELECT d.id, d.round, r.year AS round_year, r.serial AS round_serial, d.code, d.subdistrict, d.kind, d.registered, \
     d.found, d.proposal, d.state, d.found_on, d.found_by, d.found_by_name, d.decided_at, d.decided_by_name, d.reason, d.version";

fn push_from(sql: &mut Sql, scope: &Scope) {
    sql.push(" FROM survey_difference d JOIN survey_round r ON r.district = d.district AND r.id = d.round");
    scope.push_where(sql, "d");
}

fn select(scope: &Scope) -> Sql {
    let mut sql = Sql::new(COLUMNS);
    push_from(&mut sql, scope);
    sql
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Difference>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND d.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

/// Of a parcel of a round, the newest first.
pub async fn of_parcel(pool: &PgPool, scope: &Scope, entry: Uuid) -> Result<Vec<Difference>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND d.parcel = ").push_bind(entry).push(" ORDER BY d.recorded_at DESC, d.kind, d.id");
    sql.build_query_as().fetch_all(pool).await
}

/// Those of a parcel that wait.
pub async fn waiting_of(connection: &mut PgConnection, scope: &Scope, entry: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT id FROM survey_difference WHERE district = $1 AND parcel = $2 AND state = 'proposed' ORDER BY id",
        scope.county(),
        entry
    )
    .fetch_all(connection)
    .await
}

/// Which wait for a clerk, as far as a desk counts.
pub async fn waiting(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM survey_difference
             WHERE district = $1 AND state = 'proposed' AND ($2::text IS NULL OR subdistrict = $2) LIMIT $3) AS waiting"#,
        scope.county(),
        scope.subdistrict_code(),
        MAX_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub round: Option<Uuid>,
    pub state: Option<DifferenceState>,
    pub kind: Option<DifferenceKind>,
    pub code: Option<String>,
}

pub type DifferenceKey = (String, Uuid);

/// In the order of parcels.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter,
    position: &Position<DifferenceKey>,
    size: u16,
) -> Result<keyset::Page<Difference, DifferenceKey>, sqlx::Error> {
    let mut sql = Sql::new(COLUMNS);
    push_found(&mut sql, scope, filter);
    position.push_page(&mut sql, ["d.code", "d.id"], false, size);
    let rows: Vec<Difference> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.code.clone(), row.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &Filter) {
    push_from(sql, scope);
    if let Some(round) = filter.round {
        sql.push(" AND d.round = ").push_bind(round);
    }
    if let Some(state) = filter.state {
        sql.push(" AND d.state = ").push_bind(state.code());
    }
    if let Some(kind) = filter.kind {
        sql.push(" AND d.kind = ").push_bind(kind.code());
    }
    if let Some(code) = &filter.code {
        sql.push(" AND d.code = ").push_bind(code.clone());
    }
}

/// One to be proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDifference {
    pub kind: DifferenceKind,
    pub registered: String,
    pub found: String,
    pub proposal: Value,
}

/// Where and by which visit it was found.
pub struct FoundAt<'a> {
    pub round: Uuid,
    pub entry: Uuid,
    pub visit: Uuid,
    pub code: &'a str,
    pub subdistrict: &'a str,
    pub on: NaiveDate,
    pub person: Uuid,
}

pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    at: &FoundAt<'_>,
    new: &NewDifference,
) -> Result<Uuid, sqlx::Error> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO survey_difference (district, id, round, parcel, visit, code, subdistrict, kind, registered, found, proposal, state,
             found_on, found_by, found_by_name, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'proposed', $12, $13, $14, $15)",
        act.scope.county(),
        id,
        at.round,
        at.entry,
        at.visit,
        at.code,
        at.subdistrict,
        new.kind.code(),
        new.registered,
        new.found,
        new.proposal,
        at.on,
        at.person,
        act.actor.name,
        act.now
    )
    .execute(connection)
    .await?;
    Ok(id)
}

pub fn decided(act: &Act, id: Uuid, (state, person, reason): (DifferenceState, Uuid, &str)) -> Statement {
    sqlx::query!(
        "UPDATE survey_difference SET state = $3, decided_at = $4, decided_by = $5, decided_by_name = $6, reason = $7,
             version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        state.code(),
        act.now,
        person,
        act.actor.name,
        reason
    )
}

pub fn overtaken(act: &Act, id: Uuid) -> Statement {
    sqlx::query!(
        "UPDATE survey_difference SET state = 'overtaken', version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        id
    )
}
