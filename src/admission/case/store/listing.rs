//! Lists of cases: pages with filters, the board, the map, and counts for the desk.

use serde_json::Value;
use sqlx::{FromRow, Postgres, QueryBuilder, Row as _};
use uuid::Uuid;

use crate::account::Department;
use crate::admission::case::list::{Cursor, Filter};
use crate::admission::case::{Case, parse_number};
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};

type Sql = QueryBuilder<Postgres>;

pub type Page = keyset::Page<Case, Cursor>;

impl FromRow<'_, sqlx::postgres::PgRow> for Case {
    fn from_row(row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
        Ok(Case {
            id: row.try_get("id")?,
            year: row.try_get("year")?,
            serial: row.try_get("serial")?,
            stage: row.try_get("stage")?,
            round: row.try_get("round")?,
            version: row.try_get("version")?,
            project: row.try_get("project")?,
            investor: row.try_get("investor")?,
            uscc: row.try_get("uscc")?,
            industry_code: row.try_get("industry_code")?,
            land_kind: row.try_get("land_kind")?,
            site_area_m2: row.try_get("site_area_m2")?,
            subdistrict: row.try_get("subdistrict")?,
            applied_on: row.try_get("applied_on")?,
            handler: row.try_get("handler")?,
            handler_name: row.try_get("handler_name")?,
            outcome: row.try_get("outcome")?,
            verdict: row.try_get("verdict")?,
            created_by: row.try_get("created_by")?,
            created_name: row.try_get("created_name")?,
            created_at: row.try_get("created_at")?,
            changed_at: row.try_get("changed_at")?,
            changed_by: row.try_get("changed_by")?,
            last_action: row.try_get("last_action")?,
            opinion_due: row.try_get("opinion_due")?,
        })
    }
}

/// At most `size` cases, the one changed last first. Drafts are their makers' only.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    person: Uuid,
    filter: &Filter,
    position: &Position<Cursor>,
    size: u16,
) -> Result<Page, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT c.*, k.verdict,
                (SELECT min(o.due_on) FROM admission_opinion o WHERE o.district = c.district AND o.case_id = c.id
                   AND o.round = c.round AND o.stance IS NULL AND c.stage = 'opinions') AS opinion_due",
    );
    push_found(&mut sql, scope, person, filter);
    position.by(|key| (key.changed_at, key.id)).push_page(&mut sql, ["c.changed_at", "c.id"], true, size);
    let cases: Vec<Case> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(cases, size.into(), Cursor::of))
}

/// How many cases the list holds, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, person: Uuid, filter: &Filter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, person, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, person: Uuid, filter: &Filter) {
    sql.push(
        " FROM admission_case c
         LEFT JOIN admission_check k ON k.district = c.district AND k.case_id = c.id AND k.current
         WHERE c.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    if let Some(subdistrict) = scope.subdistrict_code() {
        sql.push(" AND c.subdistrict = ").push_bind(subdistrict.to_owned());
    }
    sql.push(" AND (c.serial IS NOT NULL OR c.created_by = ").push_bind(person).push(")");
    if let Some(stage) = filter.stage {
        sql.push(" AND c.stage = ").push_bind(stage.code());
    }
    if let Some(outcome) = filter.outcome {
        sql.push(" AND c.outcome = ").push_bind(outcome.code());
    }
    if let Some(verdict) = filter.verdict {
        sql.push(" AND k.verdict = ").push_bind(verdict.code());
    }
    if let Some(person) = filter.mine {
        sql.push(" AND (c.created_by = ").push_bind(person).push(" OR c.handler = ").push_bind(person).push(")");
    }
    if filter.open {
        sql.push(" AND c.stage NOT IN ('decided', 'notified', 'withdrawn')");
    }
    if let Some(text) = &filter.text {
        let pattern = containing(text);
        sql.push(" AND (c.project LIKE ").push_bind(pattern.clone());
        sql.push(" OR c.investor LIKE ").push_bind(pattern.clone());
        sql.push(" OR c.uscc LIKE ").push_bind(pattern);
        if let Some((year, serial)) = parse_number(text) {
            sql.push(" OR (c.year = ").push_bind(year).push(" AND c.serial = ").push_bind(serial).push(")");
        }
        sql.push(")");
    }
}

/// Cases drawn on one map.
pub const MOST_SITES: i64 = 5_000;

