//! What the invented enterprises returned before 2022, and the figures that are asked since pollutants, grid and own electricity,
//! the insured, profit, water and gas are returned apart. It follows from what [`super::returns`] declared, by dice of its own for
//! each enterprise, so that nothing declared there changes.
//!
//! Gaps, losses, stated zeros and sums that do not fit their parts are among them on purpose.

use std::collections::HashMap;

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::economy::{Firm, OccupancyRow};
use super::random::Dice;
use super::register::{day, merger};
use super::returns::{FigureRow, decimal, declared};
use crate::base::code::Uscc;
use crate::base::period::{Period, year_of};
use crate::enterprise::sums::POLLUTANTS;
use crate::enterprise::{Indicator, OccupancyKind, Sector, SizeClass};

/// Years before those of [`super::returns::YEARS`], newest first: each is told from the one after it.
const EARLIER: [i32; 3] = [2021, 2020, 2019];
/// Kilograms of each pollutant in one equivalent, in the order of [`POLLUTANTS`].
const KG_PER_EQUIVALENT: [Decimal; 4] = [dec!(1), dec!(0.8), dec!(0.95), dec!(0.95)];
/// Which part of the equivalents each pollutant has.
const SHARES: [Decimal; 4] = [dec!(0.4), dec!(0.1), dec!(0.2), dec!(0.3)];

/// What one enterprise returned for one year.
type Year = HashMap<Indicator, Decimal>;

/// The figures that go with those declared.
pub fn declare(firms: &[Firm], declared: &[FigureRow]) -> Vec<FigureRow> {
    let mut returned: HashMap<(&Uscc, i32), Year> = HashMap::new();
    for row in declared.iter().filter(|row| row.superseded_at.is_none()) {
        returned.entry((&row.uscc, row.year)).or_default().insert(row.indicator, row.value);
    }
    let mut further = Vec::new();
    for (index, firm) in firms.iter().enumerate() {
        let mut scribe =
            Scribe { index, firm, dice: Dice::new(0x6d75_6865_6e67 ^ index as u64), further: &mut further };
        let uscc = &firm.row.uscc;
        let mut told: Option<Year> = None;
        for year in super::returns::YEARS.into_iter().rev() {
            if let Some(own) = returned.get(&(uscc, year)) {
                let own = scribe.complete(year, own, told.as_ref());
                scribe.apart(year, &own);
                told = Some(own);
            }
        }
        for year in EARLIER.into_iter().filter(|year| *year >= year_of(firm.row.established_on)) {
            told = told.map(|after| scribe.before(year, &after));
        }
    }
    further
}

struct Scribe<'a> {
    index: usize,
    firm: &'a Firm,
    dice: Dice,
    further: &'a mut Vec<FigureRow>,
}

