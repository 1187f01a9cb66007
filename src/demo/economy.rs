//! Enterprises of the invented town and the land they hold: owners first, then those who rent from them.

use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use rust_decimal_macros::dec;

use super::names;
use super::quarter::{PLATFORMS, QUARTERS};
use super::random::Dice;
use super::register::{Site, day, noon};
use super::usage::Usage;
use crate::base::code::{ParcelCode, Uscc};
use crate::base::period::Period;
use crate::codelist::Industry;
use crate::enterprise::{EnterpriseState, OccupancyKind, Sector, SizeClass};
use crate::parcel::SupplyStatus;

pub const ENTERPRISES: usize = 800;

#[derive(Clone, Debug)]
pub struct EnterpriseRow {
    pub uscc: Uscc,
    pub confirmed_by: Option<&'static str>,
    pub valid: Period,
    pub name: String,
    pub industry: Industry,
    pub sector: Sector,
    pub size: SizeClass,
    pub high_tech: Option<bool>,
    pub platform: Option<&'static str>,
    pub subdistrict: Option<&'static str>,
    pub state: EnterpriseState,
    pub established_on: NaiveDate,
    pub above_size_since: Option<NaiveDate>,
    /// Construction of a major project, from its first day to its recognised last.
    pub project: Option<(NaiveDate, NaiveDate)>,
    pub reason: &'static str,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
pub struct OccupancyRow {
    pub parcel: Option<ParcelCode>,
    pub kind: OccupancyKind,
    pub occupant: Option<Uscc>,
    pub lessor: Option<Uscc>,
    pub area_m2: Option<Decimal>,
    pub floor_m2: Option<Decimal>,
    pub valid: Period,
}

/// An enterprise while the town is being peopled.
pub struct Firm {
    pub row: EnterpriseRow,
    pub supply: SupplyStatus,
    /// The first day on which it was no longer there.
    pub gone_on: Option<NaiveDate>,
    pub tenant: bool,
}

#[derive(Default)]
pub struct Economy {
    pub firms: Vec<Firm>,
    pub occupancies: Vec<OccupancyRow>,
}

pub fn settle(sites: &[Site], dice: &mut Dice) -> Economy {
    let mut economy = Economy::default();
    let open = |site: &&Site| site.usage.is_business() && site.supply != SupplyStatus::ApprovedNotSupplied;
    let mut business: Vec<&Site> = sites.iter().filter(open).collect();
    // Here and there the owner is nobody in the register: a collective, a person.
    let mut place = 0;
    let strangers = |site: &mut &Site| {
        place += 1;
        place % 22 == 13 && site.supply == SupplyStatus::InUse && site.before.is_empty()
    };
    let unowned: Vec<&Site> = business.extract_if(.., strangers).collect();
    let mut owners = Vec::with_capacity(business.len());
    for (place, site) in business.iter().enumerate() {
        let neighbour = place.checked_sub(1).filter(|&before| business[before].quarter == site.quarter);
        let same = neighbour.filter(|_| site.before.is_empty() && dice.chance(0.14)).map(|before| owners[before]);
        let owner = same.unwrap_or_else(|| economy.found(site, false, dice));
        economy.own(owner, site);
        owners.push(owner);
    }
    economy.let_out(&business, &owners, &unowned, dice);
    economy.claim_twice(&business, &owners);
    economy
}

impl Economy {
    fn found(&mut self, site: &Site, tenant: bool, dice: &mut Dice) -> usize {
        let number = self.firms.len() + 1;
        let usage = if tenant && dice.chance(0.25) { Usage::Research } else { site.usage };
        let industry = names::industry_for(usage, dice);
        let established_on = if tenant && number.is_multiple_of(23) {
            day(2023 + dice.below(2) as i32, 2 + dice.below(10) as u32, 1 + dice.below(28) as u32)
        } else {
            day(1996 + dice.below(22) as i32, 1 + dice.below(12) as u32, 1 + dice.below(28) as u32)
        };
        let pilot = number == 5;
        let row = EnterpriseRow {
            uscc: if pilot { names::pilot_uscc(number) } else { names::uscc(number) },
            confirmed_by: pilot.then_some("区市场监管局数据管理员"),
            valid: Period::since(established_on.max(day(2016, 1, 1))),
            name: names::name(number, &industry),
            sector: names::sector_of(&industry),
            industry,
            size: SizeClass::Below,
            high_tech: (!dice.chance(0.03)).then(|| dice.chance(0.22)),
            platform: site.platform.map(|index| PLATFORMS[index]),
            subdistrict: Some(QUARTERS[site.quarter].code),
            state: EnterpriseState::Operating,
            established_on,
            above_size_since: None,
            project: None,
            reason: "初始登记",
            recorded_at: noon(established_on.max(day(2019, 3, 1))),
            superseded_at: None,
        };
        let supply = if tenant { SupplyStatus::InUse } else { site.supply };
        let gone = tenant && number % 20 == 6;
        let gone_on = gone.then(|| day(2023 + (number / 20 % 2) as i32, 4 + (number / 20 % 6) as u32, 1));
        self.firms.push(Firm { row, supply, gone_on: gone_on.filter(|day| *day > established_on), tenant });
        number - 1
    }

