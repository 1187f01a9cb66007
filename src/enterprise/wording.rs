//! What can be wrong with an enterprise or a use of land, whether a file or a form says it: what, where, what to do.

use chrono::NaiveDate;

use crate::base::unit::{Mu, SquareMetre};
use crate::exchange::fault::{Fault, FaultCode as Code};
use crate::exchange::wording::short;

pub const NO_BASE: &str = "表单缺少所依据的记录，请刷新页面后重试";
pub const NO_SECTOR: &str = "“类别”为空，也无法由行业代码推定。请补填。";
pub const NO_COUNTERPART: &str = "只有租入、租出才填对方信用代码。请核对使用方式。";

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
            "GB/T 4754-{edition} 的目录尚未载入，无法核对代码“{}”。请改用 2017 版代码，或请管理员载入该版目录（muheng industries）。",
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

pub fn floor_zero() -> Fault {
    Fault::error(Code::ValueUnknown, "建筑面积为 0。没有建筑面积的请留空。")
}

pub fn period_empty(since: NaiveDate, last: NaiveDate) -> Fault {
    Fault::error(Code::PeriodInvalid, format!("截止日期 {last} 早于起始日期 {since}。请改正。"))
}

pub fn counterpart_is_self() -> Fault {
    Fault::error(Code::ValueUnknown, "对方信用代码与本企业相同。请改正。")
}

pub fn exceeds_parcel(parcel: &str, day: NaiveDate, occupied: Mu, area: SquareMetre) -> Fault {
    Fault::warning(
        Code::OccupancyExceedsParcel,
        format!(
            "宗地 {parcel} 在 {day} 的用地合计 {}，超过宗地面积 {} 平方米。请核对各企业的用地面积。",
            occupied.square_metres_text(),
            area.0.round_dp(2).normalize()
        ),
    )
}

pub fn value_missing(column: &str, why: &str) -> Fault {
    Fault::error(Code::ValueMissing, format!("“{column}”为空，{why}。请补填。"))
}

pub fn project_day_alone() -> Fault {
    Fault::error(
        Code::ValueMissing,
        "填了重大项目开工日期，没有填重大项目建设期至。请补填建设期结束的日期，或清空开工日期。",
    )
}

pub fn project_ends_before_start(since: NaiveDate, until: NaiveDate) -> Fault {
    Fault::error(Code::PeriodInvalid, format!("重大项目建设期至 {until} 早于开工日期 {since}。请改正。"))
}

pub fn value_unknown(column: &str, text: &str, expected: &str) -> Fault {
    Fault::error(Code::ValueUnknown, format!("“{column}”的“{}”不在范围内，应为{expected}。请改正。", short(text)))
}

/// Only a person can say whether it was issued like that, so it is no error.
pub fn uscc_check_digit_to_confirm(uscc: &str) -> Fault {
    Fault::warning(
        Code::UsccCheckDigit,
        format!(
            "统一社会信用代码 {uscc} 的校验位不符。请核对营业执照；确系如此发证的，由您确认后登记，并记下您的姓名。"
        ),
    )
}
