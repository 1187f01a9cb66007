//! Subjects that are made of others: a platform of its enterprises, a parcel of those who use it, enterprises that are judged as
//! one. Sums are ratios of sums, and whoever lacks a figure of an indicator is left out of both of its sums.

use std::collections::BTreeMap;

use base::ratio::Ratio;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::fact::{self, Facts};
use crate::scheme::{Family, Indicator, Quotient, Scheme, Term};

/// Exact figures by name.
pub type Exact = BTreeMap<String, Ratio>;

/// One of those a subject is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub key: String,
    /// How much of its figures belongs to the subject.
    pub share: Ratio,
    /// As much of them as does.
    pub facts: Exact,
}

/// Who a subject is made of, and with how much of its figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub key: String,
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub share: Ratio,
}

fn whole() -> Ratio {
    Decimal::ONE.into()
}

fn is_whole(share: &Ratio) -> bool {
    *share == whole()
}

/// Both sides of a quotient; none when nobody has all of its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides {
    pub numerator: Option<Ratio>,
    pub denominator: Option<Ratio>,
}

/// What one indicator is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    #[serde(flatten)]
    pub value: Sides,
    /// Of the quotient by which a better half is ranked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Sides>,
    /// Keys of those who lack a figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// A subject that is made of others, with every sum that its items rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// In the order of their keys.
    pub of: Vec<Share>,
    /// Each the sum over those who have it, and what the subject has of its own.
    pub facts: Exact,
    /// By indicator.
    pub sums: BTreeMap<String, Sums>,
}

impl Made {
    /// `own`: facts of the subject itself, which nobody it is made of has to have.
    pub fn of(scheme: &Scheme, own: &Exact, mut parts: Vec<Part>) -> Self {
        parts.sort_by(|one, other| one.key.cmp(&other.key));
        let sums = scheme.indicators.iter().map(|it| (it.indicator.clone(), sums(it, own, &parts))).collect();
        let mut facts = Exact::new();
        for (name, amount) in parts.iter().flat_map(|part| &part.facts) {
            let sum = facts.entry(name.clone()).or_insert_with(|| Decimal::ZERO.into());
            *sum = std::mem::replace(sum, Decimal::ZERO.into()) + amount.clone();
        }
        facts.extend(own.clone());
        let of = parts.into_iter().map(|Part { key, share, .. }| Share { key, share }).collect();
        Made { of, facts, sums }
    }
}

fn sums(indicator: &Indicator, own: &Exact, parts: &[Part]) -> Sums {
    let has_all = |part: &&Part| {
        indicator.terms().all(|term| own.contains_key(&term.fact) || part.facts.contains_key(&term.fact))
    };
    let (counted, without): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(has_all);
    let second = match &indicator.family {
        Family::TwoStage { second, .. } => Some(sides(second, own, &counted)),
        _ => None,
    };
    let left_out = without.into_iter().map(|part| part.key.clone()).collect();
    Sums { value: sides(&indicator.value, own, &counted), second, left_out }
}

fn sides(quotient: &Quotient, own: &Exact, parts: &[&Part]) -> Sides {
    let side = |terms: &[Term]| terms.iter().map(|term| amount(term, own, parts)).sum();
    Sides { numerator: side(&quotient.numerator), denominator: side(&quotient.denominator) }
}

/// What is the subject's own counts once.
fn amount(term: &Term, own: &Exact, parts: &[&Part]) -> Option<Ratio> {
    if let Some(amount) = own.get(&term.fact) {
        return Some(amount.clone() * term.factor);
    }
    let there = parts.iter().filter_map(|part| part.facts.get(&term.fact)).cloned();
    (!parts.is_empty()).then(|| there.sum::<Ratio>() * term.factor)
}

impl Sides {
    fn quotient(&self) -> Option<Ratio> {
        let denominator = self.denominator.as_ref().filter(|sum| !sum.is_negative())?;
        self.numerator.as_ref()?.over(denominator)
    }
}

/// Numerator and denominator of an indicator, of figures or of what is made of others.
pub fn sides_of(indicator: &Indicator, facts: &Facts, made: Option<&Made>) -> Sides {
    match made {
        Some(made) => made.sums.get(&indicator.indicator).map(|sums| sums.value.clone()).unwrap_or_default(),
        None => Sides {
            numerator: fact::sum(&indicator.value.numerator, facts),
            denominator: fact::sum(&indicator.value.denominator, facts),
        },
    }
}

