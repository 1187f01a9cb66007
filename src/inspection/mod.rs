//! Inspections (现场检查): who is sent to look at which parcel, what was asked, what was found, with photos.
//!
//! [`rules`] says what a result must hold and which steps a task may take; [`store`] keeps tasks and visits; [`photo`]
//! takes location and time out of a picture before [`vault`] keeps it. A result may arrive late, twice, or for a task that
//! was cancelled meanwhile: it is kept once and never lost.

pub mod api;
pub mod arrival;
pub mod checklist;
pub mod list;
pub mod pages;
pub mod photo;
pub mod present;
mod refusal;
mod room;
pub mod rules;
pub mod store;
pub mod vault;
pub mod view;
mod work;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::base::code::ParcelCode;

pub use room::ROOM;

crate::terms! {
    /// In which part of its life the land is looked at.
    #[schema(as = InspectionStage)]
    pub enum Stage {
        Construction = "construction" => "建设期检查",
        Production = "production" => "投产期检查",
        RemainingTerm = "remaining_term" => "剩余年限使用期检查",
        IdleSuspicion = "idle_suspicion" => "疑似闲置核查",
        LowEfficiency = "low_efficiency" => "低效用地摸底",
        /// Several departments at once, on the list of a campaign.
        JointEnforcement = "joint_enforcement" => "联合执法检查",
    }
}

crate::terms! {
    /// Where a task stands. Overdue is not a state: it is worked out when the task is read.
    pub enum TaskState {
        Open = "open" => "待检查",
        UnderWay = "under_way" => "检查中",
        Reported = "reported" => "已报结果",
        Closed = "closed" => "已办结",
        Cancelled = "cancelled" => "已取消",
    }
}

crate::terms! {
    /// What moves a task.
    pub enum Step {
        Assign = "assign" => "下达",
        Start = "start" => "开始检查",
        Report = "report" => "报送结果",
        /// Somebody has to go again; what was found stays.
        Revisit = "revisit" => "要求复查",
        Reassign = "reassign" => "改派",
        Close = "close" => "办结",
        Cancel = "cancel" => "取消",
        /// A result that was kept aside becomes the task's.
        Adopt = "adopt" => "采用搁置的结果",
    }
}

crate::terms! {
    /// What was found at one question.
    #[schema(as = InspectionAnswer)]
    pub enum Answer {
        Pass = "pass" => "符合",
        Fail = "fail" => "不符合",
        NotApplicable = "not_applicable" => "不适用",
        /// Behind a locked gate, under a roof: not looked at is not the same as in order.
        NotSeen = "not_seen" => "无法查看",
    }
}

crate::terms! {
    /// What a visit comes to, worked out from its answers.
    #[schema(as = InspectionOutcome)]
    pub enum Outcome {
        Pass = "pass" => "符合要求",
        Fail = "fail" => "不符合要求",
        Incomplete = "incomplete" => "未能查清",
    }
}

crate::terms! {
    /// What had become of the task when a result arrived late.
    pub enum Conflict {
        Cancelled = "cancelled" => "任务已取消",
        Closed = "closed" => "任务已办结",
        Reassigned = "reassigned" => "任务已改派他人",
    }
}

impl Stage {
    /// Whether somebody may be sent by hand. A joint visit is ordered by its campaign, which says whose questions are asked.
    pub fn is_sent_by_hand(self) -> bool {
        self != Stage::JointEnforcement
    }

    pub fn by_hand() -> Vec<Stage> {
        Stage::ALL.iter().copied().filter(|stage| stage.is_sent_by_hand()).collect()
    }
}

/// What another room asks to be looked at. The same subject, obligation and due date make one task, however often asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Opaque here: a contract number, a remediation plan.
    pub subject: String,
    pub obligation: String,
}

/// A visit to be made.
#[derive(Clone, Debug)]
pub struct Assignment {
    pub parcel: ParcelCode,
    pub stage: Stage,
    /// What to look at and why, in a sentence.
    pub purpose: String,
    pub due: NaiveDate,
    /// Any inspector may take a task that names nobody.
    pub assignee: Option<Uuid>,
    pub subject: Option<Subject>,
}

/// Where something was, in degrees (EPSG:4490; a phone's WGS 84 differs by centimetres).
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    pub longitude: f64,
    pub latitude: f64,
    /// Metres, as the device says; missing when it says nothing.
    #[serde(default)]
    pub accuracy_m: Option<f64>,
}

/// One answered question.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemAnswer {
    pub item: String,
    pub answer: Answer,
    /// In the unit of the question; a decimal string. Missing is not zero.
    #[serde(default, with = "rust_decimal::serde::str_option")]
    #[schema(value_type = Option<String>)]
    pub figure: Option<Decimal>,
    #[serde(default)]
    pub comment: Option<String>,
}

/// What one visit found, as the phone sends it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionFinding)]
pub struct Finding {
    pub answers: Vec<ItemAnswer>,
    #[serde(default)]
    pub note: Option<String>,
    /// By the phone's clock.
    pub device_at: DateTime<Utc>,
    #[serde(default)]
    pub position: Option<Position>,
    /// Photos that belong to it. Those must have arrived before.
    #[serde(default)]
    pub photos: Vec<Uuid>,
}
