//! Why something is refused here, each with its code, its place and what to do; worded in this one place.

use chrono::NaiveDate;

use crate::account::Department;
use crate::evaluation::registers::RegisterError;
use crate::exchange::{Fault, FaultCode};
use crate::inspection::store::TaskError;
use crate::low_efficiency::store::ListError;
use crate::policy::store::PublishError;
use crate::web;
pub use crate::web::form::{missing, wrong};
use crate::workflow::{Number, Refused, SamePerson};

#[derive(Debug, thiserror::Error)]
pub enum EnforcementError {
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("{}", .0.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("；"))]
    Refused(Vec<Fault>),
    #[error(transparent)]
    SamePerson(#[from] SamePerson),
    #[error(transparent)]
    Task(#[from] TaskError),
    #[error(transparent)]
    Register(#[from] RegisterError),
    #[error(transparent)]
    List(#[from] ListError),
    #[error(transparent)]
    Published(#[from] PublishError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<Fault> for EnforcementError {
    fn from(fault: Fault) -> Self {
        EnforcementError::Refused(vec![fault])
    }
}

impl From<EnforcementError> for web::Error {
    fn from(error: EnforcementError) -> Self {
        match error {
            EnforcementError::Case(refused) => refused.into(),
            EnforcementError::Refused(faults) => web::Error::Input(faults),
            EnforcementError::SamePerson(error) => {
                web::Error::Input(vec![Fault::error(FaultCode::SamePerson, error.to_string())])
            }
            EnforcementError::Task(error) => error.into(),
            EnforcementError::Register(error) => error.into(),
            EnforcementError::List(error) => error.into(),
            EnforcementError::Published(error) => web::Error::Internal(error.into()),
            EnforcementError::Database(error) => error.into(),
            EnforcementError::Other(error) => web::Error::Internal(error),
        }
    }
}

/// Of a campaign.
pub fn address(number: Number) -> String {
    format!("/enforcement/campaigns/{number}")
}

/// Of somebody on its list.
pub fn target_address(number: Number, uscc: &str) -> String {
    format!("/enforcement/campaigns/{number}/{uscc}")
}

pub fn finding_address(number: Number) -> String {
    format!("/enforcement/findings/{number}")
}

pub fn too_few_departments() -> Fault {
    missing("departments", "联合执法须有两个以上部门参加，请再选择参加的部门")
}

pub fn lead_stays_away(lead: Department) -> Fault {
    wrong("lead", format!("牵头部门{lead}不在参加的部门之内；请勾选该部门，或另选牵头部门"))
}

pub fn no_questions(department: Department) -> Fault {
    wrong("departments", format!("联合执法检查表没有{department}的检查事项，不能参加；请取消勾选"))
}

pub fn past_due() -> Fault {
    wrong("due", "检查期限不能早于今天")
}

pub fn closed() -> Fault {
    Fault::error(FaultCode::BadRequest, "这次联合执法行动已结束，不能再列入或移交；请组织新的行动")
}

pub fn nobody_named() -> Fault {
    missing("codes", "请填写信用代码（一行一个），或选择亩均税收清单的年度")
}

pub fn too_many(count: usize, most: usize) -> Fault {
    wrong("codes", format!("一次最多列入 {most} 家，现为 {count} 家；请分次列入"))
}

pub fn none_can_be_listed() -> Fault {
    wrong("codes", "没有可以列入的企业：均已列入、不在册、已迁出注销或没有用地登记")
}

pub fn targets_awaiting(awaiting: i64) -> Fault {
    missing("words", format!("还有 {awaiting} 家尚未检查或移交；确需结束的，请填写理由"))
}

pub fn no_result() -> Fault {
    Fault::error(FaultCode::BadRequest, "还没有检查结果，无从移交；检查结果由巡查员在手机上报送")
}

pub fn result_kept_aside() -> Fault {
    Fault::error(FaultCode::BadRequest, "检查任务尚未报送结果，或结果因改派、取消而搁置；请先在检查任务中处理")
}

pub fn nobody_present(department: Department) -> Fault {
    missing(&present_field(department), format!("请填写{department}到场的执法人员（不少于两人）"))
}

/// The field for who was there of a department.
pub fn present_field(department: Department) -> String {
    format!("present_{}", department.code())
}

pub fn of_another(department: Department) -> Fault {
    let words = format!("这件问题由{department}办理；您的账号不属于该部门，请由该部门办理");
    Fault::error(FaultCode::BadRequest, words)
}

pub fn before(place: &str, called: &str, day: NaiveDate) -> Fault {
    wrong(place, format!("日期不能早于{called}（{day}）"))
}

pub fn proposed_before() -> Fault {
    wrong("kind", "这件问题已就同一事由建议登记否决，不能重复；不予登记的可再次建议")
}

pub fn not_upheld() -> Fault {
    Fault::error(FaultCode::BadRequest, "问题已认定不成立，不能据此建议登记否决")
}

pub fn decided_by_its_proposer() -> Fault {
    Fault::error(FaultCode::SamePerson, "否决建议须由提出人以外的人决定，请由另一人办理")
}
