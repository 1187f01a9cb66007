//! What is checked once all records are staged, and the words for it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::overlaps;
use super::store::{self, Measured, Overlap, Pair, Shared, Vast};
use crate::base::bounds::AREA;
use crate::db::{PgConnection, Scope};
use crate::exchange::{Fault, FaultCode, FileOption, wording};

/// Declared against plane area: both must be exceeded for a warning.
const AREA_M2: Decimal = dec!(1);
const AREA_SHARE: Decimal = dec!(0.001);
const NAMED_AT_MOST: usize = 5;

/// Runs every check over the stage and marks the records that are refused.
pub async fn run(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
    faults: &mut Vec<Fault>,
) -> Result<(), sqlx::Error> {
    let codes = store::same_codes(connection).await?;
    refuse(connection, faults, codes.iter().map(same_code)).await?;
    let shapes = store::same_shapes(connection).await?;
    refuse(connection, faults, shapes.iter().map(same_shape)).await?;
    let vast = store::larger_than(connection, AREA.most).await?;
    refuse(connection, faults, vast.iter().map(too_vast)).await?;
    let register = store::has_parcels(connection, scope).await?;
    if register {
        store::index_codes(connection).await?;
        refuse_out_of_time(connection, scope, as_of, faults).await?;
    }
    let pairs = overlaps::in_file(connection).await?;
    let unknown = pairs.iter().filter(|pair| pair.area_m2.is_nan()).map(pair_not_computed);
    refuse(connection, faults, unknown).await?;
    faults.extend(pairs.iter().filter(|pair| !pair.area_m2.is_nan()).map(overlapping_record));
    if register {
        let overlaps = overlaps::against_register(connection, scope, as_of).await?;
        let equal = overlaps.iter().filter(|overlap| overlap.equal).map(equal_to_register);
        refuse(connection, faults, equal).await?;
        let unknown = overlaps.iter().filter(|overlap| overlap.area_m2.is_nan()).map(not_computed);
        refuse(connection, faults, unknown).await?;
        faults.extend(overlaps.iter().filter(|o| !o.equal && !o.area_m2.is_nan()).map(overlapping));
    }
    check_place(connection, scope, as_of, faults).await
}

async fn refuse_out_of_time(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
    faults: &mut Vec<Fault>,
) -> Result<(), sqlx::Error> {
    let others = store::known_on_other_days(connection, scope).await?;
    let worded = others.iter().map(|known| {
        let day = |day: Option<NaiveDate>| day.map_or("不限".to_owned(), |day| day.to_string());
        let message = format!(
            "宗地 {} 在册有效期为 {} 至 {}，不含 {as_of}（可能已分割、合并，或生效日期早于登记）。请核对代码与{}。",
            known.code,
            day(known.from),
            day(known.until),
            FileOption::AsOf.named()
        );
        place(Fault::error(FaultCode::ConflictsWithRegister, message), known.record, known.line)
    });
    refuse(connection, faults, worded).await
}

async fn check_place(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
    faults: &mut Vec<Fault>,
) -> Result<(), sqlx::Error> {
    if store::has_outlines(connection, scope, "district", as_of).await? {
        for outside in store::outside_district(connection, scope, as_of).await? {
            let part = if outside.wholly { "全部" } else { "有一部分" };
            let message = format!("图形{part}在辖区界线之外。请核对坐标或界线。");
            faults.push(place(Fault::warning(FaultCode::OutsideDistrict, message), outside.record, outside.line));
        }
    } else {
        let message = "尚未导入本区界线，未核对图形是否超出辖区。请先导入区划界线。";
        faults.push(Fault::warning(FaultCode::OutsideNotChecked, message));
    }
    if store::has_outlines(connection, scope, "subdistrict", as_of).await? {
        for differing in store::place_in_subdistricts(connection, scope, as_of).await? {
            let message = format!(
                "图形位于街道 {}，宗地代码属街道 {}。以图形所在为准，请核对。",
                differing.lies_in.unwrap_or_default(),
                differing.registered.unwrap_or_default()
            );
            let fault = Fault::warning(FaultCode::SubdistrictDiffers, message);
            faults.push(place(fault, differing.record, differing.line));
        }
    }
    Ok(())
}

/// Keeps the faults and marks their records as refused.
pub async fn refuse(
    connection: &mut PgConnection,
    faults: &mut Vec<Fault>,
    new: impl Iterator<Item = Fault>,
) -> Result<(), sqlx::Error> {
    let before = faults.len();
    faults.extend(new);
    let records: Vec<i64> = faults[before..].iter().filter_map(|fault| fault.record).map(|r| r as i64).collect();
    if records.is_empty() { Ok(()) } else { store::reject(connection, &records).await }
}

