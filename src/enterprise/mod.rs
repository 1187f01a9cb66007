//! Enterprises, who occupies what, and what they return each year.
//!
//! [`land`] sums the land of a year, [`store`] keeps the registers and the figures; [`change`] and [`occupancy`] are what
//! people do by hand, read from what they type by [`form`].

pub mod api;
pub mod change;
pub mod commands;
mod coverage;
pub mod form;
pub mod land;
mod list;
pub mod occupancy;
pub mod pages;
mod room;
pub mod rules;
pub mod sector;
pub mod store;
pub mod sums;
pub mod view;
pub mod wording;
mod work;

pub use list::{Filter, ListParameters, ListQuery, Row, SortKey};
pub use room::ROOM;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::account::Department;
use crate::base::conversion::Dimension;
use crate::base::period::Period;
use crate::base::unit::Mu;

crate::terms! {
    pub enum Sector {
        Industry = "industry" => "工业",
        Service = "service" => "服务业",
        Other = "other" => "其他",
    }
}

crate::terms! {
    /// Designated size (规模以上/规模以下) as the statistics office lists it.
    pub enum SizeClass {
        Above = "above" => "规上",
        Below = "below" => "规下",
    }
}

crate::terms! {
    pub enum EnterpriseState {
        Operating = "operating" => "在营",
        Moved = "moved" => "迁出",
        Cancelled = "cancelled" => "注销",
    }
}

crate::terms! {
    /// How an occupancy is held. A lease is one record with two sides: the land enters the occupant and leaves the lessor.
    pub enum OccupancyKind {
        Owned = "owned" => "自有",
        Leased = "leased" => "租赁",
        Other = "other" => "其他",
    }
}

crate::terms! {
    /// One side of an occupancy, seen from an enterprise.
    pub enum HoldingSide {
        Owned = "owned" => "自有",
        LeasedIn = "leased_in" => "租入",
        LeasedOut = "leased_out" => "租出",
        Other = "other" => "其他",
    }
}

impl OccupancyKind {
    pub fn of(side: HoldingSide) -> Self {
        match side {
            HoldingSide::Owned => OccupancyKind::Owned,
            HoldingSide::LeasedIn | HoldingSide::LeasedOut => OccupancyKind::Leased,
            HoldingSide::Other => OccupancyKind::Other,
        }
    }
}

/// What a version says of an enterprise, besides who it is and from when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub name: String,
    /// Edition and code: a code means something only within its edition.
    pub industry: Option<(String, String)>,
    pub sector: Sector,
    pub size_class: SizeClass,
    pub high_tech: Option<bool>,
    pub platform: Option<String>,
    pub subdistrict: Option<String>,
    pub state: EnterpriseState,
    pub established_on: Option<NaiveDate>,
    pub above_size_since: Option<NaiveDate>,
    /// When the construction of a major project began.
    pub project_since: Option<NaiveDate>,
    pub project_until: Option<NaiveDate>,
}

/// What an occupancy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub parcel: Option<String>,
    pub kind: OccupancyKind,
    pub occupant: Option<String>,
    pub lessor: Option<String>,
    /// Missing is not zero.
    pub land: Option<Mu>,
    /// m².
    pub floor_area_m2: Option<Decimal>,
    pub valid: Period,
}

crate::terms! {
    pub enum FigureState {
        Reported = "reported" => "已申报",
        Confirmed = "confirmed" => "已确认",
    }
}

crate::terms! {
    /// A figure of the annual return. 二(一)2 of the governing text builds its six indicators from these.
    pub enum Indicator {
        TaxPaid = "tax_paid" => "实缴税收",
        Revenue = "revenue" => "主营业务收入",
        ValueAdded = "value_added" => "增加值",
        Energy = "energy" => "综合能耗",
        Emission = "emission" => "污染物排放当量",
        Headcount = "headcount" => "年平均从业人数",
        ResearchSpending = "research_spending" => "研发经费支出",
        Electricity = "electricity" => "用电量",
        Cod = "cod" => "化学需氧量排放量",
        AmmoniaNitrogen = "ammonia_nitrogen" => "氨氮排放量",
        SulfurDioxide = "sulfur_dioxide" => "二氧化硫排放量",
        NitrogenOxides = "nitrogen_oxides" => "氮氧化物排放量",
        ElectricityGrid = "electricity_grid" => "网购电量",
        ElectricityOwn = "electricity_own" => "自发自用电量",
        HeadcountInsured = "headcount_insured" => "社保参保人数",
        Profit = "profit" => "利润总额",
        Water = "water" => "用水量",
        Gas = "gas" => "用气量",
    }
}

