//! What was typed into a form or sent to the API about an enterprise or a use of land: text, and how it is read. The same
//! words for both, so that both are told the same.

mod land;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;

use super::sector::sector_of;
pub use land::OccupancyTyped;

use super::{EnterpriseState, Facts, Sector, SizeClass, rules, wording};
use crate::base::code::{Uscc, UsccError};
use crate::base::conversion::{self, Dimension};
use crate::base::text::Seen;
use crate::codelist::{Industry, IndustryError};
use crate::exchange::Fault;
use crate::exchange::wording::figure_refused;

/// An enterprise as somebody types it. Every field is text; an empty one states nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnterpriseTyped {
    /// Unified social credit code; only when it is entered anew.
    pub uscc: String,
    pub name: String,
    /// `2017`, or an older edition of GB/T 4754 whose list is loaded.
    pub edition: String,
    pub industry: String,
    /// `industry`, `service` or `other`; from the industry code when empty.
    pub sector: String,
    /// `above` or `below`.
    pub size_class: String,
    /// `yes` or `no`.
    pub high_tech: String,
    pub platform: String,
    /// Nine digits.
    pub subdistrict: String,
    /// `operating`, `moved` or `cancelled`.
    pub state: String,
    /// YYYY-MM-DD, as all days.
    pub established_on: String,
    pub above_size_since: String,
    /// When the construction of a major project began, and its recognised end.
    pub project_since: String,
    pub project_until: String,
    /// First day on which this holds; not for a correction.
    pub effective_on: String,
    /// The paper it rests on.
    pub source: String,
    pub reason: String,
    /// Id of the version that is changed or corrected; empty for a new enterprise.
    pub base: String,
    /// `1`: the person who sends it has seen the warnings and vouches for it all the same.
    pub confirm: String,
}

/// From what paper, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub source: String,
    pub reason: String,
}

type Read<T> = Result<T, Vec<Fault>>;

fn given(text: &str) -> Option<&str> {
    Some(text.seen()).filter(|text| !text.is_empty())
}

fn owned(text: &str) -> Option<String> {
    given(text).map(str::to_owned)
}

fn settle<T>(value: Option<T>, faults: Vec<Fault>) -> Read<T> {
    match value {
        Some(value) if faults.is_empty() => Ok(value),
        _ => Err(faults),
    }
}

fn day(text: &str, what: &str, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
    let text = given(text)?;
    let day = text.parse().ok();
    if day.is_none() {
        faults.push(wording::value_unknown(what, text, "日期（YYYY-MM-DD）"));
    }
    day
}

fn needed_day(text: &str, what: &str) -> Read<NaiveDate> {
    let mut faults = Vec::new();
    let day = day(text, what, &mut faults);
    if day.is_none() && faults.is_empty() {
        faults.push(wording::value_missing(what, "不知道从哪一天起"));
    }
    settle(day, faults)
}

/// A positive figure in a unit of its quantity, as it is stored.
fn measure(text: &str, what: &str, (dimension, unit): (Dimension, &str), faults: &mut Vec<Fault>) -> Option<Decimal> {
    let text = given(text)?;
    let figure: Option<Decimal> = text.replace([',', '，'], "").parse().ok();
    let Some(figure) = figure.filter(|figure| *figure > Decimal::ZERO) else {
        faults.push(wording::value_unknown(what, text, &format!("正数，单位{unit}")));
        return None;
    };
    match conversion::find(dimension, unit)?.to_stored(figure) {
        Ok(stored) => Some(stored),
        Err(refused) => {
            faults.push(figure_refused(what, text, refused));
            None
        }
    }
}

fn term<T: std::str::FromStr>(text: &str, what: &str, expected: &str, faults: &mut Vec<Fault>) -> Option<T> {
    let text = given(text)?;
    let term = text.parse().ok();
    if term.is_none() {
        faults.push(wording::value_unknown(what, text, expected));
    }
    term
}

fn paper(source: &str, reason: &str) -> Read<Paper> {
    let missing = [(source, "依据文件", "须说明依据"), (reason, "原因", "须说明为什么改")];
    let faults: Vec<Fault> = missing
        .iter()
        .filter(|(text, _, _)| given(text).is_none())
        .map(|(_, what, why)| wording::value_missing(what, why))
        .collect();
    settle(Some(Paper { source: source.seen().to_owned(), reason: reason.seen().to_owned() }), faults)
}

