//! The SQL of the import of annual returns.

mod plausible;

use chrono::{DateTime, Utc};

use super::{Confirms, confirms};

use crate::account::Department;
use crate::db::PgConnection;
use crate::enterprise::Indicator;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::{Counts, counts, named, placed, reason_changed, reason_new};
use crate::importing::table_wording as wording;
use crate::policy::Parameter;

/// The table that the records of a file are read into.
pub const STAGING: &str = "staging_return";
pub const COPY: &str = "COPY staging_return (record, line, rejected, uscc, year, state, figures) FROM STDIN";

pub async fn open_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    named::open(connection, STAGING).await?;
    named::open(connection, "staging_figure").await
}

/// Marks what the register does not take, says why, and lays out the figures of the rest.
///
/// # Errors
/// When the database fails, or a published parameter cannot be read.
pub async fn check(
    connection: &mut PgConnection,
    order: &Order,
    published: &[Parameter],
) -> anyhow::Result<Vec<Fault>> {
    sqlx::raw_sql("ANALYZE staging_return").execute(&mut *connection).await?;
    let mut faults = named::refuse_unknown_enterprises(connection, order, STAGING).await?;
    if let Some(own) = order.scope.subdistrict_code() {
        faults.extend(named::refuse_outside(connection, order, (STAGING, own)).await?);
    }
    faults.extend(refuse_duplicates(connection).await?);
    lay_out_figures(connection, order).await?;
    if let Confirms::Of(own) = confirms(order) {
        faults.extend(keep_to_own_department(connection, own).await?);
    }
    faults.extend(plausible::check(connection, order, published).await?);
    faults.extend(settle_confirmed(connection, order).await?);
    Ok(faults)
}

/// Of rows that say the same the first is taken; of rows that differ none.
async fn refuse_duplicates(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH several AS (
               SELECT uscc, year FROM staging_return WHERE NOT rejected GROUP BY uscc, year HAVING count(*) > 1
           ), told AS (
               SELECT t.uscc, t.year, array_agg(t.record ORDER BY t.record) AS records,
                      count(DISTINCT to_jsonb(t) - '{record,line}'::text[]) > 1 AS differ
               FROM staging_return t JOIN several USING (uscc, year) WHERE NOT t.rejected GROUP BY t.uscc, t.year
           )
           UPDATE staging_return s SET rejected = true FROM told
           WHERE s.uscc = told.uscc AND s.year = told.year AND NOT s.rejected
             AND (told.differ OR s.record > told.records[1])
           RETURNING s.record, s.line, s.uscc AS "uscc!", s.year AS "year!", told.records AS "records!", told.differ AS "differ!""#
    )
    .fetch_all(connection)
    .await?;
    let fault = |uscc: &str, year, records: &[i64], differ| {
        wording::told_again(format_args!("企业 {uscc} {year} 年的数据"), records, differ)
    };
    Ok(rows
        .iter()
        .map(|row| placed(fault(&row.uscc, row.year, &row.records, row.differ), row.record, row.line))
        .collect())
}

/// One staging row a figure, beside the figure in the register.
async fn lay_out_figures(connection: &mut PgConnection, order: &Order) -> Result<(), sqlx::Error> {
    let codes: Vec<String> = Indicator::ALL.iter().map(|indicator| indicator.code().to_owned()).collect();
    let departments: Vec<String> = Indicator::ALL.iter().map(|it| it.department().code().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO staging_figure (record, uscc, year, indicator, department, value, state,
             existing, existing_value, existing_state, unchanged)
         SELECT s.record, s.uscc, s.year, f.indicator, f.department, f.value, s.state, r.id, r.value, r.state,
             r.id IS NOT NULL AND r.value = f.value AND (r.state = s.state OR r.state = 'confirmed')
         FROM staging_return s
         CROSS JOIN LATERAL unnest($2::text[], $3::text[], s.figures) AS f (indicator, department, value)
         LEFT JOIN return_figure r ON r.district = $1 AND r.uscc = s.uscc AND r.year = s.year
              AND r.indicator = f.indicator AND r.superseded_at IS NULL
         WHERE NOT s.rejected AND f.value IS NOT NULL",
        order.scope.county(),
        &codes,
        &departments
    )
    .execute(&mut *connection)
    .await?;
    sqlx::raw_sql("ANALYZE staging_figure").execute(connection).await?;
    Ok(())
}

/// What another department answers for is taken as reported, whatever the file says.
async fn keep_to_own_department(connection: &mut PgConnection, own: Department) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH others AS (
               UPDATE staging_figure SET state = 'reported',
                   unchanged = existing IS NOT NULL AND existing_value = value
               WHERE state = 'confirmed' AND department <> $1 RETURNING record)
           SELECT DISTINCT s.record, s.line FROM others JOIN staging_return s USING (record) ORDER BY s.record"#,
        own.code()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(wording::only_own_confirmed(own.label()), row.record, row.line)).collect())
}

/// A confirmed figure that a reported one would replace: refused with its whole row, or waved through.
async fn settle_confirmed(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let accepts = order.options.accept_warnings;
    let rows = sqlx::query!(
        r#"WITH conflict AS (
               SELECT record, indicator, existing_value, value FROM staging_figure
               WHERE existing_state = 'confirmed' AND state = 'reported' AND NOT unchanged),
           refused AS (
               UPDATE staging_return SET rejected = true
               WHERE NOT $1 AND record IN (SELECT record FROM conflict))
           SELECT s.record, s.line, c.indicator AS "indicator: Indicator", c.existing_value AS "confirmed!", c.value AS told
           FROM conflict c JOIN staging_return s USING (record)"#,
        accepts
    )
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM staging_figure f USING staging_return s WHERE s.record = f.record AND s.rejected")
        .execute(connection)
        .await?;
    let word = if accepts { wording::confirmed_replaced } else { wording::confirmed_differs };
    let fault = |of: Indicator, confirmed, told| word(of.label(), confirmed, told, of.unit());
    Ok(rows.iter().map(|row| placed(fault(row.indicator, row.confirmed, row.told), row.record, row.line)).collect())
}

pub async fn apply(connection: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<Counts, sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_return s SET unchanged = true WHERE NOT rejected
         AND NOT EXISTS (SELECT FROM staging_figure f WHERE f.record = s.record AND NOT f.unchanged)"
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE return_figure r SET superseded_at = $2 FROM staging_figure f
         WHERE r.district = $1 AND r.id = f.existing AND NOT f.unchanged",
        order.scope.county(),
        now
    )
    .execute(&mut *connection)
    .await?;
    insert(connection, order, now).await?;
    counts(connection, STAGING).await
}

async fn insert(connection: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, confirmed_by, confirmed_at,
             source, reason, recorded_at, recorded_by)
         SELECT $1, year, indicator, uscc, value, department, state,
             CASE state WHEN 'confirmed' THEN $6 END, CASE state WHEN 'confirmed' THEN $2::timestamptz END,
             $3, CASE WHEN existing IS NULL THEN $4 WHEN value = existing_value THEN $7 ELSE $5 END, $2, $6
         FROM staging_figure WHERE NOT unchanged ORDER BY year, indicator, uscc",
        order.scope.county() as _,
        now,
        order.file_name,
        reason_new(order),
        reason_changed(order),
        order.actor.name,
        format!("确认：导入 {}", order.file_name)
    )
    .execute(connection)
    .await?;
    Ok(())
}
