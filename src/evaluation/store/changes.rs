//! The SQL of changed grades.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::entries::{NAME, Sql, push_scope};
use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::evaluation::entry::NewChange;
use crate::workflow::Statement;

crate::terms! {
    #[schema(as = EvaluationChangeState)]
    pub enum ChangeState {
        Proposed = "proposed" => "待批准",
        Approved = "approved" => "已批准",
        Rejected = "rejected" => "未批准",
        Withdrawn = "withdrawn" => "已撤回",
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct Change {
    pub id: Uuid,
    pub category: String,
    pub year: i16,
    pub uscc: String,
    pub name: Option<String>,
    pub grade: String,
    pub document: String,
    pub why: String,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: Uuid,
    pub proposed_by_name: String,
    pub state: ChangeState,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by_name: Option<String>,
    pub decided_reason: Option<String>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub withdrawn_by_name: Option<String>,
    pub withdrawn_reason: Option<String>,
    pub version: i32,
}

/// Whether the enterprise has no other in the category and year.
pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    (id, person): (Uuid, Uuid),
    new: &NewChange,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO evaluation_change (district, id, category, year, uscc, grade, document, why,
             proposed_at, proposed_by, proposed_by_name, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'proposed') ON CONFLICT DO NOTHING",
        act.scope.county(),
        id,
        new.category.code(),
        new.year as i16,
        new.uscc.as_str(),
        new.grade,
        new.document,
        new.why,
        act.now,
        person,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub fn approve(act: &Act, change: Uuid, person: Uuid) -> Statement {
    sqlx::query!(
        "UPDATE evaluation_change SET state = 'approved', decided_at = $3, decided_by = $4, decided_by_name = $5,
                version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        change,
        act.now,
        person,
        act.actor.name
    )
}

pub fn reject(act: &Act, change: Uuid, (person, reason): (Uuid, &str)) -> Statement {
    sqlx::query!(
        "UPDATE evaluation_change SET state = 'rejected', decided_at = $3, decided_by = $4, decided_by_name = $5,
                decided_reason = $6, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        change,
        act.now,
        person,
        act.actor.name,
        reason
    )
}

/// Before or after it was decided.
pub fn withdraw(act: &Act, change: Uuid, (person, reason): (Uuid, Option<&str>)) -> Statement {
    sqlx::query!(
        "UPDATE evaluation_change SET state = 'withdrawn', withdrawn_at = $3, withdrawn_by = $4, withdrawn_by_name = $5,
                withdrawn_reason = $6, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        change,
        act.now,
        person,
        act.actor.name,
        reason
    )
}

/// Which changes.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    pub uscc: Option<String>,
    pub year: Option<i32>,
    pub category: Option<String>,
    pub state: Option<ChangeState>,
}

/// When it was proposed, and its number.
pub type ChangeKey = (DateTime<Utc>, Uuid);

fn select() -> Sql {
    let mut sql = Sql::new(
        "SELECT t.id, t.category, t.year, t.uscc, t.grade, t.document, t.why, t.proposed_at, t.proposed_by, t.proposed_by_name,
                t.state, t.decided_at, t.decided_by_name, t.decided_reason, t.withdrawn_at, t.withdrawn_by_name,
                t.withdrawn_reason, t.version, ",
    );
    sql.push(NAME).push(" FROM evaluation_change");
    sql
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Change>, sqlx::Error> {
    let mut sql = select();
    push_scope(&mut sql, scope);
    sql.push(" AND t.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &ChangeFilter,
    position: &Position<ChangeKey>,
    size: u16,
) -> Result<keyset::Page<Change, ChangeKey>, sqlx::Error> {
    let mut sql = select();
    push_found(&mut sql, scope, filter);
    let reading = position.reading(true);
    if let Some((at, id)) = position.key() {
        sql.push(" AND (t.proposed_at, t.id)").push(reading.beyond).push("(");
        sql.push_bind(*at).push(", ").push_bind(*id).push(")");
    }
    sql.push(" ORDER BY t.proposed_at").push(reading.direction).push(", t.id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<Change> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |change| (change.proposed_at, change.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &ChangeFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT FROM evaluation_change");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &ChangeFilter) {
    push_scope(sql, scope);
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND t.uscc = ").push_bind(uscc.clone());
    }
    if let Some(year) = filter.year {
        sql.push(" AND t.year = ").push_bind(year as i16);
    }
    if let Some(category) = &filter.category {
        sql.push(" AND t.category = ").push_bind(category.clone());
    }
    if let Some(state) = filter.state {
        sql.push(" AND t.state = ").push_bind(state.code());
    }
}

/// How many wait for a second person.
pub async fn to_decide(pool: &PgPool, scope: &Scope, person: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM evaluation_change WHERE district = $1 AND state = 'proposed' AND proposed_by <> $2"#,
        scope.county(),
        person
    )
    .fetch_one(pool)
    .await
}
