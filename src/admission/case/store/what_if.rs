//! What-ifs and the checks they run over. Nothing here writes to a case.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::Result;
use crate::account::{Act, Deed};
use crate::admission::case::number;
use crate::admission::case::what_if::report::{JOB, Past, Payload, Report};
use crate::admission::case::what_if::trial::Trial;
use crate::db::{PgPool, Scope};
use crate::jobs;

#[derive(Clone, Debug)]
pub struct WhatIf {
    pub id: Uuid,
    pub title: String,
    pub trial: Trial,
    pub report: Option<Report>,
    pub actor: String,
    pub created_at: DateTime<Utc>,
}

/// Writes the question down and queues it.
pub async fn ask(act: &Act, title: &str, trial: &Trial) -> Result<Uuid> {
    let mut transaction = act.begin().await?;
    let id = Uuid::now_v7();
    let changes = serde_json::to_value(&trial.changes).map_err(anyhow::Error::from)?;
    let added = serde_json::to_value(&trial.added).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "INSERT INTO admission_what_if (district, id, title, changes, added, account, actor, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        act.scope.county(),
        id,
        title,
        changes,
        added,
        act.person()?,
        act.actor.name,
        act.now
    )
    .execute(&mut *transaction)
    .await?;
    let payload = serde_json::to_value(Payload { what_if: id }).map_err(anyhow::Error::from)?;
    jobs::store::enqueue(&mut transaction, act, JOB, &payload).await?;
    let deed = Deed {
        action: "admission.what_if",
        subject_kind: "admission_what_if",
        subject: &id.to_string(),
        detail: json!({ "title": title, "changes": trial.changes, "added": trial.added }),
    };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(id)
}

pub async fn find(pool: &PgPool, scope: &Scope, id: Uuid) -> anyhow::Result<Option<WhatIf>> {
    let row = sqlx::query!(
        "SELECT title, changes, added, result, actor, created_at FROM admission_what_if WHERE district = $1 AND id = $2",
        scope.county(),
        id
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(WhatIf {
        id,
        title: row.title,
        trial: Trial { changes: serde_json::from_value(row.changes)?, added: serde_json::from_value(row.added)? },
        report: row.result.map(serde_json::from_value).transpose()?,
        actor: row.actor,
        created_at: row.created_at,
    }))
}

/// Newest first: id, title, who, when, whether it is done.
pub async fn recent(
    pool: &PgPool,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<(Uuid, String, String, DateTime<Utc>, bool)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, title, actor, created_at, result IS NOT NULL AS "done!" FROM admission_what_if
           WHERE district = $1 ORDER BY created_at DESC, id LIMIT $2"#,
        scope.county(),
        limit
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title, row.actor, row.created_at, row.done)).collect())
}

pub async fn finish(pool: &PgPool, scope: &Scope, id: Uuid, report: &Report, now: DateTime<Utc>) -> anyhow::Result<()> {
    let json = serde_json::to_value(report)?;
    sqlx::query!(
        "UPDATE admission_what_if SET result = $3, finished_at = $4 WHERE district = $1 AND id = $2",
        scope.county(),
        id,
        json,
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn count(pool: &PgPool, scope: &Scope) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM admission_check WHERE district = $1 AND current"#,
        scope.county()
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}

/// Cases with their current check, by id after `last`.
pub async fn past(pool: &PgPool, scope: &Scope, last: Option<Uuid>, limit: i64) -> Result<Vec<Past>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT c.id, c.year, c.serial, c.project, r.as_of, r.inputs
         FROM admission_check k
         JOIN admission_case c ON c.district = k.district AND c.id = k.case_id
         JOIN receipt r ON r.district = k.district AND r.id = k.receipt
         WHERE k.district = $1 AND k.current AND ($2::uuid IS NULL OR k.case_id > $2) ORDER BY k.case_id LIMIT $3",
        scope.county(),
        last,
        limit
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Past {
            case: row.id,
            number: number(row.year, row.serial).unwrap_or_default(),
            project: row.project,
            as_of: row.as_of,
            inputs: row.inputs,
        })
        .collect())
}
