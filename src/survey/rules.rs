//! Which class a parcel is of, 四(一)1: “对批而未供、供而未用、低效利用土地等情况进行分类梳理”. One class each, or none with what is missing.
//!
//! The order, where the text is silent: what was decided on paper comes first, then how far the land has come, then how it is used.
//! 1. Idle land confirmed on paper is idle until it is settled on paper, whatever is found on it (order no. 53).
//! 2. Land that the register has as approved and that no contract in force holds is **approved, not supplied**, also where somebody
//!    uses it already.
//! 3. Land that is neither built on nor used: **idle** where the contract's year is full, or where register and ground say so of land
//!    without a contract; else **supplied, not used**. Buildings that nobody uses are not idle land in the sense of order no. 53: the
//!    works were begun. Without a contract nothing says when they should have been, so land that the register has as used and
//!    that lies bare is not determined.
//! 4. Land that is used for another purpose than the registered one is of **changed use**. A registered use wider than the one found holds it.
//! 5. Land that is used is of **low efficiency** where enterprises on the list of 四(一)4 hold more of its ground than the share in force;
//!    whose outcome is not known counts for neither side, and where that side decides, nothing is determined. Land being built on is not
//!    asked for what it yields.
//! 6. All other land that is used is **in use**.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Class, Standing, UseKind};
use crate::parcel::SupplyStatus;

pub const SURVEY: &str = "四(一)1";
const LOW: &str = "四(一)1、四(一)4";
const IDLE: &str = "53号令第二条";

/// What register, contracts and obligations say of a parcel, and what was found on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// None when the parcel is not on record on the day of the visit.
    pub register: Option<Registered>,
    /// Contracts in force that hold it.
    pub contracts: Vec<Granted>,
    /// Who holds ground of it by the register of uses.
    pub holders: Vec<Holder>,
    /// Of the list by which land is of low efficiency.
    pub list_year: i32,
    /// None when nobody was there.
    pub found: Option<Found>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    pub supply: SupplyStatus,
    /// Scheme and code.
    pub land_use: Option<(String, String)>,
    /// What the registered use may be; empty when none is registered.
    pub kinds: Vec<UseKind>,
}

