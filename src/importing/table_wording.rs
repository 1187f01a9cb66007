//! Every sentence about a row of a table that the registers do not take: what, where, what to do.

use std::fmt::Display;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::base::unit::Mu;
pub use crate::enterprise::wording::*;
use crate::exchange::fault::{Candidate, Fault, FaultCode as Code, Question};
use crate::exchange::option::FileOption;
use crate::exchange::wording::short;

const NAMED_AT_MOST: usize = 5;

/// A thing that several records speak of, `records` in the order of the file: alike, so that the first stands for all, or
/// in different words, of which the file alone does not say which are right.
pub fn told_again(what: impl Display, records: &[i64], differ: bool) -> Fault {
    let named: Vec<String> = records.iter().take(NAMED_AT_MOST).map(i64::to_string).collect();
    let (named, more) = (named.join("、"), if records.len() > NAMED_AT_MOST { "等" } else { "" });
    let message = if differ {
        format!("{what}在第 {named}{more} 条中写得不同，都未导入。请只保留正确的一条。")
    } else {
        format!("{what}在第 {named}{more} 条中重复，只导入了第一条。请只保留一条。")
    };
    Fault::error(Code::DuplicateRecord, message)
}

/// What only a person can say: the record stays out until somebody does, and then it is said who.
pub fn to_be_waved_through(fault: Fault, actor: Option<&str>) -> Fault {
    let message = match actor {
        Some(actor) => format!("{}由{actor}确认后导入。", fault.message),
        None => format!("{}未导入；核对无误的，请以{}重新导入。", fault.message, FileOption::AcceptWarnings.named()),
    };
    Fault { message, ..fault }
}

// ---- plausibility ----

fn leap(of: &str, value: Decimal, unit: &str, other: impl Display) -> Fault {
    let message = format!("“{of}”为 {} {unit}，{other}，像是单位弄错。请核对单位和数值。", value.normalize());
    Fault::warning(Code::FigureImplausible, message)
}

pub fn far_from_last_year(of: &str, value: Decimal, last: Decimal, unit: &str) -> Fault {
    leap(of, value, unit, format_args!("上年为 {} {unit}，相差千倍以上", last.normalize()))
}

pub fn far_from_peers(of: &str, value: Decimal, middle: Decimal, unit: &str) -> Fault {
    leap(of, value, unit, format_args!("是同批企业中位数（{} {unit}）的一万倍以上", middle.normalize()))
}

pub fn tax_above_revenue(tax: Decimal, revenue: Decimal) -> Fault {
    let message =
        format!("实缴税收 {} 元高于营业收入 {} 元。请核对两者的单位和数值。", tax.normalize(), revenue.normalize());
    Fault::warning(Code::FigureImplausible, message)
}

pub fn differs_from_its_parts(of: &str, stated: Decimal, parts: Decimal, unit: &str) -> Fault {
    let message = format!(
        "“{of}”填 {} {unit}，按各分项合计约为 {} {unit}，两者不符；在册的以分项为准。请核对单位和数值。",
        stated.normalize(),
        parts.normalize()
    );
    Fault::warning(Code::FigureImplausible, message)
}

// ---- credit codes ----

/// Only a person can say whether it was issued like that, so it is no error.
pub fn uscc_check_digit(uscc: &str) -> Fault {
    Fault::warning(
        Code::UsccCheckDigit,
        format!(
            "统一社会信用代码 {uscc} 的校验位不符，未导入。请核对营业执照；确系如此发证的，请以{}重新导入。",
            FileOption::AcceptWarnings.named()
        ),
    )
}

pub fn uscc_check_digit_confirmed(uscc: &str, actor: &str) -> Fault {
    Fault::warning(Code::UsccCheckDigit, format!("统一社会信用代码 {uscc} 的校验位不符，由{actor}确认后导入。"))
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

/// A spreadsheet has made a number of the code; with a zero before it, it is another one.
pub fn industry_zero_lost(code: &str, with_zero: &str, both_exist: bool) -> Fault {
    let message = if both_exist {
        format!(
            "行业代码“{code}”是数值，分不清是 {code} 还是丢了前面的 0 的 {with_zero}，两者都存在。请把该列设为文本格式，写全代码。"
        )
    } else {
        format!("行业代码“{code}”像是丢了前面的 0，应为 {with_zero}。请把该列设为文本格式后改正。")
    };
    Fault::error(Code::CodeDamaged, message)
}

/// The same in a text table, where nobody can tell whether a zero was lost.
pub fn industry_zero_doubtful(code: &str, with_zero: &str) -> Fault {
    Fault::warning(
        Code::CodeDamaged,
        format!("行业代码“{code}”照此导入；如是 {with_zero} 在 Excel 里丢了前面的 0，请改正后重新导入。"),
    )
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
    Fault::error(
        Code::OutsideScope,
        "此文件只能申报数据，不能确认数据。请把数据状态改为“已申报”，由主管部门确认；主管部门的数据管理员上传时可选“确认本部门数据”。",
    )
}

pub fn only_own_confirmed(department: &str) -> Fault {
    Fault::warning(
        Code::OutsideScope,
        format!("只有{department}负责的数据按“已确认”导入，其余按“已申报”导入。请由各主管部门确认。"),
    )
}

// ---- occupancies ----

pub fn land_zero() -> Fault {
    Fault::warning(Code::LandZero, "用地面积为 0，照此导入。如是没有数据，请留空。")
}

pub fn negative(column: &str, value: impl Display) -> Fault {
    Fault::error(Code::FigureNegative, format!("“{column}”为负数（{value}），未导入。请改正。"))
}

pub fn negative_accepted(column: &str, value: Decimal) -> Fault {
    Fault::warning(Code::FigureNegative, format!("“{column}”为负数（{value}），照此导入。请核对。"))
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

pub fn lease_differs_from_register(registered: Option<Mu>, told: Option<Mu>) -> Fault {
    let area = |land: Option<Mu>| land.map_or("未填".to_owned(), Mu::stated);
    Fault::error(
        Code::ConflictsWithRegister,
        format!(
            "这一租赁在册为{}，本表为{}，未导入。请双方核对；确需更正的，请以{}重新导入。",
            area(registered),
            area(told),
            FileOption::AcceptWarnings.named()
        ),
    )
}

// ---- annual returns ----

pub fn year_question(this_year: i32) -> Question {
    Question {
        code: Code::ValueMissing,
        message: "表中没有“年度”列，不知道是哪一年的数据。".into(),
        option: FileOption::Year,
        candidates: (0..3)
            .map(|back| this_year - back)
            .map(|y| Candidate::new(y.to_string(), format!("{y} 年")))
            .collect(),
    }
}

pub fn tax_column_unclear(header: &str) -> Fault {
    let message = format!(
        "“{}”列像是税收，但不能确定是当年实缴税收，整表未导入。是的请改名为“实缴税收（万元）”或“实缴税收（元）”，不是的请删去该列。",
        short(header)
    );
    Fault::error(Code::ColumnUnknown, message)
}

pub fn nothing_returned() -> Fault {
    Fault::warning(Code::ValueMissing, "这一行没有任何数据，不作改动。没有数据的可以删去该行。")
}

pub fn confirmed_differs(indicator: &str, confirmed: Decimal, told: Decimal, unit: &str) -> Fault {
    Fault::error(
        Code::ConflictsWithRegister,
        format!(
            "“{indicator}”已确认为 {} {unit}，本表为 {} {unit}，整行未导入。请核对；确需更正的，以“已确认”导入，或以{}重新导入。",
            confirmed.normalize(),
            told.normalize(),
            FileOption::AcceptWarnings.named()
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
