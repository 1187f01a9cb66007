//! Documents as PDF: they say what the page says, on as many pages as it takes.

use muheng::db::PgPool;
use muheng::demo;

use crate::support::{TestApp, pdf_pages, pdf_text, post};

async fn document(app: &TestApp, login: &str, path: &str) -> (Vec<u8>, String) {
    let client = app.signed_in(login).await;
    let answer = client.get(app.url(path)).send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.bytes().await.unwrap().to_vec();
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
    assert_eq!(headers["content-type"], "application/pdf");
    assert!(headers["content-disposition"].to_str().unwrap().contains(".pdf"));
    assert!(pdf_pages(&bytes) >= 1);
    let text = pdf_text(&bytes);
    assert!(text.contains("均为虚构"), "an invented district says so on paper");
    assert!(!text.contains("退出") && !text.contains("下载PDF"), "nothing of the screen: {text}");
    (bytes, text)
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_opinion_is_printed_with_its_table_articles_receipt_and_code(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    for outcome in ["admitted", "refused"] {
        let sql = "SELECT c.id::text, c.year || '-' || lpad(c.serial::text, 4, '0'), d.receipt, d.code
                   FROM admission_case c JOIN admission_decision d ON d.case_id = c.id WHERE c.outcome = $1 ORDER BY c.serial LIMIT 1";
        let (id, number, receipt, code): (String, String, String, String) =
            sqlx::query_as(sql).bind(outcome).fetch_one(&app.pool).await.unwrap();
        let path = format!("/admission/cases/{id}/opinion.pdf");
        let (bytes, text) = document(&app, "admission", &path).await;
        assert!((2..=8).contains(&pdf_pages(&bytes)), "{} pages", pdf_pages(&bytes));
        for expected in [number.as_str(), receipt.as_str(), "四(一)2", "亩均税收", "依据条文", "北", "一律不予准入"]
        {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert!(text.replace('-', "").contains(&code), "the code that verifies it");
        assert_eq!(document(&app, "approver", &path).await.0, bytes, "the same paper for every reader, every time");
    }
    let undecided: String = sqlx::query_scalar("SELECT id::text FROM admission_case WHERE stage = 'submitted' LIMIT 1")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    let officer = app.signed_in("admission").await;
    assert_eq!(app.page(&officer, &format!("/admission/cases/{undecided}/opinion.pdf")).await.0, 404);
    assert_eq!(app.stranger().get(app.url("/admission/cases/x/opinion.pdf")).send().await.unwrap().status(), 303);
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn dossiers_notices_reviews_and_breach_files_are_printed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let parcel = app.some_parcel().await;
    let (_, text) = document(&app, "inspector", &format!("/parcels/{parcel}/dossier.pdf")).await;
    assert!(text.contains(&parcel) && text.contains("使用企业") && text.contains("北"), "{text}");
    let clerk = app.signed_in("contract").await;
    assert_eq!(post(&clerk, &app.url("/notices/prepare"), &[]).await.status(), 303);
    let notice = "SELECT id::text FROM contract_notice WHERE kind = 'breach' ORDER BY due, id LIMIT 1";
    let id: String = sqlx::query_scalar(notice).fetch_one(&app.pool).await.unwrap();
    let (bytes, text) = document(&app, "contract", &format!("/notices/{id}/notice.pdf")).await;
    assert!(text.contains("编号") && text.contains("依据"), "{text}");
    assert_eq!(pdf_pages(&bytes), 1, "a letter stays on its page");

    let declared = "SELECT contract FROM contract_event WHERE kind = 'completion_declared' AND contract NOT IN
                        (SELECT contract FROM contract_event WHERE kind = 'completion_reviewed') ORDER BY contract LIMIT 1";
    let contract: String = sqlx::query_scalar(declared).fetch_one(&app.pool).await.unwrap();
    let opened = post(&clerk, &app.url("/reviews"), &[("contract", &contract), ("kind", "completion")]).await;
    let review = opened.headers()["location"].to_str().unwrap().to_owned();
    let (_, text) = document(&app, "contract", &format!("{review}/review.pdf")).await;
    assert!(text.contains(&contract) && text.contains("核查结论") && !text.contains("保存并核查"), "{text}");

    let late = "/api/v1/contracts/checks?state=overdue&size_of_page=500";
    let late: serde_json::Value = serde_json::from_str(&app.page(&clerk, late).await.1).unwrap();
    let payment = |line: &&serde_json::Value| line["obligation"].as_str().unwrap().starts_with("payment_");
    let late = late["lines"].as_array().unwrap().iter().find(payment).unwrap();
    let contract = &late["contract"];
    let duty = [("contract", contract.as_str().unwrap()), ("duty", late["obligation"].as_str().unwrap())];
    let opened = post(&clerk, &app.url("/breaches"), &duty).await;
    let file = opened.headers()["location"].to_str().unwrap().to_owned();
    let (_, text) = document(&app, "contract", &format!("{file}/breach.pdf")).await;
    assert!(text.contains(contract.as_str().unwrap()) && text.contains("经过"), "{text}");
}
