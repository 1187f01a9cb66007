//! The SQL of accounts by file: what they meet in the file and on record, writing.

use chrono::{DateTime, Utc};

use crate::db::PgConnection;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::allocation::wording;
use crate::importing::table_stage::placed;

/// What is on record is left as it is where a row says the same. Else a row is refused whose days overlap another of the same
/// enterprise, that makes an account of one enterprise another's, or by which the shares of a meter come to more than the whole.
pub async fn compare(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    // Whoever enters one by hand waits.
    sqlx::query!("SELECT code FROM district WHERE code = $1 FOR NO KEY UPDATE", order.scope.county())
        .fetch_one(&mut *connection)
        .await?;
    let mut faults = overlapping(connection).await?;
    faults.extend(on_record(connection, order).await?);
    faults.extend(of_two(connection, order).await?);
    faults.extend(too_much(connection, order).await?);
    Ok(faults)
}

/// Rows of one enterprise and account whose days overlap: none is taken.
async fn overlapping(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH beside AS (
               SELECT record, max(COALESCE(until, 'infinity')) OVER before > since
                   OR min(since) OVER after < COALESCE(until, 'infinity') AS overlaps
               FROM staging_allocation WHERE NOT rejected
               WINDOW before AS (PARTITION BY body, account, uscc ORDER BY since, record
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                   after AS (PARTITION BY body, account, uscc ORDER BY since, record
                       ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
           )
           UPDATE staging_allocation s SET rejected = true FROM beside b WHERE b.record = s.record AND b.overlaps
           RETURNING s.record, s.line, s.account AS "account!""#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(wording::days_overlap(&row.account), row.record, row.line)).collect())
}

async fn on_record(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH met AS (
               SELECT s.record, min(a.document) AS document, bool_and((a.share, a.valid, a.document) IS NOT DISTINCT FROM
                   (s.share, daterange(s.since, s.until), s.document)) AS same
               FROM staging_allocation s JOIN utility_account a ON a.district = $1 AND a.withdrawn_at IS NULL AND a.body = s.body
                   AND a.customer = s.account AND a.uscc = s.uscc AND a.valid && daterange(s.since, s.until)
               WHERE NOT s.rejected GROUP BY s.record
           ), marked AS (
               UPDATE staging_allocation s SET unchanged = m.same, rejected = NOT m.same FROM met m WHERE m.record = s.record
               RETURNING s.record, s.line, s.account, m.document, m.same
           )
           SELECT record AS "record!", line AS "line!", account AS "account!", document AS "document!" FROM marked WHERE NOT same"#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    let fault = |account: &str, document: &str| wording::on_record(account, document);
    Ok(rows.iter().map(|row| placed(fault(&row.account, &row.document), row.record, row.line)).collect())
}

/// An account is one enterprise's alone unless every one of its enterprises says a share.
async fn of_two(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH every AS (
               SELECT record, body, account, uscc, share, daterange(since, until) AS valid FROM staging_allocation
               WHERE NOT rejected AND NOT unchanged
               UNION ALL
               SELECT NULL, a.body, a.customer, a.uscc, a.share, a.valid FROM utility_account a
               WHERE a.district = $1 AND a.withdrawn_at IS NULL AND EXISTS (SELECT FROM staging_allocation s
                   WHERE NOT s.rejected AND s.body = a.body AND s.account = a.customer)
           )
           UPDATE staging_allocation s SET rejected = true FROM every one
           WHERE one.record = s.record AND EXISTS (SELECT FROM every other WHERE other.body = one.body AND other.account = one.account
               AND other.uscc <> one.uscc AND other.valid && one.valid AND (other.share IS NULL OR one.share IS NULL))
           RETURNING s.record, s.line, s.account AS "account!""#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(wording::of_two(&row.account), row.record, row.line)).collect())
}

/// On a day on which shares come to more than the whole none of the file's rows of that day is taken. They grow on first days only.
async fn too_much(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH every AS (
               SELECT record, body, account, share, daterange(since, until) AS valid FROM staging_allocation
               WHERE NOT rejected AND NOT unchanged AND share IS NOT NULL
               UNION ALL
               SELECT NULL, a.body, a.customer, a.share, a.valid FROM utility_account a
               WHERE a.district = $1 AND a.withdrawn_at IS NULL AND a.share IS NOT NULL AND EXISTS (SELECT FROM staging_allocation s
                   WHERE NOT s.rejected AND s.body = a.body AND s.account = a.customer)
           ), full_on AS (
               SELECT start.body, start.account, lower(start.valid) AS day
               FROM (SELECT DISTINCT body, account, valid FROM every) start
                   JOIN every e ON e.body = start.body AND e.account = start.account AND e.valid @> lower(start.valid)
               GROUP BY 1, 2, 3, start.valid HAVING sum(e.share) > 100
           ), met AS (
               SELECT e.record, min(f.day) AS day FROM every e JOIN full_on f ON f.body = e.body AND f.account = e.account
                   AND e.valid @> f.day WHERE e.record IS NOT NULL GROUP BY e.record
           )
           UPDATE staging_allocation s SET rejected = true FROM met m WHERE m.record = s.record
           RETURNING s.record, s.line, s.account AS "account!", m.day AS "day!""#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(wording::too_much(&row.account, row.day), row.record, row.line)).collect())
}

pub async fn insert(connection: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO utility_account (district, id, body, customer, uscc, share, valid, document, recorded_at, recorded_by)
         SELECT $1, gen_random_uuid(), body, account, uscc, share, daterange(since, until), document, $2, $3
         FROM staging_allocation WHERE NOT rejected AND NOT unchanged ORDER BY record",
        order.scope.county() as _,
        now,
        order.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}
