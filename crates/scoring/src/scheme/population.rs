//! Whom a scheme evaluates, and with whom each is ranked.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

base::terms! {
    pub enum SubjectKind {
        Enterprise = "enterprise" => "企业",
        Platform = "platform" => "平台",
        Parcel = "parcel" => "宗地",
    }
}

base::terms! {
    /// What becomes of an enterprise without land of its own.
    pub enum Tenants {
        /// It is not ranked, and shown per floor area.
        Apart = "apart" => "不参与排名，按建筑面积列示",
        /// It takes the grade of the enterprise whose land it uses.
        OwnersGrade = "owners_grade" => "随土地使用权人评级",
    }
}

/// Who belongs to the category; a subject belongs when every condition that is given holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Population {
    pub subject: SubjectKind,
    /// Codes of GB/T 4754-2017 of any depth, a section letter or two to four digits; empty means every industry.
    #[serde(default)]
    pub industries: Vec<String>,
    /// Codes that are left out of `industries`.
    #[serde(default)]
    pub except: Vec<String>,
    /// `above` or `below` designated size; null means both.
    #[serde(default)]
    pub size: Option<String>,
    /// A dated list that names its members, as `high_tech`; null means the register as it is.
    #[serde(default)]
    pub list: Option<String>,
    /// mu; land of the year must be at least this, inclusive.
    #[serde(default)]
    pub land_at_least_mu: Option<Decimal>,
    pub tenants: Tenants,
}

/// With whom a subject is ranked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grouping {
    /// The first group whose industries hold a subject takes it.
    #[serde(default)]
    pub groups: Vec<RankingGroup>,
    /// The group of those whom no other takes.
    pub others: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankingGroup {
    pub name: String,
    /// Codes of GB/T 4754-2017 of any depth.
    pub industries: Vec<String>,
}

impl Population {
    /// Whether an industry belongs, by its section letter and its digits.
    pub fn holds_industry(&self, section: &str, code: &str) -> bool {
        let named = |codes: &[String]| codes.iter().any(|of| belongs(of, section, code));
        (self.industries.is_empty() || named(&self.industries)) && !named(&self.except)
    }
}

impl Grouping {
    pub fn group_of(&self, section: &str, code: &str) -> &str {
        let takes = |group: &&RankingGroup| group.industries.iter().any(|of| belongs(of, section, code));
        self.groups.iter().find(takes).map_or(&self.others, |group| &group.name)
    }
}

/// Whether an industry stands at or below a code of any depth.
fn belongs(of: &str, section: &str, code: &str) -> bool {
    if of.starts_with(|first: char| first.is_ascii_digit()) { code.starts_with(of) } else { of == section }
}
