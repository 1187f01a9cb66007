//! Editions: listed, recorded, ended.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::base::period::Period;
use crate::db::{PgConnection, PgPool, Scope};
use crate::planning::{AllowedUses, Demand, Edition, LayerKind};

/// Every edition on record, by layer and newest first.
pub async fn editions(pool: &PgPool, scope: &Scope) -> Result<Vec<Edition>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, layer AS "layer: LayerKind", name, demand AS "demand: Demand", valid, source, review_by,
                  allowed_uses AS "allowed_uses: Json<AllowedUses>", areas, area_m2, recorded_by
           FROM planning_edition WHERE district = $1 AND superseded_at IS NULL
           ORDER BY layer, lower(valid) DESC, id"#,
        scope.county()
    )
    .fetch_all(pool)
    .await?;
    let mut editions: Vec<Edition> = rows
        .into_iter()
        .map(|row| Edition {
            id: row.id,
            layer: row.layer,
            name: row.name,
            demand: row.demand,
            valid: row.valid.into(),
            source: row.source,
            review_by: row.review_by,
            allowed_uses: row.allowed_uses.0,
            areas: row.areas,
            area_m2: row.area_m2,
            recorded_by: row.recorded_by,
        })
        .collect();
    editions.sort_by_key(|edition| edition.layer);
    Ok(editions)
}

/// What an edition is recorded with, before its areas.
pub struct NewEdition<'a> {
    pub layer: LayerKind,
    pub name: &'a str,
    pub from: NaiveDate,
    pub demand: Demand,
    pub allowed_uses: &'a AllowedUses,
    pub review_by: Option<NaiveDate>,
    pub source: &'a str,
    pub fingerprint: &'a [u8],
    pub areas: i64,
    pub area_m2: rust_decimal::Decimal,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: &'a str,
}

/// The edition of a layer that covers a day: its id, its days, and what it was made of.
pub struct Covering {
    pub id: i64,
    pub name: String,
    pub valid: Period,
    pub fingerprint: Vec<u8>,
}

pub async fn edition_at(
    connection: &mut PgConnection,
    scope: &Scope,
    layer: LayerKind,
    day: NaiveDate,
) -> Result<Option<Covering>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT id, name, valid, fingerprint FROM planning_edition
         WHERE district = $1 AND layer = $2 AND superseded_at IS NULL AND valid @> $3::date",
        scope.county(),
        layer as _,
        day
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Covering { id: row.id, name: row.name, valid: row.valid.into(), fingerprint: row.fingerprint }))
}

/// What became of the edition before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Nothing,
    /// It ends on the day the new one begins.
    Closed,
    /// It began on the same day: the new one corrects it.
    Superseded,
}

/// Makes room for an edition from `day` on.
pub async fn end_for(
    connection: &mut PgConnection,
    scope: &Scope,
    layer: LayerKind,
    day: NaiveDate,
    now: DateTime<Utc>,
    by: &str,
) -> Result<Ended, sqlx::Error> {
    let superseded = sqlx::query!(
        "UPDATE planning_edition SET superseded_at = $4
         WHERE district = $1 AND layer = $2 AND superseded_at IS NULL AND lower(valid) = $3",
        scope.county(),
        layer as _,
        day,
        now
    )
    .execute(&mut *connection)
    .await?;
    if superseded.rows_affected() > 0 {
        return Ok(Ended::Superseded);
    }
    let closed = sqlx::query!(
        "UPDATE planning_edition SET valid = daterange(lower(valid), $3), ended_at = $4, ended_by = $5
         WHERE district = $1 AND layer = $2 AND superseded_at IS NULL AND valid @> $3::date",
        scope.county(),
        layer as _,
        day,
        now,
        by
    )
    .execute(connection)
    .await?;
    Ok(if closed.rows_affected() > 0 { Ended::Closed } else { Ended::Nothing })
}

/// Records an edition up to the beginning of the next one that is known; answers its id.
pub async fn record_edition(
    connection: &mut PgConnection,
    scope: &Scope,
    edition: &NewEdition<'_>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO planning_edition (district, layer, name, valid, demand, allowed_uses, review_by, source, areas, area_m2,
             fingerprint, recorded_at, recorded_by)
         SELECT mine.district, mine.layer, $3, daterange($4, (SELECT min(lower(valid)) FROM planning_edition AS e
                 WHERE e.district = mine.district AND e.layer = mine.layer AND e.superseded_at IS NULL AND lower(e.valid) > $4)),
             $5, $6, $7, $8, $9, $10, $11, $12, $13
         FROM (SELECT $1::text AS district, $2::text AS layer) AS mine
         RETURNING id",
        scope.county(),
        edition.layer.code(),
        edition.name,
        edition.from,
        edition.demand as _,
        Json(edition.allowed_uses) as _,
        edition.review_by,
        edition.source,
        edition.areas,
        edition.area_m2,
        edition.fingerprint,
        edition.recorded_at,
        edition.recorded_by
    )
    .fetch_one(connection)
    .await
}
