//! Lines of the lists that were handed over.

use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::db::copy::CopyRows;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::entitlement::Outcome;
use crate::measures::list::{Key, Row};

type Sql = QueryBuilder<Postgres>;

pub const COPY: &str = "COPY allocation_line (district, list, uscc, measure, name, subdistrict, title, article, grade, years, kind, \
    outcome, base, unit, rate, per_unit, amount, why, accounts, receipt) FROM STDIN";

pub fn push(rows: &mut CopyRows, county: &str, list: Uuid, row: &Row) {
    let line = &row.line;
    rows.text(county).plain(list).text(&row.subject.uscc).text(&line.measure).text(&row.subject.name);
    rows.optional_text(row.subject.subdistrict.as_deref()).text(&row.title).text(&line.article).text(&line.grade);
    rows.plain(line.years).plain(row.kind.code()).plain(line.outcome.code());
    rows.optional_text(line.base.as_deref()).optional_text(line.unit.as_deref()).optional_text(line.rate.as_deref());
    rows.optional(row.per_unit).optional_text(line.amount.as_deref()).text(&line.why);
    // Numbers of customers are letters, digits and hyphens.
    let accounts: Vec<&str> = row.accounts.iter().map(|account| account.customer.as_str()).collect();
    rows.plain(format_args!("{{{}}}", accounts.join(","))).text(&row.receipt.id).end_row();
}

/// A line as it was handed over.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LineRow {
    pub uscc: String,
    pub measure: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub title: String,
    pub article: String,
    pub grade: String,
    pub years: i16,
    pub outcome: Outcome,
    pub base: Option<String>,
    pub unit: Option<String>,
    pub rate: Option<String>,
    pub amount: Option<Decimal>,
    pub why: String,
    pub accounts: Vec<String>,
    pub receipt: String,
}

impl LineRow {
    pub fn key(&self) -> Key {
        Key { uscc: self.uscc.clone(), measure: self.measure.clone() }
    }
}

/// Which lines of one list.
#[derive(Clone, Debug)]
pub struct LineFilter {
    pub list: Uuid,
    pub outcome: Option<Outcome>,
    pub subdistrict: Option<String>,
    /// The whole credit code.
    pub uscc: Option<String>,
}

/// In the order of credit codes and measures.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &LineFilter,
    position: Position<Key>,
    size: u16,
) -> Result<keyset::Page<LineRow, Key>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT t.uscc, t.measure, t.name, t.subdistrict, t.title, t.article, t.grade, t.years, t.outcome, t.base, t.unit, t.rate,
             t.amount, t.why, t.accounts, t.receipt",
    );
    push_found(&mut sql, scope, filter);
    position.by(|key| (key.uscc.clone(), key.measure.clone())).push_page(
        &mut sql,
        ["t.uscc", "t.measure"],
        false,
        size,
    );
    let rows: Vec<LineRow> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), LineRow::key))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &LineFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &LineFilter) {
    sql.push(" FROM allocation_line t WHERE t.district = ").push_bind(scope.county().to_owned());
    sql.push(" AND t.list = ").push_bind(filter.list);
    if let Some(outcome) = filter.outcome {
        sql.push(" AND t.outcome = ").push_bind(outcome.code());
    }
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND t.uscc = ").push_bind(uscc.clone());
    }
    let within = scope.subdistrict_code().map(str::to_owned).or_else(|| filter.subdistrict.clone());
    if let Some(subdistrict) = within {
        sql.push(" AND t.subdistrict = ").push_bind(subdistrict);
    }
}
