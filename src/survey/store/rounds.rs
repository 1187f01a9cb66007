//! Rounds, and the parcels that each freezes.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::account::Act;
use crate::db::{PgConnection, PgPool, Scope};
use crate::survey::{RoundState, uses};
use crate::workflow::{Number, Statement};

/// A round on record.
#[derive(Clone, Debug)]
pub struct Round {
    pub id: Uuid,
    pub year: i16,
    pub serial: i32,
    pub name: String,
    /// Where it is made; the whole district without one.
    pub subdistrict: Option<String>,
    pub list_year: i16,
    pub state: RoundState,
    /// The day by whose register its parcels were frozen.
    pub opened_on: NaiveDate,
    pub opened_at: DateTime<Utc>,
    pub opened_by: Uuid,
    pub opened_by_name: String,
    pub parcels: i32,
    pub closed_on: Option<NaiveDate>,
    pub closed_by_name: Option<String>,
    pub closing_words: Option<String>,
    pub version: i32,
}

impl Round {
    pub fn number(&self) -> Number {
        Number { year: self.year, serial: self.serial }
    }
}

macro_rules! rounds {
    ($rest:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Round,
            r#"SELECT id, year, serial, name, subdistrict, list_year, state AS "state: _", opened_on, opened_at, opened_by,
                      opened_by_name, parcels, closed_on, closed_by_name, closing_words, version
               FROM survey_round WHERE district = $1 AND ($2::text IS NULL OR subdistrict IS NULL OR subdistrict = $2)"# + $rest,
            $($argument),+
        )
    };
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Round>, sqlx::Error> {
    rounds!(" AND id = $3", scope.county(), scope.subdistrict_code(), id).fetch_optional(connection).await
}

pub async fn by_number(pool: &PgPool, scope: &Scope, number: Number) -> Result<Option<Round>, sqlx::Error> {
    rounds!(" AND year = $3 AND serial = $4", scope.county(), scope.subdistrict_code(), number.year, number.serial)
        .fetch_optional(pool)
        .await
}

/// The newest first.
pub async fn all(pool: &PgPool, scope: &Scope) -> Result<Vec<Round>, sqlx::Error> {
    rounds!(" ORDER BY year DESC, serial DESC", scope.county(), scope.subdistrict_code()).fetch_all(pool).await
}

pub async fn newest(pool: &PgPool, scope: &Scope) -> Result<Option<Round>, sqlx::Error> {
    rounds!(" ORDER BY year DESC, serial DESC LIMIT 1", scope.county(), scope.subdistrict_code())
        .fetch_optional(pool)
        .await
}

/// The round that is going on.
pub async fn open(pool: &PgPool, scope: &Scope) -> Result<Option<Round>, sqlx::Error> {
    rounds!(" AND state = 'open'", scope.county(), scope.subdistrict_code()).fetch_optional(pool).await
}

/// What a round is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRound {
    pub name: String,
    pub subdistrict: Option<String>,
    pub list_year: i32,
    /// By whose register the parcels are frozen.
    pub on: NaiveDate,
}

pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    (id, number, person): (Uuid, Number, Uuid),
    new: &NewRound,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO survey_round (district, id, year, serial, name, subdistrict, list_year, state, opened_on, opened_at, opened_by,
             opened_by_name, parcels)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11, 1)",
        act.scope.county(),
        id,
        number.year,
        number.serial,
        new.name,
        new.subdistrict,
        new.list_year as i16,
        new.on,
        act.now,
        person,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many parcels it froze, once they are.
pub async fn counted(connection: &mut PgConnection, act: &Act, round: Uuid, parcels: i32) -> Result<u64, sqlx::Error> {
    let counted = sqlx::query!(
        "UPDATE survey_round SET parcels = $3 WHERE district = $1 AND id = $2",
        act.scope.county(),
        round,
        parcels
    );
    Ok(counted.execute(connection).await?.rows_affected())
}

/// Freezes what is industrial land on the day, all by one statement: by its registered use, or, without one, because an enterprise of
/// industry holds ground there. How many parcels these are.
pub async fn freeze(connection: &mut PgConnection, act: &Act, round: Uuid, new: &NewRound) -> Result<u64, sqlx::Error> {
    let (schemes, codes) = uses::industrial();
    let frozen = sqlx::query!(
        "INSERT INTO survey_parcel (district, id, round, code, parcel_version, name, area_m2, land_use_scheme, land_use_code,
             supply_status, subdistrict, listed_by)
         SELECT $1::text, gen_random_uuid(), $2, p.code, p.id, p.name, p.official_area_m2, p.land_use_scheme, p.land_use_code,
             p.supply_status, COALESCE(p.subdistrict, p.registered_subdistrict),
             CASE WHEN p.land_use_code IS NULL THEN 'occupancy' ELSE 'registered_use' END
         FROM parcel_version p
         WHERE p.district = $1::text AND p.superseded_at IS NULL AND p.valid @> $3::date
           AND ($4::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $4)
           AND ((p.land_use_scheme, p.land_use_code) IN (SELECT * FROM unnest($5::text[], $6::text[]))
             OR (p.land_use_code IS NULL AND EXISTS (
                 SELECT FROM holding h JOIN enterprise_version e ON e.district = h.district AND e.uscc = h.uscc
                     AND e.superseded_at IS NULL AND e.valid @> $3::date AND e.sector = 'industry'
                 WHERE h.district = $1::text AND h.parcel_code = p.code AND h.superseded_at IS NULL AND h.valid @> $3::date
                   AND h.side <> 'leased_out')))",
        act.scope.county(),
        round,
        new.on,
        new.subdistrict,
        &schemes,
        &codes
    );
    Ok(frozen.execute(connection).await?.rows_affected())
}

pub fn close(act: &Act, round: Uuid, (person, words): (Uuid, &str)) -> Statement {
    sqlx::query!(
        "UPDATE survey_round SET state = 'closed', closed_on = $3, closed_at = $4, closed_by = $5, closed_by_name = $6,
             closing_words = $7, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        round,
        act.today(),
        act.now,
        person,
        act.actor.name,
        words
    )
}
