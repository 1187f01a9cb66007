//! Every sentence about a row of these tables that the registers do not take.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::entitlement::Body;
use crate::exchange::{Fault, FaultCode as Code};

pub fn share_out_of_range(share: Decimal) -> Fault {
    let message = format!("分摊比例为 {}，应大于0、小于100，至多六位小数；独用的留空。请改正。", share.normalize());
    Fault::error(Code::FigureOutOfRange, message)
}

pub fn of_another(body: Body) -> Fault {
    Fault::error(Code::ValueUnknown, format!("您所在的部门不报告{body}的执行情况，未导入。"))
}

pub fn days_overlap(account: &str) -> Fault {
    let message = format!("户号 {account} 同一企业的几行期间重叠，都未导入。请每个期间只留一行。");
    Fault::error(Code::DuplicateRecord, message)
}

pub fn on_record(account: &str, document: &str) -> Fault {
    let message = format!(
        "户号 {account} 该企业在这一期间已有登记（{document}），内容不同，未导入。须更改的，请先终止或撤销原登记。"
    );
    Fault::error(Code::ConflictsWithRegister, message)
}

pub fn of_two(account: &str) -> Fault {
    let message =
        format!("户号 {account} 在这一期间属于两家企业，而没有都写明分摊比例，未导入。共用一表的，每家填写分摊比例。");
    Fault::error(Code::ConflictsWithRegister, message)
}

pub fn too_much(account: &str, day: NaiveDate) -> Fault {
    let message = format!("户号 {account} 各企业的分摊比例在 {day} 合计超过100%，未导入。请核对。");
    Fault::error(Code::FigureOutOfRange, message)
}

pub fn no_list(body: Body, year: i16, quarter: i16) -> Fault {
    let message = format!("{year}年第{quarter}季度的{body}清单还没有交办，未导入。请先交办清单。");
    Fault::error(Code::ConflictsWithRegister, message)
}

pub fn reported_otherwise(document: &str) -> Fault {
    let message = format!("该企业这项措施本季度已有报告（{document}），内容不同，未导入。须更改的，请先撤销原报告。");
    Fault::error(Code::ConflictsWithRegister, message)
}
