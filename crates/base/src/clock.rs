//! The only place that reads the wall clock; everything else is handed a [`Clock`].

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

/// Where the present comes from: the machine, or a moment a test or a check has named.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    Fixed(DateTime<Utc>),
}

impl Clock {
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[allow(clippy::disallowed_methods, reason = "this is the clock the others are handed")]
            Clock::System => Utc::now(),
            Clock::Fixed(moment) => *moment,
        }
    }

    /// The calendar day in China, where every deadline of the bureau is counted.
    pub fn today(&self) -> NaiveDate {
        china_day(self.now())
    }
}

/// The calendar day in China (UTC+8, no daylight saving) on which a moment falls.
pub fn china_day(moment: DateTime<Utc>) -> NaiveDate {
    china_time(moment).date_naive()
}

pub fn china_time(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    let china = FixedOffset::east_opt(8 * 3600).expect("eight hours is a valid offset");
    moment.with_timezone(&china)
}

/// The first moment after `day` in China: knowledge as of a day includes the whole day.
pub fn end_of_day(day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc();
    midnight.checked_sub_signed(TimeDelta::hours(8))
}

/// A moment in China to the minute, as pages and messages say it.
pub fn china_minute(moment: &DateTime<Utc>) -> String {
    china_time(*moment).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn a_minute_is_said_in_china() {
        let moment = Utc.with_ymd_and_hms(2024, 12, 31, 16, 0, 59).unwrap();
        assert_eq!(china_minute(&moment), "2025-01-01 00:00");
    }

    #[test]
    fn a_day_in_china_ends_at_sixteen_hours_utc() {
        assert_eq!(end_of_day("2024-12-31".parse().unwrap()).unwrap().to_string(), "2024-12-31 16:00:00 UTC");
    }

    #[test]
    fn a_day_in_china_starts_at_sixteen_hours_utc_of_the_day_before() {
        let before = Utc.with_ymd_and_hms(2024, 12, 31, 15, 59, 59).unwrap();
        let after = Utc.with_ymd_and_hms(2024, 12, 31, 16, 0, 0).unwrap();
        assert_eq!(china_day(before).to_string(), "2024-12-31");
        assert_eq!(china_day(after).to_string(), "2025-01-01");
    }
}
