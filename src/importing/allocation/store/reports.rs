//! The SQL of reports by file: whether their list was handed over, what is on record already, writing.

use chrono::{DateTime, Utc};

use crate::db::PgConnection;
use crate::entitlement::Body;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::allocation::wording;
use crate::importing::table_stage::placed;

/// Refuses what no list was handed over for; leaves what is on record as it is where a row says the same.
pub async fn compare(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let mut faults = without_list(connection, order).await?;
    faults.extend(on_record(connection, order).await?);
    Ok(faults)
}

async fn without_list(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_allocation s SET rejected = true
           WHERE NOT rejected AND NOT EXISTS (SELECT FROM allocation_list l WHERE l.district = $1 AND l.body = s.body
               AND l.year = s.year AND l.quarter = s.quarter AND l.withdrawn_at IS NULL)
           RETURNING record, line, body AS "body!: Body", year AS "year!", quarter AS "quarter!""#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    let fault = |body, year, quarter| wording::no_list(body, year, quarter);
    Ok(rows.iter().map(|row| placed(fault(row.body, row.year, row.quarter), row.record, row.line)).collect())
}

async fn on_record(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH met AS (
               SELECT s.record, r.document, (r.done, r.quantity, r.amount, r.done_on, r.note, r.document) IS NOT DISTINCT FROM
                   (s.done, s.quantity, s.amount, s.done_on, s.note, s.document) AS same
               FROM staging_allocation s JOIN allocation_report r ON r.district = $1 AND r.withdrawn_at IS NULL AND r.year = s.year
                   AND r.uscc = s.uscc AND r.measure = s.measure AND r.quarter = s.quarter
                   AND COALESCE(r.account, '') = COALESCE(s.account, '')
               WHERE NOT s.rejected
           ), marked AS (
               UPDATE staging_allocation s SET unchanged = m.same, rejected = NOT m.same FROM met m WHERE m.record = s.record
               RETURNING s.record, s.line, m.document, m.same
           )
           SELECT record AS "record!", line AS "line!", document AS "document!" FROM marked WHERE NOT same"#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(wording::reported_otherwise(&row.document), row.record, row.line)).collect())
}

pub async fn insert(connection: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO allocation_report (district, id, body, year, quarter, uscc, measure, done, quantity, amount, account, done_on, note,
             document, recorded_at, recorded_by)
         SELECT $1, gen_random_uuid(), body, year, quarter, uscc, measure, done, quantity, amount, account, done_on, note, document, $2, $3
         FROM staging_allocation WHERE NOT rejected AND NOT unchanged ORDER BY record",
        order.scope.county() as _,
        now,
        order.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}
