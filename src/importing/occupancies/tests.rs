use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::base::period::Period;
use crate::db::PgPool;
use crate::exchange::{FaultCode as Code, Severity};
use crate::importing::ImportKind;
use crate::importing::table_stage::testing::*;

const HEADER: &str =
    "统一社会信用代码,宗地代码,使用方式,用地面积（平方米）,建筑面积（平方米）,对方信用代码,起始日期,截止日期";

fn table(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn owned(number: usize, on: usize, area: &str, since: &str, last: &str) -> String {
    format!("{},{},自有,{area},,,{since},{last}", uscc(number), parcel(on))
}

fn leased(number: usize, side: &str, other: usize, area: &str) -> String {
    format!("{},{},{side},{area},300,{},2024-01-01,2025-12-31", uscc(number), parcel(1), uscc(other))
}

/// Six enterprises; parcels 1 to 4 of 1,000 m² since 2020 (3 in the other sub-district), 5 split into 6 and 7 in 2023.
async fn import(pool: &PgPool) -> Import {
    let import = Import::new(pool, ImportKind::Occupancies).await;
    enterprises(pool, 6).await;
    let since = Period::since(day("2020-01-01"));
    for number in 1..=4 {
        put_parcel(pool, number, since, "1000", if number == 3 { OTHER } else { OWN }).await;
    }
    let split = day("2023-05-01");
    put_parcel(pool, 5, Period::between(day("2020-01-01"), split), "1000", OWN).await;
    for successor in [6, 7] {
        put_parcel(pool, successor, Period::since(split), "500", OWN).await;
        sqlx::query!(
            "INSERT INTO parcel_lineage (district, kind, predecessor, successor, effective_on, source, reason, recorded_at, recorded_by)
             VALUES ($1, 'split', $2, $3, $4, 'test', 'test', $5, 'test')",
            DISTRICT as _, parcel(5), parcel(successor), split, now()
        )
        .execute(pool)
        .await
        .unwrap();
    }
    import
}

type Row = (String, Option<String>, Option<String>, Option<Decimal>, String);

async fn register(pool: &PgPool) -> Vec<Row> {
    let rows = sqlx::query!(
        r#"SELECT kind, occupant, lessor, area_mu * 2000 / 3 AS area, valid::text AS "valid!" FROM occupancy
           WHERE superseded_at IS NULL ORDER BY kind, occupant, valid"#
    );
    let rows = rows.fetch_all(pool).await.unwrap();
    rows.into_iter()
        .map(|row| (row.kind, row.occupant, row.lessor, row.area.map(|area| area.round_dp(12).normalize()), row.valid))
        .collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clean_file_is_taken_and_the_same_again_changes_nothing(pool: PgPool) {
    let import = import(&pool).await;
    let text = table(&[
        owned(1, 1, "1000", "2020-01-01", ""),
        owned(2, 2, "600.5", "2021-01-01", "2024-12-31"),
        leased(3, "租入", 1, "400"),
        format!("{},{},其他,12,,,2024-01-01,", uscc(4), parcel(3)),
        format!("{},{},租出,400,300,,2024-01-01,", uscc(4), parcel(4)),
    ]);
    let report = import.csv(&text).await;
    assert_eq!((counts(&report), faults(&report)), ((5, 5, 0, 0), vec![]));
    let rows = register(&pool).await;
    assert_eq!(rows[0].0, "leased");
    assert_eq!(rows[0].4, "[2024-01-01,2026-01-01)", "the last day still counts");
    assert_eq!((rows[1].1.as_deref(), rows[1].2.clone()), (None, Some(uscc(4))));
    for again in [import.csv(&text).await, import.gbk(&text).await, import.xlsx(&text).await] {
        assert_eq!((counts(&again), faults(&again)), ((5, 0, 0, 5), vec![]));
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_lease_told_by_both_sides_is_one_row(pool: PgPool) {
    let import = import(&pool).await;
    let rows = [owned(1, 1, "1000", "2020-01-01", ""), leased(3, "租入", 1, "400"), leased(1, "租出", 3, "400")];
    let report = import.csv(&table(&rows)).await;
    assert_eq!((counts(&report), faults(&report)), ((3, 2, 0, 1), vec![]));
    let lease = ("leased".into(), Some(uscc(3)), Some(uscc(1)), Some(dec!(400)), "[2024-01-01,2026-01-01)".into());
    assert_eq!(register(&pool).await[0], lease);
    assert_eq!(counts(&import.csv(&table(&rows)).await), (3, 0, 0, 3));
    assert_eq!(counts(&import.csv(&table(&[leased(1, "租出", 3, "400")])).await), (1, 0, 0, 1), "in a file of its own");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn sides_that_differ_are_refused(pool: PgPool) {
    let import = import(&pool).await;
    let report = import.csv(&table(&[leased(3, "租入", 1, "400"), leased(1, "租出", 3, "380")])).await;
    assert_eq!((counts(&report), faults(&report)), ((2, 1, 1, 0), vec![(2, Code::DuplicateRecord, Severity::Error)]));
    let other = table(&[leased(1, "租出", 3, "380")]);
    assert_eq!(faults(&import.csv(&other).await), [(1, Code::ConflictsWithRegister, Severity::Error)]);
    assert_eq!(counts(&import.accepting().csv(&other).await), (1, 1, 0, 0));
    assert_eq!(register(&pool).await[0].3, Some(dec!(380)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_side_may_leave_open_what_the_other_says(pool: PgPool) {
    let import = import(&pool).await;
    let open = format!("{},{},租出,,,{},2024-01-01,", uscc(1), parcel(1), uscc(3));
    let report = import.csv(&table(&[open.clone(), leased(3, "租入", 1, "400")])).await;
    assert_eq!((counts(&report), faults(&report)), ((2, 1, 0, 1), vec![(1, Code::LandMissing, Severity::Warning)]));
    assert_eq!((register(&pool).await[0].3, register(&pool).await.len()), (Some(dec!(400)), 1));
    assert_eq!(counts(&import.csv(&table(&[open])).await), (1, 0, 0, 1));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_fault_is_told_at_its_record(pool: PgPool) {
    let plain = |code: String, on: String, side: &str, rest: &str| format!("{code},{on},{side},{rest}");
    let rows = [
        plain(uscc(99), parcel(1), "自有", "10,,,2024-01-01,"),
        plain(uscc(1), parcel(99), "自有", "10,,,2024-01-01,"),
        plain(uscc(1), "330105001001GB1".into(), "自有", "10,,,2024-01-01,"),
        plain(uscc(1), parcel(5), "自有", "10,,,2024-01-01,"),
        plain(uscc(1), parcel(1), "自有", "-1,,,2024-01-01,"),
        plain(uscc(1), parcel(1), "自有", "10,0,,2024-01-01,"),
        plain(uscc(1), parcel(1), "自有", "10,,,2024-01-02,2024-01-01"),
        plain(uscc(1), parcel(1), "自有", "10,,,,"),
        plain(uscc(1), parcel(1), "借用", "10,,,2024-01-01,"),
        plain(uscc(1), parcel(1), "租入", &format!("10,,{},2024-01-01,", uscc(1))),
        plain(uscc(1), parcel(1), "租入", &format!("10,,{},2024-01-01,", uscc_failing(2))),
        plain(uscc(1), parcel(1), "租入", &format!("10,,{},2024-01-01,", uscc(98))),
        plain(uscc(2), parcel(1), "自有", ",,,2024-01-01,"),
        plain(uscc(3), parcel(1), "自有", "0,,,2024-01-01,"),
        plain(uscc(4), String::new(), "自有", "10,,,2024-01-01,"),
        plain(uscc(4), parcel(6), "自有", "10,,,2022-01-01,"),
        plain(uscc(5), parcel(1), "自有", &format!("10,,{},2024-01-01,", uscc(2))),
        plain(uscc(5), parcel(1), "自有", "10,,,2024-01-01,"),
        plain(uscc(6), parcel(1), "自有", "10,,,2024-01-01,2024-01-01"),
    ];
    let report = import(&pool).await.csv(&table(&rows)).await;
    use Severity::{Error, Warning};
    assert_eq!(
        faults(&report),
        [
            (1, Code::EnterpriseUnknown, Error),
            (2, Code::ParcelUnknown, Error),
            (3, Code::CodeInvalid, Error),
            (4, Code::ParcelUnknown, Error),
            (5, Code::FigureNegative, Error),
            (6, Code::ValueUnknown, Error),
            (7, Code::PeriodInvalid, Error),
            (8, Code::ValueMissing, Error),
            (9, Code::ValueUnknown, Error),
            (10, Code::ValueUnknown, Error),
            (11, Code::UsccCheckDigit, Error),
            (12, Code::EnterpriseUnknown, Warning),
            (13, Code::LandMissing, Warning),
            (14, Code::LandZero, Warning),
            (15, Code::CodeMissing, Warning),
            (16, Code::ParcelUnknown, Warning),
            (17, Code::ValueUnknown, Warning),
            (18, Code::DuplicateRecord, Error),
        ]
    );
    assert_eq!(counts(&report), (19, 7, 12, 0));
    let became = format!("已于 2023-05-01 变更为 {}、{}", parcel(6), parcel(7));
    assert!(report.faults[3].message.contains(&became), "{}", report.faults[3].message);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn areas_in_mu_and_hectares(pool: PgPool) {
    let import = import(&pool).await;
    let text = |unit: &str, area: &str| {
        format!(
            "信用代码,宗地代码,用地方式,用地面积（{unit}）,起始日期\n{},{},自有,{area},2024/1/1\n",
            uscc(1),
            parcel(1)
        )
    };
    import.csv(&text("亩", "1.2")).await;
    assert_eq!(register(&pool).await[0].3, Some(dec!(800)));
    assert_eq!(counts(&import.csv(&text("公顷", "0.08")).await), (1, 0, 0, 1));
    assert_eq!(counts(&import.csv(&text("平方米", "800.01")).await), (1, 1, 0, 0));
    assert_eq!(counts(&import.csv(&text("亩", "1.2")).await), (1, 1, 0, 0));
    assert_eq!(counts(&import.csv(&text("平方米", "800")).await), (1, 0, 0, 1), "the same land in another unit");
    let known = sqlx::query_scalar!("SELECT count(*) FROM occupancy").fetch_one(&pool).await.unwrap();
    assert_eq!((register(&pool).await.len(), known), (1, Some(3)), "a correction keeps what was said before");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn land_in_mu_is_kept_as_it_is_written(pool: PgPool) {
    let import = import(&pool).await;
    let rows: Vec<String> = ["10", "26.8", "0.1", "1234.5678"]
        .iter()
        .enumerate()
        .map(|(place, mu)| format!("{},,自有,{mu},2024-01-01", uscc(place + 1)))
        .collect();
    let text = format!("信用代码,宗地代码,使用方式,用地面积（亩）,起始日期\n{}\n", rows.join("\n"));
    assert_eq!(counts(&import.csv(&text).await), (4, 4, 0, 0));
    let kept =
        sqlx::query_scalar!("SELECT area_mu::text FROM occupancy ORDER BY occupant").fetch_all(&pool).await.unwrap();
    let kept: Vec<String> = kept.into_iter().flatten().collect();
    assert_eq!(kept, ["10", "26.8", "0.1", "1234.5678"]);
    assert_eq!(counts(&import.csv(&text).await), (4, 0, 0, 4));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn figures_beyond_their_bounds_are_refused_with_their_place(pool: PgPool) {
    let import = import(&pool).await;
    let report = import
        .csv(&table(&[
            owned(1, 1, "1000000000000000", "2024-01-01", ""),
            owned(2, 2, "100000000000000000000000000", "2024-01-01", ""),
            format!("{},{},租入,10,1000000000.1,,2024-01-01,", uscc(3), parcel(1)),
            owned(4, 2, "0.0000000000001", "2024-01-01", ""),
        ]))
        .await;
    use Severity::Error;
    let expected = [1, 2, 3, 4].map(|record| (record, Code::FigureOutOfRange, Error));
    assert_eq!((counts(&report), faults(&report)), ((4, 0, 4, 0), expected.to_vec()));
    assert!(report.faults[0].message.contains("不超过 1500000 亩（1000 平方千米）"), "{}", report.faults[0].message);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_same_parties_may_not_overlap(pool: PgPool) {
    let import = import(&pool).await;
    let first = owned(1, 1, "100", "2020-01-01", "");
    let later = owned(1, 1, "200", "2023-01-01", "");
    let report = import.csv(&table(&[first.clone(), later.clone()])).await;
    assert_eq!(faults(&report), [(2, Code::PeriodInvalid, Severity::Error)]);
    assert_eq!(
        faults(&import.csv(&table(std::slice::from_ref(&later))).await),
        [(1, Code::PeriodInvalid, Severity::Error)]
    );
    let ended = |last| owned(1, 1, "100", "2020-01-01", last);
    let report = import.csv(&table(&[ended("2023-01-01"), later.clone()])).await;
    assert_eq!(faults(&report), [(2, Code::PeriodInvalid, Severity::Error)], "a day too long");
    let report = import.csv(&table(&[ended("2022-12-31"), later])).await;
    assert_eq!((counts(&report), faults(&report)), ((2, 2, 0, 0), vec![]));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_land_in_use_is_held_against_the_parcel(pool: PgPool) {
    let import = import(&pool).await;
    let fits = [
        owned(1, 1, "600", "2020-01-01", ""),
        owned(2, 1, "401", "2021-01-01", "2021-12-31"),
        leased(3, "租入", 1, "500"),
        owned(4, 1, "400", "2022-01-01", ""),
    ];
    assert_eq!(
        faults(&import.csv(&table(&fits)).await),
        [],
        "a square metre is let pass, a lease among holders adds none"
    );
    let outside = format!("{},{},租入,2,,,2024-01-01,", uscc(5), parcel(1));
    let warned = vec![(1, Code::OccupancyExceedsParcel, Severity::Warning)];
    let report = import.csv(&table(std::slice::from_ref(&outside))).await;
    assert_eq!(
        (counts(&report), faults(&report)),
        ((1, 0, 1, 0), warned.clone()),
        "it stays out until somebody vouches"
    );
    assert!(report.faults[0].message.contains("在 2024-01-01 的用地合计 1002 平方米"), "{}", report.faults[0].message);
    let report = import.accepting().csv(&table(&[outside])).await;
    assert_eq!((counts(&report), faults(&report)), ((1, 1, 0, 0), warned));
    assert!(report.faults[0].message.contains("由测试员确认后导入"), "{}", report.faults[0].message);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clerk_keeps_to_the_own_subdistrict_and_a_preview_leaves_nothing(pool: PgPool) {
    let import = import(&pool).await.clerk();
    let before = everything(&pool).await;
    let rows =
        [owned(1, 1, "10", "2024-01-01", ""), owned(2, 1, "10", "2024-01-01", ""), owned(3, 3, "10", "2024-01-01", "")];
    let report = import.preview(&table(&rows)).await;
    let refused = [(2, Code::OutsideScope, Severity::Error), (3, Code::OutsideScope, Severity::Error)];
    assert_eq!((counts(&report), faults(&report)), ((3, 1, 2, 0), refused.to_vec()));
    assert_eq!(everything(&pool).await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn counts_add_up(pool: PgPool) {
    let import = import(&pool).await;
    let line =
        (1usize..8, 1usize..7, 0usize..4, -1i64..300, 2019..2025).prop_map(|(number, other, side, area, year)| {
            let side = ["自有", "租入", "租出", "其他"][side];
            let counterpart = if side.starts_with('租') { uscc(other) } else { String::new() };
            format!(
                "{},{},{side},{area},,{counterpart},{year}-01-01,{year}-12-31",
                uscc(number),
                parcel(1 + area as usize % 8)
            )
        });
    let strategy = prop::collection::vec(line, 1..30);
    let mut runner = TestRunner::deterministic();
    let mut accepting = Import::new(&pool, ImportKind::Occupancies).await;
    accepting.options.accept_warnings = true;
    for _ in 0..12 {
        let text = table(&strategy.new_tree(&mut runner).unwrap().current());
        let first = accepting.csv(&text).await;
        let second = import.csv(&text).await;
        assert_eq!(second.accepted, 0, "{text}");
        assert_eq!((second.rejected, second.unchanged), (first.rejected, first.accepted + first.unchanged), "{text}");
    }
}
