//! The SQL of the import of occupancies: parties, the register, writing.

pub mod parcel_checks;
pub mod twins;

use chrono::{DateTime, Utc};

use crate::base::unit::Mu;
use crate::db::PgConnection;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::{Counts, counts, placed, reason_changed, reason_new};
use crate::importing::table_wording as wording;

/// The table that the records of a file are read into.
pub const STAGING: &str = "staging_occupancy";
pub const COPY: &str = "COPY staging_occupancy (record, line, rejected, uscc, parcel_code, side, kind, occupant, lessor, \
    area_mu, floor_area_m2, since, until, open_ended) FROM STDIN";

/// The other side of a lease may be outside the district; a mistyped code may not.
pub async fn look_at_counterparts(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT record, line, c.code AS "code!" FROM staging_occupancy s
           CROSS JOIN LATERAL (SELECT CASE side WHEN 'leased_out' THEN occupant ELSE lessor END AS code) c
           WHERE NOT rejected AND side IN ('leased_in', 'leased_out') AND c.code IS NOT NULL AND NOT EXISTS (
               SELECT FROM enterprise_version v WHERE v.district = $1 AND v.uscc = c.code AND v.superseded_at IS NULL)"#,
        order.scope.county()
    )
    .fetch_all(&mut *connection)
    .await?;
    let mistyped = |code: &str| code.parse::<crate::base::code::Uscc>().is_err();
    let refused: Vec<i64> = rows.iter().filter(|row| mistyped(&row.code)).map(|row| row.record).collect();
    reject(connection, &refused).await?;
    let fault = |code: &str| match mistyped(code) {
        true => wording::counterpart_check_digit(code),
        false => wording::counterpart_unknown(code),
    };
    Ok(rows.iter().map(|row| placed(fault(&row.code), row.record, row.line)).collect())
}

pub async fn reject(connection: &mut PgConnection, records: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE staging_occupancy SET rejected = true WHERE record = ANY($1)", records)
        .execute(connection)
        .await?;
    Ok(())
}

/// Finds each row's like in the register, takes from it what the row leaves open, and refuses to change the land of a
/// lease that two enterprises share without being told to.
pub async fn compare_with_register(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_occupancy s SET existing = o.id,
             area_mu = coalesce(s.area_mu, o.area_mu), floor_area_m2 = coalesce(s.floor_area_m2, o.floor_area_m2),
             until = CASE WHEN s.open_ended THEN NULL ELSE coalesce(s.until, upper(o.valid)) END,
             unchanged = s.unchanged OR
                 (coalesce(s.area_mu, o.area_mu), coalesce(s.floor_area_m2, o.floor_area_m2),
                  CASE WHEN s.open_ended THEN NULL ELSE coalesce(s.until, upper(o.valid)) END)
                 IS NOT DISTINCT FROM (o.area_mu, o.floor_area_m2, upper(o.valid))
         FROM occupancy o
         WHERE o.district = $1 AND o.superseded_at IS NULL AND NOT s.rejected AND o.kind = s.kind
           AND lower(o.valid) = s.since AND coalesce(o.occupant, '') = coalesce(s.occupant, '')
           AND coalesce(o.lessor, '') = coalesce(s.lessor, '') AND coalesce(o.parcel_code, '') = coalesce(s.parcel_code, '')",
        order.scope.county()
    )
    .execute(&mut *connection)
    .await?;
    if order.options.accept_warnings {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"UPDATE staging_occupancy s SET rejected = true FROM occupancy o
         WHERE o.district = $1 AND o.id = s.existing AND NOT s.rejected AND NOT s.unchanged AND o.kind = 'leased'
           AND o.occupant IS NOT NULL AND o.lessor IS NOT NULL AND o.area_mu IS DISTINCT FROM s.area_mu
         RETURNING s.record, s.line, o.area_mu AS "registered: Mu", s.area_mu AS "told: Mu""#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    let fault = |registered, told| wording::lease_differs_from_register(registered, told);
    Ok(rows.iter().map(|row| placed(fault(row.registered, row.told), row.record, row.line)).collect())
}

pub async fn apply(connection: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<Counts, sqlx::Error> {
    sqlx::query!(
        "UPDATE occupancy o SET superseded_at = $2 FROM staging_occupancy s
         WHERE o.district = $1 AND o.id = s.existing AND o.superseded_at IS NULL AND NOT s.rejected AND NOT s.unchanged",
        order.scope.county(),
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO occupancy (district, parcel_code, kind, occupant, lessor, area_mu, floor_area_m2, valid,
             source, reason, recorded_at, recorded_by)
         SELECT $1, parcel_code, kind, occupant, lessor, area_mu, floor_area_m2, daterange(since, until),
             $3, CASE WHEN existing IS NULL THEN $4 ELSE $5 END, $2, $6
         FROM staging_occupancy WHERE NOT rejected AND NOT unchanged ORDER BY record",
        order.scope.county() as _,
        now,
        order.file_name,
        reason_new(order),
        reason_changed(order),
        order.actor.name
    )
    .execute(&mut *connection)
    .await?;
    counts(connection, STAGING).await
}
