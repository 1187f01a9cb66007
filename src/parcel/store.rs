//! Parcels as they are on record: a list, one version, the history, where it came from and what became of it.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};

use super::list::{Cursor, ListQuery, Row, SortKey};
use super::{LineageKind, SupplyStatus};
use crate::base::period::Period;
use crate::codelist::Choice;
use crate::db::distinct::Distinct;
use crate::db::geom::Geom;
use crate::db::like::{beyond, containing};
use crate::db::{PgConnection, PgPool, Scope};
use crate::web::list::cut;

/// A page of the list.
#[derive(Clone, Debug)]
pub struct Page {
    pub rows: Vec<Row>,
    /// `None` on the last page.
    pub next: Option<Cursor>,
}

/// One version on record, with both its times.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: i64,
    pub code: String,
    pub name: Option<String>,
    pub valid: Period,
    /// m²; none when no area is registered.
    pub official_area_m2: Option<Decimal>,
    pub plane_area_m2: Decimal,
    pub geodesic_area_m2: Decimal,
    pub survey_srid: i32,
    pub survey_truth: bool,
    pub land_use_scheme: Option<String>,
    pub land_use_code: Option<String>,
    pub land_use_name: Option<String>,
    pub supply_status: SupplyStatus,
    pub subdistrict: Option<String>,
    pub registered_subdistrict: String,
    pub subdistrict_name: Option<String>,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

/// One step between parcels.
#[derive(Clone, Debug)]
pub struct Link {
    pub kind: LineageKind,
    pub predecessor: String,
    pub successor: String,
    pub effective_on: NaiveDate,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
}

type Sql = QueryBuilder<Postgres>;

/// One page of at most `size` lines after `after`. `with_shape` adds the outline of each.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    after: Option<&Cursor>,
    size: u16,
    with_shape: bool,
) -> Result<Page, sqlx::Error> {
    let mut statement = list_statement(scope, query, after, i64::from(size) + 1, with_shape);
    let rows: Vec<Row> = statement.build_query_as().fetch_all(pool).await?;
    let (rows, next) = cut(rows, size.into(), Row::cursor);
    Ok(Page { rows, next })
}

/// A page in the order that is asked, taken from runs that an index holds in this order each: by area those with one and those
/// without, which come last either way; of a search those found by name and those by code.
fn list_statement(scope: &Scope, query: &ListQuery, after: Option<&Cursor>, size: i64, with_shape: bool) -> Sql {
    let direction = if query.descending { " DESC" } else { " ASC" };
    let mut sql = Sql::new(
        "SELECT v.id, v.code, v.name, v.valid, v.official_area_m2, v.plane_area_m2, v.geodesic_area_m2, v.survey_srid,
                v.survey_truth, v.land_use_scheme, v.land_use_code, l.name AS land_use_name, v.supply_status, v.subdistrict,
                v.registered_subdistrict, s.name AS subdistrict_name, ",
    );
    sql.push(if with_shape { "ST_AsGeoJSON(v.geom, 9, 0)" } else { "NULL::text" }).push(" AS shape FROM (");
    let runs: &[Run] = match query.sort {
        SortKey::Code => &[Run::All],
        SortKey::Area => &[Run::WithArea, Run::WithoutArea],
    };
    let mut union = "(";
    for sought in Sought::all(query) {
        for run in runs {
            sql.push(union);
            push_run(&mut sql, scope, query, after, size, (*run, sought));
            sql.push(")");
            union = " UNION ALL (";
        }
    }
    sql.push(") v LEFT JOIN land_use l ON l.scheme = v.land_use_scheme AND l.code = v.land_use_code");
    sql.push(" LEFT JOIN LATERAL (SELECT s.name FROM subdistrict s WHERE s.code = COALESCE(v.subdistrict, v.registered_subdistrict)");
    sql.push(" ORDER BY s.valid @> ")
        .push_bind(query.on)
        .push(" DESC, lower(s.valid) DESC LIMIT 1) s ON true ORDER BY ");
    if query.sort == SortKey::Area {
        sql.push("v.official_area_m2 IS NULL, v.official_area_m2").push(direction).push(", ");
    }
    sql.push("v.code").push(direction).push(" LIMIT ").push_bind(size);
    sql
}

/// What an ordered run of parcels holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    /// Everything, by code.
    All,
    /// Parcels with a registered area, by that and then by code.
    WithArea,
    /// Parcels without, by code.
    WithoutArea,
}

