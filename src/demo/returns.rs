//! What the invented enterprises returned for 2022 to 2024, with the figures that make a rule earn its keep:
//! exactly on the line, a cent beside it, zero, negative, missing.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal_macros::dec;

use super::economy::{Economy, Firm, OccupancyRow};
use super::random::Dice;
use super::register::{day, noon};
use crate::base::code::Uscc;
use crate::base::period::length_of_year;
use crate::base::unit::SquareMetre;
use crate::enterprise::{FigureState, Indicator, OccupancyKind, Sector, SizeClass};
use crate::parcel::SupplyStatus;

pub const YEARS: [i32; 3] = [2022, 2023, 2024];

#[derive(Clone, Debug)]
pub struct FigureRow {
    pub year: i32,
    pub indicator: Indicator,
    pub uscc: Uscc,
    pub value: Decimal,
    pub state: FigureState,
    pub reason: &'static str,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

impl FigureRow {
    /// The role that keeps the figures of its department.
    pub fn steward(&self) -> String {
        format!("{}数据管理员", self.indicator.department().label())
    }
}

/// 10,000 yuan for each mu is 15 yuan for each square metre, exactly.
const ON_THE_LINE: Decimal = dec!(15);
/// What is added in yuan to the figure of 2024 of those who own one parcel and neither rent nor let.
const BESIDE_THE_LINE: [Decimal; 7] = [dec!(0), dec!(0), dec!(0), dec!(-0.01), dec!(-0.01), dec!(0.01), dec!(0.01)];

/// Land of an enterprise in a year: held and rented land less land let out, weighted by days.
/// `None` when one of its areas is missing.
fn land_in_year(rows: &[&OccupancyRow], uscc: &Uscc, year: i32) -> Option<SquareMetre> {
    let mut land = Decimal::ZERO;
    for row in rows {
        let days = row.valid.days_in_year(year);
        if days > 0 {
            let sign = if row.occupant.as_ref() == Some(uscc) { Decimal::ONE } else { Decimal::NEGATIVE_ONE };
            land += sign * row.area_m2? * Decimal::from(days);
        }
    }
    Some(SquareMetre(land / Decimal::from(length_of_year(year))))
}

/// Writes the returns, and with them who is above designated size.
pub fn declare(economy: &mut Economy, dice: &mut Dice) -> Vec<FigureRow> {
    let held = holdings(&economy.occupancies);
    let mut figures = Vec::new();
    let mut lines = BESIDE_THE_LINE.iter();
    let mut raised = 0;
    let mut building = 0;
    for (index, firm) in economy.firms.iter_mut().enumerate() {
        let none = Vec::new();
        let rows = held.get(&firm.row.uscc).unwrap_or(&none);
        let mut scribe = Scribe { index, firm, rows, dice, figures: &mut figures };
        let line = if scribe.owns_one_parcel() { lines.next() } else { None };
        scribe.declare(line.copied());
        if firm.row.size == SizeClass::Above && index % 9 == 4 && raised < 10 {
            firm.row.above_size_since = Some(day(2023 + raised % 2, 1, 1));
            raised += 1;
        }
        if firm.supply == SupplyStatus::SuppliedNotUsed && !firm.tenant {
            // Some began so long ago that three years are over before the recognised end.
            let began = day(2021 + building % 4, 3 + (building % 8) as u32, 15);
            firm.row.project = Some((began, day(2025, 12, 31)));
            building += 1;
        }
    }
    correct_one(&mut figures);
    figures
}

fn holdings(occupancies: &[OccupancyRow]) -> HashMap<Uscc, Vec<&OccupancyRow>> {
    let mut held: HashMap<Uscc, Vec<&OccupancyRow>> = HashMap::new();
    for row in occupancies {
        for side in [&row.occupant, &row.lessor].into_iter().flatten() {
            held.entry(side.clone()).or_default().push(row);
        }
    }
    held
}

struct Scribe<'a> {
    index: usize,
    firm: &'a mut Firm,
    rows: &'a [&'a OccupancyRow],
    dice: &'a mut Dice,
    figures: &'a mut Vec<FigureRow>,
}