impl Indicator {
    /// The unit a figure is stored in.
    pub fn unit(self) -> &'static str {
        match self {
            // A sum of equivalents by weight; a pollutant is weighed as it is.
            Indicator::Emission => "吨污染当量",
            other => other.dimension().bounds().unit,
        }
    }

    /// What it measures, which says what it may be at most.
    pub fn dimension(self) -> Dimension {
        match self {
            Indicator::TaxPaid
            | Indicator::Revenue
            | Indicator::ValueAdded
            | Indicator::ResearchSpending
            | Indicator::Profit => Dimension::Money,
            Indicator::Energy => Dimension::Energy,
            Indicator::Emission => Dimension::Mass,
            Indicator::Cod | Indicator::AmmoniaNitrogen | Indicator::SulfurDioxide | Indicator::NitrogenOxides => {
                Dimension::Discharge
            }
            Indicator::Headcount | Indicator::HeadcountInsured => Dimension::Persons,
            Indicator::Electricity | Indicator::ElectricityGrid | Indicator::ElectricityOwn => Dimension::Electricity,
            Indicator::Water => Dimension::Water,
            Indicator::Gas => Dimension::Volume,
        }
    }

    /// Who vouches for it, 二(一)1: "谁主管、谁统计、谁负责". Social insurance is paid to the tax office, which therefore counts
    /// the insured.
    pub fn department(self) -> Department {
        match self {
            Indicator::TaxPaid | Indicator::HeadcountInsured => Department::Tax,
            Indicator::Emission
            | Indicator::Cod
            | Indicator::AmmoniaNitrogen
            | Indicator::SulfurDioxide
            | Indicator::NitrogenOxides => Department::Environment,
            Indicator::ResearchSpending => Department::Science,
            Indicator::Revenue
            | Indicator::ValueAdded
            | Indicator::Energy
            | Indicator::Headcount
            | Indicator::Electricity
            | Indicator::ElectricityGrid
            | Indicator::ElectricityOwn
            | Indicator::Profit
            | Indicator::Water
            | Indicator::Gas => Department::Statistics,
        }
    }

    /// Value added and profit are the figures that may honestly be negative.
    pub fn may_be_negative(self) -> bool {
        matches!(self, Indicator::ValueAdded | Indicator::Profit)
    }

    /// Its name among the facts of a year, with the unit it is stored in.
    pub fn fact(self) -> &'static str {
        match self {
            Indicator::TaxPaid => "tax_yuan",
            Indicator::Revenue => "revenue_yuan",
            Indicator::ValueAdded => "value_added_yuan",
            Indicator::Energy => "energy_tce",
            Indicator::Emission => "emission_t",
            Indicator::Headcount => "headcount",
            Indicator::ResearchSpending => "rd_yuan",
            Indicator::Electricity => "electricity_kwh",
            Indicator::Cod => "cod_kg",
            Indicator::AmmoniaNitrogen => "ammonia_nitrogen_kg",
            Indicator::SulfurDioxide => "sulfur_dioxide_kg",
            Indicator::NitrogenOxides => "nitrogen_oxides_kg",
            Indicator::ElectricityGrid => "electricity_grid_kwh",
            Indicator::ElectricityOwn => "electricity_own_kwh",
            Indicator::HeadcountInsured => "headcount_insured",
            Indicator::Profit => "profit_yuan",
            Indicator::Water => "water_t",
            Indicator::Gas => "gas_m3",
        }
    }
}
