//! Whom the rows of a staging table name, where it has `uscc`; and rows that say the same, where it has `key`.

use sqlx::{FromRow, Postgres, QueryBuilder};

use super::placed;
use crate::db::PgConnection;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_wording::{enterprise_outside, enterprise_unknown, told_again};

type Sql = QueryBuilder<Postgres>;

/// Opens a stage of its own for the transaction, with the columns of the table of that name.
pub async fn open(connection: &mut PgConnection, staging: &'static str) -> Result<(), sqlx::Error> {
    let mut sql = Sql::new("CREATE TEMP TABLE ");
    sql.push(staging).push(" (LIKE public.").push(staging).push(" INCLUDING DEFAULTS) ON COMMIT DROP");
    sql.build().execute(connection).await?;
    Ok(())
}

#[derive(FromRow)]
struct Unknown {
    record: i64,
    line: i64,
    uscc: String,
}

/// Enterprises must be on record.
pub async fn refuse_unknown_enterprises(
    connection: &mut PgConnection,
    order: &Order,
    staging: &'static str,
) -> Result<Vec<Fault>, sqlx::Error> {
    let mut sql = Sql::new("UPDATE ");
    sql.push(staging).push(
        " s SET rejected = true WHERE NOT rejected AND NOT EXISTS (
              SELECT FROM enterprise_version v WHERE v.uscc = s.uscc AND v.superseded_at IS NULL AND v.district = ",
    );
    sql.push_bind(order.scope.county().to_owned()).push(") RETURNING record, line, uscc");
    let rows: Vec<Unknown> = sql.build_query_as().fetch_all(connection).await?;
    Ok(rows.iter().map(|row| placed(enterprise_unknown(&row.uscc), row.record, row.line)).collect())
}

#[derive(FromRow)]
struct Outside {
    record: i64,
    line: i64,
    uscc: String,
    subdistrict: Option<String>,
}

/// Whoever is of one sub-district tells of the enterprises that belong to it by their latest version.
pub async fn refuse_outside(
    connection: &mut PgConnection,
    order: &Order,
    (staging, own): (&'static str, &str),
) -> Result<Vec<Fault>, sqlx::Error> {
    let mut sql = Sql::new("UPDATE ");
    sql.push(staging).push(
        " s SET rejected = true
          FROM (SELECT DISTINCT ON (v.uscc) v.uscc, v.subdistrict FROM enterprise_version v
                WHERE v.superseded_at IS NULL AND v.district = ",
    );
    sql.push_bind(order.scope.county().to_owned()).push(
        " ORDER BY v.uscc, lower(v.valid) DESC NULLS LAST) v
          WHERE NOT s.rejected AND v.uscc = s.uscc AND v.subdistrict IS DISTINCT FROM ",
    );
    sql.push_bind(own.to_owned()).push(" RETURNING s.record, s.line, s.uscc, v.subdistrict");
    let rows: Vec<Outside> = sql.build_query_as().fetch_all(connection).await?;
    let fault = |row: &Outside| enterprise_outside(&row.uscc, row.subdistrict.as_deref(), own);
    Ok(rows.iter().map(|row| placed(fault(row), row.record, row.line)).collect())
}

#[derive(FromRow)]
struct Again {
    record: i64,
    line: i64,
    uscc: String,
    records: Vec<i64>,
    differ: bool,
}

/// Of rows with the same key that say the same the first is taken; of rows that differ none. `of`: whom they are of.
pub async fn refuse_duplicates(
    connection: &mut PgConnection,
    (staging, of): (&'static str, &str),
) -> Result<Vec<Fault>, sqlx::Error> {
    let mut sql = Sql::new("WITH several AS (SELECT key FROM ");
    sql.push(staging).push(
        " WHERE NOT rejected GROUP BY key HAVING count(*) > 1), told AS (
              SELECT t.key, array_agg(t.record ORDER BY t.record) AS records,
                     count(DISTINCT to_jsonb(t) - '{record,line}'::text[]) > 1 AS differ
              FROM ",
    );
    sql.push(staging).push(" t JOIN several USING (key) WHERE NOT t.rejected GROUP BY t.key) UPDATE ").push(staging);
    sql.push(
        " s SET rejected = true FROM told
          WHERE s.key = told.key AND NOT s.rejected AND (told.differ OR s.record > told.records[1])
          RETURNING s.record, s.line, s.uscc, told.records, told.differ",
    );
    let rows: Vec<Again> = sql.build_query_as().fetch_all(connection).await?;
    let fault = |row: &Again| told_again(format_args!("{of} {} 的同一项登记", row.uscc), &row.records, row.differ);
    Ok(rows.iter().map(|row| placed(fault(row), row.record, row.line)).collect())
}