/// The first `size` of a run after the cursor.
fn push_run(
    sql: &mut Sql,
    scope: &Scope,
    query: &ListQuery,
    after: Option<&Cursor>,
    size: i64,
    (run, sought): (Run, Option<Sought>),
) {
    let (follows, direction) = if query.descending { (" < ", " DESC") } else { (" > ", " ASC") };
    sql.push("SELECT v.* FROM parcel_version v WHERE v.superseded_at IS NULL AND v.district = ");
    sql.push_bind(scope.county().to_owned());
    push_versions(sql, query);
    push_filter(sql, scope, query);
    if let (Some(sought), Some(text)) = (sought, &query.filter.text) {
        sought.push(sql, scope, text);
    }
    sql.push(match run {
        Run::All => "",
        Run::WithArea => " AND v.official_area_m2 IS NOT NULL",
        Run::WithoutArea => " AND v.official_area_m2 IS NULL",
    });
    if let Some(after) = after {
        match (run, after.area) {
            (Run::WithArea, Some(area)) => {
                sql.push(" AND (v.official_area_m2, v.code)").push(follows).push("(").push_bind(area).push(", ");
                sql.push_bind(after.code.clone()).push(")");
            }
            (Run::WithArea, None) => {
                sql.push(" AND false");
            }
            // While the page before ended among those with an area, all of these follow.
            (Run::WithoutArea, Some(_)) => {}
            (Run::All, _) | (Run::WithoutArea, None) => {
                sql.push(" AND v.code").push(follows).push_bind(after.code.clone());
            }
        }
    }
    sql.push(" ORDER BY ");
    if run == Run::WithArea {
        sql.push("v.official_area_m2").push(direction).push(", ");
    }
    sql.push("v.code").push(direction).push(" LIMIT ").push_bind(size);
}

/// A part of a code as short as this stands in so many that a page is full before long.
const COMMON: usize = 4;

/// Where a searched text is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sought {
    Code,
    /// In names of parcels that the code does not find.
    Name,
}

impl Sought {
    /// What no code can hold is not looked for in codes.
    fn all(query: &ListQuery) -> Vec<Option<Sought>> {
        match &query.filter.text {
            None => vec![None],
            Some(text) if of_a_code(text) => vec![Some(Sought::Code), Some(Sought::Name)],
            Some(_) => vec![Some(Sought::Name)],
        }
    }

    fn push(self, sql: &mut Sql, scope: &Scope, text: &str) {
        let code = text.to_uppercase();
        match self {
            Sought::Name => {
                sql.push(" AND v.name ILIKE ").push_bind(containing(text));
                if of_a_code(text) {
                    sql.push(" AND v.code NOT LIKE ").push_bind(containing(&code));
                }
            }
            Sought::Code => {
                sql.push(" AND v.code LIKE ").push_bind(containing(&code));
                push_place_of_code(sql, scope, &code);
            }
        }
    }
}

fn of_a_code(text: &str) -> bool {
    text.bytes().all(|sign| sign.is_ascii_alphanumeric())
}

/// Besides being in the code, where it can stand: at its beginning when it begins as the codes of the district do, since these
/// do not hold the county twice; else anywhere, looked for among the codes alone.
fn push_place_of_code(sql: &mut Sql, scope: &Scope, code: &str) {
    let begins = code.starts_with(scope.county());
    match beyond(code).filter(|_| begins) {
        Some(beyond) => {
            sql.push(" AND v.code >= ").push_bind(code.to_owned()).push(" AND v.code < ").push_bind(beyond);
        }
        None if begins || code.len() <= COMMON || scope.county().starts_with(code) => {}
        None => {
            sql.push(" AND v.code = ANY (ARRAY(SELECT DISTINCT code FROM parcel_version WHERE superseded_at IS NULL AND district = ");
            sql.push_bind(scope.county().to_owned()).push(" AND code LIKE ").push_bind(containing(code)).push("))");
        }
    }
}

/// The version in force on the day; with ended ones, the last that had begun by then.
fn push_versions(sql: &mut Sql, query: &ListQuery) {
    if query.filter.with_ended {
        sql.push(" AND lower(v.valid) <= ").push_bind(query.on);
        sql.push(
            " AND NOT EXISTS (SELECT FROM parcel_version later WHERE later.superseded_at IS NULL AND later.district = v.district
              AND later.code = v.code AND lower(later.valid) > lower(v.valid) AND lower(later.valid) <= ",
        );
        sql.push_bind(query.on).push(")");
    } else {
        sql.push(" AND v.valid @> ").push_bind(query.on);
    }
}

