use rust_decimal_macros::dec;

use super::*;
use crate::base::period::Period;
use crate::contract::event::{Duty, DutyKind, Review};
use crate::contract::sample::{self, contract, contract_of, day, paid, practice, recorded, terms};

fn codes(contract: &Contract) -> Vec<&'static str> {
    validate(contract, &practice()).into_iter().map(|fault| fault.code.code()).collect()
}

fn passed() -> Review {
    Review { outcome: ReviewOutcome::Passed, rectify_until: None }
}

fn whole_life() -> Vec<(&'static str, Happening)> {
    vec![
        ("2022-02-10", paid(1, 3_425_000)),
        ("2022-03-01", Happening::HandedOver),
        ("2022-09-01", Happening::Started),
        ("2022-12-31", paid(2, 3_425_000)),
        ("2024-08-20", Happening::CompletionDeclared),
        ("2024-09-01", Happening::CompletionReviewed(passed())),
        ("2025-03-01", Happening::ProductionStarted),
        ("2027-03-01", Happening::OutputReviewed(passed())),
    ]
}

fn certificate(id: i64, stage: CertificateStage, from: &str, until: &str, review: Option<i64>) -> Certificate {
    Certificate {
        id,
        parcel: "330105001001GB00001".into(),
        stage,
        number: format!("浙{id}"),
        valid: Period::between(day(from), day(until)),
        allows: "按合同约定使用".into(),
        review,
        recorded_at: recorded(),
        superseded_at: None,
    }
}

fn with_certificates(certificates: Vec<Certificate>) -> Contract {
    Contract { certificates, ..contract(whole_life()) }
}

#[test]
fn a_contract_that_holds_together_has_no_fault() {
    let stages = vec![
        certificate(1, CertificateStage::Construction, "2022-03-01", "2024-09-01", None),
        certificate(2, CertificateStage::Production, "2024-09-01", "2027-03-01", Some(6)),
        certificate(3, CertificateStage::Remaining, "2027-03-01", "2042-03-01", Some(8)),
    ];
    let faults = validate(&with_certificates(stages), &practice());
    assert!(faults.iter().all(|fault| fault.code == FaultCode::GranteeDoubtful), "{faults:?}");
}

#[test]
fn events_in_the_wrong_order() {
    let ended = [whole_life(), vec![("2030-01-01", Happening::Terminated)]].concat();
    let cases: Vec<(Vec<(&str, Happening)>, &str)> = vec![
        (vec![("2022-01-09", Happening::HandedOver)], "event_before_contract"),
        (vec![("2040-01-02", Happening::HandedOver)], "event_in_future"),
        (vec![("2022-03-01", Happening::HandedOver), ("2022-04-01", Happening::HandedOver)], "handed_over_twice"),
        (vec![("2022-03-01", Happening::Started)], "stage_not_reached"),
        (
            vec![
                ("2022-03-01", Happening::HandedOver),
                ("2022-05-01", Happening::CompletionDeclared),
                ("2022-06-01", Happening::Started),
            ],
            "completion_before_start",
        ),
        (
            vec![("2022-03-01", Happening::HandedOver), ("2022-05-01", Happening::CompletionReviewed(passed()))],
            "completion_before_start",
        ),
        ([ended.clone(), vec![("2030-01-02", Happening::Resumed)]].concat(), "after_the_end"),
        ([ended.clone(), vec![("2030-01-02", Happening::InvestigationOpened)]].concat(), "after_the_end"),
        (vec![("2022-02-10", paid(3, 1))], "instalment_unknown"),
        (vec![("2022-02-10", paid(1, 3_425_001))], "overpaid"),
    ];
    let told = vec![("2030-01-02", Happening::Notified { duty: Duty::one(DutyKind::Start) })];
    assert!(!codes(&contract([ended, told].concat())).contains(&"after_the_end"), "what is owed is asked for after it");
    for (happened, expected) in cases {
        assert!(codes(&contract(happened.clone())).contains(&expected), "{expected}: {happened:?}");
    }
    let on_the_day = contract(vec![("2022-01-10", Happening::HandedOver), ("2022-02-10", paid(1, 3_425_000))]);
    assert_eq!(codes(&on_the_day).iter().filter(|code| **code != "grantee_doubtful").count(), 0);
}

#[test]
fn a_review_failed_for_good_is_not_repeated() {
    let review = |outcome| Happening::CompletionReviewed(Review { outcome, rectify_until: None });
    let happened = vec![
        ("2022-03-01", Happening::HandedOver),
        ("2022-09-01", Happening::Started),
        ("2024-09-01", review(ReviewOutcome::Failed)),
        ("2024-10-01", review(ReviewOutcome::Passed)),
    ];
    assert!(codes(&contract(happened)).contains(&"failed_for_good"));
}

