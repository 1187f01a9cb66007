//! Several enterprises that are judged as one, where the scheme says so: on one parcel, or of one group. Whoever belongs together
//! with another does so with all who belong together with that other. The one with the most land stands in the ranking for all, with
//! the sums of all; the others take its score and its grade, and no place.

use std::collections::BTreeMap;

use super::document::Input;
use crate::base::ratio::Ratio;
use crate::scoring::Scheme;
use crate::scoring::follow::{Follow, FollowReason};
use crate::scoring::made::{Exact, Made, Part};
use rust_decimal::Decimal;

/// By enterprise, the parcels on which it holds land in the year, or the groups of which it is.
pub type Bonds = BTreeMap<String, Vec<String>>;

/// Joins those of `inputs` that have a bond in common. Whoever is left out is not judged with anybody.
pub fn merge(scheme: &Scheme, inputs: &mut [Input], (reason, bonds): (FollowReason, &Bonds)) {
    for together in bound(inputs, bonds) {
        let head = head_of(inputs, &together);
        let parts = together.iter().map(|at| part(&inputs[*at])).collect();
        let key = inputs[head].subject.key.clone();
        for at in together.iter().copied().filter(|at| *at != head) {
            let (bonus, deduction) = {
                let other = &mut inputs[at].subject;
                other.follows = Some(Follow { key: key.clone(), reason, elsewhere: None });
                (other.bonus.clone(), other.deduction.clone())
            };
            let (vetoed, vetoes) = (inputs[at].subject.vetoed, inputs[at].vetoes.clone());
            inputs[head].vetoes.extend(vetoes);
            let subject = &mut inputs[head].subject;
            subject.bonus.extend(bonus);
            subject.deduction.extend(deduction);
            subject.vetoed |= vetoed;
        }
        inputs[head].subject.made = Some(Made::of(scheme, &Exact::new(), parts));
    }
}

fn part(input: &Input) -> Part {
    let facts = input.subject.facts.iter().map(|(name, fact)| (name.clone(), fact.exact())).collect();
    Part { key: input.subject.key.clone(), share: Decimal::ONE.into(), facts }
}

/// The most land; of equals the first by key.
fn head_of(inputs: &[Input], together: &[usize]) -> usize {
    let land = |at: usize| inputs[at].subject.facts.get("land_mu").map(|fact| fact.exact());
    let before = |one: &usize, other: &usize| -> bool {
        let (own, others): (Option<Ratio>, Option<Ratio>) = (land(*one), land(*other));
        own > others || (own == others && inputs[*one].subject.key < inputs[*other].subject.key)
    };
    together.iter().copied().reduce(|best, at| if before(&at, &best) { at } else { best }).unwrap_or_default()
}

/// Places in `inputs` of those who are judged together, two or more.
fn bound(inputs: &[Input], bonds: &Bonds) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..inputs.len()).collect();
    let mut first_on: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, input) in inputs.iter().enumerate() {
        for code in bonds.get(&input.subject.key).into_iter().flatten() {
            let other = *first_on.entry(code).or_insert(at);
            let (one, other) = (root(&mut leader, at), root(&mut leader, other));
            leader[one.max(other)] = one.min(other);
        }
    }
    let mut together: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..inputs.len() {
        together.entry(root(&mut leader, at)).or_default().push(at);
    }
    together.into_values().filter(|of| of.len() > 1).collect()
}

fn root(leader: &mut [usize], mut at: usize) -> usize {
    while leader[at] != at {
        leader[at] = leader[leader[at]];
        at = leader[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;
    use crate::evaluation::samples::{member, scheme};
    use crate::scoring::subject::Subject;

    fn input(key: &str, mu: Decimal) -> Input {
        let facts = member(key, 2022, Some(mu), Some(dec!(10000))).facts;
        Input {
            subject: Subject { key: key.into(), group: "其他".into(), facts, ..Subject::default() },
            name: key.into(),
            subdistrict: None,
            industry: None,
            vetoes: Vec::new(),
        }
    }

    fn bonds(of: &[(&str, &[&str])]) -> Bonds {
        of.iter().map(|(key, codes)| ((*key).to_owned(), codes.iter().map(|it| (*it).to_owned()).collect())).collect()
    }

    #[test]
    fn whoever_shares_a_parcel_is_judged_as_one_through_others_too() {
        let mut inputs = [input("a", dec!(1)), input("b", dec!(3)), input("c", dec!(2)), input("d", dec!(9))];
        inputs[0].subject.vetoed = true;
        merge(
            &scheme(),
            &mut inputs,
            (FollowReason::Merged, &bonds(&[("a", &["P"]), ("b", &["P", "Q"]), ("c", &["Q"]), ("d", &["R"])])),
        );
        let follows: Vec<Option<&str>> =
            inputs.iter().map(|it| it.subject.follows.as_ref().map(|follow| follow.key.as_str())).collect();
        assert_eq!(follows, [Some("b"), None, Some("b"), None], "b has the most land");
        let made = inputs[1].subject.made.as_ref().unwrap();
        assert_eq!((made.of.len(), made.facts["land_mu"].clone()), (3, dec!(6).into()));
        assert!(inputs[1].subject.vetoed, "what bars one bars all");
        assert_eq!(inputs[3].subject.made, None);
    }

    #[test]
    fn of_equals_the_first_stands_for_all_and_nobody_alone_is_touched() {
        let mut inputs = [input("a", dec!(1)), input("b", dec!(1))];
        merge(&scheme(), &mut inputs, (FollowReason::Group, &bonds(&[("a", &["P"]), ("b", &["P"])])));
        assert_eq!(inputs[0].subject.follows, None);
        assert_eq!(inputs[1].subject.follows.as_ref().map(|follow| follow.reason), Some(FollowReason::Group));
        let mut alone = [input("a", dec!(1)), input("b", dec!(1))];
        merge(&scheme(), &mut alone, (FollowReason::Group, &bonds(&[("a", &["P"]), ("b", &["Q"])])));
        assert!(alone.iter().all(|it| it.subject.follows.is_none() && it.subject.made.is_none()));
    }
}
