//! A list, its pages and its exports hold the same rows in the same order.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use muheng::db::PgPool;
use muheng::demo;
use reqwest::Client;

use crate::support::TestApp;

/// Who asks, for which list, filtered and sorted how, and the column by which a row is known on the page.
const LISTS: [(&str, &str, &str, usize); 6] = [
    ("inspector", "/parcels", "supply=in_use&sort=area&order=desc&size_of_page=130", 0),
    ("inspector", "/enterprises", "size=above&sort=uscc&size_of_page=70", 0),
    ("inspector", "/low-efficiency", "year=2024&outcome=flagged,on_the_line&sort=tax&size_of_page=20", 0),
    ("contract", "/contracts", "kind=staged&sort=late&size_of_page=30", 0),
    ("inspector", "/inspections", "state=waiting&size_of_page=5", 1),
    ("admission", "/admission/cases", "verdict=conforms", 0),
];

/// Every page one after the other, and how many rows they show.
async fn walked(app: &TestApp, client: &Client, path: &str, filter: &str) -> (String, usize) {
    let (mut shown, mut rows) = (String::new(), 0);
    let mut address = Some(format!("{path}?{filter}"));
    while let Some(asked) = address {
        let (status, page) = app.page(client, &asked).await;
        assert_eq!(status, 200, "{asked}\n{page}");
        let table = page.split("<tbody").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default();
        rows += table.matches("<tr").count();
        shown.push_str(table);
        let next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        address = next.map(|next| next.replace("&#38;", "&").replace("&amp;", "&"));
    }
    (shown, rows)
}

/// The cells of a CSV that has no line breaks inside its cells.
fn csv_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte-order mark");
    let mut reader = csv::Reader::from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

async fn file(app: &TestApp, client: &Client, address: &str) -> Vec<u8> {
    let response = client.get(app.url(address)).send().await.unwrap();
    assert_eq!(response.status(), 200, "{address}");
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    let ending = address.split('?').next().unwrap().rsplit('.').next().unwrap();
    assert!(name.starts_with("attachment; filename=\"") && name.ends_with(&format!(".{ending}\"")), "{name}");
    response.bytes().await.unwrap().to_vec()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn an_export_holds_what_the_filtered_list_shows(pool: PgPool) {
    let app = TestApp::start(pool).await;
    demo::cases::load(&app.pool, &app.scope).await.unwrap();
    for (login, path, filter, key) in LISTS {
        let client = app.signed_in(login).await;
        let (shown, count) = walked(&app, &client, path, filter).await;
        let rows = csv_rows(&file(&app, &client, &format!("{path}.csv?{filter}")).await);
        assert!(count > 1 && rows.len() == count, "{path}: {count} shown, {} exported", rows.len());
        let mut rest = shown.as_str();
        for row in &rows {
            let at = rest.find(&row[key]).unwrap_or_else(|| panic!("{path}: {} is out of place", row[key]));
            rest = &rest[at + row[key].len()..];
        }
        let workbook = file(&app, &client, &format!("{path}.xlsx?{filter}")).await;
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
        let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
        let keys: Vec<String> = sheet.rows().skip(1).map(|row| row[key].to_string()).collect();
        assert_eq!(keys, rows.iter().map(|row| row[key].clone()).collect::<Vec<_>>(), "{path}");
        assert!(sheet.rows().flatten().all(|cell| !matches!(cell, Data::Error(_))));
    }
}
