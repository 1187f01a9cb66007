//! Every sentence about a row of a table that the registers do not take: what, where, what to do.

use std::fmt::Display;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::exchange::fault::{Candidate, Fault, FaultCode as Code, Question};
use crate::exchange::wording::short;

pub fn duplicate(what: impl Display, first: i64) -> Fault {
    Fault::error(Code::DuplicateRecord, format!("{what}与第 {first} 条记录重复，未导入。请只保留一条。"))
}

pub fn value_missing(column: &str, why: &str) -> Fault {
    Fault::error(Code::ValueMissing, format!("“{column}”为空，{why}。请补填。"))
}

pub fn value_unknown(column: &str, text: &str, expected: &str) -> Fault {
    Fault::error(Code::ValueUnknown, format!("“{column}”的“{}”不在范围内，应为{expected}。请改正。", short(text)))
}

// ---- credit codes ----

pub fn uscc_length(text: &str) -> Fault {
    let length = text.chars().count();
    Fault::error(Code::UsccInvalid, format!("统一社会信用代码“{}”有 {length} 位，应为 18 位。请改正。", short(text)))
}

pub fn uscc_character(text: &str, character: char, place: usize) -> Fault {
    Fault::error(
        Code::UsccInvalid,
        format!("统一社会信用代码“{}”第 {place} 位的“{character}”不会出现在代码里。请改正。", short(text)),
    )
}

/// Only a person can say whether it was issued like that, so it is no error.
pub fn uscc_check_digit(uscc: &str) -> Fault {
    Fault::warning(
        Code::UsccCheckDigit,
        format!(
            "统一社会信用代码 {uscc} 的校验位不符，未导入。请核对营业执照；确系如此发证的，确认（--accept-warnings）后重新导入。"
        ),
    )
}

pub fn uscc_check_digit_confirmed(uscc: &str, actor: &str) -> Fault {
    Fault::warning(Code::UsccCheckDigit, format!("统一社会信用代码 {uscc} 的校验位不符，由{actor}确认后导入。"))
}

pub fn counterpart_check_digit(uscc: &str) -> Fault {
    Fault::error(
        Code::UsccCheckDigit,
        format!("对方信用代码 {uscc} 的校验位不符，也不在企业名录中。请核对代码，或先导入对方企业。"),
    )
}

pub fn enterprise_unknown(uscc: &str) -> Fault {
    Fault::error(Code::EnterpriseUnknown, format!("企业 {uscc} 不在企业名录中。请先导入该企业，或核对信用代码。"))
}

pub fn counterpart_unknown(uscc: &str) -> Fault {
    Fault::warning(
        Code::EnterpriseUnknown,
        format!("对方企业 {uscc} 不在企业名录中，按区外企业处理。如是区内企业请先导入企业名录。"),
    )
}

// ---- enterprises ----

pub fn edition_column_missing() -> Fault {
    Fault::warning(
        Code::IndustryEditionMismatch,
        "表中没有“行业分类版本”列，行业代码一律按 GB/T 4754-2017 核对。如用的是其他版本，请加上该列后重新导入。",
    )
}

pub fn edition_missing(code: &str) -> Fault {
    Fault::warning(
        Code::IndustryEditionMismatch,
        format!("行业代码“{}”没有写明分类版本，按 GB/T 4754-2017 核对。请补填版本。", short(code)),
    )
}

pub fn edition_unknown(text: &str) -> Fault {
    Fault::error(
        Code::IndustryEditionMismatch,
        format!("不认识行业分类版本“{}”，应为 2002、2011 或 2017。请改正。", short(text)),
    )
}

pub fn edition_not_loaded(edition: &str, code: &str) -> Fault {
    Fault::error(
        Code::IndustryEditionMismatch,
        format!(
            "GB/T 4754-{edition} 的目录尚未载入，无法核对代码“{}”。请改用 2017 版代码，或先载入该版目录。",
            short(code)
        ),
    )
}

pub fn industry_unknown(edition: &str, code: &str) -> Fault {
    Fault::error(
        Code::IndustryUnknown,
        format!("{edition} 中没有行业代码“{}”。请核对代码；如属其他版本，请写明版本。", short(code)),
    )
}

