//! The due day as reckoned: working days, hand-over and its condition, extensions beside supplements.

use super::*;
use crate::contract::HandOverAfter;
use crate::contract::days;
use crate::contract::issuing::term_use;
use crate::contract::terms::Terms;
use crate::obligations::table;
use crate::obligations::view::CheckLine;

/// Working days count; land due on Saturday 2022-10-01, the first day off of seven; start due on Thursday 2022-12-01 at
/// 10,000 yuan a day.
fn working() -> Terms {
    let mut terms = terms();
    terms.day_count = DayCount::Working;
    terms.price = Yuan::from_wan(dec!(2000));
    terms.instalments = vec![crate::contract::Instalment { due: day("2022-02-10"), amount: terms.price }];
    terms.hand_over_on = Some(day("2022-10-01"));
    terms.start_on = Some(day("2022-12-01"));
    terms
}

fn given_on(on: &str) -> Contract {
    contract_of(working(), vec![("2022-02-10", paid(1, 20_000_000)), (on, Happening::HandedOver)])
}

#[test]
fn land_given_on_the_day_as_reckoned_moves_nothing() {
    let on_20_december = |given: &str| {
        let contract = given_on(given);
        let hand_over = line(&contract, "2022-12-20", "hand_over");
        let start = line(&contract, "2022-12-20", "start");
        (hand_over.state, hand_over.days, start.due.to_string(), start.yuan().unwrap().0)
    };
    let in_time = (State::Met, 0, "2022-12-01".to_owned(), dec!(190000.00));
    assert_eq!(on_20_december("2022-10-01"), in_time);
    assert_eq!(on_20_december("2022-10-07"), in_time, "the day before");
    assert_eq!(on_20_december("2022-10-08"), in_time, "the agreed day was a day off, this is the next working day");
    let late = (State::MetLate, 1, "2022-12-02".to_owned(), dec!(180000.00));
    assert_eq!(on_20_december("2022-10-09"), late, "one day late, one day more");
    let week = (State::MetLate, 7, "2022-12-08".to_owned(), dec!(120000.00));
    assert_eq!(on_20_december("2022-10-15"), week);
}

#[test]
fn the_works_move_by_the_days_that_the_hand_over_is_late_so_far() {
    let waiting = contract_of(working(), vec![("2022-02-10", paid(1, 20_000_000))]);
    let moved = |on: &str| (line(&waiting, on, "hand_over").days, line(&waiting, on, "start").due.to_string());
    assert_eq!(moved("2022-10-08"), (0, "2022-12-01".into()), "the last day is in time");
    assert_eq!(moved("2022-10-09"), (1, "2022-12-02".into()));
    assert_eq!(moved("2022-10-11"), (3, "2022-12-05".into()), "4 December is a Sunday");
}

fn under(after: HandOverAfter, happened: Vec<(&str, Happening)>) -> Contract {
    let mut terms = terms();
    terms.hand_over_after = after;
    contract_of(terms, happened)
}

#[test]
fn a_price_never_paid_makes_no_grantor_late_and_moves_no_day() {
    let unpaid = under(HandOverAfter::DuePayments, vec![]);
    assert_eq!(stands(&unpaid, "2022-02-28", "hand_over"), (State::DueSoon, 1));
    assert_eq!(stands(&unpaid, "2022-03-01", "hand_over"), (State::DueSoon, 0));
    assert_eq!(stands(&unpaid, "2022-03-02", "hand_over"), (State::Waiting, 0));
    let waiting = line(&unpaid, "2023-03-01", "hand_over");
    assert_eq!((waiting.state, waiting.days, waiting.yuan()), (State::Waiting, 0, Some(Yuan::ZERO)));
    assert_eq!(
        waiting.consequence.arithmetic,
        "交地以“约定交地日前应缴的价款已缴清”为条件；第1期应缴3,425,000.00元，已缴0.00元，条件未成就，交地期限不起算"
    );
    assert_eq!(line(&unpaid, "2023-03-01", "start").due, day("2022-09-01"), "the grantee's day stays");
    assert!(judged(&unpaid, "2030-01-01").iter().all(|line| line.duty != duty("idle_land")), "it was never given");
    let but_a_fen = vec![("2022-02-10", Happening::Paid { instalment: 1, amount: Yuan(dec!(3424999.99)) })];
    assert_eq!(stands(&under(HandOverAfter::DuePayments, but_a_fen), "2022-03-02", "hand_over"), (State::Waiting, 0));
    let free = under(HandOverAfter::Nothing, vec![]);
    assert_eq!(stands(&free, "2022-03-02", "hand_over"), (State::Overdue, 1), "no condition was agreed");
}

