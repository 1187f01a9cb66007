use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;

const LINE: LineOf = LineOf { floor: dec!(10000), comparison: Comparison::Below };

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Twelve mu all through the year.
fn paid(year: i32, tax: Decimal) -> YearFigure {
    let mu_days = Some(dec!(12) * Decimal::from(length_of_year(year)));
    YearFigure { year, tax_yuan: Some(tax), confirmed: true, mu_days }
}

fn tried(figures: &[YearFigure], planned: &str, today: &str) -> Result<i32, NotProven> {
    let figures: Vec<_> = figures.iter().map(|figure| (figure.clone(), LINE)).collect();
    upgrade(&figures, day(planned), day(today)).map(|reached| reached.figure.year)
}

#[test]
fn at_just_below_and_just_above_the_line() {
    let of = |tax| upgrade_by(&paid(2027, tax), 2026, 2028, LINE);
    assert_eq!(of(dec!(120000)).unwrap().figure.year, 2027, "on the line");
    assert!(of(dec!(120000.01)).is_ok());
    let below = of(dec!(119999.99)).unwrap_err();
    assert!(matches!(&below, NotProven::Below { year: 2027, .. }), "{below}");
    assert!(below.to_string().contains("9999.9992"), "{below}");
    let included = LineOf { comparison: Comparison::AtMost, ..LINE };
    assert!(upgrade_by(&paid(2027, dec!(120000)), 2026, 2028, included).is_err(), "where the line itself is low");
    assert!(upgrade_by(&paid(2027, dec!(120000.01)), 2026, 2028, included).is_ok());
}

#[test]
fn the_comparison_is_of_the_exact_quotient() {
    // 7 mu on 365 days against 70,000 yuan less a thousandth of a fen.
    let figure = |tax| YearFigure { mu_days: Some(dec!(7) * dec!(365)), ..paid(2027, tax) };
    assert!(upgrade_by(&figure(dec!(69999.99999)), 2026, 2028, LINE).is_err());
    assert!(upgrade_by(&figure(dec!(70000)), 2026, 2028, LINE).is_ok());
    assert_eq!(paid(2027, dec!(100000)).shown().unwrap(), "8333.3333");
}

#[test]
fn a_forecast_a_part_of_a_year_and_the_year_of_the_plan_prove_nothing() {
    let rich = dec!(9999999);
    assert_eq!(tried(&[paid(2027, rich)], "2026-11-30", "2027-12-31"), Err(NotProven::Forecast(2027)));
    assert_eq!(tried(&[paid(2027, rich)], "2026-11-30", "2028-01-01"), Ok(2027));
    assert_eq!(tried(&[paid(2026, rich)], "2026-01-01", "2027-06-30"), Err(NotProven::Forecast(2027)));
    assert_eq!(
        upgrade_by(&paid(2026, rich), 2026, 2028, LINE),
        Err(NotProven::BeforePlan { year: 2026, planned: 2026 })
    );
    assert_eq!(tried(&[], "2026-11-30", "2028-05-01"), Err(NotProven::Missing(2027)));
}

#[test]
fn what_is_only_reported_or_missing_proves_nothing() {
    let reported = YearFigure { confirmed: false, ..paid(2027, dec!(999999)) };
    assert_eq!(tried(&[reported], "2026-11-30", "2028-05-01"), Err(NotProven::Unconfirmed(2027)));
    let landless = YearFigure { mu_days: None, ..paid(2027, dec!(999999)) };
    assert_eq!(tried(&[landless], "2026-11-30", "2028-05-01"), Err(NotProven::Missing(2027)));
    let silent = YearFigure { tax_yuan: None, ..paid(2027, dec!(1)) };
    assert_eq!(tried(&[silent], "2026-11-30", "2028-05-01"), Err(NotProven::Missing(2027)));
}

#[test]
fn the_last_confirmed_full_year_decides() {
    let (good, bad) = (dec!(240000), dec!(60000));
    let both = [paid(2027, good), paid(2028, bad)];
    assert!(matches!(tried(&both, "2026-11-30", "2029-03-01"), Err(NotProven::Below { year: 2028, .. })));
    assert_eq!(tried(&both, "2026-11-30", "2028-12-31"), Ok(2027), "2028 is not over");
    let then = [paid(2027, bad), paid(2028, good)];
    assert_eq!(tried(&then, "2026-11-30", "2029-03-01"), Ok(2028));
    let reported = YearFigure { confirmed: false, ..paid(2028, bad) };
    assert_eq!(tried(&[paid(2027, good), reported], "2026-11-30", "2029-03-01"), Ok(2027));
}

#[test]
fn receipts_come_out_again_byte_for_byte() {
    let catalogue = Catalogue::embedded().unwrap();
    let reached = upgrade_by(&paid(2027, dec!(120000)), 2026, 2028, LINE).unwrap();
    let days = (day("2026-11-30"), day("2028-05-01"));
    let receipt = upgrade_receipt(&catalogue.sha256(), "91330105000000001X", days, &reached).unwrap();
    assert!(receipt.results.contains(r#""verdict":"conforms""#), "{}", receipt.results);
    assert_eq!(upgraded_again(&catalogue, receipt.as_of, &receipt.inputs).unwrap(), receipt.results);
    for (found, verdict) in [
        (Found::List(paid(2024, dec!(119999))), "does_not_conform"),
        (Found::List(paid(2024, dec!(120000))), "conforms"),
        (Found::List(YearFigure { tax_yuan: None, ..paid(2024, dec!(1)) }), "not_determinable"),
        (Found::Register { supply_status: "idle".into() }, "computed"),
    ] {
        let subject = "91330105000000001X".to_owned();
        let inputs = EntryInputs { ground: Ground::BelowLine, subject_kind: SubjectKind::Enterprise, subject, found };
        let receipt = entry_receipt(&catalogue.sha256(), day("2026-11-30"), &inputs, Some(LINE)).unwrap();
        assert!(receipt.results.contains(verdict), "{}", receipt.results);
        assert_eq!(entered_again(&catalogue, receipt.as_of, &receipt.inputs).unwrap(), receipt.results);
    }
}

proptest! {
    /// Told the slow way: whole fen against whole thousandths of a mu.
    #[test]
    fn nothing_is_proven_but_by_a_confirmed_full_year_on_or_above_the_line(
        years in prop::collection::vec((2020i32..2035, 0i64..40_000_000, any::<bool>(), 1i64..30_000), 0..6),
        planned in 2020i32..2034,
        ahead in 0i32..8,
    ) {
        let figures: Vec<YearFigure> = years.iter().map(|(year, fen, confirmed, thousandths)| YearFigure {
            year: *year,
            tax_yuan: Some(Decimal::new(*fen, 2)),
            confirmed: *confirmed,
            mu_days: Some(Decimal::new(*thousandths, 3) * Decimal::from(length_of_year(*year))),
        }).collect();
        let today = day(&format!("{}-06-30", planned + ahead));
        let found = tried(&figures, &format!("{planned}-06-30"), &today.to_string());
        if let Ok(year) = found {
            prop_assert!(year > planned && year < planned + ahead);
            let proves = |(of, fen, confirmed, thousandths): &(i32, i64, bool, i64)| {
                *of == year && *confirmed && i128::from(*fen) * 10 >= i128::from(*thousandths) * 10_000
            };
            prop_assert!(years.iter().any(proves));
        }
    }
}
