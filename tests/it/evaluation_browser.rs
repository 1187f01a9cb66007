//! From what is missing of a year to a result that is signed, in a real browser.

use fantoccini::Locator;
use muheng::db::PgPool;

use crate::browser::Browser;
use crate::support::TestApp;

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_evaluator_goes_from_the_gaps_of_a_year_to_a_result_that_is_signed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = Browser::open(1280, 900).await;
    browser.sign_in(&app, "evaluator").await;
    browser.client.goto(&app.url("/returns/completeness?year=2024")).await.unwrap();
    browser.wait_for_text("缺报").await;
    browser.click("main a[href='/evaluation']").await;
    let order = "form[action='/evaluation/compute']";
    browser.wait_for(order).await;
    browser.put(&format!("{order} [name=category]"), "industry_above").await;
    browser.put(&format!("{order} [name=year]"), "2024").await;
    browser.submit(order).await;
    browser.wait_for("form[action$='/propose']").await;
    let run = browser.client.current_url().await.unwrap();
    browser.submit("form[action$='/propose']").await;
    browser.wait_for_text("待签发").await;

    browser.client.delete_all_cookies().await.unwrap();
    browser.sign_in(&app, "office").await;
    browser.client.goto(&app.url("/leading-group/resolutions")).await.unwrap();
    let entry = "form[action='/leading-group/resolutions'][method=post]";
    browser.click("details summary").await;
    for (field, value) in [("number", "合成〔2025〕1号"), ("decided_on", "2025-07-01"), ("matter", "signature")] {
        browser.put(&format!("{entry} [name={field}]"), value).await;
    }
    browser.put(&format!("{entry} [name=words]"), "审定2024年度评价结果").await;
    browser.submit(entry).await;
    browser.wait_for_text("共 1 条").await;

    browser.client.goto(run.as_str()).await.unwrap();
    browser.put("form[action$='/sign'] [name=document]", "合成〔2025〕9号").await;
    browser.submit("form[action$='/sign']").await;
    browser.wait_for_text("领导小组登记中没有文号").await;
    browser.put("form[action$='/sign'] [name=document]", "合成〔2025〕1号").await;
    browser.submit("form[action$='/sign']").await;
    browser.wait_for_text("正式结果").await;

    browser.click("main a[href^='/evaluation/results']").await;
    let sheet =
        browser.client.wait().for_element(Locator::Css("main tbody a[href^='/evaluation/runs/']")).await.unwrap();
    sheet.click().await.unwrap();
    browser.wait_for_text("指标得分").await;
    browser.wait_for_text("怎样会失去").await;
    browser.close().await;
}
