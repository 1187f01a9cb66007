//! A submission moved on: by its maker, or decided by another.

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{MoveError, Submission, find};
use crate::account::{Act, Deed};
use crate::base::text::Seen;
use crate::db::{PgPool, Scope};
use crate::policy::intake::plan::{self, Obstacle};
use crate::policy::intake::{Action, Offer, State};
use crate::policy::store::{editions, local, renew};

/// Moves a submission, all of it or nothing; publishing writes its rows and the new state of the catalogue.
///
/// # Errors
/// See [`MoveError`]; the four eyes are also a constraint of the table.
pub async fn advance(act: &Act, id: Uuid, action: Action, reason: &str) -> Result<State, MoveError> {
    let mut transaction = act.begin().await?;
    let found = sqlx::query!(
        "SELECT id FROM policy_submission WHERE district = $1 AND id = $2 FOR UPDATE",
        act.scope.county(),
        id
    )
    .fetch_optional(&mut *transaction)
    .await?;
    found.ok_or(MoveError::NotFound)?;
    let submission = find(&mut transaction, &act.scope, id).await?.ok_or(MoveError::NotFound)?;
    let next = allowed(&submission, action, act.person()?, reason)?;
    let mut catalogue = None;
    match action {
        Action::Submit => submit(&mut transaction, act, id).await?,
        Action::Withdraw => withdraw(&mut transaction, &act.scope, id).await?,
        Action::Reject => decide(&mut transaction, act, id, next, reason, None).await?,
        Action::Publish => {
            catalogue = Some(publish(&mut transaction, &act.scope, &submission).await?);
            decide(&mut transaction, act, id, next, reason, catalogue.as_deref()).await?;
        }
    }
    let detail = json!({
        "file": submission.file_name,
        "sha256": submission.file_sha256,
        "reason": reason,
        "catalogue": catalogue,
    });
    let (name, subject) = (format!("policy.{}", action.code()), id.to_string());
    let deed = Deed { action: &name, subject_kind: "policy_submission", subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(next)
}

fn allowed(submission: &Submission, action: Action, person: Uuid, reason: &str) -> Result<State, MoveError> {
    let next = submission.state.after(action).ok_or_else(|| MoveError::Stale(Box::new(submission.clone())))?;
    let maker = submission.created_by == person;
    match action {
        Action::Submit | Action::Withdraw if !maker => Err(MoveError::NotTheMaker),
        Action::Publish | Action::Reject if maker => Err(MoveError::SamePerson),
        Action::Submit if submission.refused => Err(MoveError::Faulty),
        Action::Reject if reason.is_blank() => Err(MoveError::NoReason),
        _ => Ok(next),
    }
}

async fn submit(connection: &mut PgConnection, act: &Act, id: Uuid) -> Result<(), sqlx::Error> {
    let moved = sqlx::query!(
        "UPDATE policy_submission SET state = 'submitted', submitted_at = $3 WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        act.now
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
    act: &Act,
    id: Uuid,
    state: State,
    reason: &str,
    catalogue: Option<&str>,
) -> Result<(), sqlx::Error> {
    let moved = sqlx::query!(
        "UPDATE policy_submission
         SET state = $3, decided_by = $4, decided_by_name = $5, decided_at = $6, reason = $7, catalogue = $8
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        state.code(),
        act.actor.account,
        act.actor.name,
        act.now,
        reason.seen(),
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
    editions::hold(connection, scope.county()).await?;
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