#[test]
fn a_hand_over_is_due_on_the_day_its_condition_is_met_or_the_agreed_one() {
    let paid_on = |on| under(HandOverAfter::DuePayments, vec![(on, paid(1, 3_425_000))]);
    assert_eq!(line(&paid_on("2022-02-28"), "2022-06-01", "hand_over").due, day("2022-03-01"));
    assert_eq!(line(&paid_on("2022-03-01"), "2022-06-01", "hand_over").due, day("2022-03-01"));
    let late = line(&paid_on("2022-03-21"), "2022-03-31", "hand_over");
    assert_eq!((late.due, late.state, late.days), (day("2022-03-21"), State::Overdue, 10));
    assert_eq!(
        late.consequence.arithmetic,
        "3,425,000元 × 1‰ × 10日 = 34,250.00元；\
         交地以“约定交地日前应缴的价款已缴清”为条件，2022-03-21缴清，交地期限由2022-03-01顺延至2022-03-21"
    );
    assert_eq!(line(&paid_on("2022-03-21"), "2022-03-31", "start").due, day("2022-09-11"));
    let whole = under(HandOverAfter::FullPrice, vec![("2022-02-10", paid(1, 3_425_000))]);
    assert_eq!(stands(&whole, "2022-06-01", "hand_over"), (State::Waiting, 0), "the second half is open");
    let given = vec![("2022-02-10", paid(1, 3_425_000)), ("2022-05-01", Happening::HandedOver)];
    assert_eq!(stands(&under(HandOverAfter::FullPrice, given), "2022-06-01", "hand_over"), (State::Met, 0));
    let waived = vec![("2022-03-05", Happening::Waived { duty: duty("payment_1") })];
    let waived = under(HandOverAfter::DuePayments, waived);
    assert_eq!(line(&waived, "2022-06-01", "hand_over").due, day("2022-03-05"), "nothing is waited for any more");
}

fn completing(granted: &str, until: &str, more: Vec<(&str, Happening)>) -> Contract {
    let extended = Happening::Extended { duty: duty("completion"), until: day(until) };
    let started = vec![("2022-03-01", Happening::HandedOver), ("2022-09-01", Happening::Started)];
    contract([started, vec![(granted, extended)], more].concat())
}

#[test]
fn an_extension_keeps_what_had_accrued_until_it_is_waived_on_paper() {
    let owed = |granted: &str| owes(&completing(granted, "2025-09-01", vec![]), "2025-01-01", "completion");
    assert_eq!(owed("2024-08-31"), Some(dec!(0)), "before the day");
    assert_eq!(owed("2024-09-01"), Some(dec!(0)), "on the day");
    assert_eq!(owed("2024-09-02"), Some(dec!(0)), "from the first late day on");
    assert_eq!(owed("2024-09-03"), Some(dec!(3425.00)), "one day had accrued");
    let late = completing("2024-10-01", "2025-09-01", vec![]);
    let then = line(&late, "2024-10-01", "completion");
    assert_eq!((then.state, then.days, then.yuan()), (State::NotYet, 335, Some(Yuan(dec!(99325.00)))));
    assert!(then.consequence.arithmetic.contains("依文件免除前仍应承担"), "{}", then.consequence.arithmetic);
    assert_eq!(owes(&late, "2025-09-02", "completion"), Some(dec!(102750.00)), "29 days, and one more");
    let waived = Happening::Waived { duty: duty("completion") };
    let waived = completing("2024-10-01", "2025-09-01", vec![("2024-11-01", waived)]);
    assert_eq!(owes(&waived, "2024-10-31", "completion"), Some(dec!(99325.00)));
    assert_eq!(owes(&waived, "2024-11-01", "completion"), Some(dec!(0)));
}

#[test]
fn an_extension_after_the_deed_changes_nothing() {
    let late = completing("2024-10-20", "2025-09-01", vec![("2024-10-01", Happening::CompletionDeclared)]);
    assert_eq!(stands(&late, "2025-01-01", "completion"), (State::MetLate, 30));
    assert_eq!(owes(&late, "2025-01-01", "completion"), Some(dec!(102750.00)));
}

