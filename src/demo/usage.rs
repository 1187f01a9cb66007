//! What a lot of the invented town is used for, and how far its supply has come.

use super::quarter::QUARTERS;
use super::random::Dice;
use super::town::Lot;
use crate::codelist::LAND_USE_SURVEY;
use crate::parcel::SupplyStatus;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    Industry,
    Storage,
    Shops,
    Offices,
    Research,
    Housing,
    School,
    Utility,
    Green,
}

impl Usage {
    /// The code in the scheme; the same use has another code in the other one.
    pub fn land_use(self, scheme: &str) -> &'static str {
        let (survey, planning) = match self {
            Usage::Industry => ("0601", "100101"),
            Usage::Storage => ("0604", "110101"),
            Usage::Shops => ("0501", "0901"),
            Usage::Offices => ("0505", "0902"),
            Usage::Research => ("0804", "0802"),
            Usage::Housing => ("0701", "070102"),
            Usage::School => ("0803", "0804"),
            Usage::Utility => ("0809", "1303"),
            Usage::Green => ("0810", "1401"),
        };
        if scheme == LAND_USE_SURVEY { survey } else { planning }
    }

    /// Whether enterprises that are evaluated are found there.
    pub fn is_business(self) -> bool {
        matches!(self, Usage::Industry | Usage::Storage | Usage::Shops | Usage::Offices | Usage::Research)
    }
}

const ELSEWHERE: [Usage; 14] = [
    Usage::Housing,
    Usage::Housing,
    Usage::Housing,
    Usage::Housing,
    Usage::Housing,
    Usage::Shops,
    Usage::Shops,
    Usage::Offices,
    Usage::Offices,
    Usage::School,
    Usage::Utility,
    Usage::Green,
    Usage::Research,
    Usage::Storage,
];

pub fn usage_of(lot: &Lot, dice: &mut Dice) -> Usage {
    if lot.platform.is_some() {
        return *dice.pick(&[Usage::Industry, Usage::Industry, Usage::Industry, Usage::Research, Usage::Storage]);
    }
    if dice.chance(QUARTERS[lot.quarter].industry) { Usage::Industry } else { *dice.pick(&ELSEWHERE) }
}

pub fn supply_of(usage: Usage, dice: &mut Dice) -> SupplyStatus {
    // Only land for business comes to lie idle or waits here.
    let share = if usage.is_business() { dice.unit() } else { dice.between(0.0, 0.8) };
    match share {
        ..0.80 => SupplyStatus::InUse,
        ..0.88 => SupplyStatus::LowEfficiency,
        ..0.92 => SupplyStatus::Idle,
        ..0.96 => SupplyStatus::SuppliedNotUsed,
        _ => SupplyStatus::ApprovedNotSupplied,
    }
}
