use chrono::NaiveDate;

use super::candidate::Named;
use super::*;
use crate::remediation::proof::{EntryInputs, Found, entry_receipt};

fn candidate(ground: Ground, year: i32) -> Candidate {
    let named = Named {
        kind: SubjectKind::Enterprise,
        subject: "甲".into(),
        name: "示例企业".into(),
        subdistrict: None,
        left: None,
    };
    let found = Found::Stated { department: None, document: "示例文件".into(), words: "低于标准".into() };
    let inputs = EntryInputs { ground, subject_kind: named.kind, subject: named.subject.clone(), found };
    let receipt = entry_receipt("", NaiveDate::MIN, &inputs, None).unwrap();
    Candidate { named, ground, year: Some(year), document: None, words: "低于标准".into(), receipt }
}

fn on_record(serial: i32, state: State, ground: Ground, year: i16) -> OnRecord {
    let number = Number { year: 2026, serial };
    let file = Uuid::from_u128(u128::try_from(serial).unwrap());
    OnRecord { subject: "甲".into(), file, number, state, ground, year: Some(year), document: None }
}

fn settled(candidate: &Candidate, on_record: &[OnRecord]) -> Settled {
    settle(candidate, &on_record.iter().collect::<Vec<_>>())
}

#[test]
fn somebody_new_gets_a_file() {
    assert_eq!(settled(&candidate(Ground::BelowLine, 2024), &[]), Settled::New { relapse_of: None });
}

#[test]
fn the_same_ground_is_never_entered_twice() {
    for state in State::ALL.iter().copied().filter(|state| *state != State::Dropped) {
        let there = [on_record(7, state, Ground::BelowLine, 2024)];
        let expected = Settled::Already { number: there[0].number, state };
        assert_eq!(settled(&candidate(Ground::BelowLine, 2024), &there), expected);
    }
}

#[test]
fn another_ground_goes_into_the_file_that_is_open() {
    let there = [on_record(7, State::Planned, Ground::BelowLine, 2024)];
    let number = there[0].number;
    let added = Settled::Add { file: there[0].file, number };
    assert_eq!(settled(&candidate(Ground::GradeD, 2024), &there), added);
    assert_eq!(settled(&candidate(Ground::BelowLine, 2025), &there), added, "another year is another ground");
}

#[test]
fn whoever_was_struck_off_and_falls_back_gets_a_file_that_names_the_last_one() {
    let there = [
        on_record(9, State::LookedBack, Ground::GradeD, 2025),
        on_record(7, State::StruckOff, Ground::BelowLine, 2024),
    ];
    let expected = Settled::New { relapse_of: Some(there[0].file) };
    assert_eq!(settled(&candidate(Ground::BelowLine, 2027), &there), expected);
}

#[test]
fn whoever_left_gets_none() {
    let mut left = candidate(Ground::BelowLine, 2024);
    left.named.left = Some(EnterpriseState::Moved);
    assert_eq!(settled(&left, &[]), Settled::Left(EnterpriseState::Moved));
    let there = [on_record(7, State::StruckOff, Ground::BelowLine, 2023)];
    assert_eq!(settled(&left, &there), Settled::Left(EnterpriseState::Moved));
}
