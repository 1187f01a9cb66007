mod idle_findings;
mod reckoned;

use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;
use crate::base::unit::Yuan;
use crate::contract::days::days_after;
use crate::contract::event::{Cause, Covers, DutyKind, Event, Figure, Happening, Review, ReviewOutcome};
use crate::contract::sample::{self, contract, contract_of, day, events, paid, practice, terms};
use crate::contract::terms::{Commitment, DayCount};

fn judged(contract: &Contract, on: &str) -> Vec<Line> {
    judge(contract, day(on), &practice(), WorkCalendar::embedded())
}

fn duty(text: &str) -> Duty {
    text.parse().unwrap()
}

fn line(contract: &Contract, on: &str, wanted: &str) -> Line {
    let found = judged(contract, on).into_iter().find(|line| line.duty == duty(wanted));
    found.unwrap_or_else(|| panic!("no line {wanted} on {on}"))
}

fn stands(contract: &Contract, on: &str, wanted: &str) -> (State, i64) {
    let line = line(contract, on, wanted);
    (line.state, line.days)
}

fn owes(contract: &Contract, on: &str, wanted: &str) -> Option<rust_decimal::Decimal> {
    line(contract, on, wanted).yuan().map(|yuan| yuan.0)
}

/// The thirty-first, the thirtieth, one and no day before, and one day after each deadline, with nothing done.
#[test]
fn before_on_and_after_each_deadline() {
    let on_time = contract(vec![("2022-03-01", Happening::HandedOver)]);
    for (wanted, due) in [
        ("payment_1", "2022-02-10"),
        ("payment_2", "2022-12-31"),
        ("start", "2022-09-01"),
        ("completion", "2024-09-01"),
        ("production", "2025-03-01"),
        ("output_review", "2027-03-01"),
    ] {
        let at = |offset: i64| stands(&on_time, &days_after(day(due), offset).to_string(), wanted);
        assert_eq!(line(&on_time, "2022-03-01", wanted).due, day(due));
        if day(due) > day("2022-02-15") {
            assert_eq!(at(-31), (State::NotYet, 31), "{wanted}");
        }
        assert_eq!(at(-30), (State::DueSoon, 30), "{wanted}");
        assert_eq!(at(-1), (State::DueSoon, 1), "{wanted}");
        assert_eq!(at(0), (State::DueSoon, 0), "{wanted}: the last day is in time");
        assert_eq!(at(1), (State::Overdue, 1), "{wanted}");
    }
    let not_handed_over = contract(vec![("2022-02-10", paid(1, 3_425_000))]);
    assert_eq!(stands(&not_handed_over, "2022-03-01", "hand_over"), (State::DueSoon, 0));
    assert_eq!(stands(&not_handed_over, "2022-03-02", "hand_over"), (State::Overdue, 1));
}

#[test]
fn done_before_on_and_after_the_day() {
    let started = |on| contract(vec![("2022-03-01", Happening::HandedOver), (on, Happening::Started)]);
    assert_eq!(stands(&started("2022-08-31"), "2023-01-01", "start"), (State::Met, 0));
    assert_eq!(stands(&started("2022-09-01"), "2023-01-01", "start"), (State::Met, 0));
    assert_eq!(stands(&started("2022-09-02"), "2023-01-01", "start"), (State::MetLate, 1));
    assert_eq!(stands(&started("2022-09-02"), "2022-09-01", "start"), (State::DueSoon, 0), "not yet happened");
    assert_eq!(owes(&started("2022-09-11"), "2030-01-01", "start"), Some(dec!(34250.00)));
    let line = line(&started("2022-09-11"), "2030-01-01", "start");
    assert_eq!(line.consequence.arithmetic, "6,850,000元 × 0.5‰ × 10日 = 34,250.00元");
}

#[test]
fn a_payment_thirty_days_late_and_the_right_to_rescind() {
    let mut big = terms();
    big.price = Yuan::from_wan(dec!(14242));
    big.instalments.truncate(1);
    big.instalments[0].amount = big.price;
    let unpaid = contract_of(big.clone(), vec![]);
    let late = line(&unpaid, "2022-03-12", "payment_1");
    assert_eq!((late.state, late.days, late.yuan()), (State::Overdue, 30, Some(Yuan::from_wan(dec!(427.26)))));
    assert_eq!(late.consequence.arithmetic, "142,420,000元 × 1‰ × 30日 = 4,272,600.00元");
    assert!(!line(&unpaid, "2022-04-11", "payment_1").may_rescind, "sixty days late");
    let sixty_one = line(&unpaid, "2022-04-12", "payment_1");
    assert!(sixty_one.may_rescind && sixty_one.consequence.arithmetic.ends_with("；逾期超过60日，出让人有权解除合同"));
    let paid_late = contract_of(big, vec![("2022-04-12", paid(1, 142_420_000))]);
    assert!(!line(&paid_late, "2022-05-01", "payment_1").may_rescind, "the right lapses when it is paid");
}

