//! The list of parcels: pages in the order of an index, taken from its runs.

use sqlx::{Postgres, QueryBuilder};

use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::like::{beyond, containing};
use crate::db::{PgPool, Scope};
use crate::parcel::list::{Cursor, ListQuery, Row, SortKey};

pub type Page = keyset::Page<Row, Cursor>;

type Sql = QueryBuilder<Postgres>;

/// One page of at most `size` lines. `with_shape` adds the outline of each.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    position: &Position<Cursor>,
    size: u16,
    with_shape: bool,
) -> Result<Page, sqlx::Error> {
    let mut statement = list_statement(scope, query, position, i64::from(size) + 1, with_shape);
    let rows: Vec<Row> = statement.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), Row::cursor))
}

/// How many parcels the list holds, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, query: &ListQuery) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        let mut union = "SELECT FROM (";
        for sought in Sought::all(query) {
            sql.push(union);
            push_matching(sql, scope, query, sought);
            union = " UNION ALL ";
        }
        sql.push(") AS found");
    })
    .await
}

/// A page in the order that is asked, taken from runs that an index holds in this order each: by area those with one and those
/// without, which come last either way; of a search those found by name and those by code.
fn list_statement(scope: &Scope, query: &ListQuery, position: &Position<Cursor>, size: i64, with_shape: bool) -> Sql {
    let direction = position.reading(query.descending).direction;
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
            push_run(&mut sql, scope, query, position, size, (*run, sought));
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
        let unknown = if position.is_back() {
            "v.official_area_m2 IS NOT NULL, v.official_area_m2"
        } else {
            "v.official_area_m2 IS NULL, v.official_area_m2"
        };
        sql.push(unknown).push(direction).push(", ");
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

/// All that is found in one way, in no order.
fn push_matching(sql: &mut Sql, scope: &Scope, query: &ListQuery, sought: Option<Sought>) {
    sql.push("SELECT v.* FROM parcel_version v WHERE v.superseded_at IS NULL AND v.district = ");
    sql.push_bind(scope.county().to_owned());
    push_versions(sql, query);
    push_filter(sql, scope, query);
    if let (Some(sought), Some(text)) = (sought, &query.filter.text) {
        sought.push(sql, scope, text);
    }
}

/// The first `size` of a run beyond the cursor.
fn push_run(
    sql: &mut Sql,
    scope: &Scope,
    query: &ListQuery,
    position: &Position<Cursor>,
    size: i64,
    (run, sought): (Run, Option<Sought>),
) {
    let reading = position.reading(query.descending);
    push_matching(sql, scope, query, sought);
    sql.push(match run {
        Run::All => "",
        Run::WithArea => " AND v.official_area_m2 IS NOT NULL",
        Run::WithoutArea => " AND v.official_area_m2 IS NULL",
    });
    if let Some(key) = position.key() {
        match (run, key.area) {
            (Run::WithArea, Some(area)) => {
                sql.push(" AND (v.official_area_m2, v.code)").push(reading.beyond).push("(").push_bind(area).push(", ");
                sql.push_bind(key.code.clone()).push(")");
            }
            // Those without an area come after all with one: forward from them none of these follow, back all do.
            (Run::WithArea, None) if position.is_back() => {}
            (Run::WithoutArea, Some(_)) if !position.is_back() => {}
            (Run::WithArea, None) | (Run::WithoutArea, Some(_)) => {
                sql.push(" AND false");
            }
            (Run::All, _) | (Run::WithoutArea, None) => {
                sql.push(" AND v.code").push(reading.beyond).push_bind(key.code.clone());
            }
        }
    }
    sql.push(" ORDER BY ");
    if run == Run::WithArea {
        sql.push("v.official_area_m2").push(reading.direction).push(", ");
    }
    sql.push("v.code").push(reading.direction).push(" LIMIT ").push_bind(size);
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
