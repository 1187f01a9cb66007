//! The list of enterprises, and what can be chosen from to narrow it.

use chrono::NaiveDate;
use sqlx::{Postgres, QueryBuilder};

use crate::codelist::Choice;
use crate::db::count::{Total, total as count};
use crate::db::distinct::Distinct;
use crate::db::keyset::{self, Position, Reading};
use crate::db::like::{containing, literal};
use crate::db::{PgPool, Scope};
use crate::enterprise::list::{Cursor, ListQuery, Row, SortKey};

pub type Page = keyset::Page<Row, Cursor>;

type Sql = QueryBuilder<Postgres>;

/// One page of at most `size` lines, taken from runs that an index holds in its order each: of a search those
/// found by name and those by credit code.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    position: &Position<Cursor>,
    size: u16,
) -> Result<Page, sqlx::Error> {
    let industry = Divisions::asked(pool, query).await?;
    let reading = position.reading(query.descending);
    let mut sql = Sql::new(
        "SELECT e.uscc, e.name, e.industry_edition, e.industry_code, e.industry_name, e.sector, e.size_class,
                e.high_tech, e.platform, e.subdistrict, e.state, e.established_on, e.above_size_since, e.project_since, e.project_until,
                (SELECT s.name FROM subdistrict s WHERE s.code = e.subdistrict ORDER BY lower(s.valid) DESC LIMIT 1) AS subdistrict_name, ",
    );
    push_former_name(&mut sql, scope, query);
    sql.push(" AS former_name FROM (");
    let mut union = "(";
    for sought in Sought::all(query) {
        sql.push(union);
        push_run(&mut sql, scope, query, industry.as_ref(), sought);
        push_beyond(&mut sql, query, position.key(), reading);
        push_order_by(&mut sql, query, reading);
        sql.push(" LIMIT ").push_bind(i64::from(size) + 1).push(")");
        union = " UNION ALL (";
    }
    sql.push(") e");
    push_order_by(&mut sql, query, reading);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<Row> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| Cursor { name: row.name.clone(), uscc: row.uscc.clone() }))
}

/// How many enterprises the list holds, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, query: &ListQuery) -> Result<Total, sqlx::Error> {
    let industry = Divisions::asked(pool, query).await?;
    count(pool, |sql| {
        let mut union = "SELECT FROM (";
        for sought in Sought::all(query) {
            sql.push(union);
            push_run(sql, scope, query, industry.as_ref(), sought);
            union = " UNION ALL ";
        }
        sql.push(") AS found");
    })
    .await
}

fn push_run(sql: &mut Sql, scope: &Scope, query: &ListQuery, industry: Option<&Divisions>, sought: Option<Sought>) {
    sql.push(
        "SELECT e.*, i.name AS industry_name FROM enterprise_version e
         LEFT JOIN industry i ON i.edition = e.industry_edition AND i.code = e.industry_code WHERE e.superseded_at IS NULL AND e.district = ",
    );
    sql.push_bind(scope.county().to_owned());
    push_version(sql, query.on);
    push_filter(sql, scope, query);
    if let Some(industry) = industry {
        industry.push(sql);
    }
    if let (Some(sought), Some(text)) = (sought, &query.filter.text) {
        sought.push(sql, scope, text, query.on);
    }
}

/// The divisions that a section or the first digits of a code stand for. An index finds enterprises by them, and the planner
/// knows how common each is; what says the same again would make it believe in fewer.
struct Divisions {
    asked: String,
    divisions: Vec<String>,
    /// Every enterprise of these divisions is meant.
    whole: bool,
}

impl Divisions {
    async fn asked(pool: &PgPool, query: &ListQuery) -> Result<Option<Self>, sqlx::Error> {
        match &query.filter.industry {
            Some(industry) => Divisions::of(pool, industry).await.map(Some),
            None => Ok(None),
        }
    }

    async fn of(pool: &PgPool, asked: &str) -> Result<Self, sqlx::Error> {
        let beginning: String = asked.chars().take(2).collect();
        let found = sqlx::query!(
            r#"SELECT left(code, 2) AS "division!", bool_and(section = $1 OR code LIKE $3) AS "whole!"
               FROM industry WHERE left(code, 2) IN (SELECT left(code, 2) FROM industry WHERE section = $1 OR code LIKE $2)
               GROUP BY 1"#,
            asked,
            format!("{}%", literal(&beginning)),
            format!("{}%", literal(asked))
        )
        .fetch_all(pool)
        .await?;
        let whole = found.iter().all(|row| row.whole);
        Ok(Divisions { asked: asked.to_owned(), divisions: found.into_iter().map(|row| row.division).collect(), whole })
    }

