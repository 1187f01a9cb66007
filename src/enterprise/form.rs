//! Forms about an enterprise or a use of land: what was typed on a page or sent to the API, and how it is read. The same for
//! both, so that both are told the same.

mod land;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use land::OccupancyForm;

use super::sector::sector_of;
use super::{EnterpriseState, Facts, Sector, rules, wording};
use crate::base::code::{Uscc, UsccError};
use crate::base::text::Seen;
use crate::codelist::{Industry, IndustryError};
use crate::exchange::{Fault, FaultCode};
use crate::web::form::{Field, Reader, field};

/// An enterprise as somebody types it. Every field is text; an empty one states nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = EnterpriseTyped)]
pub struct EnterpriseForm {
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

/// Programs know by this code what cannot be read here.
fn reader() -> Reader {
    Reader::telling(FaultCode::ValueUnknown)
}

fn paper(source: Field<'_>, reason: Field<'_>) -> Read<Paper> {
    let mut reader = reader();
    let (source, reason) = (reader.text(source), reader.text(reason));
    reader.finish(source.zip(reason).map(|(source, reason)| Paper { source, reason }))
}

fn day(field: Field<'_>) -> Read<NaiveDate> {
    let mut reader = reader();
    let day = reader.needs_day(field);
    reader.finish(day)
}

/// A credit code, and whether its check digit holds.
///
/// # Errors
/// When it has another length or a character that cannot occur.
pub fn uscc(text: &str) -> Read<(String, bool)> {
    match text.parse::<Uscc>() {
        Ok(code) => Ok((code.into(), true)),
        Err(UsccError::CheckDigit { code, .. }) => Ok((code, false)),
        Err(UsccError::Length(text)) => Err(vec![wording::uscc_length(&text).at_field("uscc")]),
        Err(UsccError::Character { character, place }) => {
            Err(vec![wording::uscc_character(text.seen(), character, place).at_field("uscc")])
        }
    }
}

/// Edition and code of an industry, and the sector that the code stands for.
type Placed = (Option<(String, String)>, Option<Sector>);

impl EnterpriseForm {
    pub fn confirmed(&self) -> bool {
        !self.confirm.is_blank()
    }

    /// # Errors
    /// When the form does not say what it was filled in on.
    pub fn base(&self) -> Read<i64> {
        let missing = || field!(self.base, "依据的记录").fault(FaultCode::ValueMissing, wording::NO_BASE);
        self.base.seen().parse().map_err(|_| vec![missing()])
    }

    pub fn effective_on(&self) -> Read<NaiveDate> {
        day(field!(self.effective_on, "生效日期"))
    }

    pub fn paper(&self) -> Read<Paper> {
        paper(field!(self.source, "依据文件"), field!(self.reason, "原因"))
    }

    /// Everything that is wrong with what the enterprise is said to be, at once. Whether a code of an older edition and
    /// the sub-district exist is for the register to say.
    pub fn facts(&self, today: NaiveDate) -> Read<Facts> {
        let mut reader = reader();
        let name = reader.text(field!(self.name, "企业名称"));
        let (industry, derived) = reader.take(self.industry()).unwrap_or_default();
        let sector = field!(self.sector, "类别");
        let sector = if derived.is_some() || !sector.is_empty() {
            reader.may(sector, "工业、服务业或其他").or(derived)
        } else {
            reader.push(sector.fault(FaultCode::ValueMissing, wording::NO_SECTOR));
            None
        };
        let size_class = reader.needs(field!(self.size_class, "规模"), "规上或规下");
        let state = reader.may(field!(self.state, "经营状态"), "在营、迁出或注销");
        let high_tech = reader.yes_or_no(field!(self.high_tech, "高新技术企业"));
        let established_on = reader.day(field!(self.established_on, "成立日期"));
        let above_size_since = reader.day(field!(self.above_size_since, "升规日期"));
        let project_since = reader.day(field!(self.project_since, "重大项目开工日期"));
        let project_until = reader.day(field!(self.project_until, "重大项目建设期至"));
        reader.extend(rules::project_fault(project_since, project_until).map(|fault| fault.at_field("project_until")));
        if let Some(day) = established_on.filter(|day| *day > today) {
            reader.push(wording::established_in_future(day).at_field("established_on"));
        }
        if let (Some(established), Some(above)) = (established_on, above_size_since)
            && above < established
        {
            reader.push(wording::above_size_before_established(established, above).at_field("above_size_since"));
        }
        let platform = reader.may_text(field!(self.platform, "产业平台"));
        let subdistrict = reader.may_text(field!(self.subdistrict, "街道"));
        let facts = (|| {
            Some(Facts {
                name: name?,
                industry,
                sector: sector?,
                size_class: size_class?,
                high_tech,
                platform,
                subdistrict,
                state: state.unwrap_or(EnterpriseState::Operating),
                established_on,
                above_size_since,
                project_since,
                project_until,
            })
        })();
        reader.finish(facts)
    }

    /// Edition and code, and the sector that the code stands for.
    fn industry(&self) -> Read<Placed> {
        let Some(code) = field!(self.industry, "行业代码").given() else { return Ok((None, None)) };
        let edition = field!(self.edition, "行业分类版本").given().unwrap_or("2017");
        match Industry::parse(edition, code) {
            Ok(found) => Ok((Some((found.edition.code().to_owned(), found.code.to_owned())), sector_of(&found))),
            Err(IndustryError::EditionNotLoaded(edition, code)) => {
                let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic() && code.len() > 1);
                Ok((Some((edition.code().to_owned(), digits.to_owned())), None))
            }
            Err(IndustryError::UnknownEdition(text)) => Err(vec![wording::edition_unknown(&text).at_field("edition")]),
            Err(IndustryError::UnknownCode(edition, code)) => {
                Err(vec![wording::industry_unknown(edition.label(), &code).at_field("industry")])
            }
        }
    }
}

#[cfg(test)]
mod tests;
