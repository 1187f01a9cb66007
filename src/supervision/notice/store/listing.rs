//! Notices in lists, today and as they stood on a past day.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::Notice;
use crate::base::clock::china_day;
use crate::db::count::{Total, total as count};
use crate::db::keyset::reading;
use crate::db::{PgPool, Scope};
use crate::supervision::notice::{NoticeKind, NoticeState};

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    pub state: Option<NoticeState>,
    pub kind: Option<NoticeKind>,
    pub contract: Option<&'a str>,
    /// As it stood at this moment; as it stands when there is none.
    pub until: Option<DateTime<Utc>>,
    /// Where the page begins.
    pub after: Option<(NaiveDate, Uuid)>,
    /// Read back from there.
    pub back: bool,
    pub size: i64,
}

type Sql = QueryBuilder<Postgres>;

/// Newest due day first; the other way round when read back.
pub async fn list(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Notice>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT n.id, n.contract, n.kind, n.duty, n.due, n.addressee,
                (SELECT e.name FROM enterprise_version e WHERE e.district = n.district AND e.uscc = n.addressee
                 AND e.superseded_at IS NULL",
    );
    if let Some(until) = wanted.until {
        sql.push(" AND lower(e.valid) <= ").push_bind(china_day(until));
    }
    sql.push(" ORDER BY lower(e.valid) DESC LIMIT 1) AS addressee_name, contract_notice_state_at(n, ")
        .push_bind(wanted.until);
    sql.push(
        ") AS state, n.year, n.serial, n.body, n.template, n.sent_body, n.sent_template, n.version, n.prepared_at, n.prepared_by,
           n.sent_on, n.sent_by, n.delivery_way, n.delivered_on, n.delivered_to, n.delivery_receipt, n.withdrawn_reason",
    );
    push_found(&mut sql, scope, wanted);
    let reading = reading(true, wanted.back);
    if let Some((due, id)) = wanted.after {
        sql.push(" AND (n.due, n.id)").push(reading.beyond).push("(").push_bind(due).push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY n.due").push(reading.direction).push(", n.id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(wanted.size);
    let notices: Vec<Notice> = sql.build_query_as().fetch_all(pool).await?;
    Ok(match wanted.until {
        Some(_) => notices.into_iter().map(Notice::without_what_came_later).collect(),
        None => notices,
    })
}

/// How many notices the list holds, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, wanted);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, wanted: &Wanted<'_>) {
    sql.push(" FROM contract_notice n JOIN contract c ON c.district = n.district AND c.number = n.contract WHERE n.district = ");
    sql.push_bind(scope.county().to_owned());
    if let Some(subdistrict) = scope.subdistrict_code() {
        sql.push(" AND c.subdistrict = ").push_bind(subdistrict.to_owned());
    }
    if let Some(state) = wanted.state {
        sql.push(" AND contract_notice_state_at(n, ").push_bind(wanted.until).push(") = ").push_bind(state.code());
    }
    if let Some(kind) = wanted.kind {
        sql.push(" AND n.kind = ").push_bind(kind.code());
    }
    if let Some(contract) = wanted.contract {
        sql.push(" AND n.contract = ").push_bind(contract.to_owned());
    }
    if let Some(until) = wanted.until {
        sql.push(" AND n.prepared_at <= ").push_bind(until);
    }
}
