use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;

fn charged(amount: Option<Decimal>) -> Entitled {
    let outcome = if amount.is_some() { Outcome::Due } else { Outcome::NotDeterminable };
    let why = if amount.is_some() { "" } else { "缺少执行年度的用电量" };
    Entitled { kind: Kind::Amount, outcome, per_unit: Some(dec!(0.05)), amount, why: why.to_owned() }
}

fn without_amount(kind: Kind, outcome: Outcome) -> Entitled {
    Entitled { kind, outcome, per_unit: None, amount: None, why: String::new() }
}

fn paid(quarter: u8, quantity: Decimal, amount: Decimal) -> Done {
    Done {
        quarter,
        done: true,
        quantity: Some(quantity),
        amount: Some(amount),
        is_listed: true,
        foreign_account: None,
        note: String::new(),
    }
}

fn given(quarter: u8) -> Done {
    Done { quantity: None, amount: None, ..paid(quarter, Decimal::ZERO, Decimal::ZERO) }
}

fn not_done(quarter: u8, note: &str) -> Done {
    Done { done: false, note: note.to_owned(), ..given(quarter) }
}

fn found(quarter: u8, entitled: &Entitled, done: &[Done]) -> (Finding, Option<Decimal>, Option<Turn>) {
    let Reconciled { finding, gap, turn, .. } = reconcile(quarter, Some(entitled), done);
    (finding, gap, turn)
}

const EXECUTING: Option<Turn> = Some(Turn::Executing);

#[test]
fn a_surcharge_agrees_to_the_fen_or_there_is_a_gap() {
    let due = charged(Some(dec!(50000.00)));
    let three =
        [paid(1, dec!(250000), dec!(12500)), paid(2, dec!(250000), dec!(12500)), paid(3, dec!(250000), dec!(12500))];
    let with = |last: Done| [three.to_vec(), vec![last]].concat();
    assert_eq!(found(4, &due, &with(paid(4, dec!(250000), dec!(12500)))), (Finding::Agrees, None, None));
    let (below, above) = (paid(4, dec!(249999.8), dec!(12499.99)), paid(4, dec!(250000.2), dec!(12500.01)));
    assert_eq!(found(4, &due, &with(below)), (Finding::TooLittle, Some(dec!(0.01)), EXECUTING));
    assert_eq!(found(4, &due, &with(above)), (Finding::TooMuch, Some(dec!(0.01)), EXECUTING));
}

#[test]
fn a_year_that_has_quarters_left_has_no_gap_yet() {
    let due = charged(Some(dec!(50000)));
    let first = [paid(1, dec!(250000), dec!(12500))];
    assert_eq!(found(1, &due, &first), (Finding::UnderWay, None, None));
    assert_eq!(found(2, &due, &first), (Finding::NotReported, Some(dec!(37500)), EXECUTING), "nothing of the second");
    assert_eq!(found(4, &due, &[]), (Finding::NotReported, Some(dec!(50000)), EXECUTING));
    let over = [paid(1, dec!(1200000), dec!(60000))];
    assert_eq!(found(1, &due, &over), (Finding::TooMuch, Some(dec!(10000)), EXECUTING), "too much is so at any time");
}

#[test]
fn what_was_not_done_carries_its_reason() {
    let due = charged(Some(dec!(50000)));
    let early = reconcile(3, Some(&due), &[not_done(3, "年底统一结算")]);
    assert_eq!(early.finding, Finding::UnderWay);
    let late = reconcile(4, Some(&due), &[not_done(3, "年底统一结算"), not_done(4, "企业已停产")]);
    assert_eq!((late.finding, late.gap), (Finding::NotDone, Some(dec!(50000))));
    assert!(late.why.contains("企业已停产"), "{}", late.why);
    assert_eq!(late.done, None, "nothing is not zero yuan");
}

#[test]
fn what_the_list_of_its_quarter_does_not_name_is_without_ground() {
    let ended = Done { is_listed: false, ..paid(3, dec!(100000), dec!(5000)) };
    let alone = reconcile(3, None, std::slice::from_ref(&ended));
    assert_eq!((alone.finding, alone.gap, alone.turn), (Finding::WithoutGround, Some(dec!(5000)), EXECUTING));
    assert!(alone.why.contains("第三季度"), "{}", alone.why);
    let due = charged(Some(dec!(10000)));
    let beside = reconcile(3, Some(&due), &[paid(1, dec!(200000), dec!(10000)), ended]);
    assert_eq!((beside.finding, beside.gap), (Finding::WithoutGround, Some(dec!(5000))));
    assert!(beside.why.contains("多执行5000元"), "both are said: {}", beside.why);
}

