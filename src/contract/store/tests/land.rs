//! One parcel is granted once at a time, whoever enters it and however it was divided.

use super::*;
use crate::parcel::claims::store::{grounds_of_contract, settle};

const SECOND: &str = "杭下出让2023-7";

impl Clerk {
    async fn grant(&self, on: &str, number: &str, parcel: &str, beside: Option<&str>) -> Result<(), RecordError> {
        let paper = Paper { signed_on: day(on), effective_on: day(on), ..paper() };
        let mut terms = Terms { parcels: vec![parcel.into()], ..terms() };
        for part in &mut terms.instalments {
            part.due = day("2039-01-01");
        }
        record::conclude(&self.act(on), number, &paper, &terms, &grounds(), beside).await
    }

    /// As a change of parcels links them.
    async fn becomes(&self, predecessor: &str, successor: &str, on: &str) {
        sqlx::query(
            "INSERT INTO parcel_lineage (district, kind, predecessor, successor, effective_on, source, reason, recorded_at, recorded_by)
             VALUES ('330105', 'split', $1, $2, $3, '试验', '试验', now(), '试验')",
        )
        .bind(predecessor)
        .bind(successor)
        .bind(day(on))
        .execute(&self.pool)
        .await
        .unwrap();
    }
}

fn code(serial: u32) -> String {
    format!("330105001001GB{serial:05}")
}

fn refused(outcome: Result<(), RecordError>) -> String {
    match outcome {
        Err(RecordError::Faults(faults)) => {
            assert_eq!(faults[0].code.code(), "land_taken");
            faults[0].message.clone()
        }
        Err(RecordError::Store(error)) => {
            let (code, words) = crate::contract::refusal::kept_out(&error).unwrap_or_else(|| panic!("{error}"));
            assert_eq!(code.code(), "land_taken");
            words.to_owned()
        }
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_second_live_grant_is_refused_unless_a_named_person_says_why(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    let said = refused(clerk.grant("2023-02-01", SECOND, PARCEL, None).await);
    assert!(said.contains(NUMBER) && said.contains(PARCEL), "{said}");
    assert!(matches!(clerk.grant("2023-02-01", SECOND, PARCEL, Some("  ")).await, Err(RecordError::Faults(_))));
    clerk.grant("2023-02-01", SECOND, PARCEL, Some("二期用地，分期供应")).await.unwrap();
    let grounds = grounds_of_contract(&clerk.pool, &clerk.scope, SECOND).await.unwrap();
    let [ground] = grounds.as_slice() else { panic!("{grounds:?}") };
    assert_eq!((ground.ground.as_str(), ground.recorded_by.as_str()), ("二期用地，分期供应", "合同管理员甲"));
    assert_eq!((ground.recorded_on, &ground.against), (day("2023-02-01"), &vec![format!("contract:{NUMBER}")]));
    // A third stands against both, and still against the second once the first is over.
    refused(clerk.grant("2023-03-01", "第三份", PARCEL, None).await);
    clerk.event("2024-05-01", Happening::Terminated).await.unwrap();
    refused(clerk.grant("2024-06-01", "第三份", PARCEL, None).await);
    clerk.grant("2024-06-01", "第三份", &code(2), None).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn land_is_free_again_when_a_grant_has_ended(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    let terminated = clerk.event("2022-06-01", Happening::Terminated).await.unwrap();
    clerk.grant("2022-06-01", SECOND, PARCEL, None).await.unwrap();
    // The end of the first cannot be taken back while the second stands.
    let undone =
        record::correct_event(&clerk.act("2022-07-01"), &clerk.base().await, terminated, None, &grounds()).await;
    assert!(refused(undone.map(drop)).contains("并存理由"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_term_of_a_grant_ends_what_it_holds(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    clerk.event("2022-03-01", Happening::HandedOver).await.unwrap();
    // Twenty years from the hand-over.
    refused(clerk.grant("2042-02-28", SECOND, PARCEL, None).await);
    clerk.grant("2042-03-01", SECOND, PARCEL, None).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_came_of_a_granted_parcel_is_granted_with_it(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    for part in [code(11), code(12)] {
        clerk.becomes(PARCEL, &part, "2023-01-01").await;
    }
    clerk.becomes(&code(11), &code(21), "2023-06-01").await;
    for part in [code(11), code(12), code(21)] {
        let said = refused(clerk.grant("2023-07-01", SECOND, &part, None).await);
        assert!(said.contains(NUMBER), "{part}: {said}");
    }
    clerk.event("2023-08-01", Happening::Terminated).await.unwrap();
    // The parts are granted each to somebody else; what one of them came of is then granted to nobody.
    clerk.grant("2023-09-01", "甲", &code(21), None).await.unwrap();
    clerk.grant("2023-09-01", "乙", &code(12), None).await.unwrap();
    refused(clerk.grant("2023-10-01", "丙", &code(11), None).await);
    refused(clerk.grant("2023-10-01", "丙", PARCEL, None).await);
}

/// Two clerks at two desks: whoever comes second is refused by the table, though neither saw the other.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_grants_at_once_are_one_grant(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    let parcel = code(5);
    let (one, other) =
        tokio::join!(clerk.grant("2023-02-01", "甲", &parcel, None), clerk.grant("2023-02-01", "乙", &parcel, None));
    assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
    refused(if one.is_ok() { other } else { one });
    // Whatever a program writes past the rules, the table refuses.
    let raw = "INSERT INTO contract_land (district, contract, parcel_code, relation, share, held, bars)
               SELECT district, $1, parcel_code, relation, share, held, bars FROM contract_land WHERE parcel_code = $2";
    let raw = sqlx::query(raw).bind(NUMBER).bind(code(5)).execute(&clerk.pool).await.unwrap_err();
    assert_eq!(raw.as_database_error().and_then(|error| error.constraint()), Some("contract_land_once"));
    let silent = "UPDATE contract_land SET bars = NULL";
    let silent = sqlx::query(silent).execute(&clerk.pool).await.unwrap_err();
    assert_eq!(silent.as_database_error().and_then(|error| error.constraint()), Some("contract_land_ground"));
    settle(&mut clerk.pool.acquire().await.unwrap(), &clerk.scope, &[NUMBER.to_owned()]).await.unwrap();
}
