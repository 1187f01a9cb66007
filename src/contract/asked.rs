//! Days and moments as addresses, forms and the command line write them.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use crate::web::list::given;

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
}
