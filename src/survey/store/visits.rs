//! What was found on a parcel, visit after visit.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use crate::account::Act;
use crate::db::{PgConnection, PgPool, Scope};
use crate::survey::rules::{Ground, Judgement};
use crate::survey::{Class, Licence, Standing, UseKind};

/// A visit on record.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyVisit)]
pub struct Visit {
    pub id: Uuid,
    pub serial: i32,
    pub visited_on: NaiveDate,
    pub standing: Standing,
    pub use_found: Option<UseKind>,
    pub land_use_scheme: Option<String>,
    pub land_use_code: Option<String>,
    pub buildings: Option<i16>,
    /// m².
    #[schema(value_type = Option<String>)]
    pub floor_area_m2: Option<Decimal>,
    pub licence: Option<Licence>,
    pub licence_words: Option<String>,
    pub note: Option<String>,
    /// None: not determinable.
    pub class: Option<Class>,
    pub ground: Option<Ground>,
    pub why: String,
    pub receipt: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by_name: String,
    /// The one by which the parcel stands.
    pub counts: bool,
}

/// What somebody found. Its number is made by whoever sends it, so that what is sent twice is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewVisit {
    pub id: Uuid,
    pub visited_on: NaiveDate,
    pub standing: Standing,
    pub used_for: Option<UseKind>,
    /// Scheme and code.
    pub land_use: Option<(String, String)>,
    pub buildings: Option<i16>,
    /// m².
    pub floor_area_m2: Option<Decimal>,
    pub licence: Option<Licence>,
    pub licence_words: Option<String>,
    pub note: Option<String>,
    pub users: Vec<NewUser>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewUser {
    pub uscc: Option<String>,
    /// As it stands on the spot; where none was taken down, as it is registered.
    pub name: Option<String>,
    /// m².
    pub floor_area_m2: Option<Decimal>,
}

/// The newest first.
pub async fn of_parcel(pool: &PgPool, scope: &Scope, entry: Uuid) -> Result<Vec<Visit>, sqlx::Error> {
    sqlx::query_as!(
        Visit,
        r#"SELECT v.id, v.serial, v.visited_on, v.standing AS "standing: _", v.use_found AS "use_found: _", v.land_use_scheme,
                  v.land_use_code, v.buildings, v.floor_area_m2, v.licence AS "licence: _", v.licence_words, v.note, v.class AS "class: _",
                  v.ground AS "ground: _", v.why, v.receipt, v.recorded_at, v.recorded_by_name, (s.visit = v.id) AS "counts!"
           FROM survey_visit v JOIN survey_parcel s ON s.district = v.district AND s.id = v.parcel
           WHERE v.district = $1 AND v.parcel = $2 ORDER BY v.serial DESC"#,
        scope.county(),
        entry
    )
    .fetch_all(pool)
    .await
}

/// Somebody who was found on a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyUser)]
pub struct UserFound {
    #[serde(skip)]
    pub visit: Uuid,
    pub uscc: Option<String>,
    pub name: String,
    /// m².
    #[schema(value_type = Option<String>)]
    pub floor_area_m2: Option<Decimal>,
    pub on_record: bool,
}

/// Of all visits to a parcel.
pub async fn users_of(pool: &PgPool, scope: &Scope, entry: Uuid) -> Result<Vec<UserFound>, sqlx::Error> {
    sqlx::query_as!(
        UserFound,
        "SELECT u.visit, u.uscc, u.name, u.floor_area_m2, u.on_record
         FROM survey_user u JOIN survey_visit v ON v.district = u.district AND v.id = u.visit
         WHERE v.district = $1 AND v.parcel = $2 ORDER BY u.visit, u.serial",
        scope.county(),
        entry
    )
    .fetch_all(pool)
    .await
}

/// The fingerprint of what was sent under a number, and to which parcel.
pub async fn sent_as(
    connection: &mut PgConnection,
    scope: &Scope,
    visit: Uuid,
) -> Result<Option<(Uuid, Vec<u8>)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT parcel, fingerprint FROM survey_visit WHERE district = $1 AND id = $2",
        scope.county(),
        visit
    );
    Ok(row.fetch_optional(connection).await?.map(|row| (row.parcel, row.fingerprint)))
}

pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    (round, entry, person): (Uuid, Uuid, Uuid),
    (new, fingerprint): (&NewVisit, &[u8]),
    (judged, receipt): (&Judgement, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO survey_visit (district, id, round, parcel, serial, visited_on, standing, use_found, land_use_scheme, land_use_code,
             buildings, floor_area_m2, licence, licence_words, note, class, ground, why, receipt, fingerprint, recorded_at, recorded_by,
             recorded_by_name)
         VALUES ($1::text, $2, $3, $4::uuid, 1 + (SELECT count(*) FROM survey_visit WHERE district = $1::text AND parcel = $4::uuid), $5, $6, $7, $8, $9, $10, $11,
             $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        act.scope.county(),
        new.id,
        round,
        entry,
        new.visited_on,
        new.standing.code(),
        new.used_for.map(|kind| kind.code()),
        new.land_use.as_ref().map(|(scheme, _)| scheme.as_str()),
        new.land_use.as_ref().map(|(_, code)| code.as_str()),
        new.buildings,
        new.floor_area_m2,
        new.licence.map(|licence| licence.code()),
        new.licence_words,
        new.note,
        judged.class().map(|class| class.code()),
        judged.ground().map(|ground| ground.code()),
        judged.why,
        receipt,
        fingerprint,
        act.now,
        person,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_users(
    connection: &mut PgConnection,
    act: &Act,
    visit: Uuid,
    users: &[UserFound],
) -> Result<(), sqlx::Error> {
    let codes: Vec<Option<String>> = users.iter().map(|user| user.uscc.clone()).collect();
    let names: Vec<String> = users.iter().map(|user| user.name.clone()).collect();
    let floors: Vec<Option<Decimal>> = users.iter().map(|user| user.floor_area_m2).collect();
    let on_record: Vec<bool> = users.iter().map(|user| user.on_record).collect();
    sqlx::query!(
        "INSERT INTO survey_user (district, visit, serial, uscc, name, floor_area_m2, on_record)
         SELECT $1, $2, it.serial, it.uscc, it.name, it.floor, it.known
         FROM unnest($3::text[], $4::text[], $5::numeric[], $6::boolean[]) WITH ORDINALITY AS it (uscc, name, floor, known, serial)",
        act.scope.county(),
        visit,
        &codes as &[Option<String>],
        &names,
        &floors as &[Option<Decimal>],
        &on_record
    )
    .execute(connection)
    .await?;
    Ok(())
}
