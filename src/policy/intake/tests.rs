use proptest::prelude::*;

use super::plan::{Local, Step, apply, plan};
use super::*;
use crate::exchange::FaultCode;
use crate::exchange::sheet::{Value, write_xlsx};
use crate::policy::catalogue::Catalogue;
use crate::policy::standard::{Adoption, IndicatorSet};

pub const HEADERS: [&str; 14] = [
    "编号",
    "名称",
    "用地类型",
    "行业代码",
    "行业分类版本",
    "起始日期",
    "终止表述",
    "采用",
    "依据文件",
    "依据条款",
    "出处",
    "指标",
    "要求",
    "单位",
];

/// One row of the table of sets, with some cells changed.
pub fn row(changes: &[(&str, &str)]) -> Vec<Value> {
    let usual = [
        ("编号", "t/35"),
        ("名称", "装备制造"),
        ("用地类型", "工业用地"),
        ("行业代码", "35"),
        ("行业分类版本", "2017"),
        ("采用", "本区采用"),
        ("依据文件", "xiacheng-2019"),
        ("依据条款", "四(一)2"),
        ("出处", "试"),
        ("指标", "亩均税收"),
        ("要求", "≥20"),
        ("单位", "万元/亩"),
    ];
    let cell = |header: &&str| {
        let changed = changes.iter().rev().find(|(name, _)| name == header);
        let value = changed.or_else(|| usual.iter().find(|(name, _)| name == header)).map_or("", |(_, value)| value);
        if value.is_empty() { Value::Empty } else { Value::Text(value.to_owned()) }
    };
    HEADERS.iter().map(cell).collect()
}

pub fn workbook(rows: Vec<Vec<Value>>) -> Vec<u8> {
    write_xlsx("标准地指标", &HEADERS, rows).unwrap()
}

fn read_as(name: &str, bytes: &[u8], kind: IntakeKind) -> Reading {
    let catalogue = Catalogue::embedded().unwrap();
    let (indicators, parameters) = (&catalogue.indicators, catalogue.parameters.as_slice());
    let (starts_on, today) = ("2027-01-01".parse().unwrap(), "2026-11-23".parse().unwrap());
    read(name, bytes, Frame { kind, starts_on, today, indicators, parameters })
}

fn sets(rows: Vec<Vec<Value>>) -> Reading {
    read_as("a.xlsx", &workbook(rows), IntakeKind::Standards)
}

fn codes(reading: &Reading) -> Vec<(FaultCode, Option<u64>)> {
    reading.faults.iter().map(|fault| (fault.code, fault.line)).collect()
}

#[test]
fn rows_of_one_name_are_one_set() {
    let more = [("名称", ""), ("采用", ""), ("指标", "rd_share"), ("要求", "[2,)"), ("单位", "")];
    let reading = sets(vec![row(&[("终止表述", "有效期至2029年12月31日")]), row(&more)]);
    assert_eq!(reading.faults, []);
    let [set] = reading.offer.standards.as_slice() else { panic!("{reading:?}") };
    assert_eq!((set.requirements.len(), set.requirements["rd_share"].unit.as_str()), (2, "%"));
    let on = |day: &str| set.valid.contains(day.parse().unwrap());
    assert!(!on("2026-12-31") && on("2027-01-01") && on("2029-12-31") && !on("2030-01-01"));
}

