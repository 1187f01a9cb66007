//! The SQL of the register of vetoes.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::types::PgRange;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::{Act, Department};
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::evaluation::entry::NewVeto;

type Sql = QueryBuilder<Postgres>;

/// Whether it was new.
pub async fn insert(connection: &mut PgConnection, act: &Act, id: Uuid, new: &NewVeto) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO evaluation_veto (district, id, uscc, kind, happened_on, valid, department, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (district, uscc, kind, happened_on, document) WHERE withdrawn_at IS NULL DO NOTHING",
        act.scope.county(),
        id,
        new.uscc.as_str(),
        new.kind,
        new.happened_on,
        PgRange::from(new.valid),
        new.department.code(),
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whose it was; `None` when it is not on record, or withdrawn already.
pub async fn withdraw(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    reason: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE evaluation_veto SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
         WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL RETURNING uscc",
        act.scope.county(),
        id,
        act.now,
        act.actor.name,
        reason
    )
    .fetch_optional(connection)
    .await
}

/// A veto as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct VetoLine {
    pub id: Uuid,
    pub uscc: String,
    pub name: Option<String>,
    pub kind: String,
    pub happened_on: NaiveDate,
    pub from: NaiveDate,
    /// The last day.
    pub to: Option<NaiveDate>,
    pub department: Department,
    pub document: String,
    pub recorded_by: String,
    pub recorded_at: DateTime<Utc>,
    pub withdrawn_by: Option<String>,
    pub withdrawn_reason: Option<String>,
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct VetoFilter {
    pub kind: Option<String>,
    /// It acts in this year.
    pub year: Option<i32>,
    pub uscc: Option<String>,
    /// Also those withdrawn.
    pub all: bool,
}

/// The day it happened, and its number.
pub type VetoKey = (NaiveDate, Uuid);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &VetoFilter,
    position: &Position<VetoKey>,
    size: u16,
) -> Result<keyset::Page<VetoLine, VetoKey>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT t.id, t.uscc, t.kind, t.happened_on, lower(t.valid) AS \"from\", (upper(t.valid) - 1) AS \"to\", t.department,
                t.document, t.recorded_by, t.recorded_at, t.withdrawn_by, t.withdrawn_reason,
                (SELECT v.name FROM enterprise_version v WHERE v.district = t.district AND v.uscc = t.uscc
                 AND v.superseded_at IS NULL ORDER BY lower(v.valid) DESC NULLS LAST LIMIT 1) AS name",
    );
    push_found(&mut sql, scope, filter);
    let reading = position.reading(true);
    if let Some((on, id)) = position.key() {
        sql.push(" AND (t.happened_on, t.id)").push(reading.beyond).push("(");
        sql.push_bind(*on).push(", ").push_bind(*id).push(")");
    }
    sql.push(" ORDER BY t.happened_on").push(reading.direction).push(", t.id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<VetoLine> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.happened_on, line.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &VetoFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

/// A clerk of one sub-district sees those of the enterprises that are registered there.
fn push_found(sql: &mut Sql, scope: &Scope, filter: &VetoFilter) {
    sql.push(" FROM evaluation_veto t WHERE t.district = ").push_bind(scope.county().to_owned());
    if let Some(code) = scope.subdistrict_code() {
        sql.push(" AND EXISTS (SELECT FROM enterprise_version v WHERE v.district = t.district AND v.uscc = t.uscc");
        sql.push(" AND v.superseded_at IS NULL AND v.subdistrict = ").push_bind(code.to_owned()).push(")");
    }
    if let Some(kind) = &filter.kind {
        sql.push(" AND t.kind = ").push_bind(kind.clone());
    }
    if let Some(year) = filter.year {
        sql.push(" AND t.valid && daterange(make_date(").push_bind(year).push(", 1, 1), make_date(");
        sql.push_bind(year + 1).push(", 1, 1))");
    }
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND t.uscc = ").push_bind(uscc.clone());
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}
