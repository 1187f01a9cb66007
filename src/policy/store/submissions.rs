//! Submissions on their way: kept with what was read, moved by one person, published by another.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{PublishError, local, renew};
use crate::account::Actor;
use crate::account::audit::{self, Deed};
use crate::db::{PgPool, Scope};
use crate::exchange::Fault;
use crate::policy::intake::plan::{self, Obstacle};
use crate::policy::intake::{Action, IntakeKind, Offer, Reading, State};
use crate::web;

#[derive(Clone, Debug)]
pub struct Submission {
    pub id: Uuid,
    pub kind: IntakeKind,
    pub file_name: String,
    pub file_sha256: String,
    pub starts_on: NaiveDate,
    pub offer: Offer,
    pub faults: Vec<Fault>,
    /// An error is among the faults.
    pub refused: bool,
    pub state: State,
    pub created_by: Uuid,
    pub created_by_name: String,
    pub created_at: DateTime<Utc>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub reason: String,
    pub catalogue: Option<String>,
}

/// Why a submission does not move.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("there is no such submission")]
    NotFound,
    /// Somebody was faster.
    #[error("it is {} since {}, by {}", .0.state.code(), .0.decided_at.map_or_else(String::new, |at| at.to_string()), .0.decided_by_name.as_deref().unwrap_or("its maker"))]
    Stale(Box<Submission>),
    #[error("only the person who brought it may do that")]
    NotTheMaker,
    #[error("the person who brought it cannot decide on it")]
    SamePerson,
    #[error("it has faults")]
    Faulty,
    #[error("a reason is needed")]
    NoReason,
    #[error("something stands in its way")]
    Obstacles(Vec<Obstacle>),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What is kept of an upload.
pub struct Upload<'a> {
    pub kind: IntakeKind,
    pub file_name: &'a str,
    pub file_sha256: &'a str,
    pub starts_on: NaiveDate,
    pub reading: &'a Reading,
}

/// Keeps an upload as its maker's draft.
pub async fn create(
    pool: &PgPool,
    scope: &Scope,
    (account, actor): (Uuid, &Actor),
    upload: &Upload<'_>,
    at: DateTime<Utc>,
) -> Result<Uuid, sqlx::Error> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO policy_submission (district, id, kind, file_name, file_sha256, starts_on, offer, faults, refused,
                                        state, created_by, created_by_name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'draft', $10, $11, $12)",
        scope.county(),
        id,
        upload.kind.code(),
        upload.file_name,
        upload.file_sha256,
        upload.starts_on,
        Json(&upload.reading.offer) as _,
        Json(&upload.reading.faults) as _,
        upload.reading.refused(),
        account,
        actor.name,
        at
    )
    .execute(pool)
    .await?;
    Ok(id)
}

struct Row {
    id: Uuid,
    kind: IntakeKind,
    file_name: String,
    file_sha256: String,
    starts_on: NaiveDate,
    offer: Json<Offer>,
    faults: Json<Vec<Fault>>,
    refused: bool,
    state: State,
    created_by: Uuid,
    created_by_name: String,
    created_at: DateTime<Utc>,
    decided_by_name: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: String,
    catalogue: Option<String>,
}

impl From<Row> for Submission {
    fn from(row: Row) -> Self {
        Submission {
            id: row.id,
            kind: row.kind,
            file_name: row.file_name,
            file_sha256: row.file_sha256,
            starts_on: row.starts_on,
            offer: row.offer.0,
            faults: row.faults.0,
            refused: row.refused,
            state: row.state,
            created_by: row.created_by,
            created_by_name: row.created_by_name,
            created_at: row.created_at,
            decided_by_name: row.decided_by_name,
            decided_at: row.decided_at,
            reason: row.reason,
            catalogue: row.catalogue,
        }
    }
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Submission>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id, kind AS "kind: IntakeKind", file_name, file_sha256, starts_on, offer AS "offer: Json<Offer>",
                  faults AS "faults: Json<Vec<Fault>>", refused, state AS "state: State", created_by, created_by_name,
                  created_at, decided_by_name, decided_at, reason, catalogue
           FROM policy_submission WHERE district = $1 AND id = $2"#,
        scope.county(),
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Submission::from))
}

