//! The row of a file, read.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Department;
use crate::db::{PgConnection, Scope};
use crate::remediation::{State, SubjectKind, Way};
use crate::workflow::Number;

pub type Sql = QueryBuilder<Postgres>;

/// A file on record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct File {
    pub id: Uuid,
    pub year: i16,
    pub serial: i32,
    pub subject_kind: SubjectKind,
    pub subject: String,
    /// As it was called when the file was opened.
    pub name: String,
    pub subdistrict: Option<String>,
    pub batch: Option<Uuid>,
    pub relapse_of: Option<Uuid>,
    pub state: State,
    pub due: Option<NaiveDate>,
    pub way: Option<Way>,
    pub target: Option<Decimal>,
    pub target_year: Option<i16>,
    pub measures: Option<String>,
    pub contract: Option<String>,
    pub new_parcel: Option<String>,
    pub plan_due: Option<NaiveDate>,
    pub plan_subdistrict: Option<String>,
    pub lead: Option<Department>,
    pub departments: Vec<String>,
    pub planned_on: Option<NaiveDate>,
    pub planned_by: Option<Uuid>,
    pub planned_by_name: Option<String>,
    pub noticed_on: Option<NaiveDate>,
    pub notice_document: Option<String>,
    pub suspended_on: Option<NaiveDate>,
    pub escalated_on: Option<NaiveDate>,
    pub escalated_to: Option<String>,
    pub round: i32,
    /// `drawn`, `not_drawn`, or nobody drew yet.
    pub sampled: Option<String>,
    pub proof_year: Option<i16>,
    pub proof_receipt: Option<String>,
    pub accepted_on: Option<NaiveDate>,
    pub struck_off_on: Option<NaiveDate>,
    pub struck_off_by_name: Option<String>,
    pub strike_document: Option<String>,
    pub mu_freed: Option<Decimal>,
    pub looked_back_on: Option<NaiveDate>,
    pub version: i32,
    pub opened_at: DateTime<Utc>,
    pub opened_on: NaiveDate,
    pub opened_by_name: String,
}

impl File {
    pub fn number(&self) -> Number {
        Number { year: self.year, serial: self.serial }
    }

    /// Every department that the plan names, the lead first.
    pub fn in_charge(&self) -> Vec<Department> {
        let beside = self.departments.iter().filter_map(|code| Department::parse(code));
        let mut all: Vec<Department> = self.lead.into_iter().chain(beside).collect();
        all.dedup();
        all
    }
}

/// Of the table `f`.
pub const COLUMNS: &str = "f.id, f.year, f.serial, f.subject_kind, f.subject, f.name, f.subdistrict, f.batch, f.relapse_of, f.state, \
     f.due, f.way, f.target, f.target_year, f.measures, f.contract, f.new_parcel, f.plan_due, f.plan_subdistrict, f.lead, \
     f.departments, f.planned_on, f.planned_by, f.planned_by_name, f.noticed_on, f.notice_document, f.suspended_on, f.escalated_on, \
     f.escalated_to, f.round, f.sampled, f.proof_year, f.proof_receipt, f.accepted_on, f.struck_off_on, f.struck_off_by_name, \
     f.strike_document, f.mu_freed, f.looked_back_on, f.version, f.opened_at, f.opened_on, f.opened_by_name";

fn select(scope: &Scope) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS).push(" FROM remediation_file f");
    scope.push_where(&mut sql, "f");
    sql
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<File>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND f.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

pub async fn by_number(
    connection: &mut PgConnection,
    scope: &Scope,
    number: Number,
) -> Result<Option<File>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND f.year = ").push_bind(number.year).push(" AND f.serial = ").push_bind(number.serial);
    sql.build_query_as().fetch_optional(connection).await
}

/// All files of a subject, the newest first: its whole history.
pub async fn of_subject(connection: &mut PgConnection, scope: &Scope, subject: &str) -> Result<Vec<File>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND f.subject = ").push_bind(subject.to_owned()).push(" ORDER BY f.opened_at DESC, f.serial DESC");
    sql.build_query_as().fetch_all(connection).await
}

/// Of some subjects, what was dropped left out: open ones first, then by their days, then the newest; at most twenty.
pub async fn pressing(
    connection: &mut PgConnection,
    scope: &Scope,
    subjects: &[String],
) -> Result<Vec<File>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND f.state <> 'dropped' AND f.subject = ANY (").push_bind(subjects.to_vec());
    sql.push(
        ") ORDER BY f.state IN ('struck_off', 'looked_back'),
             CASE WHEN f.state NOT IN ('suspended', 'looked_back') THEN f.due END, f.year DESC, f.serial DESC LIMIT 20",
    );
    sql.build_query_as().fetch_all(connection).await
}

/// Files whose plan ends a contract.
pub async fn of_contract(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
) -> Result<Vec<File>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND f.contract = ").push_bind(contract.to_owned()).push(" ORDER BY f.opened_at DESC, f.serial DESC");
    sql.build_query_as().fetch_all(connection).await
}
