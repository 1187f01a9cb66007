//! What an address or the command line asks: days, moments and pages, read in one place.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::base::clock::Clock;
use crate::base::text::Seen;

/// A moment as RFC 3339, or a day, which stands for its end in China.
///
/// # Errors
/// The sentence for the reader.
pub fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(moment) = text.parse::<DateTime<Utc>>() {
        return Ok(moment);
    }
    let wrong = || "时刻应写成 YYYY-MM-DD 或 2026-01-31T09:00:00+08:00".to_owned();
    let day: NaiveDate = text.parse().map_err(|_| wrong())?;
    let next = day.checked_add_days(Days::new(1)).ok_or_else(wrong)?;
    let china = chrono::FixedOffset::east_opt(8 * 3600).ok_or_else(wrong)?;
    let end = next.and_time(NaiveTime::MIN).and_local_timezone(china).single().ok_or_else(wrong)?;
    Ok(end.to_utc() - chrono::TimeDelta::microseconds(1))
}

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

    pub fn states(&self) -> Result<Vec<super::State>, String> {
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

pub fn given(text: &str) -> Option<&str> {
    Some(text.seen()).filter(|text| !text.is_empty())
}

/// # Errors
/// The sentence for the reader.
pub fn day(text: &str) -> Result<Option<NaiveDate>, String> {
    given(text).map(|text| text.parse().map_err(|_| "日期应写成 YYYY-MM-DD".to_owned())).transpose()
}

/// A day on which something was or is done: today without one, and never a day to come. `what` names it.
///
/// # Errors
/// The sentence for the reader.
pub fn day_done(text: &str, today: NaiveDate, what: &str) -> Result<NaiveDate, String> {
    match day(text)?.unwrap_or(today) {
        day if day > today => Err(format!("{what}不能晚于今天")),
        day => Ok(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_done_by_today() {
        let today = "2026-11-23".parse().unwrap();
        let done = |text: &str| day_done(text, today, "发送日期");
        assert_eq!((done(""), done("2026-11-23")), (Ok(today), Ok(today)));
        assert_eq!(done("2026-11-22"), Ok("2026-11-22".parse().unwrap()));
        assert_eq!(done("2026-11-24"), Err("发送日期不能晚于今天".into()));
        assert!(done("2026-11-31").is_err());
    }

    #[test]
    fn a_day_stands_for_its_end_in_china() {
        let end = moment("2026-01-31").unwrap();
        assert_eq!(end.to_rfc3339(), "2026-01-31T15:59:59.999999+00:00");
        assert_eq!(moment("2026-01-31T09:00:00+08:00").unwrap().to_rfc3339(), "2026-01-31T01:00:00+00:00");
        assert!(moment("2023-02-29").is_err() && moment("gestern").is_err());
    }

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
