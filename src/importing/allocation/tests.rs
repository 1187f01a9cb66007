use crate::db::PgPool;
use crate::exchange::{FaultCode as Code, Severity};
use crate::importing::ImportKind;
use crate::importing::table_stage::testing::*;
use crate::policy;

async fn import(pool: &PgPool, kind: ImportKind) -> Import {
    let import = Import::new(pool, kind).await;
    policy::store::load(pool).await.unwrap();
    enterprises(pool, 5).await;
    import
}

fn errors(report: &crate::importing::Report) -> Vec<(u64, Code)> {
    faults(report).into_iter().filter(|it| it.2 == Severity::Error).map(|(record, code, _)| (record, code)).collect()
}

async fn rows(pool: &PgPool, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

const ACCOUNTS: &str = "单位,户号,统一社会信用代码,分摊比例,有效自,有效至,依据文件";
const ON_RECORD: &str = "SELECT concat_ws(' ', body, customer, right(uscc, 3), share, valid::text) FROM utility_account
    WHERE withdrawn_at IS NULL ORDER BY body, customer, uscc";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn accounts_are_taken_once_and_a_shared_meter_says_its_shares(pool: PgPool) {
    let import = import(&pool, ImportKind::Accounts).await;
    let text = format!(
        "{ACCOUNTS}\n电,0042-1,{0},,2024-01-01,,合成1号\n供水企业,W7,{0},60,2024-01-01,2024-12-31,合成1号\n水,W7,{1},40,2024-01-01,长期,合成1号\n",
        uscc(1),
        uscc(2)
    );
    assert_eq!(counts(&import.preview(&text).await), (3, 3, 0, 0));
    assert!(rows(&pool, ON_RECORD).await.is_empty(), "a preview writes nothing");
    let report = import.csv(&text).await;
    assert_eq!(counts(&report), (3, 3, 0, 0), "{report:?}");
    let tail = |number: usize| uscc(number)[15..].to_owned();
    assert_eq!(
        rows(&pool, ON_RECORD).await,
        [
            format!("power 0042-1 {} [2024-01-01,)", tail(1)),
            format!("water W7 {} 60 [2024-01-01,2025-01-01)", tail(1)),
            format!("water W7 {} 40 [2024-01-01,)", tail(2)),
        ]
    );
    assert_eq!(counts(&import.xlsx(&text).await), (3, 0, 0, 3), "the same, as a workbook");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_account_of_two_and_shares_beyond_the_whole_are_refused(pool: PgPool) {
    let import = import(&pool, ImportKind::Accounts).await;
    let row = |number: usize, rest: &str| {
        format!("电,{},{},{}", rest.split(' ').next().unwrap(), uscc(number), rest.split(' ').nth(1).unwrap())
    };
    let first = format!("{ACCOUNTS}\n{}\n", row(1, "A1 ,2024-01-01,,合成1号"));
    assert_eq!(counts(&import.csv(&first).await), (1, 1, 0, 0));
    let rows_of = [
        row(2, "A1 ,2024-06-01,,合成2号"),
        row(2, "A1 50,2024-06-01,,合成2号"),
        row(1, "A1 ,2024-01-01,,合成9号"),
        row(3, "B1 60,2024-01-01,2024-06-30,合成2号"),
        row(4, "B1 40,2024-01-01,,合成2号"),
        row(5, "B1 60.000001,2024-07-01,,合成2号"),
        row(3, "C1 100,2024-01-01,,合成2号"),
        row(3, "C1 0,2024-01-01,,合成2号"),
        row(3, "户1 ,2024-01-01,,合成2号"),
        row(9, "D1 ,2024-01-01,,合成2号"),
        row(3, "E1 ,2024-01-01,2023-12-31,合成2号"),
        row(3, "F1 ,2024-01-01,,合成2号"),
        row(3, "F1 ,2024-03-01,,合成2号"),
        row(4, "G1 ,2024-01-01,,"),
        format!("热力公司,H1,{},,2024-01-01,,合成2号", uscc(4)),
    ];
    let report = import.csv(&format!("{ACCOUNTS}\n{}\n", rows_of.join("\n"))).await;
    let expected = [
        (1, Code::ConflictsWithRegister),
        (2, Code::ConflictsWithRegister),
        (3, Code::ConflictsWithRegister),
        (5, Code::FigureOutOfRange),
        (6, Code::FigureOutOfRange),
        (7, Code::FigureOutOfRange),
        (8, Code::FigureOutOfRange),
        (9, Code::ValueUnknown),
        (10, Code::EnterpriseUnknown),
        (11, Code::PeriodInvalid),
        (12, Code::DuplicateRecord),
        (13, Code::DuplicateRecord),
        (14, Code::ValueMissing),
        (15, Code::ValueUnknown),
    ];
    let mut found = errors(&report);
    found.sort_unstable_by_key(|(record, _)| *record);
    // The first two rows of A1 are one enterprise's on the same day, in different words.
    let found: Vec<(u64, Code)> = found;
    assert_eq!(
        found.iter().map(|(record, _)| *record).collect::<Vec<_>>(),
        expected.map(|(record, _)| record),
        "{report:?}"
    );
    assert_eq!(found[3..], expected[3..], "{report:?}");
    assert_eq!(counts(&report), (15, 1, 14, 0), "the one whose days nobody else shares beyond the whole");
}

const REPORTS: &str = "信用代码,措施编号,年度,季度,是否执行,数量,金额（元）,户号,执行日期,说明,依据文件";
const CHARGE: &str = "example/electricity-consecutive";

async fn hand_over(pool: &PgPool) {
    sqlx::query(
        "INSERT INTO allocation_list (district, id, body, year, quarter, drawn_on, enterprises, lines, due_yuan, document, recorded_at,
             recorded_by)
         SELECT '330105', gen_random_uuid(), body, 2024, 1, '2024-02-10', 0, 0, 0, '合成交办1号', now(), 'test'
         FROM unnest(ARRAY['power', 'finance']) body",
    )
    .execute(pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn reports_are_taken_after_their_list_and_what_is_wrong_is_said_row_by_row(pool: PgPool) {
    let import = import(&pool, ImportKind::Reports).await;
    let good = format!(
        "{REPORTS}\n{0},{CHARGE},2024,1,是,250000,12500,0042-1,2024-03-01,,合成1号\n{1},{CHARGE},2024,1,否,,,,,企业停产,合成1号\n",
        uscc(1),
        uscc(2)
    );
    assert_eq!(errors(&import.csv(&good).await), [(1, Code::ConflictsWithRegister), (2, Code::ConflictsWithRegister)]);
    hand_over(&pool).await;
    assert_eq!(counts(&import.csv(&good).await), (2, 2, 0, 0));
    assert_eq!(counts(&import.xlsx(&good).await), (2, 0, 0, 2));
    let row = |number: usize, rest: &str| format!("{},{rest}", uscc(number));
    let rows_of = [
        row(1, &format!("{CHARGE},2024,1,是,250000,12500.01,0042-1,2024-03-01,,合成1号")),
        row(3, "no/such,2024,1,是,,1,,,,合成1号"),
        row(3, &format!("{CHARGE},2024,5,是,,1,,,,合成1号")),
        row(3, &format!("{CHARGE},2024,1,也许,,1,,,,合成1号")),
        row(3, &format!("{CHARGE},2024,1,是,,,,,,合成1号")),
        row(3, &format!("{CHARGE},2024,1,是,,1,,2024-04-01,,合成1号")),
        row(3, &format!("{CHARGE},2024,1,否,,1,,,停产,合成1号")),
        row(3, &format!("{CHARGE},2024,2,是,,1,,,,合成1号")),
        row(9, &format!("{CHARGE},2024,1,是,,1,,,,合成1号")),
        row(4, &format!("{CHARGE},2024,1,是,,1,,,,")),
        row(4, "xiacheng/d-no-fiscal-awards,2024,1,是,,1,X-1,,,合成1号"),
    ];
    let report = import.csv(&format!("{REPORTS}\n{}\n", rows_of.join("\n"))).await;
    let mut found = errors(&report);
    found.sort_unstable_by_key(|(record, _)| *record);
    assert_eq!(
        found,
        [
            (1, Code::ConflictsWithRegister),
            (2, Code::ValueUnknown),
            (3, Code::ValueUnknown),
            (4, Code::ValueUnreadable),
            (5, Code::ValueMissing),
            (6, Code::FigureOutOfRange),
            (7, Code::FigureOutOfRange),
            (8, Code::ConflictsWithRegister),
            (9, Code::EnterpriseUnknown),
            (10, Code::ValueMissing),
            (11, Code::FigureOutOfRange),
        ],
        "{report:?}"
    );
    assert_eq!(counts(&report), (11, 0, 11, 0));
}