#[test]
fn what_is_paid_in_part_is_charged_on_the_rest() {
    let parts = contract(vec![("2022-02-20", paid(1, 1_425_000)), ("2022-03-02", paid(1, 2_000_000))]);
    let line = line(&parts, "2022-12-01", "payment_1");
    assert_eq!((line.state, line.days), (State::MetLate, 20));
    assert_eq!(line.consequence.arithmetic, "3,425,000元 × 1‰ × 10日 + 2,000,000元 × 1‰ × 10日 = 54,250.00元");
    assert_eq!(stands(&parts, "2022-02-28", "payment_1"), (State::Overdue, 18));
}

#[test]
fn the_grantor_owes_for_a_late_hand_over_and_the_works_move() {
    let late = contract(vec![("2022-02-10", paid(1, 3_425_000)), ("2022-03-31", Happening::HandedOver)]);
    let hand_over = line(&late, "2022-06-01", "hand_over");
    assert_eq!((hand_over.state, hand_over.days), (State::MetLate, 30));
    assert_eq!(hand_over.consequence.arithmetic, "3,425,000元 × 1‰ × 30日 = 102,750.00元");
    assert_eq!(line(&late, "2022-06-01", "start").due, day("2022-10-01"));
    assert_eq!(line(&late, "2022-06-01", "payment_2").due, day("2022-12-31"), "payments do not move");
}

#[test]
fn leap_days_and_year_ends() {
    let mut terms = terms();
    terms.start_on = Some(day("2024-02-28"));
    terms.instalments[1].due = day("2023-12-31");
    let contract = contract_of(terms, vec![("2022-03-01", Happening::HandedOver)]);
    assert_eq!(stands(&contract, "2024-02-29", "start"), (State::Overdue, 1));
    assert_eq!(stands(&contract, "2024-03-01", "start"), (State::Overdue, 2));
    assert_eq!(stands(&contract, "2024-01-01", "payment_2"), (State::Overdue, 1));
    assert_eq!(stands(&contract, "2024-12-31", "payment_2"), (State::Overdue, 366));
}

#[test]
fn a_day_off_moves_only_where_working_days_are_agreed() {
    let mut terms = terms();
    terms.start_on = Some(day("2022-10-01"));
    assert_eq!(line(&contract_of(terms.clone(), vec![]), "2022-02-01", "start").due, day("2022-10-01"));
    terms.day_count = DayCount::Working;
    let working = contract_of(terms.clone(), vec![("2022-03-01", Happening::HandedOver)]);
    assert_eq!(line(&working, "2022-05-01", "start").due, day("2022-10-08"), "a Saturday worked in exchange");
    assert_eq!(stands(&working, "2022-10-09", "start"), (State::Overdue, 1));
    terms.output_review_on = Some(day("2030-01-01"));
    let far = line(&contract_of(terms, vec![]), "2022-02-01", "output_review");
    assert!(far.provisional, "the days off of 2030 are not announced");
}

fn suspended(until: Option<&str>, cause: Cause, covers: Covers) -> Happening {
    Happening::Suspended { until: until.map(day), cause, covers }
}

#[test]
fn the_clock_stands_still_for_the_government_and_not_for_the_grantee() {
    let stopped = |cause| {
        contract(vec![
            ("2022-03-01", Happening::HandedOver),
            ("2022-06-01", suspended(Some("2022-07-01"), cause, Covers::Works)),
        ])
    };
    assert_eq!(line(&stopped(Cause::Government), "2022-08-01", "start").due, day("2022-10-01"));
    assert_eq!(line(&stopped(Cause::ForceMajeure), "2022-08-01", "start").due, day("2022-10-01"));
    assert_eq!(line(&stopped(Cause::Grantee), "2022-08-01", "start").due, day("2022-09-01"));
    assert_eq!(line(&stopped(Cause::Government), "2022-08-01", "payment_2").due, day("2022-12-31"));
    assert_eq!(line(&stopped(Cause::Government), "2022-05-31", "start").due, day("2022-09-01"), "not known before");
}

