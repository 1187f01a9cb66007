//! The SQL of uploads.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::draft::Draft;
use super::{ImportKind, ImportOptions, Report};
use crate::account::Actor;
use crate::account::work::MAX_COUNTED;
use crate::db::{PgConnection, PgPool, Scope};

pub async fn create(connection: &mut PgConnection, scope: &Scope, draft: &Draft) -> anyhow::Result<()> {
    sqlx::query!(
        "INSERT INTO import_draft (district, id, kind, file_name, stored_name, options, account, actor, created_at, subdistrict)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        scope.county(),
        draft.id,
        draft.kind as _,
        draft.file_name,
        draft.stored_name,
        serde_json::to_value(&draft.options)?,
        draft.actor.account,
        draft.actor.name,
        draft.created_at,
        draft.scope.subdistrict_code()
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn find(pool: &PgPool, scope: &Scope, id: Uuid) -> anyhow::Result<Option<Draft>> {
    let row = sqlx::query!(
        r#"SELECT kind AS "kind: ImportKind", file_name, stored_name, options, report, committed, account, actor, created_at, subdistrict
           FROM import_draft WHERE district = $1 AND id = $2"#,
        scope.county(),
        id
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Draft {
        id,
        kind: row.kind,
        file_name: row.file_name,
        stored_name: row.stored_name,
        options: serde_json::from_value(row.options)?,
        report: row.report.map(serde_json::from_value).transpose()?,
        committed: row.committed,
        actor: Actor { account: row.account, name: row.actor },
        scope: Scope {
            district: scope.district.clone(),
            subdistrict: row.subdistrict.map(|code| code.parse()).transpose()?,
        },
        created_at: row.created_at,
    }))
}

/// New options make the preview before them void.
pub async fn set_options(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
    options: &ImportOptions,
) -> anyhow::Result<()> {
    sqlx::query!(
        "UPDATE import_draft SET options = $3, report = NULL WHERE district = $1 AND id = $2 AND NOT committed",
        scope.county(),
        id,
        serde_json::to_value(options)?
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn keep_report(
    pool: &PgPool,
    scope: &Scope,
    id: Uuid,
    report: &Report,
    committed: bool,
) -> anyhow::Result<()> {
    sqlx::query!(
        "UPDATE import_draft SET report = $3, committed = $4 WHERE district = $1 AND id = $2",
        scope.county(),
        id,
        serde_json::to_value(report)?,
        committed
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// An upload that waits for its maker to go on.
pub struct Open {
    pub id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    pub created_at: DateTime<Utc>,
}

/// A person's own uploads that were not committed yet, newest first.
pub async fn open_of(pool: &PgPool, scope: &Scope, account: Uuid, limit: i64) -> Result<Vec<Open>, sqlx::Error> {
    sqlx::query_as!(
        Open,
        r#"SELECT id, kind AS "kind: ImportKind", file_name, created_at FROM import_draft
           WHERE district = $1 AND account = $2 AND NOT committed ORDER BY created_at DESC, id LIMIT $3"#,
        scope.county(),
        account,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Forgets an upload that was not committed; false when there is none.
pub async fn discard(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<bool, sqlx::Error> {
    let gone =
        sqlx::query!("DELETE FROM import_draft WHERE district = $1 AND id = $2 AND NOT committed", scope.county(), id)
            .execute(connection)
            .await?;
    Ok(gone.rows_affected() == 1)
}

/// Forgets uploads from before a moment that were not committed and that no job is at work on; which they were.
pub async fn forget_before(
    pool: &PgPool,
    scope: &Scope,
    job: &str,
    before: DateTime<Utc>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "DELETE FROM import_draft d WHERE d.district = $1 AND NOT d.committed AND d.created_at < $3
           AND NOT EXISTS (SELECT FROM job j WHERE j.district = $1 AND j.kind = $2 AND j.state IN ('queued', 'running')
                           AND j.payload @> jsonb_build_object('draft', d.id))
         RETURNING d.id",
        scope.county(),
        job,
        before
    )
    .fetch_all(pool)
    .await
}

/// Whether the files of an upload may still be wanted, in whichever district: they all lie in one folder.
pub async fn is_open(pool: &PgPool, id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM import_draft WHERE id = $1 AND NOT committed) AS "open!""#, id)
        .fetch_one(pool)
        .await
}

/// Uploads of one's own that were not committed yet.
pub async fn open_imports(pool: &PgPool, scope: &Scope, account: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM import_draft WHERE district = $1 AND account = $2 AND NOT committed
             LIMIT $3) AS waiting"#,
        scope.county(),
        account,
        MAX_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}
