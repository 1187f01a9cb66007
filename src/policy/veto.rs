//! What bars from A and B (二(一)4), as dated data: what it is called, on which article it stands, and how long it bars when nobody
//! says so. The events themselves are kept by the evaluation.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::account::Department;
use crate::base::anniversary::months_after;
use crate::base::period::Period;
use crate::base::text::Seen;

const FILE: &str = include_str!("../../policy/veto_kinds.toml");

/// How long an event bars when its document does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasting {
    /// To the day before the same day so many months later.
    Months(u32),
    /// Whole calendar years, the first being that of its first day.
    CalendarYears(u32),
}

impl Lasting {
    /// The first day that it no longer bars; none beyond the end of the calendar.
    pub fn until(self, from: NaiveDate) -> Option<NaiveDate> {
        match self {
            Lasting::Months(months) => Some(months_after(from, months)),
            Lasting::CalendarYears(years) => NaiveDate::from_ymd_opt(from.year() + i32::try_from(years).ok()?, 1, 1),
        }
    }

    pub fn in_words(self) -> String {
        match self {
            Lasting::Months(months) => format!("{months}个月"),
            Lasting::CalendarYears(1) => "当年".to_owned(),
            Lasting::CalendarYears(years) => format!("含当年共{years}年"),
        }
    }

    fn is_some_time(self) -> bool {
        matches!(self, Lasting::Months(1..=600) | Lasting::CalendarYears(1..=50))
    }
}

/// A kind, and the days on which an event of it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VetoKind {
    /// Lower-case letters and underscores; kept with each event.
    pub code: String,
    pub title: String,
    /// The days on which an event may happen to count.
    pub valid: Period,
    /// A document of the catalogue, and the place in it.
    pub document: String,
    pub article: String,
    /// Who vouches for it as a rule.
    #[serde(default)]
    pub department: Option<Department>,
    /// Null: without an end, unless it is stated.
    #[serde(default)]
    pub lasts: Option<Lasting>,
    /// What the article leaves open here is the district's choice.
    pub local_choice: bool,
    pub checked_on: NaiveDate,
    pub note: String,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum VetoKindError {
    #[error("the kinds of veto that ship cannot be read: {0}")]
    Toml(String),
    #[error("the kind of veto {0} is in force twice on one day")]
    Overlap(String),
    #[error("the kind of veto {0} ends before it starts, or has no first day")]
    Period(String),
    #[error("the code of the kind of veto {0} is not of lower-case letters and underscores, or it has no title")]
    Unnamed(String),
    #[error("the kind of veto {0} lasts no time, or longer than any would")]
    Lasting(String),
}

/// A kind that does not count on a day, or on any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotInForce {
    pub asked: String,
    pub on: NaiveDate,
    /// When it does, where it ever does.
    pub kind: Option<Box<VetoKind>>,
}

impl VetoKind {
    /// The first day on which an event that begins to bar on `from` no longer does.
    pub fn until(&self, from: NaiveDate) -> Option<NaiveDate> {
        self.lasts.and_then(|lasts| lasts.until(from))
    }

    /// # Errors
    /// Without a name or a first day, or one that ends before it starts.
    pub fn holds_together(&self) -> Result<(), VetoKindError> {
        let code = || self.code.clone();
        let lettered = self.code.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_');
        if self.code.is_empty() || !lettered || self.title.is_blank() {
            return Err(VetoKindError::Unnamed(code()));
        }
        if self.valid.from.is_none() || self.valid.until.is_some_and(|until| Some(until) <= self.valid.from) {
            return Err(VetoKindError::Period(code()));
        }
        match self.lasts.is_none_or(Lasting::is_some_time) {
            true => Ok(()),
            false => Err(VetoKindError::Lasting(code())),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<VetoKind>,
}

/// Those built into this program.
///
/// # Errors
/// A file that cannot be read.
pub fn embedded() -> Result<Vec<VetoKind>, VetoKindError> {
    let file: File = toml::from_str(FILE).map_err(|error| VetoKindError::Toml(error.to_string()))?;
    Ok(file.kind)
}

/// # Errors
/// See [`VetoKind::holds_together`]; or a code that is in force twice on a day.
pub fn hold_together(kinds: &[VetoKind]) -> Result<(), VetoKindError> {
    for (place, kind) in kinds.iter().enumerate() {
        kind.holds_together()?;
        if kinds[..place].iter().any(|other| other.code == kind.code && other.valid.overlaps(&kind.valid)) {
            return Err(VetoKindError::Overlap(kind.code.clone()));
        }
    }
    Ok(())
}

/// The kind that counts on a day, by its code or its name.
///
/// # Errors
/// [`NotInForce`]: none older or younger takes its place.
pub fn on<'a>(kinds: &'a [VetoKind], named: &str, day: NaiveDate) -> Result<&'a VetoKind, NotInForce> {
    let mut meant = kinds.iter().filter(|kind| kind.code == named || kind.title == named);
    let first = meant.clone().next();
    meant.find(|kind| kind.valid.contains(day)).ok_or_else(|| NotInForce {
        asked: named.to_owned(),
        on: day,
        kind: first.map(|kind| Box::new(kind.clone())),
    })
}

