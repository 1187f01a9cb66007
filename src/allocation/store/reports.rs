//! What was reported to have been done.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::allocation::Quarter;
use crate::allocation::rules::NewReport;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::withdrawal::Withdrawable;
use crate::db::{PgPool, Scope};
use crate::entitlement::Body;
use crate::kept::store::{IsKept, KEPT, Kept, withdraw as withdraw_kept};

type Sql = QueryBuilder<Postgres>;

/// Whether it was new.
pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    (id, body): (Uuid, Body),
    new: &NewReport,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO allocation_report (district, id, body, year, quarter, uscc, measure, done, quantity, amount, account, done_on,
             note, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
        act.scope.county(),
        id,
        body.code(),
        new.quarter.year(),
        i16::from(new.quarter.number()),
        new.uscc.as_str(),
        new.measure,
        new.done,
        new.quantity,
        new.amount,
        new.account.as_ref().map(|account| account.as_str()),
        new.done_on,
        new.note,
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Of whom it was; none of one that is not on record, or withdrawn already.
pub async fn withdraw(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    reason: &str,
) -> Result<Option<String>, sqlx::Error> {
    withdraw_kept(connection, act, (Withdrawable("allocation_report"), "uscc"), id, reason).await
}

/// Which body reported one that stands.
pub async fn body_of(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Body>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT body AS "body: Body" FROM allocation_report WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL"#,
        scope.county(),
        id
    )
    .fetch_optional(connection)
    .await
}

/// A report as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportRow {
    #[sqlx(flatten)]
    pub kept: Kept,
    pub body: Body,
    pub year: i16,
    pub quarter: i16,
    pub uscc: String,
    pub name: Option<String>,
    pub measure: String,
    pub done: bool,
    pub quantity: Option<Decimal>,
    pub amount: Option<Decimal>,
    pub account: Option<String>,
    pub done_on: Option<NaiveDate>,
    pub note: String,
}

impl IsKept for ReportRow {
    fn kept(&self) -> &Kept {
        &self.kept
    }
}

/// Which reports.
#[derive(Clone, Debug, Default)]
pub struct ReportFilter {
    pub body: Option<Body>,
    pub quarter: Option<Quarter>,
    /// The whole credit code.
    pub uscc: Option<String>,
    /// Also those withdrawn.
    pub all: bool,
}

/// When it was entered, and its number.
pub type ReportKey = (DateTime<Utc>, Uuid);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &ReportFilter,
    position: &Position<ReportKey>,
    size: u16,
) -> Result<keyset::Page<ReportRow, ReportKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(KEPT);
    sql.push(
        ", t.body, t.year, t.quarter, t.uscc, t.measure, t.done, t.quantity, t.amount, t.account, t.done_on, t.note,
           (SELECT v.name FROM enterprise_version v WHERE v.district = t.district AND v.uscc = t.uscc
                AND v.superseded_at IS NULL ORDER BY lower(v.valid) DESC NULLS LAST LIMIT 1) AS name",
    );
    push_found(&mut sql, scope, filter);
    position.push_page(&mut sql, ["t.recorded_at", "t.id"], true, size);
    let rows: Vec<ReportRow> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.kept.recorded_at, row.kept.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &ReportFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &ReportFilter) {
    sql.push(" FROM allocation_report t WHERE t.district = ").push_bind(scope.county().to_owned());
    if let Some(code) = scope.subdistrict_code() {
        sql.push(" AND EXISTS (SELECT FROM enterprise_version v WHERE v.district = t.district AND v.uscc = t.uscc");
        sql.push(" AND v.superseded_at IS NULL AND v.subdistrict = ").push_bind(code.to_owned()).push(")");
    }
    if let Some(body) = filter.body {
        sql.push(" AND t.body = ").push_bind(body.code());
    }
    if let Some(quarter) = filter.quarter {
        sql.push(" AND t.year = ").push_bind(quarter.year());
        sql.push(" AND t.quarter = ").push_bind(i16::from(quarter.number()));
    }
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND t.uscc = ").push_bind(uscc.clone());
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}