#[test]
fn an_extension_is_at_most_one_year() {
    let extended = |until: &str| {
        let until = day(until);
        contract(vec![("2022-02-01", Happening::Extended { duty: Duty::one(DutyKind::Completion), until })])
    };
    assert!(!codes(&extended("2025-09-01")).contains(&"extension_too_long"), "exactly a year");
    assert!(codes(&extended("2025-09-02")).contains(&"extension_too_long"));
    assert!(codes(&extended("2024-09-01")).contains(&"extension_not_later"));
    let hand_over = Happening::Extended { duty: Duty::one(DutyKind::HandOver), until: day("2022-04-01") };
    assert!(codes(&contract(vec![("2022-02-01", hand_over)])).contains(&"extension_impossible"));
}

#[test]
fn an_extension_is_held_against_the_due_day_as_reckoned() {
    use crate::contract::event::{Cause, Covers};
    let duty = Duty::one(DutyKind::Start);
    let extended = |until: &str, working: bool, more: Vec<(&'static str, Happening)>| {
        let mut terms = terms();
        terms.start_on = Some(day("2022-10-01"));
        if working {
            terms.day_count = crate::contract::DayCount::Working;
        }
        let extended = vec![("2022-08-01", Happening::Extended { duty, until: day(until) })];
        codes(&contract_of(terms, [more, extended].concat()))
    };
    assert!(!extended("2022-10-05", false, vec![]).contains(&"extension_not_later"));
    assert!(extended("2022-10-05", true, vec![]).contains(&"extension_not_later"), "both are 8 October");
    assert!(extended("2022-10-08", true, vec![]).contains(&"extension_not_later"));
    assert!(!extended("2022-10-09", true, vec![]).contains(&"extension_not_later"), "a Sunday that is worked");
    assert!(!extended("2023-10-08", true, vec![]).contains(&"extension_too_long"), "a year from the day that counts");
    assert!(extended("2023-10-09", true, vec![]).contains(&"extension_too_long"));
    let stopped = || {
        let (cause, covers) = (Cause::Government, Covers::Works);
        vec![("2022-05-01", Happening::Suspended { until: Some(day("2022-05-31")), cause, covers })]
    };
    assert!(!extended("2023-10-31", false, stopped()).contains(&"extension_too_long"), "thirty days later");
    assert!(extended("2023-11-01", false, stopped()).contains(&"extension_too_long"));
}

#[test]
fn what_is_decided_stands_on_paper_and_a_penalty_is_of_a_duty_that_costs() {
    let bare = |happening: Happening| {
        let mut contract = contract(vec![("2022-03-01", Happening::HandedOver), ("2023-10-01", happening)]);
        contract.events[1].document = None;
        codes(&contract)
    };
    assert!(bare(Happening::IdleConfirmed { fee: None }).contains(&"event_incomplete"));
    assert!(bare(Happening::IdleSettled).contains(&"event_incomplete"));
    assert!(!bare(Happening::InvestigationOpened).contains(&"event_incomplete"));
    let with = |happening: Happening| codes(&contract(vec![("2023-10-01", happening)]));
    let penalty = |duty: Duty| with(Happening::PenaltyPaid { duty, amount: Yuan(dec!(1)) });
    assert!(penalty(Duty::one(DutyKind::NoticeStart)).contains(&"event_incomplete"));
    assert!(!penalty(Duty::one(DutyKind::IdleLand)).contains(&"event_incomplete"));
    assert!(!penalty(Duty::payment(2)).contains(&"instalment_unknown"));
    assert!(penalty(Duty::payment(3)).contains(&"instalment_unknown"));
    assert!(with(Happening::IdleConfirmed { fee: Some(Yuan(dec!(0))) }).contains(&"event_incomplete"));
    let reached = |on| {
        with(Happening::Measured {
            figure: crate::contract::event::Figure::Invested,
            value: dec!(1),
            reached_on: Some(day(on)),
        })
    };
    assert!(!reached("2023-10-01").contains(&"event_incomplete"));
    assert!(reached("2023-10-02").contains(&"event_incomplete"), "reached after it was verified");
}

#[test]
fn terms_that_do_not_add_up() {
    let changed = |change: fn(&mut crate::contract::Terms)| {
        let mut terms = terms();
        change(&mut terms);
        codes(&contract_of(terms, vec![]))
    };
    assert!(changed(|it| it.instalments[0].amount = Yuan(dec!(3424999.99))).contains(&"instalments_sum"));
    assert!(changed(|it| it.completion_on = Some(day("2022-08-31"))).contains(&"dates_order"));
    assert!(!changed(|it| it.completion_on = it.start_on).contains(&"dates_order"), "the same day is no fault");
    assert!(changed(|it| it.rates.late_payment = Some(dec!(10))).contains(&"rate_doubtful"), "1 % a day");
    assert!(changed(|it| it.rates.late_payment = Some(dec!(0.01))).contains(&"rate_doubtful"), "1 % as a share");
    assert!(!changed(|it| it.rates.late_payment = Some(dec!(9.99))).contains(&"rate_doubtful"));
    assert!(changed(|it| it.construction_months = Some(204)).contains(&"stage_lengths"), "204 and 36 are 20 years");
    assert!(!changed(|it| it.construction_months = Some(203)).contains(&"stage_lengths"));
    assert!(changed(|it| it.term_from = Some(day("2024-02-29"))).contains(&"leap_day"));
    assert!(changed(|it| it.parcels.push("330105".into())).contains(&"parcel_code_invalid"));
    assert!(changed(|it| it.parcels = vec![it.parcels[0].clone(); 2]).contains(&"parcel_twice"));
    assert!(changed(|it| it.grantee = "1".into()).contains(&"grantee_invalid"));
    assert!(changed(|it| it.instalments[0].due = day("2022-01-09")).contains(&"date_before_contract"));
}