#[test]
fn an_open_standstill_holds_the_deadline_back_until_it_ends() {
    let mut happened =
        vec![("2022-03-01", Happening::HandedOver), ("2022-08-22", suspended(None, Cause::Government, Covers::Works))];
    assert_eq!(stands(&contract(happened.clone()), "2023-08-22", "start"), (State::DueSoon, 11));
    happened.push(("2022-09-21", Happening::Resumed));
    let resumed = contract(happened);
    assert_eq!(line(&resumed, "2022-09-30", "start").due, day("2022-10-01"));
    assert_eq!(stands(&resumed, "2022-10-01", "start"), (State::DueSoon, 0));
    assert_eq!(stands(&resumed, "2022-10-02", "start"), (State::Overdue, 1));
}

#[test]
fn a_delay_that_has_begun_does_not_grow_while_the_clock_stands() {
    let stop = suspended(Some("2022-10-01"), Cause::ForceMajeure, Covers::All);
    let late = contract(vec![("2022-03-01", Happening::HandedOver), ("2022-09-11", stop)]);
    assert_eq!(stands(&late, "2022-09-30", "start"), (State::Overdue, 9));
    assert_eq!(stands(&late, "2022-10-01", "start"), (State::Overdue, 10));
}

#[test]
fn an_extension_takes_the_place_of_the_day_from_the_day_it_is_granted() {
    let extended = Happening::Extended { duty: Duty::one(DutyKind::Completion), until: day("2025-09-01") };
    let contract = contract(vec![
        ("2022-03-01", Happening::HandedOver),
        ("2022-09-01", Happening::Started),
        ("2024-10-01", extended),
    ]);
    assert_eq!(stands(&contract, "2024-09-30", "completion"), (State::Overdue, 29));
    assert_eq!(stands(&contract, "2024-10-01", "completion"), (State::NotYet, 335));
    assert_eq!(owes(&contract, "2024-10-01", "completion"), Some(dec!(99325.00)), "29 days had accrued");
    assert_eq!(stands(&contract, "2025-09-02", "completion"), (State::Overdue, 1));
}

#[test]
fn a_supplement_changes_from_its_day_on_and_what_accrued_stays() {
    let mut later = terms();
    later.rates.late_start = Some(dec!(0.1));
    let base = contract(vec![("2022-03-01", Happening::HandedOver), ("2022-09-21", Happening::Started)]);
    let versions = vec![sample::agreement(terms()), sample::supplement("2022-09-11", later.clone())];
    let cheaper = Contract::new("x", versions, base.events.clone(), Vec::new());
    let line_of = |contract: &Contract| line(contract, "2023-01-01", "start").consequence.arithmetic;
    assert_eq!(line_of(&cheaper), "6,850,000元 × 0.5‰ × 9日 + 6,850,000元 × 0.1‰ × 11日 = 38,360.00元");
    later.start_on = Some(day("2023-09-01"));
    let versions = vec![sample::agreement(terms()), sample::supplement("2022-09-11", later)];
    let moved = Contract::new("x", versions, base.events, Vec::new());
    assert_eq!(stands(&moved, "2023-01-01", "start"), (State::Met, 0), "in time under the new day");
    assert_eq!(owes(&moved, "2023-01-01", "start"), Some(dec!(30825.00)), "nine days had accrued");
    assert_eq!(stands(&moved, "2022-09-10", "start"), (State::Overdue, 9), "before the supplement");
}

#[test]
fn a_waiver_needs_its_paper_and_costs_nothing() {
    let waived = contract(vec![
        ("2022-03-01", Happening::HandedOver),
        ("2022-10-01", Happening::Waived { duty: Duty::one(DutyKind::Start) }),
    ]);
    assert_eq!(line(&waived, "2022-09-30", "start").state, State::Overdue);
    let line = line(&waived, "2022-10-01", "start");
    assert_eq!((line.state, line.yuan()), (State::Waived, Some(Yuan::ZERO)));
    assert_eq!(line.consequence.arithmetic, "依据《文件》免除");
}

#[test]
fn what_ended_owes_no_more() {
    let ended = contract(vec![("2022-03-01", Happening::HandedOver), ("2022-09-11", Happening::Rescinded)]);
    assert_eq!(stands(&ended, "2030-01-01", "start"), (State::Overdue, 10));
    assert!(judged(&ended, "2030-01-01").iter().all(|line| line.duty != duty("completion")), "never fell due");
    let waiver = Happening::Waived { duty: duty("start") };
    let happened =
        vec![("2022-03-01", Happening::HandedOver), ("2022-09-11", Happening::Rescinded), ("2023-01-05", waiver)];
    let settled = contract(happened);
    assert_eq!(line(&settled, "2023-01-04", "start").state, State::Overdue);
    assert_eq!(line(&settled, "2023-01-05", "start").state, State::Waived, "settled on paper after the end");
}

