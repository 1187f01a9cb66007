//! Tables by the web page, as a clerk sends them: what is refused goes back with its reasons, is put right and sent again.

mod week;

use std::io::Cursor;
use std::time::Duration;

use calamine::{Data, Range, Reader, Xlsx};
use muheng::db::PgPool;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use rust_xlsxwriter::{Format, Workbook};

use crate::support::{TestApp, post};

/// Sends a file as the page does and waits for its preview. The address of the draft and what its page says.
async fn sent(app: &TestApp, client: &Client, name: &str, bytes: Vec<u8>) -> (String, String) {
    let form = Form::new().text("kind", "returns").part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let request = client.post(app.url("/imports")).header("sec-fetch-site", "same-origin").multipart(form);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 303);
    let address = response.headers()["location"].to_str().unwrap().to_owned();
    (address.clone(), settled(app, client, &address).await)
}

async fn settled(app: &TestApp, client: &Client, address: &str) -> String {
    for _ in 0..200 {
        let (status, progress) = app.page(client, &format!("{address}/progress")).await;
        assert_eq!(status, 200, "{progress}");
        if progress.is_empty() {
            return app.page(client, address).await.1;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{address} is never done");
}

async fn ask(app: &TestApp, client: &Client, address: &str, what: &str, fields: &[(&str, &str)]) -> String {
    let response = post(client, &app.url(&format!("{address}/{what}")), fields).await;
    assert_eq!(response.status(), 303);
    settled(app, client, address).await
}

/// The report as the page hands it out: its name and its sheets.
async fn report(app: &TestApp, client: &Client, address: &str) -> (String, Vec<(String, Range<Data>)>) {
    let response = client.get(app.url(&format!("{address}/report.xlsx"))).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let named = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    let bytes = response.bytes().await.unwrap();
    (named, Xlsx::new(Cursor::new(bytes.to_vec())).unwrap().worksheets())
}

async fn codes(app: &TestApp, count: i64) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT uscc FROM enterprise_version WHERE superseded_at IS NULL AND upper_inf(valid) ORDER BY uscc LIMIT $1",
    )
    .bind(count)
    .fetch_all(&app.pool)
    .await
    .unwrap()
}

async fn tax(app: &TestApp, uscc: &str) -> Option<i64> {
    sqlx::query_scalar(
        "SELECT value::bigint FROM return_figure
         WHERE uscc = $1 AND year = 2025 AND indicator = 'tax_paid' AND superseded_at IS NULL",
    )
    .bind(uscc)
    .fetch_optional(&app.pool)
    .await
    .unwrap()
}

/// A tax office's workbook: a title, units above, a total below; one code cut, one formula nobody worked out.
fn taxes(codes: &[String]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "企业税收情况表").unwrap();
    sheet.write_string(1, 0, "填报单位：某税务所").unwrap();
    sheet.write_string(1, 3, "单位：万元").unwrap();
    for (place, title) in (0u16..).zip(["序号", "统一社会信用代码", "年度", "实缴税收"]) {
        sheet.write_string(2, place, title).unwrap();
    }
    for (line, code) in (3u32..).zip(codes) {
        sheet.write_number(line, 0, line - 2).unwrap();
        sheet.write_string(line, 1, code).unwrap();
        sheet.write_number(line, 2, 2025).unwrap();
        sheet.write_number(line, 3, 12.5).unwrap();
    }
    sheet.write_string(4, 1, &codes[1][..17]).unwrap();
    let last = u32::try_from(codes.len()).unwrap() + 3;
    sheet.write_string(last, 1, "合计").unwrap();
    sheet.write_number(last, 3, 37.5).unwrap();
    workbook.save_to_buffer().unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_is_refused_goes_back_is_put_right_and_is_taken(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    let codes = codes(&app, 3).await;
    let (address, page) = sent(&app, &client, "税收.xlsx", taxes(&codes)).await;
    for said in ["125,000", "实缴税收（元）", "第 7 行是合计行", "应为 18 位", "下载报告（XLSX）"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let page = ask(&app, &client, &address, "commit", &[]).await;
    assert!(page.contains("已导入"), "{page}");
    assert_eq!((tax(&app, &codes[0]).await, tax(&app, &codes[2]).await), (Some(125_000), Some(125_000)));

    let (named, sheets) = report(&app, &client, &address).await;
    assert!(named.contains("filename*=UTF-8''%E7%A8%8E%E6%94%B6"), "税收…: {named}");
    let (title, refused) = &sheets[0];
    assert_eq!((title.as_str(), refused.height()), ("企业年度数据", 2), "a header and the one record");
    assert!(refused[(1, 0)].to_string().contains("应为 18 位"));

    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (line, row) in (0u32..).zip(refused.rows()) {
        for (place, cell) in (0u16..).zip(row) {
            match cell {
                Data::Float(number) => {
                    sheet.write_number(line, place, *number).unwrap();
                }
                other if other.to_string() == codes[1][..17] => {
                    sheet.write_string(line, place, &codes[1]).unwrap();
                }
                other => {
                    sheet.write_string(line, place, other.to_string()).unwrap();
                }
            }
        }
    }
    let (again, page) = sent(&app, &client, "税收-导入报告.xlsx", workbook.save_to_buffer().unwrap()).await;
    assert!(!page.contains("未导入的原因"), "the column of reasons is ours: {page}");
    ask(&app, &client, &again, "commit", &[]).await;
    assert_eq!(tax(&app, &codes[1]).await, Some(125_000));
    let (_, sheets) = report(&app, &client, &again).await;
    assert_eq!(sheets.len(), 1, "nothing is refused any more");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_figure_that_shows_another_is_asked_about_on_the_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    let code = codes(&app, 1).await.remove(0);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (place, title) in (0u16..).zip(["统一社会信用代码", "年度", "实缴税收（万元）"]) {
        sheet.write_string(0, place, title).unwrap();
    }
    sheet.write_string(1, 0, &code).unwrap();
    sheet.write_number(1, 1, 2025).unwrap();
    sheet.write_number_with_format(1, 2, 123_000, &Format::new().set_num_format("0!.0,\"万\"")).unwrap();
    let (address, page) = sent(&app, &client, "税收.xlsx", workbook.save_to_buffer().unwrap()).await;
    assert!(page.contains("123000") && page.contains("12.3万") && page.contains("C2"), "{page}");
    let page = ask(&app, &client, &address, "preview", &[("figures", "shown")]).await;
    assert!(page.contains("123,000"), "{page}");
    ask(&app, &client, &address, "commit", &[]).await;
    assert_eq!(tax(&app, &code).await, Some(123_000));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_template_has_a_chinese_name_and_its_example_is_no_record(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    let response = client.get(app.url("/imports/templates/returns")).send().await.unwrap();
    let named = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(named.starts_with("attachment; filename=\"returns.xlsx\"; filename*=UTF-8''%"), "{named}");
    let (_, page) = sent(&app, &client, "模板.xlsx", response.bytes().await.unwrap().to_vec()).await;
    assert!(page.contains("只有表头，没有数据行"), "{page}");
}
