//! The day on whose evening a list of work is looked at: what had been recorded by the end of that day in China counts,
//! with the state it had then.

use chrono::{DateTime, NaiveDate, Utc};

use super::asked::{day, moment};
use crate::base::clock::Clock;
use crate::web::{self, Error};

/// A day up to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    pub day: NaiveDate,
    /// The end of a past day; nothing for today, which is shown as it stands.
    pub until: Option<DateTime<Utc>>,
}

impl AsOf {
    pub fn today(clock: Clock) -> AsOf {
        AsOf { day: clock.today(), until: None }
    }

    /// Today, when nothing is said.
    ///
    /// # Errors
    /// The sentence for the reader, when it is no day or one to come: nobody knows what will be done by then.
    pub fn read(text: &str, clock: Clock) -> web::Result<AsOf> {
        let today = AsOf::today(clock);
        match day(text).map_err(Error::BadRequest)? {
            Some(day) if day > today.day => {
                let sentence = format!("查询日期不能晚于今天（{}）：以后的办理情况尚未发生", today.day);
                Err(Error::BadRequest(sentence))
            }
            Some(day) if day < today.day => {
                Ok(AsOf { day, until: Some(moment(&day.to_string()).map_err(Error::BadRequest)?) })
            }
            Some(_) | None => Ok(today),
        }
    }

    /// The last moment whose knowledge counts.
    pub fn known_at(&self, clock: Clock) -> DateTime<Utc> {
        self.until.unwrap_or_else(|| clock.now())
    }

    pub fn is_past(&self) -> bool {
        self.until.is_some()
    }

    /// The name of a file of the list: a past day is part of it.
    pub fn file_name(&self, stem: &str) -> String {
        if self.is_past() { format!("{stem}-{}", self.day) } else { stem.to_owned() }
    }
}

#[cfg(test)]
mod tests;