proptest! {
    /// What a supplement keeps an extension keeps, to the fen.
    #[test]
    fn an_extension_costs_what_the_same_supplement_costs(granted in 0i64..1500, longer in 1i64..900, on in 0i64..2500) {
        let from = day("2022-01-10");
        let (granted, on) = (days_after(from, granted + 1), days_after(from, on));
        let until = days_after(day("2024-09-01"), longer);
        let base = vec![("2022-03-01", Happening::HandedOver), ("2022-09-01", Happening::Started)];
        let granted_text = granted.to_string();
        let extension = (granted_text.as_str(), Happening::Extended { duty: duty("completion"), until });
        let extended = contract([base.clone(), vec![extension]].concat());
        let mut later = terms();
        later.completion_on = Some(until);
        let versions = vec![sample::agreement(terms()), sample::supplement(&granted_text, later)];
        let supplemented = Contract::new("x", versions, events(base), Vec::new());
        let of = |contract: &Contract| {
            let lines = judge(contract, on, &practice(), WorkCalendar::embedded());
            let line = lines.into_iter().find(|line| line.duty == duty("completion")).unwrap();
            (line.state, line.days, line.due, line.yuan().unwrap_or_default())
        };
        prop_assert_eq!(of(&extended), of(&supplemented));
    }

    /// The works stand still for as many days as the line of the hand-over calls late.
    #[test]
    fn the_start_moves_by_what_the_hand_over_is_late(paid_on in 0i64..300, given in 0i64..300, working in proptest::bool::ANY) {
        let from = day("2022-01-10");
        let (paid_on, given) = (days_after(from, paid_on), days_after(from, given));
        let mut terms = terms();
        terms.start_on = Some(day("2024-03-01"));
        terms.completion_on = Some(day("2025-09-01"));
        terms.production_on = None;
        terms.output_review_on = None;
        if working {
            terms.day_count = DayCount::Working;
        }
        let (paid_text, given_text) = (paid_on.to_string(), given.to_string());
        let happened = vec![(paid_text.as_str(), paid(1, 3_425_000)), (given_text.as_str(), Happening::HandedOver)];
        let contract = contract_of(terms.clone(), happened);
        let (hand_over, start) = (line(&contract, "2023-01-01", "hand_over"), line(&contract, "2023-01-01", "start"));
        let late = if hand_over.state == State::MetLate { hand_over.days } else { 0 };
        let moved = days_after(day("2024-03-01"), late);
        prop_assert_eq!(start.due, days::agreed(moved, terms.day_count, WorkCalendar::embedded()).day);
        prop_assert!(given > paid_on || late == 0, "land given before the price was paid is never late");
    }
}

