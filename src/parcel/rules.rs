//! What a redrawing of parcels must keep: a split, a merger or a moved boundary neither makes land nor loses it.
//!
//! Facts in, list of faults out. The facts are measured in the survey plane by [`super::store`].

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::LineageKind;
use crate::base::bounds::AREA;
use crate::base::unit::{SquareMetre, grouped};
use crate::exchange::{Fault, FaultCode};

/// Land that may be lost, gained or drawn twice along shared boundaries, m²: what rounding of coordinates can cause.
/// A local choice.
pub const SHAPE_TOLERANCE: SquareMetre = SquareMetre(dec!(1));

/// Land that two parcels may both claim, m², and the same as a share of the smaller: what two surveys of one border differ by.
/// Beyond either alone it is an overlap, in files as in what is drawn by hand. A local choice.
pub const OVERLAP_AREA: SquareMetre = SquareMetre(dec!(1));
pub const OVERLAP_SHARE: Decimal = dec!(0.001);

/// Whether common ground of two parcels, the smaller of which has `smaller`, is more than the noise of a survey.
pub fn is_overlap(common: SquareMetre, smaller: SquareMetre) -> bool {
    common > OVERLAP_AREA || common.0 > smaller.0 * OVERLAP_SHARE
}

/// How far registered areas may fail to add up, m², whatever the size. A local choice, the same as for imports.
pub const AREA_TOLERANCE: SquareMetre = SquareMetre(dec!(1));

/// The same as a share of the area: the larger of the two counts.
pub const AREA_TOLERANCE_SHARE: Decimal = dec!(0.001);

/// A parcel that goes into a redrawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    pub code: String,
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    /// Official area; missing when none is registered.
    pub official: Option<SquareMetre>,
    pub plane: SquareMetre,
}

/// A parcel that comes out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    pub code: String,
    pub official: SquareMetre,
    pub plane: SquareMetre,
    /// Some version on record has had this code, at any time.
    pub known: bool,
}

/// What was measured between the old and the new shapes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Old land that no new parcel covers.
    pub uncovered: SquareMetre,
    /// New land outside the old parcels.
    pub outside: SquareMetre,
    /// Places of two new parcels in the list, and the land that both claim.
    pub overlaps: Vec<(usize, usize, SquareMetre)>,
    /// The old parcels, or the new one of a merger, do not form one piece of land.
    pub scattered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redrawing {
    pub kind: LineageKind,
    pub effective_on: NaiveDate,
    pub today: NaiveDate,
    pub before: Vec<Before>,
    pub after: Vec<After>,
    pub measured: Measured,
}

/// Everything that is wrong, in the order of the form; nothing when the redrawing may stand.
pub fn check(redrawing: &Redrawing) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_counts(redrawing, &mut faults);
    check_codes(redrawing, &mut faults);
    check_dates(redrawing, &mut faults);
    check_shapes(redrawing, &mut faults);
    check_areas(redrawing, &mut faults);
    faults
}

/// The most that registered areas around `area` may differ.
pub fn area_tolerance(area: SquareMetre) -> SquareMetre {
    SquareMetre(area.0.abs() * AREA_TOLERANCE_SHARE).max(AREA_TOLERANCE)
}

/// Whether a version may end on `day`: it must have begun before, must still run, and the day must have come.
pub fn check_end(before: &Before, day: NaiveDate, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if day > today {
        let message = format!("生效日期 {day} 晚于今天（{today}），请填写已经发生的日期");
        faults.push(Fault::error(FaultCode::InFuture, message));
    }
    if let Some(since) = before.since.filter(|since| day <= *since) {
        let message = format!("生效日期须晚于宗地 {} 现行记录的起始日 {since}", before.code);
        faults.push(Fault::error(FaultCode::TooEarly, message));
    }
    if let Some(until) = before.until {
        let message = format!("宗地 {} 的这条记录已于 {until} 终止，不能再变更", before.code);
        faults.push(Fault::error(FaultCode::AlreadyEnded, message));
    }
    faults
}

fn check_counts(redrawing: &Redrawing, faults: &mut Vec<Fault>) {
    let (before, after) = (redrawing.before.len(), redrawing.after.len());
    let wrong = match redrawing.kind {
        LineageKind::Split if before != 1 || after < 2 => "分割须由一宗地分为两宗以上",
        LineageKind::Merge if before < 2 || after != 1 => "合并须由两宗以上宗地合为一宗",
        LineageKind::Adjust if before < 2 || after != before => "界址调整须在两宗以上宗地之间进行，宗地数量不变",
        _ => return,
    };
    let message = format!("{wrong}；现有原宗地 {before} 宗、新宗地 {after} 宗");
    faults.push(Fault::error(FaultCode::Count, message));
}

