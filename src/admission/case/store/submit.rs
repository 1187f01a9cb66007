//! Handing an application in: a number, a round, a check with its receipt.

use serde_json::json;
use uuid::Uuid;

use super::{Result, cases, checks, docket, hold, hold_for, settle};
use crate::account::Act;
use crate::admission::case::check::Examined;
use crate::admission::case::rules::{self, Move};
use crate::admission::case::{Action, Application, CaseStep};
use crate::workflow::Series;

/// 年份-序号 of cases, given when they are first handed in.
const NUMBERS: Series = Series("admission_number");

/// `examined` was made of what the case said at `version`, on the day that its parameters are picked by.
pub async fn submit(act: &Act, id: Uuid, version: i32, application: &Application, examined: &Examined) -> Result<()> {
    let (mut transaction, mut held) = hold(act, id, version).await?;
    let mut docket = docket::of(&mut transaction, &act.scope, id, held.stage, held.round).await?;
    docket.gaps = examined.gaps().count();
    rules::decide(&docket, &Move::Submit, act.person()?)?;
    cases::write_application(&mut transaction, act, id, application, &examined.site).await?;
    let round = held.round + 1;
    held.round = round;
    if held.number().is_none() {
        // The day of its number picks the parameters.
        let number = NUMBERS.next(&mut transaction, act, act.today()).await?;
        (held.year, held.serial, held.applied_on) = (Some(number.year), Some(number.serial), Some(act.today()));
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
    settle(transaction, act, held, CaseStep::Submit, &note, detail).await
}

/// Makes the check of a case again, because what it rests on has become known: a layer, a judgement, a hit set aside.
pub async fn recheck(act: &Act, id: Uuid, version: i32, examined: &Examined, occasion: &str) -> Result<()> {
    let (mut transaction, held) = hold_for(act, id, version, CaseStep::Check).await?;
    checks::keep(&mut transaction, act, id, held.round, examined, occasion).await?;
    let verdict = examined.checked.verdict;
    let note = format!("核查结论：{verdict}");
    let detail = json!({ "verdict": verdict, "receipt": examined.checked.receipt.id, "occasion": occasion });
    settle(transaction, act, held, CaseStep::Check, &note, detail).await
}
