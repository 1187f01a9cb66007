use serde_json::json;

use super::*;
use crate::account::{Act, Actor};
use crate::base::clock::Clock;
use crate::db::{PgPool, Scope};
use crate::policy::store::{self, receipts};

/// Is a tax per mu, in yuan, at least the line in force on the day?
fn above_the_line(catalogue: &Catalogue, as_of: NaiveDate, inputs: &str) -> anyhow::Result<String> {
    let inputs: serde_json::Value = serde_json::from_str(inputs)?;
    let line = catalogue.parameters_on(as_of).decimal("tax_per_mu_floor")?;
    let figure: rust_decimal::Decimal = inputs["tax_per_mu"].as_str().unwrap_or_default().parse()?;
    let verdict = if figure >= line { "conforms" } else { "does_not_conform" };
    Ok(json!({"verdict": verdict, "line": line, "catalogue": catalogue.sha256()}).to_string())
}

const CHECKS: [Check; 1] = [Check { name: "test.line", run: above_the_line, expand: None }];

fn scope() -> Scope {
    Scope::district("330105".parse().unwrap())
}

async fn receipt_of(pool: &PgPool, figure: &str) -> Receipt {
    let catalogue = store::current(pool, &scope().district).await.unwrap();
    let as_of = "2024-12-31".parse().unwrap();
    let inputs = json!({"tax_per_mu": figure});
    let results: serde_json::Value =
        serde_json::from_str(&above_the_line(&catalogue, as_of, &inputs.to_string()).unwrap()).unwrap();
    Receipt::new("test.line", as_of, &catalogue.sha256(), &inputs, &results).unwrap()
}

async fn save(pool: &PgPool, receipt: &Receipt, by: &str) -> Result<(), receipts::ReceiptError> {
    let now = Clock::Fixed("2026-11-23T04:00:00Z".parse().unwrap()).now();
    let actor = Actor { account: None, name: by.into() };
    let mut connection = pool.acquire().await.unwrap();
    let act = Act { pool: pool.clone(), scope: scope(), actor, now };
    receipts::save(&mut connection, &act, receipt).await.map(drop)
}

