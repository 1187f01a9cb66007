//! Reviews in lists, and the open ones that wait for somebody.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Department;
use crate::contract::event::ReviewOutcome;
use crate::db::count::{Total, total as count};
use crate::db::keyset::reading;
use crate::db::{PgPool, Scope};
use crate::review::waiting::Open;
use crate::review::{ReviewKind, ReviewState};

/// A review in a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    pub id: Uuid,
    pub contract: String,
    pub kind: ReviewKind,
    pub state: ReviewState,
    pub outcome: Option<ReviewOutcome>,
    pub reviewed_on: Option<NaiveDate>,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
    /// Departments whose opinion stands.
    pub said: Vec<String>,
}

impl Entry {
    /// When it is open.
    pub fn as_open(&self) -> Option<Open> {
        let said = self.said.iter().filter_map(|code| Department::parse(code)).collect();
        let open = Open { id: self.id, kind: self.kind, opened_at: self.opened_at, said };
        (self.state == ReviewState::Open).then_some(open)
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    pub state: Option<ReviewState>,
    pub kind: Option<ReviewKind>,
    pub contract: Option<&'a str>,
    /// As it stood at this moment; as it stands when there is none.
    pub until: Option<DateTime<Utc>>,
    /// Only these.
    pub among: Option<Vec<Uuid>>,
    /// The last of the page before.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    /// Read back from there.
    pub back: bool,
    pub size: i64,
}

type Sql = QueryBuilder<Postgres>;

/// Newest first; the other way round when read back.
pub async fn list(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Entry>, sqlx::Error> {
    let mut sql = Sql::new("SELECT r.id, r.contract, r.kind, r.opened_at, r.opened_by, ");
    match wanted.until {
        Some(until) => {
            for (then, column) in [("'open'", "state"), ("NULL", "outcome"), ("NULL", "reviewed_on")] {
                sql.push("CASE WHEN r.closed_at > ").push_bind(until).push(" THEN ").push(then);
                sql.push(" ELSE r.").push(column).push(" END AS ").push(column).push(", ");
            }
        }
        None => {
            sql.push("r.state, r.outcome, r.reviewed_on, ");
        }
    }
    push_said(&mut sql, wanted.until);
    push_listed(&mut sql, scope, wanted);
    push_page(&mut sql, wanted);
    sql.build_query_as().fetch_all(pool).await
}

/// How many reviews the list holds, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_listed(sql, scope, wanted);
    })
    .await
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: Uuid,
    kind: ReviewKind,
    opened_at: DateTime<Utc>,
    said: Vec<String>,
}

/// Reviews that are open, or were at a moment, in the order of the list; of what is wanted, `among` and `state` are not asked.
pub async fn open(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Open>, sqlx::Error> {
    let mut sql = Sql::new("SELECT r.id, r.kind, r.opened_at, ");
    push_said(&mut sql, wanted.until);
    push_reviews(&mut sql, scope, wanted);
    sql.push(" AND (r.state = 'open' OR r.closed_at > ").push_bind(wanted.until).push(")");
    push_page(&mut sql, wanted);
    let rows: Vec<OpenRow> = sql.build_query_as().fetch_all(pool).await?;
    let said = |codes: &[String]| codes.iter().filter_map(|code| Department::parse(code)).collect();
    let open = rows.into_iter().map(|row| Open {
        id: row.id,
        kind: row.kind,
        opened_at: row.opened_at,
        said: said(&row.said),
    });
    Ok(open.collect())
}

/// Departments whose opinion stands, or stood.
fn push_said(sql: &mut Sql, until: Option<DateTime<Utc>>) {
    sql.push(
        "ARRAY(SELECT o.department FROM contract_review_opinion o WHERE o.district = r.district AND o.review = r.id",
    );
    match until {
        Some(until) => {
            sql.push(" AND o.given_at <= ").push_bind(until);
            sql.push(" AND (o.superseded_at IS NULL OR o.superseded_at > ").push_bind(until).push(")");
        }
        None => {
            sql.push(" AND o.superseded_at IS NULL");
        }
    }
    sql.push(" ORDER BY 1) AS said");
}

fn push_listed(sql: &mut Sql, scope: &Scope, wanted: &Wanted<'_>) {
    push_reviews(sql, scope, wanted);
    if let Some(state) = wanted.state {
        match wanted.until {
            Some(until) => {
                sql.push(" AND CASE WHEN r.closed_at > ").push_bind(until).push(" THEN 'open' ELSE r.state END = ")
            }
            None => sql.push(" AND r.state = "),
        };
        sql.push_bind(state.code());
    }
    if let Some(among) = &wanted.among {
        sql.push(" AND r.id = ANY (").push_bind(among.clone()).push(")");
    }
}

fn push_reviews(sql: &mut Sql, scope: &Scope, wanted: &Wanted<'_>) {
    sql.push(" FROM contract_review r JOIN contract c ON c.district = r.district AND c.number = r.contract WHERE r.district = ");
    sql.push_bind(scope.county().to_owned());
    if let Some(subdistrict) = scope.subdistrict_code() {
        sql.push(" AND c.subdistrict = ").push_bind(subdistrict.to_owned());
    }
    if let Some(until) = wanted.until {
        sql.push(" AND r.opened_at <= ").push_bind(until);
    }
    if let Some(kind) = wanted.kind {
        sql.push(" AND r.kind = ").push_bind(kind.code());
    }
    if let Some(contract) = wanted.contract {
        sql.push(" AND r.contract = ").push_bind(contract.to_owned());
    }
}

fn push_page(sql: &mut Sql, wanted: &Wanted<'_>) {
    let reading = reading(true, wanted.back);
    if let Some((at, id)) = wanted.after {
        sql.push(" AND (r.opened_at, r.id)")
            .push(reading.beyond)
            .push("(")
            .push_bind(at)
            .push(", ")
            .push_bind(id)
            .push(")");
    }
    sql.push(" ORDER BY r.opened_at").push(reading.direction).push(", r.id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(wanted.size);
}
