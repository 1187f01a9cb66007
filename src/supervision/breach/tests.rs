use chrono::NaiveDate;
use rust_decimal_macros::dec;
use uuid::Uuid;

use super::blockers::{ANSWER_DAYS, NoticeStanding, Turn, answer_until, blockers, turn};
use super::store::Breach;
use super::*;
use crate::codelist::WorkCalendar;
use crate::contract::days::days_after;
use crate::contract::sample::{contract, day, practice};
use crate::obligations::check;
use crate::supervision::notice::NoticeState;

fn file(state: BreachState) -> Breach {
    Breach {
        id: Uuid::nil(),
        contract: "示例-1".into(),
        duty: "payment_1".into(),
        due: day("2022-02-10"),
        state,
        remedy: Some(Remedy::Penalty),
        amount_yuan: Some(dec!(102750)),
        arithmetic: None,
        notice: None,
        rectify_until: Some(day("2022-04-10")),
        proposed_by: None,
        proposed_by_name: None,
        decided_by_name: None,
        version: 1,
        opened_at: crate::contract::sample::recorded(),
        opened_by: "示例".into(),
    }
}

fn held(state: BreachState, notice: Option<(NoticeState, Option<&str>)>, on: &str) -> Vec<String> {
    let contract = contract(Vec::new());
    let today: NaiveDate = day(on);
    let lines = check::judge(&contract, today, &practice(), WorkCalendar::embedded());
    let line = lines.iter().find(|line| line.duty.to_string() == "payment_1");
    let notice = notice.map(|(state, on)| NoticeStanding { state, delivered_on: on.map(day) });
    blockers(&file(state), notice.as_ref(), line, today)
}

#[test]
fn a_file_always_says_what_holds_it_up_until_it_is_closed() {
    for state in BreachState::ALL {
        assert_eq!(held(*state, None, "2022-03-12").is_empty(), state.is_closed(), "{state}");
        assert_eq!(BreachStep::ALL.iter().all(|step| state.after(*step).is_none()), state.is_closed(), "{state}");
    }
    assert!(held(BreachState::Decided, None, "2022-03-12")[0].contains("102,750.00元"));
}

#[test]
fn the_period_to_answer_runs_from_delivery() {
    let at = |on: &str| held(BreachState::Noticed, Some((NoticeState::Delivered, Some("2022-03-01"))), on).remove(0);
    assert_eq!(ANSWER_DAYS, 15);
    assert!(at("2022-03-16").contains("至2022-03-16"));
    assert!(at("2022-03-17").contains("届满"));
    let sent = held(BreachState::Noticed, Some((NoticeState::Sent, None)), "2022-03-17").remove(0);
    assert!(sent.contains("尚未登记送达"));
}

#[test]
fn rectification_counts_its_days() {
    let at = |on: &str| held(BreachState::Rectifying, None, on).remove(0);
    assert!(at("2022-04-09").contains("剩余1日") && at("2022-04-10").contains("剩余0日"));
    assert!(at("2022-04-11").contains("届满1日"));
}

#[test]
fn the_table_of_steps_holds_together() {
    assert_eq!(TABLE.faults(BreachState::ALL, BreachStep::ALL), [""; 0]);
}

#[test]
fn nothing_is_paid_or_taken_back_without_a_decision() {
    for way in TABLE.ways {
        if matches!(way.step, BreachStep::Pay | BreachStep::TakeBack) {
            assert_eq!(way.from, [BreachState::Decided]);
        }
        if way.step == BreachStep::Decide {
            assert_eq!(way.from, [BreachState::Proposed]);
        }
    }
}

#[test]
fn a_step_is_due_once_no_period_of_the_grantee_runs() {
    let delivered = NoticeStanding { state: NoticeState::Delivered, delivered_on: Some(day("2022-03-01")) };
    let sent = NoticeStanding { state: NoticeState::Sent, delivered_on: None };
    let last = answer_until(day("2022-03-01"));
    assert_eq!(last, days_after(day("2022-03-01"), 15));
    assert_eq!(answer_until(day("2022-09-16")), day("2022-10-08"), "the fifteenth day is a day off");
    let noticed = |notice: &NoticeStanding, on| turn(BreachState::Noticed, Some(notice), None, on);
    assert_eq!(noticed(&sent, last), Some(Turn::Clerk), "its delivery is to be registered");
    assert_eq!(noticed(&delivered, days_after(last, -1)), None);
    assert_eq!(noticed(&delivered, last), None, "the last day to answer");
    assert_eq!(noticed(&delivered, days_after(last, 1)), Some(Turn::Clerk));
    let until = Some(day("2022-04-10"));
    let rectifying = |on| turn(BreachState::Rectifying, None, until, day(on));
    assert_eq!((rectifying("2022-04-10"), rectifying("2022-04-11")), (None, Some(Turn::Clerk)));
    assert_eq!(turn(BreachState::Proposed, None, None, last), Some(Turn::Approver));
    for state in BreachState::ALL {
        assert!(!state.is_closed() || turn(*state, None, None, last).is_none(), "{state}");
    }
}

#[test]
fn what_is_owed_is_what_has_accrued_less_what_was_paid() {
    use super::decision::{outstanding, owed};
    use crate::base::unit::Yuan;
    use crate::contract::event::{Duty, Happening};
    let penalty = |yuan| Happening::PenaltyPaid { duty: Duty::payment(1), amount: Yuan(yuan) };
    let at = |happened: Vec<(&str, Happening)>| {
        let contract = contract(happened);
        let lines = check::judge(&contract, day("2022-03-12"), &practice(), WorkCalendar::embedded());
        owed(lines.iter().find(|line| line.duty == Duty::payment(1)))
    };
    assert_eq!(at(vec![]).unwrap().0, Yuan(dec!(102750)));
    let (rest, words) = at(vec![("2022-03-01", penalty(dec!(102749.99)))]).unwrap();
    assert_eq!(rest, Yuan(dec!(0.01)));
    assert!(words.ends_with("已缴102,749.99元（此前多缴37,674.99元已抵此后应计），尚欠0.01元"), "{words}");
    assert_eq!(at(vec![("2022-03-01", penalty(dec!(102750)))]), None, "paid to the fen");

    let recorded = crate::contract::sample::recorded();
    let paid = contract(vec![("2022-03-15", penalty(dec!(100000)))]);
    let since =
        |before: i64| outstanding(&paid, Duty::payment(1), dec!(102750), recorded - chrono::TimeDelta::seconds(before));
    assert_eq!(since(1), (Yuan(dec!(2750)), Some(1)), "recorded after the decision");
    assert_eq!(since(0), (Yuan(dec!(102750)), None), "known when it was decided");
}
