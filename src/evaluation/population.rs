//! Who is ranked in a category, in which group, and who is left out and why. 一(二) and 二(一)3 of the governing text.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::LeftOut;
use crate::base::ratio::Ratio;
use crate::enterprise::{Sector, SizeClass};
use crate::scoring::Scheme;
use crate::scoring::scheme::{SubjectKind, Tenants};
use crate::scoring::subject::Facts;

/// An enterprise of a year, as far as belonging goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
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
    population.subject == SubjectKind::Enterprise && size && listed && industry
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

fn group_of(scheme: &Scheme, member: &Member) -> String {
    let group = member.industry.as_ref().map(|place| scheme.ranking.group_of(&place.section, &place.code));
    group.unwrap_or(&scheme.ranking.others).to_owned()
}

fn left_out(scheme: &Scheme, coverage: Coverage, member: &Member) -> Option<LeftOut> {
    let land = member.facts.get("land_mu").map(|fact| fact.exact());
    let least = least_land(scheme, coverage);
    let covered = least.is_zero() || land.as_ref().is_some_and(|land| *land >= Ratio::from(least));
    let ahead = [
        (member.exempt, LeftOut::Exempt),
        (member.protected, LeftOut::Protection),
        (member.in_transition, LeftOut::Transition),
        (member.floor_only && scheme.population.tenants == Tenants::Apart, LeftOut::Tenant),
        (has_no_record(scheme, member), LeftOut::NoRecord),
        (land.is_some_and(|land| land.is_zero() || land.is_negative()), LeftOut::ZeroDenominator),
        (!covered, LeftOut::NotCovered),
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

/// None of the figures that the scheme is made of is there; land is no figure of the return.
fn has_no_record(scheme: &Scheme, member: &Member) -> bool {
    scheme.facts().into_iter().filter(|fact| !fact.starts_with("land_")).all(|fact| !member.facts.contains_key(fact))
}

#[cfg(test)]
mod tests;