/// A promise that stands only as an intensity costs what the same sum would; what cannot be worked out is said.
#[test]
fn a_shortfall_against_an_intensity_is_worked_out_on_the_granted_land() {
    let mut terms = terms();
    terms.granted_area = crate::base::unit::Mu(dec!(100));
    let measured =
        |value| Happening::Measured { figure: Figure::FixedInvestment, value, reached_on: Some(day("2024-08-01")) };
    let with = |terms: &crate::contract::Terms, value| {
        let happened = vec![("2022-03-01", Happening::HandedOver), ("2024-08-02", measured(value))];
        line(&contract_of(terms.clone(), happened), "2024-09-02", "investment")
    };
    for (required, unit) in [
        ("[357.14,)", "万元/亩"),
        ("[5357.1,)", "元/平方米"),
        ("[5357.1,)", "万元/公顷"),
        ("[53.571,)", "亿元/平方公里"),
    ] {
        terms.commitments[0] = Commitment {
            indicator: "investment_intensity".into(),
            required: required.parse().unwrap(),
            unit: unit.into(),
        };
        let missed = with(&terms, dec!(300000000));
        assert_eq!((missed.state, missed.yuan()), (State::Overdue, Some(Yuan(dec!(1095953.97)))), "{required} {unit}");
        assert!(
            missed.consequence.arithmetic.contains("(35714万元 − 30000万元) ÷ 35714万元"),
            "{}",
            missed.consequence.arithmetic
        );
        assert!(missed.consequence.arithmetic.contains(&format!("{unit} × 出让面积100亩")));
        assert_eq!(with(&terms, dec!(357140000)).state, State::Met);
        assert_eq!(with(&terms, dec!(357139999.99)).state, State::Overdue);
    }
    terms.commitments[0].unit = "万元".into();
    let odd = with(&terms, dec!(300000000));
    assert_eq!((odd.state, odd.yuan()), (State::NotDeterminable, None));
    assert!(odd.consequence.arithmetic.contains("万元"), "{}", odd.consequence.arithmetic);
    let promise = terms.commitments.remove(0);
    let none = with(&terms, dec!(300000000));
    assert_eq!((none.state, none.yuan()), (State::NotDeterminable, None), "agreed to cost, and nothing to reckon from");
    assert!(none.consequence.arithmetic.contains("没有登记"), "{}", none.consequence.arithmetic);
    terms.commitments.push(Commitment { unit: "万元/亩".into(), ..promise });
    terms.completion_on = None;
    let no_day = with(&terms, dec!(300000000));
    assert_eq!((no_day.state, no_day.due), (State::NotDeterminable, day("2024-08-02")));
    terms.rates.investment_shortfall = crate::contract::terms::Shortfall::Nothing;
    let happened = vec![("2022-03-01", Happening::HandedOver), ("2024-08-02", measured(dec!(300000000)))];
    let lines = judged(&contract_of(terms, happened), "2024-09-02");
    assert!(lines.iter().all(|line| line.duty != duty("investment")), "nothing agreed, nothing to say");
}

