//! Tables as offices send them, through the whole of an import.

use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::testing::*;
use crate::db::PgPool;
use crate::exchange::table::{FAULTS, Figures, Kept, REASON};
use crate::exchange::{FaultCode as Code, FileOption, ReadOptions, Severity, TableFile, template};
use crate::importing::{
    ImportKind, Mode, Outcome, Report, allocation, contracts, enterprises as enterprise_table, evaluation, occupancies,
    report_sheet, returns,
};
use crate::policy;

fn sheet(titles: &[&str], fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (place, title) in (0u16..).zip(titles) {
        sheet.write_string(0, place, *title).unwrap();
    }
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

const INDUSTRIES: [&str; 5] = ["统一社会信用代码", "企业名称", "行业代码", "行业分类版本", "规模"];

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_industry_that_lost_its_zero_is_not_another_industry(pool: PgPool) {
    let import = Import::new(&pool, ImportKind::Enterprises).await;
    let shown = Format::new().set_num_format("0000");
    let bytes = sheet(&INDUSTRIES, |sheet| {
        for row in 1..=6u32 {
            sheet.write_string(row, 0, uscc(row as usize)).unwrap();
            sheet.write_string(row, 1, format!("企业{row}")).unwrap();
            sheet.write_string(row, 3, "2017").unwrap();
            sheet.write_string(row, 4, "规上").unwrap();
        }
        sheet.write_number(1, 2, 111.0).unwrap(); // rice growing or a service to mining
        sheet.write_number(2, 2, 610.0).unwrap(); // coal alone has that number
        sheet.write_number(3, 2, 1.0).unwrap();
        sheet.write_number(4, 2, 3311.0).unwrap();
        sheet.write_string(5, 2, "111").unwrap();
        sheet.write_number_with_format(6, 2, 111.0, &shown).unwrap();
    });
    let report = import.bytes("企业.xlsx", &bytes, Mode::Commit).await;
    let damaged = |record| (record, Code::CodeDamaged, Severity::Error);
    assert_eq!(faults(&report), [damaged(1), damaged(2), damaged(3)]);
    assert!(report.faults[0].message.contains("0111") && report.faults[0].message.contains("文本格式"));
    let kept: Vec<Option<String>> = sqlx::query_scalar("SELECT industry_code FROM enterprise_version ORDER BY uscc")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(kept, [Some("3311".into()), Some("111".into()), Some("0111".into())]);
    let text =
        format!("{}\n{},企业七,111,2017,规上\n{},企业八,610,2017,规上\n", INDUSTRIES.join(","), uscc(7), uscc(8));
    let report = import.csv(&text).await;
    assert_eq!(faults(&report), [(1, Code::CodeDamaged, Severity::Warning), damaged(2)], "text says no more");
    assert_eq!(counts(&report), (2, 1, 1, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn names_are_kept_without_what_nobody_sees(pool: PgPool) {
    let import = Import::new(&pool, ImportKind::Enterprises).await;
    let text =
        format!("{}\n\u{200b}{}\u{feff},\u{200b}甲\u{200b}厂 ,3311,2017,规上\u{200b}\n", INDUSTRIES.join(","), uscc(1));
    let report = import.csv(&text).await;
    assert_eq!(report.outcome(), Outcome::AllTaken, "{report:?}");
    assert!(report.faults.iter().all(|fault| fault.code == Code::InvisibleCharacters));
    let name: String = sqlx::query_scalar("SELECT name FROM enterprise_version").fetch_one(&pool).await.unwrap();
    assert_eq!(name, "甲厂");
    let inside = format!("{}\n{}\u{200b}{},乙厂,3311,2017,规上\n", INDUSTRIES.join(","), &uscc(2)[..6], &uscc(2)[6..]);
    let report = import.csv(&inside).await;
    assert_eq!(faults(&report), [(1, Code::UsccInvalid, Severity::Error)]);
    assert!(report.faults[0].message.contains("U+200B"), "{}", report.faults[0].message);
}

const AGREEMENT: [&str; 12] = [
    "合同编号",
    "签订日期",
    "宗地代码",
    "出让面积（平方米）",
    "受让人信用代码",
    "合同总价（万元）",
    "价款缴清日期",
    "约定开工日期",
    "约定竣工日期",
    "出让年限",
    "逾期付款违约金",
    "违约金上限",
];

/// Ten cells of an agreement as text, and the two shares as `fill` writes them.
fn agreement(titles: (&str, &str), fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut all = AGREEMENT;
    (all[10], all[11]) = titles;
    sheet(&all, |sheet| {
        let cells =
            ["C1", "2023-03-01", &parcel(1), "20000", &uscc(1), "685", "2023-04-01", "2023-06-01", "2025-06-01", "50"];
        for (place, cell) in (0u16..).zip(cells) {
            sheet.write_string(1, place, cell).unwrap();
        }
        fill(sheet);
    })
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_share_is_the_same_however_its_cell_says_it(pool: PgPool) {
    policy::store::load(&pool).await.unwrap();
    let import = Import::new(&pool, ImportKind::Contracts).await;
    let percent = |format: &str| Format::new().set_num_format(format);
    let figures = |late: f64, late_format: &str, cap: f64, cap_format: &str| {
        let (late_format, cap_format) = (percent(late_format), percent(cap_format));
        move |sheet: &mut Worksheet| {
            sheet.write_number_with_format(1, 10, late, &late_format).unwrap();
            sheet.write_number_with_format(1, 11, cap, &cap_format).unwrap();
        }
    };
    let texts = |late: &'static str, cap: &'static str| {
        move |sheet: &mut Worksheet| {
            sheet.write_string(1, 10, late).unwrap();
            sheet.write_string(1, 11, cap).unwrap();
        }
    };
    let bare = ("逾期付款违约金", "违约金上限");
    let files = [
        agreement(("逾期付款违约金（‰）", "违约金上限（%）"), figures(1.0, "General", 20.0, "General")),
        agreement(("逾期付款违约金（%）", "违约金上限（%）"), figures(0.001, "0.0%", 0.2, "0%")),
        agreement(bare, figures(0.001, "0.0%", 0.2, "0%")),
        agreement(("逾期付款违约金（‰）", "违约金上限（%）"), texts("0.1%", "20％")),
        agreement(bare, texts("1‰", "20%")),
        agreement(("逾期付款违约金（每日‰）", "违约金上限"), texts("1", "20")),
    ];
    for (place, bytes) in files.iter().enumerate() {
        let report = import.bytes("合同.xlsx", bytes, Mode::Commit).await;
        let taken = if place == 0 { (1, 1, 0, 0) } else { (1, 0, 0, 1) };
        assert_eq!(counts(&report), taken, "{place}: {report:?}");
    }
    let other = agreement(bare, texts("0.1‰", "20%"));
    assert_eq!(
        counts(&import.bytes("合同.xlsx", &other, Mode::Commit).await),
        (1, 1, 0, 0),
        "another share is a change"
    );
}

fn scaled() -> Vec<u8> {
    let wan = Format::new().set_num_format("0!.0,\"万\"");
    sheet(&["统一社会信用代码", "年度", "实缴税收（万元）"], |sheet| {
        sheet.write_string(1, 0, uscc(1)).unwrap();
        sheet.write_number(1, 1, 2024).unwrap();
        sheet.write_number_with_format(1, 2, 1_234_500, &wan).unwrap();
    })
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_figure_shown_in_ten_thousands_is_asked_about_and_the_answer_counts(pool: PgPool) {
    let mut import = Import::new(&pool, ImportKind::Returns).await;
    enterprises(&pool, 1).await;
    let report = import.bytes("年报.xlsx", &scaled(), Mode::Commit).await;
    let question = report.question.clone().unwrap();
    assert_eq!((question.option, report.outcome()), (FileOption::Figures, Outcome::QuestionOpen));
    assert!(question.message.contains("1234500") && question.message.contains("123.45万"), "{}", question.message);
    import.options.figures = Some(Figures::Shown);
    let report = import.bytes("年报.xlsx", &scaled(), Mode::Commit).await;
    assert_eq!(counts(&report), (1, 1, 0, 0));
    let tax: rust_decimal::Decimal =
        sqlx::query_scalar("SELECT value FROM return_figure").fetch_one(&pool).await.unwrap();
    assert_eq!(tax, 1_234_500.into());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_preview_shows_the_first_records_as_they_will_stand(pool: PgPool) {
    let import = Import::new(&pool, ImportKind::Returns).await;
    enterprises(&pool, 20).await;
    let rows: String = (1..=20)
        .map(|number| format!("{},{number}.5,86.5,2024\n", uscc(if number == 2 { 99 } else { number })))
        .collect();
    let report = import.preview(&format!("统一社会信用代码,实缴税收（万元）,用电量（万度）,年度\n{rows}")).await;
    let [sample] = report.samples.as_slice() else { panic!("{report:?}") };
    assert_eq!(sample.columns, ["统一社会信用代码", "实缴税收（元）", "用电量（千瓦时）", "年度"]);
    assert_eq!(sample.rows.len(), 10);
    assert_eq!(sample.rows[0].cells, [uscc(1).as_str(), "15,000", "865,000", "2024"]);
    assert_eq!(sample.rows[1].record, 3, "the second is not taken");
    let [refused] = report.refused.as_slice() else { panic!("{report:?}") };
    assert_eq!((refused.rows[0].record, refused.rows[0].line), (2, 3));
    assert_eq!(refused.rows[0].cells[1], Kept::Text("2.5".into()));
}

fn sheets_of(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    use calamine::Reader;
    let mut workbook = calamine::Xlsx::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let read = |(name, range): (String, calamine::Range<calamine::Data>)| {
        (name, range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect())
    };
    workbook.worksheets().into_iter().map(read).collect()
}

fn whole(report: &Report) -> Vec<u8> {
    report_sheet::workbook(report).unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_report_goes_back_as_a_table_that_can_be_put_right_and_sent_again(pool: PgPool) {
    let import = Import::new(&pool, ImportKind::Returns).await;
    enterprises(&pool, 3).await;
    let percent = Format::new().set_num_format("0!.0,");
    let bytes =
        sheet(&["序号", "统一社会信用代码", "年度", "税收", "单位", "营业收入（元）"], |sheet| {
            sheet.write_string(0, 3, "税收（千元）").unwrap();
            for (row, number) in [(1u32, 1usize), (2, 99), (3, 2)] {
                sheet.write_number(row, 0, row).unwrap();
                sheet.write_string(row, 1, uscc(number)).unwrap();
                sheet.write_number(row, 2, 2024).unwrap();
                sheet.write_number(row, 3, 100.5).unwrap();
                sheet.write_number_with_format(row, 5, 0, &percent).unwrap();
            }
            sheet.write_number(3, 5, 1).unwrap();
        });
    let report = import.bytes("年报.xlsx", &bytes, Mode::Commit).await;
    assert_eq!(counts(&report), (3, 0, 3, 0), "tax above revenue, and an enterprise nobody knows");
    let sheets = sheets_of(&whole(&report));
    assert_eq!(
        sheets[0].1[0],
        [REASON, "序号", "统一社会信用代码", "年度", "实缴税收（千元）", "单位", "主营业务收入（元）"]
    );
    assert!(sheets[0].1[2][0].contains("不在企业名录中"), "{sheets:?}");
    assert_eq!((sheets[1].0.as_str(), sheets[1].1.len()), (FAULTS, report.faults.len() + 1));
    let again = import.accepting().bytes("年报-导入报告.xlsx", &whole(&report), Mode::Commit).await;
    assert_eq!(counts(&again), (3, 2, 1, 0), "{again:?}");
    let taxes: Vec<rust_decimal::Decimal> =
        sqlx::query_scalar("SELECT value FROM return_figure WHERE indicator = 'tax_paid'")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(taxes, [100_500.into(), 100_500.into()]);
    assert!(!again.faults.iter().any(|fault| fault.message.contains(REASON)), "the column of reasons is ours");
}

/// The example row stands there to be read by people; what is filled in below it is taken.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_template_with_its_example_is_no_record(pool: PgPool) {
    let import = Import::new(&pool, ImportKind::Returns).await;
    let bytes = template::workbook(&[&returns::SPEC]).unwrap();
    let report = import.bytes("模板.xlsx", &bytes, Mode::Commit).await;
    assert_eq!(report.faults[0].code, Code::HeaderOnly);
    let own = [&returns::SPEC, &enterprise_table::SPEC, &occupancies::SPEC].map(|spec| vec![spec]);
    let intake = [&policy::intake::spec::STANDARDS, &policy::intake::spec::DOCUMENTS, &policy::intake::spec::DIRECTORY];
    let lists =
        ImportKind::ALL.iter().filter_map(|kind| evaluation::Target::of(*kind)).map(|target| vec![target.spec()]);
    let tables =
        ImportKind::ALL.iter().filter_map(|kind| allocation::Target::of(*kind)).map(|target| vec![target.spec()]);
    let several = [contracts::spec::TABLES.to_vec(), intake.to_vec()];
    let folder = tempfile::tempdir().unwrap();
    for specs in own.into_iter().chain(lists).chain(tables).chain(several) {
        let bytes = template::workbook(&specs).unwrap();
        for (place, (sheet, spec)) in sheets_of(&bytes).iter().zip(&specs).enumerate() {
            let marked = sheet.1[1].iter().filter(|cell| cell.starts_with("示例：")).count();
            assert_eq!(marked, 1, "{}: {:?}", spec.title, sheet.1[1]);
            let path = folder.path().join(format!("{place}.xlsx"));
            std::fs::write(&path, &bytes).unwrap();
            let options = ReadOptions { layer: Some(spec.title.to_owned()), ..ReadOptions::default() };
            let read =
                TableFile::open(&path, spec, &options).unwrap().read_sheet(&mut |row| panic!("{row:?}")).unwrap();
            assert_eq!((read.read, read.faults.len()), (0, 1), "{}: {:?}", spec.title, read.faults);
        }
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_use_without_an_end_is_told_from_an_end_left_open(pool: PgPool) {
    let import = Import::new(&pool, ImportKind::Occupancies).await;
    enterprises(&pool, 1).await;
    put_parcel(&pool, 1, crate::base::period::Period::since(day("2015-01-01")), "1000", OWN).await;
    let text = |last: &str| {
        format!(
            "统一社会信用代码,宗地代码,使用方式,用地面积（平方米）,起始日期,截止日期\n{},{},自有,100,2020-01-01,{last}\n",
            uscc(1),
            parcel(1)
        )
    };
    let until = || async {
        sqlx::query_scalar::<_, Option<chrono::NaiveDate>>(
            "SELECT upper(valid) FROM occupancy WHERE superseded_at IS NULL",
        )
        .fetch_one(&pool)
        .await
        .unwrap()
    };
    assert_eq!(counts(&import.csv(&text("2029-12-31")).await), (1, 1, 0, 0));
    assert_eq!(counts(&import.csv(&text("")).await), (1, 0, 0, 1), "an empty cell leaves what is on record");
    assert_eq!(until().await, Some(day("2030-01-01")));
    assert_eq!(counts(&import.csv(&text("长期")).await), (1, 1, 0, 0));
    assert_eq!(until().await, None);
    assert_eq!(counts(&import.csv(&text("9999-12-31")).await), (1, 0, 0, 1));
}
