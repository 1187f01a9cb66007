//! The SQL of these tables: whom they name, what they meet, writing.

pub mod accounts;
pub mod reports;

use crate::db::PgConnection;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::placed;
use crate::importing::table_wording::{enterprise_outside, enterprise_unknown, told_again};

/// The table that the records of a file are read into.
pub const STAGING: &str = "staging_allocation";
pub const COPY: &str = "COPY staging_allocation (record, line, rejected, uscc, body, account, share, since, until, measure, year, \
    quarter, done, quantity, amount, done_on, note, document, key) FROM STDIN";

pub async fn open_stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "CREATE TEMP TABLE staging_allocation (LIKE public.staging_allocation INCLUDING DEFAULTS) ON COMMIT DROP",
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn refuse_unknown_enterprises(
    connection: &mut PgConnection,
    order: &Order,
) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_allocation s SET rejected = true
           WHERE NOT rejected AND NOT EXISTS (
               SELECT FROM enterprise_version v WHERE v.district = $1 AND v.uscc = s.uscc AND v.superseded_at IS NULL)
           RETURNING record, line, uscc AS "uscc!""#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(enterprise_unknown(&row.uscc), row.record, row.line)).collect())
}

/// Whoever is of one sub-district tells of the enterprises that belong to it by their latest version.
pub async fn refuse_outside(
    connection: &mut PgConnection,
    order: &Order,
    own: &str,
) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_allocation s SET rejected = true
           FROM (SELECT DISTINCT ON (v.uscc) v.uscc, v.subdistrict FROM enterprise_version v
                 WHERE v.district = $1 AND v.superseded_at IS NULL ORDER BY v.uscc, lower(v.valid) DESC NULLS LAST) v
           WHERE NOT s.rejected AND v.uscc = s.uscc AND v.subdistrict IS DISTINCT FROM $2
           RETURNING s.record, s.line, s.uscc AS "uscc!", v.subdistrict"#,
        order.scope.county(),
        own
    )
    .fetch_all(connection)
    .await?;
    let fault = |uscc: &str, lies: Option<&str>| enterprise_outside(uscc, lies, own);
    Ok(rows.iter().map(|row| placed(fault(&row.uscc, row.subdistrict.as_deref()), row.record, row.line)).collect())
}

/// Of rows that say the same the first is taken; of rows that differ none.
pub async fn refuse_duplicates(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH several AS (
               SELECT key FROM staging_allocation WHERE NOT rejected GROUP BY key HAVING count(*) > 1
           ), told AS (
               SELECT t.key, array_agg(t.record ORDER BY t.record) AS records,
                      count(DISTINCT to_jsonb(t) - '{record,line}'::text[]) > 1 AS differ
               FROM staging_allocation t JOIN several USING (key) WHERE NOT t.rejected GROUP BY t.key
           )
           UPDATE staging_allocation s SET rejected = true FROM told
           WHERE s.key = told.key AND NOT s.rejected AND (told.differ OR s.record > told.records[1])
           RETURNING s.record, s.line, s.uscc AS "uscc!", told.records AS "records!", told.differ AS "differ!""#
    )
    .fetch_all(connection)
    .await?;
    let fault =
        |code: &str, records: &[i64], differ| told_again(format_args!("企业 {code} 的同一项登记"), records, differ);
    Ok(rows.iter().map(|row| placed(fault(&row.uscc, &row.records, row.differ), row.record, row.line)).collect())
}