pub fn subdistrict_unknown(text: &str) -> Fault {
    Fault::error(Code::SubdistrictUnknown, format!("“{}”不是本区的街道。请填写现行街道名称或九位代码。", short(text)))
}

pub fn established_in_future(day: NaiveDate) -> Fault {
    Fault::error(Code::PeriodInvalid, format!("成立日期 {day} 晚于今天。请改正。"))
}

pub fn above_size_before_established(established: NaiveDate, above_size: NaiveDate) -> Fault {
    Fault::error(Code::PeriodInvalid, format!("升规日期 {above_size} 早于成立日期 {established}。请改正。"))
}

// ---- who may ----

pub fn enterprise_outside(uscc: &str, subdistrict: Option<&str>, own: &str) -> Fault {
    let lies = match subdistrict {
        Some(code) => format!("属于街道 {code}"),
        None => "没有写明街道".to_owned(),
    };
    Fault::error(
        Code::OutsideScope,
        format!("企业 {uscc} {lies}，您只能办理街道 {own} 的企业，未导入。请交由所属街道或区级部门导入。"),
    )
}

pub fn parcel_outside(parcel: &str, subdistrict: &str, own: &str) -> Fault {
    Fault::error(
        Code::OutsideScope,
        format!(
            "宗地 {parcel} 在街道 {subdistrict}，您只能办理街道 {own} 的宗地，未导入。请交由所属街道或区级部门导入。"
        ),
    )
}

pub fn subdistricts_only_report() -> Fault {
    Fault::error(Code::OutsideScope, "街道只能申报数据，不能确认数据。请把数据状态改为“已申报”，由主管部门确认。")
}

// ---- occupancies ----

pub fn parcel_invalid(text: &str) -> Fault {
    Fault::error(Code::CodeInvalid, format!("“{}”不是 19 位的宗地代码。请改正。", short(text)))
}

pub fn parcel_with_building(text: &str) -> Fault {
    Fault::error(
        Code::CodeInvalid,
        format!("“{}”是 28 位的不动产单元代码，这里要宗地代码，即其前 19 位。请改正。", short(text)),
    )
}

pub fn parcel_missing() -> Fault {
    Fault::warning(Code::CodeMissing, "没有写明宗地代码，用地面积无法与宗地核对。请补填。")
}

pub fn parcel_unknown(parcel: &str) -> Fault {
    Fault::error(Code::ParcelUnknown, format!("宗地 {parcel} 不在册。请先导入该宗地，或核对宗地代码。"))
}

pub fn parcel_ended(parcel: &str, ended: NaiveDate, successors: &str) -> Fault {
    let became = if successors.is_empty() {
        format!("宗地 {parcel} 已于 {ended} 注销")
    } else {
        format!("宗地 {parcel} 已于 {ended} 变更为 {successors}")
    };
    Fault::error(Code::ParcelUnknown, format!("{became}，起始日期时不再有效。请改用变更后的宗地代码，或核对起始日期。"))
}

pub fn parcel_later(parcel: &str, begins: NaiveDate) -> Fault {
    Fault::warning(
        Code::ParcelUnknown,
        format!("宗地 {parcel} 自 {begins} 起在册，晚于起始日期，此前的情况无法核对。请核对起始日期。"),
    )
}

pub fn land_missing() -> Fault {
    Fault::warning(Code::LandMissing, "没有填写用地面积，按缺失处理（不是 0）。请补填。")
}

pub fn land_zero() -> Fault {
    Fault::warning(Code::LandZero, "用地面积为 0，照此导入。如是没有数据，请留空。")
}

pub fn floor_zero() -> Fault {
    Fault::error(Code::ValueUnknown, "建筑面积为 0。没有建筑面积的请留空。")
}

pub fn negative(column: &str, value: Decimal) -> Fault {
    Fault::error(Code::FigureNegative, format!("“{column}”为负数（{value}），未导入。请改正。"))
}

