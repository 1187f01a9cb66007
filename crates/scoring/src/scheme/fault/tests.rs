use rust_decimal_macros::dec;

use super::*;
use crate::samples::{band, scheme, to_base};
use crate::scheme::Operator;

fn sound() -> Scheme {
    scheme(vec![to_base("tax", dec!(2), dec!(60), None), to_base("energy", dec!(3), dec!(40), Some(dec!(1.5)))])
}

fn faults(spoil: impl FnOnce(&mut Scheme)) -> Vec<SchemeFault> {
    let mut scheme = sound();
    spoil(&mut scheme);
    check(&scheme)
}

#[test]
fn a_sound_scheme_has_no_fault_and_is_read_back_as_it_was_written() {
    assert_eq!(check(&sound()), []);
    let written = serde_json::to_string(&sound()).unwrap();
    assert_eq!(serde_json::from_str::<Scheme>(&written).unwrap(), sound());
    let odd = written.replace("\"binding\"", "\"bindung\"");
    assert!(serde_json::from_str::<Scheme>(&odd).unwrap_err().to_string().contains("bindung"));
}

#[test]
fn what_cannot_be_worked_out_is_named() {
    let row = |from: i64, to: i64, through: bool| Points {
        from: Some(from.into()),
        above: false,
        to: Some(to.into()),
        through,
        points: dec!(1),
    };
    let steps = |of: Within, table: Vec<Points>| Family::Steps { of, standard: None, table };
    let tax = || "tax".to_owned();
    assert_eq!(faults(|it| it.to_year = Some(2021)), [SchemeFault::Years]);
    assert_eq!(faults(|it| it.indicators.clear()), [SchemeFault::NoIndicator]);
    assert_eq!(faults(|it| it.indicators[1].indicator = tax()), [SchemeFault::Twice(tax())]);
    assert_eq!(faults(|it| it.indicators[0].weight = dec!(-0.01)), [SchemeFault::Weight(tax())]);
    assert_eq!(faults(|it| it.indicators[0].value.numerator.clear()), [SchemeFault::Quotient(tax())]);
    assert_eq!(
        faults(|it| it.indicators[0].family = Family::ToBase { standard: Standard::Fixed(dec!(0)), cap: None }),
        [SchemeFault::Base(tax())]
    );
    let table = vec![row(0, 1, true), row(1, 2, false)];
    assert_eq!(faults(|it| it.indicators[0].family = steps(Within::Value, table)), [SchemeFault::Table(tax())]);
    let table = vec![row(0, 1, false), row(1, 2, false)];
    assert_eq!(faults(|it| it.indicators[0].family = steps(Within::Value, table)), []);
    let table = vec![row(0, 1, false)];
    assert_eq!(faults(|it| it.indicators[0].family = steps(Within::OfBase, table)), [SchemeFault::NoStandard(tax())]);
    assert_eq!(faults(|it| it.coefficient = dec!(0)), [SchemeFault::Coefficient]);
    assert_eq!(faults(|it| it.rounding = Some(13)), [SchemeFault::Rounding(13)]);
}

#[test]
fn grades_vetoes_and_steps_hold_together() {
    let top = |percent, cumulative| Some((Side::Top, Operator::AtMost, percent, cumulative));
    assert_eq!(faults(|it| it.grades[2] = band("C", top(dec!(10), false))), [SchemeFault::Remainder(0)]);
    assert_eq!(faults(|it| it.grades[1] = band("B", top(dec!(19), true))), [SchemeFault::Quota("B".into())]);
    assert_eq!(faults(|it| it.grades[1] = band("B", top(dec!(81), false))), [SchemeFault::Quota("B".into())]);
    assert_eq!(faults(|it| it.grades[3] = band("D", top(dec!(5), false))), [SchemeFault::Order("D".into())]);
    assert_eq!(faults(|it| it.veto.becomes = "E".into()), [SchemeFault::NoSuchGrade("E".into())]);
    assert_eq!(faults(|it| it.veto.becomes = "B".into()), [SchemeFault::VetoBars("B".into())]);
    assert_eq!(faults(|it| it.steps.swap(0, 1)), []);
    assert_eq!(faults(|it| it.steps.swap(3, 4)), []);
    assert_eq!(faults(|it| it.steps.swap(1, 2)), [SchemeFault::Steps]);
    assert_eq!(faults(|it| it.steps.truncate(4)), [SchemeFault::Steps]);
}