fn check_codes(redrawing: &Redrawing, faults: &mut Vec<Fault>) {
    for (place, parcel) in redrawing.after.iter().enumerate() {
        if redrawing.after[..place].iter().any(|other| other.code == parcel.code) {
            let message = format!("新宗地代码 {} 出现了两次", parcel.code);
            faults.push(Fault::error(FaultCode::CodeTwice, message));
        }
        let is_old = redrawing.before.iter().any(|old| old.code == parcel.code);
        match redrawing.kind {
            LineageKind::Adjust if !is_old => {
                let message = format!("界址调整不产生新代码，{} 不在原宗地之中", parcel.code);
                faults.push(Fault::error(FaultCode::CodesDiffer, message));
            }
            LineageKind::Split | LineageKind::Merge if parcel.known => {
                let message = format!("宗地代码 {} 已经使用过，注销后的代码也不再使用", parcel.code);
                faults.push(Fault::error(FaultCode::CodeTaken, message));
            }
            _ => {}
        }
    }
}

fn check_dates(redrawing: &Redrawing, faults: &mut Vec<Fault>) {
    for before in &redrawing.before {
        for fault in check_end(before, redrawing.effective_on, redrawing.today) {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
}

fn check_shapes(redrawing: &Redrawing, faults: &mut Vec<Fault>) {
    let measured = &redrawing.measured;
    let metres = |area: SquareMetre| grouped(area.0, 2);
    let limit = metres(SHAPE_TOLERANCE);
    if measured.uncovered > SHAPE_TOLERANCE {
        let area = metres(measured.uncovered);
        let message = format!("原宗地有 {area} 平方米没有划入任何新宗地（允许 {limit} 平方米）");
        faults.push(Fault::error(FaultCode::Uncovered, message));
    }
    if measured.outside > SHAPE_TOLERANCE {
        let area = metres(measured.outside);
        let message = format!("新宗地有 {area} 平方米超出原宗地（允许 {limit} 平方米）");
        faults.push(Fault::error(FaultCode::Outside, message));
    }
    for (first, second, area) in &measured.overlaps {
        let plane = |place: &usize| redrawing.after.get(*place).map_or(SquareMetre::ZERO, |parcel| parcel.plane);
        if is_overlap(*area, plane(first).min(plane(second))) {
            let code = |place: usize| redrawing.after.get(place).map_or("?", |parcel| parcel.code.as_str());
            let (first, second, area) = (code(*first), code(*second), metres(*area));
            let message = format!(
                "新宗地 {first} 与 {second} 重叠 {area} 平方米（允许 {limit} 平方米，且不超过较小者的千分之一）"
            );
            faults.push(Fault::error(FaultCode::Overlap, message));
        }
    }
    if redrawing.kind == LineageKind::Merge && measured.scattered {
        let message = "合并的宗地互不相邻，不能合为一宗";
        faults.push(Fault::error(FaultCode::Scattered, message));
    }
}

/// A shape that covers more than any parcel does.
pub fn vast(code: &str, plane: SquareMetre) -> Option<Fault> {
    let message = || {
        let area = grouped(plane.0, 0);
        format!("宗地 {code} 的图形面积 {area} 平方米超出可信范围，应{}，请核对坐标", AREA.wording())
    };
    (plane.0 > AREA.most).then(|| Fault::error(FaultCode::Shape, message()))
}

fn check_areas(redrawing: &Redrawing, faults: &mut Vec<Fault>) {
    for parcel in &redrawing.after {
        faults.extend(vast(&parcel.code, parcel.plane));
        let difference = SquareMetre((parcel.official.0 - parcel.plane.0).abs());
        if difference > area_tolerance(parcel.plane) {
            let message = format!(
                "新宗地 {} 登记面积 {} 平方米，图形面积 {} 平方米，相差 {} 平方米（允许 {} 平方米）",
                parcel.code,
                grouped(parcel.official.0, 2),
                grouped(parcel.plane.0, 2),
                grouped(difference.0, 2),
                grouped(area_tolerance(parcel.plane).0, 2)
            );
            faults.push(Fault::error(FaultCode::AreaDiffers, message));
        }
    }
    // A parcel without a registered area has nothing to add up to; its shape was checked above.
    let Some(before) = redrawing.before.iter().map(|parcel| parcel.official).sum::<Option<SquareMetre>>() else {
        return;
    };
    let after: SquareMetre = redrawing.after.iter().map(|parcel| parcel.official).sum();
    let difference = SquareMetre((after.0 - before.0).abs());
    if difference > area_tolerance(before) {
        let message = format!(
            "原宗地登记面积合计 {} 平方米，新宗地合计 {} 平方米，相差 {} 平方米（允许 {} 平方米）",
            grouped(before.0, 2),
            grouped(after.0, 2),
            grouped(difference.0, 2),
            grouped(area_tolerance(before).0, 2)
        );
        faults.push(Fault::error(FaultCode::AreaSum, message));
    }
}

#[cfg(test)]
mod tests;
