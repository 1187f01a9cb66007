//! Any number of eight-point parcels in blocks of twelve, computed from their number alone.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::economy::{EnterpriseRow, OccupancyRow};
use super::names;
use super::random::Dice;
use super::register::{OutlineRow, ParcelRow, day, noon};
use super::returns::FigureRow;
use super::shape::{Shape, Spot};
use super::usage::Usage;
use crate::base::code::{ParcelCode, Uscc, uscc_with_check_digit};
use crate::base::period::Period;
use crate::codelist::LAND_USE_SURVEY;
use crate::enterprise::{EnterpriseState, FigureState, Indicator, OccupancyKind, SizeClass};
use crate::parcel::SupplyStatus;

/// The year for which a scale district has returns.
pub const YEAR: i32 = 2024;
const SUBDISTRICTS: usize = 10;
const LOTS_ACROSS: usize = 6;
const LOTS_IN_BLOCK: usize = 2 * LOTS_ACROSS;

/// Millimetres in EPSG:4528: the south-west corner, a lot, and a block with its street.
const CORNER: Spot = (40_490_000_000, 3_330_000_000);
const LOT: Spot = (44_000, 62_000);
const BLOCK: Spot = (LOTS_ACROSS as i64 * LOT.0 + 16_000, 2 * LOT.1 + 14_000);
/// How far a point may stray from the lattice.
const STRAY: u64 = 4_000;

/// A district of `parcels` parcels; everything about the n-th follows from `n`.
#[derive(Clone, Debug)]
pub struct Grid {
    pub district: String,
    pub parcels: usize,
    pub enterprises: usize,
}

impl Grid {
    fn columns(&self) -> usize {
        let blocks = self.parcels.div_ceil(LOTS_IN_BLOCK) as f64;
        (blocks * BLOCK.1 as f64 / BLOCK.0 as f64).sqrt().ceil().max(1.0) as usize
    }

    fn rows(&self) -> usize {
        self.parcels.div_ceil(LOTS_IN_BLOCK).div_ceil(self.columns())
    }

    fn band(&self, row: usize) -> usize {
        row * SUBDISTRICTS / self.rows()
    }

    fn subdistrict(&self, band: usize) -> String {
        format!("{}{:03}", self.district, band + 1)
    }

    pub fn code(&self, n: usize) -> ParcelCode {
        let subdistrict = self.subdistrict(self.band(n / LOTS_IN_BLOCK / self.columns()));
        let (zone, serial) = (n / 50_000 + 1, n % 50_000 + 1);
        format!("{subdistrict}{zone:03}GB{serial:05}").parse().expect("the parts make a parcel code")
    }

    /// Four corners and four middles of sides, each shared with the neighbours in the block.
    pub fn shape(&self, n: usize) -> Shape {
        const AROUND: [(usize, usize); 8] = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        let (block, lot) = (n / LOTS_IN_BLOCK, n % LOTS_IN_BLOCK);
        let (column, row) = (block % self.columns(), block / self.columns());
        let (across, up) = (lot % LOTS_ACROSS * 2, lot / LOTS_ACROSS * 2);
        let spot = |(x, y): (usize, usize)| {
            let (x, y) = (across + x, up + y);
            let mut dice = Dice::new((block as u64) << 16 | (x as u64) << 8 | y as u64);
            let mut stray = || (dice.roll() % (2 * STRAY + 1)) as i64 - STRAY as i64;
            let east = CORNER.0 + column as i64 * BLOCK.0 + x as i64 * LOT.0 / 2 + stray();
            let north = CORNER.1 + row as i64 * BLOCK.1 + y as i64 * LOT.1 / 2 + stray();
            (east, north)
        };
        Shape(vec![vec![AROUND.into_iter().map(spot).collect()]])
    }

    fn area(&self, n: usize) -> Decimal {
        self.shape(n).area().round_dp(2)
    }

    pub fn parcel(&self, n: usize) -> ParcelRow {
        let shape = self.shape(n);
        let plane_m2 = shape.area();
        let code = self.code(n);
        let usage = if n.is_multiple_of(3) { Usage::Storage } else { Usage::Industry };
        ParcelRow {
            valid: Period::since(day(2020, 1, 1)),
            name: None,
            official_m2: Some(plane_m2.round_dp(2)),
            plane_m2,
            land_use: Some((LAND_USE_SURVEY, usage.land_use(LAND_USE_SURVEY))),
            supply: if n.is_multiple_of(12) { SupplyStatus::LowEfficiency } else { SupplyStatus::InUse },
            subdistrict: code.registered_subdistrict().to_owned(),
            registered_subdistrict: code.registered_subdistrict().to_owned(),
            reason: "规模测试".into(),
            recorded_at: noon(day(2020, 1, 1)),
            superseded_at: None,
            shape,
            code,
        }
    }