#[test]
fn a_surcharge_on_another_meter_and_a_wrong_product_are_found() {
    let due = charged(Some(dec!(50000)));
    let foreign = Done { foreign_account: Some("33010099".to_owned()), ..paid(4, dec!(1000000), dec!(50000)) };
    let found_ = reconcile(4, Some(&due), &[foreign]);
    assert_eq!((found_.finding, found_.gap, found_.turn), (Finding::WrongAccount, Some(dec!(50000)), EXECUTING));
    assert!(found_.why.contains("33010099"));
    let wrong = [paid(4, dec!(500000), dec!(50000))];
    assert_eq!(found(4, &due, &wrong), (Finding::Miscalculated, Some(dec!(25000)), EXECUTING));
    let rounded = [paid(4, dec!(1000.1), dec!(50.01))];
    assert_eq!(
        found(4, &charged(Some(dec!(50.01))), &rounded),
        (Finding::Agrees, None, None),
        "50.005 half away from zero"
    );
}

#[test]
fn a_barred_award_that_was_given_is_against_the_measure() {
    let barred = without_amount(Kind::Bar, Outcome::Barred);
    let award = Done { amount: Some(dec!(200000)), ..given(2) };
    assert_eq!(found(2, &barred, &[award]), (Finding::Against, Some(dec!(200000)), EXECUTING));
    assert_eq!(found(2, &barred, &[]), (Finding::Agrees, None, None));
    assert_eq!(found(2, &barred, &[not_done(2, "已告知")]), (Finding::Agrees, None, None));
    let exempt = Entitled { outcome: Outcome::Exempt, why: "处于过渡期".to_owned(), ..charged(None) };
    assert_eq!(found(2, &exempt, &[paid(2, dec!(20), dec!(1))]), (Finding::Against, Some(dec!(1)), EXECUTING));
    let allowed = without_amount(Kind::Bar, Outcome::Allowed);
    assert_eq!(found(2, &allowed, &[given(2)]), (Finding::Agrees, None, None));
}

#[test]
fn support_that_nobody_asked_for_is_no_gap() {
    let support = without_amount(Kind::Support, Outcome::Allowed);
    assert_eq!(found(4, &support, &[]), (Finding::NotUsed, None, None));
    assert_eq!(found(4, &support, &[given(1)]), (Finding::Agrees, None, None));
}

#[test]
fn what_cannot_be_determined_waits_for_whoever_knows() {
    assert_eq!(
        found(2, &charged(None), &[paid(2, dec!(100), dec!(5))]),
        (Finding::NotDeterminable, None, Some(Turn::Figures))
    );
    assert_eq!(
        found(2, &charged(None), &[paid(2, dec!(100), dec!(6))]).0,
        Finding::Miscalculated,
        "the standard is known"
    );
    let loan = without_amount(Kind::Bar, Outcome::NotDeterminable);
    assert_eq!(found(2, &loan, &[given(1)]), (Finding::NotDeterminable, None, EXECUTING), "what the loan was for");
    assert_eq!(found(2, &loan, &[]), (Finding::Agrees, None, None));
}

#[test]
fn a_relief_of_everything_needs_nothing_to_be_paid() {
    let whole = Entitled { per_unit: Some(dec!(0)), ..charged(Some(dec!(0.00))) };
    assert_eq!(found(4, &whole, &[]), (Finding::Agrees, None, None));
    assert_eq!(found(4, &whole, &[paid(4, dec!(20000), dec!(200))]).0, Finding::Miscalculated);
}

proptest! {
    /// Whatever is reported, a line that agrees has done exactly what was due, and every gap says whose turn it is.
    #[test]
    fn no_difference_is_passed_over(
        fen in 0i64..1_000_000,
        rows in proptest::collection::vec((1u8..=4, 0i64..500_000, any::<bool>(), any::<bool>()), 0..6),
        quarter in 1u8..=4,
    ) {
        let due = charged(Some(Decimal::new(fen, 2)));
        let row = |(quarter, fen, is_listed, is_foreign): (u8, i64, bool, bool)| Done {
            quantity: None,
            is_listed,
            foreign_account: is_foreign.then(|| "1".to_owned()),
            ..paid(quarter, Decimal::ZERO, Decimal::new(fen, 2))
        };
        let done: Vec<Done> = rows.into_iter().filter(|it| it.0 <= quarter).map(row).collect();
        let found = reconcile(quarter, Some(&due), &done);
        let sum: Decimal = done.iter().filter_map(|it| it.amount).sum();
        if found.finding == Finding::Agrees {
            prop_assert_eq!(sum, Decimal::new(fen, 2));
            prop_assert!(done.iter().all(|it| it.is_listed && it.foreign_account.is_none()));
        }
        prop_assert_eq!(found.finding.is_gap(), found.turn.is_some());
        prop_assert_eq!(found.finding.is_gap(), !found.why.is_empty() && found.gap.is_some());
    }
}