/// One line of the list.
pub struct Line {
    pub id: Uuid,
    pub kind: IntakeKind,
    pub file_name: String,
    pub starts_on: NaiveDate,
    pub state: State,
    pub created_by_name: String,
    pub created_at: DateTime<Utc>,
    pub decided_by_name: Option<String>,
}

/// Newest first, after the key of the last line of the page before. A draft is its maker's alone.
pub async fn list(
    pool: &PgPool,
    scope: &Scope,
    reader: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    let (at, id) = after.unzip();
    sqlx::query_as!(
        Line,
        r#"SELECT id, kind AS "kind: IntakeKind", file_name, starts_on, state AS "state: State", created_by_name,
                  created_at, decided_by_name
           FROM policy_submission
           WHERE district = $1 AND (state <> 'draft' OR created_by = $2)
             AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4))
           ORDER BY created_at DESC, id DESC LIMIT $5"#,
        scope.county(),
        reader,
        at,
        id,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Who moves it, and why.
pub struct Mover<'a> {
    pub account: Uuid,
    pub actor: &'a Actor,
    pub reason: &'a str,
}

/// Moves a submission, all of it or nothing; publishing writes its rows and the new state of the catalogue.
///
/// # Errors
/// See [`MoveError`]; the four eyes are also a constraint of the table.
pub async fn advance(
    pool: &PgPool,
    scope: &Scope,
    id: Uuid,
    action: Action,
    mover: Mover<'_>,
    at: DateTime<Utc>,
) -> Result<State, MoveError> {
    let mut transaction = pool.begin().await?;
    let found =
        sqlx::query!("SELECT id FROM policy_submission WHERE district = $1 AND id = $2 FOR UPDATE", scope.county(), id)
            .fetch_optional(&mut *transaction)
            .await?;
    found.ok_or(MoveError::NotFound)?;
    let submission = find(&mut transaction, scope, id).await?.ok_or(MoveError::NotFound)?;
    let next = allowed(&submission, action, &mover)?;
    let mut catalogue = None;
    match action {
        Action::Submit => submit(&mut transaction, scope, id, at).await?,
        Action::Withdraw => withdraw(&mut transaction, scope, id).await?,
        Action::Reject => decide(&mut transaction, scope, id, next, &mover, None, at).await?,
        Action::Publish => {
            catalogue = Some(publish(&mut transaction, scope, &submission).await?);
            decide(&mut transaction, scope, id, next, &mover, catalogue.as_deref(), at).await?;
        }
    }
    let detail = json!({
        "file": submission.file_name,
        "sha256": submission.file_sha256,
        "reason": mover.reason,
        "catalogue": catalogue,
    });
    let (name, subject) = (format!("policy.{}", action.code()), id.to_string());
    let deed = Deed { action: &name, subject_kind: "policy_submission", subject: &subject, detail };
    audit::record(&mut transaction, scope, mover.actor, deed, at).await?;
    transaction.commit().await?;
    Ok(next)
}

fn allowed(submission: &Submission, action: Action, mover: &Mover<'_>) -> Result<State, MoveError> {
    let next = submission.state.after(action).ok_or_else(|| MoveError::Stale(Box::new(submission.clone())))?;
    let maker = submission.created_by == mover.account;
    match action {
        Action::Submit | Action::Withdraw if !maker => Err(MoveError::NotTheMaker),
        Action::Publish | Action::Reject if maker => Err(MoveError::SamePerson),
        Action::Submit if submission.refused => Err(MoveError::Faulty),
        Action::Reject if mover.reason.trim().is_empty() => Err(MoveError::NoReason),
        _ => Ok(next),
    }
}