#[test]
fn shortfalls_of_investment_and_floor_area() {
    let measured = |figure, value| Happening::Measured { figure, value, reached_on: None };
    let mut terms = terms();
    terms.commitments[0].required = "[357.14,)".parse().unwrap();
    let short = |value| {
        let happened = vec![("2024-10-01", measured(Figure::FixedInvestment, value))];
        contract_of(terms.clone(), [vec![("2022-03-01", Happening::HandedOver)], happened].concat())
    };
    let owed = line(&short(dec!(300)), "2024-10-02", "investment").yuan().unwrap();
    assert_eq!(crate::base::unit::rounded(owed.to_wan(), 2), "109.60");
    assert_eq!(line(&short(dec!(357.14)), "2024-10-02", "investment").state, State::NotDeterminable);
    assert_eq!(line(&short(dec!(357.15)), "2024-10-02", "investment").yuan(), None);
    let measured = |figure, value| Happening::Measured { figure, value, reached_on: Some(day("2024-10-01")) };
    // The same promise in 万元 and in 亿元; what was measured stands in yuan.
    for (required, unit) in [("[35714,)", "万元"), ("[3.5714,)", "亿元"), ("[357140000,)", "元")] {
        terms.commitments[0].required = required.parse().unwrap();
        terms.commitments[0].unit = unit.into();
        let short = |value| {
            let measured = vec![("2024-10-01", measured(Figure::FixedInvestment, value))];
            contract_of(terms.clone(), [vec![("2022-03-01", Happening::HandedOver)], measured].concat())
        };
        let missed = line(&short(dec!(300000000)), "2024-10-02", "investment");
        assert_eq!((missed.state, missed.yuan()), (State::Overdue, Some(Yuan(dec!(1095953.97)))), "{required} {unit}");
        assert_eq!(line(&short(dec!(357140000)), "2024-10-02", "investment").state, State::MetLate);
        assert_eq!(line(&short(dec!(357139999.99)), "2024-10-02", "investment").state, State::Overdue);
    }
    terms.commitments[0].unit = "美元".into();
    let happened = vec![("2024-10-01", measured(Figure::FixedInvestment, dec!(357140000)))];
    let odd = contract_of(terms.clone(), [vec![("2022-03-01", Happening::HandedOver)], happened].concat());
    let odd = line(&odd, "2024-10-02", "investment");
    assert_eq!((odd.state, odd.yuan()), (State::NotDeterminable, None), "neither kept nor broken");
    assert!(odd.consequence.arithmetic.contains("美元"), "{}", odd.consequence.arithmetic);
    // A floor area ratio in per cent is the same ratio.
    terms.commitments[1].required = "[150,)".parse().unwrap();
    terms.commitments[1].unit = "%".into();
    let built = |ratio| {
        let happened = vec![("2024-10-01", measured(Figure::FloorAreaRatio, ratio))];
        contract_of(terms.clone(), [vec![("2022-03-01", Happening::HandedOver)], happened].concat())
    };
    assert_eq!(line(&built(dec!(1.5)), "2024-10-02", "floor_area_ratio").state, State::MetLate);
    assert_eq!(line(&built(dec!(1.49)), "2024-10-02", "floor_area_ratio").state, State::Overdue);
    terms.commitments[0].required = "[357.14,)".parse().unwrap();
    terms.commitments[0].unit = "元".into();
    let short = |value| {
        let happened = vec![("2024-10-01", measured(Figure::FixedInvestment, value))];
        contract_of(terms.clone(), [vec![("2022-03-01", Happening::HandedOver)], happened].concat())
    };
    let none = judged(&short(dec!(300)), "2024-09-30");
    assert!(none.iter().all(|line| line.duty != duty("investment")), "no figure, no judgement");
}

mod idle {
    use super::*;

    fn bare() -> Contract {
        contract(vec![("2022-03-01", Happening::HandedOver)])
    }

    fn idle_line(contract: &Contract, on: &str) -> Option<Line> {
        judged(contract, on).into_iter().find(|line| line.duty == duty("idle_land"))
    }

    #[test]
    fn one_year_past_the_agreed_start_to_the_day() {
        assert_eq!(idle_line(&bare(), "2023-07-31"), None);
        assert_eq!(idle_line(&bare(), "2023-08-01").map(|line| (line.state, line.days)), Some((State::DueSoon, 30)));
        assert_eq!(idle_line(&bare(), "2023-08-31").map(|line| line.state), Some(State::DueSoon));
        let full = idle_line(&bare(), "2023-09-01").unwrap();
        assert_eq!((full.state, full.days, full.yuan()), (State::Overdue, 1, Some(Yuan::from_wan(dec!(137)))));
        assert_eq!(
            full.consequence.arithmetic,
            "应于2022-09-01前开工，无开工记录；闲置费 6,850,000元 × 20% = 1,370,000.00元"
        );
    }

    #[test]
    fn two_years_to_the_day() {
        assert_eq!(idle_line(&bare(), "2024-08-31").unwrap().yuan(), Some(Yuan::from_wan(dec!(137))));
        let back = idle_line(&bare(), "2024-09-01").unwrap();
        assert_eq!((back.state, back.yuan(), back.article), (State::Overdue, None, "53号令第十四条"));
        assert!(back.consequence.arithmetic.ends_with("满2年：无偿收回土地使用权"));
    }

    #[test]
    fn a_leap_day_is_full_on_the_last_of_february() {
        let mut terms = terms();
        terms.start_on = Some(day("2024-02-29"));
        let contract = contract_of(terms, vec![("2022-03-01", Happening::HandedOver)]);
        assert_eq!(idle_line(&contract, "2025-02-27").unwrap().state, State::DueSoon);
        assert_eq!(idle_line(&contract, "2025-02-28").unwrap().state, State::Overdue);
    }

