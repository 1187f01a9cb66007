use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::evaluation::samples::{member, scheme};
use crate::scoring::subject::Fact;

fn facts() -> impl Strategy<Value = Facts> {
    let names = ["tax_yuan", "value_added_yuan", "land_mu", "land_m2", "water_t"];
    let amount = (any::<i64>(), 0u32..=28, any::<bool>()).prop_map(|(of, scale, large)| match large {
        true => Decimal::MAX,
        false => Decimal::from_i128_with_scale(of.into(), scale),
    });
    let fact = (amount, 1u32..5000).prop_map(|(amount, over)| Fact { amount, over });
    prop::collection::btree_map(prop::sample::select(names.to_vec()).prop_map(str::to_owned), fact, 0..5)
}

prop_compose! {
    fn inputs()(key in "[0-9A-Z]{1,18}", name in "\\PC{0,20}", group in prop::sample::select(vec!["其他", "食品"]), facts in facts(),
        subdistrict in prop::option::of("[0-9]{9}"), industry in prop::option::of("[0-9]{0,4}"), vetoed in any::<bool>()) -> Input {
        let claim = Claim { item: "patent".to_owned(), times: dec!(2.0), document: "合成文件".to_owned() };
        let subject = Subject { key, group: group.to_owned(), facts, vetoed, bonus: if vetoed { vec![claim] } else { Vec::new() }, ..Subject::default() };
        Input { subject, name, subdistrict, industry, vetoes: Vec::new() }
    }
}

proptest! {
    #[test]
    fn what_is_packed_comes_out_as_it_was_in_the_order_of_the_keys(all in prop::collection::vec(inputs(), 0..40)) {
        let mut expected: Vec<Input> = Vec::new();
        for input in all {
            if expected.iter().all(|other| other.subject.key != input.subject.key) {
                expected.push(input);
            }
        }
        let mut gathered = Gathered::new(&scheme());
        expected.iter().cloned().for_each(|input| gathered.rank(input));
        gathered.sort();
        expected.sort_by(|one, other| one.subject.key.cmp(&other.subject.key));
        prop_assert_eq!(gathered.len(), expected.len());
        for (at, input) in expected.iter().enumerate() {
            let at = at as u32;
            let found = gathered.input(at);
            // As texts, for decimals that are equal may be written otherwise.
            prop_assert_eq!(serde_json::to_string(&found).unwrap(), serde_json::to_string(input).unwrap());
            prop_assert_eq!(gathered.group(at), &input.subject.group);
            prop_assert_eq!(gathered.beside(at).vetoed, input.subject.vetoed);
            let mut row = Row::new();
            gathered.facts(at, &mut row);
            let known: Vec<_> = names(&scheme()).iter().map(|name| input.subject.facts.get(name).copied()).collect();
            prop_assert_eq!(row, known);
        }
    }
}

#[test]
fn those_left_out_are_counted_by_their_reason() {
    let mut gathered = Gathered::new(&scheme());
    for (uscc, why) in [("3", LeftOut::NoRecord), ("1", LeftOut::Transition), ("2", LeftOut::Transition)] {
        gathered.leave_out(member(uscc, 2022, Some(dec!(1)), None), why);
    }
    gathered.sort();
    assert_eq!(gathered.reasons(), [(LeftOut::Transition, 2), (LeftOut::NoRecord, 1)]);
    let (first, why) = gathered.one_left_out(0);
    assert_eq!((first.uscc.as_str(), why, gathered.left_out_count()), ("1", LeftOut::Transition, 3));
}