async fn submit(connection: &mut PgConnection, scope: &Scope, id: Uuid, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let moved = sqlx::query!(
        "UPDATE policy_submission SET state = 'submitted', submitted_at = $3 WHERE district = $1 AND id = $2",
        scope.county(),
        id,
        at
    )
    .execute(connection)
    .await?;
    one_row(moved.rows_affected())
}

async fn withdraw(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<(), sqlx::Error> {
    let moved = sqlx::query!(
        "UPDATE policy_submission SET state = 'withdrawn' WHERE district = $1 AND id = $2",
        scope.county(),
        id
    )
    .execute(connection)
    .await?;
    one_row(moved.rows_affected())
}

async fn decide(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
    state: State,
    mover: &Mover<'_>,
    catalogue: Option<&str>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let moved = sqlx::query!(
        "UPDATE policy_submission
         SET state = $3, decided_by = $4, decided_by_name = $5, decided_at = $6, reason = $7, catalogue = $8
         WHERE district = $1 AND id = $2",
        scope.county(),
        id,
        state.code(),
        mover.account,
        mover.actor.name,
        at,
        mover.reason.trim(),
        catalogue
    )
    .execute(connection)
    .await?;
    one_row(moved.rows_affected())
}

/// The row was locked by this transaction, so nothing else can have happened to it.
fn one_row(rows: u64) -> Result<(), sqlx::Error> {
    if rows == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// What publishing would do now. The district's row is held, so that two publications follow each other.
async fn publish(connection: &mut PgConnection, scope: &Scope, submission: &Submission) -> Result<String, MoveError> {
    super::editions::hold(connection, scope.county()).await?;
    let published = local::local(connection, scope.county()).await?;
    let steps = plan::plan(&published, &submission.offer).map_err(MoveError::Obstacles)?;
    local::take(connection, scope.county(), submission.id, &steps).await?;
    Ok(renew(connection, &scope.district).await?)
}

/// What publishing it would do as things stand, for the preview.
pub async fn outlook(
    pool: &PgPool,
    scope: &Scope,
    offer: &Offer,
) -> Result<Result<Vec<plan::Step>, Vec<Obstacle>>, sqlx::Error> {
    let published = local::local(&mut *pool.acquire().await?, scope.county()).await?;
    Ok(plan::plan(&published, offer))
}

impl From<MoveError> for web::Error {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::NotFound => web::Error::NotFound("没有这次提交".into()),
            MoveError::Stale(now) => web::Error::Conflict(stale(&now)),
            MoveError::NotTheMaker => web::Error::BadRequest("只有提交人本人可以这样做".into()),
            MoveError::SamePerson => {
                web::Error::BadRequest("提交人不能批准或退回自己提交的内容，须由另一人办理".into())
            }
            MoveError::Faulty => web::Error::BadRequest("文件中还有错误，请改正后重新上传".into()),
            MoveError::NoReason => web::Error::BadRequest("退回须写明理由".into()),
            MoveError::Obstacles(obstacles) => {
                let messages: Vec<String> = obstacles.into_iter().map(|obstacle| obstacle.message).collect();
                web::Error::Conflict(format!("不能发布：{}", messages.join("；")))
            }
            MoveError::Publish(PublishError::Overlap { name, .. }) => {
                web::Error::Conflict(format!("不能发布：“{name}”与已发布的指标有效期重叠"))
            }
            MoveError::Publish(error) => error.into(),
            MoveError::Database(error) => error.into(),
        }
    }
}

fn stale(now: &Submission) -> String {
    let who = now.decided_by_name.as_deref().unwrap_or(&now.created_by_name);
    let when = now.decided_at.map(|at| crate::base::clock::china_time(at).format("于 %Y-%m-%d %H:%M ").to_string());
    format!("此提交已由{who}{}改为“{}”，请刷新页面", when.unwrap_or_default(), now.state)
}

#[cfg(test)]
mod tests;