#[test]
fn every_fault_has_its_place() {
    let reading = sets(vec![
        row(&[]),
        row(&[("要求", "150")]),
        row(&[("编号", "t/other"), ("指标", "魅力")]),
        row(&[("编号", "t/unit"), ("单位", "公里")]),
        row(&[("编号", "t/edition"), ("行业代码", "9999")]),
        row(&[("编号", "t/ending"), ("终止表述", "2029年止")]),
        row(&[("编号", "t/word"), ("采用", "也许")]),
        row(&[("编号", "t/title"), ("名称", "")]),
        row(&[("编号", "t/title"), ("名称", "别的"), ("指标", "亩均产值")]),
    ]);
    use FaultCode::*;
    let found = codes(&reading);
    for expected in [
        (ValueUnreadable, Some(3)),
        (ValueUnknown, Some(4)),
        (UnitUnknown, Some(5)),
        (IndustryEditionMismatch, Some(6)),
        (PeriodInvalid, Some(7)),
        (ValueUnknown, Some(8)),
        (ValueMissing, Some(9)),
        (FileInconsistent, Some(10)),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    assert!(reading.refused());
}

#[test]
fn a_start_before_today_is_pointed_out() {
    let reading = sets(vec![row(&[("起始日期", "2026-11-22")])]);
    assert!(!reading.refused() && codes(&reading) == [(FaultCode::PeriodInvalid, None)]);
    assert_eq!(sets(vec![row(&[("起始日期", "2026-11-23")])]).faults, []);
}

#[test]
fn the_shapes_of_the_program_are_read_as_well() {
    let set = "[[set]]\nid = 't/1'\ntitle = '试'\nland_kind = 'industrial'\nadoption = 'adopted'\n\
               document = 'xiacheng-2019'\narticle = '四(一)2'\nsource = '试'\n\
               [set.requirements]\ntax_per_mu = { interval = '[20,)', unit = '万元/亩' }\n";
    let reading = read_as("a.toml", set.as_bytes(), IntakeKind::Standards);
    assert_eq!(reading.faults, []);
    assert_eq!(reading.offer.standards[0].valid.from, "2027-01-01".parse().ok());
    let second = set.replace("t/1", "t/2").replace("万元/亩", "公里");
    let broken = read_as("a.toml", format!("{set}\n{second}").as_bytes(), IntakeKind::Standards);
    assert_eq!((codes(&broken), broken.offer.standards.len()), (vec![(FaultCode::UnitUnknown, Some(12))], 1));
    let document = "[document]\nid = 'd'\ntitle = '试'\nissuer = '试'\nend = '有效期至2028年1月1日'\n\
                    [[article]]\nkey = '一'\nwording = '逐字'\nstatus = 'human_judgement'\nreason = '试'\n";
    let reading = read_as("a.toml", document.as_bytes(), IntakeKind::Documents);
    assert_eq!(reading.faults, []);
    assert_eq!(reading.offer.documents[0].valid.until, "2028-01-02".parse().ok());
    for (name, text, kind) in [
        ("a.toml", "= 1", IntakeKind::Standards),
        ("a.toml", document, IntakeKind::Standards),
        ("a.toml", set, IntakeKind::Documents),
        ("a.toml", "", IntakeKind::Documents),
        ("a.pdf", "%PDF", IntakeKind::Standards),
        ("a.xlsx", "not a workbook", IntakeKind::Standards),
    ] {
        assert!(read_as(name, text.as_bytes(), kind).refused(), "{name} {text}");
    }
}

#[test]
fn a_document_is_read_from_a_table() {
    let headers = ["文件编号", "标题", "印发机关", "终止表述", "条款", "正文", "执行规则", "处理状态", "理由"];
    let cells = |cells: [&str; 9]| {
        cells.iter().map(|text| if text.is_empty() { Value::Empty } else { Value::Text((*text).into()) }).collect()
    };
    let book = |rows: Vec<Vec<Value>>| write_xlsx("政策文件", &headers, rows).unwrap();
    let good = book(vec![
        cells([
            "d",
            "试行办法",
            "区政府",
            "自2028年1月1日起废止",
            "一",
            "第一条。",
            "low_efficiency.tax_per_mu",
            "",
            "",
        ]),
        cells(["d", "", "", "", "二", "第二条。", "", "不在本系统范围", "另行办理"]),
    ]);
    let reading = read_as("a.xlsx", &good, IntakeKind::Documents);
    assert_eq!(reading.faults, []);
    let document = &reading.offer.documents[0];
    assert_eq!((document.articles.len(), document.valid.until), (2, "2028-01-01".parse().ok()));
    let bare = book(vec![cells(["d", "试行办法", "区政府", "", "一", "第一条。", "", "", ""])]);
    assert_eq!(codes(&read_as("a.xlsx", &bare, IntakeKind::Documents)), [(FaultCode::ValueMissing, Some(2))]);
}

fn set(id: &str, from: &str, until: Option<&str>) -> IndicatorSet {
    let mut set = sets(vec![row(&[("编号", id)])]).offer.standards.remove(0);
    set.valid.from = from.parse().ok();
    set.valid.until = until.map(|day| day.parse().unwrap());
    set
}

fn offer(standards: Vec<IndicatorSet>) -> Offer {
    Offer { standards, ..Offer::default() }
}

#[test]
fn a_successor_ends_what_is_open_and_never_what_has_its_end() {
    let published = |until| Local { standards: vec![set("t/old", "2025-01-01", until)], ..Local::default() };
    let steps = plan(&published(None), &offer(vec![set("t/new", "2027-01-01", None)])).unwrap();
    assert!(matches!(&steps[0], Step::EndSet { id, until } if id == "t/old" && until.to_string() == "2027-01-01"));
    let after = apply(&published(None), &steps);
    assert_eq!(after.standards.len(), 2);
    let bounded = published(Some("2027-01-02"));
    assert!(plan(&bounded, &offer(vec![set("t/new", "2027-01-01", None)])).is_err());
    assert!(plan(&bounded, &offer(vec![set("t/new", "2027-01-02", None)])).is_ok(), "the end is the first day after");
    assert!(plan(&published(None), &offer(vec![set("t/new", "2025-01-01", None)])).is_err(), "from the same day");
    assert!(plan(&published(None), &offer(vec![set("t/old", "2027-01-01", None)])).is_err(), "the same name");
    let twice = offer(vec![set("t/a", "2027-01-01", None), set("t/b", "2028-01-01", None)]);
    assert!(plan(&Local::default(), &twice).is_err(), "an offer that contradicts itself");
    let in_turn = offer(vec![set("t/b", "2028-01-01", None), set("t/a", "2027-01-01", Some("2028-01-01"))]);
    let steps = plan(&published(None), &in_turn).unwrap();
    assert_eq!(steps.iter().filter(|step| matches!(step, Step::EndSet { .. })).count(), 1, "{steps:?}");
    let mut example = set("t/new", "2025-01-01", None);
    example.adoption = Adoption::Example;
    assert!(plan(&published(None), &offer(vec![example])).is_ok(), "an example stands beside what is adopted");
}

#[test]
fn a_set_stands_on_an_article_that_is_there() {
    let mut nowhere = set("t/new", "2027-01-01", None);
    nowhere.article = "四(九)".into();
    let obstacles = plan(&Local::default(), &offer(vec![nowhere])).unwrap_err();
    assert!(obstacles[0].message.contains("四(九)"));
}

#[test]
fn a_published_document_only_gets_an_end() {
    let document = Catalogue::embedded().unwrap().documents[2].clone();
    let mut open = document.clone();
    open.id = "d".into();
    let local = Local { documents: vec![open.clone()], ..Local::default() };
    let offered = |document: Document| Offer { documents: vec![document], ..Offer::default() };
    let mut ended = open.clone();
    ended.ending = Some(crate::policy::ending::Ending::read("自2028年1月1日起废止").unwrap());
    ended.valid.until = ended.ending.as_ref().map(|ending| ending.until());
    let steps = plan(&local, &offered(ended.clone())).unwrap();
    assert!(matches!(steps.as_slice(), [Step::EndDocument(_)]));
    assert!(plan(&apply(&local, &steps), &offered(open.clone())).is_err(), "an end that was published stays");
    let mut reworded = ended;
    reworded.title.push('改');
    assert!(plan(&local, &offered(reworded)).is_err());
    assert!(plan(&local, &offered(open)).is_err(), "nothing new");
    assert!(plan(&local, &offered(document)).is_err(), "the name of a built-in document");
}

const DIRECTORY: &str = "编号,类别,目录表述,行业代码,行业分类版本,整个行业,终止表述,采用,依据文件,依据条款,出处\n";

pub fn directory(rows: &[&str]) -> Vec<u8> {
    format!("{DIRECTORY}{}\n", rows.join("\n")).into_bytes()
}

#[test]
fn a_directory_is_read_entry_by_entry() {
    let row = "d/1,限制类,某工艺,\"2022、2023\",2017版,否,有效期至2028年12月31日,本区采用,ndrc-2024,限制类 一,某目录";
    let reading = read_as("a.csv", &directory(&[row]), IntakeKind::Directory);
    assert_eq!(reading.faults, []);
    let [entry] = reading.offer.directory.as_slice() else { panic!("{reading:?}") };
    assert_eq!(
        (entry.industries.as_slice(), entry.edition.as_str()),
        (&["2022".to_owned(), "2023".into()][..], "2017")
    );
    let on = |day: &str| entry.valid.contains(day.parse().unwrap());
    assert!(!on("2026-12-31") && on("2027-01-01") && on("2028-12-31") && !on("2029-01-01") && !entry.whole_industry);
    // The program's own shape says the same.
    let toml = "[[entry]]\nid = 'd/1'\nclass = 'restricted'\nwording = '某工艺'\nindustries = ['2022', '2023']\nedition = '2017'\n\
                whole_industry = false\nvalid = { until = '2029-01-01' }\nadoption = 'adopted'\ndocument = 'ndrc-2024'\n\
                article = '限制类 一'\nsource = '某目录'\n";
    let same = read_as("a.toml", toml.as_bytes(), IntakeKind::Directory);
    assert_eq!((same.faults.as_slice(), &same.offer), (&[][..], &reading.offer));
    let twice = format!("{toml}\n{}", toml.replace("['2022', '2023']", "['9999']"));
    let broken = codes(&read_as("a.toml", twice.as_bytes(), IntakeKind::Directory));
    assert_eq!(broken, [(FaultCode::CodeDuplicate, Some(14)), (FaultCode::IndustryEditionMismatch, Some(14))]);
    assert!(read_as("a.toml", toml.replace("class", "klass").as_bytes(), IntakeKind::Directory).refused());
    assert!(read_as("a.toml", b"[[set]]", IntakeKind::Directory).refused());
}

#[test]
fn every_fault_of_a_directory_has_its_place() {
    let good = "限制类,某工艺,2022,2017,否,,本区采用,ndrc-2024,限制类 一,某目录";
    let rows = [
        format!("d/1,{good}"),
        format!("d/1,{good}"),
        format!("d/2,{}", good.replace("限制类,", "暂缓类,")),
        format!("d/3,{}", good.replace("2022", "9999")),
        format!("d/4,{}", good.replace("否,,", "否,有效期至2026年12月31日,")),
        format!("d/5,{}", good.replace("否", "也许")),
        format!("d/6,{}", good.replace("某工艺", "")),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let found = codes(&read_as("a.csv", &directory(&rows), IntakeKind::Directory));
    use FaultCode::*;
    for expected in [
        (CodeDuplicate, Some(3)),
        (ValueUnknown, Some(4)),
        (IndustryEditionMismatch, Some(5)),
        (PeriodInvalid, Some(6)),
        (ValueMissing, Some(8)),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    assert!(found.iter().any(|(_, line)| *line == Some(7)), "{found:?}");
}

#[test]
fn a_published_entry_only_gets_an_end() {
    let row = "d/1,限制类,某工艺,2022,2017,否,,本区采用,ndrc-2024,限制类 一,某目录";
    let read = |row: &str| read_as("a.csv", &directory(&[row]), IntakeKind::Directory).offer;
    let open = read(row);
    let local = apply(&Local::default(), &plan(&Local::default(), &open).unwrap());
    assert!(plan(&local, &open).is_err(), "nothing new");
    let ended = read(&row.replace("否,,", "否,自2028年1月1日起废止,"));
    let steps = plan(&local, &ended).unwrap();
    assert!(matches!(&steps[..], [Step::EndEntry { until, .. }] if until.to_string() == "2028-01-01"));
    let after = apply(&local, &steps);
    assert!(plan(&after, &open).is_err() && plan(&after, &ended).is_err(), "an end that was published stays");
    assert!(plan(&local, &read(&row.replace("某工艺", "别的工艺"))).is_err(), "other words");
    let shipped = Catalogue::embedded().unwrap().directory[0].id.clone();
    assert!(plan(&Local::default(), &read(&row.replace("d/1", &shipped))).is_err(), "the name of a built-in entry");
    assert!(
        plan(&Local::default(), &read(&row.replace("ndrc-2024", "nowhere"))).is_err(),
        "a document that is not there"
    );
}

#[test]
fn a_rule_that_is_not_there_is_refused() {
    let mut document = Catalogue::embedded().unwrap().documents[2].clone();
    document.id = "d".into();
    let treatment = crate::policy::Treatment::Rules(vec!["no.such.rule".into()]);
    document.articles.push(crate::policy::Article {
        parts: Vec::new(),
        document: "d".into(),
        key: "一".into(),
        wording: "试".into(),
        treatment,
    });
    let obstacles = plan(&Local::default(), &Offer { documents: vec![document], ..Offer::default() }).unwrap_err();
    assert!(obstacles[0].message.contains("no.such.rule"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_published_in_turn_never_overlaps(offers in proptest::collection::vec((0i64..40, proptest::option::of(1i64..30)), 1..12)) {
        let first: chrono::NaiveDate = "2027-01-01".parse().unwrap();
        let day = |offset: i64| first + chrono::Duration::days(offset);
        let base = set("t/base", "2027-01-01", None);
        let mut local = Local::default();
        for (number, (from, length)) in offers.into_iter().enumerate() {
            let mut next = base.clone();
            next.id = format!("t/{number}");
            next.valid.from = Some(day(from));
            next.valid.until = length.map(|length| day(from + length));
            if let Ok(steps) = plan(&local, &offer(vec![next])) {
                local = apply(&local, &steps);
            }
            for (place, one) in local.standards.iter().enumerate() {
                for other in &local.standards[..place] {
                    prop_assert!(!one.valid.overlaps(&other.valid), "{:?} {:?}", one.valid, other.valid);
                }
                prop_assert!(one.valid.until.is_none_or(|until| Some(until) > one.valid.from));
            }
        }
    }
}

#[test]
fn the_table_of_steps_holds_together() {
    assert_eq!(TABLE.faults(State::ALL, Action::ALL), [""; 0]);
}

fn schemes(text: &str) -> Reading {
    read_as("a.json", text.as_bytes(), IntakeKind::Schemes)
}

#[test]
fn schemes_are_read_one_or_many_and_every_fault_has_its_place() {
    let one = include_str!("../../../policy/schemes/industry-above.json");
    let reading = schemes(one);
    assert_eq!((reading.faults.len(), reading.offer.schemes.len()), (0, 1), "{reading:?}");
    let two = format!("[{one},{}]", one.replace("muheng/", "t/").replace("\"35\"", "\"30\""));
    assert_eq!(schemes(&two).offer.schemes.len(), 2);
    assert_eq!(codes(&schemes(&format!("[{one},{one}]"))), [(FaultCode::CodeDuplicate, None)]);
    let misspelt = schemes(&format!("[{one},{}]", one.replace("\"veto\"", "\"vetos\"")));
    assert!(misspelt.offer.is_empty());
    let [fault] = misspelt.faults.as_slice() else { panic!("{misspelt:?}") };
    assert_eq!((fault.code, fault.record), (FaultCode::FileSyntax, Some(2)));
    assert!(fault.line.is_some() && fault.message.contains("vetos"), "{fault:?}");
    assert_eq!(codes(&schemes("{\n\"id\": 1,\n")), [(FaultCode::FileSyntax, Some(3))]);
    assert_eq!(codes(&schemes(&one.replacen("{\n", "{\n\"id\": \"x\",\n", 1))).len(), 1, "a field that stands twice");
    let other = read_as("a.xlsx", &workbook(vec![row(&[])]), IntakeKind::Schemes);
    assert_eq!(codes(&other), [(FaultCode::FormatUnknown, None)]);
    assert!(schemes("[]").refused(), "nothing is nothing to submit");
    let heavy = schemes(&one.replacen("\"weight\": \"30\"", "\"weight\": \"40\"", 1));
    assert!(heavy.refused());
    let found: Vec<FaultCode> = heavy.faults.iter().map(|fault| fault.code).collect();
    assert_eq!(found, [FaultCode::SchemeWeight, FaultCode::SchemeWeightSum]);
}

fn kinds(text: &str) -> Reading {
    read_as("a.toml", text.as_bytes(), IntakeKind::VetoKinds)
}

#[test]
fn a_kind_of_veto_is_taken_over_by_a_later_one_or_ends_and_nothing_else_of_it_moves() {
    let kind = |title: &str, valid: &str| {
        format!(
            "[[kind]]\ncode = \"wage_arrears\"\ntitle = \"{title}\"\nvalid = {{ {valid} }}\ndocument = \"xiacheng-2019\"\n\
             article = \"二(一)4\"\nlasts = {{ calendar_years = 1 }}\nlocal_choice = true\nnote = \"\"\n"
        )
    };
    let offered = |text: String| {
        let reading = kinds(&text);
        assert!(!reading.refused(), "{:?}", reading.faults);
        reading.offer
    };
    let first = offered(kind("欠薪", "from = \"2027-01-01\""));
    let steps = plan(&Local::default(), &first).unwrap();
    assert_eq!(steps, [Step::NewVetoKind(Box::new(first.veto_kinds[0].clone()))]);
    let local = apply(&Local::default(), &steps);
    let next = offered(kind("恶意欠薪", "from = \"2028-01-01\""));
    let until = "2028-01-01".parse().unwrap();
    let steps = plan(&local, &next).unwrap();
    assert_eq!(steps[0], Step::EndVetoKind { code: "wage_arrears".to_owned(), until });
    let days: Vec<_> = apply(&local, &steps).veto_kinds.iter().map(|kind| kind.valid.until).collect();
    assert_eq!(days, [Some(until), None]);
    let ends = offered(kind("欠薪", "from = \"2027-01-01\", until = \"2028-01-01\""));
    assert_eq!(plan(&local, &ends).unwrap(), [Step::EndVetoKind { code: "wage_arrears".to_owned(), until }]);
    let other = offered(kind("改名", "from = \"2027-01-01\", until = \"2028-01-01\""));
    assert!(plan(&local, &other).is_err(), "a published name is never changed");
    let unfounded = offered(kind("欠薪", "from = \"2027-01-01\"").replace("二(一)4", "二(一)44"));
    assert!(plan(&Local::default(), &unfounded).unwrap_err()[0].message.contains("二(一)44"));
    let shipped = offered(kind("欠薪", "from = \"2027-01-01\"").replace("wage_arrears", "tax_offence"));
    assert!(plan(&Local::default(), &shipped).unwrap_err()[0].message.contains("内置的事由"));
}

#[test]
fn what_is_wrong_with_a_kind_of_veto_is_told_with_its_place() {
    let good = "[[kind]]\ncode = \"a\"\ntitle = \"甲\"\ndocument = \"xiacheng-2019\"\narticle = \"二(一)4\"\nlocal_choice = true\nnote = \"\"\n";
    assert!(!kinds(good).refused());
    assert_eq!(codes(&kinds(&format!("{good}{good}"))), [(FaultCode::CodeDuplicate, None)]);
    let named = format!("{good}{}", good.replace("\"a\"", "\"A1\""));
    assert_eq!(codes(&kinds(&named)), [(FaultCode::ValueUnreadable, Some(8))]);
    assert!(kinds(&good.replace("title", "titel")).refused());
    assert!(read_as("a.xlsx", &workbook(vec![row(&[])]), IntakeKind::VetoKinds).refused());
}

fn measures(text: &str) -> Reading {
    read_as("a.json", text.as_bytes(), IntakeKind::Measures)
}

#[test]
fn an_example_is_adopted_ended_and_never_changed() {
    let shipped = include_str!("../../../policy/measures/example-electricity.json");
    let example: Vec<serde_json::Value> = serde_json::from_str(shipped).unwrap();
    let offered = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut one = example[1].clone();
        one["id"] = "t/power".into();
        one["adoption"] = "adopted".into();
        one["document"] = "xiacheng-2019".into();
        one["article"] = "三(一)".into();
        one["from"] = "2027-01-01".into();
        change(&mut one);
        let reading = measures(&one.to_string());
        assert!(!reading.refused(), "{:?}", reading.faults);
        reading.offer
    };
    let first = offered(&|_| {});
    let steps = plan(&Local::default(), &first).unwrap();
    assert_eq!(steps, [Step::NewMeasure(Box::new(first.measures[0].clone()))]);
    let local = apply(&Local::default(), &steps);
    let ends = offered(&|it| it["to"] = "2027-12-31".into());
    let last = "2027-12-31".parse().unwrap();
    let steps = plan(&local, &ends).unwrap();
    assert_eq!(steps, [Step::EndMeasure { id: "t/power".to_owned(), last }]);
    assert_eq!(apply(&local, &steps).measures[0].to, Some(last));
    let message = |local: &Local, offer: &Offer| plan(local, offer).unwrap_err().remove(0).message;
    assert!(message(&local, &first).contains("已经发布"));
    let added = |id: &str| {
        offered(&|it| {
            it["id"] = id.into();
            it["stacking"] = "added".into();
        })
    };
    let local = apply(&Local::default(), &plan(&Local::default(), &added("t/power")).unwrap());
    assert!(message(&local, &added("t/other")).contains("叠加"), "two that are both to be paid");
    let repealed = offered(&|it| {
        it["document"] = "hangzhou-2018-42".into();
        it["article"] = "差别化用能".into();
    });
    assert!(message(&Local::default(), &repealed).contains("均不生效"));
    let unfounded = offered(&|it| it["article"] = "三(九)".into());
    assert!(message(&Local::default(), &unfounded).contains("三(九)"));
    let taken = offered(&|it| it["id"] = "xiacheng/d-no-fiscal-awards".into());
    assert!(message(&Local::default(), &taken).contains("重复"), "what ships is not taken back");
}

#[test]
fn what_is_wrong_with_a_file_of_measures_is_told_with_its_place() {
    let template = include_str!("../../../templates/policy/measures.json");
    assert!(!measures(template).refused());
    let misspelt = template.replace("\"grades\"", "\"grade\"");
    assert_eq!(codes(&measures(&misspelt)), [(FaultCode::FileSyntax, Some(10))]);
    assert_eq!(codes(&measures("[]")), [(FaultCode::FileEmpty, None)]);
    assert_eq!(codes(&read_as("a.toml", b"", IntakeKind::Measures)), [(FaultCode::FormatUnknown, None)]);
}
