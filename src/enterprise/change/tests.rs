use super::*;
use crate::account::Actor;
use crate::account::audit::{self, Verification};
use crate::base::code::uscc_with_check_digit;
use crate::db::{PgPool, Scope};
use crate::enterprise::{EnterpriseState, Sector, SizeClass};

pub fn scope() -> Scope {
    Scope::district(crate::demo::DISTRICT.parse().unwrap())
}

pub fn clerk() -> Scope {
    Scope { subdistrict: Some("330105014".parse().unwrap()), ..scope() }
}

pub fn actor() -> Actor {
    Actor { account: None, name: "测试数据管理员".into() }
}

pub fn act(pool: &PgPool, scope: &Scope, actor: &Actor) -> Act {
    Act { pool: pool.clone(), scope: scope.clone(), actor: actor.clone(), now: "2025-06-30T04:00:00Z".parse().unwrap() }
}

pub async fn town(pool: &PgPool) {
    crate::codelist::load(pool).await.unwrap();
    crate::demo::load(pool).await.unwrap();
}

fn grounds(on: &str) -> Grounds {
    Grounds { effective_on: on.parse().unwrap(), source: "变更通知书1号".into(), reason: "测试".into() }
}

fn paper() -> Paper {
    Paper { source: "更正单1号".into(), reason: "录入有误".into() }
}

fn facts() -> Facts {
    Facts {
        name: "新厂".into(),
        industry: Some(("2017".into(), "3311".into())),
        sector: Sector::Industry,
        size_class: SizeClass::Below,
        high_tech: None,
        platform: None,
        subdistrict: Some("330105014".into()),
        state: EnterpriseState::Operating,
        established_on: None,
        above_size_since: None,
        project_since: None,
        project_until: None,
    }
}

fn code() -> String {
    uscc_with_check_digit("91330105MA2TE0077").unwrap().into()
}

fn faults<T: std::fmt::Debug>(outcome: Outcome<T>) -> Vec<FaultCode> {
    match outcome.unwrap_err() {
        EditError::Faults(faults) => faults.iter().map(|fault| fault.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_enterprise_is_entered_renamed_and_corrected(pool: PgPool) {
    town(&pool).await;
    let (scope, actor) = (scope(), actor());
    let act = act(&pool, &scope, &actor);
    let uscc = code();
    let id = create(&act, &uscc, &facts(), &grounds("2024-01-01"), false).await.unwrap();
    assert_eq!(faults(create(&act, &uscc, &facts(), &grounds("2024-01-01"), true).await), [FaultCode::DuplicateRecord]);
    let renamed = Facts { name: "改名后的厂".into(), ..facts() };
    // The first day of the version is a correction; the day after is the earliest change.
    assert_eq!(faults(change(&act, &uscc, id, &renamed, &grounds("2024-01-01")).await), [FaultCode::PeriodInvalid]);
    assert_eq!(faults(change(&act, &uscc, id, &renamed, &grounds("2025-07-01")).await), [FaultCode::PeriodInvalid]);
    assert_eq!(faults(change(&act, &uscc, id, &facts(), &grounds("2024-01-02")).await), [FaultCode::DuplicateRecord]);
    let second = change(&act, &uscc, id, &renamed, &grounds("2024-01-02")).await.unwrap();
    // The form that was filled in on the first version says who was quicker.
    match change(&act, &uscc, id, &renamed, &grounds("2024-02-01")).await.unwrap_err() {
        EditError::Stale { by, reason, .. } => assert_eq!((by, reason), (actor.name.clone(), "测试".into())),
        other => panic!("{other:?}"),
    }
    let corrected = Facts { size_class: SizeClass::Above, ..renamed };
    let third = correct(&act, &uscc, second, &corrected, &paper()).await.unwrap();
    let versions = store::versions(&pool, &scope, &uscc).await.unwrap();
    let known: Vec<_> = versions.iter().filter(|version| version.superseded_at.is_none()).collect();
    assert_eq!(versions.len(), 4);
    assert_eq!((known[0].id, known[0].size_class, known[0].reason.as_str()), (third, SizeClass::Above, "录入有误"));
    assert_eq!((known[1].name.as_str(), known[1].valid.until), ("新厂", Some("2024-01-02".parse().unwrap())));
    let chain = audit::verify(&pool, &scope).await.unwrap();
    assert!(matches!(chain, Verification::Intact { entries } if entries >= 3), "{chain:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_failing_check_digit_needs_a_named_person(pool: PgPool) {
    town(&pool).await;
    let (scope, actor) = (scope(), actor());
    let act = act(&pool, &scope, &actor);
    let mut wrong = code();
    let last = wrong.pop().unwrap();
    wrong.push(if last == '0' { '1' } else { '0' });
    let outcome = create(&act, &wrong, &facts(), &grounds("2024-01-01"), false).await;
    assert_eq!(faults(outcome), [FaultCode::UsccCheckDigit]);
    create(&act, &wrong, &facts(), &grounds("2024-01-01"), true).await.unwrap();
    let version = &store::versions(&pool, &scope, &wrong).await.unwrap()[0];
    assert_eq!(version.uscc_confirmed_by.as_deref(), Some(actor.name.as_str()));
    // What is no code at all nobody can vouch for.
    assert_eq!(faults(create(&act, "12345", &facts(), &grounds("2024-01-01"), true).await), [FaultCode::UsccInvalid]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_register_refuses_what_its_lists_lack_and_a_clerk_what_is_elsewhere(pool: PgPool) {
    town(&pool).await;
    let (whole, own, actor) = (scope(), clerk(), actor());
    let unknown =
        Facts { industry: Some(("2011".into(), "3311".into())), subdistrict: Some("330105999".into()), ..facts() };
    let outcome = create(&act(&pool, &whole, &actor), &code(), &unknown, &grounds("2024-01-01"), true).await;
    assert_eq!(faults(outcome), [FaultCode::IndustryEditionMismatch, FaultCode::SubdistrictUnknown]);
    let elsewhere = Facts { subdistrict: Some("330105013".into()), ..facts() };
    let by_clerk = act(&pool, &own, &actor);
    let outcome = create(&by_clerk, &code(), &elsewhere, &grounds("2024-01-01"), true).await;
    assert_eq!(faults(outcome), [FaultCode::OutsideScope]);
    create(&by_clerk, &code(), &facts(), &grounds("2024-01-01"), false).await.unwrap();
}
