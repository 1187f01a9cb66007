use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::account::Department;
use crate::db::PgPool;
use crate::exchange::{FaultCode as Code, Severity};
use crate::importing::table_stage::testing::*;
use crate::importing::{ImportKind, Mode, Outcome};

const HEADER: &str = "统一社会信用代码,年度,实缴税收（万元）,主营业务收入（万元）,增加值（万元）,综合能耗（吨标准煤）,污染物排放当量（吨）,年平均从业人数（人）,研发经费支出（万元）,用电量（万千瓦时）,数据状态";

fn row(number: usize) -> String {
    format!("{},2024,{number}.5,600,-20.25,86.5,0.35,48.5,0,32.6,已申报", uscc(number))
}

fn table(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

async fn import(pool: &PgPool) -> Import {
    let import = Import::new(pool, ImportKind::Returns).await;
    enterprises(pool, 12).await;
    import
}

async fn again(pool: &PgPool) -> Import {
    Import::new(pool, ImportKind::Returns).await
}

/// Indicator, value and state of what is known now, by indicator.
async fn figures(pool: &PgPool, number: usize) -> Vec<(String, Decimal, String)> {
    sqlx::query!(
        "SELECT indicator, value, state FROM return_figure WHERE uscc = $1 AND superseded_at IS NULL ORDER BY indicator",
        uscc(number)
    )
    .fetch_all(pool)
    .await
    .unwrap()
    .into_iter()
    .map(|row| (row.indicator, row.value, row.state))
    .collect()
}

async fn tax(pool: &PgPool, number: usize) -> (Decimal, String) {
    let figures = figures(pool, number).await;
    figures.into_iter().find(|(indicator, ..)| indicator == "tax_paid").map(|(_, value, state)| (value, state)).unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clean_file_is_taken_and_the_same_again_changes_nothing(pool: PgPool) {
    let import = import(&pool).await;
    let text = table(&(1..=10).map(row).collect::<Vec<_>>());
    let report = import.csv(&text).await;
    assert_eq!(counts(&report), (10, 10, 0, 0));
    assert!(report.faults.iter().all(|fault| fault.code == Code::FigureNegative && !fault.is_error()));
    let expected = [
        ("electricity", dec!(326000)),
        ("emission", dec!(0.35)),
        ("energy", dec!(86.5)),
        ("headcount", dec!(48.5)),
        ("research_spending", dec!(0)),
        ("revenue", dec!(6000000)),
        ("tax_paid", dec!(35000)),
        ("value_added", dec!(-202500)),
    ];
    let expected = expected.map(|(indicator, value)| (indicator.to_owned(), value, "reported".to_owned()));
    assert_eq!(figures(&pool, 3).await, expected);
    let department = sqlx::query_scalar!("SELECT DISTINCT department FROM return_figure WHERE indicator = 'tax_paid'");
    assert_eq!(department.fetch_all(&pool).await.unwrap(), ["tax"]);
    for again in [import.csv(&text).await, import.gbk(&text).await, import.xlsx(&text).await] {
        assert_eq!(counts(&again), (10, 0, 0, 10));
    }
    assert_eq!(sqlx::query_scalar!("SELECT count(*) FROM return_figure").fetch_one(&pool).await.unwrap(), Some(80));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn units_of_the_header_are_honoured_exactly(pool: PgPool) {
    let import = import(&pool).await;
    let header = "信用代码,年份,税收（元）,综合能耗（千克标准煤）,用电量（度）,排污当量（kg）";
    import.csv(&format!("{header}\n{},2024年,12345.67,86500,326000,350\n", uscc(1))).await;
    let values: Vec<Decimal> = figures(&pool, 1).await.into_iter().map(|(_, value, _)| value).collect();
    assert_eq!(values, [dec!(326000), dec!(0.35), dec!(86.5), dec!(12345.67)]);
    let report = import.csv(&format!("信用代码,年份,税收\n{},2024,1\n", uscc(1))).await;
    assert_eq!((report.outcome(), report.faults[0].code), (Outcome::Unreadable, Code::UnitMissing));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_missing_makes_no_row_and_takes_none_away(pool: PgPool) {
    let import = import(&pool).await;
    import.csv(&table(&[row(1)])).await;
    let sparse = format!("{HEADER}\n{},2024,,,,,,,,33,\n{},2024,,,,,,,,,\n", uscc(1), uscc(2));
    let report = import.csv(&sparse).await;
    assert_eq!(counts(&report), (2, 1, 0, 1));
    assert_eq!(faults(&report), [(2, Code::ValueMissing, Severity::Warning)]);
    assert_eq!((figures(&pool, 1).await.len(), figures(&pool, 2).await.len()), (8, 0));
    assert_eq!(figures(&pool, 1).await[0].1, dec!(330000));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_fault_is_told_at_its_record(pool: PgPool) {
    let line = |code: String, year: &str, tax: &str, state: &str| format!("{code},{year},{tax},,,,,,,,{state}");
    let rows = [
        line(uscc(1), "2024", "5", ""),
        line(uscc(1), "2024", "6", ""),
        line(uscc(99), "2024", "5", ""),
        line(uscc(4), "2024", "-5", ""),
        line(uscc(5), "1989", "5", ""),
        line(uscc(6), "1990", "5", ""),
        line(uscc(7), "2025", "5", ""),
        line(uscc(8), "2026", "5", ""),
        line(uscc(9), "", "5", ""),
        line(uscc(10), "2024", "五", ""),
        line(uscc(11), "2024", "5", "猜的"),
        line(uscc_failing(1), "2024", "5", ""),
    ];
    let report = import(&pool).await.csv(&table(&rows)).await;
    use Severity::Error;
    assert_eq!(
        faults(&report),
        [
            (1, Code::DuplicateRecord, Error),
            (2, Code::DuplicateRecord, Error),
            (3, Code::EnterpriseUnknown, Error),
            (4, Code::FigureNegative, Error),
            (5, Code::YearOutOfRange, Error),
            (8, Code::YearOutOfRange, Error),
            (9, Code::ValueMissing, Error),
            (10, Code::ValueUnreadable, Error),
            (11, Code::ValueUnknown, Error),
            (12, Code::EnterpriseUnknown, Error),
        ]
    );
    assert_eq!(counts(&report), (12, 2, 10, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn rows_that_say_the_same_count_once_and_rows_that_differ_not_at_all(pool: PgPool) {
    let line = |n: usize, tax: &str| format!("{},2024,{tax}\n", uscc(n));
    let rows = [line(1, "5"), line(1, "5.00"), line(2, "1"), line(2, "2"), line(2, "1")].concat();
    let report = import(&pool).await.csv(&format!("信用代码,年度,税收（万元）\n{rows}")).await;
    assert_eq!(counts(&report), (5, 1, 4, 0));
    assert_eq!(faults(&report).iter().map(|(record, ..)| *record).collect::<Vec<_>>(), [2, 3, 4, 5]);
    assert!(report.faults.iter().any(|fault| fault.message.contains("第 3、4、5 条中写得不同")), "{:?}", report.faults);
    assert_eq!((figures(&pool, 1).await.len(), figures(&pool, 2).await.len()), (1, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_column_of_taxes_under_an_unknown_name_is_not_passed_over(pool: PgPool) {
    let import = import(&pool).await;
    let table = |header: &str| format!("纳税人识别号,年度,{header},营业收入（万元）\n{},2024,5,60\n", uscc(1));
    let report = import.csv(&table("税费合计（万元）")).await;
    assert_eq!(report.outcome(), Outcome::Unreadable);
    assert_eq!(report.faults[0].code, Code::ColumnUnknown);
    assert!(figures(&pool, 1).await.is_empty());
    assert_eq!(counts(&import.csv(&table("实际入库税收合计（万元）")).await), (1, 1, 0, 0));
    assert_eq!(figures(&pool, 1).await.len(), 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_comma_in_a_figure_does_not_shift_the_others(pool: PgPool) {
    let table =
        format!("信用代码,年度,税收（元）,营业收入（万元）\n{},2024,1,234.50,100\n{},2024,1,2,\n", uscc(1), uscc(2));
    let report = import(&pool).await.csv(&table).await;
    assert_eq!(counts(&report), (2, 1, 1, 0));
    assert_eq!(faults(&report), [(1, Code::RowTooWide, Severity::Error)]);
    assert!(figures(&pool, 1).await.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_year_that_nobody_names_is_asked_for(pool: PgPool) {
    let mut import = import(&pool).await;
    let text = format!("信用代码,税收（万元）\n{},5\n", uscc(1));
    let report = import.csv(&text).await;
    assert_eq!(report.outcome(), Outcome::QuestionOpen);
    let question = report.question.unwrap();
    assert_eq!((question.option.code(), question.candidates[0].value.as_str()), ("year", "2025"));
    import.options.year = Some(2023);
    assert_eq!(counts(&import.csv(&text).await), (1, 1, 0, 0));
    let year = sqlx::query_scalar!("SELECT year FROM return_figure").fetch_one(&pool).await.unwrap();
    assert_eq!(year, 2023);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_preview_leaves_nothing(pool: PgPool) {
    let import = import(&pool).await;
    let before = everything(&pool).await;
    assert_eq!(counts(&import.preview(&table(&[row(1)])).await), (1, 1, 0, 0));
    assert_eq!(everything(&pool).await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_changed_figure_supersedes_and_an_equal_one_stays(pool: PgPool) {
    let import = import(&pool).await;
    import.csv(&table(&[row(1)])).await;
    assert_eq!(counts(&import.csv(&table(&[row(1).replace("1.5,600", "2.5,600")])).await), (1, 1, 0, 0));
    assert_eq!(tax(&pool, 1).await.0, dec!(25000));
    let old = sqlx::query!("SELECT value, superseded_at FROM return_figure WHERE superseded_at IS NOT NULL");
    let old = old.fetch_all(&pool).await.unwrap();
    assert_eq!((old.len(), old[0].value), (1, dec!(15000)), "only what changed");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_confirmed_figure_gives_way_to_a_confirmed_one_or_to_a_person(pool: PgPool) {
    let import = import(&pool).await;
    let told =
        |tax: &str, state: &str| format!("信用代码,年度,税收（万元）,数据状态\n{},2024,{tax},{state}\n", uscc(1));
    import.csv(&told("5", "已申报")).await;
    assert_eq!(counts(&import.csv(&told("5", "已确认")).await), (1, 1, 0, 0));
    assert_eq!(tax(&pool, 1).await, (dec!(50000), "confirmed".into()));
    assert_eq!(counts(&import.csv(&told("5", "")).await), (1, 0, 0, 1), "told again, it stays confirmed");
    let report = import.csv(&told("6", "")).await;
    assert_eq!(faults(&report), [(1, Code::ConflictsWithRegister, Severity::Error)]);
    assert_eq!(counts(&import.csv(&told("7", "已确认")).await), (1, 1, 0, 0));
    assert_eq!(tax(&pool, 1).await, (dec!(70000), "confirmed".into()));
    let report = again(&pool).await.accepting().csv(&told("8", "")).await;
    assert_eq!(faults(&report), [(1, Code::ConflictsWithRegister, Severity::Warning)]);
    assert_eq!(tax(&pool, 1).await, (dec!(80000), "reported".into()));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clerk_reports_for_the_own_subdistrict_and_confirms_nothing(pool: PgPool) {
    let import = import(&pool).await.clerk();
    let report = import.csv(&table(&[row(1), row(2), row(3).replace("已申报", "已确认")])).await;
    let errors: Vec<_> = report.faults.iter().filter(|fault| fault.is_error()).map(|f| (f.record, f.code)).collect();
    assert_eq!(errors, [(Some(2), Code::OutsideScope), (Some(3), Code::OutsideScope)]);
    assert_eq!(counts(&report), (3, 1, 2, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn counts_add_up(pool: PgPool) {
    let import = import(&pool).await;
    let line = (1usize..14, 2020..2027, -3i64..9)
        .prop_map(|(number, year, tax)| format!("{},{year},{tax},,,,,,,,", uscc(number)));
    let strategy = prop::collection::vec(line, 1..30);
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let text = table(&strategy.new_tree(&mut runner).unwrap().current());
        let first = import.csv(&text).await;
        let second = import.csv(&text).await;
        assert_eq!(second.accepted, 0, "{text}");
        assert_eq!((second.rejected, second.unchanged), (first.rejected, first.accepted + first.unchanged), "{text}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_steward_confirms_the_own_departments_figures_by_a_file_when_asked_to(pool: PgPool) {
    import(&pool).await;
    let text = table(&[row(1).replace("已申报", "已确认")]);
    let unasked = again(&pool).await.steward(None).csv(&text).await;
    assert_eq!(counts(&unasked), (1, 0, 1, 0));
    assert!(unasked.faults.iter().any(|fault| fault.code == Code::OutsideScope && fault.is_error()));
    let asked = again(&pool).await.steward(Some(Department::Tax)).csv(&text).await;
    assert_eq!(counts(&asked), (1, 1, 0, 0));
    assert!(asked.faults.iter().any(|fault| fault.code == Code::OutsideScope && !fault.is_error()), "{asked:?}");
    for (indicator, _, state) in figures(&pool, 1).await {
        assert_eq!(state == "confirmed", indicator == "tax_paid", "{indicator}");
    }
    // The same again changes nothing, and what another department confirmed stays so.
    assert_eq!(counts(&again(&pool).await.steward(Some(Department::Tax)).csv(&text).await), (1, 0, 0, 1));
    let others = again(&pool).await.steward(Some(Department::Science)).csv(&text).await;
    assert_eq!(counts(&others), (1, 1, 0, 0));
    assert_eq!(tax(&pool, 1).await.1, "confirmed");
}

/// A department's template as it comes: a title, the codes of the columns, a header of two rows with merged cells, rows that are
/// numbered and otherwise empty, notes below.
fn template() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let put = |sheet: &mut Worksheet, row: u32, column: u16, text: &str| match text.parse::<f64>() {
        Ok(number) => drop(sheet.write_number(row, column, number).unwrap()),
        Err(_) => drop(sheet.write_string(row, column, text).unwrap()),
    };
    let plain = Format::new();
    put(sheet, 0, 0, "附表4　企业污染物排放与用电情况（虚构）");
    for (column, code) in (1u16..).zip(["X1", "X2", "X3", "G1", "G2", "G3", "G4", "G5", "G6"]) {
        put(sheet, 1, column, code);
    }
    for (column, title) in (0u16..).zip(["序号", "统一社会信用代码", "企业名称", "年度"]) {
        sheet.merge_range(2, column, 3, column, title, &plain).unwrap();
    }
    sheet.merge_range(2, 4, 2, 7, "主要污染物排放量（千克）", &plain).unwrap();
    sheet.merge_range(2, 8, 2, 9, "用电情况（万千瓦时）", &plain).unwrap();
    let below = ["化学需氧量（COD）", "氨氮（NH3-N）", "二氧化硫", "氮氧化物", "网购电量", "自发自用电量"];
    for (column, title) in (4u16..).zip(below) {
        put(sheet, 3, column, title);
    }
    for number in 1..=390u32 {
        put(sheet, 3 + number, 0, &number.to_string());
    }
    for (row, (number, figures)) in (4u32..).zip([(1, "10 1 2 3 30 2.6"), (2, "0 0 0 0 12 0"), (3, "5 - 1 1 8 -")]) {
        put(sheet, row, 1, &uscc(number));
        put(sheet, row, 3, "2024");
        for (column, figure) in (4u16..).zip(figures.split(' ')) {
            put(sheet, row, column, figure);
        }
    }
    put(sheet, 394, 0, "备注：没有排放的填 0，不掌握的留空。");
    workbook.save_to_buffer().unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_departments_template_is_imported_as_it_comes(pool: PgPool) {
    let import = import(&pool).await;
    let report = import.bytes("环保.xlsx", &template(), Mode::Commit).await;
    assert_eq!(counts(&report), (3, 3, 0, 0), "{:?}", report.faults);
    let first = figures(&pool, 1).await.into_iter().map(|(indicator, value, _)| (indicator, value));
    let expected = [
        ("ammonia_nitrogen", dec!(1)),
        ("cod", dec!(10)),
        ("electricity_grid", dec!(300000)),
        ("electricity_own", dec!(26000)),
        ("nitrogen_oxides", dec!(3)),
        ("sulfur_dioxide", dec!(2)),
    ];
    assert_eq!(first.collect::<Vec<_>>(), expected.map(|(indicator, value)| (indicator.to_owned(), value)));
    let of =
        |figures: Vec<(String, Decimal, String)>| figures.into_iter().filter(|(_, value, _)| value.is_zero()).count();
    assert_eq!(of(figures(&pool, 2).await), 5, "lets out and generates nothing, and says so");
    assert_eq!(figures(&pool, 3).await.len(), 4, "a stroke is no zero");
    let departments = sqlx::query_scalar!("SELECT DISTINCT department FROM return_figure WHERE indicator = 'cod'");
    assert_eq!(departments.fetch_all(&pool).await.unwrap(), ["environment"]);
}

/// The sheet of the tax bureau: in yuan, with the taxes apart under one title, and further columns that nobody asks for.
fn tax_template() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 10, "附表9　企业税务与财务情况（虚构）", &plain).unwrap();
    for (column, code) in (0u16..).zip(["X1", "X2", "X3", "X4", "G1", "G2", "G3", "G4", "G5", "G6", "G7"]) {
        sheet.write_string(1, column, code).unwrap();
    }
    let heads = [(0, "序号"), (1, "统一社会信用代码"), (2, "企业名称"), (3, "所属年度")];
    let tails = [(8, "主营业务收入（元）"), (9, "利润总额（元）"), (10, "资产总计（元）")];
    for (column, title) in heads.into_iter().chain(tails) {
        sheet.merge_range(2, column, 3, column, title, &plain).unwrap();
    }
    sheet.merge_range(2, 4, 2, 7, "实缴税金（元）", &plain).unwrap();
    for (column, title) in (4u16..).zip(["合计", "增值税", "企业所得税", "其他税"]) {
        sheet.write_string(3, column, title).unwrap();
    }
    for number in 1..=390u32 {
        sheet.write_number(3 + number, 0, number).unwrap();
    }
    for (row, (number, figures)) in (4u32..).zip([(1, [300.5, 200.0, 100.5, 0.0, 9000.25, -12.5, 1.0])]) {
        sheet.write_string(row, 1, uscc(number)).unwrap();
        sheet.write_number(row, 3, 2024).unwrap();
        for (column, figure) in (4u16..).zip(figures) {
            sheet.write_number(row, column, figure).unwrap();
        }
    }
    sheet.merge_range(394, 0, 394, 10, "备注：金额单位为元。", &plain).unwrap();
    workbook.save_to_buffer().unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_template_in_yuan_with_taxes_apart_gives_their_sum(pool: PgPool) {
    let import = import(&pool).await;
    let report = import.bytes("税务.xlsx", &tax_template(), Mode::Commit).await;
    assert_eq!(counts(&report), (1, 1, 0, 0), "{:?}", report.faults);
    let found = figures(&pool, 1).await.into_iter().map(|(indicator, value, _)| (indicator, value));
    let expected = [("profit", dec!(-12.5)), ("revenue", dec!(9000.25)), ("tax_paid", dec!(300.5))];
    assert_eq!(found.collect::<Vec<_>>(), expected.map(|(indicator, value)| (indicator.to_owned(), value)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_further_figures_go_by_many_names_and_units(pool: PgPool) {
    let import = import(&pool).await;
    let header = "信用代码,年度,COD排放量（吨）,NH₃-N（kg）,SO2（千克）,NOx（克）,购网电量（度）,自发电量（万度）,参保人数,利润总额（万元）,用水量（万立方米）,天然气用量（万方）";
    let report = import.csv(&format!("{header}\n{},2024,0.01,1,2,3000,300000,2.6,45,-12.5,0.52,0.8\n", uscc(1))).await;
    assert_eq!(counts(&report), (1, 1, 0, 0), "{:?}", report.faults);
    let expected = [
        ("ammonia_nitrogen", dec!(1)),
        ("cod", dec!(10)),
        ("electricity_grid", dec!(300000)),
        ("electricity_own", dec!(26000)),
        ("gas", dec!(8000)),
        ("headcount_insured", dec!(45)),
        ("nitrogen_oxides", dec!(3)),
        ("profit", dec!(-125000)),
        ("sulfur_dioxide", dec!(2)),
        ("water", dec!(5200)),
    ];
    let told: Vec<_> = figures(&pool, 1).await.into_iter().map(|(indicator, value, _)| (indicator, value)).collect();
    assert_eq!(told, expected.map(|(indicator, value)| (indicator.to_owned(), value)));
    let report = import.csv(&format!("信用代码,年度,用水量（吨）\n{},2024,-1\n", uscc(2))).await;
    assert_eq!(faults(&report), [(1, Code::FigureNegative, Severity::Error)]);
}
