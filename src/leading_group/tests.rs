use chrono::NaiveDate;
use uuid::Uuid;

use super::store::members::{self, MemberFilter};
use super::*;
use crate::account::{Act, Actor};
use crate::db::keyset::Position;
use crate::db::{MIGRATOR, PgPool, Scope};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn act(pool: PgPool) -> Act {
    sqlx::query("INSERT INTO district (code, name) VALUES ('330105', '合成区') ON CONFLICT DO NOTHING")
        .execute(&pool)
        .await
        .unwrap();
    let scope = Scope::district("330105".parse().unwrap());
    Act { pool, scope, actor: Actor::command_line(), now: "2024-06-30T08:00:00Z".parse().unwrap() }
}

fn seat(name: &str, post: Post, from: &str) -> NewMember {
    let organisation = "合成单位".to_owned();
    NewMember { name: name.into(), organisation, post, from: day(from), document: "合成〔2024〕1号".into() }
}

async fn on(act: &Act, on: &str) -> Vec<String> {
    let filter = MemberFilter { on: Some(day(on)), post: Some(Post::Leader) };
    let page = members::page(&act.pool, &act.scope, &filter, &Position::Start, 50).await.unwrap();
    page.rows.into_iter().map(|line| line.name).collect()
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn there_is_one_leader_at_a_time_and_a_seat_ends_with_its_last_day(pool: PgPool) {
    let act = act(pool).await;
    let first = appoint(&act, &seat("甲", Post::Leader, "2022-01-01")).await.unwrap();
    let second = seat("乙", Post::Leader, "2024-06-01");
    assert!(matches!(appoint(&act, &second).await, Err(RegisterError::SecondLeader)));
    assert!(matches!(release(&act, first, day("2021-12-31"), "合成").await, Err(RegisterError::BeforeStart)));
    release(&act, first, day("2024-05-31"), "合成〔2024〕2号").await.unwrap();
    assert!(matches!(release(&act, first, day("2024-06-30"), "合成").await, Err(RegisterError::NoSeat)));
    appoint(&act, &second).await.unwrap();
    assert_eq!((on(&act, "2024-05-31").await, on(&act, "2024-06-01").await), (vec!["甲".into()], vec!["乙".into()]));
    appoint(&act, &seat("丙", Post::Member, "2022-01-01")).await.unwrap();
    assert!(matches!(appoint(&act, &seat("丙", Post::Office, "2023-01-01")).await, Err(RegisterError::SecondSeat)));
}

fn resolution(number: &str, matter: Matter, on: &str) -> NewResolution {
    NewResolution {
        number: number.into(),
        decided_on: day(on),
        matter,
        words: "合成决议".into(),
        meeting: None,
        scan: None,
    }
}

async fn cited(act: &Act, number: &str, matter: Matter) -> Result<Uuid, CiteError> {
    let mut connection = act.pool.acquire().await.unwrap();
    cite(&mut connection, &act.scope, number, matter, act.today()).await.map(|cited| cited.id)
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn a_resolution_is_cited_for_its_matter_from_its_day_and_until_it_is_withdrawn(pool: PgPool) {
    let act = act(pool).await;
    let id = resolve(&act, &resolution("合成〔2024〕3号", Matter::Signature, "2024-06-30")).await.unwrap();
    assert_eq!(cited(&act, "合成〔2024〕3号", Matter::Signature).await.unwrap(), id);
    let other = cited(&act, "合成〔2024〕3号", Matter::Departure).await;
    assert!(matches!(other, Err(CiteError::OtherMatter { .. })));
    assert!(matches!(cited(&act, "合成〔2024〕4号", Matter::Signature).await, Err(CiteError::NotOnRecord(_))));
    resolve(&act, &resolution("合成〔2024〕5号", Matter::Signature, "2024-07-01")).await.unwrap();
    assert!(matches!(cited(&act, "合成〔2024〕5号", Matter::Signature).await, Err(CiteError::NotYet { .. })));
    let twice = resolve(&act, &resolution("合成〔2024〕3号", Matter::Other, "2024-06-01")).await;
    assert!(matches!(twice, Err(RegisterError::ResolutionTwice(_))));
    let nowhere = NewResolution {
        meeting: Some("无".into()),
        ..resolution("合成〔2024〕6号", Matter::Other, "2024-06-01")
    };
    assert!(matches!(resolve(&act, &nowhere).await, Err(RegisterError::NoMeeting(_))));

    assert!(matches!(withdraw(&act, id, "").await, Err(RegisterError::NoReason)));
    withdraw(&act, id, "文号有误").await.unwrap();
    assert!(matches!(withdraw(&act, id, "文号有误").await, Err(RegisterError::NoResolution)));
    assert!(matches!(cited(&act, "合成〔2024〕3号", Matter::Signature).await, Err(CiteError::NotOnRecord(_))));
    resolve(&act, &resolution("合成〔2024〕3号", Matter::Signature, "2024-06-29")).await.unwrap();
}