    #[test]
    fn the_government_s_days_do_not_count() {
        let stop = suspended(Some("2023-06-10"), Cause::Government, Covers::Works);
        let stopped = contract(vec![("2022-03-01", Happening::HandedOver), ("2023-06-01", stop)]);
        assert_eq!(idle_line(&stopped, "2023-09-09").unwrap().state, State::DueSoon);
        assert_eq!(idle_line(&stopped, "2023-09-10").unwrap().state, State::Overdue);
        let never = contract(vec![]);
        assert_eq!(idle_line(&never, "2030-01-01"), None, "land that was never handed over is not idle");
    }

    #[test]
    fn stopped_for_a_year_with_little_built_or_invested() {
        let works = |developed: &str, invested: &str| {
            let measured =
                |figure, value: &str| Happening::Measured { figure, value: value.parse().unwrap(), reached_on: None };
            let mut happened = vec![
                ("2022-03-01", Happening::HandedOver),
                ("2022-09-01", Happening::Started),
                ("2023-01-01", suspended(None, Cause::Grantee, Covers::Works)),
            ];
            if !developed.is_empty() {
                happened.push(("2023-02-01", measured(Figure::DevelopedLand, developed)));
            }
            if !invested.is_empty() {
                happened.push(("2023-02-01", measured(Figure::Invested, invested)));
            }
            contract(happened)
        };
        let state = |developed, invested, on| idle_line(&works(developed, invested), on).map(|line| line.state);
        assert_eq!(state("9999.99", "25000000", "2023-12-31"), Some(State::DueSoon));
        assert_eq!(state("9999.99", "25000000", "2024-01-01"), Some(State::Overdue), "just below a third");
        assert_eq!(state("10000", "25000000", "2024-01-01"), None, "a third and a quarter are enough");
        assert_eq!(state("10000", "24999999.99", "2024-01-01"), Some(State::Overdue), "just below 25 %");
        assert_eq!(state("10000.01", "", "2024-01-01"), Some(State::NotDeterminable), "missing is not zero");
        assert_eq!(state("", "", "2024-01-01"), Some(State::NotDeterminable));
        assert_eq!(state("", "1", "2024-01-01"), Some(State::Overdue), "either of the two decides");
    }

    #[test]
    fn investigation_and_answer_have_thirty_days_each() {
        let opened =
            contract(vec![("2022-03-01", Happening::HandedOver), ("2023-09-20", Happening::InvestigationOpened)]);
        assert_eq!(line(&bare(), "2023-09-01", "investigation").due, day("2023-10-07"), "1 October is a day off");
        assert_eq!(stands(&bare(), "2023-10-08", "investigation"), (State::Overdue, 1));
        assert_eq!(stands(&opened, "2023-10-15", "investigation"), (State::Met, 0));
        assert_eq!(line(&opened, "2023-10-15", "answer").due, day("2023-10-20"));
        assert_eq!(stands(&opened, "2023-10-21", "answer"), (State::Overdue, 1));
    }
}

#[test]
fn a_reminder_is_due_thirty_days_before() {
    let bare = contract(vec![("2022-03-01", Happening::HandedOver)]);
    assert_eq!(line(&bare, "2022-06-01", "notice_start").due, day("2022-08-02"));
    assert_eq!(stands(&bare, "2022-08-03", "notice_start"), (State::Overdue, 1));
    assert_eq!(line(&bare, "2022-01-11", "notice_payment_1").due, day("2022-01-11"));
    let sent = contract(vec![
        ("2022-03-01", Happening::HandedOver),
        ("2022-08-02", Happening::Notified { duty: Duty::one(DutyKind::Start) }),
    ]);
    assert_eq!(stands(&sent, "2022-08-20", "notice_start"), (State::Met, 0));
}

#[test]
fn rectification_is_met_by_the_next_review() {
    let review =
        |outcome, until: Option<&str>| Happening::CompletionReviewed(Review { outcome, rectify_until: until.map(day) });
    let mut happened = vec![
        ("2022-03-01", Happening::HandedOver),
        ("2022-09-01", Happening::Started),
        ("2024-08-01", Happening::CompletionDeclared),
        ("2024-09-10", review(ReviewOutcome::Rectify, Some("2024-12-10"))),
    ];
    let open = contract(happened.clone());
    assert_eq!(stands(&open, "2024-12-10", "rectify_completion"), (State::DueSoon, 0));
    assert_eq!(stands(&open, "2024-12-11", "rectify_completion"), (State::Overdue, 1));
    happened.push(("2024-12-12", review(ReviewOutcome::Passed, None)));
    assert_eq!(stands(&contract(happened), "2025-01-01", "rectify_completion"), (State::MetLate, 2));
}

