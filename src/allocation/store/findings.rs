//! Findings of auditors.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::allocation::{State, Step};
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::entitlement::{self, Body};
use crate::measures::list::Key;
use crate::workflow::{Number, Series, Statement};

type Sql = QueryBuilder<Postgres>;

pub const SERIES: Series = Series("allocation_finding_serial");

/// A finding on record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Finding {
    pub id: Uuid,
    pub year: i16,
    pub serial: i32,
    pub audit: Uuid,
    pub uscc: String,
    pub measure: String,
    pub body: Body,
    pub name: Option<String>,
    /// As the reconciliation said it.
    pub finding: entitlement::Finding,
    pub gap: Option<Decimal>,
    pub words: String,
    pub state: State,
    pub due: Option<NaiveDate>,
    pub answer: Option<String>,
    pub answered_by: Option<Uuid>,
    pub rectified_yuan: Option<Decimal>,
    pub version: i32,
    pub opened_on: NaiveDate,
    pub opened_by_name: String,
}

impl Finding {
    pub fn number(&self) -> Number {
        Number { year: self.year, serial: self.serial }
    }

    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.state == State::Opened && self.due.is_some_and(|due| due < today)
    }
}

const COLUMNS: &str = "t.id, t.year, t.serial, t.audit, t.uscc, t.measure, t.body, t.name, t.finding, t.gap, t.words, t.state, t.due, \
    t.answer, t.answered_by, t.rectified_yuan, t.version, t.opened_on, t.opened_by_name";

/// One as it is opened.
pub struct NewFinding<'a> {
    pub id: Uuid,
    pub number: Number,
    pub audit: Uuid,
    pub key: &'a Key,
    pub words: &'a str,
    pub due: NaiveDate,
    pub person: Uuid,
}

/// With what the reconciliation said of the line.
pub async fn insert(connection: &mut PgConnection, act: &Act, new: &NewFinding<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO allocation_finding (district, id, year, serial, audit, uscc, measure, body, name, subdistrict, finding, gap, words,
             state, due, opened_at, opened_on, opened_by, opened_by_name)
         SELECT $1, $2, $3, $4, $5, l.uscc, l.measure, l.body, l.name, l.subdistrict, l.finding, l.gap, $8, 'opened', $9, $10, $11, $12, $13
         FROM allocation_audit a JOIN allocation_reconciled l ON l.district = $1 AND l.reconciliation = a.reconciliation
         WHERE a.district = $1 AND a.id = $5 AND l.uscc = $6 AND l.measure = $7",
        act.scope.county() as _,
        new.id,
        new.number.year,
        new.number.serial,
        new.audit,
        new.key.uscc,
        new.key.measure,
        new.words,
        new.due,
        act.now,
        act.today(),
        new.person,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What a step writes; what is not named stays.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    pub state: State,
    pub due: Option<NaiveDate>,
    pub answer: Option<(&'a str, Uuid)>,
    pub rectified_yuan: Option<Decimal>,
    pub closed_by: Option<Uuid>,
}

impl Default for Row<'_> {
    fn default() -> Self {
        Row { state: State::Opened, due: None, answer: None, rectified_yuan: None, closed_by: None }
    }
}

pub fn write(act: &Act, id: Uuid, row: &Row<'_>) -> Statement {
    let (answer, person) = row.answer.unzip();
    sqlx::query!(
        "UPDATE allocation_finding SET state = $3, due = $4, answer = COALESCE($5, answer), answered_by = COALESCE($6, answered_by),
             rectified_yuan = $7, closed_by = $8, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        row.state.code(),
        row.due,
        answer,
        person,
        row.rectified_yuan,
        row.closed_by
    )
}

/// A line of the timeline.
pub fn line(act: &Act, id: Uuid, (step, state): (Step, State), (words, document): (&str, Option<&str>)) -> Statement {
    sqlx::query!(
        "INSERT INTO allocation_step (district, finding, step, state, words, document, at, account, actor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        act.scope.county(),
        id,
        step.code(),
        state.code(),
        words,
        document,
        act.now,
        act.actor.account,
        act.actor.name
    )
}

/// One step that was taken.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AllocationStepTaken)]
pub struct StepTaken {
    pub step: Step,
    /// Where it led.
    pub state: State,
    pub words: String,
    pub document: Option<String>,
    pub at: DateTime<Utc>,
    pub actor: String,
}

/// Oldest first.
pub async fn timeline(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Vec<StepTaken>, sqlx::Error> {
    sqlx::query_as!(
        StepTaken,
        r#"SELECT step AS "step: _", state AS "state: _", words, document, at, actor
           FROM allocation_step WHERE district = $1 AND finding = $2 ORDER BY id"#,
        scope.county(),
        id
    )
    .fetch_all(connection)
    .await
}

fn select(scope: &Scope) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS).push(" FROM allocation_finding t");
    scope.push_where(&mut sql, "t");
    sql
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Finding>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND t.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

pub async fn by_number(
    connection: &mut PgConnection,
    scope: &Scope,
    number: Number,
) -> Result<Option<Finding>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND t.year = ").push_bind(number.year).push(" AND t.serial = ").push_bind(number.serial);
    sql.build_query_as().fetch_optional(connection).await
}

/// Which findings.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    pub state: Option<State>,
    pub body: Option<Body>,
    /// Only those whose answer is late on the day.
    pub late_on: Option<NaiveDate>,
    /// The whole credit code.
    pub uscc: Option<String>,
}

/// Year and serial number.
pub type FindingKey = (i16, i32);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &FindingFilter,
    position: &Position<FindingKey>,
    size: u16,
) -> Result<keyset::Page<Finding, FindingKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS);
    push_found(&mut sql, scope, filter);
    position.push_page(&mut sql, ["t.year", "t.serial"], true, size);
    let rows: Vec<Finding> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.year, row.serial)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &FindingFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &FindingFilter) {
    sql.push(" FROM allocation_finding t");
    scope.push_where(sql, "t");
    if let Some(state) = filter.state {
        sql.push(" AND t.state = ").push_bind(state.code());
    }
    if let Some(body) = filter.body {
        sql.push(" AND t.body = ").push_bind(body.code());
    }
    if let Some(day) = filter.late_on {
        sql.push(" AND t.state = 'opened' AND t.due < ").push_bind(day);
    }
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND t.uscc = ").push_bind(uscc.clone());
    }
}

/// How many of some bodies stand in a state.
pub async fn waiting(pool: &PgPool, scope: &Scope, state: State, bodies: &[Body]) -> Result<i64, sqlx::Error> {
    let mut sql = Sql::new("SELECT count(*) FROM allocation_finding t");
    scope.push_where(&mut sql, "t");
    let bodies: Vec<&str> = bodies.iter().map(|body| body.code()).collect();
    sql.push(" AND t.state = ").push_bind(state.code()).push(" AND t.body = ANY(").push_bind(bodies).push(")");
    sql.build_query_scalar().fetch_one(pool).await
}