    /// The district and its bands, as rectangles along the middle of the streets.
    pub fn outlines(&self, name: &str) -> Vec<OutlineRow> {
        let rectangle = |first: usize, last: usize| {
            let west = CORNER.0 - 8_000;
            let east = west + self.columns() as i64 * BLOCK.0;
            let north_of = |row: usize| CORNER.1 - 7_000 + row as i64 * BLOCK.1;
            let (south, north) = (north_of(first), north_of(last));
            Shape(vec![vec![vec![(west, south), (east, south), (east, north), (west, north)]]])
        };
        let outline = |kind, code: String, name: String, first, last| OutlineRow {
            kind,
            code,
            name,
            valid: Period::since(day(2020, 1, 1)),
            shape: rectangle(first, last),
        };
        let mut outlines = vec![outline("district", self.district.clone(), name.into(), 0, self.rows())];
        for band in 0..SUBDISTRICTS {
            let first = (0..self.rows()).find(|&row| self.band(row) == band);
            let last = (0..self.rows()).rfind(|&row| self.band(row) == band);
            if let (Some(first), Some(last)) = (first, last) {
                let name = format!("测试街道{}", band + 1);
                outlines.push(outline("subdistrict", self.subdistrict(band), name, first, last + 1));
            }
        }
        outlines
    }

    pub fn uscc(&self, n: usize) -> Uscc {
        uscc_with_check_digit(&format!("91{}D{n:08}", self.district)).expect("every character is in the alphabet")
    }

    pub fn enterprise(&self, n: usize) -> EnterpriseRow {
        let dice = &mut Dice::new(n as u64);
        let industry = names::industry_for(if n.is_multiple_of(5) { Usage::Research } else { Usage::Industry }, dice);
        EnterpriseRow {
            uscc: self.uscc(n),
            confirmed_by: None,
            valid: Period::since(day(2020, 1, 1)),
            name: format!("示例规模测试企业{n:07}"),
            sector: names::sector_of(&industry),
            industry,
            size: if n.is_multiple_of(4) { SizeClass::Above } else { SizeClass::Below },
            high_tech: Some(n.is_multiple_of(7)),
            platform: None,
            subdistrict: None,
            state: EnterpriseState::Operating,
            established_on: day(2010, 1, 1),
            above_size_since: None,
            project: None,
            reason: "规模测试",
            recorded_at: noon(day(2020, 1, 1)),
            superseded_at: None,
        }
    }

    /// The first enterprise on a parcel owns it; later ones rent three tenths from the one before.
    pub fn occupancy(&self, n: usize) -> OccupancyRow {
        let parcel = n % self.parcels;
        let lessor = n.checked_sub(self.parcels).map(|owner| self.uscc(owner));
        let storey = (n / self.parcels) as u32;
        let share = (0..storey).fold(Decimal::ONE, |share, _| share * dec!(0.3));
        OccupancyRow {
            parcel: Some(self.code(parcel)),
            kind: if lessor.is_some() { OccupancyKind::Leased } else { OccupancyKind::Owned },
            occupant: Some(self.uscc(n)),
            lessor,
            area_m2: Some((self.area(parcel) * share).round_dp(2)),
            floor_m2: None,
            valid: Period::since(day(2021, 1, 1)),
        }
    }

    pub fn figures(&self, n: usize) -> [FigureRow; 2] {
        let dice = &mut Dice::new(!(n as u64));
        let per_m2 = super::returns::decimal(110.0 * (1.3 * dice.normal()).exp());
        let tax = (self.area(n % self.parcels) * per_m2).round_dp(2);
        let figure = |indicator, value| FigureRow {
            year: YEAR,
            indicator,
            uscc: self.uscc(n),
            value,
            state: FigureState::Confirmed,
            reason: "规模测试",
            recorded_at: noon(day(YEAR + 1, 4, 15)),
            superseded_at: None,
        };
        [figure(Indicator::TaxPaid, tax), figure(Indicator::Revenue, tax * dec!(20))]
    }
}
