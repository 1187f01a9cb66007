//! A week's mail of a bureau: a file of each kind that offices are known to send, as two programs write it, by the web page.
//! What is expected of each was written down before the file.

use encoding_rs::GB18030;
use muheng::db::PgPool;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{ask, codes, sent, tax};
use crate::support::TestApp;

enum Expected {
    /// The tax of the year that stands in the register afterwards, in yuan.
    Taken(i64),
    /// Nothing is taken, and the page says these words.
    Refused(&'static [&'static str]),
}
use Expected::{Refused, Taken};

struct Mail {
    name: &'static str,
    bytes: Vec<u8>,
    expected: Expected,
}

fn mail(name: &'static str, bytes: impl Into<Vec<u8>>, expected: Expected) -> Mail {
    Mail { name, bytes: bytes.into(), expected }
}

fn gbk(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn sheet(rows: &[&[&str]], more: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (line, row) in (0u32..).zip(rows) {
        for (place, text) in (0u16..).zip(*row) {
            // A credit code may be of digits alone.
            match text.parse::<f64>() {
                Ok(number) if text.len() < 8 || text.contains('.') => {
                    sheet.write_number(line, place, number).unwrap();
                }
                Err(_) if text.is_empty() => {}
                _ => {
                    sheet.write_string(line, place, *text).unwrap();
                }
            }
        }
    }
    more(sheet);
    workbook.save_to_buffer().unwrap()
}

const HEADER: &str = "统一社会信用代码,年度,实缴税收（万元）";
const TITLES: [&str; 3] = ["统一社会信用代码", "年度", "实缴税收（万元）"];

fn text_tables(code: &str) -> Vec<Mail> {
    let guarded = format!("{HEADER}\r\n=\"{code}\",=\"2025\",=\"12\"\r\n");
    let ended = [format!("{HEADER}\n{code},2025,14.5\n").as_bytes(), b"\x1a"].concat();
    vec![
        mail("税收.csv", format!("\u{feff}{HEADER}\r\n{code}\t,2025\t,11\t\r\n"), Taken(110_000)),
        mail("税收.csv", gbk(&guarded), Taken(120_000)),
        mail("税收.csv", format!("{HEADER},备注\n{code},2025,13,\"甲;乙;丙;丁;戊\"\n"), Taken(130_000)),
        mail("税收.csv", gbk(&format!("统一社会信用代码;年度;实缴税收（万元）\n{code};2025;14\n")), Taken(140_000)),
        mail("税收.csv", ended, Taken(145_000)),
        mail("税收.xls", gbk(&format!("统一社会信用代码\t年度\t实缴税收（万元）\n{code}\t2025\t15\n")), Taken(150_000)),
        mail("税收.csv", format!("{HEADER}\n\u{200b}{code}\u{feff},2025,\u{2060}16\n"), Taken(160_000)),
        mail("税收.csv", format!("{HEADER}\n{}\u{200b}{},2025,17\n", &code[..9], &code[9..]), Refused(&["U+200B"])),
        mail("税收.csv", gbk(&format!("{HEADER}\n{code},2025,#N/A\n")), Refused(&["#N/A"])),
        mail("税收.csv", format!("{HEADER}\n{code},2025,约18\n"), Refused(&["约18", "应为数字"])),
        mail(
            "税收.xls",
            "<html xmlns:x=\"urn:schemas\"><table><tr><td>1</td></tr></table>",
            Refused(&["网页", "另存为 .xlsx"]),
        ),
        mail("税收.xls", "<table><tr><td>税收</td></tr></table>", Refused(&["网页", "另存为 .xlsx"])),
    ]
}

fn headers(code: &str) -> Vec<Mail> {
    let divided: [&[&str]; 3] = [
        &["统一社会信用代码", "年度", "实缴税收（万元）", "", ""],
        &["", "", "增值税", "所得税", "合计"],
        &[code, "2025", "9", "12", "21"],
    ];
    let merge = |sheet: &mut Worksheet| {
        let format = Format::new();
        for place in [0, 1] {
            sheet.merge_range(0, place, 1, place, divided[0][usize::from(place)], &format).unwrap();
        }
        sheet.merge_range(0, 2, 0, 4, divided[0][2], &format).unwrap();
    };
    let without_total: [&[&str]; 3] = [&divided[0][..4], &divided[1][..4], &divided[2][..4]];
    let lines = |rows: &[&[&str]]| rows.iter().map(|row| row.join(",") + "\n").collect::<String>();
    let template: [&[&str]; 7] = [
        &["企业税收情况表", "", "", ""],
        &["填报单位：某税务所", "", "", "单位：万元"],
        &["X1", "X2", "X3", "G1"],
        &["序号", "统一社会信用代码", "年度", "实缴税收"],
        &["1", code, "2025", "22"],
        &["2", "", "", ""],
        &["", "合计", "", "22"],
    ];
    let refused = Refused(&["增值税", "不知取哪一列"]);
    vec![
        mail("税收.xlsx", sheet(&divided, merge), Taken(210_000)),
        mail("税收.csv", gbk(&lines(&without_total)), refused),
        mail("税收.xlsx", sheet(&template, |_| {}), Taken(220_000)),
        mail("税收.csv", lines(&template).replace(",22", ",23"), Taken(230_000)),
    ]
}

fn cells(code: &str) -> Vec<Mail> {
    let record = |tax: &'static str| [TITLES.to_vec(), vec![code, "2025", tax]];
    let with = |tax: &'static str, more: &dyn Fn(&mut Worksheet)| {
        let rows = record(tax);
        sheet(&[rows[0].as_slice(), rows[1].as_slice()], |sheet| more(sheet))
    };
    let format = |code: &str| Format::new().set_num_format(code);
    vec![
        mail("税收.xlsx", with("26.799999999999997", &|_| {}), Taken(268_000)),
        mail(
            "税收.xlsx",
            with("", &|sheet| {
                sheet.write_number_with_format(1, 2, 27.5, &format("#,##0.00\"万元\"")).unwrap();
            }),
            Taken(275_000),
        ),
        mail(
            "税收.xlsx",
            with("", &|sheet| {
                sheet.write_number_with_format(1, 2, 0.28, &format("0%")).unwrap();
            }),
            Refused(&["C2", "28%"]),
        ),
        mail(
            "税收.xlsx",
            with("", &|sheet| {
                sheet.write_number_with_format(1, 2, 290_000, &format("0!.0,\"万\"")).unwrap();
            }),
            Refused(&["C2", "290000", "29万", "显示与存储不同"]),
        ),
        mail(
            "税收.xlsx",
            with("29", &|sheet| {
                let day = ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
                sheet.write_datetime_with_format(1, 0, &day, &format("yyyy-m")).unwrap();
            }),
            Refused(&["A2", "日期", "文本格式"]),
        ),
    ]
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_weeks_mail_goes_in_without_a_wrong_figure(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = app.signed_in("tax").await;
    let code = codes(&app, 1).await.remove(0);
    for (place, mail) in text_tables(&code).into_iter().chain(headers(&code)).chain(cells(&code)).enumerate() {
        let before = tax(&app, &code).await;
        let (address, page) = sent(&app, &client, mail.name, mail.bytes).await;
        match mail.expected {
            Taken(yuan) => {
                let page = ask(&app, &client, &address, "commit", &[]).await;
                assert_eq!(tax(&app, &code).await, Some(yuan), "{place} {}: {page}", mail.name);
            }
            Refused(words) => {
                for word in words {
                    assert!(page.contains(word), "{place} {}: {word}: {page}", mail.name);
                }
                assert!(!page.contains(&format!("{address}/commit")), "{place}: nothing to take: {page}");
                assert_eq!(tax(&app, &code).await, before);
            }
        }
    }
}