fn push_filter(sql: &mut Sql, scope: &Scope, query: &ListQuery) {
    let filter = &query.filter;
    for code in scope.subdistrict_code().into_iter().chain(filter.subdistrict.as_deref()) {
        sql.push(" AND COALESCE(v.subdistrict, v.registered_subdistrict) = ").push_bind(code.to_owned());
    }
    if let Some(supply) = filter.supply {
        sql.push(" AND v.supply_status = ").push_bind(supply.code());
    }
    if let Some((scheme, code)) = &filter.land_use {
        sql.push(" AND v.land_use_scheme = ").push_bind(scheme.clone());
        sql.push(" AND v.land_use_code = ").push_bind(code.clone());
    }
}

macro_rules! versions {
    ($condition:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Version,
            r#"SELECT v.id, v.code, v.name, v.valid, v.official_area_m2, v.plane_area_m2, v.geodesic_area_m2,
                      v.survey_srid, v.survey_truth, v.land_use_scheme, v.land_use_code, (SELECT l.name FROM land_use l WHERE l.scheme = v.land_use_scheme AND l.code = v.land_use_code) AS land_use_name,
                      v.supply_status AS "supply_status: _", v.subdistrict, v.registered_subdistrict,
                      (SELECT s.name FROM subdistrict s WHERE s.code = COALESCE(v.subdistrict, v.registered_subdistrict)
                       ORDER BY lower(s.valid) DESC LIMIT 1) AS subdistrict_name,
                      v.source, v.reason, v.recorded_at, v.recorded_by, v.superseded_at
               FROM parcel_version v
               WHERE v.district = $1
                 AND ($2::text IS NULL OR COALESCE(v.subdistrict, v.registered_subdistrict) = $2) AND "# + $condition,
            $($argument),+
        )
    };
}

/// The version that held on a day, by what is known now.
pub async fn version_on(
    pool: &PgPool,
    scope: &Scope,
    code: &str,
    on: NaiveDate,
) -> Result<Option<Version>, sqlx::Error> {
    versions!(
        "v.code = $3 AND v.valid @> $4::date AND v.superseded_at IS NULL",
        scope.county(),
        scope.subdistrict_code(),
        code,
        on
    )
    .fetch_optional(pool)
    .await
}

/// The version that was believed at `known` to hold on a day.
pub async fn version_known(
    pool: &PgPool,
    scope: &Scope,
    code: &str,
    on: NaiveDate,
    known: DateTime<Utc>,
) -> Result<Option<Version>, sqlx::Error> {
    versions!(
        "v.code = $3 AND v.valid @> $4::date AND v.recorded_at <= $5 AND (v.superseded_at IS NULL OR v.superseded_at > $5)",
        scope.county(),
        scope.subdistrict_code(),
        code,
        on,
        known
    )
    .fetch_optional(pool)
    .await
}

/// The last version of a code, whether it still holds or not.
pub async fn latest(pool: &PgPool, scope: &Scope, code: &str) -> Result<Option<Version>, sqlx::Error> {
    versions!(
        "v.code = $3 AND v.superseded_at IS NULL ORDER BY lower(v.valid) DESC LIMIT 1",
        scope.county(),
        scope.subdistrict_code(),
        code
    )
    .fetch_optional(pool)
    .await
}

/// Everything ever recorded about a code, what was superseded included, newest knowledge first.
pub async fn history(pool: &PgPool, scope: &Scope, code: &str) -> Result<Vec<Version>, sqlx::Error> {
    versions!(
        "v.code = $3 ORDER BY v.recorded_at DESC, lower(v.valid) DESC, v.id DESC",
        scope.county(),
        scope.subdistrict_code(),
        code
    )
    .fetch_all(pool)
    .await
}

