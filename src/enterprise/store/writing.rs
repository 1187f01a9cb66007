//! The statements behind what is done by hand: versions of enterprises and occupancies end and begin, never change.

use chrono::NaiveDate;
use sqlx::postgres::types::PgRange;

use crate::account::Act;
use crate::base::period::Period;
use crate::db::versioned::Versioned;
use crate::db::{PgConnection, Scope};
use crate::enterprise::form::Paper;
use crate::enterprise::{Facts, Use};

const VERSIONS: Versioned = Versioned("enterprise_version");
const USES: Versioned = Versioned("occupancy");

/// What the code lists say of an industry code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Known,
    Unknown,
    /// No list of this edition is loaded, so nobody can say.
    EditionMissing,
}

pub async fn industry_standing(
    connection: &mut PgConnection,
    edition: &str,
    code: &str,
) -> Result<Standing, sqlx::Error> {
    let found = sqlx::query!(
        r#"SELECT EXISTS (SELECT FROM industry WHERE edition = $1 AND code = $2) AS "known!",
                  EXISTS (SELECT FROM industry WHERE edition = $1) AS "loaded!""#,
        edition,
        code
    )
    .fetch_one(connection)
    .await?;
    Ok(match (found.known, found.loaded) {
        (true, _) => Standing::Known,
        (false, true) => Standing::Unknown,
        (false, false) => Standing::EditionMissing,
    })
}

pub async fn is_subdistrict(
    connection: &mut PgConnection,
    scope: &Scope,
    code: &str,
    on: NaiveDate,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM subdistrict WHERE code = $2 AND left(code, 6) = $1 AND valid @> $3::date) AS "it!""#,
        scope.county(),
        code,
        on
    )
    .fetch_one(connection)
    .await
}

/// Whether the register knows the code, in the scope's whole district.
pub async fn is_known(connection: &mut PgConnection, scope: &Scope, uscc: &str) -> Result<bool, sqlx::Error> {
    Ok(registered_in(connection, scope, uscc).await?.is_some())
}

/// Where an enterprise is registered by the last that is known of it; `None` when it is not on record.
pub async fn registered_in(
    connection: &mut PgConnection,
    scope: &Scope,
    uscc: &str,
) -> Result<Option<Option<String>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT subdistrict FROM enterprise_version WHERE district = $1 AND uscc = $2 AND superseded_at IS NULL
         ORDER BY lower(valid) DESC NULLS LAST LIMIT 1",
        scope.county(),
        uscc
    )
    .fetch_optional(connection)
    .await
}

/// How many rows it ended: one, or none when somebody else was first.
pub async fn supersede_version(connection: &mut PgConnection, act: &Act, id: i64) -> Result<u64, sqlx::Error> {
    VERSIONS.end(connection, &act.scope, id, act.now).await
}

pub async fn insert_version(
    connection: &mut PgConnection,
    act: &Act,
    uscc: &str,
    confirmed_by: Option<&str>,
    valid: Period,
    facts: &Facts,
    paper: &Paper,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO enterprise_version (district, uscc, uscc_confirmed_by, valid, name, industry_edition, industry_code,
             sector, size_class, high_tech, platform, subdistrict, state, established_on, above_size_since, project_since,
             project_until, source, reason, recorded_at, recorded_by, fingerprint)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
             sha256(convert_to(jsonb_build_array($2::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::boolean,
                 $11::text, $12::text, $13::text, $14::date, $15::date, $16::date, $17::date)::text, 'UTF8')))
         RETURNING id",
        act.scope.county() as _,
        uscc,
        confirmed_by,
        PgRange::from(valid),
        facts.name,
        facts.industry.as_ref().map(|(edition, _)| edition.as_str()),
        facts.industry.as_ref().map(|(_, code)| code.as_str()),
        facts.sector as _,
        facts.size_class as _,
        facts.high_tech,
        facts.platform,
        facts.subdistrict,
        facts.state as _,
        facts.established_on,
        facts.above_size_since,
        facts.project_since,
        facts.project_until,
        paper.source,
        paper.reason,
        act.now,
        act.actor.name
    )
    .fetch_one(connection)
    .await
}

/// As [`supersede_version`], of an occupancy.
pub async fn supersede_use(connection: &mut PgConnection, act: &Act, id: i64) -> Result<u64, sqlx::Error> {
    USES.end(connection, &act.scope, id, act.now).await
}

pub async fn insert_use(connection: &mut PgConnection, act: &Act, it: &Use, paper: &Paper) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO occupancy (district, parcel_code, kind, occupant, lessor, area_mu, floor_area_m2, valid, source,
             reason, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
        act.scope.county() as _,
        it.parcel,
        it.kind as _,
        it.occupant,
        it.lessor,
        it.land as _,
        it.floor_area_m2,
        PgRange::from(it.valid),
        paper.source,
        paper.reason,
        act.now,
        act.actor.name
    )
    .fetch_one(connection)
    .await
}
