//! Findings of departments, each a case.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::{Act, Department};
use crate::base::code::Uscc;
use crate::db::{PgConnection, PgPool, Scope};
use crate::enforcement::rules::Found;
use crate::enforcement::store::targets::Target;
use crate::enforcement::{State, Step};
use crate::workflow::{Number, Series, Statement};

pub type Sql = QueryBuilder<Postgres>;

pub const SERIES: Series = Series("enforcement_finding_serial");

/// A finding on record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Finding {
    pub id: Uuid,
    pub year: i16,
    pub serial: i32,
    pub campaign_year: i16,
    pub campaign_serial: i32,
    pub uscc: String,
    pub name: String,
    pub parcel: String,
    pub subdistrict: String,
    pub department: Department,
    pub question: String,
    pub basis: String,
    pub words: String,
    pub found_on: NaiveDate,
    pub handed_on: NaiveDate,
    pub handed_by: Uuid,
    pub handed_by_name: String,
    pub state: State,
    /// Of the next step; none once it is closed.
    pub due: Option<NaiveDate>,
    pub filing: Option<String>,
    pub order_document: Option<String>,
    pub ordered_by: Option<Uuid>,
    pub fine_yuan: Option<Decimal>,
    pub closed_on: Option<NaiveDate>,
    pub version: i32,
}

impl Finding {
    pub fn number(&self) -> Number {
        Number { year: self.year, serial: self.serial }
    }

    pub fn campaign(&self) -> Number {
        Number { year: self.campaign_year, serial: self.campaign_serial }
    }

    pub fn days_late(&self, today: NaiveDate) -> i64 {
        self.due.map_or(0, |due| (today - due).num_days().max(0))
    }
}

const FINDINGS: &str = "SELECT f.id, f.year, f.serial, c.year AS campaign_year, c.serial AS campaign_serial, f.uscc, f.name, f.parcel, \
    f.subdistrict, f.department, f.question, f.basis, f.words, f.found_on, f.handed_on, f.handed_by, f.handed_by_name, f.state, f.due, \
    f.filing, f.order_document, f.ordered_by, f.fine_yuan, f.closed_on, f.version \
    FROM enforcement_finding f JOIN enforcement_campaign c ON c.district = f.district AND c.id = f.campaign";

pub fn select(scope: &Scope) -> Sql {
    let mut sql = Sql::new(FINDINGS);
    scope.push_where(&mut sql, "f");
    sql
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Finding>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND f.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

pub async fn by_number(
    connection: &mut PgConnection,
    scope: &Scope,
    number: Number,
) -> Result<Option<Finding>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND f.year = ").push_bind(number.year).push(" AND f.serial = ").push_bind(number.serial);
    sql.build_query_as().fetch_optional(connection).await
}

/// What was found at one visit, in the order in which it was handed over.
pub async fn of_target(pool: &PgPool, scope: &Scope, target: Uuid) -> Result<Vec<Finding>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND f.target = ").push_bind(target).push(" ORDER BY f.year, f.serial");
    sql.build_query_as().fetch_all(pool).await
}

/// Of an enterprise, or of whoever is on a parcel; the newest first.
pub async fn of_subject(connection: &mut PgConnection, scope: &Scope, code: &str) -> Result<Vec<Finding>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(if code.parse::<Uscc>().is_ok() { " AND f.uscc = " } else { " AND f.parcel = " });
    sql.push_bind(code.to_owned()).push(" ORDER BY f.year DESC, f.serial DESC");
    sql.build_query_as().fetch_all(connection).await
}

/// Everything that one visit found, with the first line of each timeline.
pub struct NewFindings<'a> {
    pub target: &'a Target,
    pub found: &'a [Found],
    pub year: i16,
    /// Of the first.
    pub serial: i32,
    pub found_on: NaiveDate,
    pub due: NaiveDate,
    pub person: Uuid,
}

