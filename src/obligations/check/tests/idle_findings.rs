//! What was confirmed of idle land stays until it is decided otherwise on paper.

use super::*;

const FEE: rust_decimal::Decimal = dec!(1370000.00);

fn confirmed(fee: Option<i64>, more: Vec<(&'static str, Happening)>) -> Contract {
    let fee = fee.map(|fee| Yuan(fee.into()));
    let found = vec![
        ("2022-02-10", paid(1, 3_425_000)),
        ("2022-03-01", Happening::HandedOver),
        ("2023-09-20", Happening::InvestigationOpened),
        ("2023-10-10", Happening::InvestigationAnswered),
        ("2023-11-01", Happening::IdleConfirmed { fee }),
    ];
    contract([found, more].concat())
}

fn idle_line(contract: &Contract, on: &str) -> Option<Line> {
    judged(contract, on).into_iter().find(|line| line.duty == duty("idle_land"))
}

fn condition(contract: &Contract, on: &str) -> crate::contract::stage::Condition {
    crate::contract::stage::standing(contract, day(on)).unwrap().condition
}

#[test]
fn a_start_does_not_undo_what_was_confirmed() {
    use crate::contract::stage::Condition;
    let started = confirmed(None, vec![("2024-01-05", Happening::Started)]);
    let before = idle_line(&started, "2024-01-04").unwrap();
    assert_eq!((before.state, before.yuan()), (State::Overdue, Some(Yuan(FEE))));
    let after = idle_line(&started, "2024-01-05").unwrap();
    assert_eq!((after.state, after.yuan()), (State::Overdue, Some(Yuan(FEE))));
    assert!(after.consequence.arithmetic.starts_with("2023-11-01认定闲置（《文件》），闲置费1,370,000.00元"));
    assert!(after.consequence.arithmetic.ends_with("认定仍然有效"), "{}", after.consequence.arithmetic);
    assert_eq!(condition(&started, "2024-01-05"), Condition::Idle, "a new stage hides nothing");
    let unheard = contract(vec![("2022-03-01", Happening::HandedOver), ("2024-01-05", Happening::Started)]);
    assert_eq!(idle_line(&unheard, "2024-01-05"), None, "a suspicion that nobody confirmed ends with the start");
}

#[test]
fn it_ends_by_paper_alone() {
    use crate::contract::stage::Condition;
    let with = |what: Happening| confirmed(None, vec![("2024-01-05", Happening::Started), ("2024-02-01", what)]);
    let settled = with(Happening::IdleSettled);
    assert!(idle_line(&settled, "2024-01-31").is_some());
    assert_eq!(idle_line(&settled, "2024-02-01"), None);
    assert_eq!(condition(&settled, "2024-02-01"), Condition::Normal);
    let waived = with(Happening::Waived { duty: duty("idle_land") });
    assert_eq!(idle_line(&waived, "2024-01-31").unwrap().state, State::Overdue);
    let line = idle_line(&waived, "2024-02-01").unwrap();
    assert_eq!((line.state, line.yuan()), (State::Waived, Some(Yuan::ZERO)));
    let ended = with(Happening::Terminated);
    assert_eq!(idle_line(&ended, "2025-01-01").unwrap().yuan(), Some(Yuan(FEE)), "owed after the end");
}

#[test]
fn the_fee_of_the_paper_stands_and_what_is_paid_of_it_is_booked() {
    let paid = Happening::PenaltyPaid { duty: duty("idle_land"), amount: Yuan(dec!(1000000)) };
    let decided = confirmed(Some(1_200_000), vec![("2023-12-01", paid), ("2024-01-05", Happening::Started)]);
    let line = idle_line(&decided, "2024-06-01").unwrap();
    assert_eq!(
        (line.yuan(), line.paid, line.remaining()),
        (Some(Yuan(dec!(1200000))), Yuan(dec!(1000000)), Some(Yuan(dec!(200000))))
    );
    let two_years = idle_line(&confirmed(None, vec![]), "2024-09-01").unwrap();
    assert_eq!(two_years.yuan(), Some(Yuan(FEE)), "the fee that was decided");
    assert!(two_years.consequence.arithmetic.ends_with("满2年：无偿收回土地使用权"), "and what follows now");
}

#[test]
fn neither_a_correction_nor_a_standstill_takes_it_away() {
    let earlier = confirmed(Some(1_370_000), vec![("2022-08-30", Happening::Started)]);
    let line = idle_line(&earlier, "2024-01-01").unwrap();
    assert_eq!((line.state, line.yuan()), (State::Overdue, Some(Yuan(dec!(1370000)))), "a start entered afterwards");
    let bare = confirmed(None, vec![("2022-08-30", Happening::Started)]);
    assert_eq!(idle_line(&bare, "2024-01-01").unwrap().yuan(), None, "no amount is made up");
    let stop = suspended(Some("2023-12-01"), Cause::Government, Covers::Works);
    let stopped = confirmed(None, vec![("2022-06-01", stop)]);
    assert_eq!(idle_line(&stopped, "2024-01-01").unwrap().state, State::Overdue);
}

#[test]
fn neither_fee_nor_taking_back_for_land_that_was_started_and_stopped() {
    let measured = Happening::Measured { figure: Figure::DevelopedLand, value: dec!(9999), reached_on: None };
    let stopped = contract(vec![
        ("2022-02-10", paid(1, 3_425_000)),
        ("2022-03-01", Happening::HandedOver),
        ("2022-09-01", Happening::Started),
        ("2023-01-01", suspended(None, Cause::Grantee, Covers::Works)),
        ("2023-02-01", measured),
    ]);
    assert_eq!(idle_line(&stopped, "2023-12-31").unwrap().state, State::DueSoon);
    for on in ["2024-01-01", "2024-12-31", "2025-01-01", "2028-01-01"] {
        let line = idle_line(&stopped, on).unwrap();
        assert_eq!((line.state, line.yuan(), line.article), (State::Overdue, None, "53号令第二条"), "{on}");
        assert!(line.consequence.arithmetic.contains("只及于未动工开发的土地"), "{}", line.consequence.arithmetic);
        assert!(!line.consequence.arithmetic.contains("无偿收回"), "{}", line.consequence.arithmetic);
    }
}

proptest! {
    /// Whatever else happens, a finding is there until it is settled, waived, or the land taken back.
    #[test]
    fn a_finding_stays_whatever_happens(happened in happened(), on in 700i64..2500) {
        let base = confirmed(Some(1_370_000), vec![]);
        let contract = Contract::new("x", base.versions.clone(), [base.events.clone(), history(&happened)].concat(), vec![]);
        let lines = judge(&contract, days_after(day("2022-01-10"), on), &practice(), WorkCalendar::embedded());
        let line = lines.into_iter().find(|line| line.duty == duty("idle_land"));
        let line = line.expect("the finding stays");
        prop_assert_eq!((line.state, line.yuan()), (State::Overdue, Some(Yuan(dec!(1370000)))));
    }
}
