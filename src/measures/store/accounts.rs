//! The SQL of the register of accounts.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::kept::store::{DAYS, DatedTable, Days, HasDays, IsKept, KEPT, Kept};
use crate::measures::utility::{NewAccount, OnDay, Shared, Utility};

type Sql = QueryBuilder<Postgres>;

pub const TABLE: DatedTable =
    DatedTable { name: "utility_account", named: "customer, valid", said: "body, customer, uscc, share" };

/// Accounts are entered one after the other, so that shares are added up once. The district's row is held until the transaction ends.
pub async fn take_turns(connection: &mut PgConnection, scope: &Scope) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT code FROM district WHERE code = $1 FOR NO KEY UPDATE", scope.county())
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// Shares of a meter that hold on some of the days of another.
pub async fn shares(
    connection: &mut PgConnection,
    scope: &Scope,
    new: &NewAccount,
) -> Result<Vec<Shared>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT share AS "share!", valid FROM utility_account
           WHERE district = $1 AND body = $2 AND customer = $3 AND withdrawn_at IS NULL AND share IS NOT NULL AND valid && $4"#,
        scope.county(),
        new.utility.code(),
        new.customer.as_str(),
        PgRange::from(new.valid)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| Shared { share: row.share, valid: row.valid.into() }).collect())
}

pub async fn insert(connection: &mut PgConnection, act: &Act, id: Uuid, new: &NewAccount) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO utility_account (district, id, body, customer, uscc, share, valid, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        act.scope.county(),
        id,
        new.utility.code(),
        new.customer.as_str(),
        new.uscc.as_str(),
        new.share,
        PgRange::from(new.valid),
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// By enterprise, in the order of the numbers.
pub async fn on(
    connection: &mut PgConnection,
    scope: &Scope,
    these: &[String],
    day: NaiveDate,
) -> Result<HashMap<String, Vec<OnDay>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT uscc, body AS "utility: Utility", customer, share FROM utility_account
           WHERE district = $1 AND withdrawn_at IS NULL AND uscc = ANY($2) AND valid @> $3::date ORDER BY uscc, body, customer"#,
        scope.county(),
        these,
        day
    )
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<String, Vec<OnDay>> = HashMap::new();
    for row in rows {
        let account = OnDay { utility: row.utility, customer: row.customer, share: row.share };
        found.entry(row.uscc).or_default().push(account);
    }
    Ok(found)
}

/// An account as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccountLine {
    #[sqlx(flatten)]
    pub kept: Kept,
    #[sqlx(flatten)]
    pub days: Days,
    pub body: Utility,
    pub customer: String,
    pub uscc: String,
    pub share: Option<Decimal>,
}

impl IsKept for AccountLine {
    fn kept(&self) -> &Kept {
        &self.kept
    }
}

impl HasDays for AccountLine {
    fn days(&self) -> &Days {
        &self.days
    }
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    pub utility: Option<Utility>,
    pub on: Option<NaiveDate>,
    /// The whole number or credit code.
    pub text: Option<String>,
    /// Also those withdrawn.
    pub all: bool,
}

/// Its number and its id.
pub type AccountKey = (String, Uuid);

/// In the order of the numbers.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &AccountFilter,
    position: &Position<AccountKey>,
    size: u16,
) -> Result<keyset::Page<AccountLine, AccountKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(KEPT).push(", ").push(DAYS).push(", t.body, t.customer, t.uscc, t.share");
    push_found(&mut sql, scope, filter);
    position.push_page(&mut sql, ["t.customer", "t.id"], false, size);
    let rows: Vec<AccountLine> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.customer.clone(), line.kept.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &AccountFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &AccountFilter) {
    sql.push(" FROM utility_account t WHERE t.district = ").push_bind(scope.county().to_owned());
    if let Some(utility) = filter.utility {
        sql.push(" AND t.body = ").push_bind(utility.code());
    }
    if let Some(on) = filter.on {
        sql.push(" AND t.valid @> ").push_bind(on).push("::date");
    }
    if let Some(text) = &filter.text {
        sql.push(" AND (t.customer = ").push_bind(text.clone()).push(" OR t.uscc = ");
        sql.push_bind(text.to_uppercase()).push(")");
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}
