//! What the register of contracts refuses, as the web says it.

use super::fault::FaultCode;
use super::record::RecordError;
use super::store::StoreError;
use crate::account::deeds;
use crate::base::clock::china_minute;
use crate::web::Error;

impl From<RecordError> for Error {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::NotFound(number) => Error::NotFound(format!("没有编号为“{number}”的合同")),
            RecordError::Taken(number) => Error::Conflict(format!("合同 {number} 已在台账中，请到该合同页面变更")),
            RecordError::NoSuchRow(_) => Error::Conflict("这条记录已被更正或撤回，请返回合同页面查看现行记录".into()),
            RecordError::HoldsCertificate(_) => Error::Conflict("已有权证据此颁发，不能更正或撤回这一事件".into()),
            RecordError::Stale { number, by, at, action } => Error::Conflict(format!(
                "合同 {number} 已由{by}于 {} 变更（{}），您看到的是变更前的内容。请返回合同页面查看后再办理。",
                china_minute(&at),
                deed(&action)
            )),
            RecordError::Faults(faults) => Error::Input(faults),
            RecordError::Other(error) => Error::Internal(error),
            RecordError::Store(error) => match kept_out(&error) {
                Some((_, words)) => Error::Conflict(words.into()),
                None => error.into(),
            },
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::Internal(error.into())
    }
}

/// What the database itself keeps out, where a person can do something about it.
pub fn kept_out(error: &StoreError) -> Option<(FaultCode, &'static str)> {
    let StoreError::Database(error) = error else { return None };
    match error.as_database_error()?.constraint()? {
        "contract_event_same" => Some((FaultCode::DuplicateRecord, "同样的事件已经登记过，不必再登记")),
        "contract_event_once" => Some((FaultCode::HappenedAlready, "这类事件已经登记过；如原登记有误请更正原记录")),
        "contract_terms_current" => Some((FaultCode::DuplicateRecord, "同一天已有生效的合同内容；如有误请更正原记录")),
        "contract_land_once" => Some((
            FaultCode::LandTaken,
            "这块土地在同一期间已有其他有效合同（含分割、合并前后的宗地）；确需并存的，请填写“并存理由”",
        )),
        "staged_certificate_number" => Some((FaultCode::CodeDuplicate, "这个权证编号已经使用，请核对")),
        name if name.starts_with("staged_certificate") && name.ends_with("_excl") => {
            Some((FaultCode::CertificateOverlap, "同一宗地在这段期限内已有有效权证"))
        }
        _ => None,
    }
}

/// An entry of the audit log in words.
fn deed(action: &str) -> &str {
    deeds::words(action).unwrap_or(action)
}