/// The steps that lead to a parcel and away from it, oldest first. Only for a parcel the scope may see.
pub async fn lineage(pool: &PgPool, scope: &Scope, code: &str) -> Result<Vec<Link>, sqlx::Error> {
    sqlx::query_as!(
        Link,
        r#"SELECT kind AS "kind: _", predecessor, successor, effective_on, source, reason, recorded_at, recorded_by
           FROM parcel_lineage WHERE district = $1 AND (predecessor = $3 OR successor = $3)
             AND EXISTS (SELECT FROM parcel_version v WHERE v.district = $1 AND v.code = $3
                         AND ($2::text IS NULL OR COALESCE(v.subdistrict, v.registered_subdistrict) = $2))
           ORDER BY effective_on, predecessor, successor"#,
        scope.county(),
        scope.subdistrict_code(),
        code
    )
    .fetch_all(pool)
    .await
}

/// The outline of a version as GeoJSON, longitude first.
pub async fn shape_of(pool: &PgPool, scope: &Scope, id: i64) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT ST_AsGeoJSON(geom, 9, 0) AS "shape!" FROM parcel_version WHERE district = $1 AND id = $2
             AND ($3::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $3)"#,
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await
}

/// Shapes about to be drawn, what they were drawn from, and the parcels around them on a day, as a GeoJSON collection.
pub async fn picture_of(
    pool: &PgPool,
    scope: &Scope,
    shapes: &[Geom],
    labels: &[String],
    former: &[i64],
    on: NaiveDate,
) -> Result<serde_json::Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH drawn AS (SELECT label, ST_Transform(shape, 4490) AS geom FROM unnest($3::geometry[], $4::text[]) AS s (shape, label)),
                shown AS (
                    SELECT 'parcel' AS kind, label, geom FROM drawn
                    UNION ALL
                    SELECT 'former', '原界址 ' || code, geom FROM parcel_version WHERE district = $1 AND id = ANY($5)
                    UNION ALL
                    (SELECT 'neighbour', p.code, p.geom FROM parcel_version p,
                         (SELECT ST_Expand(ST_SetSRID(ST_Extent(geom)::geometry, 4490), 0.0008) AS box FROM drawn) b
                     WHERE p.district = $1 AND p.superseded_at IS NULL AND p.valid @> $6::date AND p.id <> ALL($5) AND p.geom && b.box
                       AND ($2::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $2)
                     ORDER BY p.code LIMIT 80))
           SELECT jsonb_build_object('type', 'FeatureCollection', 'features', COALESCE(jsonb_agg(jsonb_build_object(
               'type', 'Feature', 'geometry', ST_AsGeoJSON(geom, 8, 0)::jsonb,
               'properties', jsonb_build_object('kind', kind, 'label', label))), '[]')) AS "collection!" FROM shown"#,
        scope.county(),
        scope.subdistrict_code(),
        shapes as &[Geom],
        labels,
        former,
        on
    )
    .fetch_one(pool)
    .await
}

/// All land uses, as `scheme:code`.
pub async fn land_uses(pool: &PgPool) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        r#"SELECT scheme || ':' || code AS "code!", code || ' ' || name || '（' || scheme || '）' AS "name!"
           FROM land_use ORDER BY scheme, code"#
    )
    .fetch_all(pool)
    .await
}

const USES: Distinct = Distinct {
    table: "parcel_version",
    on_record: "superseded_at IS NULL AND land_use_code IS NOT NULL",
    columns: &[("land_use_scheme", "scheme"), ("land_use_code", "code")],
};

/// Land uses that parcels of the scope have or had by what is on record, whatever the day, as `scheme:code`.
pub async fn land_uses_occurring(pool: &PgPool, scope: &Scope) -> Result<Vec<Choice>, sqlx::Error> {
    let mut sql = Sql::new("");
    USES.push(&mut sql, |sql| {
        sql.push(" AND district = ").push_bind(scope.county().to_owned());
        if let Some(subdistrict) = scope.subdistrict_code() {
            sql.push(" AND COALESCE(subdistrict, registered_subdistrict) = ").push_bind(subdistrict.to_owned());
        }
    });
    sql.push(
        "SELECT l.scheme || ':' || l.code AS code, l.code || ' ' || l.name || '（' || l.scheme || '）' AS name
         FROM land_use l JOIN occurring USING (scheme, code) ORDER BY l.scheme, l.code",
    );
    sql.build_query_as().fetch_all(pool).await
}

/// Which of these codes some version has or had.
pub(super) async fn known_codes(
    connection: &mut PgConnection,
    scope: &Scope,
    codes: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT DISTINCT code FROM parcel_version WHERE district = $1 AND code = ANY($2)",
        scope.county(),
        codes
    )
    .fetch_all(connection)
    .await
}