#[test]
fn between_two_days() {
    let contract = contract(vec![
        ("2022-02-20", paid(1, 3_425_000)),
        ("2022-03-01", Happening::HandedOver),
        ("2022-09-20", Happening::Started),
    ]);
    let changes = |from: &str, to: &str| {
        let changes = compare(judged(&contract, from), judged(&contract, to));
        changes.into_iter().map(|change| (change.duty.to_string(), change.kind.code())).collect::<Vec<_>>()
    };
    let has = |from, to, duty: &str, kind| changes(from, to).contains(&(duty.to_owned(), kind));
    assert!(has("2022-02-09", "2022-02-12", "payment_1", "became_overdue"));
    assert!(has("2022-02-12", "2022-02-20", "payment_1", "healed"));
    assert!(has("2022-07-01", "2022-08-10", "start", "became_due"));
    assert!(has("2022-09-02", "2022-09-20", "start", "healed"));
    assert!(!has("2022-08-10", "2022-09-20", "notice_start", "healed"), "nobody need be reminded any more");
    assert!(changes("2022-03-05", "2022-03-05").is_empty());
}

/// One contract through its life, as the clerk would see it on chosen days.
#[test]
fn golden_timelines() {
    let passed = Review { outcome: ReviewOutcome::Passed, rectify_until: None };
    let diligent = contract(vec![
        ("2022-01-20", Happening::Notified { duty: Duty::payment(1) }),
        ("2022-02-08", paid(1, 3_425_000)),
        ("2022-03-01", Happening::HandedOver),
        ("2022-08-28", Happening::Started),
        ("2022-12-30", paid(2, 3_425_000)),
        ("2024-08-20", Happening::CompletionDeclared),
        ("2024-09-20", Happening::CompletionReviewed(passed)),
        ("2025-02-01", Happening::ProductionStarted),
        ("2027-02-20", Happening::OutputReviewed(passed)),
    ]);
    let troubled = contract(vec![
        ("2022-02-25", paid(1, 3_425_000)),
        ("2022-03-11", Happening::HandedOver),
        ("2022-06-01", suspended(Some("2022-07-01"), Cause::Government, Covers::Works)),
        ("2024-01-05", Happening::InvestigationOpened),
        ("2024-05-01", Happening::Started),
    ]);
    let mut text = String::new();
    for (name, contract) in [("diligent", &diligent), ("troubled", &troubled)] {
        for on in ["2022-02-12", "2022-08-15", "2023-01-01", "2024-01-20", "2024-10-01", "2027-06-30", "2042-03-01"] {
            text += &format!("{name} on {on}\n");
            for line in judged(contract, on) {
                let yuan = line.yuan().map_or("-".into(), |yuan| yuan.to_string());
                text += &format!(
                    "  {:<18} {} {} {yuan} {}\n",
                    line.duty.to_string(),
                    line.due,
                    line.wording(),
                    line.consequence.arithmetic
                );
            }
        }
    }
    insta::assert_snapshot!(text);
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        Just(Happening::HandedOver),
        (1u16..3, 1i64..4_000_000).prop_map(|(instalment, yuan)| paid(instalment, yuan)),
        Just(Happening::Started),
        Just(Happening::CompletionDeclared),
        Just(Happening::ProductionStarted),
        Just(Happening::Resumed),
        (0..3usize, proptest::bool::ANY, proptest::option::of(0i64..2500)).prop_map(|(cause, all, until)| {
            let covers = if all { Covers::All } else { Covers::Works };
            let until = until.map(|until| days_after(day("2022-01-10"), until));
            Happening::Suspended { until, cause: Cause::ALL[cause], covers }
        }),
    ]
}

fn happened() -> impl Strategy<Value = Vec<(i64, Happening)>> {
    proptest::collection::vec((0i64..2000, happening()), 0..8)
}

fn history(happened: &[(i64, Happening)]) -> Vec<Event> {
    let dated: Vec<(String, Happening)> = happened
        .iter()
        .map(|(offset, happening)| (days_after(day("2022-01-10"), *offset).to_string(), happening.clone()))
        .collect();
    events(dated.iter().map(|(on, happening)| (on.as_str(), happening.clone())).collect())
}