/// Sites of the cases changed last, as GeoJSON features with number, project, stage and verdict, and whether there are more than
/// [`MOST_SITES`]. Drafts are not on it.
pub async fn sites(pool: &PgPool, scope: &Scope) -> Result<(Value, bool), sqlx::Error> {
    let row = sqlx::query!(
        r#"WITH found AS MATERIALIZED (SELECT * FROM admission_case WHERE district = $1 AND serial IS NOT NULL AND site IS NOT NULL
                   AND ($2::text IS NULL OR subdistrict = $2)
                 ORDER BY changed_at DESC, id DESC LIMIT $3::bigint + 1),
               drawn AS (SELECT * FROM found ORDER BY changed_at DESC, id DESC LIMIT $3)
           SELECT coalesce(json_agg(json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(c.site, 7, 0)::json,
               'properties', json_build_object('id', c.id, 'number', case_number(c.year, c.serial),
                   'project', c.project, 'stage', c.stage, 'verdict', k.verdict, 'outcome', c.outcome))
               ORDER BY c.year, c.serial), '[]') AS "features!: Value", (SELECT count(*) FROM found) > $3 AS "more!"
           FROM drawn c
           LEFT JOIN admission_check k ON k.district = c.district AND k.case_id = c.id AND k.current"#,
        scope.county(),
        scope.subdistrict_code(),
        MOST_SITES
    )
    .fetch_one(pool)
    .await?;
    Ok((row.features, row.more))
}

/// Sites of some cases, in the same way; those of the scope that have one.
pub async fn sites_of(pool: &PgPool, scope: &Scope, cases: &[Uuid]) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(json_agg(json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(site, 7, 0)::json,
               'properties', json_build_object('id', id)) ORDER BY year, serial), '[]') AS "features!: Value"
           FROM admission_case WHERE district = $1 AND id = ANY ($3) AND serial IS NOT NULL AND site IS NOT NULL
             AND ($2::text IS NULL OR subdistrict = $2)"#,
        scope.county(),
        scope.subdistrict_code(),
        cases
    )
    .fetch_one(pool)
    .await
}

/// The neighbourhood of a case's site, as GeoJSON features for a picture.
pub async fn neighbourhood(pool: &PgPool, scope: &Scope, case: Uuid) -> Result<Value, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH own AS (SELECT site, ST_Expand(site, 0.0012) AS around FROM admission_case WHERE district = $1 AND id = $2 AND site IS NOT NULL),
           near AS (SELECT v.code, v.geom FROM own, parcel_version v
                    WHERE v.district = $1 AND v.superseded_at IS NULL AND upper_inf(v.valid) AND v.geom && own.around
                    ORDER BY v.code LIMIT 200)
           SELECT coalesce(json_agg(json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(geom, 7, 0)::json,
               'properties', json_build_object('kind', 'neighbour', 'label', code)) ORDER BY code), '[]') AS "features!: Value" FROM near"#,
        scope.county(),
        case
    )
    .fetch_one(pool)
    .await
}

/// How many cases wait, each counted up to `most`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// For an admission officer: to accept, to consult, to recommend, to notify, to correct.
    pub handling: i64,
    /// For an approver who did not recommend them.
    pub deciding: i64,
    /// For a department.
    pub opinions: i64,
}

pub async fn waiting(
    pool: &PgPool,
    scope: &Scope,
    person: Uuid,
    department: Option<Department>,
    most: i64,
) -> Result<Waiting, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT
             (SELECT count(*) FROM (SELECT FROM admission_case WHERE district = $1
                AND (stage IN ('submitted', 'decided') OR (stage IN ('accepted', 'opinions') AND handler = $2)
                     OR (stage IN ('draft', 'returned') AND created_by = $2)) LIMIT $4) AS a) AS "handling!",
             (SELECT count(*) FROM (SELECT FROM admission_case c WHERE district = $1 AND stage = 'recommended'
                AND NOT EXISTS (SELECT FROM admission_recommendation r WHERE r.district = $1 AND r.case_id = c.id
                                  AND NOT r.sent_back AND r.by_account = $2) LIMIT $4) AS b) AS "deciding!",
             (SELECT count(*) FROM (SELECT FROM admission_opinion o JOIN admission_case c ON c.district = o.district AND c.id = o.case_id
                WHERE o.district = $1 AND o.department = $3 AND o.stance IS NULL AND c.stage = 'opinions' AND c.round = o.round
                LIMIT $4) AS c) AS "opinions!""#,
        scope.county(),
        person,
        department.map(Department::code),
        most
    )
    .fetch_one(pool)
    .await?;
    Ok(Waiting { handling: row.handling, deciding: row.deciding, opinions: row.opinions })
}

/// Names of the platforms that an application may name as its zone.
pub async fn zones(pool: &PgPool, scope: &Scope, on: chrono::NaiveDate) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT DISTINCT name FROM outline WHERE district = $1 AND kind = 'platform' AND superseded_at IS NULL AND valid @> $2::date ORDER BY name",
        scope.county(),
        on
    )
    .fetch_all(pool)
    .await
}