    fn push(&self, sql: &mut Sql) {
        sql.push(" AND left(e.industry_code, 2) = ANY (").push_bind(self.divisions.clone()).push(")");
        if self.whole {
            return;
        }
        if self.asked.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
            sql.push(" AND i.section = ").push_bind(self.asked.clone());
        } else {
            sql.push(" AND e.industry_code LIKE ").push_bind(format!("{}%", literal(&self.asked)));
        }
    }
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
}

/// A part of a credit code as short as this stands in so many that a page is full before long.
const COMMON: usize = 4;

/// Where a searched text is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sought {
    Code,
    /// In the names, now or before, of enterprises that the code does not find.
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

    fn push(self, sql: &mut Sql, scope: &Scope, text: &str, on: NaiveDate) {
        let code = text.to_uppercase();
        match self {
            Sought::Name => {
                sql.push(" AND e.uscc IN (SELECT f.uscc FROM enterprise_version f WHERE f.superseded_at IS NULL AND f.district = ");
                sql.push_bind(scope.county().to_owned()).push(" AND lower(f.valid) <= ").push_bind(on);
                sql.push(" AND f.name ILIKE ").push_bind(containing(text)).push(")");
                if of_a_code(text) {
                    sql.push(" AND e.uscc NOT LIKE ").push_bind(containing(&code));
                }
            }
            Sought::Code => push_code(sql, scope, &code),
        }
    }
}

fn of_a_code(text: &str) -> bool {
    text.bytes().all(|sign| sign.is_ascii_alphanumeric())
}

/// A whole code is looked up, and a part that few have looked for among the codes alone. What the codes of a county begin with
/// many have.
fn push_code(sql: &mut Sql, scope: &Scope, code: &str) {
    let many = code.len() <= COMMON || format!("91{}", scope.county()).contains(code);
    if code.len() == 18 {
        sql.push(" AND e.uscc = ").push_bind(code.to_owned());
    } else if many {
        sql.push(" AND e.uscc LIKE ").push_bind(containing(code));
    } else {
        sql.push(" AND e.uscc = ANY (ARRAY(SELECT DISTINCT uscc FROM enterprise_version WHERE superseded_at IS NULL AND district = ");
        sql.push_bind(scope.county().to_owned()).push(" AND uscc LIKE ").push_bind(containing(code)).push("))");
    }
}

/// Registered there, or holding land there. `LIMIT 1` keeps the planner from gathering all that hold land there for one page.
fn push_seen_from(sql: &mut Sql, scope: &Scope, code: &str, on: NaiveDate) {
    sql.push(" AND (e.subdistrict = ").push_bind(code.to_owned());
    sql.push(
        " OR (SELECT true FROM holding h JOIN parcel_version p ON p.district = h.district AND p.code = h.parcel_code",
    );
    sql.push(" AND p.superseded_at IS NULL WHERE h.superseded_at IS NULL AND h.uscc = e.uscc AND h.district = ");
    sql.push_bind(scope.county().to_owned())
        .push(" AND h.valid @> ")
        .push_bind(on)
        .push("::date AND p.valid @> ")
        .push_bind(on);
    sql.push("::date AND COALESCE(p.subdistrict, p.registered_subdistrict) = ").push_bind(code.to_owned());
    sql.push(" LIMIT 1))");
}

fn push_beyond(sql: &mut Sql, query: &ListQuery, key: Option<&Cursor>, reading: Reading) {
    let Some(key) = key else { return };
    match query.sort {
        SortKey::Uscc => sql.push(" AND e.uscc").push(reading.beyond).push_bind(key.uscc.clone()),
        SortKey::Name => {
            sql.push(" AND (e.name, e.uscc)").push(reading.beyond).push("(").push_bind(key.name.clone());
            sql.push(", ").push_bind(key.uscc.clone()).push(")")
        }
    };
}

fn push_order_by(sql: &mut Sql, query: &ListQuery, reading: Reading) {
    sql.push(" ORDER BY ");
    if query.sort == SortKey::Name {
        sql.push("e.name").push(reading.direction).push(", ");
    }
    sql.push("e.uscc").push(reading.direction);
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
