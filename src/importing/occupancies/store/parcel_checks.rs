//! Occupancies against the parcels they lie on.

use std::collections::HashMap;

use crate::db::PgConnection;
use crate::enterprise::store::land;
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

/// Parcels the file touched on which more land is now in use than they have, once the file is taken.
pub async fn exceeded(connection: &mut PgConnection, order: &Order) -> Result<Vec<land::Exceeded>, sqlx::Error> {
    let parcels = sqlx::query_scalar!(
        r#"SELECT DISTINCT parcel_code AS "parcel!" FROM staging_occupancy
           WHERE NOT rejected AND NOT unchanged AND parcel_code IS NOT NULL"#
    )
    .fetch_all(&mut *connection)
    .await?;
    land::exceeded(connection, &order.scope, &parcels).await
}

/// What is said of them: at every record that is left out for it, or at the first that names the parcel.
pub async fn told(
    connection: &mut PgConnection,
    order: &Order,
    found: &[land::Exceeded],
) -> Result<Vec<Fault>, sqlx::Error> {
    let accepts = order.options.accept_warnings;
    let parcels: Vec<String> = found.iter().map(|it| it.parcel.clone()).collect();
    let rows = sqlx::query!(
        r#"WITH touched AS (
               SELECT record, line, parcel_code, min(record) OVER (PARTITION BY parcel_code) AS first
               FROM staging_occupancy WHERE NOT rejected AND NOT unchanged AND parcel_code = ANY($1)
           ), refused AS (
               UPDATE staging_occupancy SET rejected = true
               WHERE NOT $2 AND record IN (SELECT record FROM touched)
           )
           SELECT record, line, parcel_code AS "parcel!" FROM touched WHERE NOT $2 OR record = first"#,
        &parcels,
        accepts
    )
    .fetch_all(connection)
    .await?;
    let by_parcel: HashMap<&str, &land::Exceeded> = found.iter().map(|it| (it.parcel.as_str(), it)).collect();
    let fault = |parcel: &str| {
        let it = by_parcel.get(parcel)?;
        let fault = wording::exceeds_parcel(parcel, it.day, it.occupied, it.area);
        Some(wording::to_be_waved_through(fault, accepts.then_some(order.actor.name.as_str())))
    };
    Ok(rows.iter().filter_map(|row| Some(placed(fault(&row.parcel)?, row.record, row.line))).collect())
}
