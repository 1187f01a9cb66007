use super::propose::{Proposal, propose};
use super::*;
use crate::codelist::WorkCalendar;
use crate::contract::event::{Duty, DutyKind, Happening};
use crate::contract::sample::{contract, day, paid, practice};
use crate::obligations::check;
use crate::workflow::Number;

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
    assert_eq!(TABLE.faults(NoticeState::ALL, NoticeStep::ALL), [""; 0]);
    for state in NoticeState::ALL {
        for step in NoticeStep::ALL {
            let listed = TABLE.ways.iter().any(|way| way.from.contains(state) && way.step == *step);
            assert_eq!(state.after(*step).is_some(), listed, "{state} {step}");
        }
    }
    assert_eq!(NoticeState::Sent.after(NoticeStep::Withdraw), None);
    assert_eq!(Number { year: 2026, serial: 7 }.to_string(), "2026-0007");
}

mod outgoing {
    use super::*;
    use crate::contract::stage::Stage;
    use crate::obligations::line::State;
    use crate::supervision::breach::decision::Decided;
    use crate::supervision::breach::{BreachState, Remedy};
    use crate::supervision::notice::outgoing::{About, Outgoing, work_out};
    use crate::supervision::notice::over::Over;
    use rust_decimal_macros::dec;

    fn letter(
        kind: NoticeKind,
        duty: &str,
        happened: Vec<(&str, Happening)>,
        on: &str,
        decided: Option<&Decided>,
    ) -> Result<Outgoing, Over> {
        let contract = contract(happened);
        let lines = check::judge(&contract, day(on), &practice(), WorkCalendar::embedded());
        let about = About { kind, duty: duty.parse().unwrap(), due: day("2022-02-10") };
        work_out(about, &contract, &lines, day(on), decided)
    }

    fn breach(happened: Vec<(&str, Happening)>, on: &str) -> Result<Outgoing, Over> {
        letter(NoticeKind::Breach, "payment_1", happened, on, None)
    }

    #[test]
    fn the_lateness_and_the_amount_are_those_of_the_day_it_goes_out_on() {
        let prepared = breach(vec![], "2022-02-20").unwrap();
        let sent = breach(vec![], "2022-03-02").unwrap();
        assert!(prepared.body.contains("截至 2022-02-20 已逾期 10 日") && prepared.body.contains("34,250.00元"));
        assert!(
            sent.body.contains("截至 2022-03-02 已逾期 20 日") && sent.body.contains("68,500.00元"),
            "{}",
            sent.body
        );
        assert_ne!(prepared.mark, sent.mark);
        assert_eq!(sent.mark, breach(vec![], "2022-03-02").unwrap().mark, "the same text has the same mark");
        let part = Happening::PenaltyPaid { duty: Duty::payment(1), amount: crate::base::unit::Yuan(dec!(500)) };
        let told = breach(vec![("2022-03-01", part)], "2022-03-02").unwrap();
        assert!(told.body.contains("已缴500.00元"), "{}", told.body);
        assert_ne!(told.mark, sent.mark, "what changed since it was seen is another text");
    }

    #[test]
    fn a_breach_that_is_over_is_not_told_of() {
        let over = |happened, on| breach(happened, on).unwrap_err();
        assert_eq!(over(vec![("2022-02-28", paid(1, 3_425_000))], "2022-03-02"), Over::Settled(State::MetLate));
        let waived = Happening::Waived { duty: Duty::payment(1) };
        assert_eq!(over(vec![("2022-02-28", waived)], "2022-03-02"), Over::Settled(State::Waived));
        let extended = Happening::Extended { duty: Duty::payment(1), until: day("2022-04-10") };
        assert_eq!(over(vec![("2022-02-28", extended)], "2022-03-02"), Over::NotLate(day("2022-04-10")));
        assert_eq!(over(vec![], "2022-02-10"), Over::NotLate(day("2022-02-10")), "not late on the day itself");
        assert!(breach(vec![("2022-02-28", Happening::Rescinded)], "2022-03-02").is_ok(), "owed after the end");
    }

