//! One row of the table of occupancies into its staging row.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::base::code::{CodeError, ParcelCode};
use crate::base::unit::Mu;
use crate::db::copy::CopyRows;
use crate::enterprise::{HoldingSide, OccupancyKind};
use crate::exchange::table::Layout;
use crate::exchange::{Fault, TableRow, Unreadable};
use crate::importing::table_stage::uscc::{self, ReadUscc};
use crate::importing::table_stage::{RowReader, day};
use crate::importing::table_wording as wording;

pub struct Reader {
    /// The first day of rows that name none.
    pub as_of: Option<NaiveDate>,
}

impl RowReader for Reader {
    fn look_at(&mut self, _: &Layout) -> Result<Vec<Fault>, Unreadable> {
        Ok(Vec::new())
    }

    fn stage(&mut self, row: &TableRow, faults: &mut Vec<Fault>, rows: &mut CopyRows) {
        let teller = uscc::read(row, "uscc", faults);
        let side = side(row, faults);
        let counterpart = counterpart(row, side, teller.as_ref(), faults);
        let parcel = parcel(row, faults);
        let floor_area = floor_area(row, faults);
        let land = land(row, side, floor_area, faults);
        let (since, until) = self.period(row, faults);
        let teller = teller.map(|uscc| uscc.code);
        let (occupant, lessor) = match side {
            Some(HoldingSide::LeasedOut) => (counterpart.as_deref(), teller.as_deref()),
            _ => (teller.as_deref(), counterpart.as_deref()),
        };
        rows.plain(row.record).plain(row.line).plain(faults.iter().any(Fault::is_error));
        rows.optional_text(teller.as_deref()).optional(parcel).optional(side.map(HoldingSide::code));
        rows.optional(side.map(|side| OccupancyKind::of(side).code())).optional_text(occupant).optional_text(lessor);
        rows.optional(land)
            .optional(floor_area)
            .optional(since)
            .optional(until)
            .plain(row.never_ends("last"))
            .end_row();
    }
}

impl Reader {
    /// The last day of the table still counts; the register's end is the first that does not.
    fn period(&self, row: &TableRow, faults: &mut Vec<Fault>) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let before = faults.len();
        let since = day::read(row, "since", faults).or(self.as_of);
        if since.is_none() && faults.len() == before {
            faults.push(wording::value_missing("起始日期", "不知道从哪一天起使用"));
        }
        let last = day::read(row, "last", faults);
        if let (Some(since), Some(last)) = (since, last)
            && last < since
        {
            faults.push(wording::period_empty(since, last));
        }
        (since, last.and_then(|day| day.succ_opt()))
    }
}

fn side(row: &TableRow, faults: &mut Vec<Fault>) -> Option<HoldingSide> {
    let text = row.text("side", faults)?;
    let side = match text.as_str() {
        "承租" | "租用" => Some(HoldingSide::LeasedIn),
        "出租" => Some(HoldingSide::LeasedOut),
        "自用" | "自有用地" => Some(HoldingSide::Owned),
        other => HoldingSide::parse(other),
    };
    if side.is_none() {
        faults.push(wording::value_unknown("使用方式", &text, "自有、租入、租出或其他"));
    }
    side
}

fn counterpart(
    row: &TableRow,
    side: Option<HoldingSide>,
    teller: Option<&ReadUscc>,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let code = uscc::read(row, "counterpart", faults)?.code;
    if side.is_some_and(|side| OccupancyKind::of(side) != OccupancyKind::Leased) {
        faults.push(wording::counterpart_ignored());
        return None;
    }
    if teller.is_some_and(|teller| teller.code == code) {
        faults.push(wording::counterpart_is_self());
    }
    Some(code)
}

fn parcel(row: &TableRow, faults: &mut Vec<Fault>) -> Option<ParcelCode> {
    let before = faults.len();
    let Some(text) = row.text("parcel", faults) else {
        if faults.len() == before {
            faults.push(wording::parcel_missing());
        }
        return None;
    };
    match text.to_ascii_uppercase().parse() {
        Ok(code) => return Some(code),
        Err(CodeError::ParcelWithBuilding(text)) => faults.push(wording::parcel_with_building(&text)),
        Err(_) => faults.push(wording::parcel_invalid(&text)),
    }
    None
}

fn floor_area(row: &TableRow, faults: &mut Vec<Fault>) -> Option<Decimal> {
    let area = row.measure("floor_area", faults)?;
    if area.is_zero() {
        faults.push(wording::floor_zero());
    } else if area.is_sign_negative() {
        faults.push(wording::negative("建筑面积", area));
    }
    Some(area)
}

/// A lease may be stated by its floor area alone; land that is owned always has an area.
fn land(row: &TableRow, side: Option<HoldingSide>, floor_area: Option<Decimal>, faults: &mut Vec<Fault>) -> Option<Mu> {
    let before = faults.len();
    let land = row.land("area", faults);
    match land {
        None if faults.len() == before && (floor_area.is_none() || side == Some(HoldingSide::Owned)) => {
            faults.push(wording::land_missing());
        }
        Some(land) if land.is_zero() => faults.push(wording::land_zero()),
        Some(land) if land.is_negative() => faults.push(wording::negative("用地面积", land.stated())),
        _ => {}
    }
    land
}