/// A credit code, and whether its check digit holds.
///
/// # Errors
/// When it has another length or a character that cannot occur.
pub fn uscc(text: &str) -> Read<(String, bool)> {
    match text.parse::<Uscc>() {
        Ok(code) => Ok((code.into(), true)),
        Err(UsccError::CheckDigit { code, .. }) => Ok((code, false)),
        Err(UsccError::Length(text)) => Err(vec![wording::uscc_length(&text)]),
        Err(UsccError::Character { character, place }) => {
            Err(vec![wording::uscc_character(text.seen(), character, place)])
        }
    }
}

impl EnterpriseTyped {
    pub fn confirmed(&self) -> bool {
        given(&self.confirm).is_some()
    }

    /// # Errors
    /// When the form does not say what it was filled in on.
    pub fn base(&self) -> Read<i64> {
        let missing = || vec![wording::value_missing("依据的记录", "表单缺少所依据的记录，请刷新页面后重试")];
        self.base.seen().parse().map_err(|_| missing())
    }

    pub fn effective_on(&self) -> Read<NaiveDate> {
        needed_day(&self.effective_on, "生效日期")
    }

    pub fn paper(&self) -> Read<Paper> {
        paper(&self.source, &self.reason)
    }

    /// Everything that is wrong with what the enterprise is said to be, at once. Whether a code of an older edition and
    /// the sub-district exist is for the register to say.
    pub fn facts(&self, today: NaiveDate) -> Read<Facts> {
        let mut faults = Vec::new();
        if given(&self.name).is_none() {
            faults.push(wording::value_missing("企业名称", "企业须有名称"));
        }
        let (industry, derived) = self.industry(&mut faults);
        let before = faults.len();
        let sector = term::<Sector>(&self.sector, "类别", "工业、服务业或其他", &mut faults).or(derived);
        if sector.is_none() && faults.len() == before {
            faults.push(wording::value_missing("类别", "也无法由行业代码推定"));
        }
        let before = faults.len();
        let size_class = term::<SizeClass>(&self.size_class, "规模", "规上或规下", &mut faults);
        if size_class.is_none() && faults.len() == before {
            faults.push(wording::value_missing("规模", "须写明规上或规下"));
        }
        let state = term::<EnterpriseState>(&self.state, "经营状态", "在营、迁出或注销", &mut faults);
        let high_tech = match given(&self.high_tech) {
            None => None,
            Some("yes" | "是") => Some(true),
            Some("no" | "否") => Some(false),
            Some(other) => {
                faults.push(wording::value_unknown("高新技术企业", other, "是或否"));
                None
            }
        };
        let established_on = day(&self.established_on, "成立日期", &mut faults);
        let above_size_since = day(&self.above_size_since, "升规日期", &mut faults);
        let project_since = day(&self.project_since, "重大项目开工日期", &mut faults);
        let project_until = day(&self.project_until, "重大项目建设期至", &mut faults);
        faults.extend(rules::project_fault(project_since, project_until));
        if let Some(day) = established_on.filter(|day| *day > today) {
            faults.push(wording::established_in_future(day));
        }
        if let (Some(established), Some(above)) = (established_on, above_size_since)
            && above < established
        {
            faults.push(wording::above_size_before_established(established, above));
        }
        let facts = sector.zip(size_class).map(|(sector, size_class)| Facts {
            name: self.name.seen().to_owned(),
            industry,
            sector,
            size_class,
            high_tech,
            platform: owned(&self.platform),
            subdistrict: owned(&self.subdistrict),
            state: state.unwrap_or(EnterpriseState::Operating),
            established_on,
            above_size_since,
            project_since,
            project_until,
        });
        settle(facts, faults)
    }

    /// Edition and code, and the sector that the code stands for.
    fn industry(&self, faults: &mut Vec<Fault>) -> (Option<(String, String)>, Option<Sector>) {
        let Some(code) = given(&self.industry) else { return (None, None) };
        let edition = given(&self.edition).unwrap_or("2017");
        match Industry::parse(edition, code) {
            Ok(found) => (Some((found.edition.code().to_owned(), found.code.to_owned())), sector_of(&found)),
            Err(IndustryError::EditionNotLoaded(edition, code)) => {
                let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic() && code.len() > 1);
                (Some((edition.code().to_owned(), digits.to_owned())), None)
            }
            Err(IndustryError::UnknownEdition(text)) => {
                faults.push(wording::edition_unknown(&text));
                (None, None)
            }
            Err(IndustryError::UnknownCode(edition, code)) => {
                faults.push(wording::industry_unknown(edition.label(), &code));
                (None, None)
            }
        }
    }
}

#[cfg(test)]
mod tests;