pub async fn insert(connection: &mut PgConnection, act: &Act, new: &NewFindings<'_>) -> Result<(), sqlx::Error> {
    let column = |of: fn(&Found) -> &str| new.found.iter().map(|each| of(each).to_owned()).collect::<Vec<_>>();
    let ids: Vec<Uuid> = new.found.iter().map(|_| Uuid::now_v7()).collect();
    let serials: Vec<i32> = (new.serial..).take(new.found.len()).collect();
    sqlx::query!(
        "INSERT INTO enforcement_finding (district, id, year, serial, campaign, target, uscc, name, parcel, subdistrict, department,
             item, question, basis, words, found_on, handed_on, handed_by, handed_by_name, state, due)
         SELECT $1, n.id, $2, n.serial, $3, $4, $5, $6, $7, $8, n.department, n.item, n.question, n.basis, n.words, $9, $10, $11, $12,
             'handed_over', $13
         FROM unnest($14::uuid[], $15::int[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[])
             AS n (id, serial, department, item, question, basis, words)",
        act.scope.county() as _,
        new.year,
        new.target.campaign,
        new.target.id,
        new.target.uscc,
        new.target.name,
        new.target.parcel,
        new.target.subdistrict,
        new.found_on,
        act.today(),
        new.person,
        act.actor.name,
        new.due,
        &ids,
        &serials,
        &column(|each| each.department.code()),
        &column(|each| &each.item),
        &column(|each| &each.question),
        &column(|each| &each.basis),
        &column(|each| &each.words)
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO enforcement_step (district, finding, step, state, words, done_on, at, account, actor)
         SELECT $1, id, 'hand_over', 'handed_over', words, $3, $4, $5, $6
         FROM unnest($2::uuid[], $7::text[]) AS n (id, words)",
        act.scope.county() as _,
        &ids,
        act.today(),
        act.now,
        act.actor.account,
        act.actor.name,
        &column(|each| &each.words)
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
    pub filing: Option<&'a str>,
    /// The order, and who gave it.
    pub order: Option<(&'a str, Uuid)>,
    /// On top of what was fined before.
    pub fine_yuan: Option<Decimal>,
    pub closed: Option<(NaiveDate, Uuid)>,
}

impl Row<'_> {
    /// That changes nothing yet but the version.
    pub fn of(finding: &Finding, state: State) -> Self {
        Row { state, due: finding.due, filing: None, order: None, fine_yuan: None, closed: None }
    }
}

pub fn write(act: &Act, id: Uuid, row: &Row<'_>) -> Statement {
    let (order, ordered_by) = row.order.unzip();
    let (closed_on, closed_by) = row.closed.unzip();
    sqlx::query!(
        "UPDATE enforcement_finding SET state = $3, due = $4, filing = COALESCE($5, filing),
             order_document = COALESCE($6, order_document), ordered_by = COALESCE($7, ordered_by),
             fine_yuan = CASE WHEN $8::numeric IS NULL THEN fine_yuan ELSE COALESCE(fine_yuan, 0) + $8 END,
             closed_on = $9, closed_by = $10, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        row.state.code(),
        row.due,
        row.filing,
        order,
        ordered_by,
        row.fine_yuan,
        closed_on,
        closed_by
    )
}

/// What is said of a step.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub on: NaiveDate,
    pub words: &'a str,
    pub document: Option<&'a str>,
    pub fine_yuan: Option<Decimal>,
}

/// A line of the timeline.
pub fn line(act: &Act, id: Uuid, (step, state): (Step, State), said: Said<'_>) -> Statement {
    sqlx::query!(
        "INSERT INTO enforcement_step (district, finding, step, state, words, document, fine_yuan, done_on, at, account, actor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        act.scope.county(),
        id,
        step.code(),
        state.code(),
        said.words,
        said.document,
        said.fine_yuan,
        said.on,
        act.now,
        act.actor.account,
        act.actor.name
    )
}

/// One step that was taken.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = EnforcementStepTaken)]
pub struct StepTaken {
    pub step: Step,
    /// Where it led.
    pub state: State,
    pub words: String,
    pub document: Option<String>,
    #[schema(value_type = Option<String>)]
    pub fine_yuan: Option<Decimal>,
    pub done_on: NaiveDate,
    pub at: DateTime<Utc>,
    pub actor: String,
}

/// Oldest first.
pub async fn timeline(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Vec<StepTaken>, sqlx::Error> {
    sqlx::query_as!(
        StepTaken,
        r#"SELECT step AS "step: _", state AS "state: _", words, document, fine_yuan, done_on, at, actor
           FROM enforcement_step WHERE district = $1 AND finding = $2 ORDER BY id"#,
        scope.county(),
        id
    )
    .fetch_all(connection)
    .await
}
