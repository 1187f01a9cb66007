//! Counts: the board by step, what waits for a person, and the figures of a year.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::account::Department;
use crate::db::{PgPool, Scope};
use crate::remediation::{State, Way};

/// Files in a state, and how many of them are late.
#[derive(Clone, Debug)]
pub struct InState {
    pub state: State,
    pub files: i64,
    pub late: i64,
}

pub async fn by_state(pool: &PgPool, scope: &Scope, today: NaiveDate) -> Result<Vec<InState>, sqlx::Error> {
    sqlx::query_as!(
        InState,
        r#"SELECT state AS "state: _", count(*) AS "files!",
                  count(*) FILTER (WHERE due < $3 AND state NOT IN ('suspended', 'looked_back', 'dropped')) AS "late!"
           FROM remediation_file WHERE district = $1 AND ($2::text IS NULL OR subdistrict = $2) GROUP BY state"#,
        scope.county(),
        scope.subdistrict_code(),
        today
    )
    .fetch_all(pool)
    .await
}

/// Files in some states.
pub async fn in_states(pool: &PgPool, scope: &Scope, states: &[State]) -> Result<i64, sqlx::Error> {
    let states: Vec<String> = states.iter().map(|state| state.code().to_owned()).collect();
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM remediation_file
           WHERE district = $1 AND state = ANY ($2) AND ($3::text IS NULL OR subdistrict = $3)"#,
        scope.county(),
        &states,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}

/// Files that are late on a day.
pub async fn late(pool: &PgPool, scope: &Scope, today: NaiveDate) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM remediation_file
           WHERE district = $1 AND due < $2 AND state NOT IN ('suspended', 'looked_back', 'dropped')
             AND ($3::text IS NULL OR subdistrict = $3)"#,
        scope.county(),
        today,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}

/// Files whose acceptance a department has not spoken on, and that the person did not plan.
pub async fn to_accept(
    pool: &PgPool,
    scope: &Scope,
    (department, person): (Department, Uuid),
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM remediation_file f
           WHERE f.district = $1 AND f.state = 'acceptance_asked' AND f.planned_by <> $3
             AND NOT EXISTS (SELECT FROM remediation_agreement a WHERE a.district = f.district AND a.file = f.id
                             AND a.round = f.round AND (a.department = $2 OR a.account = $3))"#,
        scope.county(),
        department.code(),
        person
    )
    .fetch_one(pool)
    .await
}

/// Files that somebody else planned and that are accepted.
pub async fn to_strike_off(pool: &PgPool, scope: &Scope, person: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM remediation_file
           WHERE district = $1 AND state = 'accepted' AND planned_by <> $2"#,
        scope.county(),
        person
    )
    .fetch_one(pool)
    .await
}

/// What a year came to.
#[derive(Clone, Debug)]
pub struct OfYear {
    pub year: i32,
    pub entered: i64,
    pub relapses: i64,
}

/// Files entered, by the year of their number, the newest first.
pub async fn entered(pool: &PgPool, scope: &Scope) -> Result<Vec<OfYear>, sqlx::Error> {
    sqlx::query_as!(
        OfYear,
        r#"SELECT year::int AS "year!", count(*) AS "entered!", count(relapse_of) AS "relapses!" FROM remediation_file
           WHERE district = $1 AND state <> 'dropped' AND ($2::text IS NULL OR subdistrict = $2)
           GROUP BY year ORDER BY year DESC LIMIT 20"#,
        scope.county(),
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// Struck off in a year in a way.
#[derive(Clone, Debug)]
pub struct StruckOff {
    pub year: i32,
    pub way: Way,
    pub files: i64,
    pub mu_freed: Option<Decimal>,
}

pub async fn struck_off(pool: &PgPool, scope: &Scope) -> Result<Vec<StruckOff>, sqlx::Error> {
    sqlx::query_as!(
        StruckOff,
        r#"SELECT EXTRACT(year FROM struck_off_on)::int AS "year!", way AS "way!: _", count(*) AS "files!", sum(mu_freed) AS mu_freed
           FROM remediation_file
           WHERE district = $1 AND struck_off_on IS NOT NULL AND way IS NOT NULL AND ($2::text IS NULL OR subdistrict = $2)
           GROUP BY 1, 2 ORDER BY 1 DESC, 2"#,
        scope.county(),
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// Tax per mu of those struck off as upgrades in a year, together, when they were entered and when they were accepted: 元/亩 as a
/// ratio of sums, at four decimals.
#[derive(Clone, Debug)]
pub struct Risen {
    pub year: i32,
    pub files: i64,
    pub before: Option<Decimal>,
    pub after: Option<Decimal>,
}

/// Out of the receipts, so that figures that were corrected later change nothing. Only who was entered by a list has a before.
pub async fn risen(pool: &PgPool, scope: &Scope) -> Result<Vec<Risen>, sqlx::Error> {
    sqlx::query_as!(
        Risen,
        r#"SELECT EXTRACT(year FROM f.struck_off_on)::int AS "year!", count(*) AS "files!",
                  round(sum(b.tax) / nullif(sum(b.mu), 0), 4) AS before, round(sum(a.tax) / nullif(sum(a.mu), 0), 4) AS after
           FROM remediation_file f
           JOIN remediation_ground g ON g.district = f.district AND g.file = f.id AND g.serial = 1 AND g.ground = 'below_line'
           JOIN receipt entered ON entered.district = g.district AND entered.id = g.receipt
           JOIN receipt proven ON proven.district = f.district AND proven.id = f.proof_receipt
           CROSS JOIN LATERAL (SELECT entered.inputs::json -> 'found' AS found, proven.inputs::json -> 'figure' AS figure) it
           CROSS JOIN LATERAL (SELECT (found ->> 'tax_yuan')::numeric AS tax, (found ->> 'mu_days')::numeric
               / (make_date((found ->> 'year')::int + 1, 1, 1) - make_date((found ->> 'year')::int, 1, 1)) AS mu) b
           CROSS JOIN LATERAL (SELECT (figure ->> 'tax_yuan')::numeric AS tax, (figure ->> 'mu_days')::numeric
               / (make_date((figure ->> 'year')::int + 1, 1, 1) - make_date((figure ->> 'year')::int, 1, 1)) AS mu) a
           WHERE f.district = $1 AND f.struck_off_on IS NOT NULL AND f.way = 'upgrade' AND ($2::text IS NULL OR f.subdistrict = $2)
           GROUP BY 1 ORDER BY 1 DESC"#,
        scope.county(),
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}
