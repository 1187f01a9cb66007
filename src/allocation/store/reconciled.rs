//! Lines of a reconciliation, read.

use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::entitlement::{Body, Finding, Turn};
use crate::measures::list::Key;

pub type Sql = QueryBuilder<Postgres>;

/// A line as it was found.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReconciledRow {
    pub uscc: String,
    pub measure: String,
    pub body: Body,
    pub name: Option<String>,
    pub subdistrict: Option<String>,
    pub title: String,
    pub grade: Option<String>,
    pub due: Option<Decimal>,
    pub done: Option<Decimal>,
    pub finding: Finding,
    pub gap: Option<Decimal>,
    pub turn: Option<Turn>,
    pub why: String,
    pub receipt: Option<String>,
}

impl ReconciledRow {
    pub fn key(&self) -> Key {
        Key { uscc: self.uscc.clone(), measure: self.measure.clone() }
    }
}

pub const COLUMNS: &str = "t.uscc, t.measure, t.body, t.name, t.subdistrict, t.title, t.grade, t.due, t.done, t.finding, t.gap, \
    t.turn, t.why, t.receipt";

/// Which lines of one reconciliation.
#[derive(Clone, Debug)]
pub struct ReconciledFilter {
    pub of: Uuid,
    pub body: Option<Body>,
    pub finding: Option<Finding>,
    /// Only what somebody has to put right.
    pub gaps: bool,
    pub turn: Option<Turn>,
    pub grade: Option<String>,
    pub subdistrict: Option<String>,
    /// The whole credit code.
    pub uscc: Option<String>,
}

impl ReconciledFilter {
    pub fn all(of: Uuid) -> Self {
        let (body, finding, turn) = (None, None, None);
        ReconciledFilter { of, body, finding, gaps: false, turn, grade: None, subdistrict: None, uscc: None }
    }
}

/// In the order of credit codes and measures.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &ReconciledFilter,
    position: Position<Key>,
    size: u16,
) -> Result<keyset::Page<ReconciledRow, Key>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS);
    push_found(&mut sql, scope, filter);
    position.by(|key| (key.uscc.clone(), key.measure.clone())).push_page(
        &mut sql,
        ["t.uscc", "t.measure"],
        false,
        size,
    );
    let rows: Vec<ReconciledRow> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), ReconciledRow::key))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &ReconciledFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

pub fn push_found(sql: &mut Sql, scope: &Scope, filter: &ReconciledFilter) {
    sql.push(" FROM allocation_reconciled t WHERE t.district = ").push_bind(scope.county().to_owned());
    sql.push(" AND t.reconciliation = ").push_bind(filter.of);
    if let Some(body) = filter.body {
        sql.push(" AND t.body = ").push_bind(body.code());
    }
    if let Some(finding) = filter.finding {
        sql.push(" AND t.finding = ").push_bind(finding.code());
    }
    if filter.gaps {
        let gaps: Vec<&str> = Finding::ALL.iter().filter(|it| it.is_gap()).map(|it| it.code()).collect();
        sql.push(" AND t.finding = ANY(").push_bind(gaps).push(")");
    }
    if let Some(turn) = filter.turn {
        sql.push(" AND t.turn = ").push_bind(turn.code());
    }
    if let Some(grade) = &filter.grade {
        sql.push(" AND t.grade = ").push_bind(grade.clone());
    }
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND t.uscc = ").push_bind(uscc.clone());
    }
    let within = scope.subdistrict_code().map(str::to_owned).or_else(|| filter.subdistrict.clone());
    if let Some(subdistrict) = within {
        sql.push(" AND t.subdistrict = ").push_bind(subdistrict);
    }
}