impl Scribe<'_> {
    fn is_above(&self, sector: Sector) -> bool {
        (self.firm.row.size, self.firm.row.sector) == (SizeClass::Above, sector)
    }

    /// What an enterprise returned, with what it returned a year later and not yet: at another size it was asked for less.
    fn complete(&mut self, year: i32, own: &Year, after: Option<&Year>) -> Year {
        let mut told = own.clone();
        let Some(after) = after else { return told };
        let growth = self.dice.between(0.88, 1.04);
        for indicator in Indicator::ALL.iter().filter(|it| after.contains_key(it) && !own.contains_key(it)) {
            let value = (after[indicator] * decimal(growth * self.dice.between(0.97, 1.03))).round_dp(2);
            let value = if *indicator == Indicator::Headcount { value.round_dp(0).max(Decimal::ONE) } else { value };
            if *indicator != Indicator::TaxPaid && !self.dice.chance(0.015) {
                self.write(year, *indicator, value);
                told.insert(*indicator, value);
            }
        }
        told
    }

    /// A year before `after`: some percent less, each figure with a little noise; 2020 was a hard year for many.
    fn before(&mut self, year: i32, after: &Year) -> Year {
        let growth = self.dice.between(0.86, 1.04);
        let mut told = Year::new();
        for indicator in Indicator::ALL.iter().filter(|indicator| after.contains_key(indicator)) {
            let factor = decimal(growth * self.dice.between(0.97, 1.03));
            told.insert(*indicator, (after[indicator] * factor).round_dp(2));
        }
        if let Some(heads) = told.get_mut(&Indicator::Headcount) {
            *heads = heads.round_dp(0).max(Decimal::ONE);
        }
        for indicator in Indicator::ALL.iter().filter(|indicator| told.contains_key(indicator)) {
            let gap = self.dice.chance(0.015) && *indicator != Indicator::TaxPaid;
            let loss = year == 2020 && self.index % 47 == 12 && *indicator == Indicator::ValueAdded;
            if !gap {
                let value = told[indicator];
                self.write(year, *indicator, if loss { -value * dec!(0.3) } else { value });
            }
        }
        self.apart(year, &told);
        told
    }

    /// What is returned apart since it is asked.
    fn apart(&mut self, year: i32, told: &Year) {
        if self.is_above(Sector::Industry) {
            self.pollutants(year, told);
            self.electricity(year, told);
            self.utilities(year, told);
        }
        if self.is_above(Sector::Industry) || self.is_above(Sector::Service) {
            self.people_and_profit(year, told);
        }
    }

    /// Four pollutants that come to the stated sum; where none is stated, some let out nothing and say so, others are silent.
    fn pollutants(&mut self, year: i32, told: &Year) {
        let equivalents = match told.get(&Indicator::Emission) {
            Some(tonnes) => tonnes * dec!(1000),
            None if self.index.is_multiple_of(2) => Decimal::ZERO,
            None => return,
        };
        // The sum of one is that of another year, and one pollutant of some is not returned.
        let slip = if self.index % 97 == 41 && year == 2024 { dec!(1.4) } else { Decimal::ONE };
        for (place, (pollutant, _)) in POLLUTANTS.into_iter().enumerate() {
            if self.dice.chance(0.98) {
                self.write(year, pollutant, equivalents * slip * SHARES[place] * KG_PER_EQUIVALENT[place]);
            }
        }
    }

    fn electricity(&mut self, year: i32, told: &Year) {
        let Some(power) = told.get(&Indicator::Electricity) else { return };
        let own = if self.index % 6 == 1 { (power * dec!(0.12)).round_dp(2) } else { Decimal::ZERO };
        self.write(year, Indicator::ElectricityGrid, power - own);
        if self.index % 29 != 3 {
            self.write(year, Indicator::ElectricityOwn, own);
        }
    }

    fn utilities(&mut self, year: i32, told: &Year) {
        let Some(energy) = told.get(&Indicator::Energy) else { return };
        let water = decimal(self.dice.between(8.0, 40.0));
        self.write(year, Indicator::Water, energy * water);
        if self.index.is_multiple_of(3) {
            let gas = decimal(self.dice.between(60.0, 240.0));
            self.write(year, Indicator::Gas, energy * gas);
        }
    }

    fn people_and_profit(&mut self, year: i32, told: &Year) {
        if let Some(heads) = told.get(&Indicator::Headcount) {
            let insured = decimal(self.dice.between(0.82, 1.0));
            self.write(year, Indicator::HeadcountInsured, (heads * insured).round_dp(0));
        }
        if let Some(revenue) = told.get(&Indicator::Revenue) {
            let margin = decimal(self.dice.between(-0.03, 0.14));
            self.write(year, Indicator::Profit, revenue * margin);
        }
    }

    fn write(&mut self, year: i32, indicator: Indicator, value: Decimal) {
        let confirmed = year < 2024 || self.dice.chance(0.72);
        self.further.push(declared(&self.firm.row.uscc, (year, indicator), value, confirmed));
    }
}

/// Land of the years before the register of parcels begins: what an owner holds from its first day was held before, too, and is
/// on record as one sum without parcels.
pub fn held_before(occupancies: &[OccupancyRow]) -> Vec<OccupancyRow> {
    let mut sums: HashMap<&Uscc, Option<Decimal>> = HashMap::new();
    let mut owners = Vec::new();
    let first = |row: &&OccupancyRow| row.kind == OccupancyKind::Owned && row.valid.from == Some(merger());
    for row in occupancies.iter().filter(first) {
        let Some(owner) = &row.occupant else { continue };
        if !sums.contains_key(owner) {
            owners.push(owner);
        }
        let sum = sums.entry(owner).or_insert(Some(Decimal::ZERO));
        *sum = sum.zip(row.area_m2).map(|(sum, area)| sum + area);
    }
    let held = |owner: &Uscc| OccupancyRow {
        parcel: None,
        kind: OccupancyKind::Owned,
        occupant: Some(owner.clone()),
        lessor: None,
        area_m2: sums[owner],
        floor_m2: None,
        valid: Period::between(day(2018, 1, 1), merger()),
    };
    owners.into_iter().map(held).collect()
}