    #[test]
    fn a_reminder_goes_out_until_its_day_and_not_after() {
        let given = || vec![("2022-02-09", paid(1, 3_425_000)), ("2022-03-01", Happening::HandedOver)];
        let start = |more: Vec<(&'static str, Happening)>, on| {
            letter(NoticeKind::Start, "start", [given(), more].concat(), on, None)
        };
        assert!(start(vec![], "2022-08-31").is_ok());
        assert!(start(vec![], "2022-09-01").is_ok(), "the last day");
        assert_eq!(start(vec![], "2022-09-02").unwrap_err(), Over::Passed(day("2022-09-01")));
        let begun = vec![("2022-08-20", Happening::Started)];
        assert_eq!(start(begun, "2022-08-25").unwrap_err(), Over::Settled(State::Met));
        let told = vec![("2022-08-10", Happening::Notified { duty: Duty::one(DutyKind::Start) })];
        assert_eq!(start(told, "2022-08-25").unwrap_err(), Over::Told);
        let extended = Happening::Extended { duty: Duty::one(DutyKind::Start), until: day("2023-03-01") };
        let extended = vec![("2022-08-10", extended)];
        assert_eq!(start(extended, "2022-08-25").unwrap_err(), Over::TooEarly(day("2023-01-30")));
        let ended = vec![("2022-08-20", Happening::Terminated)];
        assert_eq!(start(ended, "2022-08-25").unwrap_err(), Over::Ended(Stage::Terminated));
    }

    #[test]
    fn an_investigation_is_opened_once_and_while_the_land_is_suspected() {
        let open = |more: Vec<(&'static str, Happening)>| {
            let given = vec![("2022-02-09", paid(1, 3_425_000)), ("2022-03-01", Happening::HandedOver)];
            letter(NoticeKind::IdleInvestigation, "investigation", [given, more].concat(), "2023-09-20", None)
        };
        assert!(open(vec![]).unwrap().body.contains("应于2022-09-01前开工"));
        assert_eq!(open(vec![("2023-09-15", Happening::InvestigationOpened)]).unwrap_err(), Over::Told);
        assert_eq!(open(vec![("2023-09-15", Happening::Started)]).unwrap_err(), Over::Gone);
    }

    #[test]
    fn a_decision_is_told_with_the_figures_of_its_day() {
        let decided = |state, remedy| Decided {
            on: day("2022-03-12"),
            state,
            remedy: Some(remedy),
            amount: Some(dec!(102750)),
            arithmetic: Some("3,425,000元 × 1‰ × 30日".into()),
            at: crate::contract::sample::recorded() - chrono::TimeDelta::seconds(1),
        };
        let tell =
            |decided: &Decided, happened, on| letter(NoticeKind::Decision, "payment_1", happened, on, Some(decided));
        let penalty = decided(BreachState::Decided, Remedy::Penalty);
        let told = tell(&penalty, vec![], "2022-03-22").unwrap();
        assert!(told.body.contains("并于 2022-03-12 审批"), "{}", told.body);
        assert!(told.body.contains("102,750.00元（计至2022-03-12：3,425,000元 × 1‰ × 30日）"), "{}", told.body);
        let paid_up = decided(BreachState::PenaltyPaid, Remedy::Penalty);
        assert_eq!(tell(&paid_up, vec![], "2022-03-22").unwrap_err(), Over::Paid);
        let proposed = decided(BreachState::Proposed, Remedy::Penalty);
        assert_eq!(tell(&proposed, vec![], "2022-03-22").unwrap_err(), Over::NotDecided);
        let waived = vec![("2022-03-15", Happening::Waived { duty: Duty::payment(1) })];
        assert_eq!(tell(&penalty, waived, "2022-03-22").unwrap_err(), Over::Settled(State::Waived));
        let paying = |yuan| {
            vec![(
                "2022-03-15",
                Happening::PenaltyPaid { duty: Duty::payment(1), amount: crate::base::unit::Yuan(yuan) },
            )]
        };
        assert_eq!(tell(&penalty, paying(dec!(102750)), "2022-03-22").unwrap_err(), Over::Paid);
        assert!(tell(&penalty, paying(dec!(102749.99)), "2022-03-22").is_ok(), "a fen is open");
        let ended = vec![("2022-03-15", Happening::Rescinded)];
        assert!(tell(&penalty, ended.clone(), "2022-03-22").is_ok(), "money is owed after the end");
        let land = decided(BreachState::Decided, Remedy::TakingBack);
        assert_eq!(tell(&land, ended, "2022-03-22").unwrap_err(), Over::Ended(Stage::Terminated));
        assert_eq!(
            letter(NoticeKind::Decision, "payment_1", vec![], "2022-03-22", None).unwrap_err(),
            Over::NotDecided
        );
    }
}
