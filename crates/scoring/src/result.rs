//! What a scheme made of its subjects, with every step in between.

use base::ratio::Ratio;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::cuts::Places;
use crate::item::Item;

/// A bonus or a deduction: what was proved, and what of it counts after the item's cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub item: String,
    pub points: Decimal,
    pub counted: Decimal,
}

base::terms! {
    pub enum Change {
        Veto = "veto" => "一票否决",
        FillUp = "fill_up" => "递补",
        Manual = "manual" => "调档",
        /// The grade of the owner of the parcel.
        Owner = "owner" => "随土地使用权人",
        /// The grade of those with whom it is judged as one.
        Merged = "merged" => "合并评价",
        Group = "group" => "集团合并评价",
    }
}

/// A step that looked at a grade: what it found and what it left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub step: Change,
    pub found: String,
    pub left: String,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub key: String,
    pub group: String,
    /// In the order of the scheme's indicators.
    pub items: Vec<Item>,
    pub sum: Ratio,
    pub coefficient: Decimal,
    pub bonus: Vec<Counted>,
    pub deduction: Vec<Counted>,
    pub score: Ratio,
    /// Within the ranking group; none for a grade that is fixed outside it or taken from another.
    pub rank: Option<usize>,
    /// What the ranking alone gives.
    pub first_grade: String,
    pub steps: Vec<Taken>,
    /// Before any manual change.
    pub automatic_grade: String,
    pub grade: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPlaces {
    pub group: String,
    pub places: Vec<Places>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// By group, rank and key; those who take the grade of another come last.
    pub outcomes: Vec<Outcome>,
    /// By group.
    pub quotas: Vec<GroupPlaces>,
}
