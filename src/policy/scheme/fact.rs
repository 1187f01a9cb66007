//! What is known of an enterprise, a platform or a parcel in a year: the names that schemes may use, each in one unit.

use crate::scoring::scheme::Scheme;

crate::terms! {
    /// The facts of a year.
    pub enum YearFact {
        LandM2 = "land_m2" => "用地面积",
        LandMu = "land_mu" => "用地面积（亩）",
        TaxYuan = "tax_yuan" => "实缴税金",
        ValueAddedYuan = "value_added_yuan" => "增加值",
        RevenueYuan = "revenue_yuan" => "营业收入",
        EnergyTce = "energy_tce" => "综合能耗",
        EmissionT = "emission_t" => "排放当量",
        CodKg = "cod_kg" => "化学需氧量",
        AmmoniaNitrogenKg = "ammonia_nitrogen_kg" => "氨氮",
        SulfurDioxideKg = "sulfur_dioxide_kg" => "二氧化硫",
        NitrogenOxidesKg = "nitrogen_oxides_kg" => "氮氧化物",
        Headcount = "headcount" => "平均用工人数",
        HeadcountInsured = "headcount_insured" => "参保人数",
        RdYuan = "rd_yuan" => "R&D经费支出",
        ProfitYuan = "profit_yuan" => "利润总额",
        ElectricityKwh = "electricity_kwh" => "用电量（电网与自发合计）",
        ElectricityGridKwh = "electricity_grid_kwh" => "电网用电量",
        ElectricityOwnKwh = "electricity_own_kwh" => "自发用电量",
        WaterT = "water_t" => "用水量",
        GasM3 = "gas_m3" => "用气量",
        FloorM2 = "floor_m2" => "建筑面积",
        /// Of a platform itself, as its register states it, whatever its enterprises hold.
        PlatformAreaM2 = "platform_area_m2" => "平台面积",
        PlatformAreaMu = "platform_area_mu" => "平台面积（亩）",
        PlatformEnterprises = "platform_enterprises" => "平台企业数",
    }
}

impl YearFact {
    /// The unit of every figure under this name.
    pub fn unit(self) -> &'static str {
        match self {
            YearFact::LandM2 | YearFact::FloorM2 | YearFact::PlatformAreaM2 => "平方米",
            YearFact::LandMu | YearFact::PlatformAreaMu => "亩",
            YearFact::PlatformEnterprises => "家",
            YearFact::TaxYuan
            | YearFact::ValueAddedYuan
            | YearFact::RevenueYuan
            | YearFact::RdYuan
            | YearFact::ProfitYuan => "元",
            YearFact::EnergyTce => "吨标准煤",
            YearFact::EmissionT => "吨排放当量",
            YearFact::CodKg | YearFact::AmmoniaNitrogenKg | YearFact::SulfurDioxideKg | YearFact::NitrogenOxidesKg => {
                "千克"
            }
            YearFact::Headcount | YearFact::HeadcountInsured => "人",
            YearFact::ElectricityKwh | YearFact::ElectricityGridKwh | YearFact::ElectricityOwnKwh => "千瓦时",
            YearFact::WaterT => "吨",
            YearFact::GasM3 => "立方米",
        }
    }

    /// By its code alone: files name facts as results do.
    pub fn of_code(code: &str) -> Option<YearFact> {
        YearFact::ALL.iter().copied().find(|fact| fact.code() == code)
    }
}

/// The names in a scheme that are no facts.
pub fn unknown(scheme: &Scheme) -> Vec<&str> {
    scheme.facts().into_iter().filter(|name| YearFact::of_code(name).is_none()).collect()
}
