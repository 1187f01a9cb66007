//! Breach files in lists with their notices, today and as they stood on a past day.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::Breach;
use crate::db::count::{Total, total as count};
use crate::db::keyset::reading;
use crate::db::{PgPool, Scope};
use crate::supervision::breach::BreachState;
use crate::supervision::breach::blockers::NoticeStanding;
use crate::supervision::notice::NoticeState;

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    pub state: Option<BreachState>,
    /// Only what is not closed.
    pub open: bool,
    pub contract: Option<&'a str>,
    /// As it stood at this moment; as it stands when there is none.
    pub until: Option<DateTime<Utc>>,
    /// Only these.
    pub among: Option<Vec<Uuid>>,
    pub after: Option<(NaiveDate, Uuid)>,
    /// Read back from there.
    pub back: bool,
    pub size: i64,
}

/// An open file, as far as it decides whose step is due.
#[derive(Clone, Debug)]
pub struct Open {
    pub id: Uuid,
    pub due: NaiveDate,
    pub state: BreachState,
    pub rectify_until: Option<NaiveDate>,
    pub proposed_by: Option<Uuid>,
    pub notice: Option<NoticeStanding>,
}

type Sql = QueryBuilder<Postgres>;

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: Uuid,
    due: NaiveDate,
    state: BreachState,
    rectify_until: Option<NaiveDate>,
    proposed_by: Option<Uuid>,
    notice: Option<NoticeState>,
    delivered_on: Option<NaiveDate>,
}

/// Files that are open, or were at a moment, with their notices, in the order of the list; of what is wanted, `among` is not
/// asked.
pub async fn open_files(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Open>, sqlx::Error> {
    let mut sql = Sql::new("SELECT b.id, b.due, b.state, b.rectify_until, b.proposed_by, contract_notice_state_at(n, ");
    sql.push_bind(wanted.until).push(") AS notice, CASE WHEN n.delivered_at > ").push_bind(wanted.until);
    sql.push(" THEN NULL ELSE n.delivered_on END AS delivered_on");
    push_files(&mut sql, scope, wanted.until);
    sql.push(
        " LEFT JOIN contract_notice n ON n.district = b.district AND n.contract = b.contract AND n.duty = b.duty
              AND n.due = b.due AND n.kind = 'breach'",
    );
    if let Some(until) = wanted.until {
        sql.push(" AND n.prepared_at <= ").push_bind(until);
    }
    sql.push(" WHERE b.is_open");
    push_filter(&mut sql, scope, wanted);
    push_page(&mut sql, wanted);
    let rows: Vec<OpenRow> = sql.build_query_as().fetch_all(pool).await?;
    let open = rows.into_iter().map(|row| Open {
        id: row.id,
        due: row.due,
        state: row.state,
        rectify_until: row.rectify_until,
        proposed_by: row.proposed_by,
        notice: row.notice.map(|state| NoticeStanding { state, delivered_on: row.delivered_on }),
    });
    Ok(open.collect())
}

/// The oldest due day first; the other way round when read back.
pub async fn list(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Breach>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT b.id, b.contract, b.duty, b.due, b.state, b.remedy, b.amount_yuan, b.arithmetic, b.notice, b.rectify_until,
                b.proposed_by, b.proposed_by_name, b.decided_by_name, b.version, b.opened_at, b.opened_by",
    );
    push_listed(&mut sql, scope, wanted);
    push_page(&mut sql, wanted);
    sql.build_query_as().fetch_all(pool).await
}

/// How many files the list holds, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_listed(sql, scope, wanted);
    })
    .await
}

fn push_files(sql: &mut Sql, scope: &Scope, until: Option<DateTime<Utc>>) {
    sql.push(" FROM contract_breach_at(").push_bind(scope.county().to_owned()).push(", ").push_bind(until);
    sql.push(") b JOIN contract c ON c.district = b.district AND c.number = b.contract");
}

fn push_listed(sql: &mut Sql, scope: &Scope, wanted: &Wanted<'_>) {
    push_files(sql, scope, wanted.until);
    sql.push(" WHERE true");
    if wanted.open {
        sql.push(" AND b.is_open");
    }
    if let Some(among) = &wanted.among {
        sql.push(" AND b.id = ANY (").push_bind(among.clone()).push(")");
    }
    push_filter(sql, scope, wanted);
}

fn push_filter(sql: &mut Sql, scope: &Scope, wanted: &Wanted<'_>) {
    if let Some(subdistrict) = scope.subdistrict_code() {
        sql.push(" AND c.subdistrict = ").push_bind(subdistrict.to_owned());
    }
    if let Some(state) = wanted.state {
        sql.push(" AND b.state = ").push_bind(state.code());
    }
    if let Some(contract) = wanted.contract {
        sql.push(" AND b.contract COLLATE \"C\" = ").push_bind(contract.to_owned());
    }
}

fn push_page(sql: &mut Sql, wanted: &Wanted<'_>) {
    let reading = reading(false, wanted.back);
    if let Some((due, id)) = wanted.after {
        sql.push(" AND (b.due, b.id)").push(reading.beyond).push("(").push_bind(due).push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY b.due").push(reading.direction).push(", b.id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(wanted.size);
}

/// A duty of a contract on its due day, as files and notices name it.
pub type About = (String, String, NaiveDate);

/// How the breach notices of some contracts stand, or stood at a moment.
pub async fn standings(
    pool: &PgPool,
    scope: &Scope,
    contracts: &[String],
    until: Option<DateTime<Utc>>,
) -> Result<BTreeMap<About, NoticeStanding>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT contract, duty, due,
                  contract_notice_state_at(n, $3) AS "state!: NoticeState",
                  CASE WHEN delivered_at > $3 THEN NULL ELSE delivered_on END AS delivered_on
           FROM contract_notice n
           WHERE district = $1 AND contract = ANY ($2) AND kind = 'breach' AND ($3::timestamptz IS NULL OR prepared_at <= $3)"#,
        scope.county(),
        contracts,
        until
    );
    let standing = |state, delivered_on| NoticeStanding { state, delivered_on };
    let rows = rows.fetch_all(pool).await?.into_iter();
    Ok(rows.map(|row| ((row.contract, row.duty, row.due), standing(row.state, row.delivered_on))).collect())
}
