//! Occupancies against the parcels they lie on.

use crate::db::PgConnection;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::placed;
use crate::importing::table_wording as wording;

/// Refuses parcels nobody knows, and those that had ended; of these it is said what they became.
pub async fn refuse_unknown(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_occupancy s SET rejected = true
           FROM (SELECT t.record, max(upper(v.valid)) FILTER (WHERE upper(v.valid) <= t.since) AS ended
                 FROM staging_occupancy t
                 LEFT JOIN parcel_version v ON v.district = $1 AND v.code = t.parcel_code AND v.superseded_at IS NULL
                 WHERE NOT t.rejected AND t.parcel_code IS NOT NULL
                 GROUP BY t.record
                 HAVING NOT coalesce(bool_or(v.valid @> t.since), false)
                    AND (count(v.id) = 0 OR bool_or(upper(v.valid) <= t.since))) k
           WHERE k.record = s.record
           RETURNING s.record, s.line, s.parcel_code AS "parcel!", k.ended,
               (SELECT coalesce(string_agg(l.successor, '、' ORDER BY l.successor), '') FROM parcel_lineage l
                WHERE l.district = $1 AND l.predecessor = s.parcel_code AND l.successor <> s.parcel_code) AS "successors!""#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    let fault = |parcel: &str, ended, successors: &str| match ended {
        Some(ended) => wording::parcel_ended(parcel, ended, successors),
        None => wording::parcel_unknown(parcel),
    };
    Ok(rows.iter().map(|row| placed(fault(&row.parcel, row.ended, &row.successors), row.record, row.line)).collect())
}

/// The register of parcels often starts later than the leases on them.
pub async fn warn_of_later(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT t.record, t.line, t.parcel_code AS "parcel!", min(lower(v.valid)) AS "begins!"
           FROM staging_occupancy t
           JOIN parcel_version v ON v.district = $1 AND v.code = t.parcel_code AND v.superseded_at IS NULL
           WHERE NOT t.rejected GROUP BY t.record, t.line, t.parcel_code, t.since
           HAVING min(coalesce(lower(v.valid), '-infinity')) > t.since"#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(wording::parcel_later(&row.parcel, row.begins), row.record, row.line)).collect())
}

/// Where a parcel lies, or by its code where no outline says so.
pub async fn refuse_outside(
    connection: &mut PgConnection,
    order: &Order,
    own: &str,
) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_occupancy s SET rejected = true
           FROM (SELECT DISTINCT ON (v.code) v.code, coalesce(v.subdistrict, v.registered_subdistrict) AS lies
                 FROM parcel_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                 ORDER BY v.code, lower(v.valid) DESC NULLS LAST) v
           WHERE NOT s.rejected AND v.code = s.parcel_code AND v.lies <> $2
           RETURNING s.record, s.line, s.parcel_code AS "parcel!", v.lies AS "lies!""#,
        order.scope.county(),
        own
    )
    .fetch_all(connection)
    .await?;
    let fault = |parcel: &str, lies: &str| wording::parcel_outside(parcel, lies, own);
    Ok(rows.iter().map(|row| placed(fault(&row.parcel, &row.lies), row.record, row.line)).collect())
}

/// The land in use on each parcel the file touched, on the day it is most, against the parcel's area: what is owned or
/// held otherwise, and what is leased from somebody who holds nothing there. Leases among holders move land and add none.
/// One square metre is let pass, for figures that were written in mu.
pub async fn exceeded(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH touched AS (
               SELECT parcel_code, min(record) AS record, min(line) AS line FROM staging_occupancy
               WHERE NOT rejected AND NOT unchanged AND parcel_code IS NOT NULL GROUP BY parcel_code),
           used AS MATERIALIZED (
               SELECT o.parcel_code, o.valid, o.area_m2 FROM touched t
               JOIN occupancy o ON o.district = $1 AND o.parcel_code = t.parcel_code AND o.superseded_at IS NULL
               WHERE o.area_m2 > 0 AND (o.kind <> 'leased' OR o.lessor IS NULL OR NOT EXISTS (
                   SELECT FROM occupancy h WHERE h.district = $1 AND h.parcel_code = o.parcel_code
                      AND h.superseded_at IS NULL AND h.occupant = o.lessor AND h.valid && o.valid))),
           days AS (SELECT DISTINCT parcel_code, lower(valid) AS day FROM used),
           sums AS (
               SELECT d.parcel_code, d.day, sum(u.area_m2) AS occupied FROM days d
               JOIN used u ON u.parcel_code = d.parcel_code AND u.valid @> d.day GROUP BY d.parcel_code, d.day)
           SELECT DISTINCT ON (t.record) t.record AS "record!", t.line AS "line!", s.parcel_code AS "parcel!", s.day AS "day!",
               s.occupied AS "occupied!", p.area AS "area!"
           FROM sums s JOIN touched t USING (parcel_code)
           CROSS JOIN LATERAL (
               SELECT coalesce(v.official_area_m2, v.plane_area_m2) AS area FROM parcel_version v
               WHERE v.district = $1 AND v.code = s.parcel_code AND v.superseded_at IS NULL
               ORDER BY v.valid @> s.day DESC, lower(v.valid) LIMIT 1) p
           WHERE s.occupied > p.area + 1
           ORDER BY t.record, s.occupied DESC, s.day"#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    let fault = |parcel: &str, day, occupied, area| wording::exceeds_parcel(parcel, day, occupied, area);
    Ok(rows
        .iter()
        .map(|row| placed(fault(&row.parcel, row.day, row.occupied, row.area), row.record, row.line))
        .collect())
}
