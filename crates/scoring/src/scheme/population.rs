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
        /// Below designated size it takes the grade of the enterprise whose land it uses; above, it is judged alone.
        OwnersGrade = "owners_grade" => "规下的随土地使用权人评级，规上的单独评价",
    }
}

base::terms! {
    /// What becomes of several enterprises that belong together.
    #[derive(Default)]
    pub enum Merge {
        /// Each is judged by itself.
        #[default]
        None = "none" => "分别评价",
        /// They are judged as one, and share what it comes to.
        Parcel = "parcel" => "同一宗地合并评价",
        /// Those of one group of enterprises, by the dated lists, are judged as one.
        Group = "group" => "同一集团合并评价",
    }
}

impl Merge {
    fn is_none(&self) -> bool {
        *self == Merge::None
    }
}

/// A named subset with a grade of its own, outside population and quota; every condition that is given holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedGrade {
    /// A dated list that names its members.
    pub list: Option<String>,
    /// Stars or level of a platform, inclusive.
    pub level_at_least: Option<u8>,
    pub grade: String,
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
    #[serde(default, skip_serializing_if = "Merge::is_none")]
    pub merge: Merge,
    /// The first that holds a subject gives it its grade.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<FixedGrade>,
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

    /// Every list that membership or a fixed grade looks at, each once.
    pub fn lists(&self) -> std::collections::BTreeSet<&str> {
        self.list.iter().chain(self.fixed.iter().filter_map(|fixed| fixed.list.as_ref())).map(String::as_str).collect()
    }

    /// The grade that is given outside population and quota to whoever `is_on` says stands on a list and has that level.
    pub fn fixed_grade(&self, level: Option<u8>, is_on: impl Fn(&str) -> bool) -> Option<&str> {
        let listed = |fixed: &FixedGrade| fixed.list.as_deref().is_none_or(&is_on);
        let high = |fixed: &FixedGrade| fixed.level_at_least.is_none_or(|least| level.is_some_and(|own| own >= least));
        self.fixed.iter().find(|fixed| listed(fixed) && high(fixed)).map(|fixed| fixed.grade.as_str())
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
