use std::ffi::OsStr;
use std::process::Command;

use super::*;

fn day() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><title>t</title><link rel=\"stylesheet\" href=\"/assets/muheng.css\"></head>\
         <body>{body}</body></html>"
    )
}

fn text_of(document: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), document).unwrap();
    let output = Command::new("pdftotext").args(["-layout"]).arg(file.path()).arg("-").output();
    String::from_utf8(output.expect("pdftotext is installed by scripts/install test").stdout).unwrap()
}

#[tokio::test]
async fn a_page_becomes_paper_with_its_words_and_none_of_the_screen() {
    let html = page(
        "<header class=\"navbar\">主菜单</header><h1>准入意见书</h1><p>亩均税收不低于 20 万元/亩</p><p class=\"mh-no-print\">按钮</p>",
    );
    let document = pdf(&html, day()).await.unwrap();
    assert!(document.starts_with(b"%PDF-"));
    let text = text_of(&document);
    assert!(text.contains("准入意见书") && text.contains("20 万元/亩"), "{text}");
    assert!(text.contains("第 1 页，共 1 页"), "{text}");
    assert!(!text.contains("主菜单") && !text.contains("按钮"), "{text}");
}

#[tokio::test]
async fn the_same_page_of_the_same_day_gives_the_same_bytes() {
    let html = page("<h1>复核记录</h1><table><tr><td>一</td><td>二</td></tr></table>");
    let first = pdf(&html, day()).await.unwrap();
    assert_eq!(first, pdf(&html, day()).await.unwrap());
    assert_ne!(first, pdf(&html, day().succ_opt().unwrap()).await.unwrap(), "the day is in it");
}

#[tokio::test]
async fn what_the_page_points_to_is_not_read() {
    let secret = tempfile::Builder::new().suffix(".css").tempfile().unwrap();
    std::fs::write(secret.path(), "body::after { content: \"泄露的内容\" }").unwrap();
    let address = format!("file://{}", secret.path().display());
    let data = "data:text/css,body::before%7Bcontent:%22%E5%86%85%E5%B5%8C%22%7D";
    let html = page(&format!(
        "<link rel=\"stylesheet\" href=\"{address}\"><style>@import url({address}); @import url({data});</style>\
         <p>正文</p><img src=\"{address}\"><a rel=\"attachment\" href=\"{address}\">附件</a><object data=\"{address}\"></object>"
    ));
    let document = pdf(&html, day()).await.unwrap();
    let text = text_of(&document);
    assert!(text.contains("正文"));
    assert!(!text.contains("泄露的内容") && !text.contains("内嵌"), "{text}");
    assert!(!document.windows(13).any(|bytes| bytes == b"/EmbeddedFile"), "nothing is attached");
}

#[tokio::test]
async fn too_long_a_page_is_refused_at_once() {
    let html = page(&"一".repeat(3 * 1024 * 1024));
    let refused = pdf(&html, day()).await.unwrap_err();
    assert_eq!(refused.code(), "pdf_too_long");
}

#[tokio::test]
async fn a_press_that_fails_says_why() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("weasyprint"), "#!/bin/false\n").unwrap();
    let press = Press::find_in(place.path().as_os_str()).unwrap();
    let failed = press.print("<p>一</p>", day()).await.unwrap_err();
    assert_eq!(failed.code(), "pdf_failed");
}

#[test]
fn without_weasyprint_it_says_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    assert_eq!(Press::find_in(place.path().as_os_str()), None);
    assert_eq!(Press::find_in(OsStr::new("")), None);
    std::fs::write(place.path().join("weasyprint"), "not a script").unwrap();
    assert_eq!(Press::find_in(place.path().as_os_str()), None);
    let problem = web::Error::from(PrintError::NotInstalled).problem();
    assert_eq!((problem.status, problem.code), (503, "pdf_not_installed"));
    assert!(problem.detail.contains("apt-get install weasyprint"));
}

#[test]
fn names_of_documents_are_safe_in_a_header() {
    assert_eq!(
        disposition("准入意见书 2026-0001"),
        "inline; filename=\"muheng-2026-0001.pdf\"; filename*=UTF-8''%E5%87%86%E5%85%A5%E6%84%8F%E8%A7%81%E4%B9%A6%202026-0001.pdf"
    );
    assert!(disposition("a\"\r\nb").is_ascii() && !disposition("a\"\r\nb").contains('\n'));
}
