//! Why something is refused here, each with its code, its place and what to do; worded in this one place.

use chrono::NaiveDate;

use crate::contract::store::StoreError;
use crate::enterprise::change::EditError;
use crate::exchange::{Fault, FaultCode};
use crate::low_efficiency::store::ListError;
use crate::parcel::change::ChangeError;
use crate::policy::store::PublishError;
use crate::policy::store::receipts::ReceiptError;
use crate::web;
pub use crate::web::form::{missing, wrong};
use crate::workflow::{Number, Refused};

#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("{}", .0.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("；"))]
    Refused(Vec<Fault>),
    /// Somebody was faster, or what was sent under a number is something else.
    #[error("{0}")]
    Conflict(String),
    #[error(transparent)]
    List(#[from] ListError),
    #[error(transparent)]
    Contract(#[from] StoreError),
    #[error(transparent)]
    Parcel(#[from] ChangeError),
    #[error(transparent)]
    Enterprise(#[from] EditError),
    #[error(transparent)]
    Published(#[from] PublishError),
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<Fault> for SurveyError {
    fn from(fault: Fault) -> Self {
        SurveyError::Refused(vec![fault])
    }
}

impl From<SurveyError> for web::Error {
    fn from(error: SurveyError) -> Self {
        match error {
            SurveyError::Case(refused) => refused.into(),
            SurveyError::Refused(faults) => web::Error::Input(faults),
            SurveyError::Conflict(words) => web::Error::Conflict(words),
            SurveyError::List(error) => error.into(),
            SurveyError::Contract(error) => web::Error::Internal(error.into()),
            SurveyError::Parcel(error) => error.into(),
            SurveyError::Enterprise(error) => error.into(),
            SurveyError::Published(error) => web::Error::Internal(error.into()),
            SurveyError::Receipt(error) => web::Error::Internal(error.into()),
            SurveyError::Database(error) => error.into(),
            SurveyError::Other(error) => web::Error::Internal(error),
        }
    }
}

/// Of a round.
pub fn address(number: Number) -> String {
    format!("/survey/rounds/{number}")
}

/// Of a parcel of a round.
pub fn parcel_address(number: Number, code: &str) -> String {
    format!("/survey/rounds/{number}/parcels/{code}")
}

fn fault(place: &str, code: FaultCode, words: impl Into<String>) -> Fault {
    Fault::error(code, words).at_field(place)
}

pub fn one_is_open(number: Option<Number>) -> Fault {
    let which = number.map_or_else(String::new, |number| format!("（{number}）"));
    let words = format!("已有未结束的摸底调查{which}，同时只开展一次；请先结束该次调查");
    fault("name", FaultCode::SurveyOpen, words)
}

pub fn no_industrial_land(on: NaiveDate) -> Fault {
    let words = format!("所选范围内 {on} 没有在册的工业用地；请核对街道和日期，或先登记宗地的土地用途");
    fault("subdistrict", FaultCode::SurveyEmpty, words)
}

pub fn year_without_list(year: i32) -> Fault {
    wrong("list_year", format!("{year}年度没有亩均税收标准，不能据以判定低效利用；请选择其他年度"))
}

pub fn closed_by_its_opener() -> Fault {
    fault("words", FaultCode::SamePerson, "摸底调查须由开展人以外的人结束，请由另一人办理")
}

pub fn parcels_awaiting(parcels: i64) -> Fault {
    missing("words", format!("还有 {parcels} 宗尚未核实；确需结束的，请填写理由，未核实的宗地不作分类"))
}

pub fn round_is_closed() -> SurveyError {
    SurveyError::Conflict("这次摸底调查已结束，结果已固定，不再登记核实；请在下一次摸底调查中登记".into())
}

pub fn sent_otherwise() -> SurveyError {
    SurveyError::Conflict("同一编号已登记过另一份核实内容，请刷新页面后重新填写".into())
}

pub fn decided_by_its_finder() -> Fault {
    fault("reason", FaultCode::SamePerson, "差异须由核实人以外的人处理，请由另一人办理")
}

pub fn register_moved_on(said: &str, now: &str) -> Fault {
    let words = format!("提出差异时台账为“{said}”，现为“{now}”；台账已有变动，请核对后不采纳，或再次核实");
    fault("reason", FaultCode::ConflictsWithRegister, words)
}

pub fn parcel_gone(code: &str) -> Fault {
    fault("reason", FaultCode::ParcelGone, format!("宗地 {code} 已分割、合并或注销，不能照此变更；请核对后不采纳"))
}

/// What the register calls a land use in a difference.
pub fn land_use_words(land_use: Option<&(String, String)>) -> String {
    land_use.map_or_else(|| "未登记".to_owned(), |(scheme, code)| format!("{code}（{scheme}）"))
}
