//! Figures that cannot well be stay out until a person waves them through.

use crate::db::PgPool;
use crate::exchange::{FaultCode as Code, Severity};
use crate::importing::table_stage::testing::*;
use crate::importing::{ImportKind, Report};

const DOUBT: (Code, Severity) = (Code::FigureImplausible, Severity::Warning);

async fn import(pool: &PgPool) -> Import {
    let import = Import::new(pool, ImportKind::Returns).await;
    enterprises(pool, 24).await;
    import
}

fn doubts(report: &Report) -> Vec<u64> {
    let doubtful = |fault: &&crate::exchange::Fault| (fault.code, fault.severity) == DOUBT;
    report.faults.iter().filter(doubtful).filter_map(|fault| fault.record).collect()
}

fn taxes(rows: &[(usize, i32, &str)]) -> String {
    let lines: Vec<String> = rows.iter().map(|(number, year, tax)| format!("{},{year},{tax}", uscc(*number))).collect();
    format!("统一社会信用代码,年度,实缴税收（元）\n{}\n", lines.join("\n"))
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_figure_a_thousand_times_last_years_is_waved_through_by_name(pool: PgPool) {
    let import = import(&pool).await;
    import.csv(&taxes(&[(1, 2023, "100"), (2, 2023, "100"), (3, 2023, "100000"), (4, 2023, "0")])).await;
    let next =
        taxes(&[(1, 2024, "99999"), (2, 2024, "100000"), (3, 2024, "100"), (4, 2024, "5000000"), (5, 2024, "5000000")]);
    let report = import.csv(&next).await;
    assert_eq!(
        (counts(&report), doubts(&report)),
        ((5, 3, 2, 0), vec![2, 3]),
        "just below, at; a nothing is no measure"
    );
    assert!(report.faults[0].message.contains("上年为 100 元") && report.faults[0].message.contains("未导入"));
    let report = import.accepting().csv(&next).await;
    assert_eq!((counts(&report), doubts(&report)), ((5, 2, 0, 3), vec![2, 3]));
    assert!(report.faults[0].message.contains("由测试员确认后导入"), "{}", report.faults[0].message);
    let report = Import::new(&pool, ImportKind::Returns).await.csv(&next).await;
    assert_eq!((counts(&report), doubts(&report)), ((5, 0, 0, 5), vec![]), "what was waved through once is on record");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn both_years_may_stand_in_one_file(pool: PgPool) {
    let report = import(&pool)
        .await
        .csv(&taxes(&[(1, 2023, "12"), (1, 2024, "120000"), (2, 2023, "12"), (2, 2024, "13")]))
        .await;
    assert_eq!(doubts(&report), [2]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_figure_ten_thousand_times_its_peers_is_waved_through(pool: PgPool) {
    let import = import(&pool).await;
    let mut rows: Vec<(usize, i32, &str)> = (1..=10).map(|number| (number, 2024, "1000")).collect();
    rows.extend([(11, 2024, "9999999"), (12, 2024, "10000000")]);
    let report = import.csv(&taxes(&rows)).await;
    assert_eq!((counts(&report), doubts(&report)), ((12, 11, 1, 0), vec![12]));
    let report = import.csv(&taxes(&[(13, 2024, "10000000"), (14, 2024, "2000")])).await;
    assert_eq!(doubts(&report), [1], "a short file is held against the register");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn few_peers_say_nothing(pool: PgPool) {
    let report = import(&pool).await.csv(&taxes(&[(1, 2024, "1"), (2, 2024, "1000000000")])).await;
    assert_eq!(doubts(&report), Vec::<u64>::new());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn tax_above_revenue_is_waved_through(pool: PgPool) {
    let import = import(&pool).await;
    let header = "统一社会信用代码,年度,实缴税收（元）,营业收入（元）";
    let text = format!("{header}\n{},2024,100,100\n{},2024,101,100\n{},2024,,50\n", uscc(1), uscc(2), uscc(3));
    let report = import.csv(&text).await;
    assert_eq!((counts(&report), doubts(&report)), ((3, 2, 1, 0), vec![2]));
    assert!(report.faults[0].message.contains("实缴税收 101 元高于营业收入 100 元"));
    let report = import.csv(&taxes(&[(3, 2024, "51")])).await;
    assert_eq!(doubts(&report), [1], "the revenue is on record");
}

const PARTS: &str = "信用代码,年度,污染物排放当量（吨）,COD（千克）,氨氮（千克）,二氧化硫（千克）,氮氧化物（千克）,用电量（度）,网购电量（度）,自发自用电量（度）";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_sum_that_differs_from_its_parts_is_waved_through(pool: PgPool) {
    let import = import(&pool).await;
    crate::policy::store::load(&pool).await.unwrap();
    let row = |number: usize, figures: &str| format!("{},2024,{figures}\n", uscc(number));
    let rows = [
        row(1, "0.0165,10,1,2,3,,,"),
        row(2, "0.0168,10,1,2,3,,,"),
        row(3, "0.5,10,1,2,,,,"),
        row(4, ",,,,,404,300,100"),
        row(5, ",,,,,404.01,300,100"),
        row(6, "0,0,0,0,0,500,300,"),
    ];
    let report = import.csv(&format!("{PARTS}\n{}", rows.concat())).await;
    assert_eq!((counts(&report), doubts(&report)), ((6, 4, 2, 0), vec![2, 5]), "{:?}", report.faults);
    assert!(report.faults[0].message.contains("0.016513"), "{}", report.faults[0].message);
    // The parts come later than the sum, from another department.
    let later = format!("信用代码,年度,氮氧化物（千克）\n{},2024,3\n", uscc(3));
    assert_eq!(doubts(&import.csv(&later).await), [1]);
    let report = import.accepting().csv(&later).await;
    assert_eq!((counts(&report), doubts(&report)), ((1, 1, 0, 0), vec![1]));
    assert!(report.faults[0].message.contains("由测试员确认后导入"), "{}", report.faults[0].message);
}
