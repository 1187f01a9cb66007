//! The figures behind the colours of a year, worked out in one statement on top of the facts of the year.

use rust_decimal::Decimal;

use crate::annual::store::{Sql, push_judged, push_parcel_land};
use crate::annual::{Query, deciding_day};
use crate::base::period::length_of_year;
use crate::db::{PgConnection, PgPool, Scope, statistics};
use crate::map::bands;
use crate::map::yields::{Rule, layers};
use crate::policy::Comparison;

/// A million parcels and enterprises take a quarter of a minute; what takes ten times as long has a plan that will not end, and
/// another one is likely to be better once the planner knows the registers.
const SETTINGS: &str =
    "SET LOCAL work_mem = '256MB'; SET LOCAL random_page_cost = 1.1; SET LOCAL statement_timeout = '150s'";

/// Works out the figures of a district for the rule's year, unless they are there for the present revision already.
pub async fn ensure(pool: &PgPool, scope: &Scope, rule: &Rule) -> Result<(), sqlx::Error> {
    let district = Scope::district(scope.district.clone());
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('parcel yield ' || $1 || $2::int, 0))",
        district.county(),
        rule.year
    )
    .execute(&mut *transaction)
    .await?;
    if !is_known(&mut transaction, &district, rule).await? {
        sqlx::raw_sql(SETTINGS).execute(&mut *transaction).await?;
        // One statement sees one state: the revision that is written down is the one the figures were read under.
        work_out(&district, rule).build().execute(&mut *transaction).await?;
        forget_older(&mut transaction, &district, rule.year).await?;
        statistics::refresh(&mut transaction).await?;
    }
    transaction.commit().await
}

async fn is_known(connection: &mut PgConnection, scope: &Scope, rule: &Rule) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM parcel_yield_edition WHERE district = $1 AND year = $2 AND rule = $3 AND revision =
               (SELECT COALESCE(sum(revision), 0) FROM layer_revision WHERE district = $1 AND layer = ANY($4)))
           AS "known!""#,
        scope.county(),
        rule.year as i16,
        rule.digest(),
        &layers()
    )
    .fetch_one(connection)
    .await
}

async fn forget_older(connection: &mut PgConnection, scope: &Scope, year: i32) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH older AS (DELETE FROM parcel_yield_edition e WHERE district = $1 AND year = $2 AND EXISTS
             (SELECT FROM parcel_yield_edition n WHERE n.district = $1 AND n.year = $2 AND n.id > e.id) RETURNING id)
         DELETE FROM parcel_yield WHERE district = $1 AND edition IN (SELECT id FROM older)",
        scope.county(),
        year as i16
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn work_out(scope: &Scope, rule: &Rule) -> Sql {
    let mut sql = Sql::new("");
    let query = Query::of_year(rule.year);
    push_judged(&mut sql, scope, &query, &rule.line);
    sql.push(", held AS (");
    push_parcel_land(&mut sql, scope, &query);
    sql.push(")");
    push_present(&mut sql, rule);
    push_sums(&mut sql, rule);
    sql.push(", edition AS (INSERT INTO parcel_yield_edition (district, year, revision, rule) SELECT ");
    sql.push_bind(scope.county().to_owned())
        .push(", ")
        .push_bind(rule.year as i16)
        .push(", COALESCE(sum(revision), 0), ");
    sql.push_bind(rule.digest()).push(" FROM layer_revision WHERE district = ").push_bind(scope.county().to_owned());
    sql.push(" AND layer = ANY(").push_bind(layers()).push(") RETURNING id)");
    sql.push(
        " INSERT INTO parcel_yield (district, edition, code, band, flagged, industries, tax_per_mu)
          SELECT ",
    );
    sql.push_bind(scope.county().to_owned()).push(", edition.id, code, ");
    push_band(&mut sql, rule);
    sql.push(
        ", flagged, industries, CASE WHEN known AND tax_side < land * 1e15 THEN round(tax_side / land, 4) END
          FROM summed, edition",
    );
    sql
}

/// The enterprises that are there. One that the register of enterprises does not know cannot be determined.
fn push_present(sql: &mut Sql, rule: &Rule) {
    sql.push(
        ", present AS (SELECT held.code, COALESCE(held.land, 0) AS land, held.unmeasured OR held.land > 0 AS on_land,
             COALESCE(l.comparable, false) AND NOT held.unmeasured AS comparable,
             l.tax_paid AS tax, l.land AS all_land, l.outcome, i.section
         FROM held LEFT JOIN judged l ON l.uscc = held.uscc
         LEFT JOIN industry i ON i.edition = l.industry_edition AND i.code = l.industry_code
         WHERE (held.land > 0 OR held.unmeasured OR held.floor)
         AND (l.uscc IS NULL OR (l.operated AND (l.established_on IS NULL OR l.established_on <= ",
    );
    sql.push_bind(deciding_day(rule.year)).push("))))");
}

fn push_sums(sql: &mut Sql, rule: &Rule) {
    let low = match rule.line.comparison {
        Comparison::Below => "outcome = 'flagged'",
        Comparison::AtMost => "outcome IN ('flagged', 'on_the_line')",
    };
    sql.push(
        ", summed AS (SELECT code, COALESCE(bool_and(comparable) FILTER (WHERE on_land), false) AS known,
             sum(land) FILTER (WHERE on_land) AS land,
             round(sum(CASE WHEN land = all_land THEN tax ELSE tax * land * round(1::numeric, 60) / all_land END)
                 FILTER (WHERE on_land AND comparable) * ",
    );
    sql.push_bind(Decimal::from(length_of_year(rule.year))).push(", 50) AS tax_side, COALESCE(bool_or(");
    sql.push(low);
    sql.push("), false) AS flagged, COALESCE(string_agg(DISTINCT section, '' ORDER BY section), '') AS industries");
    sql.push(" FROM present GROUP BY code)");
}

fn push_band(sql: &mut Sql, rule: &Rule) {
    sql.push("CASE WHEN known THEN (SELECT count(*) FROM unnest(").push_bind(rule.edges.clone());
    sql.push("::numeric[]) AS edge WHERE tax_side >= edge * land) ELSE ").push(bands::NOT_DETERMINABLE).push(" END");
}

/// Years whose figures somebody has looked at since the cache was emptied.
pub async fn years_looked_at(pool: &PgPool, scope: &Scope) -> Result<Vec<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT year::integer AS "year!" FROM parcel_yield_edition WHERE district = $1 ORDER BY 1 DESC"#,
        scope.county()
    )
    .fetch_all(pool)
    .await
}
