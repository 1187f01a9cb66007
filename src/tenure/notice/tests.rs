use super::propose::{Proposal, propose};
use super::*;
use crate::codelist::WorkCalendar;
use crate::tenure::check;
use crate::tenure::event::{Duty, DutyKind, Happening};
use crate::tenure::sample::{contract, day, paid, practice};

fn proposals(happened: Vec<(&str, Happening)>, on: &str) -> Vec<Proposal> {
    let contract = contract(happened);
    let lines = check::judge(&contract, day(on), &practice(), WorkCalendar::embedded());
    propose(&contract, &lines, day(on))
}

fn kinds(happened: Vec<(&str, Happening)>, on: &str) -> Vec<(NoticeKind, String)> {
    proposals(happened, on).into_iter().map(|it| (it.kind, it.duty.to_string())).collect()
}

#[test]
fn every_kind_has_its_wording() {
    for kind in NoticeKind::ALL {
        assert!(template::of(*kind).body.contains("{contract}"), "{kind}");
    }
}

#[test]
fn a_start_is_reminded_of_thirty_days_before_until_it_was_or_its_day_has_passed() {
    let before = || vec![("2022-02-09", paid(1, 3425000)), ("2022-03-01", Happening::HandedOver)];
    let start = (NoticeKind::Start, "start".to_owned());
    assert!(!kinds(before(), "2022-08-01").contains(&start), "31 days before");
    assert!(kinds(before(), "2022-08-02").contains(&start), "30 days before");
    assert!(kinds(before(), "2022-09-01").contains(&start), "the last day");
    assert!(!kinds(before(), "2022-09-02").contains(&start));
    let sent = Happening::Notified { duty: Duty::one(DutyKind::Start) };
    assert!(!kinds([before(), vec![("2022-08-03", sent)]].concat(), "2022-08-04").contains(&start));
}

#[test]
fn a_breach_is_told_of_from_the_first_late_day_with_its_arithmetic() {
    let breach = (NoticeKind::Breach, "payment_1".to_owned());
    assert!(!kinds(vec![], "2022-02-10").contains(&breach));
    let found = proposals(vec![], "2022-02-11");
    let breach = found.iter().find(|it| it.kind == NoticeKind::Breach).unwrap();
    assert_eq!(breach.due, day("2022-02-10"));
    assert!(breach.body.contains("3,425,000元 × 1‰ × 1日"), "{}", breach.body);
    assert!(!breach.body.contains('{'), "{}", breach.body);
}

#[test]
fn only_what_stands_in_the_table_moves_a_notice() {
    for state in NoticeState::ALL {
        for step in NoticeStep::ALL {
            let listed = MOVES.iter().any(|(from, by, _)| from == state && by == step);
            assert_eq!(state.after(*step).is_some(), listed, "{state} {step}");
        }
    }
    assert_eq!(NoticeState::Sent.after(NoticeStep::Withdraw), None);
    assert_eq!(number(2026, 7), "2026-0007");
}
