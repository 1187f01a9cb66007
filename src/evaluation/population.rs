//! Who is ranked in a category, in which group, and who is left out and why. 一(二) and 二(一)3 of the governing text.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::LeftOut;
use crate::base::ratio::Ratio;
use crate::enterprise::{Sector, SizeClass};
use crate::scoring::Scheme;
use crate::scoring::made::Made;
use crate::scoring::scheme::{SubjectKind, Tenants};
use crate::scoring::subject::Facts;

/// An enterprise of a year, as far as belonging goes; or a platform or a parcel, which is made of enterprises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub kind: SubjectKind,
    /// The credit code of an enterprise, the code of a platform or of a parcel.
    pub uscc: String,
    pub name: String,
    /// Section letter and code of GB/T 4754 with its edition; none when not on record.
    pub industry: Option<Place>,
    pub sector: Sector,
    pub size: SizeClass,
    pub subdistrict: Option<String>,
    pub facts: Facts,
    /// It holds floor area, and no land.
    pub floor_only: bool,
    /// 二(一)3 on 31 December.
    pub in_transition: bool,
    pub exempt: bool,
    pub protected: bool,
    /// Dated lists that name it, as `high_tech`.
    pub lists: BTreeSet<String>,
    /// Stars or level of a platform on 31 December.
    pub level: Option<u8>,
    /// 一(二): its category, or whoever is on none of the lists of that year, was not evaluated yet.
    pub uncovered: bool,
    /// Of a platform and of a parcel; its facts count instead of `facts`.
    pub made: Option<Made>,
}

impl Member {
    /// What is known under a name.
    pub fn fact(&self, name: &str) -> Option<Ratio> {
        match &self.made {
            Some(made) => made.facts.get(name).cloned(),
            None => self.facts.get(name).map(|fact| fact.exact()),
        }
    }
}

/// Where an industry stands in GB/T 4754.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub section: String,
    pub code: String,
}

/// What the year asks before anybody is ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// mu; enterprises of industry with less are not evaluated in the year. Zero means all are.
    pub industry_land_at_least: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// Of another category.
    No,
    LeftOut(LeftOut),
    Ranked {
        group: String,
    },
}

/// Whether the scheme's population holds it, whatever is known of its figures.
pub fn is_of_category(scheme: &Scheme, member: &Member) -> bool {
    let population = &scheme.population;
    let size = population.size.as_deref().is_none_or(|size| size == member.size.code());
    let listed = population.list.as_ref().is_none_or(|list| member.lists.contains(list));
    let industry = match &member.industry {
        Some(place) => population.holds_industry(&place.section, &place.code),
        None => population.industries.is_empty() || sector_of(scheme) == Some(member.sector),
    };
    population.subject == member.kind && size && listed && industry
}

/// The sector of an enterprise whose industry is not on record decides, where the category is one of a sector.
fn sector_of(scheme: &Scheme) -> Option<Sector> {
    use crate::scoring::scheme::Category;
    match scheme.category {
        Category::IndustryAbove | Category::IndustryBelow => Some(Sector::Industry),
        Category::ServicesAbove => Some(Sector::Service),
        Category::Platform | Category::HighTech | Category::LowEfficiencyLand => None,
    }
}

/// Who is ranked with whom; the first reason to be left out is the one that counts.
pub fn belongs(scheme: &Scheme, coverage: Coverage, member: &Member) -> Belongs {
    if !is_of_category(scheme, member) {
        return Belongs::No;
    }
    match left_out(scheme, coverage, member) {
        Some(why) => Belongs::LeftOut(why),
        None => Belongs::Ranked { group: group_of(scheme, member) },
    }
}

/// With whom it is ranked.
pub fn group_of(scheme: &Scheme, member: &Member) -> String {
    let group = member.industry.as_ref().map(|place| scheme.ranking.group_of(&place.section, &place.code));
    group.unwrap_or(&scheme.ranking.others).to_owned()
}

fn left_out(scheme: &Scheme, coverage: Coverage, member: &Member) -> Option<LeftOut> {
    let land = member.fact("land_mu");
    let least = least_land(scheme, coverage);
    let covered = least.is_zero() || land.as_ref().is_some_and(|land| *land >= Ratio::from(least));
    let ahead = [
        (member.exempt, LeftOut::Exempt),
        (member.protected, LeftOut::Protection),
        (member.in_transition, LeftOut::Transition),
        (member.floor_only && scheme.population.tenants == Tenants::Apart, LeftOut::Tenant),
        (has_no_record(scheme, member), LeftOut::NoRecord),
        (
            goes_by_land(scheme, member) && land.is_some_and(|land| land.is_zero() || land.is_negative()),
            LeftOut::ZeroDenominator,
        ),
        (!covered || member.uncovered, LeftOut::NotCovered),
    ];
    ahead.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}

/// The stricter of the year's coverage and the scheme's own.
fn least_land(scheme: &Scheme, coverage: Coverage) -> Decimal {
    let of_year = match sector_of(scheme) {
        Some(Sector::Industry) => coverage.industry_land_at_least,
        _ => Decimal::ZERO,
    };
    scheme.population.land_at_least_mu.unwrap_or(Decimal::ZERO).max(of_year)
}

/// A platform can be measured by its own area alone.
fn goes_by_land(scheme: &Scheme, member: &Member) -> bool {
    member.made.is_none() || scheme.facts().iter().any(|fact| fact.starts_with("land_"))
}

/// None of the figures that the scheme is made of is there; land is no figure of the return, and what a platform is of itself
/// none either.
fn has_no_record(scheme: &Scheme, member: &Member) -> bool {
    let is_figure = |fact: &&str| !fact.starts_with("land_") && !fact.starts_with("platform_");
    scheme.facts().into_iter().filter(is_figure).all(|fact| member.fact(fact).is_none())
}

#[cfg(test)]
mod tests;
