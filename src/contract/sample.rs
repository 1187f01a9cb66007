//! A contract for tests: everything agreed, nothing happened yet.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use rust_decimal_macros::dec;

use super::event::{Event, Happening, ReviewOrigin};
use super::practice::{IdlePractice, Practice};
use super::terms::{
    Commitment, ContractKind, DayCount, FLOOR_AREA_RATIO, HandOverAfter, INVESTMENT, Instalment, Rates, Shortfall,
    Terms,
};
use crate::base::unit::{Mu, Yuan};
use crate::contract::known::{Contract, TermsRole, TermsVersion};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// When everything in the samples was recorded, unless a test says otherwise: after every day the tests ask about.
pub fn recorded() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2040, 1, 1, 0, 0, 0).unwrap()
}

pub fn practice() -> Practice {
    Practice {
        notice_days: Some(30),
        extension_months: Some(12),
        idle: Some(IdlePractice {
            investigation_days: 30,
            answer_days: 30,
            years: 1,
            taking_back_years: 2,
            fee_percent: dec!(20),
            developed_one_in: 3,
            invested_percent: dec!(25),
        }),
    }
}

/// Signed 2022-01-10 for 685 万元 in two instalments; 20 years from hand-over, 24 months of construction.
pub fn terms() -> Terms {
    Terms {
        kind: ContractKind::Staged,
        parcels: vec!["330105001001GB00001".into()],
        granted_area: Mu(dec!(45)),
        grantee: "91330105MA2AXYW00M".into(),
        price: Yuan(dec!(6850000)),
        instalments: vec![
            Instalment { due: day("2022-02-10"), amount: Yuan(dec!(3425000)) },
            Instalment { due: day("2022-12-31"), amount: Yuan(dec!(3425000)) },
        ],
        hand_over_on: Some(day("2022-03-01")),
        hand_over_after: HandOverAfter::DuePayments,
        start_on: Some(day("2022-09-01")),
        completion_on: Some(day("2024-09-01")),
        production_on: Some(day("2025-03-01")),
        output_review_on: Some(day("2027-03-01")),
        term_years: 20,
        term_from: None,
        construction_months: Some(30),
        production_months: Some(36),
        day_count: DayCount::Calendar,
        planned_investment: Some(Yuan(dec!(100000000))),
        rates: Rates {
            late_payment: Some(dec!(1)),
            rescind_after_days: Some(60),
            late_start: Some(dec!(0.5)),
            late_completion: Some(dec!(0.5)),
            late_production: None,
            late_hand_over: Some(dec!(1)),
            cap_percent: None,
            investment_shortfall: Shortfall::ProRata,
            far_shortfall: Shortfall::ProRata,
        },
        commitments: vec![
            Commitment { indicator: INVESTMENT.into(), required: "[160713000,)".parse().unwrap(), unit: "元".into() },
            Commitment { indicator: FLOOR_AREA_RATIO.into(), required: "[1.5,2.5]".parse().unwrap(), unit: "".into() },
        ],
        admission_case: None,
    }
}

pub fn agreement(terms: Terms) -> TermsVersion {
    TermsVersion {
        id: 1,
        role: TermsRole::Agreement,
        document: "出让合同".into(),
        signed_on: day("2022-01-10"),
        effective_on: day("2022-01-10"),
        terms,
        recorded_at: recorded(),
        superseded_at: None,
    }
}

pub fn supplement(on: &str, terms: Terms) -> TermsVersion {
    TermsVersion {
        id: 2,
        role: TermsRole::Supplement,
        document: "补充协议一".into(),
        signed_on: day(on),
        effective_on: day(on),
        ..agreement(terms)
    }
}

/// Events in the order given, numbered from 1.
pub fn events(happened: Vec<(&str, Happening)>) -> Vec<Event> {
    let event = |(index, (on, happening)): (usize, (&str, Happening))| Event {
        id: index as i64 + 1,
        on: day(on),
        review: happening.kind().is_review().then_some(ReviewOrigin::Concluded),
        happening,
        document: Some("文件".into()),
        recorded_at: recorded(),
        superseded_at: None,
    };
    happened.into_iter().enumerate().map(event).collect()
}

pub fn contract_of(terms: Terms, happened: Vec<(&str, Happening)>) -> Contract {
    Contract::new("杭下出让2022-01", vec![agreement(terms)], events(happened), Vec::new())
}

pub fn contract(happened: Vec<(&str, Happening)>) -> Contract {
    contract_of(terms(), happened)
}

pub fn paid(instalment: u16, yuan: i64) -> Happening {
    Happening::Paid { instalment, amount: Yuan(yuan.into()) }
}
