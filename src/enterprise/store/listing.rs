//! The list of enterprises, and what can be chosen from to narrow it.

use chrono::NaiveDate;
use sqlx::{Postgres, QueryBuilder};

use crate::codelist::Choice;
use crate::db::distinct::Distinct;
use crate::db::like::{containing, literal};
use crate::db::{PgPool, Scope};
use crate::enterprise::list::{Cursor, ListQuery, Row, SortKey};
use crate::web::list::cut;

#[derive(Clone, Debug)]
pub struct Page {
    pub rows: Vec<Row>,
    /// `None` on the last page.
    pub next: Option<Cursor>,
}

type Sql = QueryBuilder<Postgres>;

pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    after: Option<&Cursor>,
    size: u16,
) -> Result<Page, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT e.uscc, e.name, e.industry_edition, e.industry_code, i.name AS industry_name, e.sector, e.size_class,
                e.high_tech, e.platform, e.subdistrict, e.state, e.established_on, e.above_size_since, e.project_until,
                (SELECT s.name FROM subdistrict s WHERE s.code = e.subdistrict ORDER BY lower(s.valid) DESC LIMIT 1) AS subdistrict_name, ",
    );
    push_former_name(&mut sql, scope, query);
    sql.push(" AS former_name FROM enterprise_version e");
    sql.push(" LEFT JOIN industry i ON i.edition = e.industry_edition AND i.code = e.industry_code WHERE e.superseded_at IS NULL AND e.district = ");
    sql.push_bind(scope.county().to_owned());
    push_version(&mut sql, query.on);
    push_filter(&mut sql, scope, query);
    if let Some(industry) = &query.filter.industry {
        sql.push(" AND left(e.industry_code, 2) = ANY (").push_bind(divisions_of(pool, industry).await?).push(")");
    }
    push_order(&mut sql, query, after);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(pool).await?;
    let (rows, next) = cut(rows, size.into(), |row| Cursor { name: row.name.clone(), uscc: row.uscc.clone() });
    Ok(Page { rows, next })
}

/// The divisions that a section or the first digits of a code stand for. An index finds enterprises by them, and the planner
/// knows how common each is.
async fn divisions_of(pool: &PgPool, industry: &str) -> Result<Vec<String>, sqlx::Error> {
    let beginning: String = industry.chars().take(2).collect();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT left(code, 2) AS "division!" FROM industry WHERE section = $1 OR code LIKE $2"#,
        industry,
        format!("{}%", literal(&beginning))
    )
    .fetch_all(pool)
    .await
}

/// The version in force on the day, else the last before it: none that began by then follows it.
fn push_version(sql: &mut Sql, on: NaiveDate) {
    sql.push(" AND lower(e.valid) <= ").push_bind(on);
    sql.push(
        " AND NOT EXISTS (SELECT FROM enterprise_version later WHERE later.superseded_at IS NULL AND later.district = e.district
          AND later.uscc = e.uscc AND lower(later.valid) > lower(e.valid) AND lower(later.valid) <= ",
    );
    sql.push_bind(on).push(")");
}

fn push_former_name(sql: &mut Sql, scope: &Scope, query: &ListQuery) {
    let Some(text) = &query.filter.text else {
        sql.push("NULL::text");
        return;
    };
    sql.push("(SELECT f.name FROM enterprise_version f WHERE f.superseded_at IS NULL AND f.district = ");
    sql.push_bind(scope.county().to_owned());
    sql.push(" AND f.uscc = e.uscc AND f.name <> e.name AND lower(f.valid) <= ").push_bind(query.on);
    sql.push(" AND f.name ILIKE ").push_bind(containing(text)).push(" ORDER BY lower(f.valid) DESC LIMIT 1)");
}

fn push_filter(sql: &mut Sql, scope: &Scope, query: &ListQuery) {
    let filter = &query.filter;
    if let Some(code) = scope.subdistrict_code() {
        push_seen_from(sql, scope, code, query.on);
    }
    if let Some(code) = &filter.subdistrict {
        sql.push(" AND e.subdistrict = ").push_bind(code.clone());
    }
    if let Some(sector) = filter.sector {
        sql.push(" AND e.sector = ").push_bind(sector.code());
    }
    if let Some(size) = filter.size {
        sql.push(" AND e.size_class = ").push_bind(size.code());
    }
    if let Some(state) = filter.state {
        sql.push(" AND e.state = ").push_bind(state.code());
    }
    match filter.industry.as_deref() {
        Some(section) if section.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            sql.push(" AND i.section = ").push_bind(section.to_owned());
        }
        Some(digits) => {
            sql.push(" AND e.industry_code LIKE ").push_bind(format!("{digits}%"));
        }
        None => {}
    }
    if let Some(text) = &filter.text {
        push_text(sql, scope, text, query.on);
    }
}

