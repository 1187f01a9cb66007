//! What an address or the command line asks of the check and of the register.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::line::State;
use super::sweep::Question;
use crate::account::Officer;
use crate::base::clock::Clock;
use crate::codelist::CrossWalk;
use crate::contract::asked::{day, moment};
use crate::db::Scope;
use crate::web::list::{self, given};
use crate::web::{self, AppState, Error};

/// Parameters of the check and of the register. Every field may be absent or empty.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// The day asked about (YYYY-MM-DD), past or future; today without it.
    pub as_of: String,
    /// What was on record then: a moment, or a day for its end; now without it.
    pub known_at: String,
    /// A second day: what became due, overdue or was healed between the two.
    pub compare: String,
    /// One contract, by its number.
    pub contract: String,
    /// States of the check by code, separated by commas; all of them when empty.
    pub state: String,
    /// Part of the number, a parcel code or the grantee's code.
    pub q: String,
    /// `next` of the page before.
    pub after: String,
    /// Contracts a page, 1 to 500.
    pub size_of_page: String,
}

impl Asked {
    /// # Errors
    /// The sentence for the reader; so for the others.
    pub fn as_of(&self, clock: Clock) -> Result<NaiveDate, String> {
        day(&self.as_of).map(|day| day.unwrap_or_else(|| clock.today()))
    }

    pub fn known_at(&self, clock: Clock) -> Result<DateTime<Utc>, String> {
        given(&self.known_at).map_or_else(|| Ok(clock.now()), moment)
    }

    pub fn compare(&self) -> Result<Option<NaiveDate>, String> {
        day(&self.compare)
    }

    pub fn states(&self) -> Result<Vec<State>, String> {
        let states = self.state.split(',').filter_map(given).map(|state| state.parse());
        states.collect::<Result<_, String>>().map_err(|_| "没有这样的履行状态".to_owned())
    }

    pub fn size(&self) -> Result<i64, String> {
        match given(&self.size_of_page).map(str::parse) {
            None => Ok(50),
            Some(Ok(size @ 1..=500)) => Ok(size),
            Some(_) => Err("每页合同数应为1至500".to_owned()),
        }
    }
}

/// What the reader may see, narrowed to the sub-district that a page asks for, by any code it ever had.
pub fn narrowed(officer: &Officer, subdistrict: &str) -> web::Result<Scope> {
    let asked = given(subdistrict).map(|code| CrossWalk::embedded().present_subdistrict(code)).unwrap_or_default();
    let asked = list::read(&asked, "街道代码应为9位数字")?;
    let subdistrict = officer.scope.subdistrict.clone().or(asked);
    Ok(Scope { subdistrict, ..officer.scope.clone() })
}

/// Reads the day and the moment a page is asked about.
pub async fn question(state: &AppState, as_of: &str, known_at: &str, compare: Option<&str>) -> web::Result<Question> {
    let as_of = sensible_day(as_of)?.unwrap_or_else(|| state.clock.today());
    let known_at = known(state, known_at)?;
    let compare = compare.map(sensible_day).transpose()?.flatten();
    Ok(Question::ask(&state.pool, as_of, known_at, compare).await?)
}

fn sensible_day(text: &str) -> web::Result<Option<NaiveDate>> {
    let sensible = |day: &NaiveDate| (1950..=2199).contains(&crate::base::period::year_of(*day));
    match list::read::<NaiveDate>(text, "日期应写成 YYYY-MM-DD")? {
        Some(day) if !sensible(&day) => Err(Error::BadRequest("日期应在1950年至2199年之间".into())),
        day => Ok(day),
    }
}

/// The moment whose knowledge counts; now unless somebody asks for another.
pub fn known(state: &AppState, text: &str) -> web::Result<DateTime<Utc>> {
    match given(text) {
        Some(text) => moment(text).map_err(Error::BadRequest),
        None => Ok(state.clock.now()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused() {
        let asked = |field: fn(&mut Asked)| {
            let mut asked = Asked::default();
            field(&mut asked);
            asked
        };
        assert!(asked(|it| it.as_of = "2023-02-29".into()).as_of(Clock::System).is_err());
        assert!(asked(|it| it.state = "late".into()).states().is_err());
        assert_eq!(asked(|it| it.state = "overdue, met".into()).states().unwrap().len(), 2);
        assert!(asked(|it| it.size_of_page = "0".into()).size().is_err());
        assert_eq!(Asked::default().size(), Ok(50));
    }
}
