//! A round is opened by one person, which freezes the parcels in it, and closed by another, which freezes what they came to.

use serde_json::json;
use uuid::Uuid;

use super::case::ROUND;
use super::store::rounds::{self, NewRound, Round};
use super::store::totals;
use super::wording::{self, SurveyError};
use super::{ParcelState, RoundStep};
use crate::account::Act;
use crate::db::{Scope, layer, statistics};
use crate::low_efficiency::store::{ListError, line_of};
use crate::workflow::{self, Left, Number, Refused, Series, four_eyes};

/// Openings of a district take turns.
const TURN: &str = "survey";

/// # Errors
/// Another round is open, a day to come, no industrial land there, or a year without a list.
pub async fn open(act: &Act, new: &NewRound) -> Result<Number, SurveyError> {
    let person = act.person()?;
    if new.on > act.today() {
        return Err(wording::wrong("on", "日期不能晚于今天").into());
    }
    match line_of(&act.pool, new.list_year).await {
        Ok(_) => {}
        Err(ListError::Line { year, .. } | ListError::Year { year }) => {
            return Err(wording::year_without_list(year).into());
        }
        Err(error) => return Err(error.into()),
    }
    let going_on = rounds::open(&act.pool, &Scope::district(act.scope.district.clone())).await?;
    if let Some(round) = going_on {
        return Err(wording::one_is_open(Some(round.number())).into());
    }
    let mut transaction = act.begin().await?;
    layer::take_turns(&mut transaction, &act.scope, TURN).await?;
    let number = Series("survey_serial").next(&mut transaction, act, act.today()).await?;
    let id = Uuid::now_v7();
    if let Err(error) = rounds::insert(&mut transaction, act, (id, number, person), new).await {
        let second = error.as_database_error().and_then(|error| error.constraint()) == Some("survey_round_open");
        return Err(if second { wording::one_is_open(None).into() } else { error.into() });
    }
    let frozen = rounds::freeze(&mut transaction, act, id, new).await?;
    if frozen == 0 {
        return Err(wording::no_industrial_land(new.on).into());
    }
    let parcels = i32::try_from(frozen).map_err(anyhow::Error::from)?;
    workflow::one(rounds::counted(&mut transaction, act, id, parcels).await?)?;
    statistics::refresh(&mut transaction).await?;
    let detail = json!({ "name": new.name, "subdistrict": new.subdistrict, "list_year": new.list_year, "on": new.on, "parcels": parcels });
    workflow::opened::<Round>(&mut transaction, act, ("survey.open", &number.to_string()), None, detail).await?;
    transaction.commit().await?;
    Ok(number)
}

/// Closes a round that somebody saw in a version. Parcels where nobody was stay without a class, and ask for a reason.
///
/// # Errors
/// The same person opened it, parcels wait and no reason is given, or somebody was faster.
pub async fn close(act: &Act, (round, seen): (Uuid, i32), words: &str) -> Result<(), SurveyError> {
    let person = act.person()?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Round>(&mut transaction, &act.scope, round, seen).await?;
    workflow::after(&*held, RoundStep::Close)?;
    four_eyes(Some(held.opened_by), person).map_err(|_| wording::closed_by_its_opener())?;
    let district = Scope::district(act.scope.district.clone());
    let sums = totals::of_round(&mut transaction, &district, round).await?;
    let awaiting: i64 = sums.iter().filter(|sum| sum.state == ParcelState::Awaiting).map(|sum| sum.parcels).sum();
    if awaiting > 0 && words.is_empty() {
        return Err(wording::parcels_awaiting(awaiting).into());
    }
    let left = Left {
        row: rounds::close(act, round, (person, words)),
        timeline: None,
        detail: json!({ "awaiting": awaiting, "words": words }),
    };
    workflow::take(&mut transaction, act, &held, RoundStep::Close, left).await?;
    transaction.commit().await?;
    Ok(())
}

/// The round of a number.
///
/// # Errors
/// There is none in the scope.
pub async fn of_number(act: &Act, number: &str) -> Result<Round, SurveyError> {
    let missing = || Refused::NotFound(ROUND.missing);
    let number: Number = number.parse().map_err(|()| missing())?;
    let found = rounds::by_number(&act.pool, &act.scope, number).await?;
    Ok(found.ok_or_else(missing)?)
}

#[cfg(test)]
mod tests;
