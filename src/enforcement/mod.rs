//! Joint enforcement (联合执法), 四(一)4: departments go together to those of a list, one visit for all, and each department's findings
//! are handed over to it as cases that it brings to their end.
//!
//! The visit is an inspection with a checklist of its own (`crate::inspection`), so that it works on the phone without a connection;
//! [`rules`] says what a result comes to; [`campaigns`], [`listing`], [`handing_over`], [`steps`] and [`vetoes`] are what people do.

pub mod api;
pub mod asked;
pub mod campaigns;
pub mod case;
mod coverage;
pub mod form;
pub mod handing_over;
pub mod listing;
pub mod pages;
pub mod present;
mod room;
pub mod rules;
pub mod steps;
pub mod store;
pub mod vetoes;
pub mod wording;
mod work;

#[cfg(test)]
mod tests;

pub use coverage::RULES;
pub use room::ROOM;

crate::terms! {
    #[schema(as = EnforcementCampaignState)]
    pub enum CampaignState {
        Open = "open" => "进行中",
        Closed = "closed" => "已结束",
    }
}

crate::terms! {
    #[schema(as = EnforcementCampaignStep)]
    pub enum CampaignStep {
        Open = "open" => "组织联合执法",
        Close = "close" => "结束联合执法",
    }
}

crate::terms! {
    /// Where a visit to somebody on the list stands.
    #[schema(as = EnforcementTargetState)]
    pub enum TargetState {
        Awaiting = "awaiting" => "待检查",
        HandedOver = "handed_over" => "问题已移交",
        Sound = "sound" => "未发现问题",
        Dropped = "dropped" => "不再检查",
    }
}

crate::terms! {
    #[schema(as = EnforcementTargetStep)]
    pub enum TargetStep {
        List = "list" => "列入联合执法",
        HandOver = "hand_over" => "移交问题",
        /// Looked at, and nothing was found.
        Conclude = "conclude" => "登记未发现问题",
        Drop = "drop" => "不再检查",
    }
}

crate::terms! {
    /// Where a department's case stands.
    #[schema(as = EnforcementFindingState)]
    pub enum State {
        HandedOver = "handed_over" => "已移交",
        Filed = "filed" => "已立案",
        Ordered = "ordered" => "已责令改正",
        Rectified = "rectified" => "已整改",
        NotUpheld = "not_upheld" => "不成立",
    }
}

crate::terms! {
    #[schema(as = EnforcementFindingStep)]
    pub enum Step {
        HandOver = "hand_over" => "移交",
        File = "file" => "立案",
        Order = "order" => "责令改正",
        Fine = "fine" => "行政处罚",
        /// Looked at again, and still not put right.
        Recheck = "recheck" => "复查未整改",
        Rectify = "rectify" => "复查合格",
        NotUphold = "not_uphold" => "认定不成立",
    }
}

crate::terms! {
    /// What became of what a department proposes to the register of vetoes.
    #[schema(as = EnforcementVetoState)]
    pub enum VetoState {
        Proposed = "proposed" => "待决定",
        Entered = "entered" => "已登记否决",
        Refused = "refused" => "不予登记",
    }
}

crate::terms! {
    #[schema(as = EnforcementVetoStep)]
    pub enum VetoStep {
        Propose = "propose" => "建议登记否决",
        Enter = "enter" => "登记否决",
        Refuse = "refuse" => "不予登记",
    }
}

impl State {
    pub fn is_closed(self) -> bool {
        matches!(self, State::Rectified | State::NotUpheld)
    }
}
