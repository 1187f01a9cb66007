//! A submission moved on: by its maker, or decided by another.

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::cited::uncited;
use super::{MoveError, Submission};
use crate::account::Act;
use crate::base::text::Seen;
use crate::db::{PgPool, Scope};
use crate::policy::intake::plan::{self, Local, Obstacle};
use crate::policy::intake::{Action, Offer, State};
use crate::policy::store::{editions, local, renew};
use crate::workflow::{self, Left, Statement, four_eyes};

/// Moves a submission, all of it or nothing; publishing writes its rows and the new state of the catalogue.
///
/// # Errors
/// See [`MoveError`]; the four eyes are also a constraint of the table.
pub async fn advance(act: &Act, id: Uuid, action: Action, reason: &str) -> Result<State, MoveError> {
    let mut transaction = act.begin().await?;
    let held = workflow::hold_for::<Submission>(&mut transaction, &act.scope, id, action).await?;
    allowed(&held, action, act.person()?, reason)?;
    let catalogue = match action {
        Action::Publish => Some(publish(&mut transaction, &act.scope, &held).await?),
        Action::Submit | Action::Withdraw | Action::Reject => None,
    };
    let left = Left {
        row: row(act, id, action, workflow::after(&*held, action)?, reason, catalogue.as_deref()),
        timeline: None,
        detail: json!({
            "file": held.file_name, "sha256": held.file_sha256, "reason": reason, "catalogue": catalogue,
        }),
    };
    let next = workflow::take(&mut transaction, act, &held, action, left).await?;
    transaction.commit().await?;
    Ok(next)
}

fn allowed(submission: &Submission, action: Action, person: Uuid, reason: &str) -> Result<(), MoveError> {
    let maker = submission.created_by == person;
    match action {
        Action::Submit | Action::Withdraw if !maker => return Err(MoveError::NotTheMaker),
        Action::Publish | Action::Reject => four_eyes(Some(submission.created_by), person)?,
        Action::Submit | Action::Withdraw => {}
    }
    match action {
        Action::Submit if submission.refused => Err(MoveError::Faulty),
        Action::Reject if reason.is_blank() => Err(MoveError::NoReason),
        _ => Ok(()),
    }
}

/// The row of a submission that was handed in, withdrawn, or decided with what came of it.
fn row(act: &Act, id: Uuid, action: Action, state: State, reason: &str, catalogue: Option<&str>) -> Statement {
    let submits = action == Action::Submit;
    let decides = matches!(action, Action::Publish | Action::Reject);
    sqlx::query!(
        "UPDATE policy_submission
         SET state = $3, submitted_at = COALESCE($4, submitted_at), decided_by = $5, decided_by_name = $6, decided_at = $7,
             reason = $8, catalogue = $9
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        state.code(),
        submits.then_some(act.now),
        act.actor.account.filter(|_| decides),
        decides.then_some(act.actor.name.as_str()),
        decides.then_some(act.now),
        if decides { reason.seen() } else { "" },
        catalogue
    )
}

/// What publishing would do now. The district's row is held, so that two publications follow each other.
async fn publish(connection: &mut PgConnection, scope: &Scope, submission: &Submission) -> Result<String, MoveError> {
    editions::hold(connection, scope.county()).await?;
    let published = local::local(connection, scope.county()).await?;
    let steps = held_against(connection, scope, &published, &submission.offer).await?.map_err(MoveError::Obstacles)?;
    local::take(connection, scope.county(), submission.id, &steps).await?;
    Ok(renew(connection, &scope.district).await?)
}

/// What publishing it would do as things stand, for the preview.
pub async fn outlook(
    pool: &PgPool,
    scope: &Scope,
    offer: &Offer,
) -> Result<Result<Vec<plan::Step>, Vec<Obstacle>>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let published = local::local(&mut connection, scope.county()).await?;
    held_against(&mut connection, scope, &published, offer).await
}

/// The plan, unless something stands in its way: what is published, the law, or a resolution that is not on record.
async fn held_against(
    connection: &mut PgConnection,
    scope: &Scope,
    published: &Local,
    offer: &Offer,
) -> Result<Result<Vec<plan::Step>, Vec<Obstacle>>, sqlx::Error> {
    let uncited = uncited(connection, scope.county(), offer).await?;
    Ok(match plan::plan(published, offer) {
        Ok(steps) if uncited.is_empty() => Ok(steps),
        Ok(_) => Err(uncited),
        Err(obstacles) => Err(obstacles.into_iter().chain(uncited).collect()),
    })
}
