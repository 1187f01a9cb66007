//! The invented projects: what each is, on which land, and how far it has come.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::admission::case::{Outcome, Recommends};

/// How far a project has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Draft,
    Submitted,
    Returned,
    Accepted,
    /// With so many departments having answered.
    Opinions(usize),
    Objected,
    Recommended(Recommends),
    Decided(Outcome),
    Notified(Outcome),
    Withdrawn,
    /// Returned once and handed in again; approvals carried over.
    SecondRound,
    /// A hit that one person wants to set aside.
    SetAside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Land {
    Offer,
    Register,
    Drawn,
    /// A parcel that a planning layer hits.
    Hit,
}

pub struct Plan {
    pub project: &'static str,
    pub industry: &'static str,
    pub land: Land,
    /// What is declared, as a share of what just conforms.
    pub strength: Decimal,
    pub on: (i32, u32, u32),
    pub fate: Fate,
}

const fn plan(
    project: &'static str,
    industry: &'static str,
    land: Land,
    strength: Decimal,
    on: (i32, u32, u32),
    fate: Fate,
) -> Plan {
    Plan { project, industry, land, strength, on, fate }
}

pub const PLANS: [Plan; 20] = [
    plan("精密模具扩建", "3525", Land::Offer, dec!(1.3), (2026, 8, 3), Fate::Notified(Outcome::Admitted)),
    plan("数控机床部件", "3425", Land::Register, dec!(1.2), (2026, 8, 10), Fate::Notified(Outcome::Admitted)),
    plan("速冻食品加工", "1432", Land::Register, dec!(0.7), (2026, 8, 17), Fate::Notified(Outcome::Refused)),
    plan("智能仓储设备", "3434", Land::Register, dec!(1.4), (2026, 9, 1), Fate::Notified(Outcome::Admitted)),
    plan("印刷包装搬迁", "2319", Land::Register, dec!(0.75), (2026, 9, 7), Fate::Notified(Outcome::Refused)),
    plan("医疗器械基地", "3584", Land::Offer, dec!(1.5), (2026, 9, 14), Fate::Decided(Outcome::Admitted)),
    plan("塑料制品技改", "2929", Land::Register, dec!(0.8), (2026, 9, 21), Fate::Decided(Outcome::Refused)),
    plan("电子元件二期", "3981", Land::Drawn, dec!(1.25), (2026, 10, 9), Fate::Recommended(Recommends::Admit)),
    plan("家具生产线", "2110", Land::Register, dec!(0.6), (2026, 10, 12), Fate::Recommended(Recommends::Refuse)),
    plan("环保设备制造", "3591", Land::Offer, dec!(1.2), (2026, 10, 19), Fate::SecondRound),
    plan("传感器研制", "4011", Land::Register, dec!(1.3), (2026, 11, 2), Fate::Opinions(2)),
    plan("纺织机械改造", "3551", Land::Register, dec!(1.35), (2026, 11, 9), Fate::Opinions(4)),
    plan("金属表面处理", "3360", Land::Register, dec!(1.2), (2026, 11, 10), Fate::Objected),
    plan("新型建材", "3039", Land::Hit, dec!(1.3), (2026, 11, 11), Fate::SetAside),
    plan("服装智造中心", "1811", Land::Register, dec!(1.3), (2026, 11, 12), Fate::Accepted),
    plan("冷链设备组装", "3464", Land::Drawn, dec!(1.2), (2026, 11, 16), Fate::Returned),
    plan("检测仪器", "4014", Land::Register, dec!(1.5), (2026, 11, 18), Fate::Submitted),
    plan("玻璃深加工", "3042", Land::Hit, dec!(1.1), (2026, 11, 19), Fate::Submitted),
    plan("宠物食品", "1329", Land::Drawn, dec!(1.0), (2026, 11, 19), Fate::Withdrawn),
    plan("机器人部件", "3491", Land::Drawn, dec!(1.2), (2026, 11, 20), Fate::Draft),
];
