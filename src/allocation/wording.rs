//! What is refused here, in words.

use chrono::NaiveDate;

use super::Quarter;
use crate::entitlement::Body;
use crate::exchange::Fault;
use crate::measures::reading::ReadError;
use crate::policy::store::receipts::ReceiptError;
use crate::web::Error;
pub use crate::web::form::{missing, wrong};
use crate::web::form::{refused, refused_at};
use crate::workflow::{self, SamePerson};

#[derive(Debug, thiserror::Error)]
pub enum AllocationError {
    #[error("{}的清单已交办{}，须先撤销再重新交办", .0.label(), .1.label())]
    ListTwice(Quarter, Body),
    #[error("清单的日期{on}不在{within}之内", on = .1, within = .0.label())]
    DayOutside(Quarter, NaiveDate),
    #[error("日期{0}晚于今天")]
    InFuture(NaiveDate),
    #[error("签收日期{0}早于交办日期")]
    AcknowledgedEarly(NaiveDate),
    #[error("没有这份交办清单，或已签收、已撤销")]
    NoOpenList,
    #[error("没有这份交办清单，或已撤销；已有执行报告的清单不能撤销")]
    ListInUse,
    #[error("没有编号为 {0} 的措施")]
    NoSuchMeasure(String),
    #[error("没有信用代码为 {0} 的企业，或不在您的辖区内")]
    NoSuchEnterprise(String),
    #[error("{}的{}清单还没有交办，不能报告执行情况", .1.label(), .0.label())]
    NoList(Quarter, Body),
    #[error("您所在的部门不报告{}的执行情况", .0.label())]
    OfAnother(Body),
    #[error("该企业这项措施本季度（同一户号）已有报告，须更改的请先撤销")]
    ReportTwice,
    #[error("没有这条执行报告，或已撤销")]
    NoReport,
    #[error("{year}年第一季度至{up_to}还没有交办清单，无从核对", year = .0, up_to = .1.label())]
    NothingToReconcile(i16, Quarter),
    #[error("没有这次核对，或不在您的辖区内")]
    NoReconciliation,
    #[error("符合条件的记录为空，无从抽取")]
    NothingToDraw,
    #[error("没有这条抽查记录，或已登记过核查结果")]
    NotDrawn,
    #[error("{}", .0.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("；"))]
    Faults(Vec<Fault>),
    #[error(transparent)]
    SamePerson(#[from] SamePerson),
    #[error(transparent)]
    Workflow(#[from] workflow::Refused),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<AllocationError> for Error {
    fn from(error: AllocationError) -> Self {
        use AllocationError as E;
        match error {
            E::Faults(faults) => Error::Input(faults),
            E::ListTwice(..) | E::OfAnother(_) => refused_at("body", error),
            E::DayOutside(..) | E::InFuture(_) | E::AcknowledgedEarly(_) => refused_at("on", error),
            E::NoSuchMeasure(_) | E::ReportTwice => refused_at("measure", error),
            E::NoSuchEnterprise(_) => refused_at("uscc", error),
            E::NoList(..) | E::NothingToReconcile(..) => refused_at("quarter", error),
            E::NoOpenList | E::ListInUse | E::NothingToDraw | E::NotDrawn | E::SamePerson(_) => refused(error),
            E::NoReport | E::NoReconciliation => Error::NotFound(error.to_string()),
            E::Workflow(error) => error.into(),
            E::Read(error) => error.into(),
            E::Receipt(error) => anyhow::Error::from(error).into(),
            E::Json(error) => anyhow::Error::from(error).into(),
            E::Database(error) => error.into(),
            E::Internal(error) => error.into(),
        }
    }
}
