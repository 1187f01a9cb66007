//! The SQL of what stands against land, and of the grounds why it may.

mod holding;
mod named;
mod taking;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

pub use holding::settle;
pub use named::not_admitted;
pub use taking::{Taking, conflicts, taken_in_vain, takings};

use super::{Holder, Land, Own, Standing, Tolerance};
use crate::base::period::Period;
use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope};
use crate::policy;

/// The tolerance in force on a day: that of the planning layers. While none is published every overlap counts.
pub async fn tolerance(pool: &PgPool, on: NaiveDate) -> Result<Tolerance, sqlx::Error> {
    let parameters = policy::store::parameters_on(pool, on).await?;
    let published = |name: &str| parameters.decimal(name).unwrap_or(Decimal::ZERO);
    Ok(Tolerance { area_m2: published("spatial_sliver_area"), width_m: published("spatial_sliver_width") })
}

struct Row {
    contract: Option<String>,
    case: Option<Uuid>,
    year: Option<i16>,
    serial: Option<i32>,
    who: String,
    parcel: Option<String>,
    area_m2: Option<Decimal>,
    since: Option<NaiveDate>,
}

impl From<Row> for Standing {
    fn from(row: Row) -> Self {
        let number = row.year.zip(row.serial).map(|(year, serial)| format!("{year}-{serial:04}"));
        Standing {
            holder: if row.contract.is_some() { Holder::Contract } else { Holder::Case },
            number: row.contract.or(number).unwrap_or_default(),
            case: row.case,
            who: row.who,
            parcel: row.parcel,
            area_m2: row.area_m2.map(|area| area.round_dp(2)),
            since: row.since,
        }
    }
}

/// Grants that are live on `on` or later, and admitted cases without a contract; each once, grants first.
pub async fn against(
    connection: &mut PgConnection,
    scope: &Scope,
    land: &Land,
    own: &Own,
    tolerance: Tolerance,
    on: NaiveDate,
) -> Result<Vec<Standing>, sqlx::Error> {
    let question = Question { land: land.clone(), own: own.clone(), held: Period::ALWAYS };
    let mut answers = against_each(connection, scope, &[question], tolerance, on).await?;
    Ok(answers.pop().unwrap_or_default())
}

/// One land that is asked about among many.
#[derive(Clone, Debug)]
pub struct Question {
    pub land: Land,
    pub own: Own,
    /// When the land is to be held: what holds it at other times does not stand against it.
    pub held: Period,
}