fn supplemented(move_days: i64, on: i64) -> Vec<crate::contract::TermsVersion> {
    let mut later = terms();
    later.start_on = later.start_on.map(|day| days_after(day, move_days));
    later.completion_on = later.completion_on.map(|day| days_after(day, move_days));
    later.rates.late_payment = Some(dec!(0.3));
    let on = days_after(day("2022-01-10"), on + 1);
    vec![sample::agreement(terms()), sample::supplement(&on.to_string(), later)]
}

/// The duties that cost money by the day, and what they cost.
fn costs(contract: &Contract, on: chrono::NaiveDate) -> Vec<(Duty, Option<Yuan>)> {
    let lines = judge(contract, on, &practice(), WorkCalendar::embedded());
    let daily = [DutyKind::Payment, DutyKind::HandOver, DutyKind::Start, DutyKind::Completion];
    lines.into_iter().filter(|line| daily.contains(&line.duty.kind)).map(|line| (line.duty, line.yuan())).collect()
}

proptest! {
    #[test]
    fn healing_never_raises_a_consequence(
        happened in happened(), healed_on in 0i64..2000, which in 0..3usize, on in 0i64..2500, moved in -300i64..300, supplement in 0i64..1500,
    ) {
        let heal = [Happening::Started, Happening::CompletionDeclared, paid(1, 3_425_000)][which].clone();
        let duty = [Duty::one(DutyKind::Start), Duty::one(DutyKind::Completion), Duty::payment(1)][which];
        let on = days_after(day("2022-01-10"), on);
        let versions = supplemented(moved, supplement);
        let before = Contract::new("x", versions.clone(), history(&happened), Vec::new());
        let with = [happened, vec![(healed_on, heal)]].concat();
        let after = Contract::new("x", versions, history(&with), Vec::new());
        let cost = |contract| costs(contract, on).into_iter().find(|(found, _)| *found == duty).and_then(|(_, yuan)| yuan);
        let (before, after) = (cost(&before).unwrap_or_default(), cost(&after).unwrap_or_default());
        prop_assert!(after <= before, "{after} > {before}");
    }

    #[test]
    fn a_standstill_makes_nothing_earlier_and_nothing_dearer(
        happened in happened(), from in 0i64..2000, length in proptest::option::of(1i64..400), on in 0i64..2500,
    ) {
        let start = day("2022-01-10");
        let on = days_after(start, on);
        let until = length.map(|length| days_after(start, from + length));
        let stop = Happening::Suspended { until, cause: Cause::Government, covers: Covers::All };
        let with = [happened.clone(), vec![(from, stop)]].concat();
        let lines = |happened: &[(i64, Happening)]| {
            let contract = Contract::new("x", vec![sample::agreement(terms())], history(happened), Vec::new());
            judge(&contract, on, &practice(), WorkCalendar::embedded())
        };
        let after = lines(&with);
        for before in lines(&happened) {
            // The grantor's hand-over, and what hangs on no deadline of the works, stays where it is.
            let Some(after) = after.iter().find(|line| line.duty == before.duty) else { continue };
            prop_assert!(after.due >= before.due, "{} moved from {} to {}", before.duty, before.due, after.due);
            if !matches!(before.duty.kind, DutyKind::IdleLand) {
                prop_assert!(after.yuan().unwrap_or_default() <= before.yuan().unwrap_or_default(), "{}", before.duty);
            }
        }
    }

    #[test]
    fn what_was_recorded_later_has_no_effect(happened in happened(), more in happened(), on in 0i64..2500) {
        let start = day("2022-01-10");
        let then = sample::recorded();
        let on = days_after(start, on);
        let known = Contract::new("x", vec![sample::agreement(terms())], history(&happened), Vec::new());
        let mut later = history(&more);
        for event in &mut later {
            event.recorded_at = then + chrono::TimeDelta::microseconds(1);
        }
        let all = Contract::new("x", known.versions.clone(), [known.events.clone(), later].concat(), Vec::new());
        let lines = |contract: &Contract| judge(contract, on, &practice(), WorkCalendar::embedded());
        prop_assert_eq!(lines(&all.known_at(then)), lines(&known));
    }

    #[test]
    fn nothing_is_overdue_in_time_nor_in_time_after(offset in -400i64..400) {
        let bare = contract(vec![("2022-03-01", Happening::HandedOver)]);
        let on = days_after(day("2024-09-01"), offset);
        let line = line(&bare, &on.to_string(), "completion");
        prop_assert_eq!(line.state == State::Overdue, offset > 0);
        prop_assert_eq!(line.days, offset.abs());
    }
}
