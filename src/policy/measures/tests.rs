use super::*;
use crate::entitlement::{Body, Clock};
use crate::exchange::FaultCode;
use crate::policy::catalogue::Catalogue;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn shipped(id: &str) -> Measure {
    Measures::embedded().unwrap().named(id).unwrap().1.clone()
}

/// The example as a district adopts it, on a document of its own choice.
pub(crate) fn power(id: &str, document: &str) -> Measure {
    let example = shipped("example/electricity-consecutive");
    Measure { id: id.into(), adoption: Adoption::Adopted, document: document.into(), ..example }
}

#[test]
fn the_principles_are_adopted_and_the_numbers_of_others_are_examples() {
    let measures = Measures::embedded().unwrap();
    let standing: Vec<String> = measures.standing().into_iter().map(|measure| measure.id).collect();
    assert_eq!(
        standing,
        [
            "xiacheng/ab-credit-line",
            "xiacheng/ab-fiscal-support",
            "xiacheng/ab-guarantee",
            "xiacheng/ab-interest-rate",
            "xiacheng/ab-loan-access",
            "xiacheng/ab-rating-support",
            "xiacheng/ab-repayment",
            "xiacheng/d-no-expansion-loans",
            "xiacheng/d-no-fiscal-awards",
        ]
    );
    let examples: Vec<_> = measures.all().filter(|(_, measure)| measure.adoption == Adoption::Example).collect();
    assert!(examples.iter().all(|(_, measure)| measure.id.starts_with("example/")));
    assert_eq!(examples.len(), 6);
    let banks = measures.standing().into_iter().filter(|measure| measure.executing == Body::Banks).count();
    assert_eq!(banks, 6, "five kinds of support, and the loans that D does not get");
    assert!(!shipped("xiacheng/d-no-expansion-loans").conditions.is_empty(), "asked, never guessed");
}

#[test]
fn a_ground_ends_on_the_day_its_document_says() {
    let catalogue = Catalogue::embedded().unwrap();
    let under_the_city = power("t/power", "hangzhou-2018-42");
    assert!(catalogue.rests_on(&under_the_city, day("2023-12-31")));
    assert!(!catalogue.rests_on(&under_the_city, day("2024-01-01")), "repealed from that day on");
    assert!(!catalogue.rests_on(&power("t/power", "nothing-of-that-name"), day("2023-12-31")));
    let by_district = shipped("xiacheng/d-no-fiscal-awards");
    assert!(!catalogue.rests_on(&by_district, day("2018-12-31")));
    assert!(catalogue.rests_on(&by_district, day("2019-01-01")));
    let never = |from: &str, to: Option<&str>| {
        let measure = Measure { from: day(from), to: to.map(day), ..under_the_city.clone() };
        ground_ended(&catalogue.documents, &measure).is_some()
    };
    assert!(!never("2023-12-31", None) && never("2024-01-01", None));
    assert!(never("2017-01-01", Some("2017-12-31")) && !never("2017-01-01", Some("2018-01-01")));
    let example = shipped("example/electricity-consecutive");
    let example = Measure { from: day("2025-01-01"), ..example };
    assert_eq!(ground_ended(&catalogue.documents, &example), None, "it never acts anyway");
}

#[test]
fn what_is_wrong_with_a_measure_has_its_code_and_its_place() {
    let good = power("t/1", "xiacheng-2019");
    assert_eq!(faults(std::slice::from_ref(&good)), []);
    let second = |change: &dyn Fn(&mut Measure)| {
        let mut other = power("t/2", "xiacheng-2019");
        change(&mut other);
        let found = faults(&[good.clone(), other]);
        found.into_iter().map(|fault| (fault.code, fault.record)).collect::<Vec<_>>()
    };
    assert_eq!(second(&|_| {}), [], "one group, of which the highest is paid");
    let added = crate::entitlement::Stacking::Added;
    let overlap = [
        Measure { stacking: added.clone(), ..good.clone() },
        Measure { stacking: added, ..power("t/2", "xiacheng-2019") },
    ];
    let found: Vec<_> = faults(&overlap).into_iter().map(|fault| (fault.code, fault.record)).collect();
    assert_eq!(found, [(FaultCode::MeasureOverlap, Some(2))]);
    assert_eq!(second(&|it| it.clock = Clock::Steady { rate: None }), [(FaultCode::MeasureRate, Some(2))]);
    assert_eq!(second(&|it| it.effect = Effect::Bar), [(FaultCode::MeasureBase, Some(2))]);
    assert_eq!(second(&|it| it.article = String::new()), [(FaultCode::ValueMissing, Some(2))]);
    assert_eq!(second(&|it| it.to = Some(day("2018-12-31"))), [(FaultCode::PeriodInvalid, Some(2))]);
    assert_eq!(second(&|it| it.id = "T 2".into()), [(FaultCode::ValueUnreadable, Some(2))]);
    let unknown = Effect::Charge { base: "electricity".into(), base_year: crate::entitlement::BaseYear::Acting };
    assert_eq!(second(&|it| it.effect = unknown.clone()), [(FaultCode::FactUnknown, Some(2))]);
    assert_eq!(second(&|it| it.id = "t/1".into()), [(FaultCode::CodeDuplicate, Some(1))]);
}

#[test]
fn a_measure_reads_as_people_say_it() {
    let words = MeasureInWords::of(&power("t/1", "xiacheng-2019"));
    assert_eq!(words.base.as_deref(), Some("执行当年的电网用电量（千瓦时）"));
    assert!(words.rates.unwrap().starts_with("连续第1年 0.05，连续第2年 0.08，连续第3年 0.10 元/千瓦时"));
    assert_eq!(words.days, "2019-01-01 起");
    let relief = MeasureInWords::of(&shipped("example/land-use-tax-b"));
    assert_eq!((relief.base.as_deref(), relief.rates.as_deref()), (Some("执行当年的用地面积（平方米）"), Some("80 %")));
}
