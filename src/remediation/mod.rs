//! Remediation (整治), 四(一)4: one file for each enterprise or parcel, from the survey over plan, notice and tasks to joint
//! acceptance, striking-off and the look back.
//!
//! [`rules`] says what each way needs to be accepted and what is holding a file up, [`proof`] what an enterprise was entered for and
//! whether a full year's figure reached the line; [`case`] is the file on the kernel, [`opening`], [`steps`], [`tasks`],
//! [`evidence`] and [`acceptance`] what people do.

pub mod acceptance;
pub mod api;
pub mod case;
mod coverage;
pub mod deadlines;
pub mod evidence;
pub mod form;
pub mod list;
pub mod opening;
pub mod pages;
pub mod plan;
pub mod present;
pub mod proof;
mod room;
pub mod rules;
pub mod standing;
pub mod steps;
pub mod store;
pub mod tasks;
pub mod together;
pub mod view;
pub mod wording;
mod work;

pub use case::TABLE;
pub use coverage::RULES;
pub use room::ROOM;

crate::terms! {
    /// Whom a file is about.
    #[schema(as = RemediationSubjectKind)]
    pub enum SubjectKind {
        Enterprise = "enterprise" => "企业",
        Parcel = "parcel" => "宗地",
    }
}

crate::terms! {
    /// What a file is entered for.
    #[schema(as = RemediationGround)]
    pub enum Ground {
        /// On the list of a year: below the line of 四(一)4.
        BelowLine = "below_line" => "亩均税收1万元以下",
        /// By the official result of a year.
        GradeD = "grade_d" => "综合评价D档",
        IdleLand = "idle_land" => "闲置土地",
        LowEfficiencyLand = "low_efficiency_land" => "低效用地",
        BackwardCapacity = "backward_capacity" => "落后产能",
        Overcapacity = "overcapacity" => "严重过剩产能",
        Breach = "breach" => "违反出让合同",
        OutputReviewFailed = "output_review_failed" => "项目绩效评价不合格",
        /// No licence, no safety, no lawful premises, no environmental protection.
        FourNos = "four_nos" => "“四无”企业",
        JointEnforcement = "joint_enforcement" => "联合执法查处",
    }
}

crate::terms! {
    #[schema(as = RemediationWay)]
    pub enum Way {
        Upgrade = "upgrade" => "提升改造",
        Close = "close" => "关停淘汰",
        TakeBack = "take_back" => "收回土地",
        Move = "move" => "搬迁入园",
        Merge = "merge" => "兼并重组",
    }
}

crate::terms! {
    #[schema(as = RemediationState)]
    pub enum State {
        Surveyed = "surveyed" => "已摸排",
        Verified = "verified" => "已核实",
        Planned = "planned" => "已定方案",
        Noticed = "noticed" => "已告知",
        Heard = "heard" => "已听取意见",
        CarryingOut = "carrying_out" => "整治中",
        Suspended = "suspended" => "已中止",
        AcceptanceAsked = "acceptance_asked" => "待验收",
        Accepted = "accepted" => "已验收",
        StruckOff = "struck_off" => "已销号",
        LookedBack = "looked_back" => "已回访",
        Dropped = "dropped" => "已撤销",
    }
}

crate::terms! {
    #[schema(as = RemediationStep)]
    pub enum Step {
        Open = "open" => "列入整治",
        AddGround = "add_ground" => "增列事由",
        Verify = "verify" => "核实",
        Plan = "plan" => "制定方案",
        Notify = "notify" => "登记告知",
        Hear = "hear" => "登记陈述申辩或听证",
        Start = "start" => "组织实施",
        SetTask = "set_task" => "下达任务",
        FinishTask = "finish_task" => "办结任务",
        Attach = "attach" => "附佐证材料",
        Suspend = "suspend" => "中止",
        Resume = "resume" => "恢复",
        Escalate = "escalate" => "督办",
        AskAcceptance = "ask_acceptance" => "申请验收",
        Agree = "agree" => "部门验收同意",
        Accept = "accept" => "联合验收通过",
        Return = "return" => "退回整治",
        StrikeOff = "strike_off" => "销号",
        LookBack = "look_back" => "登记回访",
        Drop = "drop" => "撤销列入",
    }
}

crate::terms! {
    /// What a department does in a file.
    #[schema(as = RemediationTaskKind)]
    pub enum TaskKind {
        Milestone = "milestone" => "节点",
        Finding = "finding" => "查明问题",
        Order = "order" => "责令改正",
        Fine = "fine" => "行政处罚",
        Recheck = "recheck" => "复查",
    }
}

crate::terms! {
    #[schema(as = RemediationEvidenceKind)]
    pub enum EvidenceKind {
        Dismantled = "dismantled" => "设备拆除（不能恢复生产）",
        PowerEnded = "power_ended" => "终止供电",
        WaterEnded = "water_ended" => "终止供水",
        Licence = "licence" => "证照注销或变更",
        PhotoBefore = "photo_before" => "整治前照片",
        PhotoDuring = "photo_during" => "整治中照片",
        PhotoAfter = "photo_after" => "整治后照片",
        Agreement = "agreement" => "收回协议或决定",
        Registration = "registration" => "不动产登记",
        ParkContract = "park_contract" => "入园合同",
        RegisterChange = "register_change" => "企业登记变更",
        SiteAcceptance = "site_acceptance" => "现场验收记录",
        Hearing = "hearing" => "听证记录",
        Other = "other" => "其他材料",
    }
}

impl Ground {
    /// Whether the registers say it, so that nobody has to.
    pub fn is_found_by_rule(self) -> bool {
        matches!(self, Ground::BelowLine | Ground::GradeD)
    }

    /// Of land, whoever uses it.
    pub fn is_of_parcel(self) -> bool {
        matches!(self, Ground::IdleLand | Ground::LowEfficiencyLand)
    }
}