crate::terms! {
    /// How idle land stands under a contract on the day.
    #[schema(as = SurveyIdleStanding)]
    pub enum IdleStanding {
        No = "no" => "未见闲置",
        Suspected = "suspected" => "疑似闲置",
        NotDeterminable = "not_determinable" => "无法判定",
        /// On paper, and neither settled nor waived since.
        Confirmed = "confirmed" => "已认定闲置",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    pub number: String,
    pub idle: IdleStanding,
    /// As the obligations say it, in Chinese.
    pub words: Option<String>,
}

crate::terms! {
    /// What the list of a year says of an enterprise.
    #[schema(as = SurveyYield)]
    pub enum Yield {
        Low = "low" => "低效",
        NotLow = "not_low" => "非低效",
        Unknown = "unknown" => "无法判定",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub uscc: String,
    pub name: Option<String>,
    /// Ground of the parcel; none when it is on record without an area.
    pub mu: Option<Decimal>,
    pub yields: Yield,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub standing: Standing,
    pub used_for: Option<UseKind>,
}

crate::terms! {
    /// On what a class stands.
    #[schema(as = SurveyGround)]
    pub enum Ground {
        NotSupplied = "not_supplied" => "台账为批而未供，无有效出让合同",
        IdleConfirmed = "idle_confirmed" => "已认定闲置，尚未处置完毕",
        IdleSuspected = "idle_suspected" => "按合同疑似闲置，现场未动工建设",
        IdleRegistered = "idle_registered" => "台账为闲置，现场未使用",
        NotUsed = "not_used" => "已供应，现场未使用",
        OtherUse = "other_use" => "现场用途与登记用途不同",
        LowYield = "low_yield" => "低效清单企业用地占比超过标准",
        UnderConstruction = "under_construction" => "已动工，正在建设",
        Used = "used" => "在用，用途相符，未达低效标准",
    }
}

crate::terms! {
    /// Why nothing can be determined.
    #[schema(as = SurveyMissing)]
    pub enum Missing {
        Visit = "visit" => "现场核实",
        Register = "register" => "核实之日在册的宗地（宗地已分割、合并或注销）",
        IdleFigures = "idle_figures" => "判定是否闲置所需的开工、投资数据",
        AgreedStart = "agreed_start" => "约定开工日期（没有出让合同）",
        ApprovedUse = "approved_use" => "登记的土地用途",
        UseFound = "use_found" => "现场用途",
        Holders = "holders" => "用地企业（用地情况未登记）",
        HeldLand = "held_land" => "用地企业的用地面积",
        Yields = "yields" => "用地企业的亩均税收认定",
    }
}

/// A class with its ground, or none with what is missing: never both, never neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub outcome: Result<(Class, Ground), Vec<Missing>>,
    pub article: &'static str,
    /// One sentence in Chinese.
    pub why: String,
}

impl Judgement {
    pub fn class(&self) -> Option<Class> {
        self.outcome.as_ref().ok().map(|(class, _)| *class)
    }

    pub fn ground(&self) -> Option<Ground> {
        self.outcome.as_ref().ok().map(|(_, ground)| *ground)
    }

    pub fn missing(&self) -> &[Missing] {
        self.outcome.as_ref().err().map_or(&[], Vec::as_slice)
    }
}

fn is(class: Class, ground: Ground, article: &'static str, why: impl Into<String>) -> Judgement {
    Judgement { outcome: Ok((class, ground)), article, why: why.into() }
}

fn lacks(missing: Missing, article: &'static str, why: impl AsRef<str>) -> Judgement {
    let why = format!("缺少{missing}，无法分类{}", why.as_ref());
    Judgement { outcome: Err(vec![missing]), article, why }
}

/// Decides one parcel. `share` in percent: ground held by enterprises on the list beyond which the parcel is of low efficiency.
pub fn classify(facts: &Facts, share: Decimal) -> Judgement {
    let Some(found) = facts.found else { return lacks(Missing::Visit, SURVEY, "") };
    let Some(register) = &facts.register else { return lacks(Missing::Register, SURVEY, "") };
    let of = |standing: IdleStanding| facts.contracts.iter().find(|contract| contract.idle == standing);
    if let Some(contract) = of(IdleStanding::Confirmed) {
        return is(Class::Idle, Ground::IdleConfirmed, IDLE, told(contract, &format!("现场{}", found.standing)));
    }
    if register.supply == SupplyStatus::ApprovedNotSupplied && facts.contracts.is_empty() {
        let used = if found.standing.is_use() { "，须查明未供先用" } else { "" };
        let why = format!("台账为批而未供，没有有效的出让合同；现场{}{used}", found.standing);
        return is(Class::ApprovedNotSupplied, Ground::NotSupplied, SURVEY, why);
    }
    if found.standing.is_use() { used(facts, register, found, share) } else { unused(facts, register, found) }
}

/// What the obligations say of a contract, and what was found beside it.
fn told(contract: &Granted, beside: &str) -> String {
    let words = contract.words.as_deref().unwrap_or(contract.idle.label());
    format!("合同{}：{words}；{beside}", contract.number)
}

/// Land on which nothing is built or used, that was supplied.
fn unused(facts: &Facts, register: &Registered, found: Found) -> Judgement {
    let on_the_ground = format!("现场{}", found.standing);
    if found.standing == Standing::Vacant {
        let of = |standing: IdleStanding| facts.contracts.iter().find(|contract| contract.idle == standing);
        if let Some(contract) = of(IdleStanding::Suspected) {
            let why = format!("{}，须依53号令第五条调查认定", told(contract, &on_the_ground));
            return is(Class::Idle, Ground::IdleSuspected, IDLE, why);
        }
        if let Some(contract) = of(IdleStanding::NotDeterminable) {
            return lacks(Missing::IdleFigures, IDLE, format!("：{}", told(contract, &on_the_ground)));
        }
    }
    if facts.contracts.is_empty() {
        match register.supply {
            SupplyStatus::Idle => {
                let why = format!("台账为闲置，{on_the_ground}");
                return is(Class::Idle, Ground::IdleRegistered, SURVEY, why);
            }
            SupplyStatus::InUse | SupplyStatus::LowEfficiency if found.standing == Standing::Vacant => {
                return lacks(Missing::AgreedStart, IDLE, format!("：台账为{}，{on_the_ground}", register.supply));
            }
            _ => {}
        }
    }
    is(Class::SuppliedNotUsed, Ground::NotUsed, SURVEY, format!("土地已供应，{on_the_ground}，未构成闲置"))
}

/// Land that is built on or used, that was supplied.
fn used(facts: &Facts, register: &Registered, found: Found, share: Decimal) -> Judgement {
    if found.standing == Standing::Building {
        let contract = facts.contracts.iter().find(|contract| contract.idle == IdleStanding::Suspected);
        let why = contract.map_or_else(
            || "现场在建".to_owned(),
            |contract| format!("{}，须核对开工记录", told(contract, "现场在建")),
        );
        return is(Class::InUse, Ground::UnderConstruction, SURVEY, why);
    }
    if register.kinds.is_empty() {
        return lacks(Missing::ApprovedUse, SURVEY, "：现场在用");
    }
    let Some(used_for) = found.used_for else { return lacks(Missing::UseFound, SURVEY, "：现场在用") };
    if !register.kinds.contains(&used_for) {
        let kinds = register.kinds.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("、");
        let why = format!("登记用途为{kinds}，现场用于{used_for}");
        return is(Class::ChangedUse, Ground::OtherUse, SURVEY, why);
    }
    efficiency(facts, share)
}

/// Ground of a parcel by what the list says of those who hold it.
struct Shares {
    low: Decimal,
    unknown: Decimal,
    all: Decimal,
}

fn efficiency(facts: &Facts, share: Decimal) -> Judgement {
    let holders = &facts.holders;
    if holders.is_empty() {
        return lacks(Missing::Holders, LOW, "：现场在用");
    }
    let year = facts.list_year;
    let all = |yields: Yield| holders.iter().all(|holder| holder.yields == yields);
    if all(Yield::Low) {
        return is(
            Class::LowEfficiency,
            Ground::LowYield,
            LOW,
            format!("用地企业均在{year}年度低效清单中：{}", named(holders, Yield::Low)),
        );
    }
    if all(Yield::NotLow) {
        return is(Class::InUse, Ground::Used, SURVEY, format!("在用，用途相符；用地企业{year}年度均不在低效清单中"));
    }
    let Some(held) = held(holders) else {
        return lacks(Missing::HeldLand, LOW, format!("：{year}年度低效清单企业的用地占比无法核算"));
    };
    let beyond = |part: Decimal| part * Decimal::ONE_HUNDRED > share * held.all;
    let shown = (held.low * Decimal::ONE_HUNDRED / held.all).round_dp(2).normalize();
    if beyond(held.low) {
        let why = format!(
            "{year}年度低效清单企业（{}）占用地的{shown}%，超过{}%",
            named(holders, Yield::Low),
            share.normalize()
        );
        return is(Class::LowEfficiency, Ground::LowYield, LOW, why);
    }
    if beyond(held.low + held.unknown) {
        return lacks(Missing::Yields, LOW, format!("：{}", named(holders, Yield::Unknown)));
    }
    let why = format!("在用，用途相符；{year}年度低效清单企业占用地的{shown}%，未超过{}%", share.normalize());
    is(Class::InUse, Ground::Used, SURVEY, why)
}

/// None when an area is missing, or none of them holds anything.
fn held(holders: &[Holder]) -> Option<Shares> {
    let mut held = Shares { low: Decimal::ZERO, unknown: Decimal::ZERO, all: Decimal::ZERO };
    for holder in holders {
        let mu = holder.mu?;
        held.all += mu;
        match holder.yields {
            Yield::Low => held.low += mu,
            Yield::Unknown => held.unknown += mu,
            Yield::NotLow => {}
        }
    }
    (held.all > Decimal::ZERO).then_some(held)
}

fn named(holders: &[Holder], yields: Yield) -> String {
    let these = holders.iter().filter(|holder| holder.yields == yields);
    these.map(|holder| holder.name.as_deref().unwrap_or(&holder.uscc)).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests;
