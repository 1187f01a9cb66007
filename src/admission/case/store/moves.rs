//! The transitions that need nothing but the rules: accept, return, consult, send back, notify, withdraw, recommend.

use serde_json::json;
use uuid::Uuid;

use super::{CaseError, Held, Result, beside, decide, docket, hold, opinions, settle};
use crate::account::Act;
use crate::admission::case::rules::{self, Move};
use crate::admission::case::{Outcome, Recommends, Stage};
use crate::base::text::Seen;
use crate::db::{PgConnection, layer};
use crate::workflow::one;

/// Makes the move, whatever it is, except handing in: that needs a check ([`super::submit`]).
pub async fn make(act: &Act, id: Uuid, version: i32, wanted: &Move) -> Result<()> {
    if matches!(wanted, Move::Submit) {
        return Err(CaseError::Invalid("提交申请须先核查".into()));
    }
    let (mut transaction, mut held) = hold(act, id, version).await?;
    let mut docket = docket::of(&mut transaction, &act.scope, id, held.stage, held.round).await?;
    if admits(wanted) {
        // One admission at a time looks at the land and takes it.
        layer::take_turns(&mut transaction, &act.scope, layer::CASES).await?;
        docket.standing = beside::standing(&act.pool, &mut transaction, &act.scope, id, act.today()).await?.open();
    }
    rules::decide(&docket, wanted, act.person()?)?;
    let mut detail = json!({});
    match wanted {
        // Who accepts a case handles it from then on.
        Move::Accept => (held.handler, held.handler_name) = (Some(act.person()?), Some(act.actor.name.clone())),
        Move::Consult => opinions::ask(&mut transaction, act, &held).await?,
        Move::Recommend { recommends, reason } => {
            recommend(&mut transaction, act, &held, *recommends, reason).await?;
        }
        Move::SendBack { .. } | Move::Withdraw { .. } => lift_recommendation(&mut transaction, act, &held).await?,
        Move::Decide { outcome, reason } => {
            detail = decide::decide(&mut transaction, act, &held, *outcome, reason).await?;
            held.outcome = Some(*outcome);
        }
        Move::Submit | Move::Return { .. } | Move::Notify => {}
    }
    settle(transaction, act, held, wanted.action().into(), &note_of(wanted), detail).await
}

fn admits(wanted: &Move) -> bool {
    matches!(
        wanted,
        Move::Recommend { recommends: Recommends::Admit, .. } | Move::Decide { outcome: Outcome::Admitted, .. }
    )
}

fn note_of(wanted: &Move) -> String {
    match wanted {
        Move::Recommend { recommends, reason } => format!("{recommends}：{}", reason.seen()),
        Move::Decide { outcome, reason } => format!("{outcome}：{}", reason.seen()),
        other => other.reason().unwrap_or_default().seen().to_owned(),
    }
}

async fn recommend(
    connection: &mut PgConnection,
    act: &Act,
    held: &Held,
    recommends: Recommends,
    reason: &str,
) -> Result<()> {
    debug_assert!(matches!(held.stage, Stage::Opinions | Stage::Accepted));
    let written = sqlx::query!(
        "INSERT INTO admission_recommendation (district, case_id, round, recommends, reason, by_account, by_name, at, check_id, verdict)
         SELECT district, case_id, round, $4, $5, $6, $7, $8, id, verdict FROM admission_check
         WHERE district = $1 AND case_id = $2 AND round = $3 AND current",
        act.scope.county(),
        held.id,
        held.round,
        recommends as _,
        reason.seen(),
        act.person()?,
        act.actor.name,
        act.now
    )
    .execute(connection)
    .await?;
    Ok(one(written.rows_affected())?)
}

async fn lift_recommendation(connection: &mut PgConnection, act: &Act, held: &Held) -> Result<()> {
    sqlx::query!(
        "UPDATE admission_recommendation SET sent_back = true WHERE district = $1 AND case_id = $2 AND NOT sent_back",
        act.scope.county(),
        held.id
    )
    .execute(connection)
    .await?;
    Ok(())
}
