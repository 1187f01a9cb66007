//! Findings, a page at a time.

use chrono::NaiveDate;

use super::findings::{Finding, Sql, select};
use crate::account::Department;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::enforcement::State;
use crate::workflow::Number;

/// Which findings.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    pub campaign: Option<Number>,
    pub department: Option<Department>,
    pub state: Option<State>,
    /// Only those that are not at their end.
    pub open: bool,
    /// Only those whose next step is late on the day.
    pub late_on: Option<NaiveDate>,
    /// Only those with a veto that waits to be decided.
    pub veto: bool,
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
    let mut sql = select(scope);
    push_filter(&mut sql, scope, filter);
    position.push_page(&mut sql, ["f.year", "f.serial"], true, size);
    let rows: Vec<Finding> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.year, row.serial)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &FindingFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT FROM enforcement_finding f");
        scope.push_where(sql, "f");
        push_filter(sql, scope, filter);
    })
    .await
}

/// Subqueries name the district by itself, so that each is asked once and not for every finding.
fn push_filter(sql: &mut Sql, scope: &Scope, filter: &FindingFilter) {
    if let Some(Number { year, serial }) = filter.campaign {
        sql.push(" AND f.campaign = (SELECT id FROM enforcement_campaign WHERE district = ")
            .push_bind(scope.county().to_owned())
            .push(" AND year = ")
            .push_bind(year)
            .push(" AND serial = ")
            .push_bind(serial)
            .push(")");
    }
    if let Some(department) = filter.department {
        sql.push(" AND f.department = ").push_bind(department.code());
    }
    if let Some(state) = filter.state {
        sql.push(" AND f.state = ").push_bind(state.code());
    }
    // Said of an open state as well, which the index of the open ones does not know.
    if filter.open || filter.state.is_some_and(|state| !state.is_closed()) {
        sql.push(" AND f.due IS NOT NULL");
    }
    if let Some(day) = filter.late_on {
        sql.push(" AND f.due < ").push_bind(day);
    }
    if filter.veto {
        sql.push(" AND f.id IN (SELECT v.finding FROM enforcement_veto v WHERE v.district = ")
            .push_bind(scope.county().to_owned())
            .push(" AND v.state = 'proposed')");
    }
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND f.uscc = ").push_bind(uscc.clone());
    }
}

/// How many of one department are not at their end.
pub async fn waiting(pool: &PgPool, scope: &Scope, department: Department) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM enforcement_finding WHERE district = $1 AND department = $2
             AND due IS NOT NULL AND ($3::text IS NULL OR subdistrict = $3)"#,
        scope.county(),
        department.code(),
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}
