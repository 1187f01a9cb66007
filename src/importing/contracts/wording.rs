//! Sentences about contracts in a file.

use chrono::NaiveDate;

use crate::contract::event::{EventKind, Figure};
use crate::exchange::{Fault, FaultCode};

pub fn supplement_without_name(number: &str) -> Fault {
    let message = format!("合同 {number} 的补充协议没有文本名称。请补填，以便日后查证。");
    Fault::error(FaultCode::ValueMissing, message)
}

pub fn commitment_bounds() -> Fault {
    let message = "“下限”与“上限”至少填一个，且下限不得高于上限。请改正。";
    Fault::error(FaultCode::ValueUnknown, message)
}

pub fn land_taken(number: &str, against: &str) -> Fault {
    let message = format!(
        "合同 {number} 的用地上已有：{against}。同一宗地同时只能有一份有效合同；确需并存的请填“并存理由”后重新导入。"
    );
    Fault::error(FaultCode::LandTaken, message)
}

pub fn measured_unit(figure: Figure, unit: &str) -> Fault {
    Fault::error(FaultCode::UnitUnknown, figure.not_its_unit(unit))
}

pub fn contract_unknown(number: &str) -> Fault {
    let message = format!("合同 {number} 既不在册，也不在本文件的合同表中。请先导入合同，或核对编号。");
    Fault::error(FaultCode::ContractUnknown, message)
}

pub fn contract_refused(number: &str) -> Fault {
    let message = format!("合同 {number} 在本文件中有未通过的记录，本条一并未导入。改正后重新导入整份文件即可。");
    Fault::error(FaultCode::ContractRefused, message)
}

pub fn document_unknown(number: &str, document: &str) -> Fault {
    let message = format!("合同 {number} 没有名为“{document}”的文本。请核对“所属文本”。");
    Fault::error(FaultCode::ValueUnknown, message)
}

pub fn ordinals(number: &str) -> Fault {
    let message = format!("合同 {number} 的期次不是自 1 起连续且不重复。请列全各期。");
    Fault::error(FaultCode::ValueUnknown, message)
}

pub fn term_missing(title: &str, number: &str) -> Fault {
    let message = format!("合同 {number} 缺少“{title}”，也没有此前的约定可以沿用。请补填。");
    Fault::error(FaultCode::ValueMissing, message)
}

pub fn instalments_missing(number: &str) -> Fault {
    let message = format!("合同 {number} 没有缴款期限。请填“价款缴清日期”，或在“分期价款”表列出各期。");
    Fault::error(FaultCode::ValueMissing, message)
}

pub fn twice(number: &str, document: &str, first: u64) -> Fault {
    let message = format!("合同 {number} 的“{document}”与第 {first} 条记录重复，未导入。请只保留一条。");
    Fault::error(FaultCode::DuplicateRecord, message)
}

pub fn parcel_not_registered(number: &str, parcel: &str) -> Fault {
    let message =
        format!("合同 {number} 的宗地 {parcel} 不在宗地台账中，地图上暂不能显示。请核对代码，或随后导入宗地。");
    Fault::warning(FaultCode::ParcelUnknown, message)
}

pub fn grantee_not_registered(number: &str, uscc: &str) -> Fault {
    let message = format!("合同 {number} 的受让人 {uscc} 不在企业名录中。请核对代码，或随后导入该企业。");
    Fault::warning(FaultCode::EnterpriseUnknown, message)
}

pub fn review_elsewhere(number: &str, kind: EventKind, on: NaiveDate) -> Fault {
    let message = format!(
        "合同 {number} 的{kind}（{on}）在合同进入台账之后，不能随文件导入。请在合同页面发起复核，由参加部门会同核查后作出结论。"
    );
    Fault::error(FaultCode::ReviewElsewhere, message)
}

pub fn sheet_not_read(sheet: &str) -> Fault {
    let message = format!("工作表“{sheet}”不是合同、分期价款、承诺指标或履约事件表，未读取。");
    Fault::warning(FaultCode::LayerUnknown, message)
}