/// The same for many lands in one statement, in their order.
pub async fn against_each(
    connection: &mut PgConnection,
    scope: &Scope,
    questions: &[Question],
    tolerance: Tolerance,
    on: NaiveDate,
) -> Result<Vec<Vec<Standing>>, sqlx::Error> {
    let numbered = || questions.iter().zip(0i32..);
    let asked: (Vec<i32>, Vec<&str>) = numbered()
        .flat_map(|(question, place)| question.land.parcels.iter().map(move |code| (place, code.as_str())))
        .unzip();
    let shapes: Vec<Option<Geom>> = questions.iter().map(|question| question.land.shape.clone()).collect();
    let held: Vec<PgRange<NaiveDate>> = questions.iter().map(|question| question.held.into()).collect();
    let contracts: Vec<Option<&str>> = questions.iter().map(|question| question.own.contract.as_deref()).collect();
    let cases: Vec<Option<Uuid>> = questions.iter().map(|question| question.own.case).collect();
    let numbers: Vec<Option<&str>> = questions.iter().map(|question| question.own.case_number.as_deref()).collect();
    let rows = sqlx::query!(
        r#"WITH asked AS MATERIALIZED (SELECT * FROM unnest($2::integer[], $3::text[]) AS a(ask, code)),
           question AS MATERIALIZED (
               SELECT (q.place - 1)::integer AS ask, q.shape, q.held, q.contract, q.own_case, q.case_number
               FROM unnest($4::geometry[], $5::daterange[], $6::text[], $7::uuid[], $8::text[])
                   WITH ORDINALITY AS q(shape, held, contract, own_case, case_number, place)),
           kin AS MATERIALIZED (
               SELECT DISTINCT asked.ask, k.code FROM asked, LATERAL parcel_kin($1::text, asked.code) AS k),
           site AS MATERIALIZED (
               SELECT q.ask, coalesce(q.shape, (
                   SELECT ST_Multi(ST_Union(v.geom)) FROM asked a
                   JOIN parcel_version v ON v.district = $1 AND v.code = a.code AND v.superseded_at IS NULL
                   WHERE a.ask = q.ask AND NOT EXISTS (SELECT FROM parcel_version n WHERE n.district = v.district AND n.code = v.code
                         AND n.superseded_at IS NULL AND lower(n.valid) > lower(v.valid)))) AS shape
               FROM question q),
           by_code AS (
               SELECT kin.ask, l.contract, l.parcel_code, l.held, NULL::numeric AS area FROM kin
               JOIN contract_land l ON l.district = $1 AND l.parcel_code = kin.code AND l.relation = 'self'),
           near AS MATERIALIZED (
               SELECT s.ask, v.code, shared_ground(v.geom, s.shape) AS shared FROM site s
               JOIN parcel_version v ON v.district = $1 AND v.superseded_at IS NULL AND v.geom && s.shape
                AND ST_Intersects(v.geom, s.shape)
               WHERE NOT EXISTS (SELECT FROM parcel_version n WHERE n.district = v.district AND n.code = v.code
                   AND n.superseded_at IS NULL AND lower(n.valid) > lower(v.valid))),
           by_shape AS (
               SELECT near.ask, l.contract, l.parcel_code, l.held, ST_Area(near.shared::geography)::numeric AS area FROM near
               JOIN contract_land l ON l.district = $1 AND l.parcel_code = near.code AND l.relation = 'self'
               WHERE is_beyond_sliver(near.shared, $10, $11)),
           grants AS (
               SELECT DISTINCT ON (found.ask, found.contract)
                      found.ask, found.contract, found.parcel_code, lower(found.held) AS since, found.area
               FROM (SELECT * FROM by_code UNION ALL SELECT * FROM by_shape) AS found JOIN question q ON q.ask = found.ask
               WHERE found.contract IS DISTINCT FROM q.contract AND found.held && q.held
                 AND (upper_inf(found.held) OR upper(found.held) > $9::date)
               ORDER BY found.ask, found.contract, found.area DESC NULLS LAST, found.parcel_code),
           open_case AS MATERIALIZED (
               SELECT c.id, c.year, c.serial, c.project, c.parcel_code, c.applied_on, c.site,
                      case_number(c.year, c.serial) AS number
               FROM admission_case c
               WHERE c.district = $1 AND c.outcome = 'admitted'
                 AND NOT EXISTS (SELECT FROM contract_terms t WHERE t.district = c.district AND t.superseded_at IS NULL
                     AND t.admission_case = case_number(c.year, c.serial))),
           admitted AS (
               SELECT s.ask, c.id, c.year, c.serial, c.project, c.parcel_code, c.applied_on,
                      (s.ask, c.parcel_code) IN (SELECT ask, code FROM kin) AS by_code,
                      CASE WHEN c.site && s.shape THEN shared_ground(c.site, s.shape) END AS shared
               FROM open_case c CROSS JOIN site s JOIN question q ON q.ask = s.ask
               WHERE c.id IS DISTINCT FROM q.own_case AND c.number IS DISTINCT FROM q.case_number
                 AND (upper_inf(q.held) OR upper(q.held) > $9::date)
                 AND ((s.ask, c.parcel_code) IN (SELECT ask, code FROM kin) OR c.site && s.shape))
           SELECT g.ask AS "ask!", g.contract AS "contract?", NULL::uuid AS "case?", NULL::smallint AS "year?",
                  NULL::integer AS "serial?",
                  coalesce((SELECT t.grantee FROM contract_terms t WHERE t.district = $1 AND t.contract = g.contract
                      AND t.superseded_at IS NULL ORDER BY t.effective_on DESC, t.id DESC LIMIT 1), '') AS "who!",
                  g.parcel_code AS "parcel?", g.area AS "area_m2?", g.since AS "since?"
           FROM grants g
           UNION ALL
           SELECT a.ask, NULL, a.id, a.year, a.serial, a.project, a.parcel_code, ST_Area(a.shared::geography)::numeric, a.applied_on
           FROM admitted a
           WHERE a.by_code OR is_beyond_sliver(a.shared, $10, $11)
           ORDER BY 1, 2 NULLS LAST, 4, 5"#,
        scope.county(),
        &asked.0,
        &asked.1 as _,
        &shapes as _,
        &held as _,
        &contracts as _,
        &cases as _,
        &numbers as _,
        on,
        tolerance.area_m2,
        tolerance.width_m
    )
    .fetch_all(connection)
    .await?;
    let mut answers = vec![Vec::new(); questions.len()];
    for row in rows {
        let standing = Row {
            contract: row.contract,
            case: row.case,
            year: row.year,
            serial: row.serial,
            who: row.who,
            parcel: row.parcel,
            area_m2: row.area_m2,
            since: row.since,
        };
        if let Some(answer) = usize::try_from(row.ask).ok().and_then(|place| answers.get_mut(place)) {
            answer.push(standing.into());
        }
    }
    Ok(answers)
}

