//! The admission case: an application, what was found, who said what about it, and the decision.
//!
//! [`rules`] holds the state machine and what it refuses; it knows no clock and no database. Every transition in [`store`]
//! asks it under the lock of the case's row, and the tables refuse the worst of it once more.

pub mod api;
pub mod application;
pub mod check;
pub mod document;
pub mod from_case;
pub mod gap;
pub mod land;
pub mod list;
pub mod pages;
pub mod promise;
pub mod reading;
pub mod rules;
pub mod site;
pub mod store;
pub mod what_if;
pub mod work;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use application::Application;

use crate::account::Department;
use crate::base::text::Seen;
use crate::policy::verdict::Overall;
use crate::workflow::Number;

crate::terms! {
    /// Where a case stands.
    #[schema(as = CaseStage)]
    pub enum Stage {
        Draft = "draft" => "草稿",
        Submitted = "submitted" => "已提交待受理",
        Returned = "returned" => "退回补正",
        Accepted = "accepted" => "已受理",
        Opinions = "opinions" => "征求意见",
        Recommended = "recommended" => "待决定",
        Decided = "decided" => "已决定待送达",
        Notified = "notified" => "已送达",
        Withdrawn = "withdrawn" => "已撤回",
    }
}

crate::terms! {
    /// What can be done to a case.
    #[schema(as = CaseAction)]
    pub enum Action {
        Submit = "submit" => "提交",
        Accept = "accept" => "受理",
        Return = "return" => "退回补正",
        Consult = "consult" => "征求部门意见",
        Recommend = "recommend" => "提出审查建议",
        SendBack = "send_back" => "退回承办人",
        Decide = "decide" => "作出决定",
        Notify = "notify" => "送达",
        Withdraw = "withdraw" => "撤回申请",
    }
}

crate::terms! {
    /// Everything that is written into the timeline of a case: its actions, and what leaves its stage as it is.
    pub enum CaseStep {
        Create = "create" => "新建申请",
        Edit = "edit" => "修改申请",
        Attach = "attach" => "添加附件",
        Detach = "detach" => "移除附件",
        Submit = "submit" => "提交",
        Accept = "accept" => "受理",
        Return = "return" => "退回补正",
        Check = "check" => "重新核查",
        Judge = "judge" => "人工判断",
        SetAside = "set_aside" => "提出排除命中",
        ConfirmSetAside = "set_aside_confirm" => "确认排除命中",
        RejectSetAside = "set_aside_reject" => "不同意排除命中",
        Beside = "beside" => "记录并存理由",
        Consult = "consult" => "征求部门意见",
        Opinion = "opinion" => "部门意见",
        Recommend = "recommend" => "提出审查建议",
        SendBack = "send_back" => "退回承办人",
        Decide = "decide" => "作出决定",
        Notify = "notify" => "送达",
        Withdraw = "withdraw" => "撤回申请",
    }
}

impl From<Action> for CaseStep {
    fn from(action: Action) -> Self {
        match action {
            Action::Submit => CaseStep::Submit,
            Action::Accept => CaseStep::Accept,
            Action::Return => CaseStep::Return,
            Action::Consult => CaseStep::Consult,
            Action::Recommend => CaseStep::Recommend,
            Action::SendBack => CaseStep::SendBack,
            Action::Decide => CaseStep::Decide,
            Action::Notify => CaseStep::Notify,
            Action::Withdraw => CaseStep::Withdraw,
        }
    }
}

crate::terms! {
    /// What the handling officer recommends.
    pub enum Recommends {
        Admit = "admit" => "建议准入",
        Refuse = "refuse" => "建议不予准入",
    }
}

crate::terms! {
    #[schema(as = CaseOutcome)]
    pub enum Outcome {
        Admitted = "admitted" => "准予准入",
        Refused = "refused" => "不予准入",
    }
}

crate::terms! {
    /// What a department says.
    pub enum Stance {
        Agree = "agree" => "同意",
        AgreeWithConditions = "agree_with_conditions" => "有条件同意",
        Object = "object" => "不同意",
    }
}

crate::terms! {
    /// The parts of an application that departments judge.
    pub enum Sight {
        Project = "project" => "项目与投资主体",
        Site = "site" => "选址",
        Industry = "industry" => "行业",
        Investment = "investment" => "投资",
        Output = "output" => "亩产",
        Energy = "energy" => "能耗",
        Environment = "environment" => "环境",
        Construction = "construction" => "建设",
    }
}

