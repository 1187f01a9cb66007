use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::db::PgPool;
use crate::exchange::{FaultCode as Code, Severity, template};
use crate::importing::table_stage::testing::*;
use crate::importing::{ImportKind, Mode, Outcome};

const HEADER: &str = "统一社会信用代码,企业名称,行业代码,行业分类版本,门类,规模,高新技术企业,所属平台,街道,状态,成立日期,升规日期,重大项目建设期至,生效日期";

fn table(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn row(number: usize) -> String {
    format!("{},企业{number},3311,2017,,规上,是,,天水街道,在营,2015-06-01,2020-01-01,,2024-01-01", uscc(number))
}

async fn import(pool: &PgPool) -> Import {
    Import::new(pool, ImportKind::Enterprises).await
}

/// Name, period and sector of what is known now.
async fn versions(pool: &PgPool, number: usize) -> Vec<(String, String, String)> {
    sqlx::query!(
        r#"SELECT name, valid::text AS "valid!", sector FROM enterprise_version
           WHERE uscc = $1 AND superseded_at IS NULL ORDER BY valid"#,
        uscc(number)
    )
    .fetch_all(pool)
    .await
    .unwrap()
    .into_iter()
    .map(|row| (row.name, row.valid, row.sector))
    .collect()
}

fn version(name: &str, valid: &str) -> (String, String, String) {
    (name.into(), valid.into(), "industry".into())
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clean_file_is_taken_and_the_same_again_changes_nothing(pool: PgPool) {
    let import = import(&pool).await;
    let text = table(&(1..=20).map(row).collect::<Vec<_>>());
    let report = import.csv(&text).await;
    assert_eq!((counts(&report), faults(&report)), ((20, 20, 0, 0), vec![]));
    assert_eq!(versions(&pool, 7).await, [version("企业7", "[2024-01-01,)")]);
    assert_eq!(everything(&pool).await, 22, "a run and an audit entry besides");
    for again in [import.csv(&text).await, import.gbk(&text).await, import.xlsx(&text).await] {
        assert_eq!((counts(&again), faults(&again)), ((20, 0, 0, 20), vec![]));
    }
    assert_eq!(import.gbk(&text).await.encoding.as_deref(), Some("gb18030"));
    let kept =
        sqlx::query!("SELECT subdistrict, industry_edition, industry_code, high_tech FROM enterprise_version LIMIT 1");
    let kept = kept.fetch_one(&pool).await.unwrap();
    assert_eq!(kept.subdistrict.as_deref(), Some(OWN));
    assert_eq!((kept.industry_edition.as_deref(), kept.industry_code.as_deref()), (Some("2017"), Some("3311")));
    assert_eq!(kept.high_tech, Some(true));
}

/// Whoever reads the register next plans for what it holds by then.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_planner_knows_what_a_large_file_brought(pool: PgPool) {
    let import = import(&pool).await;
    let known = async || -> f32 {
        let sql = "SELECT reltuples FROM pg_class WHERE oid = 'enterprise_version'::regclass";
        sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
    };
    assert_eq!(known().await, -1.0);
    let report = import.csv(&table(&(1..=1_200).map(row).collect::<Vec<_>>())).await;
    assert_eq!(counts(&report), (1_200, 1_200, 0, 0));
    assert_eq!(known().await, 1_200.0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_preview_leaves_nothing(pool: PgPool) {
    let report = import(&pool).await.preview(&table(&[row(1), row(2)])).await;
    assert_eq!(counts(&report), (2, 2, 0, 0));
    assert_eq!(everything(&pool).await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_fault_is_told_at_its_record(pool: PgPool) {
    let code = uscc;
    let rows = [
        row(1),
        row(1),
        format!("{},校验位,3311,2017,,规上,,,,,,,,", uscc_failing(3)),
        "9133,短码,3311,2017,,规上,,,,,,,,".into(),
        "9133010500000004IO,坏字符,3311,2017,,规上,,,,,,,,".into(),
        format!("{},行业,9999,2017,,规上,,,,,,,,", code(6)),
        format!("{},旧版,3311,2011,,规上,,,,,,,,", code(7)),
        format!("{},怪版,3311,2018,,规上,,,,,,,,", code(8)),
        format!("{},无版,3311,,,规上,,,,,,,,", code(9)),
        format!("{},无规模,3311,2017,,,,,,,,,,", code(10)),
        format!("{},无门类,,,,规上,,,,,,,,", code(11)),
        format!("{},街道,3311,2017,,规上,,,月球街道,,,,,", code(12)),
        format!("{},未来,3311,2017,,规上,,,,,2026-01-01,,,", code(13)),
        format!("{},升规,3311,2017,,规上,,,,,2020-01-01,2019-01-01,,", code(14)),
        format!("{},状态,3311,2017,,规上,,,,倒闭,,,,", code(15)),
        format!("{},,3311,2017,,规上,,,,,,,,", code(16)),
        format!("{},日期,3311,2017,,规上,,,,,元月,,,", code(17)),
        format!("{},公元前,3311,2017,,规上,,,,,0000-01-01,,,", code(18)),
    ];
    let report = import(&pool).await.csv(&table(&rows)).await;
    use Severity::{Error, Warning};
    assert_eq!(
        faults(&report),
        [
            (2, Code::DuplicateRecord, Error),
            (3, Code::UsccCheckDigit, Warning),
            (4, Code::UsccInvalid, Error),
            (5, Code::UsccInvalid, Error),
            (6, Code::IndustryUnknown, Error),
            (7, Code::IndustryEditionMismatch, Error),
            (8, Code::IndustryEditionMismatch, Error),
            (9, Code::IndustryEditionMismatch, Warning),
            (10, Code::ValueMissing, Error),
            (11, Code::ValueMissing, Error),
            (12, Code::SubdistrictUnknown, Error),
            (13, Code::PeriodInvalid, Error),
            (14, Code::PeriodInvalid, Error),
            (15, Code::ValueUnknown, Error),
            (16, Code::ValueMissing, Error),
            (17, Code::ValueUnreadable, Error),
            (18, Code::YearOutOfRange, Error),
        ]
    );
    assert_eq!((counts(&report), report.outcome()), ((18, 2, 16, 0), Outcome::SomeRejected));
    assert!(report.faults.iter().all(|fault| fault.line == fault.record.map(|record| record + 1)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_failing_check_digit_is_confirmed_once_by_name(pool: PgPool) {
    let text = format!("{HEADER}\n{},校验位,3311,2017,,规上,,,,,,,,\n", uscc_failing(3));
    let import = import(&pool).await;
    assert_eq!(counts(&import.csv(&text).await), (1, 0, 1, 0));
    let import = import.accepting();
    let report = import.csv(&text).await;
    assert_eq!((counts(&report), faults(&report)), ((1, 1, 0, 0), vec![(1, Code::UsccCheckDigit, Severity::Warning)]));
    let by = sqlx::query_scalar!("SELECT uscc_confirmed_by FROM enterprise_version").fetch_one(&pool).await.unwrap();
    assert_eq!(by.as_deref(), Some("测试员"));
    let again = Import::new(&pool, ImportKind::Enterprises).await.csv(&text).await;
    assert_eq!((counts(&again), faults(&again)), ((1, 0, 0, 1), vec![]), "nobody is asked twice");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_later_day_follows_and_the_same_day_corrects(pool: PgPool) {
    let import = import(&pool).await;
    import.csv(&table(&[row(1)])).await;
    let renamed = |name: &str, since: &str| format!("统一社会信用代码,企业名称,生效日期\n{},{name},{since}\n", uscc(1));
    assert_eq!(counts(&import.csv(&renamed("新名", "2025-03-01")).await), (1, 1, 0, 0));
    let followed = [version("企业1", "[2024-01-01,2025-03-01)"), version("新名", "[2025-03-01,)")];
    assert_eq!(versions(&pool, 1).await, followed, "what the file leaves open stays");
    assert_eq!(counts(&import.csv(&renamed("正名", "2025-03-01")).await), (1, 1, 0, 0));
    assert_eq!(versions(&pool, 1).await[1], version("正名", "[2025-03-01,)"));
    assert_eq!(counts(&import.csv(&renamed("旧名", "2020-01-01")).await), (1, 1, 0, 0));
    assert_eq!(versions(&pool, 1).await[0], version("旧名", "[2020-01-01,2024-01-01)"));
    let reasons =
        sqlx::query_scalar!("SELECT reason FROM enterprise_version WHERE superseded_at IS NULL ORDER BY valid");
    let reasons = reasons.fetch_all(&pool).await.unwrap();
    assert_eq!(reasons[1], "导入 表.csv，自 2025-03-01 起变更");
    assert_eq!(reasons[2], "更正：重新导入 表.csv");
    assert_eq!(sqlx::query_scalar!("SELECT count(*) FROM enterprise_version").fetch_one(&pool).await.unwrap(), Some(5));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_enterprise_without_a_day_holds_since_it_was_established_or_today(pool: PgPool) {
    let text = format!(
        "信用代码,单位名称,行业代码,规模（规上/规下）,成立日期\n{},甲,651,规下,2019-05-01\n{},乙,702,规上,\n",
        uscc(1),
        uscc(2)
    );
    let report = import(&pool).await.csv(&text).await;
    assert_eq!(faults(&report), [(0, Code::IndustryEditionMismatch, Severity::Warning)], "once, for the file");
    assert_eq!(versions(&pool, 1).await, [("甲".into(), "[2019-05-01,)".into(), "service".into())]);
    assert_eq!(versions(&pool, 2).await[0].1, "[2025-06-01,)");
    let import = Import::new(&pool, ImportKind::Enterprises).await.dated("2018-01-01");
    assert_eq!(counts(&import.csv(&text).await), (2, 2, 0, 0), "the user's day goes before");
    assert_eq!(versions(&pool, 2).await[0].1, "[2018-01-01,2025-06-01)");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clerk_keeps_to_the_own_subdistrict(pool: PgPool) {
    enterprises(&pool_with_district(&pool).await, 2).await;
    let rows = [
        format!("{},甲,3311,2017,,规上,,,,,,,,", uscc(1)),
        format!("{},乙,3311,2017,,规上,,,{OWN},,,,,", uscc(2)),
        format!("{},丙,3311,2017,,规上,,,{OTHER},,,,,", uscc(3)),
        format!("{},丁,3311,2017,,规上,,,,,,,,", uscc(4)),
        format!("{},戊,3311,2017,,规上,,,330103003,,,,,", uscc(5)),
    ];
    let report = import(&pool).await.clerk().csv(&table(&rows)).await;
    assert_eq!(counts(&report), (5, 2, 3, 0));
    let refused: Vec<_> = faults(&report).into_iter().map(|(record, code, _)| (record, code)).collect();
    assert_eq!(refused, [(2, Code::OutsideScope), (3, Code::OutsideScope), (4, Code::OutsideScope)]);
}

async fn pool_with_district(pool: &PgPool) -> PgPool {
    import(pool).await;
    pool.clone()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn files_that_give_no_records(pool: PgPool) {
    let import = import(&pool).await;
    for text in ["", "甲,乙\n1,2\n", HEADER] {
        assert_eq!(import.csv(text).await.outcome(), Outcome::Unreadable, "{text}");
    }
    assert_eq!(everything(&pool).await, 0);
    let empty = template::workbook(&[&super::SPEC]).unwrap();
    let report = import.bytes("模板.xlsx", &empty, Mode::Commit).await;
    assert_eq!(report.faults[0].code, Code::HeaderOnly, "our own template is understood");
    assert!(report.faults[0].message.starts_with("只有表头，没有数据行。请在表头下面"), "{}", report.faults[0].message);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_code_of_an_older_edition_is_held_against_its_own_list(pool: PgPool) {
    let import = import(&pool).await;
    let older = crate::codelist::parse_industries("h\n2011\t3699\t4\tC\t其他\n").unwrap();
    crate::codelist::add_industries(&mut pool.acquire().await.unwrap(), &older).await.unwrap();
    let rows = [
        format!("{},旧码,C3699,2011版,工业,规上,,,,,,,,", uscc(1)),
        format!("{},无此码,3311,2011,工业,规上,,,,,,,,", uscc(2)),
        format!("{},无门类,3699,2011,,规上,,,,,,,,", uscc(3)),
    ];
    let report = import.csv(&table(&rows)).await;
    assert_eq!(
        faults(&report),
        [(2, Code::IndustryUnknown, Severity::Error), (3, Code::ValueMissing, Severity::Error)],
        "the sector is derived from the present edition only"
    );
    let kept =
        sqlx::query!("SELECT industry_edition, industry_code FROM enterprise_version").fetch_one(&pool).await.unwrap();
    assert_eq!((kept.industry_edition.as_deref(), kept.industry_code.as_deref()), (Some("2011"), Some("3699")));
}

/// Any mixture of good, repeated and bad rows adds up, and what was taken is unchanged the second time.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn counts_add_up(pool: PgPool) {
    let import = import(&pool).await;
    let line = (1usize..12, 0usize..6).prop_map(|(number, what)| match what {
        0 => format!("{},坏行业,9999,2017,,规上,,,,,,,,2024-01-01", uscc(number)),
        1 => format!("{},校验,3311,2017,,规上,,,,,,,,2024-01-01", uscc_failing(number)),
        2 => format!("{},无规模,3311,2017,,,,,,,,,,2024-01-01", uscc(number)),
        _ => row(number),
    });
    let strategy = prop::collection::vec(line, 1..20);
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let text = table(&strategy.new_tree(&mut runner).unwrap().current());
        let first = import.csv(&text).await;
        let second = import.csv(&text).await;
        assert_eq!(second.accepted, 0, "{text}");
        assert_eq!((second.rejected, second.unchanged), (first.rejected, first.accepted + first.unchanged), "{text}");
    }
}
