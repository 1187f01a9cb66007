//! The parcel register of the invented town: codes, versions, lineage, land use, and every special case a reader may meet.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use sha2::{Digest, Sha256};

use super::history::{History, Role};
use super::quarter::{PLATFORMS, QUARTERS};
use super::random::Dice;
use super::shape::Shape;
use super::town::{Lot, Town};
use super::usage::{Usage, supply_of, usage_of};
use crate::base::code::ParcelCode;
use crate::base::period::Period;
use crate::codelist::{CrossWalk, LAND_USE_PLANNING, LAND_USE_SURVEY};
use crate::parcel::{LineageKind, SupplyStatus};

pub const STEWARD: &str = "区国土分局数据管理员";
pub const SOURCE: &str = "示例数据（虚构）";
pub const SURVEY_SRID: i32 = 4528;

#[derive(Clone, Debug)]
pub struct ParcelRow {
    pub code: ParcelCode,
    pub valid: Period,
    pub name: Option<String>,
    /// In EPSG:4528.
    pub shape: Shape,
    pub official_m2: Option<Decimal>,
    pub plane_m2: Decimal,
    /// (scheme, code)
    pub land_use: Option<(&'static str, &'static str)>,
    pub supply: SupplyStatus,
    /// Where it lies.
    pub subdistrict: String,
    pub registered_subdistrict: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

pub struct LineageRow {
    pub kind: LineageKind,
    pub predecessor: ParcelCode,
    pub successor: ParcelCode,
    pub on: NaiveDate,
    pub reason: &'static str,
}

pub struct OutlineRow {
    pub kind: &'static str,
    pub code: String,
    pub name: String,
    pub valid: Period,
    pub shape: Shape,
}

/// Where enterprises can be: what the register says today about one parcel.
#[derive(Clone, Debug)]
pub struct Site {
    pub code: ParcelCode,
    pub area_m2: Decimal,
    pub usage: Usage,
    pub supply: SupplyStatus,
    pub quarter: usize,
    pub platform: Option<usize>,
    pub since: NaiveDate,
    /// Code and area of the same land before `since`, when it came out of a split, a merge or an adjustment.
    pub before: Vec<(ParcelCode, Decimal)>,
}

pub struct Register {
    pub parcels: Vec<ParcelRow>,
    pub lineage: Vec<LineageRow>,
    pub outlines: Vec<OutlineRow>,
    pub sites: Vec<Site>,
}

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the demonstration names days that exist")
}

pub fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(4, 0, 0).expect("noon in China exists every day").and_utc()
}

/// The day from which the renumbered codes are taken as valid (see `geodata/README.md`).
pub fn merger() -> NaiveDate {
    day(2021, 4, 9)
}

/// Fills the register for the ground plan.
pub fn fill(town: &Town, dice: &mut Dice) -> Register {
    let mut clerk = Clerk { dice, serials: [0; QUARTERS.len()], register: empty(town) };
    let history = History::find(town);
    for (index, lot) in town.lots.iter().enumerate() {
        match history.role(index) {
            Role::Ordinary => clerk.ordinary(lot),
            Role::SplitPair(other) => clerk.split(lot, &town.lots[other]),
            Role::MergePair(other) => clerk.merge(lot, &town.lots[other]),
            Role::StripTrio => clerk.adjust(&town.lots[index..index + 3]),
            Role::Retired => clerk.retire(lot),
            Role::Done => {}
        }
    }
    clerk.mark_areas();
    clerk.correct_one();
    clerk.register
}

fn empty(town: &Town) -> Register {
    let mut outlines = vec![OutlineRow {
        kind: "district",
        code: "330105".into(),
        name: super::DISTRICT_NAME.into(),
        valid: Period::since(day(2010, 1, 1)),
        shape: town.district.clone(),
    }];
    for (quarter, shape) in QUARTERS.iter().zip(&town.quarters) {
        let mut outline = |code: &str, valid| {
            let name = quarter.name.into();
            outlines.push(OutlineRow { kind: "subdistrict", code: code.into(), name, valid, shape: shape.clone() });
        };
        outline(quarter.former_code, Period::between(day(2010, 1, 1), merger()));
        outline(quarter.code, Period::since(merger()));
    }
    for (name, shape) in PLATFORMS.iter().zip(&town.platforms) {
        let valid = Period::since(day(2018, 1, 1));
        let (code, name) = (name.to_string(), name.to_string());
        outlines.push(OutlineRow { kind: "platform", code, name, valid, shape: shape.clone() });
    }
    Register { parcels: Vec::new(), lineage: Vec::new(), outlines, sites: Vec::new() }
}