impl Scribe<'_> {
    fn owns_one_parcel(&self) -> bool {
        let [only] = self.rows else { return false };
        only.kind == OccupancyKind::Owned
            && self.sends_tax()
            && only.valid.from < Some(day(2022, 1, 1))
            && self.firm.supply == SupplyStatus::InUse
    }

    fn declare(&mut self, line: Option<Decimal>) {
        let slack = if self.firm.supply == SupplyStatus::InUse { 0.0 } else { -1.1 };
        let strength = 1.42 * self.dice.normal() + slack;
        let margin = self.dice.between(14.0, 30.0);
        let years = self.years();
        for &year in &years {
            let noise = 0.14 * self.dice.normal() + 0.04 * f64::from(year - 2022);
            let mut tax = self.tax(year, (strength + noise).exp());
            if let (Some(cents), 2024, Some(land)) = (line, year, self.land(year)) {
                tax = land.0 * ON_THE_LINE + cents;
            }
            let revenue = (tax * decimal(margin)).round_dp(2);
            if Some(&year) == years.last() {
                self.firm.row.size = if revenue >= dec!(20_000_000) { SizeClass::Above } else { SizeClass::Below };
            }
            self.declare_tax(year, tax);
            self.declare_rest(year, revenue);
        }
    }

    fn years(&self) -> Vec<i32> {
        let first = crate::base::period::year_of(self.firm.row.established_on);
        let last = self.firm.gone_on.map_or(i32::MAX, crate::base::period::year_of);
        YEARS.into_iter().filter(|year| (first..=last).contains(year)).collect()
    }

    fn land(&self, year: i32) -> Option<SquareMetre> {
        land_in_year(self.rows, &self.firm.row.uscc, year)
    }

    /// Around 80,000 yuan a mu times the strength of the firm; without land, by floor area or by itself.
    fn tax(&self, year: i32, strength: f64) -> Decimal {
        let land = self.land(year).and_then(|land| land.to_mu().0.to_f64()).filter(|mu| *mu > 0.0);
        let floor: Option<Decimal> = self.rows.iter().filter_map(|row| row.floor_m2).max();
        let base = match (land, floor.and_then(|area| area.to_f64())) {
            (Some(mu), _) => 92_000.0 * mu,
            (None, Some(floor)) => 320.0 * floor,
            (None, None) => 260_000.0,
        };
        decimal(base * strength).round_dp(2)
    }

    /// Whether there is a tax figure for 2024 that is not zero.
    fn sends_tax(&self) -> bool {
        !self.sends_nothing() && !self.sends_zero()
    }

    fn sends_nothing(&self) -> bool {
        [17, 89].contains(&(self.index % 131))
    }

    fn sends_zero(&self) -> bool {
        self.index % 131 == 59
    }

    fn declare_tax(&mut self, year: i32, tax: Decimal) {
        if year == 2024 && self.sends_nothing() {
            // No row, which is not a zero.
        } else if year == 2024 && self.sends_zero() {
            self.write(year, Indicator::TaxPaid, Decimal::ZERO);
        } else {
            self.write(year, Indicator::TaxPaid, tax);
        }
    }

    fn declare_rest(&mut self, year: i32, revenue: Decimal) {
        let above = self.firm.row.size == SizeClass::Above;
        let industry = self.firm.row.sector == Sector::Industry;
        let energy = revenue / dec!(10_000) * decimal(self.dice.between(0.015, 0.22));
        let value_added = revenue * decimal(self.dice.between(0.17, 0.36));
        if above || self.dice.chance(0.7) {
            self.write(year, Indicator::Revenue, revenue);
        }
        if above {
            let loss = self.index % 61 == 33 && year == 2024;
            self.write(year, Indicator::ValueAdded, if loss { -value_added * dec!(0.2) } else { value_added });
            let heads = (value_added / decimal(self.dice.between(140_000.0, 330_000.0))).round_dp(0);
            self.write(year, Indicator::Headcount, heads.max(Decimal::ONE));
            let research = decimal(self.dice.between(0.0, 0.06));
            self.write(year, Indicator::ResearchSpending, revenue * research);
        }
        if above && industry {
            self.write(year, Indicator::Energy, energy);
            if self.index % 5 != 2 {
                let share = decimal(self.dice.between(0.008, 0.05));
                self.write(year, Indicator::Emission, energy * share);
            }
        }
        if industry && (above || self.dice.chance(0.6)) {
            self.write(year, Indicator::Electricity, energy * dec!(2_800));
        }
    }

    fn write(&mut self, year: i32, indicator: Indicator, value: Decimal) {
        let confirmed = year < 2024 || self.dice.chance(0.72);
        self.figures.push(declared(&self.firm.row.uscc, (year, indicator), value, confirmed));
    }
}

/// A figure as it is returned in the April after its year.
pub(super) fn declared(uscc: &Uscc, (year, indicator): (i32, Indicator), value: Decimal, confirmed: bool) -> FigureRow {
    FigureRow {
        year,
        indicator,
        uscc: uscc.clone(),
        value: value.round_dp(2),
        state: if confirmed { FigureState::Confirmed } else { FigureState::Reported },
        reason: "年度申报",
        recorded_at: noon(declared_on(year)),
        superseded_at: None,
    }
}

fn declared_on(year: i32) -> NaiveDate {
    day(year + 1, 4, 15)
}

pub fn decimal(value: f64) -> Decimal {
    Decimal::from_f64(value).unwrap_or_default()
}

/// One figure was sent in 万元 and put right when it was noticed.
fn correct_one(figures: &mut Vec<FigureRow>) {
    let corrected = noon(day(2024, 6, 3));
    let wanted = |row: &&mut FigureRow| row.year == 2023 && row.indicator == Indicator::Revenue;
    let Some(row) = figures.iter_mut().find(wanted) else { return };
    let wrong =
        FigureRow { value: (row.value / dec!(10_000)).round_dp(2), superseded_at: Some(corrected), ..row.clone() };
    (row.reason, row.recorded_at) = ("更正：原按万元填报", corrected);
    figures.push(wrong);
}
