//! What a grant contract says: parcels, price, dates, term, stages, and what its breach costs.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::base::unit::{Mu, Yuan};
use crate::policy::quantity;
use crate::policy::range::Range;

crate::terms! {
    pub enum ContractKind {
        Grant = "grant" => "出让",
        LeaseThenGrant = "lease_then_grant" => "先租后让",
        /// 四(一)3: construction, production and remaining-term stages with a certificate each.
        Staged = "staged" => "分阶段年期出让",
    }
}

crate::terms! {
    /// How the contract counts its deadlines.
    ///
    /// Under `calendar` an agreed day stands, be it a holiday or not. Under `working` an agreed day that is no working day
    /// moves to the next working day. The end of the term never moves: a right ends when it ends.
    pub enum DayCount {
        Calendar = "calendar" => "日历日",
        Working = "working" => "工作日",
    }
}

crate::terms! {
    /// What the grantee has to have paid before the grantor owes the land. A contract that says nothing is taken to mean
    /// the instalments due by the agreed hand-over: who pays as agreed gets the land as agreed.
    #[derive(Default)]
    pub enum HandOverAfter {
        #[default]
        DuePayments = "due_payments" => "约定交地日前应缴的价款已缴清",
        FullPrice = "full_price" => "全部价款已缴清",
        Nothing = "nothing" => "不以缴款为条件",
    }
}

crate::terms! {
    /// What a shortfall against a commitment costs.
    pub enum Shortfall {
        Nothing = "none" => "未约定",
        /// Total price × (promised − reached) ÷ promised.
        ProRata = "pro_rata" => "按差额比例",
    }
}

/// One part of the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    pub due: NaiveDate,
    pub amount: Yuan,
}

/// What the grantee promised of one indicator; typed in, or taken over from an admitted case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// The indicator's code in the standards of admission: `investment_intensity`, `floor_area_ratio`, …
    pub indicator: String,
    /// Exact: an end that no decimal can write is a fraction, `[240000/599,)`.
    pub required: Range,
    /// Of the ends; empty for a plain ratio.
    pub unit: String,
}

/// The indicators whose shortfall may cost money.
pub const INVESTMENT: &str = quantity::WHOLE_INVESTMENT;
pub const FLOOR_AREA_RATIO: &str = "floor_area_ratio";

/// What each breach costs under this contract. A rate that the contract does not state is `None`: then nothing is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// ‰ of the unpaid instalment a day.
    pub late_payment: Option<Decimal>,
    /// Late with a payment for more than so many days: the grantor may rescind.
    pub rescind_after_days: Option<u16>,
    /// ‰ of the total price a day; so are completion and production.
    pub late_start: Option<Decimal>,
    pub late_completion: Option<Decimal>,
    pub late_production: Option<Decimal>,
    /// Owed by the grantor: ‰ of the price paid so far, a day.
    pub late_hand_over: Option<Decimal>,
    /// No single consequence exceeds this share of the total price, in percent.
    pub cap_percent: Option<Decimal>,
    pub investment_shortfall: Shortfall,
    pub far_shortfall: Shortfall,
}

/// The whole of the terms, as agreed or as a supplement left them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub kind: ContractKind,
    /// Parcel codes, 19 characters each; at least one.
    pub parcels: Vec<String>,
    /// m²: a figure of the contract, not the area of the parcels.
    pub granted_area: Mu,
    /// The grantee's unified social credit code.
    pub grantee: String,
    /// The total price.
    pub price: Yuan,
    /// In the order of their numbers; the first is number 1.
    pub instalments: Vec<Instalment>,
    pub hand_over_on: Option<NaiveDate>,
    /// The condition of the hand-over.
    #[serde(default)]
    pub hand_over_after: HandOverAfter,
    pub start_on: Option<NaiveDate>,
    pub completion_on: Option<NaiveDate>,
    pub production_on: Option<NaiveDate>,
    pub output_review_on: Option<NaiveDate>,
    pub term_years: u16,
    /// First day of the term; `None`: the day of the actual hand-over.
    pub term_from: Option<NaiveDate>,
    /// Length of the construction stage; stage lengths stand in each contract and nowhere else.
    pub construction_months: Option<u16>,
    pub production_months: Option<u16>,
    pub day_count: DayCount,
    /// Total investment without land price and taxes, the base of the 25 % test for idle land.
    pub planned_investment: Option<Yuan>,
    pub rates: Rates,
    pub commitments: Vec<Commitment>,
    /// The admission case whose promises were taken over.
    pub admission_case: Option<String>,
}

impl Terms {
    pub fn commitment(&self, indicator: &str) -> Option<&Commitment> {
        self.commitments.iter().find(|commitment| commitment.indicator == indicator)
    }

    /// An instalment by its number, from 1.
    pub fn instalment(&self, number: u16) -> Option<&Instalment> {
        self.instalments.get(usize::from(number).checked_sub(1)?)
    }
}
