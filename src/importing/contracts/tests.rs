use rust_decimal_macros::dec;
use rust_xlsxwriter::Workbook;

use super::spec::TABLES;
use crate::base::unit::Yuan;
use crate::contract::event::Happening;
use crate::contract::{Contract, ContractKind, store};
use crate::db::{PgPool, Scope};
use crate::exchange::{FaultCode, Severity, template};
use crate::importing::table_stage::testing::{DISTRICT, Import, counts, day, faults, now, parcel, uscc};
use crate::importing::{ImportKind, Mode, Report};
use crate::policy;

const AGREEMENT: &str = "合同编号,签订日期,供地方式,宗地代码,出让面积（平方米）,受让人信用代码,合同总价（万元）,约定开工日期,约定竣工日期,\
    出让年限,建设期,投产期,逾期付款违约金（‰/日）";

async fn import(pool: &PgPool) -> Import {
    policy::store::load(pool).await.unwrap();
    Import::new(pool, ImportKind::Contracts).await
}

fn agreement(number: usize) -> String {
    format!(
        "C{number},2023-03-01,分阶段年期出让,{},20000,{},685,2023-06-01,2025-06-01,50,24,36,1",
        parcel(number),
        uscc(number)
    )
}

fn workbook(sheets: &[(&str, String)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, text) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, line) in text.lines().enumerate() {
            for (column, cell) in line.split(',').enumerate().filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row as u32, column as u16, cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn whole() -> Vec<(&'static str, String)> {
    vec![
        ("合同", format!("{AGREEMENT}\n{}", agreement(1))),
        ("价款", "合同编号,期次,应缴日期,应缴金额（万元）\nC1,2,2023-09-01,342.5\nC1,1,2023-04-01,342.5".to_owned()),
        ("承诺", "合同编号,指标,下限,上限,计量单位\nC1,floor_area_ratio,1.5,2.5,1".to_owned()),
        (
            "事件",
            "合同编号,事件,发生日期,缴款期次,金额（万元）\nC1,交付土地,2023-05-01,,\nC1,缴款,2023-04-10,1,342.5\nC1,开工,2023-06-20,,"
                .to_owned(),
        ),
        ("说明", "随便写的".to_owned()),
    ]
}

async fn contract(pool: &PgPool, number: &str) -> Option<Contract> {
    let scope = Scope { district: DISTRICT.parse().unwrap(), subdistrict: None };
    let mut connection = pool.acquire().await.unwrap();
    let later = now() + chrono::Days::new(1);
    store::load(&mut connection, &scope, number, later).await.unwrap().map(|registered| registered.contract)
}

fn codes(report: &Report) -> Vec<FaultCode> {
    report.faults.iter().map(|fault| fault.code).collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_workbook_of_four_sheets_becomes_a_contract_and_the_second_time_changes_nothing(pool: PgPool) {
    let import = import(&pool).await;
    let report = import.bytes("合同.xlsx", &workbook(&whole()), Mode::Commit).await;
    assert_eq!(counts(&report), (7, 7, 0, 0), "{:?}", report.faults);
    assert!(codes(&report).contains(&FaultCode::LayerUnknown), "the sheet that was not read is told");
    let contract = contract(&pool, "C1").await.unwrap();
    let terms = &contract.versions[0].terms;
    assert_eq!(terms.kind, ContractKind::Staged);
    assert_eq!(terms.price, Yuan(dec!(6850000)));
    assert_eq!(
        terms.instalments.iter().map(|part| part.due).collect::<Vec<_>>(),
        [day("2023-04-01"), day("2023-09-01")]
    );
    assert_eq!(terms.commitments[0].required.to_string(), "[1.5,2.5]");
    assert_eq!(terms.rates.late_payment, Some(dec!(1)));
    assert_eq!(contract.events.len(), 3);
    let again = import.bytes("合同.xlsx", &workbook(&whole()), Mode::Commit).await;
    assert_eq!(counts(&again), (7, 0, 0, 7), "{:?}", again.faults);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_preview_leaves_nothing(pool: PgPool) {
    let import = import(&pool).await;
    let report = import.bytes("合同.xlsx", &workbook(&whole()), Mode::Preview).await;
    assert_eq!(report.accepted, 7);
    assert!(contract(&pool, "C1").await.is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn instalments_that_do_not_sum_to_the_price_refuse_the_whole_contract(pool: PgPool) {
    let import = import(&pool).await;
    let mut sheets = whole();
    sheets[1].1 = sheets[1].1.replace("342.5\nC1,1", "342.4\nC1,1");
    let report = import.bytes("合同.xlsx", &workbook(&sheets), Mode::Commit).await;
    assert_eq!(counts(&report), (7, 0, 7, 0));
    let told = faults(&report);
    assert!(told.contains(&(1, FaultCode::InstalmentsSum, Severity::Error)), "{told:?}");
    assert!(told.contains(&(5, FaultCode::ContractRefused, Severity::Error)), "every refused row says so: {told:?}");
    assert!(contract(&pool, "C1").await.is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_event_that_does_not_fit_is_refused_alone(pool: PgPool) {
    let import = import(&pool).await;
    import.bytes("合同.xlsx", &workbook(&whole()), Mode::Commit).await;
    let events = "合同编号,事件,发生日期,依据文件,涉及义务,延期至,缴款期次,金额（万元）\n\
        C1,交付土地,2023-05-02,,,,,\n\
        C1,开工,2023-02-01,,,,,\n\
        C1,准予延期,2025-05-20,延期批复,竣工,2026-06-02,,\n\
        C1,缴款,2023-09-01,,,,3,1\n\
        C1,竣工申报,2025-05-30,,,,,\n\
        C9,开工,2023-06-20,,,,,";
    let report = import.csv(events).await;
    assert_eq!(counts(&report), (6, 1, 5, 0), "{:?}", report.faults);
    let told = faults(&report);
    for expected in [
        (1, FaultCode::HandedOverTwice),
        (2, FaultCode::EventBeforeContract),
        (3, FaultCode::ExtensionTooLong),
        (4, FaultCode::InstalmentUnknown),
        (6, FaultCode::ContractUnknown),
    ] {
        assert!(told.contains(&(expected.0, expected.1, Severity::Error)), "{expected:?} in {told:?}");
    }
    let kept = contract(&pool, "C1").await.unwrap();
    assert!(kept.events.iter().any(|event| event.happening == Happening::CompletionDeclared));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_price_in_one_piece_needs_its_day(pool: PgPool) {
    let import = import(&pool).await;
    let report = import.csv(&format!("{AGREEMENT}\n{}", agreement(1))).await;
    assert_eq!((counts(&report), codes(&report)), ((1, 0, 1, 0), vec![FaultCode::ValueMissing]));
    let report = import.csv(&format!("{AGREEMENT},价款缴清日期\n{},2023-04-01", agreement(1))).await;
    assert_eq!(counts(&report), (1, 1, 0, 0), "{:?}", report.faults);
    assert_eq!(contract(&pool, "C1").await.unwrap().versions[0].terms.instalments.len(), 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_percent_in_the_header_is_ten_permille(pool: PgPool) {
    let import = import(&pool).await;
    let header = format!("{AGREEMENT},价款缴清日期").replace("‰/日", "%/日");
    let report = import.csv(&format!("{header}\n{},2023-04-01", agreement(1))).await;
    assert_eq!(counts(&report), (1, 1, 0, 0), "{:?}", report.faults);
    assert!(faults(&report).contains(&(1, FaultCode::RateDoubtful, Severity::Warning)), "1 % a day is worth a look");
    assert_eq!(contract(&pool, "C1").await.unwrap().versions[0].terms.rates.late_payment, Some(dec!(10)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_supplement_takes_over_what_it_leaves_open(pool: PgPool) {
    let import = import(&pool).await;
    import.bytes("合同.xlsx", &workbook(&whole()), Mode::Commit).await;
    let header = "合同编号,文本类别,文本名称,签订日期,生效日期,约定竣工日期";
    let early = import.csv(&format!("{header}\nC1,补充协议,补一,2023-02-01,2023-02-01,2025-12-01")).await;
    assert!(
        codes(&early).contains(&FaultCode::ValueMissing)
            || codes(&early).contains(&FaultCode::SupplementBeforeContract)
    );
    assert_eq!(early.rejected, 1);
    let row = format!("{header}\nC1,补充协议,补一,2024-02-01,2024-02-15,2025-12-01");
    assert_eq!(counts(&import.csv(&row).await), (1, 1, 0, 0));
    let contract = contract(&pool, "C1").await.unwrap();
    let completion = |on: &str| contract.terms_on(day(on)).unwrap().completion_on;
    assert_eq!(completion("2024-02-14"), Some(day("2025-06-01")));
    assert_eq!(completion("2024-02-15"), Some(day("2025-12-01")));
    assert_eq!(contract.versions[1].terms.price, Yuan(dec!(6850000)));
    assert_eq!(counts(&import.csv(&row).await), (1, 0, 0, 1));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_differs_corrects_and_the_first_row_stays(pool: PgPool) {
    let import = import(&pool).await;
    import.bytes("合同.xlsx", &workbook(&whole()), Mode::Commit).await;
    let mut sheets = whole();
    sheets[0].1 = sheets[0].1.replace(",20000,", ",20500,");
    let report = import.bytes("合同.xlsx", &workbook(&sheets), Mode::Commit).await;
    assert_eq!(counts(&report), (7, 4, 0, 3), "{:?}", report.faults);
    let rows = sqlx::query_scalar!("SELECT count(*) FROM contract_terms").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, Some(2));
    let now_known = contract(&pool, "C1").await.unwrap();
    assert_eq!((now_known.versions.len(), now_known.versions[0].terms.granted_area.0), (1, dec!(30.75)));
}

/// Imported on 2025-06-01: from that day on the contract is kept here.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_review_is_carried_in_only_from_before_the_contract_was_entered(pool: PgPool) {
    let import = import(&pool).await;
    let header = "合同编号,事件,发生日期,复核结果";
    let mut sheets = whole();
    sheets[3].1 = format!("{header}\nC1,交付土地,2023-05-01,\nC1,开工,2023-06-20,");
    import.bytes("合同.xlsx", &workbook(&sheets), Mode::Commit).await;
    let review = |on: &str| format!("{header}\nC1,竣工综合复核验收,{on},通过");
    let today = import.csv(&review("2025-06-01")).await;
    assert_eq!(counts(&today), (1, 0, 1, 0));
    assert_eq!(faults(&today), [(1, FaultCode::ReviewElsewhere, Severity::Error)]);
    assert_eq!(counts(&import.csv(&review("2025-05-31")).await), (1, 1, 0, 0), "the day before");
    let origin = "SELECT review_origin FROM contract_event WHERE kind = 'completion_reviewed'";
    assert_eq!(sqlx::query_scalar::<_, String>(origin).fetch_all(&pool).await.unwrap(), ["historic"]);

    sheets[0].1 = format!("{AGREEMENT}\n{}", agreement(2));
    for sheet in &mut sheets[1..4] {
        sheet.1 = sheet.1.replace("C1", "C2");
    }
    sheets[3].1.push_str("\nC2,竣工综合复核验收,2025-06-01,通过");
    let with_its_contract = import.bytes("合同.xlsx", &workbook(&sheets), Mode::Commit).await;
    assert_eq!(
        with_its_contract.rejected, 0,
        "what comes with its contract is history: {:?}",
        with_its_contract.faults
    );
}

/// A price in one piece, so that one row is one contract.
fn one_piece(rows: &[String]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("{row},2023-04-01,")).collect();
    format!("{AGREEMENT},价款缴清日期,并存理由\n{}", rows.join("\n"))
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn land_that_is_granted_is_not_granted_again_by_file(pool: PgPool) {
    let import = import(&pool).await;
    let second = agreement(1).replace("C1,2023-03-01", "C2,2023-04-01");
    // Both in one file: the later one is refused, the file's other contracts are taken.
    let both = one_piece(&[second.clone(), agreement(1), agreement(3)]);
    let report = import.csv(&both).await;
    assert_eq!(counts(&report), (3, 2, 1, 0), "{:?}", report.faults);
    assert!(faults(&report).contains(&(1, FaultCode::LandTaken, Severity::Error)), "{:?}", report.faults);
    let told = report.faults.iter().find(|fault| fault.code == FaultCode::LandTaken).unwrap();
    assert!(told.message.contains("C1") && told.message.contains(&parcel(1)), "{}", told.message);
    assert!(contract(&pool, "C2").await.is_none() && contract(&pool, "C3").await.is_some());
    // Against what is on record as well, until somebody says why.
    let report = import.csv(&one_piece(std::slice::from_ref(&second))).await;
    assert_eq!((counts(&report), codes(&report).contains(&FaultCode::LandTaken)), ((1, 0, 1, 0), true));
    let said = one_piece(std::slice::from_ref(&second)) + "二期用地";
    let report = import.csv(&said).await;
    assert_eq!(counts(&report), (1, 1, 0, 0), "{:?}", report.faults);
    let ground: (String, String) =
        sqlx::query_as("SELECT ground, recorded_by FROM contract_beside WHERE contract = 'C2'")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(ground.0, "二期用地");
    assert!(!ground.1.is_empty(), "by whoever brought the file");
    assert_eq!(counts(&import.csv(&said).await), (1, 0, 0, 1), "the second time changes nothing");
    // What happens under a contract that stands beside another is taken without asking again.
    let events = "合同编号,事件,发生日期\nC2,交付土地,2023-05-02\nC1,交付土地,2023-05-02";
    assert_eq!(counts(&import.csv(events).await), (2, 2, 0, 0));
}

/// Parcels of the register as squares of the survey plane: number, metres to the east, side.
async fn drawn(pool: &PgPool, squares: &[(usize, f64, f64)]) {
    let feature = |(number, east, side): &(usize, f64, f64)| {
        let (x, y) = (40_520_000.0 + east, 3_356_000.0);
        let ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]];
        serde_json::json!({"type": "Feature", "properties": {"宗地代码": parcel(*number), "宗地面积": side * side},
            "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    for square in squares {
        let collection = serde_json::json!({"type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4528"}}, "features": [feature(square)]});
        let parcels = Import::new(pool, ImportKind::Parcels).await.dated("2020-01-01").accepting();
        let report = parcels.bytes("宗地.geojson", collection.to_string().as_bytes(), Mode::Commit).await;
        assert_eq!(report.accepted, 1, "{:?}", report.faults);
    }
}

fn taken(report: &Report) -> Vec<&str> {
    let faults = report.faults.iter().filter(|fault| fault.code == FaultCode::LandTaken);
    faults.map(|fault| fault.message.as_str()).collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_same_land_under_another_code_is_granted_land(pool: PgPool) {
    let import = import(&pool).await;
    // The second lies on the first, the third beside both with a sliver of a millimetre on the first, the fourth a metre into it.
    drawn(&pool, &[(1, 0.0, 100.0), (2, 0.0, 99.0), (3, 99.999, 100.0), (4, -99.0, 100.0)]).await;
    assert_eq!(counts(&import.csv(&one_piece(&[agreement(1)])).await), (1, 1, 0, 0));
    let report = import.csv(&one_piece(&[agreement(2), agreement(3), agreement(4)])).await;
    assert_eq!(counts(&report), (3, 1, 2, 0), "{:?}", report.faults);
    let said = taken(&report);
    assert!(said[0].contains("合同 C2") && said[0].contains("有效合同 C1"), "{said:?}");
    assert!(said[0].contains(&parcel(1)) && said[0].contains("重叠 ") && said[0].contains("平方米"), "{said:?}");
    assert!(said[1].contains("合同 C4"), "{said:?}");
    assert!(contract(&pool, "C2").await.is_none() && contract(&pool, "C3").await.is_some());
    // What nobody sees is no reason.
    let unseen = one_piece(&[agreement(2)]) + "\u{200b}";
    assert_eq!(counts(&import.csv(&unseen).await), (1, 0, 1, 0));
    // Somebody says why, and later events are taken without asking again.
    let said = one_piece(&[agreement(2)]) + "二期用地";
    assert_eq!(counts(&import.csv(&said).await), (1, 1, 0, 0));
    let events = "合同编号,事件,发生日期\nC2,交付土地,2023-05-02\nC1,交付土地,2023-05-02";
    assert_eq!(counts(&import.csv(events).await), (2, 2, 0, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn of_two_in_one_file_on_the_same_land_the_later_one_is_refused(pool: PgPool) {
    let import = import(&pool).await;
    drawn(&pool, &[(1, 0.0, 100.0), (2, 0.0, 99.0), (3, 500.0, 100.0)]).await;
    let later = agreement(2).replace("C2,2023-03-01", "C2,2023-03-02");
    let report = import.csv(&one_piece(&[later.clone(), agreement(1), agreement(3)])).await;
    assert_eq!(counts(&report), (3, 2, 1, 0), "{:?}", report.faults);
    assert!(taken(&report)[0].contains("合同 C2"), "{:?}", report.faults);
    // Not from the day on which the other was over.
    let over = "合同编号,事件,发生日期\nC1,解除合同,2023-03-02";
    assert_eq!(counts(&import.csv(over).await), (1, 1, 0, 0));
    assert_eq!(counts(&import.csv(&one_piece(&[later])).await), (1, 1, 0, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn land_of_an_admitted_project_is_asked_for_by_its_shape_too(pool: PgPool) {
    let import = import(&pool).await;
    drawn(&pool, &[(1, 0.0, 100.0), (2, 500.0, 100.0)]).await;
    // Only that it was admitted matters here, not what the decision rests on.
    let mut transaction = pool.begin().await.unwrap();
    sqlx::query("SET LOCAL session_replication_role = replica").execute(&mut *transaction).await.unwrap();
    sqlx::query(
        "INSERT INTO admission_case (district, id, year, serial, stage, round, client_key, application, project, investor, site,
             applied_on, outcome, created_name, created_at, changed_at, changed_by, last_action)
         SELECT $1, gen_random_uuid(), 2025, 7, 'decided', 1, gen_random_uuid(), '{}', '示例项目', '示例企业', geom,
             '2025-01-02', 'admitted', '测试员', now(), now(), '测试员', 'decide'
         FROM parcel_version WHERE code = $2",
    )
    .bind(DISTRICT)
    .bind(parcel(1))
    .execute(&mut *transaction)
    .await
    .unwrap();
    transaction.commit().await.unwrap();
    let report = import.csv(&one_piece(&[agreement(1), agreement(2)])).await;
    assert_eq!(counts(&report), (2, 1, 1, 0), "{:?}", report.faults);
    assert!(taken(&report)[0].contains("已准入项目 2025-0007"), "{:?}", report.faults);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_contract_comes_of_an_admitted_case_or_of_none_of_this_register(pool: PgPool) {
    let import = import(&pool).await;
    drawn(&pool, &[(1, 0.0, 100.0), (2, 500.0, 100.0), (3, 900.0, 100.0)]).await;
    let mut transaction = pool.begin().await.unwrap();
    sqlx::query("SET LOCAL session_replication_role = replica").execute(&mut *transaction).await.unwrap();
    sqlx::query(
        "INSERT INTO admission_case (district, id, year, serial, stage, round, client_key, application, project, investor,
             applied_on, outcome, created_name, created_at, changed_at, changed_by, last_action)
         SELECT $1, gen_random_uuid(), 2025, serial, 'decided', 1, gen_random_uuid(), '{}', '示例项目', '示例企业',
             '2025-01-02', outcome, '测试员', now(), now(), '测试员', 'decide'
         FROM (VALUES (7, 'refused'), (8, 'admitted')) AS decided(serial, outcome)",
    )
    .bind(DISTRICT)
    .execute(&mut *transaction)
    .await
    .unwrap();
    transaction.commit().await.unwrap();
    let naming = |case: &str, number: usize| {
        let text = one_piece(&[agreement(number)]);
        let (head, row) = text.split_once('\n').unwrap();
        format!("{head},准入案件编号\n{row},{case}")
    };
    let refused = import.csv(&naming("2025-0007", 1)).await;
    assert_eq!(counts(&refused), (1, 0, 1, 0), "{:?}", refused.faults);
    assert!(faults(&refused).iter().any(|fault| fault.1 == FaultCode::CaseNotAdmitted), "{:?}", refused.faults);
    for (case, number) in [("2025-0008", 1), ("2019年第3号", 2), ("2025-0009", 3)] {
        let taken = import.csv(&naming(case, number)).await;
        assert_eq!(counts(&taken), (1, 1, 0, 0), "{case}: {:?}", taken.faults);
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn promises_are_quantities_with_exact_ends(pool: PgPool) {
    let import = import(&pool).await;
    let mut sheets = whole();
    sheets[2].1 =
        "合同编号,指标,下限,上限,计量单位\nC1,固定资产投资强度,240000/599,,万元/亩\nC1,固定资产投资,35714,,万元"
            .to_owned();
    sheets[3].1 = "合同编号,事件,发生日期,数据项,核实数值,核实数值单位\n\
        C1,核实数据,2023-06-20,固定资产投资总额,3,亿元\nC1,核实数据,2023-06-21,已投资额,3,公顷"
        .to_owned();
    let report = import.bytes("合同.xlsx", &workbook(&sheets), Mode::Commit).await;
    assert_eq!(counts(&report), (7, 6, 1, 0), "{:?}", report.faults);
    assert!(faults(&report).contains(&(7, FaultCode::UnitUnknown, Severity::Error)), "{:?}", report.faults);
    let kept = contract(&pool, "C1").await.unwrap();
    let kept_promises: Vec<_> =
        kept.versions[0].terms.commitments.iter().map(|it| (it.indicator.as_str(), it.required.to_string())).collect();
    assert_eq!(
        kept_promises,
        [("investment_intensity", "[240000/599,)".to_owned()), ("fixed_investment_yuan", "[35714,)".to_owned())],
        "by name or code, and not through a decimal that cannot hold it"
    );
    let measured = kept.events.iter().find_map(|event| match event.happening {
        Happening::Measured { value, .. } => Some(value),
        _ => None,
    });
    assert_eq!(measured, Some(dec!(300000000)), "in yuan");
    for (row, code) in [
        ("C2,运气,7,,1", FaultCode::IndicatorUnknown),
        ("C2,固定资产投资强度,300,,万元", FaultCode::UnitUnknown),
        ("C2,容积率,1.5,,\nC2,floor_area_ratio,1.6,,", FaultCode::DuplicateRecord),
    ] {
        let mut sheets = whole();
        sheets[0].1 = format!("{AGREEMENT}\n{}", agreement(2));
        sheets[1].1 = sheets[1].1.replace("C1", "C2");
        sheets[2].1 = format!("合同编号,指标,下限,上限,计量单位\n{row}");
        sheets.truncate(3);
        let report = import.bytes("合同.xlsx", &workbook(&sheets), Mode::Commit).await;
        assert!(codes(&report).contains(&code) && report.accepted == 0, "{row}: {:?}", report.faults);
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_template_is_read_back(pool: PgPool) {
    let import = import(&pool).await;
    let empty = template::workbook(&TABLES).unwrap();
    let report = import.bytes("模板.xlsx", &empty, Mode::Commit).await;
    assert!(report.unreadable);
    assert_eq!(codes(&report), [FaultCode::HeaderOnly]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_condition_a_day_that_was_reached_a_penalty_and_a_finding_come_by_file(pool: PgPool) {
    use crate::contract::HandOverAfter;
    let import = import(&pool).await;
    let mut sheets = whole();
    sheets[0].1 = format!("{AGREEMENT},约定交地日期,交地条件\n{},2023-05-01,全部价款已缴清", agreement(1));
    let header = "合同编号,事件,发生日期,缴款期次,金额（万元）,涉及义务,数据项,核实数值,达到日期,依据文件";
    let rows = [
        "C1,交付土地,2023-05-01,,,,,,,",
        "C1,缴款,2023-04-10,1,342.5,,,,,",
        "C1,缴纳违约金,2023-05-10,,1.5,payment_1,,,,",
        "C1,核实数据,2023-06-30,,,,已投资额,1000,2023-06-01,",
        "C1,闲置认定,2023-07-01,,137,,,,,认定书",
        "C1,闲置认定,2023-07-02,,,,,,,",
    ];
    sheets[3].1 = format!("{header}\n{}", rows.join("\n"));
    let report = import.bytes("合同.xlsx", &workbook(&sheets), Mode::Commit).await;
    assert_eq!(counts(&report), (10, 9, 1, 0), "{:?}", report.faults);
    assert!(codes(&report).contains(&FaultCode::ValueMissing), "a finding without its paper");
    let contract = contract(&pool, "C1").await.unwrap();
    assert_eq!(contract.versions[0].terms.hand_over_after, HandOverAfter::FullPrice);
    let happened: Vec<&Happening> = contract.events.iter().map(|event| &event.happening).collect();
    let (yuan, duty) = (|wan| Yuan::from_wan(wan), "payment_1".parse().unwrap());
    assert!(happened.contains(&&Happening::PenaltyPaid { duty, amount: yuan(dec!(1.5)) }), "{happened:?}");
    assert!(happened.contains(&&Happening::IdleConfirmed { fee: Some(yuan(dec!(137))) }), "{happened:?}");
    let reached =
        |it: &&&Happening| matches!(it, Happening::Measured { reached_on: Some(on), .. } if *on == day("2023-06-01"));
    assert_eq!(happened.iter().filter(reached).count(), 1);
}