pub fn negative_accepted(column: &str, value: Decimal) -> Fault {
    Fault::warning(Code::FigureNegative, format!("“{column}”为负数（{value}），照此导入。请核对。"))
}

pub fn period_empty(since: NaiveDate, last: NaiveDate) -> Fault {
    Fault::error(Code::PeriodInvalid, format!("截止日期 {last} 早于起始日期 {since}。请改正。"))
}

pub fn counterpart_is_self() -> Fault {
    Fault::error(Code::ValueUnknown, "对方信用代码与本企业相同。请改正。")
}

pub fn counterpart_ignored() -> Fault {
    Fault::warning(Code::ValueUnknown, "只有租入、租出需要对方信用代码，此处的未导入。请核对使用方式。")
}

pub fn lease_told_differently(first: i64) -> Fault {
    Fault::error(
        Code::DuplicateRecord,
        format!("与第 {first} 条记录说的是同一租赁，但面积或截止日期不同，未导入。请双方核对后改为一致。"),
    )
}

pub fn overlaps_record(other: i64, since: NaiveDate) -> Fault {
    Fault::error(
        Code::PeriodInvalid,
        format!(
            "与第 {other} 条记录（起于 {since}）是同一宗地、同样的双方，期限却重叠，未导入。请给较早的一条写明截止日期。"
        ),
    )
}

pub fn overlaps_register(since: NaiveDate) -> Fault {
    Fault::error(
        Code::PeriodInvalid,
        format!(
            "与在册的一条（起于 {since}）是同一宗地、同样的双方，期限却重叠，未导入。请同时导入那一条并写明截止日期。"
        ),
    )
}

pub fn lease_differs_from_register(registered: Option<Decimal>, told: Option<Decimal>) -> Fault {
    let area = |area: Option<Decimal>| area.map_or("未填".to_owned(), |area| format!("{} 平方米", area.normalize()));
    Fault::error(
        Code::ConflictsWithRegister,
        format!(
            "这一租赁在册为{}，本表为{}，未导入。请双方核对；确需更正的，确认（--accept-warnings）后重新导入。",
            area(registered),
            area(told)
        ),
    )
}

pub fn exceeds_parcel(parcel: &str, day: NaiveDate, occupied: Decimal, area: Decimal) -> Fault {
    Fault::warning(
        Code::OccupancyExceedsParcel,
        format!(
            "宗地 {parcel} 在 {day} 的用地合计 {} 平方米，超过宗地面积 {} 平方米。请核对各企业的用地面积。",
            occupied.round_dp(2).normalize(),
            area.round_dp(2).normalize()
        ),
    )
}

// ---- annual returns ----

pub fn year_question(this_year: i32) -> Question {
    Question {
        code: Code::ValueMissing,
        message: "表中没有“年度”列，不知道是哪一年的数据。请用 --year 指明年度，或在表中加上该列。".into(),
        option: "year".into(),
        candidates: (0..3)
            .map(|back| this_year - back)
            .map(|y| Candidate::new(y.to_string(), format!("{y} 年")))
            .collect(),
    }
}

pub fn nothing_returned() -> Fault {
    Fault::warning(Code::ValueMissing, "这一行没有任何数据，不作改动。没有数据的可以删去该行。")
}

pub fn confirmed_differs(indicator: &str, confirmed: Decimal, told: Decimal, unit: &str) -> Fault {
    Fault::error(
        Code::ConflictsWithRegister,
        format!(
            "“{indicator}”已确认为 {} {unit}，本表为 {} {unit}，整行未导入。请核对；确需更正的，以“已确认”导入，或确认（--accept-warnings）后重新导入。",
            confirmed.normalize(),
            told.normalize()
        ),
    )
}

pub fn confirmed_replaced(indicator: &str, confirmed: Decimal, told: Decimal, unit: &str) -> Fault {
    Fault::warning(
        Code::ConflictsWithRegister,
        format!(
            "“{indicator}”已确认的 {} {unit} 被替换为 {} {unit}（已申报）。请主管部门重新确认。",
            confirmed.normalize(),
            told.normalize()
        ),
    )
}
