//! Handing an application in: a number, a round, a check with its receipt.

use serde_json::json;
use uuid::Uuid;

use super::{Result, Step, assert_one, cases, checks, docket, hold, settle};
use crate::account::Act;
use crate::admission::case::check::Examined;
use crate::admission::case::rules::{self, Move};
use crate::admission::case::{Action, Application};
use crate::base::period::year_of;
use crate::db::PgConnection;

/// `examined` was made of what the case said at `version`, on the day that its parameters are picked by.
pub async fn submit(act: &Act, id: Uuid, version: i32, application: &Application, examined: &Examined) -> Result<()> {
    let mut transaction = act.begin().await?;
    let mut held = hold(&mut transaction, act, id, version).await?;
    let mut docket = docket::of(&mut transaction, &act.scope, id, held.stage, held.round).await?;
    docket.gaps = examined.gaps().count();
    let to = rules::decide(&docket, &Move::Submit, act.person()?)?;
    cases::write_application(&mut transaction, act, id, application, &examined.site).await?;
    let round = held.round + 1;
    if held.number.is_none() {
        held.number = Some(give_number(&mut transaction, act, id).await?);
    }
    let sights = serde_json::to_value(&examined.sights).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "INSERT INTO admission_round (district, case_id, round, application, site, site_area_m2, sights, submitted_at, submitted_by)
         SELECT district, id, $3, application, site, site_area_m2, $4, $5, $6 FROM admission_case WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        round,
        sights,
        act.now,
        act.actor.name
    )
    .execute(&mut *transaction)
    .await?;
    checks::keep(&mut transaction, act, id, round, examined, Action::Submit.code()).await?;
    let verdict = examined.checked.verdict;
    let detail = json!({ "verdict": verdict, "receipt": examined.checked.receipt.id, "as_of": examined.as_of });
    let note = format!("第 {round} 轮；核查结论：{verdict}");
    settle(&mut transaction, act, &held, Step { action: Action::Submit.code(), to, round, note: &note, detail })
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// The next number of the year, and the day that picks the parameters.
async fn give_number(connection: &mut PgConnection, act: &Act, id: Uuid) -> Result<String> {
    let today = act.today();
    let year = year_of(today) as i16;
    let serial = sqlx::query_scalar!(
        "INSERT INTO admission_number (district, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (district, year) DO UPDATE SET last = admission_number.last + 1 RETURNING last",
        act.scope.county(),
        year
    )
    .fetch_one(&mut *connection)
    .await?;
    let changed = sqlx::query!(
        "UPDATE admission_case SET year = $3, serial = $4, applied_on = $5, stage = 'submitted', round = 1
         WHERE district = $1 AND id = $2 AND stage = 'draft'",
        act.scope.county(),
        id,
        year,
        serial,
        today
    )
    .execute(connection)
    .await?;
    assert_one(changed.rows_affected())?;
    let number = crate::admission::case::number(Some(year), Some(serial));
    Ok(number.unwrap_or_default())
}

/// Makes the check of a case again, because what it rests on has become known: a layer, a judgement, a hit set aside.
pub async fn recheck(act: &Act, id: Uuid, version: i32, examined: &Examined, occasion: &str) -> Result<()> {
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, id, version).await?;
    if !rules::may_recheck(held.stage) {
        return Err(rules::Refusal::Stage { stage: held.stage, action: Action::Recommend }.into());
    }
    checks::keep(&mut transaction, act, id, held.round, examined, occasion).await?;
    let verdict = examined.checked.verdict;
    let note = format!("核查结论：{verdict}");
    let detail = json!({ "verdict": verdict, "receipt": examined.checked.receipt.id, "occasion": occasion });
    let step = Step { action: "check", to: held.stage, round: held.round, note: &note, detail };
    settle(&mut transaction, act, &held, step).await?;
    transaction.commit().await?;
    Ok(())
}
