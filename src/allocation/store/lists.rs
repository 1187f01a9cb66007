//! Lists as they were handed over.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::allocation::Quarter;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::entitlement::Body;
use crate::kept::store::{IsKept, KEPT, Kept};

type Sql = QueryBuilder<Postgres>;

/// A list as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewList {
    pub body: Body,
    pub quarter: Quarter,
    /// The day whose measures it holds.
    pub on: NaiveDate,
    /// By which it is handed over.
    pub document: String,
}

/// A list on record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListRow {
    #[sqlx(flatten)]
    pub kept: Kept,
    pub body: Body,
    pub year: i16,
    pub quarter: i16,
    pub drawn_on: NaiveDate,
    pub enterprises: i32,
    pub lines: i32,
    pub due_yuan: Decimal,
    pub acknowledged_on: Option<NaiveDate>,
    pub acknowledged_by: Option<String>,
    pub acknowledged_at: Option<DateTime<Utc>>,
}

impl ListRow {
    pub fn quarter_label(&self) -> String {
        let quarter = Quarter::of(self.year.into(), u8::try_from(self.quarter).unwrap_or_default());
        quarter.map(Quarter::label).unwrap_or_default()
    }
}

impl IsKept for ListRow {
    fn kept(&self) -> &Kept {
        &self.kept
    }
}

const COLUMNS: &str = "t.body, t.year, t.quarter, t.drawn_on, t.enterprises, t.lines, t.due_yuan, t.acknowledged_on, \
    t.acknowledged_by, t.acknowledged_at";

/// Whether one stands for body and quarter.
pub async fn stands(
    connection: &mut PgConnection,
    scope: &Scope,
    body: Body,
    quarter: Quarter,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM allocation_list
           WHERE district = $1 AND body = $2 AND year = $3 AND quarter = $4 AND withdrawn_at IS NULL) AS "stands!""#,
        scope.county(),
        body.code(),
        quarter.year(),
        i16::from(quarter.number())
    )
    .fetch_one(connection)
    .await
}

/// Without its lines; what they come to is written when the last of them is.
pub async fn insert(connection: &mut PgConnection, act: &Act, id: Uuid, new: &NewList) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO allocation_list (district, id, body, year, quarter, drawn_on, enterprises, lines, due_yuan, document,
             recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, $7, $8, $9)",
        act.scope.county(),
        id,
        new.body.code(),
        new.quarter.year(),
        i16::from(new.quarter.number()),
        new.on,
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What the lines of a list come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub enterprises: i32,
    pub lines: i32,
    pub due_yuan: Decimal,
}

pub async fn set_sums(connection: &mut PgConnection, scope: &Scope, id: Uuid, sums: &Sums) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE allocation_list SET enterprises = $3, lines = $4, due_yuan = $5 WHERE district = $1 AND id = $2",
        scope.county(),
        id,
        sums.enterprises,
        sums.lines,
        sums.due_yuan
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether one was open.
pub async fn acknowledge(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    (on, by): (NaiveDate, &str),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE allocation_list SET acknowledged_on = $3, acknowledged_by = $4, acknowledged_at = $5, acknowledgement_recorded_by = $6
         WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL AND acknowledged_at IS NULL",
        act.scope.county(),
        id,
        on,
        by,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether one was withdrawn: one by which something was reported stays.
pub async fn withdraw(connection: &mut PgConnection, act: &Act, id: Uuid, reason: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE allocation_list t SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
         WHERE t.district = $1 AND t.id = $2 AND t.withdrawn_at IS NULL AND NOT EXISTS (
             SELECT FROM allocation_report r WHERE r.district = t.district AND r.year = t.year AND r.quarter = t.quarter
                 AND r.body = t.body AND r.withdrawn_at IS NULL)",
        act.scope.county(),
        id,
        act.now,
        act.actor.name,
        reason
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<ListRow>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(KEPT).push(", ").push(COLUMNS).push(" FROM allocation_list t WHERE t.district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND t.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

/// Which lists.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    pub body: Option<Body>,
    pub quarter: Option<Quarter>,
    /// Only those nobody took yet.
    pub open: bool,
    /// Also those withdrawn.
    pub all: bool,
}

/// When it was handed over, and its number.
pub type ListKey = (DateTime<Utc>, Uuid);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &ListFilter,
    position: &Position<ListKey>,
    size: u16,
) -> Result<keyset::Page<ListRow, ListKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(KEPT).push(", ").push(COLUMNS);
    push_found(&mut sql, scope, filter);
    position.push_page(&mut sql, ["t.recorded_at", "t.id"], true, size);
    let rows: Vec<ListRow> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.kept.recorded_at, row.kept.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &ListFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &ListFilter) {
    sql.push(" FROM allocation_list t WHERE t.district = ").push_bind(scope.county().to_owned());
    if let Some(body) = filter.body {
        sql.push(" AND t.body = ").push_bind(body.code());
    }
    if let Some(quarter) = filter.quarter {
        sql.push(" AND t.year = ").push_bind(quarter.year());
        sql.push(" AND t.quarter = ").push_bind(i16::from(quarter.number()));
    }
    if filter.open {
        sql.push(" AND t.acknowledged_at IS NULL");
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}

pub async fn open(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM allocation_list WHERE district = $1 AND acknowledged_at IS NULL AND withdrawn_at IS NULL"#,
        scope.county()
    )
    .fetch_one(pool)
    .await
}
