//! What is entered beside the facts: vetoes, who is left out for a while, what was proved towards bonus and deduction, own
//! coefficients and changes of grade. 二(一)4 of the governing text.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::account::Department;
use crate::base::code::Uscc;
use crate::base::period::Period;
use crate::scoring::Scheme;
use crate::scoring::scheme::{Bonus, Category};

/// A coefficient is above zero and at most this.
pub const COEFFICIENT_AT_MOST: Decimal = dec!(100);
/// What is proved towards an item counts at most so often.
pub const TIMES_AT_MOST: Decimal = dec!(1000);
/// Decimals of both, as the tables keep them.
pub const PLACES: u32 = 6;

crate::terms! {
    /// Why an enterprise is not ranked for a while.
    #[schema(as = EvaluationExemption)]
    pub enum ExemptionKind {
        /// Mining, power, gas, water supply, public benefit.
        Exempt = "exempt" => "免评",
        /// Ends by itself.
        Protection = "protection" => "保护期",
    }
}

crate::terms! {
    #[schema(as = EvaluationClaimSide)]
    pub enum ClaimSide {
        Bonus = "bonus" => "加分",
        Deduction = "deduction" => "减分",
    }
}

/// An event as it is entered.
#[derive(Clone, Debug)]
pub struct NewVeto {
    pub uscc: Uscc,
    /// A code of the kinds in the catalogue.
    pub kind: String,
    pub happened_on: NaiveDate,
    /// It acts in every calendar year that this touches.
    pub valid: Period,
    pub department: Department,
    pub document: String,
}

#[derive(Clone, Debug)]
pub struct NewExemption {
    pub uscc: Uscc,
    pub kind: ExemptionKind,
    /// Whoever is in it on 31 December is left out of that year.
    pub valid: Period,
    pub document: String,
}

#[derive(Clone, Debug)]
pub struct NewClaim {
    pub uscc: Uscc,
    pub category: Category,
    pub year: i32,
    pub side: ClaimSide,
    /// Of the scheme.
    pub item: String,
    pub times: Decimal,
    pub document: String,
}

#[derive(Clone, Debug)]
pub struct NewCoefficient {
    pub uscc: Uscc,
    pub category: Category,
    pub year: i32,
    pub value: Decimal,
    pub document: String,
}

#[derive(Clone, Debug)]
pub struct NewChange {
    pub uscc: Uscc,
    pub category: Category,
    pub year: i32,
    pub grade: String,
    pub document: String,
    pub why: String,
}

/// An item that a scheme does not have, or has on both sides.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItemUnclear {
    #[error("方案“{scheme}”没有加减分项“{asked}”；{}", known_items(known))]
    Unknown { scheme: String, asked: String, known: Vec<String> },
    #[error("方案“{scheme}”的加分项和减分项都有“{asked}”，请写明是加分还是减分")]
    BothSides { scheme: String, asked: String },
}

fn known_items(known: &[String]) -> String {
    match known {
        [] => "该方案没有加减分项".to_owned(),
        known => format!("可用：{}", known.join("、")),
    }
}

/// Every item of a scheme with its side, the bonus first.
pub fn items(scheme: &Scheme) -> impl Iterator<Item = (ClaimSide, &Bonus)> {
    let bonus = scheme.bonus.iter().map(|item| (ClaimSide::Bonus, item));
    bonus.chain(scheme.deduction.iter().map(|item| (ClaimSide::Deduction, item)))
}

/// The item that somebody means, by its code or its name.
///
/// # Errors
/// The scheme has none of that name, and which it has; or one on each side.
pub fn item_of<'a>(
    scheme: &'a Scheme,
    side: Option<ClaimSide>,
    asked: &str,
) -> Result<(ClaimSide, &'a Bonus), ItemUnclear> {
    let meant = |(of, item): &(ClaimSide, &Bonus)| {
        side.is_none_or(|side| side == *of) && (item.item == asked || item.title == asked)
    };
    let mut found = items(scheme).filter(meant);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(ItemUnclear::BothSides { scheme: scheme.id.clone(), asked: asked.to_owned() }),
        (None, _) => {
            let known = items(scheme).map(|(side, item)| format!("{}（{side}，{}）", item.title, item.item)).collect();
            Err(ItemUnclear::Unknown { scheme: scheme.id.clone(), asked: asked.to_owned(), known })
        }
    }
}

/// Whether the scheme gives a grade.
pub fn has_grade(scheme: &Scheme, grade: &str) -> bool {
    scheme.grades.iter().any(|band| band.grade == grade)
}

/// Above nothing, within the bounds of the tables.
pub fn fits(number: Decimal, most: Decimal) -> bool {
    number > Decimal::ZERO && number <= most && number.normalize().scale() <= PLACES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::samples::scheme;

    #[test]
    fn an_item_is_found_by_code_or_name_and_an_unknown_one_is_answered_with_what_is_known() {
        let scheme = scheme();
        let own = &scheme.bonus[0];
        assert_eq!(item_of(&scheme, None, &own.item).unwrap(), (ClaimSide::Bonus, own));
        assert_eq!(item_of(&scheme, Some(ClaimSide::Bonus), &own.title).unwrap(), (ClaimSide::Bonus, own));
        let refused = item_of(&scheme, None, "luck").unwrap_err().to_string();
        assert!(refused.contains("luck") && refused.contains(&own.title), "{refused}");
        assert!(item_of(&scheme, Some(ClaimSide::Deduction), &own.item).is_err());
        let both = Scheme { deduction: scheme.bonus.clone(), ..scheme.clone() };
        assert!(matches!(item_of(&both, None, &own.item), Err(ItemUnclear::BothSides { .. })));
        assert_eq!(item_of(&both, Some(ClaimSide::Deduction), &own.item).unwrap().0, ClaimSide::Deduction);
        let none = Scheme { bonus: Vec::new(), deduction: Vec::new(), ..scheme };
        assert!(item_of(&none, None, "luck").unwrap_err().to_string().contains("没有加减分项"));
    }

    #[test]
    fn a_coefficient_is_above_zero_at_most_a_hundred_and_of_six_places() {
        let fits = |number| fits(number, COEFFICIENT_AT_MOST);
        assert!(fits(dec!(0.000001)) && fits(dec!(0.9)) && fits(dec!(100)) && fits(dec!(1.2000000)));
        assert!(!fits(dec!(0)) && !fits(dec!(-0.9)) && !fits(dec!(100.000001)) && !fits(dec!(0.0000001)));
    }

    #[test]
    fn a_grade_is_one_of_the_scheme() {
        assert!(has_grade(&scheme(), "B") && !has_grade(&scheme(), "E") && !has_grade(&scheme(), "b"));
    }
}