/// What stands against each of many parcels, by code and lineage alone; parcels that are free are left out.
pub async fn of_parcels(
    pool: &PgPool,
    scope: &Scope,
    codes: &[String],
    on: NaiveDate,
) -> Result<BTreeMap<String, Vec<Standing>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH kin AS MATERIALIZED (
               SELECT DISTINCT asked.code AS asked, k.code FROM unnest($2::text[]) AS asked(code),
                   LATERAL parcel_kin($1::text, asked.code) AS k)
           SELECT DISTINCT kin.asked AS "asked!", l.contract AS "contract?", NULL::uuid AS "case?", NULL::smallint AS "year?",
                  NULL::integer AS "serial?", '' AS "project!", l.parcel_code AS "parcel?", lower(l.held) AS "since?"
           FROM kin JOIN contract_land l ON l.district = $1 AND l.parcel_code = kin.code AND l.relation = 'self'
           WHERE upper_inf(l.held) OR upper(l.held) > $3::date
           UNION
           SELECT kin.asked, NULL, c.id, c.year, c.serial, c.project, c.parcel_code, c.applied_on
           FROM kin JOIN admission_case c ON c.district = $1 AND c.parcel_code = kin.code AND c.outcome = 'admitted'
           WHERE NOT EXISTS (SELECT FROM contract_terms t WHERE t.district = c.district AND t.superseded_at IS NULL
               AND t.admission_case = case_number(c.year, c.serial))
           ORDER BY 1, 2 NULLS LAST, 4, 5"#,
        scope.county(),
        codes,
        on
    )
    .fetch_all(pool)
    .await?;
    let mut found: BTreeMap<String, Vec<Standing>> = BTreeMap::new();
    for row in rows {
        let standing = Row {
            contract: row.contract,
            case: row.case,
            year: row.year,
            serial: row.serial,
            who: row.project,
            parcel: row.parcel,
            area_m2: None,
            since: row.since,
        };
        found.entry(row.asked).or_default().push(standing.into());
    }
    Ok(found)
}

/// Why a contract stands beside others, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    pub ground: String,
    pub recorded_by: String,
    pub recorded_on: NaiveDate,
    /// Keys of what stood against the land.
    pub against: Vec<String>,
}

pub async fn grounds_of_contract(pool: &PgPool, scope: &Scope, contract: &str) -> Result<Vec<Ground>, sqlx::Error> {
    sqlx::query_as!(
        Ground,
        "SELECT ground, recorded_by, recorded_on, against FROM contract_beside WHERE district = $1 AND contract = $2 ORDER BY id",
        scope.county(),
        contract
    )
    .fetch_all(pool)
    .await
}

pub async fn grounds_of_case(
    connection: &mut PgConnection,
    scope: &Scope,
    case: Uuid,
) -> Result<Vec<Ground>, sqlx::Error> {
    sqlx::query_as!(
        Ground,
        "SELECT ground, recorded_by, recorded_on, against FROM admission_beside WHERE district = $1 AND case_id = $2 ORDER BY id",
        scope.county(),
        case
    )
    .fetch_all(connection)
    .await
}

/// A named person's ground for a contract.
pub async fn stand_beside(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
    ground: &Ground,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contract_beside (district, contract, against, ground, recorded_by, recorded_on, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        scope.county(),
        contract,
        &ground.against,
        ground.ground,
        ground.recorded_by,
        ground.recorded_on,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}