    fn own(&mut self, owner: usize, site: &Site) {
        let occupant = self.firms[owner].row.uscc.clone();
        let owned = |parcel: &ParcelCode, area: Decimal, valid| OccupancyRow {
            parcel: Some(parcel.clone()),
            kind: OccupancyKind::Owned,
            occupant: Some(occupant.clone()),
            lessor: None,
            area_m2: Some(area),
            floor_m2: None,
            valid,
        };
        let earlier =
            site.before.iter().map(|(code, area)| owned(code, *area, Period::between(day(2021, 4, 9), site.since)));
        let rows: Vec<OccupancyRow> =
            earlier.chain([owned(&site.code, site.area_m2, Period::since(site.since))]).collect();
        self.occupancies.extend(rows);
    }

    /// Fills the town up with tenants of shared sites; every platform site is shared.
    fn let_out(&mut self, business: &[&Site], owners: &[usize], unowned: &[&Site], dice: &mut Dice) {
        let shared: Vec<usize> = (0..business.len())
            .filter(|&i| {
                let site = business[i];
                let open = matches!(site.supply, SupplyStatus::InUse | SupplyStatus::LowEfficiency);
                open && site.before.is_empty() && (site.platform.is_some() || dice.chance(0.36))
            })
            .collect();
        let tenants = ENTERPRISES.saturating_sub(self.firms.len());
        let each = tenants.div_ceil(shared.len().max(1)) as f64;
        let mut strangers = unowned.iter();
        for tenant in 0..tenants {
            if let Some(site) = (tenant % 30 == 8).then(|| strangers.next()).flatten() {
                self.rent_from_stranger(tenant, site, dice);
                continue;
            }
            let place = shared[tenant % shared.len()];
            let site = business[place];
            let firm = self.found(site, true, dice);
            let share = dice.between(0.35, 1.0) * 0.85 / each;
            let area = (site.area_m2 * Decimal::from_f64(share).unwrap_or_default()).round_dp(2);
            self.rent(tenant, firm, site, owners[place], area, dice);
        }
    }

    fn rent(&mut self, tenant: usize, firm: usize, site: &Site, owner: usize, area: Decimal, dice: &mut Dice) {
        let known = &self.firms[firm];
        let start = lease_start(dice);
        let start = if known.gone_on.is_some() { day(2021, 5, 1) } else { start };
        let from = known.row.established_on.max(site.since).max(start);
        let mut lease = OccupancyRow {
            parcel: Some(site.code.clone()),
            kind: OccupancyKind::Leased,
            occupant: Some(known.row.uscc.clone()),
            lessor: Some(self.firms[owner].row.uscc.clone()),
            area_m2: Some(area),
            floor_m2: None,
            valid: Period { from: Some(from), until: known.gone_on },
        };
        match tenant {
            // A desk in somebody's building: no land, but floor area.
            t if t % 14 == 3 => {
                lease.area_m2 = Some(Decimal::ZERO);
                lease.floor_m2 = Decimal::from_f64(dice.between(120.0, 3_000.0)).map(|area| area.round_dp(1));
            }
            t if t % 150 == 12 => lease.area_m2 = None,
            t if t % 90 == 20 => return,
            t if t % 26 == 5 && known.gone_on.is_none() => return self.sublet(lease, firm),
            _ => {}
        }
        self.occupancies.push(lease);
    }

