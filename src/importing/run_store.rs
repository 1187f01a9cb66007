//! The SQL of the list of imports.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::list::{Cursor, ListQuery, SortKey};
use super::{ImportKind, Report};
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position, Reading};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};

/// One committed import as a line of the list.
#[derive(sqlx::FromRow)]
pub struct Run {
    pub id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    pub read: i64,
    pub accepted: i64,
    pub rejected: i64,
    pub unchanged: i64,
    pub actor: String,
    pub created_at: DateTime<Utc>,
}

pub type Page = keyset::Page<Run, Cursor>;

type Sql = QueryBuilder<Postgres>;

/// One page of at most `size` imports; only those that `account` brought, when one is given.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    account: Option<Uuid>,
    query: &ListQuery,
    position: &Position<Cursor>,
    size: u16,
) -> Result<Page, sqlx::Error> {
    let mut sql = Sql::new("SELECT id, kind, file_name, read, accepted, rejected, unchanged, actor, created_at");
    push_found(&mut sql, scope, account, query);
    push_order(&mut sql, query.sort, position.key(), position.reading(query.descending));
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let runs: Vec<Run> = sql.build_query_as().fetch_all(pool).await?;
    let key = |run: &Run| Cursor { created_at: run.created_at, file_name: run.file_name.clone(), id: run.id };
    Ok(position.paginate(runs, size.into(), key))
}

/// How many imports the list holds, as far as that is quickly said.
pub async fn total(
    pool: &PgPool,
    scope: &Scope,
    account: Option<Uuid>,
    query: &ListQuery,
) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, account, query);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, account: Option<Uuid>, query: &ListQuery) {
    sql.push(" FROM import_run WHERE district = ").push_bind(scope.county().to_owned());
    if let Some(account) = account {
        sql.push(" AND account = ").push_bind(account);
    }
    if let Some(kind) = query.kind {
        sql.push(" AND kind = ").push_bind(kind.code());
    }
    if query.refused {
        sql.push(" AND rejected > 0");
    }
    if let Some(text) = &query.text {
        sql.push(" AND (file_name ILIKE ").push_bind(containing(text));
        sql.push(" OR actor ILIKE ").push_bind(containing(text)).push(")");
    }
}

fn push_order(sql: &mut Sql, sort: SortKey, key: Option<&Cursor>, reading: Reading) {
    if let Some(key) = key {
        let columns = match sort {
            SortKey::Time => " AND (created_at, id)",
            SortKey::File => " AND (file_name, created_at, id)",
        };
        sql.push(columns).push(reading.beyond).push("(");
        if sort == SortKey::File {
            sql.push_bind(key.file_name.clone()).push(", ");
        }
        sql.push_bind(key.created_at).push(", ").push_bind(key.id).push(")");
    }
    sql.push(" ORDER BY ");
    if sort == SortKey::File {
        sql.push("file_name").push(reading.direction).push(", ");
    }
    sql.push("created_at").push(reading.direction).push(", id").push(reading.direction);
}

pub async fn run(
    pool: &PgPool,
    scope: &Scope,
    account: Option<Uuid>,
    id: Uuid,
) -> anyhow::Result<Option<(Run, Option<Report>)>> {
    let row = sqlx::query!(
        r#"SELECT kind AS "kind: ImportKind", file_name, read, accepted, rejected, unchanged, actor, created_at, report
           FROM import_run WHERE district = $1 AND id = $2 AND ($3::uuid IS NULL OR account = $3)"#,
        scope.county(),
        id,
        account
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let report = row.report.map(serde_json::from_value).transpose()?;
    let run = Run {
        id,
        kind: row.kind,
        file_name: row.file_name,
        read: row.read,
        accepted: row.accepted,
        rejected: row.rejected,
        unchanged: row.unchanged,
        actor: row.actor,
        created_at: row.created_at,
    };
    Ok(Some((run, report)))
}
