//! Every sentence about a row of these lists that the registers do not take.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::evaluation::entry::{ItemUnclear, PLACES};
use crate::exchange::{Fault, FaultCode as Code};
use crate::policy::veto::{NotInForce, VetoKind};
use crate::scoring::scheme::Category;

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
