//! The survey of industrial land (工业用地摸底调查), 四(一)1: rounds over all industrial land, a form for each parcel, the class that
//! register and ground together come to, and what differs between the two.
//!
//! [`rules`] says which class a parcel is of, [`known`] what the registers say of it; [`rounds`], [`visits`] and [`differences`] are
//! what people do.

pub mod api;
pub mod case;
pub mod compare;
mod coverage;
pub mod difference_list;
pub mod differences;
pub mod form;
pub mod known;
pub mod ledger;
pub mod pages;
pub mod present;
mod proof;
mod room;
pub mod rounds;
pub mod rules;
pub mod store;
pub mod uses;
pub mod view;
pub mod visits;
pub mod wording;
mod work;

pub use coverage::RULES;
pub use proof::{CLASS, RECHECKS};
pub use room::ROOM;

use crate::parcel::SupplyStatus;

crate::terms! {
    /// What a parcel is, by register and ground together.
    #[schema(as = SurveyClass)]
    pub enum Class {
        ApprovedNotSupplied = "approved_not_supplied" => "批而未供",
        SuppliedNotUsed = "supplied_not_used" => "供而未用",
        Idle = "idle" => "闲置",
        LowEfficiency = "low_efficiency" => "低效",
        ChangedUse = "changed_use" => "改变用途",
        InUse = "in_use" => "在用",
    }
}

crate::terms! {
    /// How the land stands, as it was found.
    #[schema(as = SurveyStanding)]
    pub enum Standing {
        Vacant = "vacant" => "未动工建设",
        Building = "building" => "在建",
        /// Buildings that nobody uses.
        StandingEmpty = "standing_empty" => "已建成、停用或空置",
        Used = "used" => "在用",
    }
}

crate::terms! {
    /// What land is used for, in kinds that either scheme of land uses can be read as.
    #[schema(as = SurveyUseKind)]
    pub enum UseKind {
        Industry = "industry" => "工业生产",
        Mining = "mining" => "采矿、盐田",
        Storage = "storage" => "物流仓储",
        Commerce = "commerce" => "商业服务",
        Housing = "housing" => "居住",
        Public = "public" => "公共管理与公共服务",
        Transport = "transport" => "交通、公用设施",
        Agriculture = "agriculture" => "农业",
        Other = "other" => "其他",
    }
}

crate::terms! {
    #[schema(as = SurveyLicence)]
    pub enum Licence {
        Shown = "shown" => "已出示",
        NotShown = "not_shown" => "未出示",
        None = "none" => "无照",
    }
}

crate::terms! {
    #[schema(as = SurveyRoundState)]
    pub enum RoundState {
        Open = "open" => "调查中",
        Closed = "closed" => "已结束",
    }
}

crate::terms! {
    #[schema(as = SurveyRoundStep)]
    pub enum RoundStep {
        Open = "open" => "开展摸底调查",
        Close = "close" => "结束摸底调查",
    }
}

crate::terms! {
    #[schema(as = SurveyParcelState)]
    pub enum ParcelState {
        Awaiting = "awaiting" => "待核实",
        Surveyed = "surveyed" => "已核实",
    }
}

crate::terms! {
    #[schema(as = SurveyParcelStep)]
    pub enum ParcelStep {
        Freeze = "freeze" => "列入",
        Visit = "visit" => "登记核实",
    }
}

crate::terms! {
    /// Why a parcel is in a round.
    #[schema(as = SurveyListedBy)]
    pub enum ListedBy {
        RegisteredUse = "registered_use" => "登记用途为工业用地",
        /// Without a registered use.
        Occupancy = "occupancy" => "未登记用途、由工业企业使用",
    }
}

crate::terms! {
    /// What differs between register and ground.
    #[schema(as = SurveyDifferenceKind)]
    pub enum DifferenceKind {
        Tenant = "tenant" => "使用人未登记",
        SupplyStatus = "supply_status" => "供应状态不一致",
        LandUse = "land_use" => "用途不一致",
    }
}

crate::terms! {
    #[schema(as = SurveyDifferenceState)]
    pub enum DifferenceState {
        Proposed = "proposed" => "待处理",
        TakenOver = "taken_over" => "已采纳",
        Refused = "refused" => "不采纳",
        /// A later visit says it anew, or not any more.
        Overtaken = "overtaken" => "已由再次核实取代",
    }
}

crate::terms! {
    #[schema(as = SurveyDifferenceStep)]
    pub enum DifferenceStep {
        Propose = "propose" => "提出",
        TakeOver = "take_over" => "采纳",
        Refuse = "refuse" => "不采纳",
        Overtake = "overtake" => "取代",
    }
}

impl Class {
    /// What the register of parcels calls it. Land of which the use was changed is used.
    pub fn supply_status(self) -> SupplyStatus {
        match self {
            Class::ApprovedNotSupplied => SupplyStatus::ApprovedNotSupplied,
            Class::SuppliedNotUsed => SupplyStatus::SuppliedNotUsed,
            Class::Idle => SupplyStatus::Idle,
            Class::LowEfficiency => SupplyStatus::LowEfficiency,
            Class::ChangedUse | Class::InUse => SupplyStatus::InUse,
        }
    }
}

impl Standing {
    /// Built on or used. Buildings that nobody uses are land that was supplied and is not used.
    pub fn is_use(self) -> bool {
        matches!(self, Standing::Building | Standing::Used)
    }
}