struct Clerk<'a> {
    dice: &'a mut Dice,
    serials: [u32; QUARTERS.len()],
    register: Register,
}

impl Clerk<'_> {
    fn next_code(&mut self, quarter: usize, former: bool) -> ParcelCode {
        let serial = &mut self.serials[quarter];
        *serial += 1;
        let prefix = if former { QUARTERS[quarter].former_code } else { QUARTERS[quarter].code };
        let zone = *serial / 40 + 1;
        format!("{prefix}{zone:03}GB{serial:05}").parse().expect("the parts make a parcel code")
    }

    /// Writes one version. Codes of the new county cannot be older than the merger.
    fn write(&mut self, code: &ParcelCode, lot: &Lot, shape: Shape, valid: Period, reason: &str) -> usize {
        let usage = usage_of(lot, self.dice);
        let plane_m2 = shape.area();
        let scheme = if self.dice.chance(0.35) { LAND_USE_PLANNING } else { LAND_USE_SURVEY };
        let register_day = valid.from.unwrap_or(merger());
        let registered = CrossWalk::embedded().resolve_subdistrict(code.registered_subdistrict(), day(2024, 12, 31));
        self.register.parcels.push(ParcelRow {
            code: code.clone(),
            valid,
            name: Some(format!("{}示例地块{}号", QUARTERS[lot.quarter].name, &code.as_str()[14..])),
            official_m2: Some(plane_m2.round_dp(2)),
            plane_m2,
            land_use: (!self.dice.chance(0.01)).then(|| (scheme, usage.land_use(scheme))),
            supply: supply_of(usage, self.dice),
            subdistrict: QUARTERS[lot.quarter].code.into(),
            registered_subdistrict: registered.code().unwrap_or(code.registered_subdistrict()).into(),
            reason: reason.into(),
            recorded_at: noon(register_day),
            superseded_at: None,
            shape,
        });
        if valid.until.is_none() {
            self.open_site(lot, usage);
        }
        self.register.parcels.len() - 1
    }

    fn open_site(&mut self, lot: &Lot, usage: Usage) {
        let Some(row) = self.register.parcels.last() else { return };
        self.register.sites.push(Site {
            code: row.code.clone(),
            area_m2: row.official_m2.unwrap_or(row.plane_m2),
            usage,
            supply: row.supply,
            quarter: lot.quarter,
            platform: lot.platform,
            since: row.valid.from.unwrap_or(merger()),
            before: Vec::new(),
        });
    }

    fn ordinary(&mut self, lot: &Lot) {
        let former = self.dice.chance(0.1);
        // A few parcels are registered next door to where they lie; the register says so.
        let quarter = if self.dice.chance(0.012) { (lot.quarter + 1) % QUARTERS.len() } else { lot.quarter };
        let code = self.next_code(quarter, former);
        let since = if former {
            day(2009 + self.dice.below(11) as i32, 1 + self.dice.below(12) as u32, 1 + self.dice.below(28) as u32)
        } else {
            merger()
        };
        self.write(&code, lot, lot.shape(), Period::since(since), "初始登记");
    }

    fn split(&mut self, first: &Lot, second: &Lot) {
        let on = day(2023, 7, 1);
        let before = self.next_code(first.quarter, true);
        let whole = Shape::of(&[&first.pieces[..], &second.pieces[..]].concat());
        let parent = self.write(&before, first, whole, Period::between(day(2012, 5, 1), on), "初始登记");
        self.register.parcels[parent].supply = SupplyStatus::InUse;
        for lot in [first, second] {
            let code = self.next_code(lot.quarter, false);
            let row = self.write(&code, lot, lot.shape(), Period::since(on), "宗地分割");
            self.put_to_industry(row);
            let area = self.register.parcels[row].plane_m2.round_dp(2);
            self.held_before(vec![(before.clone(), area)]);
            self.link(LineageKind::Split, &before, &code, on, "按出让合同分割为两宗");
        }
    }

    fn merge(&mut self, first: &Lot, second: &Lot) {
        let on = day(2024, 3, 1);
        let after = self.next_code(first.quarter, false);
        let mut before = Vec::new();
        for lot in [first, second] {
            let code = self.next_code(lot.quarter, false);
            let row = self.write(&code, lot, lot.shape(), Period::between(merger(), on), "初始登记");
            before.push((code.clone(), self.register.parcels[row].plane_m2.round_dp(2)));
            self.link(LineageKind::Merge, &code, &after, on, "同一权利人相邻宗地合并");
        }
        let whole = Shape::of(&[&first.pieces[..], &second.pieces[..]].concat());
        let row = self.write(&after, first, whole, Period::since(on), "宗地合并");
        self.put_to_industry(row);
        self.held_before(before);
    }

    fn held_before(&mut self, parcels: Vec<(ParcelCode, Decimal)>) {
        self.register.sites.last_mut().expect("a site was just opened").before = parcels;
    }

    /// The middle strip passes from the first parcel to the last one.
    fn adjust(&mut self, lots: &[Lot]) {
        let on = day(2023, 10, 1);
        let with = |a: &Lot, b: &Lot| Shape::of(&[&a.pieces[..], &b.pieces[..]].concat());
        let [giver, strip, taker] = lots else { return };
        let codes = [self.next_code(giver.quarter, false), self.next_code(taker.quarter, false)];
        let until = Period::between(merger(), on);
        let histories = [
            (&codes[0], giver, with(giver, strip), giver.shape()),
            (&codes[1], taker, taker.shape(), with(taker, strip)),
        ];
        for (code, lot, old, new) in histories {
            let held = (code.clone(), old.area().round_dp(2));
            self.write(code, lot, old, until, "初始登记");
            self.write(code, lot, new, Period::since(on), "界址调整");
            self.held_before(vec![held]);
        }
        self.link(LineageKind::Adjust, &codes[0], &codes[1], on, "相邻宗地调整界址");
    }

    fn retire(&mut self, lot: &Lot) {
        let code = self.next_code(lot.quarter, true);
        self.write(&code, lot, lot.shape(), Period::between(day(2011, 3, 1), day(2022, 9, 1)), "收回后用于道路建设");
    }

    fn put_to_industry(&mut self, row: usize) {
        let row = &mut self.register.parcels[row];
        row.land_use = Some((LAND_USE_SURVEY, Usage::Industry.land_use(LAND_USE_SURVEY)));
        row.supply = SupplyStatus::InUse;
        let site = self.register.sites.last_mut().expect("a site was just opened");
        (site.usage, site.supply) = (Usage::Industry, SupplyStatus::InUse);
    }

    fn link(&mut self, kind: LineageKind, from: &ParcelCode, to: &ParcelCode, on: NaiveDate, reason: &'static str) {
        let (predecessor, successor) = (from.clone(), to.clone());
        self.register.lineage.push(LineageRow { kind, predecessor, successor, on, reason });
    }

    /// A few registered areas differ a little from the measured ones, one by far too much, two are missing.
    fn mark_areas(&mut self) {
        let differences = [dec!(0.42), dec!(-0.35), dec!(0.8), dec!(-0.9), dec!(0.15), dec!(-0.6)];
        let mut rows =
            self.register.parcels.iter_mut().rev().filter(|row| row.reason == "初始登记" && row.valid.until.is_none());
        for (difference, row) in differences.iter().zip(&mut rows) {
            row.official_m2 = row.official_m2.map(|area| area + difference);
        }
        if let Some(row) = rows.next() {
            row.official_m2 = row.official_m2.map(|area| (area * dec!(1.004)).round_dp(2) + dec!(2));
        }
        rows.take(2).for_each(|row| row.official_m2 = None);
        for site in &mut self.register.sites {
            let row = self.register.parcels.iter().rfind(|row| row.code == site.code);
            site.area_m2 = row.and_then(|row| row.official_m2).unwrap_or(site.area_m2);
        }
    }

    /// One registered area was written down with two digits swapped and put right half a year later.
    fn correct_one(&mut self) {
        let written = noon(day(2022, 3, 1));
        let corrected = noon(day(2022, 9, 15));
        let Some(row) = self.register.parcels.iter_mut().find(|row| row.valid == Period::since(merger())) else {
            return;
        };
        let mut wrong = row.clone();
        wrong.official_m2 = row.official_m2.map(|area| area + dec!(900));
        (wrong.recorded_at, wrong.superseded_at) = (written, Some(corrected));
        (row.recorded_at, row.reason) = (corrected, "更正：登记面积录入有误".into());
        self.register.parcels.push(wrong);
    }
}

/// SHA-256 over the parts of an invented record, each closed by a zero byte.
pub fn fingerprint(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}