async fn again(pool: &PgPool, id: &str) -> Outcome {
    let kept = receipts::find(pool, &scope(), id).await.unwrap().unwrap();
    let catalogue = store::catalogue(pool, &kept.receipt.catalogue).await.unwrap();
    recheck(&kept, catalogue.as_deref().ok_or_else(|| "missing".to_owned()), &CHECKS).outcome
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_receipt_runs_again_to_the_same_bytes(pool: PgPool) {
    store::load(&pool).await.unwrap();
    let receipt = receipt_of(&pool, "9999.99").await;
    save(&pool, &receipt, "甲").await.unwrap();
    save(&pool, &receipt, "乙").await.unwrap();
    let kept = receipts::find(&pool, &scope(), &receipt.id).await.unwrap().unwrap();
    assert_eq!((kept.receipt.clone(), kept.recorded_by_name.as_str()), (receipt.clone(), "甲"), "saved once");
    assert_eq!(kept.verdict.code(), "does_not_conform");
    assert_eq!(again(&pool, &receipt.id).await, Outcome::Equal);
    assert_eq!(receipts::numbers_after(&pool, &scope(), receipt.short(), "", 10).await.unwrap(), [receipt.id]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tampered_receipt_is_refused_by_the_table_and_found_by_the_recheck(pool: PgPool) {
    store::load(&pool).await.unwrap();
    let receipt = receipt_of(&pool, "8000").await;
    save(&pool, &receipt, "甲").await.unwrap();
    let conforms = receipt.results.replace("does_not_conform", "conforms");
    let change = async || {
        sqlx::query("UPDATE receipt SET results = $1, verdict = 'conforms'").bind(&conforms).execute(&pool).await
    };
    assert!(change().await.unwrap_err().to_string().contains("receipt_number"));
    let verdict_only = sqlx::query("UPDATE receipt SET verdict = 'conforms'").execute(&pool).await;
    assert!(verdict_only.unwrap_err().to_string().contains("receipt_verdict"));
    // Somebody who owns the database takes the constraints away first.
    sqlx::query("ALTER TABLE receipt DROP CONSTRAINT receipt_number").execute(&pool).await.unwrap();
    change().await.unwrap();
    assert!(matches!(again(&pool, &receipt.id).await, Outcome::NumberDiffers { .. }));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_verdict_that_the_results_do_not_say_is_found(pool: PgPool) {
    store::load(&pool).await.unwrap();
    let receipt = receipt_of(&pool, "8000").await;
    save(&pool, &receipt, "甲").await.unwrap();
    sqlx::query("ALTER TABLE receipt DROP CONSTRAINT receipt_verdict").execute(&pool).await.unwrap();
    sqlx::query("UPDATE receipt SET verdict = 'conforms'").execute(&pool).await.unwrap();
    assert!(matches!(again(&pool, &receipt.id).await, Outcome::VerdictDiffers { .. }));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_receipt_with_a_verdict_that_does_not_follow_differs_at_its_place(pool: PgPool) {
    store::load(&pool).await.unwrap();
    let honest = receipt_of(&pool, "10000").await;
    // Sealed with a right number over a wrong answer: only running it again tells.
    let wrong: serde_json::Value =
        serde_json::from_str(&honest.results.replace("conforms", "does_not_conform")).unwrap();
    let inputs: serde_json::Value = serde_json::from_str(&honest.inputs).unwrap();
    let forged = Receipt::new("test.line", honest.as_of, &honest.catalogue, &inputs, &wrong).unwrap();
    save(&pool, &forged, "甲").await.unwrap();
    let Outcome::Differs(difference) = again(&pool, &forged.id).await else { panic!("it ran to the same") };
    assert_eq!((difference.place.as_str(), difference.after.as_str()), ("/verdict", "\"conforms\""));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_receipt_names_a_catalogue_that_was_published_and_a_verdict(pool: PgPool) {
    store::load(&pool).await.unwrap();
    let day = "2024-12-31".parse().unwrap();
    let unpublished = Receipt::new("test.line", day, &"0".repeat(64), &json!({}), &json!({"verdict": "conforms"}));
    assert!(save(&pool, &unpublished.unwrap(), "甲").await.is_err());
    let silent = Receipt::new("test.line", day, &receipt_of(&pool, "1").await.catalogue, &json!({}), &json!([]));
    assert!(matches!(save(&pool, &silent.unwrap(), "甲").await, Err(receipts::ReceiptError::NoVerdict)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_cannot_be_run_says_why(pool: PgPool) {
    store::load(&pool).await.unwrap();
    let receipt = receipt_of(&pool, "8000").await;
    save(&pool, &receipt, "甲").await.unwrap();
    let kept = receipts::find(&pool, &scope(), &receipt.id).await.unwrap().unwrap();
    let catalogue = store::current(&pool, &scope().district).await.unwrap();
    assert_eq!(recheck(&kept, Ok(&catalogue), &[]).outcome, Outcome::UnknownCheck);
    assert!(matches!(recheck(&kept, Err("没有".into()), &CHECKS).outcome, Outcome::CatalogueUnusable { .. }));
    let mut unreadable = kept.clone();
    unreadable.receipt.inputs = "{}".into();
    unreadable.receipt.id = unreadable.receipt.number().unwrap();
    assert!(matches!(recheck(&unreadable, Ok(&catalogue), &CHECKS).outcome, Outcome::Failed { .. }));
    let mut older = kept;
    older.receipt.program = "0.0.1".into();
    older.receipt.id = older.receipt.number().unwrap();
    let report = recheck(&older, Ok(&catalogue), &CHECKS);
    assert!(report.is_equal() && report.other_program());
}
