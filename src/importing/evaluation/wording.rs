//! Every sentence about a row of these lists that the registers do not take.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::evaluation::registers::entry::{ItemUnclear, PLACES};
use crate::exchange::{Fault, FaultCode as Code};
use crate::policy::veto::{NotInForce, VetoKind};
use crate::scoring::scheme::{Category, SubjectKind};

pub fn in_the_future(day: NaiveDate) -> Fault {
    Fault::error(Code::EventInFuture, format!("发生日期 {day} 在今天之后。请改正。"))
}

/// A name that is none, or one that does not count on the day.
pub fn no_such_kind(not: &NotInForce, kinds: &[VetoKind]) -> Fault {
    let code = if not.kind.is_some() { Code::PeriodInvalid } else { Code::ValueUnknown };
    Fault::error(code, format!("{}。", not.in_words(kinds)))
}

pub fn no_scheme(category: Category, year: i32) -> Fault {
    let message = format!("{year}年度没有{category}的评价方案。请核对类别和年度，或先发布方案。");
    Fault::error(Code::ValueUnknown, message)
}

pub fn item_unclear(unclear: &ItemUnclear) -> Fault {
    let code = match unclear {
        ItemUnclear::Unknown { .. } => Code::ValueUnknown,
        ItemUnclear::BothSides { .. } => Code::ValueMissing,
    };
    Fault::error(code, format!("{unclear}。"))
}

pub fn out_of_range(of: &str, value: Decimal, most: Decimal) -> Fault {
    let value = value.normalize();
    let message = format!("“{of}”为 {value}，应大于零、不超过 {most}，至多{PLACES}位小数。请改正。");
    Fault::error(Code::FigureOutOfRange, message)
}

pub fn protection_without_end() -> Fault {
    Fault::error(Code::ValueMissing, "保护期到期自动终止，须填写“有效至”。")
}

pub fn on_record_otherwise(register: &str, document: &str) -> Fault {
    let message = format!("该企业已有同一{register}登记（{document}），内容不同，未导入。须更改的，请先撤销原登记。");
    Fault::error(Code::ConflictsWithRegister, message)
}

pub fn list_of_its_own(list: &str) -> Fault {
    Fault::error(Code::ValueUnknown, format!("“{list}”由系统的台账或规则直接得出，不另设名单。"))
}

pub fn no_area() -> Fault {
    Fault::error(Code::FigureOutOfRange, "面积应大于零；不在册的留空。")
}

pub fn subject_unknown(of: SubjectKind, code: &str) -> Fault {
    let code_of = if of == SubjectKind::Enterprise { Code::EnterpriseUnknown } else { Code::ValueUnknown };
    Fault::error(code_of, format!("{of} {code} 不在册，未导入。请核对代码，或先登记该{of}。"))
}

pub fn days_overlap(code: &str) -> Fault {
    let message = format!("{code} 在本表中另有一条期间与之重叠，都未导入。请给较早的一条写明“有效至”。");
    Fault::error(Code::PeriodInvalid, message)
}

pub fn days_on_record(code: &str, document: &str) -> Fault {
    let message =
        format!("{code} 在这一期间已有登记（{document}），内容不同，未导入。须更改的，请先终止或撤销原登记。");
    Fault::error(Code::ConflictsWithRegister, message)
}
