//! A use of land as it is typed.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Paper, Read, day, given, measure, needed_day, paper, settle, term, uscc};
use crate::base::code::{CodeError, ParcelCode};
use crate::base::conversion::Dimension;
use crate::base::period::Period;
use crate::base::unit::Mu;
use crate::enterprise::{HoldingSide, OccupancyKind, Use, wording};
use crate::exchange::{Fault, FaultCode};

/// A use of land as somebody types it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OccupancyTyped {
    /// Credit code of the enterprise that it is told of.
    pub uscc: String,
    /// `owned`, `leased_in`, `leased_out` or `other`.
    pub side: String,
    /// The other side of a lease; empty when it is not on record.
    pub counterpart: String,
    /// Parcel code, 19 characters.
    pub parcel: String,
    /// Land, in square metres or in mu: it is kept as it is stated. Both only where they are the same.
    pub area_m2: String,
    pub area_mu: String,
    pub floor_area_m2: String,
    pub since: String,
    /// The last day that still counts; empty while it goes on.
    pub last: String,
    /// First day of a changed area.
    pub effective_on: String,
    pub source: String,
    pub reason: String,
    /// `1`: the person who sends it has seen the warnings and vouches for it all the same.
    pub confirm: String,
}

impl OccupancyTyped {
    pub fn confirmed(&self) -> bool {
        given(&self.confirm).is_some()
    }

    pub fn effective_on(&self) -> Read<NaiveDate> {
        needed_day(&self.effective_on, "生效日期")
    }

    pub fn last(&self) -> Read<NaiveDate> {
        needed_day(&self.last, "最后一日")
    }

    pub fn paper(&self) -> Read<Paper> {
        paper(&self.source, &self.reason)
    }

    /// Land and floor area, and what only a person can wave through about them.
    pub fn areas(&self, owned: bool) -> Read<(Option<Mu>, Option<Decimal>, Vec<Fault>)> {
        let (mut faults, mut warnings) = (Vec::new(), Vec::new());
        let land = self.land(&mut faults);
        let floor = measure(&self.floor_area_m2, "建筑面积", (Dimension::Area, "平方米"), &mut faults);
        if land.is_none() && (floor.is_none() || owned) {
            warnings.push(wording::land_missing());
        }
        settle(Some((land, floor, warnings)), faults)
    }

    fn land(&self, faults: &mut Vec<Fault>) -> Option<Mu> {
        let metres = measure(&self.area_m2, "土地面积（平方米）", (Dimension::Land, "平方米"), faults);
        let mu = measure(&self.area_mu, "土地面积（亩）", (Dimension::Land, "亩"), faults);
        if metres.zip(mu).is_some_and(|(metres, mu)| metres != mu) {
            faults.push(wording::land_stated_twice());
        }
        metres.or(mu).map(Mu)
    }

    /// The enterprise that tells it, the use, and what only a person can wave through.
    pub fn told(&self) -> Read<(String, Use, Vec<Fault>)> {
        let mut faults = Vec::new();
        let teller = uscc(&self.uscc).map_err(|found| faults.extend(found)).ok().map(|(code, _)| code);
        let before = faults.len();
        let side = term::<HoldingSide>(&self.side, "使用方式", "自有、租入、租出或其他", &mut faults);
        if side.is_none() && faults.len() == before {
            faults.push(wording::value_missing("使用方式", "须写明自有、租入、租出或其他"));
        }
        let counterpart = self.counterpart(side, teller.as_deref(), &mut faults);
        let parcel = self.parcel(&mut faults);
        let valid = self.period().map_err(|found| faults.extend(found)).ok();
        let areas = self.areas(side == Some(HoldingSide::Owned)).map_err(|found| faults.extend(found)).ok();
        if let (Some(teller), Some(side), Some(valid), Some((land, floor_area_m2, mut warnings))) =
            (teller, side, valid, areas)
            && faults.is_empty()
        {
            if parcel.is_none() {
                warnings.push(wording::parcel_missing());
            }
            let (occupant, lessor) = match side {
                HoldingSide::LeasedOut => (counterpart, Some(teller.clone())),
                _ => (Some(teller.clone()), counterpart),
            };
            let kind = OccupancyKind::of(side);
            return Ok((teller, Use { parcel, kind, occupant, lessor, land, floor_area_m2, valid }, warnings));
        }
        Err(faults)
    }

    fn counterpart(&self, side: Option<HoldingSide>, teller: Option<&str>, faults: &mut Vec<Fault>) -> Option<String> {
        let text = given(&self.counterpart)?;
        if side.is_some_and(|side| OccupancyKind::of(side) != OccupancyKind::Leased) {
            faults.push(Fault::error(FaultCode::ValueUnknown, "只有租入、租出才填对方信用代码。请核对使用方式。"));
            return None;
        }
        let (code, _) = uscc(text).map_err(|found| faults.extend(found)).ok()?;
        if teller == Some(code.as_str()) {
            faults.push(wording::counterpart_is_self());
        }
        Some(code)
    }

    fn parcel(&self, faults: &mut Vec<Fault>) -> Option<String> {
        let text = given(&self.parcel)?;
        match text.to_ascii_uppercase().parse::<ParcelCode>() {
            Ok(code) => return Some(code.into()),
            Err(CodeError::ParcelWithBuilding(text)) => faults.push(wording::parcel_with_building(&text)),
            Err(_) => faults.push(wording::parcel_invalid(text)),
        }
        None
    }

    /// The last day that is typed still counts; the register's end is the first that does not.
    fn period(&self) -> Read<Period> {
        let from = needed_day(&self.since, "起始日期");
        let mut faults = Vec::new();
        let last = day(&self.last, "最后一日", &mut faults);
        match (from, last) {
            (Ok(from), Some(last)) if last < from => faults.push(wording::period_empty(from, last)),
            (Ok(from), last) if faults.is_empty() => {
                return Ok(Period { from: Some(from), until: last.and_then(|day| day.succ_opt()) });
            }
            (from, _) => faults.extend(from.err().into_iter().flatten()),
        }
        Err(faults)
    }
}