/// What the quotients of an indicator are worked out from.
pub trait Figures {
    /// None when a figure is missing or the denominator is not above zero.
    fn value(&self, indicator: &Indicator) -> Option<Ratio>;

    /// The quotient by which a better half is ranked again.
    fn second(&self, indicator: &Indicator, second: &Quotient) -> Option<Ratio>;
}

impl Figures for Facts {
    fn value(&self, indicator: &Indicator) -> Option<Ratio> {
        fact::value_of(&indicator.value, self)
    }

    fn second(&self, _: &Indicator, second: &Quotient) -> Option<Ratio> {
        fact::value_of(second, self)
    }
}

impl Figures for Made {
    fn value(&self, indicator: &Indicator) -> Option<Ratio> {
        self.sums.get(&indicator.indicator)?.value.quotient()
    }

    fn second(&self, indicator: &Indicator, _: &Quotient) -> Option<Ratio> {
        self.sums.get(&indicator.indicator)?.second.as_ref()?.quotient()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    use super::*;
    use crate::samples::{scheme, term, to_base};

    fn part(key: &str, facts: &[(&str, Decimal)]) -> Part {
        let facts = facts.iter().map(|(name, amount)| ((*name).to_owned(), (*amount).into())).collect();
        Part { key: key.to_owned(), share: whole(), facts }
    }

    fn tax_per_land() -> Scheme {
        let mut indicator = to_base("tax", dec!(1), dec!(100), None);
        indicator.value.denominator = vec![term("land")];
        scheme(vec![indicator])
    }

    fn value(made: &Made) -> Option<Ratio> {
        made.sums["tax"].value.quotient()
    }

    #[test]
    fn a_quotient_is_the_ratio_of_sums_and_never_the_mean_of_ratios() {
        let parts =
            vec![part("b", &[("tax", dec!(10)), ("land", dec!(1))]), part("a", &[("tax", dec!(2)), ("land", dec!(3))])];
        let made = Made::of(&tax_per_land(), &Exact::new(), parts);
        assert_eq!(value(&made), Some(dec!(3).into()));
        assert_eq!(made.of.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn whoever_lacks_either_figure_is_left_out_of_both_sums_and_named() {
        let parts = vec![
            part("a", &[("tax", dec!(8)), ("land", dec!(2))]),
            part("b", &[("tax", dec!(100))]),
            part("c", &[("land", dec!(50))]),
            part("d", &[("tax", dec!(0)), ("land", dec!(2))]),
        ];
        let made = Made::of(&tax_per_land(), &Exact::new(), parts);
        assert_eq!(value(&made), Some(dec!(2).into()), "a zero is a figure");
        assert_eq!(made.sums["tax"].left_out, ["b", "c"]);
        assert_eq!(made.facts["tax"], dec!(108).into(), "what is known is shown");
    }

    #[test]
    fn what_is_the_subjects_own_counts_once_and_nobody_has_to_have_it() {
        let mut scheme = tax_per_land();
        scheme.indicators[0].value.denominator = vec![term("own")];
        let own: Exact = [("own".to_owned(), dec!(4).into())].into();
        let made = Made::of(&scheme, &own, vec![part("a", &[("tax", dec!(6))]), part("b", &[("tax", dec!(2))])]);
        assert_eq!(value(&made), Some(dec!(2).into()));
        assert_eq!(value(&Made::of(&scheme, &own, Vec::new())), None, "nobody has a figure");
    }

    #[test]
    fn it_is_written_and_read_back_without_loss() {
        let mut third = part("a", &[("tax", dec!(1)), ("land", dec!(2))]);
        third.share = Ratio::of(dec!(1), dec!(3)).unwrap();
        let made = Made::of(&tax_per_land(), &Exact::new(), vec![third, part("b", &[])]);
        let text = serde_json::to_string(&made).unwrap();
        assert_eq!(serde_json::from_str::<Made>(&text).unwrap(), made, "{text}");
    }

    proptest! {
        #[test]
        fn the_order_of_the_parts_changes_nothing(amounts in prop::collection::vec((0i64..1000, 1i64..50), 0..8)) {
            let parts: Vec<Part> = amounts.iter().enumerate()
                .map(|(at, (tax, land))| part(&at.to_string(), &[("tax", (*tax).into()), ("land", (*land).into())])).collect();
            let turned = parts.iter().rev().cloned().collect();
            prop_assert_eq!(
                Made::of(&tax_per_land(), &Exact::new(), parts),
                Made::of(&tax_per_land(), &Exact::new(), turned)
            );
        }
    }
}