#[test]
fn penalties_are_booked_against_their_duty() {
    let penalty = |amount: &str, duty: &str| Happening::PenaltyPaid {
        duty: duty.parse().unwrap(),
        amount: Yuan(amount.parse().unwrap()),
    };
    let started = vec![("2022-03-01", Happening::HandedOver), ("2022-09-11", Happening::Started)];
    let with = |more: Vec<(&'static str, Happening)>| contract([started.clone(), more].concat());
    let account = |contract: &Contract, on: &str| {
        let line = line(contract, on, "start");
        (line.yuan().unwrap().0, line.paid.0, line.remaining().unwrap().0)
    };
    let parts = with(vec![("2022-10-01", penalty("34249.99", "start")), ("2022-11-01", penalty("0.01", "start"))]);
    assert_eq!(account(&parts, "2022-09-30"), (dec!(34250.00), dec!(0), dec!(34250.00)));
    assert_eq!(account(&parts, "2022-10-01"), (dec!(34250.00), dec!(34249.99), dec!(0.01)));
    assert_eq!(account(&parts, "2022-11-01"), (dec!(34250.00), dec!(34250.00), dec!(0)));
    let too_much = with(vec![("2022-10-01", penalty("40000", "start"))]);
    assert_eq!(account(&too_much, "2022-10-01").2, dec!(0), "never below nothing");
    let elsewhere = with(vec![("2022-10-01", penalty("34250", "payment_1"))]);
    assert_eq!(account(&elsewhere, "2022-10-01").2, dec!(34250.00), "booked against another duty");
}

#[test]
fn the_right_to_rescind_is_a_field_of_the_check() {
    let unpaid = contract(vec![]);
    let json = |on: &str| {
        let line = CheckLine::new("x", line(&unpaid, on, "payment_1"));
        serde_json::to_value(line).unwrap()
    };
    assert_eq!(json("2022-04-10")["may_rescind"], false);
    assert_eq!(json("2022-04-11")["may_rescind"], false, "sixty days late");
    assert_eq!(json("2022-04-12")["may_rescind"], true, "sixty-one");
    let late = json("2022-04-12");
    assert_eq!((late["paid_yuan"].as_str(), late["remaining_yuan"].as_str()), (Some("0"), Some("208925.00")));
}

#[test]
fn investment_counts_from_the_day_it_was_reached() {
    let measured = |value: i64, reached: Option<&str>| Happening::Measured {
        figure: Figure::FixedInvestment,
        value: value.into(),
        reached_on: reached.map(day),
    };
    let investment = |happened: Vec<(&str, Happening)>| {
        let contract = contract([vec![("2022-03-01", Happening::HandedOver)], happened].concat());
        line(&contract, "2025-06-01", "investment")
    };
    let stands = |happened| {
        let line = investment(happened);
        (line.state, line.days)
    };
    let reached = |on| vec![("2025-01-15", measured(160_713_000, Some(on)))];
    assert_eq!(stands(reached("2024-08-31")), (State::Met, 0));
    assert_eq!(stands(reached("2024-09-01")), (State::Met, 0), "on the day, verified four months later");
    assert_eq!(stands(reached("2024-09-02")), (State::MetLate, 1));
    let unknown = investment(vec![("2025-01-15", measured(160_713_000, None))]);
    assert_eq!((unknown.state, unknown.yuan()), (State::NotDeterminable, None), "late, or only verified late");
    assert!(unknown.consequence.arithmetic.contains("达到之日没有登记"), "{}", unknown.consequence.arithmetic);
    assert_eq!(stands(vec![("2024-09-01", measured(160_713_000, None))]), (State::Met, 0), "verified in time");
    let again = vec![("2024-08-01", measured(160_713_000, None)), ("2025-01-15", measured(170_000_000, None))];
    assert_eq!(stands(again), (State::Met, 0), "verified once more");
    let short = vec![("2024-10-01", measured(160_712_999, None)), ("2025-01-15", measured(160_713_000, None))];
    assert_eq!(stands(short), (State::MetLate, 136), "it was short after the day");
}

/// What was paid too much is shown while it is, and when it is set against what accrues later.
#[test]
fn a_penalty_paid_too_much_never_swallows_in_silence() {
    let penalty = Happening::PenaltyPaid { duty: Duty::payment(1), amount: Yuan(dec!(200000)) };
    let contract = contract(vec![("2022-03-12", penalty)]);
    let at = |on: &str| {
        let line = line(&contract, on, "payment_1");
        let money = |yuan: Option<Yuan>| yuan.map(|yuan| yuan.0.normalize());
        (money(line.yuan()), money(line.overpaid()), line.set_off.0.normalize(), money(line.remaining()), line.beyond())
    };
    let words = |text: &str| Some(text.to_owned());
    assert_eq!(at("2022-03-11"), (Some(dec!(99325)), Some(dec!(0)), dec!(0), Some(dec!(99325)), None), "not paid yet");
    let paid = (Some(dec!(102750)), Some(dec!(97250)), dec!(0), Some(dec!(0)), words("多缴97,250.00元"));
    assert_eq!(at("2022-03-12"), paid);
    let later = words("此前多缴34,250.00元已抵此后应计，多缴63,000.00元");
    assert_eq!(at("2022-03-22"), (Some(dec!(137000)), Some(dec!(63000)), dec!(34250), Some(dec!(0)), later));
    let used_up = words("此前多缴97,250.00元已抵此后应计");
    assert_eq!(at("2022-04-12"), (Some(dec!(208925)), Some(dec!(0)), dec!(97250), Some(dec!(8925)), used_up));
    let row = table::row("x", &line(&contract, "2022-03-12", "payment_1"));
    assert!(matches!(row.last(), Some(crate::exchange::sheet::Value::Text(text)) if text.contains("多缴97,250.00元")));
}

/// What is left of the term is counted once: the last day is a day of use.
#[test]
fn the_term_has_as_many_days_left_in_the_check_as_beside_what_is_used() {
    let contract = contract(vec![("2022-03-01", Happening::HandedOver)]);
    for on in ["2022-03-01", "2026-11-30", "2042-02-27", "2042-02-28", "2042-03-01", "2042-03-02"] {
        let term = term_use(&contract, day(on)).unwrap();
        assert_eq!(line(&contract, on, "term_end").days, term.remaining_days, "{on}");
        let whole = (term.term.until.unwrap() - term.term.from.unwrap()).num_days();
        assert_eq!(term.used_days + term.remaining_days, whole, "{on}");
    }
    assert_eq!(line(&contract, "2042-02-28", "term_end").days, 1, "the last day");
}
