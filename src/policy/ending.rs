//! How a document ends, by its wording. “自 D 日起废止” leaves D out; “有效期至 D 日” counts D in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

crate::terms! {
    pub enum Manner {
        /// The day named is the first without force.
        Repealed = "repealed" => "自该日起废止（该日不再有效）",
        /// The day named is the last in force.
        Through = "through" => "有效期至该日（该日仍有效）",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    pub manner: Manner,
    pub day: NaiveDate,
    /// Word for word.
    pub wording: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” says neither 自某年某月某日起废止 nor 有效期至某年某月某日")]
pub struct EndingUnclear(pub String);

const REPEALED: [&str; 6] = ["起废止", "起停止执行", "起失效", "起停止施行", "起不再执行", "起终止"];
const THROUGH: [&str; 6] = ["有效期至", "有效期到", "有效期截至", "施行至", "执行至", "实施至"];

impl Ending {
    /// # Errors
    /// A wording that fits both readings or neither: which day is the last is never guessed.
    pub fn read(wording: &str) -> Result<Self, EndingUnclear> {
        let unclear = || EndingUnclear(wording.to_owned());
        let text: String = wording.chars().filter(|c| !c.is_whitespace()).collect();
        let repealed = REPEALED.iter().find_map(|words| day_before(&text, words));
        let through = THROUGH.iter().find_map(|words| day_after(&text, words));
        let (manner, day) = match (repealed, through) {
            (Some(day), None) => (Manner::Repealed, day),
            (None, Some(day)) => (Manner::Through, day),
            _ => return Err(unclear()),
        };
        Ok(Ending { manner, day, wording: wording.trim().to_owned() })
    }

    /// The first day without force.
    pub fn until(&self) -> NaiveDate {
        match self.manner {
            Manner::Repealed => self.day,
            Manner::Through => self.day.succ_opt().unwrap_or(self.day),
        }
    }
}

/// The day that stands directly before `words`, which must follow 自 or 从: “自2024年6月1日起废止”.
fn day_before(text: &str, words: &str) -> Option<NaiveDate> {
    let before = &text[..text.find(words)?];
    let from = before.rfind(['自', '从'])?;
    let day = &before[from..];
    read_day(&day[day.chars().next()?.len_utf8()..])
}

/// The day that stands directly after `words`: “有效期至2025年12月31日止”.
fn day_after(text: &str, words: &str) -> Option<NaiveDate> {
    let after = &text[text.find(words)? + words.len()..];
    let end = after.find('日').map(|place| place + '日'.len_utf8());
    let end = end.or_else(|| after.find(|c: char| !c.is_ascii_digit() && c != '-')).unwrap_or(after.len());
    read_day(&after[..end])
}

fn read_day(text: &str) -> Option<NaiveDate> {
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::period::Period;

    fn in_force(wording: &str, day: &str) -> bool {
        let ending = Ending::read(wording).unwrap();
        Period::between("2019-01-01".parse().unwrap(), ending.until()).contains(day.parse().unwrap())
    }

    #[test]
    fn a_repeal_leaves_its_day_out() {
        for wording in ["自2024年6月1日起废止", "本办法自 2024年6月1日 起停止执行。", "自2024-06-01起失效"]
        {
            assert!(in_force(wording, "2024-05-31"), "{wording}");
            assert!(!in_force(wording, "2024-06-01"), "{wording}");
            assert!(!in_force(wording, "2024-06-02"), "{wording}");
        }
    }

    #[test]
    fn a_term_counts_its_day_in() {
        for wording in ["有效期至2024年6月1日", "自2019年1月1日起施行，有效期至2024年6月1日止。", "执行至2024-06-01"]
        {
            assert!(in_force(wording, "2024-05-31"), "{wording}");
            assert!(in_force(wording, "2024-06-01"), "{wording}");
            assert!(!in_force(wording, "2024-06-02"), "{wording}");
        }
    }

    #[test]
    fn what_can_be_read_two_ways_is_not_read() {
        for wording in [
            "",
            "2024年废止",
            "自2024年6月起废止",
            "2024年6月1日废止",
            "有效期5年",
            "自2024年13月1日起废止",
            "有效期至2024年6月1日，自2023年1月1日起废止",
        ] {
            assert!(Ending::read(wording).is_err(), "{wording}");
        }
    }
}
