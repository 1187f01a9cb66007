//! A use of land as it is typed.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Paper, Read, day, paper, reader, uscc};
use crate::base::code::{CodeError, ParcelCode};
use crate::base::conversion::Dimension;
use crate::base::period::Period;
use crate::base::text::Seen;
use crate::base::unit::Mu;
use crate::enterprise::{HoldingSide, OccupancyKind, Use, wording};
use crate::exchange::{Fault, FaultCode};
use crate::web::form::{Reader, field};

/// A use of land as somebody types it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = OccupancyTyped)]
pub struct OccupancyForm {
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

/// Land and floor area.
type Areas = (Option<Mu>, Option<Decimal>);

impl OccupancyForm {
    pub fn confirmed(&self) -> bool {
        !self.confirm.is_blank()
    }

    pub fn effective_on(&self) -> Read<NaiveDate> {
        day(field!(self.effective_on, "生效日期"))
    }

    pub fn last(&self) -> Read<NaiveDate> {
        day(field!(self.last, "最后一日"))
    }

    pub fn paper(&self) -> Read<Paper> {
        paper(field!(self.source, "依据文件"), field!(self.reason, "原因"))
    }

    /// Land and floor area, and what only a person can wave through about them.
    pub fn areas(&self, owned: bool) -> Read<(Option<Mu>, Option<Decimal>, Vec<Fault>)> {
        let mut reader = reader();
        let (land, floor) = self.land_and_floor(&mut reader);
        reader.finish(Some((land, floor, land_doubts((land, floor), owned))))
    }

    fn land_and_floor(&self, reader: &mut Reader) -> Areas {
        let land = reader.land(field!(self.area_m2, "土地面积（平方米）"), field!(self.area_mu, "土地面积（亩）"));
        (land, reader.measure(field!(self.floor_area_m2, "建筑面积"), (Dimension::Area, "平方米")))
    }

    /// The enterprise that tells it, the use, and what only a person can wave through.
    pub fn read(&self) -> Read<(String, Use, Vec<Fault>)> {
        let mut reader = reader();
        let teller = reader.take(uscc(&self.uscc)).map(|(code, _)| code);
        let side: Option<HoldingSide> = reader.needs(field!(self.side, "使用方式"), "自有、租入、租出或其他");
        let counterpart = self.counterpart(side, teller.as_deref(), &mut reader);
        let parcel = self.parcel(&mut reader);
        let valid = self.period(&mut reader);
        let (land, floor_area_m2) = self.land_and_floor(&mut reader);
        let read = (|| {
            let (teller, side, valid) = (teller?, side?, valid?);
            let mut doubts = land_doubts((land, floor_area_m2), side == HoldingSide::Owned);
            doubts.extend(parcel.is_none().then(|| wording::parcel_missing().at_field("parcel")));
            let (occupant, lessor) = match side {
                HoldingSide::LeasedOut => (counterpart, Some(teller.clone())),
                _ => (Some(teller.clone()), counterpart),
            };
            let kind = OccupancyKind::of(side);
            Some((teller, Use { parcel, kind, occupant, lessor, land, floor_area_m2, valid }, doubts))
        })();
        reader.finish(read)
    }

    fn counterpart(&self, side: Option<HoldingSide>, teller: Option<&str>, reader: &mut Reader) -> Option<String> {
        let field = field!(self.counterpart, "对方信用代码");
        let text = field.given()?;
        if side.is_some_and(|side| OccupancyKind::of(side) != OccupancyKind::Leased) {
            reader.push(field.fault(FaultCode::ValueUnknown, wording::NO_COUNTERPART));
            return None;
        }
        let here = |fault: Fault| Fault { place: field.name.to_owned(), ..fault };
        let (code, _) = reader.take(uscc(text).map_err(|faults| faults.into_iter().map(here).collect()))?;
        if teller == Some(code.as_str()) {
            reader.push(wording::counterpart_is_self().at_field(field.name));
        }
        Some(code)
    }

    fn parcel(&self, reader: &mut Reader) -> Option<String> {
        let field = field!(self.parcel, "宗地代码");
        let text = field.given()?;
        let fault = match text.to_ascii_uppercase().parse::<ParcelCode>() {
            Ok(code) => return Some(code.into()),
            Err(CodeError::ParcelWithBuilding(text)) => wording::parcel_with_building(&text),
            Err(_) => wording::parcel_invalid(text),
        };
        reader.push(fault.at_field(field.name));
        None
    }

    /// The last day that is typed still counts; the register's end is the first that does not.
    fn period(&self, reader: &mut Reader) -> Option<Period> {
        let from = reader.needs_day(field!(self.since, "起始日期"));
        let last = reader.day(field!(self.last, "最后一日"));
        if let (Some(from), Some(last)) = (from, last)
            && last < from
        {
            reader.push(wording::period_empty(from, last).at_field("last"));
        }
        Some(Period { from: Some(from?), until: last.and_then(|day| day.succ_opt()) })
    }
}

fn land_doubts((land, floor): Areas, owned: bool) -> Vec<Fault> {
    let missing = land.is_none() && (floor.is_none() || owned);
    missing.then(|| wording::land_missing().at_field("area_m2")).into_iter().collect()
}