#[test]
fn what_the_tables_would_refuse_is_said_in_words() {
    let changed = |change: fn(&mut crate::contract::Terms)| {
        let mut terms = terms();
        change(&mut terms);
        codes(&contract_of(terms, vec![]))
    };
    assert!(changed(|it| it.production_months = None).contains(&"stage_lengths"));
    assert!(changed(|it| it.term_years = 71).contains(&"term_years"));
    assert!(changed(|it| it.price = Yuan(dec!(1_000_000_000_000_000))).contains(&"figure_out_of_range"));
    assert!(changed(|it| it.rates.late_start = Some(dec!(-1))).contains(&"rate_invalid"));
    assert!(changed(|it| it.grantee = it.grantee.to_lowercase()).contains(&"grantee_invalid"));
    let rectify = Review { outcome: ReviewOutcome::Rectify, rectify_until: None };
    let endless = vec![
        ("2022-03-01", Happening::HandedOver),
        ("2022-09-01", Happening::Started),
        ("2024-09-01", Happening::CompletionReviewed(rectify)),
    ];
    assert!(codes(&contract(endless)).contains(&"event_incomplete"));
    assert!(codes(&contract(vec![("2022-02-01", paid(1, 0))])).contains(&"event_incomplete"));
    let versions = vec![
        sample::agreement(terms()),
        sample::supplement("2022-02-01", terms()),
        sample::supplement("2022-02-01", terms()),
    ];
    assert!(codes(&Contract::new("x", versions, Vec::new(), Vec::new())).contains(&"supplement_twice"));
}

#[test]
fn a_supplement_before_the_contract() {
    let with = |on| {
        let versions = vec![sample::agreement(terms()), sample::supplement(on, terms())];
        codes(&Contract::new("x", versions, Vec::new(), Vec::new()))
    };
    assert!(with("2022-01-09").contains(&"supplement_before_contract"));
    assert!(!with("2022-01-10").contains(&"supplement_before_contract"));
    let alone = vec![sample::supplement("2022-02-01", terms())];
    assert_eq!(codes(&Contract::new("x", alone, Vec::new(), Vec::new())), ["no_agreement"]);
}

#[test]
fn certificates_out_of_order() {
    use CertificateStage::{Construction, Production, Remaining};
    let skipped = vec![certificate(1, Remaining, "2024-09-02", "2042-03-01", None)];
    assert!(codes(&with_certificates(skipped)).contains(&"certificate_stage_not_reached"));
    let early = vec![certificate(1, Production, "2024-08-31", "2027-03-01", None)];
    assert!(codes(&with_certificates(early)).contains(&"certificate_stage_not_reached"), "a day before the review");
    let overlapping = vec![
        certificate(1, Construction, "2022-03-01", "2024-09-02", None),
        certificate(2, Production, "2024-09-01", "2027-03-01", Some(6)),
    ];
    assert!(codes(&with_certificates(overlapping)).contains(&"certificate_overlap"));
    let long = vec![
        certificate(1, Production, "2024-09-01", "2027-03-01", Some(6)),
        certificate(2, Remaining, "2027-03-01", "2042-03-02", Some(8)),
    ];
    assert!(codes(&with_certificates(long)).contains(&"certificate_past_term"));
    let mut elsewhere = certificate(1, Construction, "2022-03-01", "2024-09-01", None);
    elsewhere.parcel = "330105001001GB00002".into();
    assert!(codes(&with_certificates(vec![elsewhere])).contains(&"certificate_parcel"));
}

#[test]
fn only_new_errors_count_against_a_change() {
    let before = contract(vec![("2022-03-01", Happening::Started)]);
    let after = contract(vec![("2022-03-01", Happening::Started), ("2022-04-01", Happening::HandedOver)]);
    assert!(new_errors(&before, &after, &practice()).is_empty(), "an old fault does not block a good entry");
    let worse = contract(vec![("2022-03-01", Happening::Started), ("2022-04-01", Happening::ProductionStarted)]);
    assert_eq!(new_errors(&before, &worse, &practice()).len(), 1);
}