    /// Land of somebody the register does not know: rented, or used in another way.
    fn rent_from_stranger(&mut self, tenant: usize, site: &Site, dice: &mut Dice) {
        let firm = self.found(site, true, dice);
        let known = &self.firms[firm];
        let kind = if tenant.is_multiple_of(4) { OccupancyKind::Other } else { OccupancyKind::Leased };
        self.occupancies.push(OccupancyRow {
            parcel: Some(site.code.clone()),
            kind,
            occupant: Some(known.row.uscc.clone()),
            lessor: None,
            area_m2: Some((site.area_m2 * dec!(0.7)).round_dp(2)),
            floor_m2: None,
            valid: Period {
                from: Some(known.row.established_on.max(site.since).max(day(2021, 5, 1))),
                until: known.gone_on,
            },
        });
    }

    /// The newcomer rents from the last tenant, who rents from the owner.
    fn sublet(&mut self, mut lease: OccupancyRow, newcomer: usize) {
        let newcomer = &self.firms[newcomer].row.uscc;
        let plain = |row: &&OccupancyRow| {
            row.kind == OccupancyKind::Leased
                && row.lessor.is_some()
                && row.valid.until.is_none()
                && row.area_m2.is_some_and(|area| area > dec!(200))
        };
        if let Some(main) = self.occupancies.iter().rev().find(plain) {
            lease.parcel.clone_from(&main.parcel);
            lease.lessor.clone_from(&main.occupant);
            lease.occupant = Some(newcomer.clone());
            lease.area_m2 = main.area_m2.map(|area| (area * dec!(0.4)).round_dp(2));
            lease.valid.from = lease.valid.from.max(main.valid.from);
        }
        self.occupancies.push(lease);
    }

    /// One parcel is claimed by two owners, so that the sum on it exceeds its area.
    fn claim_twice(&mut self, business: &[&Site], owners: &[usize]) {
        let first = (0..business.len()).find(|&i| business[i].before.is_empty() && owners[i] != owners[0]);
        if let Some(place) = first {
            let (site, other) = (business[place], owners[0]);
            self.own(other, &Site { area_m2: (site.area_m2 * dec!(0.3)).round_dp(2), ..site.clone() });
        }
    }
}

/// Leases begin at any time of the year; many on the first of July.
fn lease_start(dice: &mut Dice) -> NaiveDate {
    match dice.below(10) {
        0 => day(2022, 7, 1),
        1 => day(2023, 7, 1),
        2 => day(2024, 1, 1) + Days::new(dice.below(200) as u64),
        _ => day(2020, 1, 1) + Days::new(dice.below(360) as u64),
    }
}

/// Names change, firms move away or close, one entry was wrong: the versions that come of it.
pub fn histories(firms: &[Firm], dice: &mut Dice) -> Vec<EnterpriseRow> {
    let mut rows = Vec::with_capacity(firms.len() + 60);
    for (index, firm) in firms.iter().enumerate() {
        let mut row = firm.row.clone();
        if index % 37 == 7 && row.established_on < day(2020, 1, 1) && firm.gone_on.is_none() {
            rows.push(EnterpriseRow {
                name: names::name(ENTERPRISES + 1 + index / 37, &row.industry),
                valid: Period { from: row.valid.from, until: Some(day(2023, 6, 15)) },
                ..row.clone()
            });
            (row.valid, row.reason, row.recorded_at) =
                (Period::since(day(2023, 6, 15)), "名称变更", noon(day(2023, 6, 20)));
        }
        if index == 40 {
            let corrected = noon(day(2022, 8, 1));
            let industry = names::industry_for(Usage::Shops, dice);
            let sector = names::sector_of(&industry);
            rows.push(EnterpriseRow { industry, sector, superseded_at: Some(corrected), ..row.clone() });
            (row.reason, row.recorded_at) = ("更正：行业代码录入有误", corrected);
        }
        if let Some(gone) = firm.gone_on {
            rows.push(EnterpriseRow { valid: Period { from: row.valid.from, until: Some(gone) }, ..row.clone() });
            let (state, reason) = if index % 40 < 20 {
                (EnterpriseState::Moved, "迁出本区")
            } else {
                (EnterpriseState::Cancelled, "办理注销登记")
            };
            (row.valid, row.state, row.reason) = (Period::since(gone), state, reason);
            row.recorded_at = noon(gone);
        }
        rows.push(row);
    }
    rows
}