/// Areas are compared as decimals; `None` when the record needs no remark.
pub fn area_fault(measured: &Measured) -> Option<Fault> {
    let fault = if measured.without_zone && measured.code_holds {
        Fault::error(FaultCode::FrameOutOfRange, "图形在中国各 3° 分带之外，不能登记。请核对坐标系。")
    } else {
        let official = measured.areas.official_area_m2?;
        let plane = measured.areas.plane_area_m2;
        if !differs(official, plane) {
            return None;
        }
        let difference = (official - plane).abs();
        let percent = (difference / official * dec!(100)).round_dp(2);
        let message = format!(
            "登记面积 {official} 平方米与按坐标计算的 {plane} 平方米相差 {difference} 平方米（{percent}%）。请核对面积、单位与坐标。"
        );
        Fault::warning(FaultCode::AreaMismatch, message)
    };
    Some(place(fault, measured.record, measured.line))
}

/// Beyond one square metre and beyond a thousandth of the declared area.
pub fn differs(official: Decimal, plane: Decimal) -> bool {
    let difference = (official - plane).abs();
    difference > AREA_M2 && difference > official * AREA_SHARE
}

fn too_vast(vast: &Vast) -> Fault {
    let message = format!(
        "按坐标计算的面积 {} 平方米超出可信范围，应{}。请核对坐标系和坐标。",
        vast.area_m2.round_dp(0),
        AREA.wording()
    );
    place(Fault::error(FaultCode::FigureOutOfRange, message), vast.record, vast.line)
}

fn same_code(shared: &Shared) -> Fault {
    let message = format!("宗地代码 {} 与{}重复。一个代码只能有一条记录，请删去或改正。", shared.what, records(shared));
    place(Fault::error(FaultCode::CodeDuplicate, message), shared.record, shared.line)
}

fn same_shape(shared: &Shared) -> Fault {
    let message = format!("图形与{}完全相同。请删去重复的记录。", records(shared));
    place(Fault::error(FaultCode::GeometryDuplicate, message), shared.record, shared.line)
}

fn equal_to_register(overlap: &Overlap) -> Fault {
    let message = format!("图形与{}完全相同而代码不同。请核对宗地代码。", overlap.other);
    place(Fault::error(FaultCode::GeometryDuplicate, message), overlap.record, overlap.line)
}

fn not_computed(overlap: &Overlap) -> Fault {
    place(wording::overlap_not_computed(&overlap.other), overlap.record, overlap.line)
}

fn overlapping(overlap: &Overlap) -> Fault {
    let message = common_ground(&overlap.other, overlap.area_m2, overlap.share);
    place(Fault::warning(FaultCode::Overlap, message), overlap.record, overlap.line)
}

fn pair_not_computed(pair: &Pair) -> Fault {
    place(wording::overlap_not_computed(format!("第 {} 条", pair.other)), pair.record, pair.line)
}

fn overlapping_record(pair: &Pair) -> Fault {
    let other = format!("第 {} 条（{}）", pair.other, pair.other_code.as_deref().unwrap_or_default());
    let message = common_ground(&other, pair.area_m2, pair.share);
    place(Fault::warning(FaultCode::Overlap, message), pair.record, pair.line)
}

fn common_ground(other: &str, area_m2: f64, share: f64) -> String {
    format!("与{other}重叠 {area_m2:.2} 平方米，占较小者的 {share:.2}%。请核对界址。")
}

fn records(shared: &Shared) -> String {
    let named: Vec<String> = shared.others.iter().take(NAMED_AT_MOST).map(i64::to_string).collect();
    let more = if shared.others.len() > NAMED_AT_MOST { "等" } else { "" };
    format!("第 {}{more} 条", named.join("、"))
}

fn place(fault: Fault, record: i64, line: Option<i64>) -> Fault {
    fault.at(Some(record as u64), line.map(|line| line as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tolerances_must_be_exceeded() {
        assert!(!differs(dec!(500), dec!(501)), "one square metre exactly");
        assert!(differs(dec!(500), dec!(501.0001)));
        assert!(!differs(dec!(10000), dec!(10010)), "a thousandth exactly");
        assert!(!differs(dec!(10000), dec!(10009.9999)));
        assert!(differs(dec!(10000), dec!(9989.9999)));
        assert!(!differs(dec!(100), dec!(100.9)), "much of a small parcel, but less than a square metre");
    }
}
