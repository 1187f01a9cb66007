//! What auditors look at: drawings and the lines drawn.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::reconciled::{ReconciledFilter, ReconciledRow, push_found};
use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::entitlement::Body;
use crate::measures::list::Key;
use crate::workflow::{Number, Series};

type Sql = QueryBuilder<Postgres>;

pub const SERIES: Series = Series("allocation_audit_serial");

/// What is drawn from.
#[derive(Clone, Debug)]
pub struct Drawing {
    pub reconciliation: Uuid,
    /// Whatever nobody could know before: the number of a lottery, of minutes.
    pub seed: String,
    /// Of a hundred; the district's without it.
    pub percent: Option<Decimal>,
    pub body: Option<Body>,
    /// Only lines with a gap.
    pub only_gaps: bool,
}

/// A drawing as it is made.
pub struct NewAudit<'a> {
    pub id: Uuid,
    pub number: Number,
    pub drawing: &'a Drawing,
    pub percent: Decimal,
    pub among: i64,
    pub drawn: usize,
}

pub async fn among(
    connection: &mut PgConnection,
    scope: &Scope,
    filter: &ReconciledFilter,
) -> Result<i64, sqlx::Error> {
    let mut sql = Sql::new("SELECT count(*)");
    push_found(&mut sql, scope, filter);
    sql.build_query_scalar().fetch_one(connection).await
}

pub async fn insert(connection: &mut PgConnection, act: &Act, new: &NewAudit<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO allocation_audit (district, id, year, serial, reconciliation, seed, percent, body, only_gaps, among, drawn, drawn_at,
             drawn_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        act.scope.county(),
        new.id,
        new.number.year,
        new.number.serial,
        new.drawing.reconciliation,
        new.drawing.seed,
        new.percent,
        new.drawing.body.map(|body| body.code()),
        new.drawing.only_gaps,
        i32::try_from(new.among).unwrap_or(i32::MAX),
        i32::try_from(new.drawn).unwrap_or(i32::MAX),
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Each line gets its place by the hash of the seed and itself, as [`crate::workflow::sample`] says it of texts.
pub async fn draw(
    connection: &mut PgConnection,
    scope: &Scope,
    filter: &ReconciledFilter,
    new: &NewAudit<'_>,
) -> Result<(), sqlx::Error> {
    let mut sql = Sql::new("INSERT INTO allocation_drawn (district, audit, uscc, measure) SELECT t.district, ");
    sql.push_bind(new.id).push(", t.uscc, t.measure");
    push_found(&mut sql, scope, filter);
    sql.push(" ORDER BY sha256(convert_to(").push_bind(format!("{}:", new.drawing.seed));
    sql.push(" || t.uscc || ' ' || t.measure, 'UTF8')), t.uscc, t.measure LIMIT ");
    sql.push_bind(i64::try_from(new.drawn).unwrap_or(i64::MAX));
    sql.build().execute(connection).await?;
    Ok(())
}

/// A drawing on record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Audit {
    pub id: Uuid,
    pub year: i16,
    pub serial: i32,
    pub reconciliation: Uuid,
    pub seed: String,
    pub percent: Decimal,
    pub body: Option<Body>,
    pub only_gaps: bool,
    pub among: i32,
    pub drawn: i32,
    pub drawn_at: DateTime<Utc>,
    pub drawn_by: String,
    /// Up to which quarter the reconciliation is.
    pub up_to: String,
    /// Lines that somebody looked at.
    pub looked_at: i64,
    pub findings: i64,
}

impl Audit {
    pub fn number(&self) -> Number {
        Number { year: self.year, serial: self.serial }
    }
}

const SELECT: &str = "SELECT t.id, t.year, t.serial, t.reconciliation, t.seed, t.percent, t.body, t.only_gaps, t.among, t.drawn, \
    t.drawn_at, t.drawn_by, r.year || '-' || r.quarter AS up_to, \
    (SELECT count(*) FROM allocation_drawn d WHERE d.district = t.district AND d.audit = t.id AND d.looked_at IS NOT NULL) AS looked_at, \
    (SELECT count(*) FROM allocation_finding f WHERE f.district = t.district AND f.audit = t.id) AS findings \
    FROM allocation_audit t JOIN allocation_reconciliation r ON r.district = t.district AND r.id = t.reconciliation \
    WHERE t.district = ";

pub async fn find(connection: &mut PgConnection, scope: &Scope, number: Number) -> Result<Option<Audit>, sqlx::Error> {
    let mut sql = Sql::new(SELECT);
    sql.push_bind(scope.county().to_owned()).push(" AND t.year = ").push_bind(number.year);
    sql.push(" AND t.serial = ").push_bind(number.serial);
    sql.build_query_as().fetch_optional(connection).await
}

/// When it was drawn, and its id.
pub type AuditKey = (DateTime<Utc>, Uuid);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    position: &Position<AuditKey>,
    size: u16,
) -> Result<keyset::Page<Audit, AuditKey>, sqlx::Error> {
    let mut sql = Sql::new(SELECT);
    sql.push_bind(scope.county().to_owned());
    position.push_page(&mut sql, ["t.drawn_at", "t.id"], true, size);
    let rows: Vec<Audit> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.drawn_at, row.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT FROM allocation_audit t WHERE t.district = ").push_bind(scope.county().to_owned());
    })
    .await
}

/// Whether it waited to be looked at. `words` is empty where nothing is wrong.
pub async fn look(
    connection: &mut PgConnection,
    act: &Act,
    (audit, key): (Uuid, &Key),
    words: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE allocation_drawn SET looked_at = $5, looked_by = $6, words = $7
         WHERE district = $1 AND audit = $2 AND uscc = $3 AND measure = $4 AND looked_at IS NULL",
        act.scope.county(),
        audit,
        key.uscc,
        key.measure,
        act.now,
        act.actor.name,
        words
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A line that was drawn.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Drawn {
    #[sqlx(flatten)]
    pub line: ReconciledRow,
    pub looked_at: Option<DateTime<Utc>>,
    pub looked_by: Option<String>,
    pub words: Option<String>,
    pub finding_year: Option<i16>,
    pub finding_serial: Option<i32>,
}

impl Drawn {
    /// Of the finding that was opened for it.
    pub fn number(&self) -> Option<Number> {
        Number::of(self.finding_year, self.finding_serial)
    }
}

/// Lines of a drawing by credit code and measure.
pub async fn drawn(
    pool: &PgPool,
    scope: &Scope,
    audit: &Audit,
    (position, size): (Position<Key>, u16),
) -> Result<keyset::Page<Drawn, Key>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(super::reconciled::COLUMNS);
    sql.push(
        ", d.looked_at, d.looked_by, d.words, f.year AS finding_year, f.serial AS finding_serial
         FROM allocation_drawn d
             JOIN allocation_reconciled t ON t.district = d.district AND t.uscc = d.uscc AND t.measure = d.measure
             LEFT JOIN allocation_finding f ON f.district = d.district AND f.audit = d.audit AND f.uscc = d.uscc AND f.measure = d.measure
         WHERE d.district = ",
    );
    sql.push_bind(scope.county().to_owned()).push(" AND d.audit = ").push_bind(audit.id);
    sql.push(" AND t.reconciliation = ").push_bind(audit.reconciliation);
    position.by(|key| (key.uscc.clone(), key.measure.clone())).push_page(
        &mut sql,
        ["d.uscc", "d.measure"],
        false,
        size,
    );
    let rows: Vec<Drawn> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| row.line.key()))
}
