//! Platforms and parcels as subjects: which of an enterprise's figures are theirs.
//!
//! A platform has all figures of its enterprises. A parcel has of each enterprise that uses it the part that the enterprise's land
//! there (mu × days) is of all its land of the year; an enterprise that holds floor area and no land is split by that. Fractions
//! are exact, and of whom no share can be told no figure counts.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::population::Member;
use crate::annual::fact;
use crate::base::ratio::Ratio;
use crate::enterprise::{Sector, SizeClass};
use crate::scoring::Scheme;
use crate::scoring::made::{Exact, Made, Part};
use crate::scoring::scheme::SubjectKind;

/// What an enterprise holds on one parcel, or on land of which no parcel is known, in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// None: land whose parcel is not on record.
    pub parcel: Option<String>,
    pub uscc: String,
    /// mu·days, what it leases out taken off.
    pub land: Decimal,
    /// m²·days of floor area held without land.
    pub floor: Decimal,
    /// A use there has no area on record.
    pub unmeasured: bool,
}

/// What stands of a platform or a parcel itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub code: String,
    pub name: String,
    pub subdistrict: Option<String>,
    /// Stars or level of a platform.
    pub level: Option<u8>,
    /// mu, of a platform.
    pub area_mu: Option<Decimal>,
    pub lists: BTreeSet<String>,
    pub uncovered: bool,
}

/// A member of the population that is made of these parts.
pub fn made_of(kind: SubjectKind, scheme: &Scheme, place: Place, parts: Vec<Part>) -> Member {
    let own = match kind {
        SubjectKind::Platform => own_facts(&place, parts.len()),
        SubjectKind::Enterprise | SubjectKind::Parcel => Exact::new(),
    };
    Member {
        kind,
        uscc: place.code,
        name: place.name,
        industry: None,
        sector: Sector::Other,
        size: SizeClass::Below,
        subdistrict: place.subdistrict,
        facts: Default::default(),
        floor_only: false,
        in_transition: false,
        exempt: false,
        protected: false,
        lists: place.lists,
        level: place.level,
        uncovered: place.uncovered,
        made: Some(Made::of(scheme, &own, parts)),
    }
}

/// What a platform is of itself.
fn own_facts(place: &Place, enterprises: usize) -> Exact {
    let area = place.area_mu.into_iter().flat_map(|mu| {
        let mu = Ratio::from(mu);
        let metres = mu.clone() * Decimal::from(2000) / Decimal::from(3);
        [("platform_area_mu".to_owned(), mu), ("platform_area_m2".to_owned(), metres)]
    });
    area.chain([("platform_enterprises".to_owned(), Decimal::from(enterprises).into())]).collect()
}

/// An enterprise with all its figures. One that holds floor area and no land holds no land, and that is known of it.
pub fn whole(member: &Member) -> Part {
    let mut facts: Exact = member.facts.iter().map(|(name, fact)| (name.clone(), fact.exact())).collect();
    if member.floor_only {
        facts.extend(["land_mu", "land_m2"].map(|name| (name.to_owned(), Decimal::ZERO.into())));
    }
    Part { key: member.uscc.clone(), share: Decimal::ONE.into(), facts }
}

/// By what an enterprise is split, over all its uses of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Whole {
    Land(Decimal),
    Floor(Decimal),
    /// Nothing to split by, or not all of it is on record.
    Unknown,
}

/// The parts of each of these parcels; `uses` are all uses of the enterprises on them, there and elsewhere.
pub fn of_parcels(
    parcels: &BTreeSet<String>,
    uses: &[Use],
    members: &[Member],
    year: i32,
) -> BTreeMap<String, Vec<Part>> {
    let members: BTreeMap<&str, &Member> = members.iter().map(|member| (member.uscc.as_str(), member)).collect();
    let mut by_enterprise: BTreeMap<&str, Vec<&Use>> = BTreeMap::new();
    for one in uses {
        by_enterprise.entry(&one.uscc).or_default().push(one);
    }
    let mut parts: BTreeMap<String, Vec<Part>> = parcels.iter().map(|code| (code.clone(), Vec::new())).collect();
    for (uscc, uses) in by_enterprise {
        let Some(member) = members.get(uscc) else { continue };
        let whole = whole_of(&uses);
        for one in uses {
            let held = one.parcel.as_ref().and_then(|code| parts.get_mut(code));
            if let (Some(held), Some(part)) = (held, portion(member, one, &whole, year)) {
                held.push(part);
            }
        }
    }
    parts
}

/// What is leased out on one parcel beyond what is held there takes nothing from the others.
fn whole_of(uses: &[&Use]) -> Whole {
    let land: Decimal = uses.iter().map(|one| one.land.max(Decimal::ZERO)).sum();
    let floor: Decimal = uses.iter().map(|one| one.floor).sum();
    if uses.iter().any(|one| one.unmeasured) {
        Whole::Unknown
    } else if land > Decimal::ZERO {
        Whole::Land(land)
    } else if floor > Decimal::ZERO {
        Whole::Floor(floor)
    } else {
        Whole::Unknown
    }
}

/// None of who holds nothing there of what it is split by.
fn portion(member: &Member, one: &Use, whole: &Whole, year: i32) -> Option<Part> {
    let share = match whole {
        Whole::Land(all) => Ratio::of(one.land.max(Decimal::ZERO), *all)?,
        Whole::Floor(all) => Ratio::of(one.floor, *all)?,
        Whole::Unknown => Decimal::ZERO.into(),
    };
    let unknown = *whole == Whole::Unknown;
    if share.is_zero() && one.land.is_zero() && !(unknown && (one.unmeasured || !one.floor.is_zero())) {
        return None;
    }
    let mut facts = Exact::new();
    if !unknown {
        let figures = member.facts.iter().filter(|(name, _)| !name.starts_with("land_"));
        facts.extend(figures.map(|(name, fact)| (name.clone(), fact.exact().times(&share))));
        facts.extend(fact::land(one.land, year).map(|(name, fact)| (name.to_owned(), fact.exact())));
    }
    Some(Part { key: member.uscc.clone(), share, facts })
}

#[cfg(test)]
mod tests;
