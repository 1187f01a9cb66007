//! Rows of one file that speak of the same thing: told twice, told by both sides of a lease, or overlapping in time.

use crate::db::PgConnection;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::placed;
use crate::importing::table_wording as wording;

/// Leaves one row of each lease. Told again by the other side it changes nothing; told otherwise it is refused.
pub async fn settle(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let mut faults = refuse_duplicates(connection).await?;
    faults.extend(pair_leases(connection).await?);
    fill_from_other_side(connection).await?;
    Ok(faults)
}

/// Of rows that say the same the first is taken; of rows that differ none.
async fn refuse_duplicates(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH keyed AS (
               SELECT record, ROW(parcel_code, side, occupant, lessor, since)::text AS key
               FROM staging_occupancy WHERE NOT rejected
           ), several AS (
               SELECT key FROM keyed GROUP BY key HAVING count(*) > 1
           ), told AS (
               SELECT array_agg(t.record ORDER BY t.record) AS records,
                      count(DISTINCT to_jsonb(t) - '{record,line}'::text[]) > 1 AS differ
               FROM keyed JOIN several USING (key) JOIN staging_occupancy t USING (record) GROUP BY key
           )
           UPDATE staging_occupancy s SET rejected = true FROM told, unnest(told.records) AS one (record)
           WHERE s.record = one.record AND (told.differ OR s.record > told.records[1])
           RETURNING s.record, s.line, told.records AS "records!", told.differ AS "differ!""#
    )
    .fetch_all(connection)
    .await?;
    let fault = |records: &[i64], differ| wording::told_again("这一用地情况", records, differ);
    Ok(rows.iter().map(|row| placed(fault(&row.records, row.differ), row.record, row.line)).collect())
}

/// What one side leaves open does not contradict the other.
async fn pair_leases(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_occupancy s SET rejected = NOT p.agrees, unchanged = p.agrees
           FROM (SELECT t.record, t.first,
                        coalesce(t.area_mu = f.area_mu, true) AND coalesce(t.floor_area_m2 = f.floor_area_m2, true)
                        AND coalesce(t.until = f.until, true) AND NOT (t.open_ended AND f.until IS NOT NULL)
                        AND NOT (f.open_ended AND t.until IS NOT NULL) AS agrees
                 FROM (SELECT *, min(record) OVER (PARTITION BY parcel_code, occupant, lessor, since) AS first
                       FROM staging_occupancy WHERE NOT rejected AND kind = 'leased') t
                 JOIN staging_occupancy f ON f.record = t.first
                 WHERE t.first < t.record) p
           WHERE p.record = s.record
           RETURNING s.record, s.line, s.rejected, p.first AS "first!""#
    )
    .fetch_all(connection)
    .await?;
    let refused = rows.iter().filter(|row| row.rejected);
    Ok(refused.map(|row| placed(wording::lease_told_differently(row.first), row.record, row.line)).collect())
}

async fn fill_from_other_side(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_occupancy s SET area_mu = coalesce(s.area_mu, t.area_mu),
             floor_area_m2 = coalesce(s.floor_area_m2, t.floor_area_m2), until = coalesce(s.until, t.until),
             open_ended = s.open_ended OR t.open_ended
         FROM staging_occupancy t
         WHERE t.unchanged AND NOT s.unchanged AND NOT s.rejected AND s.kind = 'leased' AND s.occupant = t.occupant
           AND s.lessor = t.lessor AND s.since = t.since AND s.parcel_code IS NOT DISTINCT FROM t.parcel_code"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The same parties on the same parcel from two days on: the earlier must end before the later begins.
pub async fn refuse_overlaps(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let mut faults = refuse_overlaps_in_file(connection).await?;
    // A row that is refused here may be the one that would have ended another.
    loop {
        let found = refuse_overlaps_with_register(connection, order).await?;
        if found.is_empty() {
            return Ok(faults);
        }
        faults.extend(found);
    }
}

async fn refuse_overlaps_in_file(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_occupancy s SET rejected = true
           FROM (SELECT b.record, min(a.record) AS other, (array_agg(a.since ORDER BY a.record))[1] AS since
                 FROM staging_occupancy a JOIN staging_occupancy b
                   ON a.kind = b.kind AND coalesce(a.occupant, '') = coalesce(b.occupant, '')
                  AND coalesce(a.lessor, '') = coalesce(b.lessor, '')
                  AND coalesce(a.parcel_code, '') = coalesce(b.parcel_code, '')
                  AND a.record < b.record AND a.since <> b.since
                  AND daterange(a.since, a.until) && daterange(b.since, b.until)
                 WHERE NOT a.rejected AND NOT b.rejected GROUP BY b.record) o
           WHERE o.record = s.record AND s.parcel_code IS NOT NULL
           RETURNING s.record, s.line, o.other AS "other!", o.since AS "since!""#
    )
    .fetch_all(connection)
    .await?;
    let fault = |other, since| wording::overlaps_record(other, since);
    Ok(rows.iter().map(|row| placed(fault(row.other, row.since), row.record, row.line)).collect())
}

async fn refuse_overlaps_with_register(
    connection: &mut PgConnection,
    order: &Order,
) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_occupancy s SET rejected = true
           FROM (SELECT t.record, min(lower(o.valid)) AS since FROM staging_occupancy t
                 JOIN occupancy o ON o.district = $1 AND o.superseded_at IS NULL AND o.parcel_code = t.parcel_code
                  AND o.kind = t.kind AND coalesce(o.occupant, '') = coalesce(t.occupant, '')
                  AND coalesce(o.lessor, '') = coalesce(t.lessor, '')
                  AND lower(o.valid) <> t.since AND o.valid && daterange(t.since, t.until)
                 WHERE NOT t.rejected AND NOT t.unchanged AND NOT EXISTS (
                     SELECT FROM staging_occupancy r WHERE r.existing = o.id AND NOT r.rejected)
                 GROUP BY t.record) o
           WHERE o.record = s.record
           RETURNING s.record, s.line, o.since AS "since!""#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(wording::overlaps_register(row.since), row.record, row.line)).collect())
}
