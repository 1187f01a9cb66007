use crate::db::PgPool;
use crate::exchange::{FaultCode as Code, Severity};
use crate::importing::ImportKind;
use crate::importing::table_stage::testing::*;
use crate::policy;

const VETOES: &str = "信用代码,单位名称,否决情形,认定日期,生效日期,到期日期,责任部门,文号";

async fn import(pool: &PgPool, kind: ImportKind) -> Import {
    let import = Import::new(pool, kind).await;
    policy::store::load(pool).await.unwrap();
    enterprises(pool, 4).await;
    import
}

fn errors(report: &crate::importing::Report) -> Vec<(u64, Code)> {
    faults(report).into_iter().filter(|it| it.2 == Severity::Error).map(|(record, code, _)| (record, code)).collect()
}

async fn rows(pool: &PgPool, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

const TAKEN: &str = "SELECT concat_ws(' ', kind, happened_on, valid::text, department, document) FROM evaluation_veto
    WHERE withdrawn_at IS NULL ORDER BY uscc, happened_on";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_list_of_vetoes_is_taken_with_what_the_kinds_say_and_brought_again_it_is_unchanged(pool: PgPool) {
    let import = import(&pool, ImportKind::Vetoes).await;
    let text = format!(
        "{VETOES}\n{0},企业1,违反税收法律法规且情节严重,2023-05-16,,,,合成税罚1号\n{1},企业2,safety_accident,2023-12-31,2024-01-10,,区安监局,合成安监1号\n\
         {2},企业3,环保指标不达标,2023-03-01,,长期,,合成环罚1号\n",
        uscc(1),
        uscc(2),
        uscc(3)
    );
    assert_eq!(counts(&import.preview(&text).await), (3, 3, 0, 0));
    assert!(rows(&pool, TAKEN).await.is_empty(), "a preview writes nothing");
    assert_eq!(counts(&import.csv(&text).await), (3, 3, 0, 0));
    assert_eq!(
        rows(&pool, TAKEN).await,
        [
            "tax_offence 2023-05-16 [2023-05-16,2024-01-01) tax 合成税罚1号",
            "safety_accident 2023-12-31 [2024-01-10,2025-01-01) safety 合成安监1号",
            "environmental_indicators 2023-03-01 [2023-03-01,) environment 合成环罚1号",
        ]
    );
    assert_eq!(counts(&import.xlsx(&text).await), (3, 0, 0, 3), "the same, as a workbook");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_wrong_with_a_list_of_vetoes_is_told_row_by_row_and_the_rest_is_taken(pool: PgPool) {
    let import = import(&pool, ImportKind::Vetoes).await;
    let row = |number: usize, rest: &str| format!("{},,{rest}", uscc(number));
    let rows_of = [
        row(1, "运气不好,2023-05-16,,,,合成1号"),
        row(1, "税务,2023-05-16,,,,合成1号"),
        row(1, "tax_offence,2018-12-31,,,,合成1号"),
        row(1, "tax_offence,2025-06-02,,,,合成1号"),
        row(1, "tax_offence,某日,,,,合成1号"),
        row(1, "tax_offence,2023-05-16,2023-05-16,2023-05-15,,合成1号"),
        row(1, "tax_offence,2023-05-16,,,区电影局,合成1号"),
        row(1, "tax_offence,2023-05-16,,,,"),
        row(9, "tax_offence,2023-05-16,,,,合成1号"),
        "12345,,tax_offence,2023-05-16,,,,合成1号".to_owned(),
        row(2, "tax_offence,2023-05-16,,,,合成2号"),
        row(2, "tax_offence,2023-05-16,,,,合成2号"),
        row(3, "tax_offence,2023-05-16,,,,合成3号"),
        row(3, "tax_offence,2023-05-16,,2026-01-01,,合成3号"),
        row(4, "tax_offence,2025-06-01,,,,合成4号"),
    ];
    let report = import.csv(&format!("{VETOES}\n{}\n", rows_of.join("\n"))).await;
    assert_eq!(counts(&report), (15, 2, 13, 0), "{report:?}");
    assert_eq!(
        errors(&report),
        [
            (1, Code::ValueUnknown),
            (2, Code::ValueUnknown),
            (3, Code::PeriodInvalid),
            (4, Code::EventInFuture),
            (5, Code::ValueUnreadable),
            (6, Code::PeriodInvalid),
            (7, Code::ValueUnknown),
            (8, Code::ValueMissing),
            (9, Code::EnterpriseUnknown),
            (10, Code::UsccInvalid),
            (12, Code::DuplicateRecord),
            (13, Code::DuplicateRecord),
            (14, Code::DuplicateRecord),
        ]
    );
    let early = report.faults.iter().find(|fault| fault.record == Some(3)).unwrap();
    assert!(early.message.contains("二(一)4") && early.message.contains("2019-01-01"), "{}", early.message);
    assert_eq!(early.line, Some(4));
    // On record in other words: withdrawn by a person first.
    let otherwise = format!("{VETOES}\n{}\n", row(2, "tax_offence,2023-05-16,,2026-01-01,,合成2号"));
    assert_eq!(errors(&import.csv(&otherwise).await), [(1, Code::ConflictsWithRegister)]);
    sqlx::query("UPDATE evaluation_veto SET withdrawn_at = now(), withdrawn_by = '测试员', withdrawn_reason = '误登'")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(counts(&import.csv(&otherwise).await), (1, 1, 0, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_list_of_exemptions_says_until_when_protection_lasts(pool: PgPool) {
    let import = import(&pool, ImportKind::Exemptions).await;
    let text = format!(
        "统一社会信用代码,类型,起始日期,截止日期,依据文件\n{0},免评,2023-01-01,,合成免1号\n{1},保护期,2023-01-01,2024-06-30,合成保1号\n\
         {2},保护期,2023-01-01,,合成保2号\n{2},保护期,2023-01-01,长期,合成保2号\n{2},优待,2023-01-01,,合成保2号\n",
        uscc(1),
        uscc(2),
        uscc(3)
    );
    let report = import.csv(&text).await;
    assert_eq!(counts(&report), (5, 2, 3, 0), "{report:?}");
    assert_eq!(errors(&report), [(3, Code::ValueMissing), (4, Code::ValueMissing), (5, Code::ValueUnknown)]);
    let taken = "SELECT concat_ws(' ', kind, valid::text, document) FROM evaluation_exemption ORDER BY uscc";
    assert_eq!(
        rows(&pool, taken).await,
        ["exempt [2023-01-01,) 合成免1号", "protection [2023-01-01,2024-07-01) 合成保1号"]
    );
    assert_eq!(counts(&import.csv(&text).await), (5, 0, 3, 2));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_list_of_coefficients_is_held_to_its_bounds_and_to_one_a_year(pool: PgPool) {
    let mut import = import(&pool, ImportKind::Coefficients).await;
    import.options.year = Some(2023);
    let head = "统一社会信用代码,类别,年度,系数,依据文件";
    let row = |number: usize, rest: &str| format!("{},{rest},合成系数1号", uscc(number));
    let rows_of = [
        row(1, "规上工业,2022,0.9"),
        row(1, "规上工业,,1.1"),
        row(2, "规上工业,2023,0"),
        row(2, "规上工业,2023,-1"),
        row(2, "规上工业,2023,100.000001"),
        row(2, "规上工业,2023,0.0000001"),
        row(2, "规上工业,1998,0.9"),
        row(2, "规外工业,2023,0.9"),
        row(3, "industry_above,2023,100"),
    ];
    let report = import.csv(&format!("{head}\n{}\n", rows_of.join("\n"))).await;
    assert_eq!(counts(&report), (9, 3, 6, 0), "{report:?}");
    let range = Code::FigureOutOfRange;
    assert_eq!(
        errors(&report),
        [(3, range), (4, range), (5, range), (6, range), (7, Code::ValueUnknown), (8, Code::ValueUnknown)]
    );
    let taken = "SELECT concat_ws(' ', category, year, value) FROM evaluation_coefficient ORDER BY uscc, year";
    assert_eq!(
        rows(&pool, taken).await,
        ["industry_above 2022 0.9", "industry_above 2023 1.1", "industry_above 2023 100"]
    );
    let other = import.csv(&format!("{head}\n{}\n", row(1, "规上工业,2022,0.8"))).await;
    assert_eq!(errors(&other), [(1, Code::ConflictsWithRegister)]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_claim_names_an_item_of_the_scheme_and_a_clerk_the_enterprises_of_the_sub_district(pool: PgPool) {
    let import = import(&pool, ImportKind::Claims).await;
    let text = format!("统一社会信用代码,类别,年度,项目,次数,文件\n{},规上工业,2023,发明专利,2,合成专利1号\n", uscc(1));
    let report = import.csv(&text).await;
    assert_eq!(errors(&report), [(1, Code::ValueUnknown)], "no scheme that ships has items");
    assert!(report.faults[0].message.contains("没有加减分项"), "{}", report.faults[0].message);
    let clerk = Import::new(&pool, ImportKind::Exemptions).await.clerk();
    let text = format!(
        "统一社会信用代码,种类,有效自,依据文件\n{},免评,2023-01-01,合成\n{},免评,2023-01-01,合成\n",
        uscc(1),
        uscc(2)
    );
    let report = clerk.csv(&text).await;
    assert_eq!((counts(&report), errors(&report)), ((2, 1, 1, 0), vec![(2, Code::OutsideScope)]));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn platforms_come_by_file_with_their_levels_of_each_time_and_never_twice_in_the_same_days(pool: PgPool) {
    let import = import(&pool, ImportKind::Platforms).await;
    let head = "平台编号,平台名称,平台类型,星级,面积（公顷）,有效自,有效至,文号";
    let rows_of = [
        "XC-1,合成园区,产业园区,3,10,2020-01-01,2021-12-31,合成平台1号",
        "XC-1,合成园区,产业园区,4,10,2022-01-01,,合成平台2号",
        "XC-2,合成小镇,特色小镇,,,2020-01-01,长期,合成平台1号",
        "XC-3,合成楼宇,高楼,,,2020-01-01,,合成平台1号",
        "XC-3,合成楼宇,楼宇,6,,2020-01-01,,合成平台1号",
        "XC-3,合成楼宇,楼宇,,0,2020-01-01,,合成平台1号",
        "园-3,合成楼宇,楼宇,,,2020-01-01,,合成平台1号",
        "XC-4,合成孵化器,孵化器、众创空间,,,2020-01-01,2022-12-31,合成平台1号",
        "XC-4,合成孵化器,孵化器、众创空间,2,,2022-12-31,,合成平台1号",
        "XC-5,合成小镇,其他平台,,,2021-01-01,,合成平台1号",
    ];
    let text = format!("{head}\n{}\n", rows_of.join("\n"));
    let report = import.csv(&text).await;
    assert_eq!(
        errors(&report),
        [
            (3, Code::PeriodInvalid),
            (4, Code::ValueUnknown),
            (5, Code::ValueUnknown),
            (6, Code::FigureOutOfRange),
            (7, Code::ValueUnknown),
            (8, Code::PeriodInvalid),
            (9, Code::PeriodInvalid),
            (10, Code::PeriodInvalid),
        ],
        "one name is of one platform, one platform of one row a day: {report:?}"
    );
    assert_eq!(counts(&report), (10, 2, 8, 0));
    let taken =
        "SELECT concat_ws(' ', code, name, kind, level, area_mu, valid::text, document) FROM platform ORDER BY valid";
    assert_eq!(
        rows(&pool, taken).await,
        [
            "XC-1 合成园区 industrial_park 3 150 [2020-01-01,2022-01-01) 合成平台1号",
            "XC-1 合成园区 industrial_park 4 150 [2022-01-01,) 合成平台2号",
        ]
    );
    let again = format!("{head}\n{}\n{}\n", rows_of[0], rows_of[1]);
    assert_eq!(counts(&import.csv(&again).await), (2, 0, 0, 2));
    let report = import.csv(&format!("{head}\nXC-9,合成园区,楼宇,,,2021-12-31,2021-12-31,合成平台3号\n")).await;
    assert_eq!((counts(&report), errors(&report)), ((1, 0, 1, 0), vec![(1, Code::ConflictsWithRegister)]));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn members_of_a_list_come_by_file_each_of_its_own_kind(pool: PgPool) {
    let import = import(&pool, ImportKind::Members).await;
    sqlx::query(
        "INSERT INTO platform (district, id, code, name, kind, valid, document, recorded_at, recorded_by)
         SELECT code, gen_random_uuid(), 'XC-1', '合成园区', 'industrial_park', '[2020-01-01,)', '合成', now(), '测试员' FROM district",
    )
    .execute(&pool)
    .await
    .unwrap();
    let head = "名单编号,对象类别,代码,企业名称,有效自,有效至,依据文件";
    let rows_of = [
        format!("group_hecheng,,{},企业1,2022-01-01,,合成集团1号", uscc(1)),
        format!("group_hecheng,企业,{},企业2,2022-01-01,2023-12-31,合成集团1号", uscc(2)),
        "key_platform,平台,XC-1,,2019-01-01,2019-12-31,合成平台1号".to_owned(),
        "key_platform,平台,XC-2,,2019-01-01,2019-12-31,合成平台1号".to_owned(),
        format!("key_platform,,{},,2019-01-01,,合成平台1号", uscc(9)),
        format!("high_tech,,{},,2019-01-01,,合成1号", uscc(1)),
        format!("重点,,{},,2019-01-01,,合成1号", uscc(1)),
        format!("pilot,个人,{},,2018-01-01,,合成1号", uscc(1)),
        format!("pilot,,{},,2018-01-01,2018-06-30,合成1号", uscc(3)),
        format!("pilot,,{},,2018-06-30,2018-12-31,合成1号", uscc(3)),
    ];
    let report = import.csv(&format!("{head}\n{}\n", rows_of.join("\n"))).await;
    assert_eq!(
        errors(&report),
        [
            (4, Code::ValueUnknown),
            (5, Code::EnterpriseUnknown),
            (6, Code::ValueUnknown),
            (7, Code::ValueUnknown),
            (8, Code::ValueUnknown),
            (9, Code::PeriodInvalid),
            (10, Code::PeriodInvalid),
        ],
        "{report:?}"
    );
    let taken =
        "SELECT concat_ws(' ', list, subject_kind, valid::text, document) FROM evaluation_list ORDER BY list, valid";
    assert_eq!(
        rows(&pool, taken).await,
        [
            "group_hecheng enterprise [2022-01-01,2024-01-01) 合成集团1号",
            "group_hecheng enterprise [2022-01-01,) 合成集团1号",
            "key_platform platform [2019-01-01,2020-01-01) 合成平台1号",
        ]
    );
    let other = format!("group_hecheng,,{},,2023-12-31,,合成集团2号", uscc(2));
    let report = import.csv(&format!("{head}\n{}\n{other}\n", rows_of[0])).await;
    assert_eq!((counts(&report), errors(&report)), ((2, 0, 1, 1), vec![(2, Code::ConflictsWithRegister)]));
}