/// What a code is called: by the kinds given, else by those that ship; else the code itself.
pub fn title_of<'a>(kinds: &'a [VetoKind], code: &'a str) -> &'a str {
    static SHIPPED: LazyLock<Vec<VetoKind>> = LazyLock::new(|| embedded().unwrap_or_default());
    kinds.iter().rev().chain(SHIPPED.iter()).find(|kind| kind.code == code).map_or(code, |kind| kind.title.as_str())
}

/// Each code once with its name, in the order of the catalogue.
pub fn choices(kinds: &[VetoKind]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for kind in kinds {
        match found.iter_mut().find(|(code, _)| *code == kind.code) {
            Some((_, title)) => title.clone_from(&kind.title),
            None => found.push((kind.code.clone(), kind.title.clone())),
        }
    }
    found
}

impl NotInForce {
    /// For whoever enters an event.
    pub fn in_words(&self, known: &[VetoKind]) -> String {
        let Some(kind) = &self.kind else {
            let known: Vec<String> = choices(known).into_iter().map(|(_, title)| title).collect();
            return format!("“{}”不是一票否决的事由；可用：{}", self.asked, known.join("、"));
        };
        let from = kind.valid.from.map_or_else(String::new, |day| format!("自{day}起"));
        let last = kind.valid.until.and_then(|day| day.pred_opt());
        let to = last.map_or_else(String::new, |day| format!("至{day}止"));
        let VetoKind { title, document, article, .. } = &**kind;
        format!("“{title}”{from}{to}为否决事由（{document} {article}），{}发生的不在其内，不能登记", self.on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_ships_names_every_event_of_the_article_and_holds_together() {
        let kinds = embedded().unwrap();
        assert_eq!(hold_together(&kinds), Ok(()));
        assert_eq!(kinds.len(), 11);
        assert!(kinds.iter().all(|kind| kind.document == "xiacheng-2019" && kind.article == "二(一)4"));
    }

    #[test]
    fn a_kind_counts_on_its_days_alone_and_what_is_refused_names_the_article() {
        let kinds = embedded().unwrap();
        assert!(on(&kinds, "tax_offence", day("2019-01-01")).is_ok());
        assert!(on(&kinds, "违反税收法律法规且情节严重", day("2024-06-30")).is_ok());
        let early = on(&kinds, "tax_offence", day("2018-12-31")).unwrap_err();
        let words = early.in_words(&kinds);
        assert!(words.contains("二(一)4") && words.contains("2019-01-01") && words.contains("2018-12-31"), "{words}");
        let unknown = on(&kinds, "运气不好", day("2024-06-30")).unwrap_err();
        assert!(unknown.in_words(&kinds).contains("重大安全生产事故"));
    }

    #[test]
    fn a_successor_takes_over_on_its_first_day_and_two_on_one_day_are_refused() {
        let first = embedded().unwrap().swap_remove(0);
        let ended = VetoKind { valid: Period::between(day("2019-01-01"), day("2025-01-01")), ..first.clone() };
        let next =
            VetoKind {
                title: "较大以上事故".to_owned(), valid: Period::since(day("2025-01-01")), ..first.clone()
            };
        let kinds = [ended, next.clone()];
        assert_eq!(hold_together(&kinds), Ok(()));
        assert_eq!(on(&kinds, &first.code, day("2024-12-31")).unwrap().title, first.title);
        assert_eq!(on(&kinds, &first.code, day("2025-01-01")).unwrap().title, "较大以上事故");
        assert_eq!(choices(&kinds), [(first.code.clone(), "较大以上事故".to_owned())]);
        assert_eq!(hold_together(&[first.clone(), next]), Err(VetoKindError::Overlap(first.code)));
    }

    #[test]
    fn an_event_lasts_to_the_end_of_its_calendar_year_or_so_many_months() {
        assert_eq!(Lasting::CalendarYears(1).until(day("2023-01-01")), Some(day("2024-01-01")));
        assert_eq!(Lasting::CalendarYears(1).until(day("2023-12-31")), Some(day("2024-01-01")));
        assert_eq!(Lasting::CalendarYears(2).until(day("2023-12-31")), Some(day("2025-01-01")));
        assert_eq!(Lasting::Months(6).until(day("2023-08-31")), Some(day("2024-02-29")));
    }

    #[test]
    fn what_has_no_name_no_day_or_no_length_is_no_kind() {
        let kind = || embedded().unwrap().swap_remove(0);
        let faults = |kind: VetoKind| kind.holds_together().unwrap_err();
        assert!(matches!(faults(VetoKind { code: "Tax".to_owned(), ..kind() }), VetoKindError::Unnamed(_)));
        assert!(matches!(faults(VetoKind { title: " ".to_owned(), ..kind() }), VetoKindError::Unnamed(_)));
        assert!(matches!(faults(VetoKind { valid: Period::ALWAYS, ..kind() }), VetoKindError::Period(_)));
        let none = Some(Lasting::Months(0));
        assert!(matches!(faults(VetoKind { lasts: none, ..kind() }), VetoKindError::Lasting(_)));
    }
}