/// A case as lists show it.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: Uuid,
    pub year: Option<i16>,
    pub serial: Option<i32>,
    pub stage: Stage,
    pub round: i32,
    pub version: i32,
    pub project: String,
    pub investor: String,
    pub uscc: Option<String>,
    pub industry_code: Option<String>,
    pub land_kind: Option<String>,
    /// Plane area of the site, m².
    pub site_area_m2: Option<Decimal>,
    pub subdistrict: Option<String>,
    pub applied_on: Option<NaiveDate>,
    pub handler: Option<Uuid>,
    pub handler_name: Option<String>,
    pub outcome: Option<Outcome>,
    pub verdict: Option<Overall>,
    pub created_by: Option<Uuid>,
    pub created_name: String,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub changed_by: String,
    pub last_action: String,
    /// The earliest day by which an opinion that is still missing was due.
    pub opinion_due: Option<NaiveDate>,
}

impl Case {
    /// `2026-0012`; a draft has none yet.
    pub fn number(&self) -> Option<String> {
        number(self.year, self.serial)
    }

    pub fn number_or_draft(&self) -> String {
        self.number().unwrap_or_else(|| "（草稿）".into())
    }

    pub fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Decided | Stage::Notified | Stage::Withdrawn)
    }
}

/// Year and serial number as people write it.
pub fn number(year: Option<i16>, serial: Option<i32>) -> Option<String> {
    Number::of(year, serial).map(|number| number.to_string())
}

/// Reads `2026-0012`.
pub fn parse_number(text: &str) -> Option<(i16, i32)> {
    let number: Number = text.seen().parse().ok()?;
    Some((number.year, number.serial))
}

/// One step of a case, in the order of its timeline.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Event {
    pub seq: i32,
    pub at: DateTime<Utc>,
    pub actor: String,
    /// A stable verb.
    pub action: String,
    pub from_stage: Option<Stage>,
    pub to_stage: Stage,
    pub round: i32,
    pub note: String,
}

impl Event {
    pub fn label(&self) -> &str {
        CaseStep::parse(&self.action).map_or(self.action.as_str(), |step| step.label())
    }
}

/// A department that was asked in one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Opinion {
    pub department: Department,
    pub due_on: NaiveDate,
    /// The calendar of the year was not announced when the day was counted.
    pub provisional: bool,
    pub stance: Option<Stance>,
    pub comment: String,
    pub given_name: Option<String>,
    pub given_at: Option<DateTime<Utc>>,
    /// The round in which it was given, when what the department saw has not changed since.
    pub carried_from: Option<i32>,
}

/// A check on record.
#[derive(Clone, Debug)]
pub struct StoredCheck {
    pub id: i64,
    pub round: i32,
    pub receipt: String,
    pub verdict: Overall,
    pub as_of: NaiveDate,
    /// JSON as it was hashed.
    pub results: String,
    pub warnings: Vec<String>,
    pub occasion: String,
    pub current: bool,
    pub checked_at: DateTime<Utc>,
    pub checked_by: String,
}

/// Land on offer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema, sqlx::FromRow)]
pub struct Offer {
    pub id: Uuid,
    pub parcel_code: String,
    pub title: String,
    pub land_kind: String,
    pub zone: Option<String>,
    /// Ids of the standard-land sets an applicant may bind itself to.
    pub sets: Vec<String>,
    pub from: Option<NaiveDate>,
    /// The first day on which it is no longer offered.
    pub until: Option<NaiveDate>,
    pub version: i32,
    pub recorded_by: String,
    /// Why it is offered although something stands against its land.
    pub beside: Option<String>,
}

/// A hit that somebody wants to set aside, or that was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    pub id: Uuid,
    pub layer: String,
    pub reason: String,
    pub proposed_by: Uuid,
    pub proposed_name: String,
    pub proposed_at: DateTime<Utc>,
    pub confirmed_by: Option<Uuid>,
    pub confirmed_name: Option<String>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub rejected: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_year_and_serial() {
        assert_eq!(number(Some(2026), Some(12)).as_deref(), Some("2026-0012"));
        assert_eq!(parse_number(" 2026-0012 "), Some((2026, 12)));
        assert_eq!(number(Some(2026), None), None);
        assert_eq!(parse_number("2026"), None);
    }
}
