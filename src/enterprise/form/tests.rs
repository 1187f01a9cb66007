use rust_decimal_macros::dec;

use super::*;
use crate::base::period::Period;
use crate::base::unit::Mu;
use crate::enterprise::OccupancyKind;

fn today() -> NaiveDate {
    "2025-06-30".parse().unwrap()
}

fn plant() -> EnterpriseForm {
    EnterpriseForm {
        name: " 甲厂 ".into(),
        industry: "C3311".into(),
        size_class: "规上".into(),
        state: "operating".into(),
        high_tech: "yes".into(),
        ..EnterpriseForm::default()
    }
}

fn codes(faults: &[Fault]) -> Vec<FaultCode> {
    faults.iter().map(|fault| fault.code).collect()
}

#[test]
fn an_enterprise_is_read_and_its_sector_follows_from_its_industry() {
    let facts = plant().facts(today()).unwrap();
    assert_eq!((facts.name.as_str(), facts.sector, facts.high_tech), ("甲厂", Sector::Industry, Some(true)));
    assert_eq!(facts.industry, Some(("2017".into(), "3311".into())));
    assert_eq!(facts.platform, None);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let wrong = EnterpriseForm {
        industry: "9999".into(),
        high_tech: "也许".into(),
        established_on: "2025-07-01".into(),
        ..EnterpriseForm::default()
    };
    let faults = wrong.facts(today()).unwrap_err();
    for code in [FaultCode::ValueMissing, FaultCode::IndustryUnknown, FaultCode::ValueUnknown, FaultCode::PeriodInvalid]
    {
        assert!(codes(&faults).contains(&code), "{code:?} {faults:?}");
    }
    assert_eq!(wrong.paper().unwrap_err().len(), 2);
}

#[test]
fn an_older_edition_keeps_its_code_and_states_no_sector() {
    let older = EnterpriseForm { edition: "2011".into(), sector: "service".into(), ..plant() };
    assert_eq!(older.facts(today()).unwrap().industry, Some(("2011".into(), "3311".into())));
    let silent = EnterpriseForm { edition: "2011".into(), ..plant() };
    assert_eq!(codes(&silent.facts(today()).unwrap_err()), [FaultCode::ValueMissing]);
}

#[test]
fn days_at_the_line() {
    let on = |day: &str| EnterpriseForm { established_on: day.into(), ..plant() }.facts(today());
    assert!(on("2025-06-30").is_ok() && on("2025-07-01").is_err() && on("2025-6-31").is_err());
    let above = |day: &str| {
        EnterpriseForm { established_on: "2020-01-02".into(), above_size_since: day.into(), ..plant() }.facts(today())
    };
    assert!(above("2020-01-01").is_err() && above("2020-01-02").is_ok());
}

fn lease() -> OccupancyForm {
    OccupancyForm {
        uscc: "91110000600037341L".into(),
        side: "leased_out".into(),
        parcel: "330105001001gb00001".into(),
        area_m2: "1,000.5".into(),
        since: "2024-01-01".into(),
        last: "2024-12-31".into(),
        ..OccupancyForm::default()
    }
}

#[test]
fn a_lease_told_by_the_lessor_and_its_last_day_counts() {
    let (teller, it, warnings) = lease().read().unwrap();
    assert_eq!((it.occupant, it.lessor.as_ref()), (None, Some(&teller)));
    assert_eq!((it.kind, it.land), (OccupancyKind::Leased, Some(Mu(dec!(1.50075)))));
    assert_eq!(it.valid, Period::between("2024-01-01".parse().unwrap(), "2025-01-01".parse().unwrap()));
    assert_eq!(it.parcel.as_deref(), Some("330105001001GB00001"));
    assert!(warnings.is_empty());
}

#[test]
fn land_is_kept_as_it_is_typed_in_mu_or_square_metres() {
    let land = |area_m2: &str, area_mu: &str| {
        let typed = OccupancyForm { area_m2: area_m2.into(), area_mu: area_mu.into(), ..lease() };
        typed.read().map(|(_, it, _)| it.land.unwrap()).map_err(|faults| codes(&faults))
    };
    assert_eq!(land("", "10"), Ok(Mu(dec!(10))));
    assert_eq!(land("6666.67", ""), Ok(Mu(dec!(10.000005))));
    assert_eq!(land("2000", "3"), Ok(Mu(dec!(3))), "the same said twice");
    assert_eq!(land("6666.67", "10"), Err(vec![FaultCode::ValueUnknown]));
    assert_eq!(land("1000000000", ""), Ok(Mu(dec!(1_500_000))), "the bound itself");
    assert_eq!(land("1000000000000000", ""), Err(vec![FaultCode::FigureOutOfRange]));
}

#[test]
fn a_project_states_its_start_with_its_end() {
    let project = |since: &str, until: &str| {
        let typed = EnterpriseForm { project_since: since.into(), project_until: until.into(), ..plant() };
        typed.facts(today()).map(|facts| (facts.project_since, facts.project_until)).map_err(|faults| codes(&faults))
    };
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!(project("2023-01-01", "2025-12-31"), Ok((day("2023-01-01"), day("2025-12-31"))));
    assert_eq!(project("", "2025-12-31"), Ok((None, day("2025-12-31"))));
    assert_eq!(project("2023-01-01", ""), Err(vec![FaultCode::ValueMissing]));
    assert_eq!(project("2026-01-01", "2025-12-31"), Err(vec![FaultCode::PeriodInvalid]));
}

#[test]
fn what_a_person_may_wave_through_is_a_warning_and_the_rest_an_error() {
    let bare = OccupancyForm { area_m2: String::new(), parcel: String::new(), ..lease() };
    let (_, it, warnings) = bare.read().unwrap();
    assert_eq!(it.land, None);
    assert_eq!(codes(&warnings), [FaultCode::LandMissing, FaultCode::CodeMissing]);
    let one_day = OccupancyForm { last: "2024-01-01".into(), ..lease() };
    assert!(one_day.read().is_ok());
    for wrong in [
        OccupancyForm { area_m2: "0".into(), ..lease() },
        OccupancyForm { area_m2: "1000000000.01".into(), ..lease() },
        OccupancyForm { area_m2: String::new(), area_mu: "1500000.1".into(), ..lease() },
        OccupancyForm { area_m2: "1e15".into(), ..lease() },
        OccupancyForm { floor_area_m2: "100000000000000000000".into(), ..lease() },
        OccupancyForm { area_mu: "1.5".into(), ..lease() },
        OccupancyForm { last: "2023-12-31".into(), ..lease() },
        OccupancyForm { since: String::new(), ..lease() },
        OccupancyForm { side: "owned".into(), counterpart: "91110000600037341L".into(), ..lease() },
        OccupancyForm { counterpart: lease().uscc, ..lease() },
        OccupancyForm { parcel: "330105".into(), ..lease() },
    ] {
        assert!(wrong.read().is_err(), "{wrong:?}");
    }
}