/// With the text in a name it has or had, or in its credit code. A whole code is looked up, a part of one looked for among the
/// codes alone, and what no code can hold not looked for there.
fn push_text(sql: &mut Sql, scope: &Scope, text: &str, on: NaiveDate) {
    let code = text.to_uppercase();
    let versions = |sql: &mut Sql| {
        sql.push("SELECT f.uscc FROM enterprise_version f WHERE f.superseded_at IS NULL AND f.district = ");
        sql.push_bind(scope.county().to_owned());
    };
    sql.push(" AND e.uscc IN (");
    versions(sql);
    sql.push(" AND lower(f.valid) <= ").push_bind(on).push(" AND f.name ILIKE ").push_bind(containing(text));
    if code.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
        sql.push(" UNION ALL ");
        versions(sql);
        match code.len() {
            18 => sql.push(" AND f.uscc = ").push_bind(code),
            _ => sql.push(" AND f.uscc LIKE ").push_bind(containing(&code)),
        };
    }
    sql.push(")");
}

/// Registered there, or holding land there. `LIMIT 1` keeps the planner from gathering all that hold land there for one page.
fn push_seen_from(sql: &mut Sql, scope: &Scope, code: &str, on: NaiveDate) {
    sql.push(" AND (e.subdistrict = ").push_bind(code.to_owned());
    sql.push(" OR (SELECT true FROM holding h JOIN parcel_version p ON p.district = h.district AND p.code = h.parcel_code");
    sql.push(" AND p.superseded_at IS NULL WHERE h.superseded_at IS NULL AND h.uscc = e.uscc AND h.district = ");
    sql.push_bind(scope.county().to_owned())
        .push(" AND h.valid @> ")
        .push_bind(on)
        .push("::date AND p.valid @> ")
        .push_bind(on);
    sql.push("::date AND COALESCE(p.subdistrict, p.registered_subdistrict) = ").push_bind(code.to_owned());
    sql.push(" LIMIT 1))");
}

fn push_order(sql: &mut Sql, query: &ListQuery, after: Option<&Cursor>) {
    let (beyond, direction) = if query.descending { (" < ", " DESC") } else { (" > ", " ASC") };
    if let Some(after) = after {
        match query.sort {
            SortKey::Uscc => sql.push(" AND e.uscc").push(beyond).push_bind(after.uscc.clone()),
            SortKey::Name => {
                sql.push(" AND (e.name, e.uscc)").push(beyond).push("(").push_bind(after.name.clone());
                sql.push(", ").push_bind(after.uscc.clone()).push(")")
            }
        };
    }
    sql.push(" ORDER BY ");
    if query.sort == SortKey::Name {
        sql.push("e.name").push(direction).push(", ");
    }
    sql.push("e.uscc").push(direction);
}

const DIVISIONS: Distinct = Distinct {
    table: "enterprise_version",
    on_record: "superseded_at IS NULL AND industry_code IS NOT NULL",
    columns: &[("left(industry_code, 2)", "division"), ("industry_edition", "edition")],
};

/// Sections and divisions of GB/T 4754 that enterprises of the district belong or belonged to by what is on record. Those of
/// a sub-district are not told apart: whom it sees follows from the land.
pub async fn industries(pool: &PgPool, scope: &Scope) -> Result<Vec<Choice>, sqlx::Error> {
    let mut sql = Sql::new("");
    DIVISIONS.push(&mut sql, |sql| {
        sql.push(" AND district = ").push_bind(scope.county().to_owned());
    });
    sql.push(
        "SELECT DISTINCT ON (i.code) i.code, i.code || ' ' || i.name AS name FROM industry i
         WHERE (i.level = 2 AND i.code IN (SELECT division FROM occurring))
            OR (i.level = 1 AND i.code IN (SELECT c.section FROM industry c
                JOIN occurring o ON o.edition = c.edition AND o.division = left(c.code, 2)))
         ORDER BY i.code, i.edition DESC",
    );
    sql.build_query_as().fetch_all(pool).await
}
