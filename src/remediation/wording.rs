//! Why something is refused here, each with its code, its place and what to do; worded in this one place.

use super::rules::{Lacking, Subject};
use super::{Ground, State};
use crate::account::Department;
use crate::exchange::{Fault, FaultCode};
use crate::low_efficiency::store::ListError;
use crate::policy::ParameterError;
use crate::policy::store::PublishError;
use crate::policy::store::receipts::ReceiptError;
use crate::remediation::proof::NotProven;
use crate::web;
pub use crate::web::form::{missing, wrong};
use crate::workflow::{Number, Refused};

#[derive(Debug, thiserror::Error)]
pub enum RemediationError {
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("{}", .0.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("；"))]
    Refused(Vec<Fault>),
    #[error("{0}")]
    NotFound(String),
    #[error(transparent)]
    List(#[from] ListError),
    #[error(transparent)]
    Published(#[from] PublishError),
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<Fault> for RemediationError {
    fn from(fault: Fault) -> Self {
        RemediationError::Refused(vec![fault])
    }
}

impl From<RemediationError> for web::Error {
    fn from(error: RemediationError) -> Self {
        match error {
            RemediationError::Case(refused) => refused.into(),
            RemediationError::Refused(faults) => web::Error::Input(faults),
            RemediationError::NotFound(words) => web::Error::NotFound(words),
            RemediationError::List(error) => error.into(),
            RemediationError::Published(error) => web::Error::Internal(error.into()),
            RemediationError::Parameter(error) => web::Error::Internal(error.into()),
            RemediationError::Receipt(error) => web::Error::Internal(error.into()),
            RemediationError::Database(error) => error.into(),
            RemediationError::Other(error) => web::Error::Internal(error),
        }
    }
}

/// The address of a file.
pub fn address(number: Number) -> String {
    format!("/remediation/{number}")
}

fn fault(place: &str, code: FaultCode, words: impl Into<String>) -> Fault {
    Fault::error(code, words).at_field(place)
}

pub fn entered_already(ground: Ground, (number, state): (Number, State)) -> Fault {
    let words =
        format!("已因“{ground}”列入整治档案 {number}（{state}），不重复列入；请在该档案中办理：{}", address(number));
    fault("ground", FaultCode::EnteredAlready, words)
}

pub fn no_such_enterprise(uscc: &str) -> Fault {
    fault(
        "subject",
        FaultCode::EnterpriseUnknown,
        format!("企业名录中没有信用代码为 {uscc} 的企业；请核对或先登记企业"),
    )
}

pub fn no_such_parcel(code: &str) -> Fault {
    fault("subject", FaultCode::ParcelUnknown, format!("宗地台账中没有代码为 {code} 的宗地；请核对或先登记宗地"))
}

/// By what it is called and how it stands.
pub fn has_left(name: &str, state: &str) -> Fault {
    let words = format!("{name}在企业名录中为“{state}”，不能列入整治；其所占土地请以宗地列入");
    fault("subject", FaultCode::SubjectLeft, words)
}

/// Of an open file.
pub fn subject_is_gone(subject: &Subject) -> Fault {
    match subject {
        Subject::Gone(into) if into.is_empty() => {
            fault("subject", FaultCode::ParcelGone, "宗地已注销，本档案不能继续办理；请撤销列入")
        }
        Subject::Gone(into) => {
            let words = format!("宗地已变更为{}，本档案不能继续办理；请撤销列入，再以新宗地列入", into.join("、"));
            fault("subject", FaultCode::ParcelGone, words)
        }
        Subject::There | Subject::Left => {
            let words = "企业已迁出或注销，本档案不能按此方式继续办理；请撤销列入，或将方案改为关停、收回、搬迁或兼并";
            fault("subject", FaultCode::SubjectLeft, words)
        }
    }
}

pub fn not_borne_out(place: &'static str, words: impl Into<String>) -> Fault {
    fault(place, FaultCode::GroundNotBorneOut, words)
}

pub fn not_proven(why: &NotProven) -> Fault {
    let code = match why {
        NotProven::Forecast(_) | NotProven::BeforePlan { .. } | NotProven::Unconfirmed(_) => FaultCode::FigureForecast,
        NotProven::Missing(_) | NotProven::Below { .. } => FaultCode::AcceptanceLacking,
    };
    fault("year", code, why.to_string())
}

pub fn lacking(lacking: &[Lacking]) -> Vec<Fault> {
    let told = |lacking: &Lacking| match lacking {
        Lacking::Figure(why) => not_proven(why),
        Lacking::Evidence(_) => fault("evidence", FaultCode::AcceptanceLacking, format!("{lacking}；请先附上")),
        other => fault("way", FaultCode::AcceptanceLacking, other.to_string()),
    };
    lacking.iter().map(told).collect()
}

pub fn evidence_elsewhere(number: Number) -> Fault {
    let words = format!("这份材料已附于整治档案 {number}，不能再作为本档案的依据；请附本档案自己的材料");
    fault("file", FaultCode::EvidenceElsewhere, words)
}

pub fn evidence_twice() -> Fault {
    fault("file", FaultCode::DuplicateRecord, "这份材料已附于本档案，无须再附")
}

pub fn no_such_task() -> Fault {
    fault("task", FaultCode::EvidenceElsewhere, "本档案没有这项任务；请选择本档案的任务")
}

pub fn task_done(by: &str, on: impl std::fmt::Display) -> Fault {
    fault("task", FaultCode::TaskDone, format!("这项任务已由{by}于{on}办结，无须再办；如有新情况请另行下达任务"))
}

pub fn task_of_another(department: Department) -> Fault {
    let words = format!("这项任务由{department}办理，其他部门不能代为办结；请由{department}登记");
    fault("task", FaultCode::TaskOfAnother, words)
}

pub fn no_department() -> Fault {
    fault("department", FaultCode::NoDepartment, "您的账号没有所属部门，不能以部门名义办理；请系统管理员填写所属部门")
}

pub fn same_person(words: &str) -> Fault {
    fault("", FaultCode::SamePerson, words)
}

pub fn said_already(department: Department) -> Fault {
    let words = format!("{department}或您本人在本轮验收中已经同意；联合验收须由另一部门的另一人办理");
    fault("department", FaultCode::SamePerson, words)
}
