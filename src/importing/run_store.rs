//! The SQL of the list of imports.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::list::{Cursor, ListQuery, SortKey};
use super::{ImportKind, Report};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};
use crate::web::list::cut;

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

pub struct Page {
    pub runs: Vec<Run>,
    /// `None` on the last page.
    pub next: Option<Cursor>,
}

/// One page of at most `size` imports after `after`; only those that `account` brought, when one is given.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    account: Option<Uuid>,
    query: &ListQuery,
    after: Option<&Cursor>,
    size: u16,
) -> Result<Page, sqlx::Error> {
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT id, kind, file_name, read, accepted, rejected, unchanged, actor, created_at FROM import_run WHERE district = ",
    );
    sql.push_bind(scope.county().to_owned());
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
    push_order(&mut sql, query, after);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let runs: Vec<Run> = sql.build_query_as().fetch_all(pool).await?;
    let (runs, next) = cut(runs, size.into(), |run| Cursor {
        created_at: run.created_at,
        file_name: run.file_name.clone(),
        id: run.id,
    });
    Ok(Page { runs, next })
}

fn push_order(sql: &mut QueryBuilder<Postgres>, query: &ListQuery, after: Option<&Cursor>) {
    let (beyond, direction) = if query.descending { (" < ", " DESC") } else { (" > ", " ASC") };
    if let Some(after) = after {
        let columns = match query.sort {
            SortKey::Time => " AND (created_at, id)",
            SortKey::File => " AND (file_name, created_at, id)",
        };
        sql.push(columns).push(beyond).push("(");
        if query.sort == SortKey::File {
            sql.push_bind(after.file_name.clone()).push(", ");
        }
        sql.push_bind(after.created_at).push(", ").push_bind(after.id).push(")");
    }
    sql.push(" ORDER BY ");
    if query.sort == SortKey::File {
        sql.push("file_name").push(direction).push(", ");
    }
    sql.push("created_at").push(direction).push(", id").push(direction);
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
