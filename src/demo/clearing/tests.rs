use std::collections::BTreeSet;

use super::*;
use crate::demo;

async fn district(pool: &PgPool) -> Scope {
    crate::codelist::load(pool).await.unwrap();
    crate::policy::store::load(pool).await.unwrap();
    demo::load(pool).await.unwrap();
    let scope = Scope::district(demo::DISTRICT.parse().unwrap());
    account::create_demonstration_accounts(pool, &scope, noon(last_day())).await.unwrap();
    scope
}

/// The same every time: files, reviews, and notices that were not left waiting, without the numbers that are made up anew.
async fn told(pool: &PgPool) -> Vec<String> {
    let sql = "SELECT 'notice ' || contract || ' ' || kind || ' ' || duty || ' ' || state || ' ' || coalesce(serial, 0)
             FROM contract_notice WHERE state <> 'prepared'
         UNION ALL SELECT 'breach ' || contract || ' ' || duty || ' ' || state || ' ' || version FROM contract_breach
         UNION ALL SELECT 'review ' || contract || ' ' || kind || ' ' || coalesce(outcome, state) || ' ' || version
             FROM contract_review
         UNION ALL SELECT 'waiting ' || kind || ' ' || count(*) FROM contract_notice WHERE state = 'prepared' GROUP BY kind
         ORDER BY 1";
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

async fn states(pool: &PgPool, table: &'static str) -> BTreeSet<String> {
    let sql = match table {
        "notice" => "SELECT DISTINCT state FROM contract_notice",
        "breach" => "SELECT DISTINCT state FROM contract_breach",
        _ => "SELECT DISTINCT coalesce(outcome, state) FROM contract_review",
    };
    sqlx::query_scalar::<_, String>(sql).fetch_all(pool).await.unwrap().into_iter().collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn notices_files_and_reviews_come_in_many_states_by_the_rules_of_the_pages(pool: PgPool) {
    let scope = district(&pool).await;
    let counts = load(&pool, &scope).await.unwrap();
    assert!(counts.notices > 30 && counts.breaches >= 14 && counts.reviews >= 9, "{counts:?}");
    let has = |found: &BTreeSet<String>, wanted: &[&str]| {
        for state in wanted {
            assert!(found.contains(*state), "{state} is not among {found:?}");
        }
    };
    has(&states(&pool, "notice").await, &["prepared", "sent", "delivered", "withdrawn"]);
    has(
        &states(&pool, "breach").await,
        &["opened", "noticed", "answered", "rectifying", "proposed", "decided", "healed", "penalty_paid", "dropped"],
    );
    has(&states(&pool, "review").await, &["open", "passed", "rectify"]);
    let unheard: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM contract_event WHERE review_origin = 'concluded' AND id NOT IN
             (SELECT event FROM contract_review WHERE event IS NOT NULL)",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(unheard, 0);
    let verified = account::audit::verify(&pool, &scope).await.unwrap();
    assert!(matches!(verified, account::audit::Verification::Intact { .. }), "{verified:?}");
    for number in office(&pool, &scope).await.contracts().await.unwrap().into_values() {
        let practice = register::practice_on(&pool, last_day()).await.unwrap();
        let faults = crate::obligations::overpaid::every_fault(&number.contract, &practice);
        let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", number.contract.number);
    }
    insta::assert_snapshot!(told(&pool).await.join("\n"));
}

async fn office<'a>(pool: &'a PgPool, scope: &'a Scope) -> Office<'a> {
    Office { pool, scope, accounts: account::store::list(pool, scope).await.unwrap() }
}
