use super::*;
use crate::annual::{EnterpriseYear, Facts, Figure, Figures, LandDays, LandPart};
use crate::codelist::Choice;
use crate::enterprise::{EnterpriseState, FigureState, Indicator, Sector};
use crate::low_efficiency::list::Cursor;
use crate::low_efficiency::rules::judge;
use crate::policy::{Comparison, catalogue::Catalogue};

fn entry(line: &Line) -> Entry {
    let parts = vec![LandPart {
        side: crate::enterprise::HoldingSide::Owned,
        parcel: Some("330105001001GB00001".into()),
        land: Some(Mu(rust_decimal_macros::dec!(3))),
        odd: false,
        floor_only: false,
        floor: None,
        days: 366,
        valid: crate::base::period::Period::since(deciding_day(2010)),
        counterpart: None,
    }];
    let facts = Facts {
        year: 2024,
        operated: true,
        established_on: None,
        size_class: SizeClass::Below,
        above_size_since: None,
        project: None,
        figures: Figures(vec![(
            Indicator::TaxPaid,
            Figure::Stated(rust_decimal_macros::dec!(29999.99), FigureState::Reported),
        )]),
        land: LandDays::of(&parts),
        floor: None,
    };
    let of = EnterpriseYear {
        uscc: "91110000600037341L".into(),
        name: "<b>样例</b>企业".into(),
        state: EnterpriseState::Operating,
        sector: Sector::Industry,
        industry_edition: None,
        industry_code: None,
        subdistrict: Some("330105012".into()),
        subdistrict_name: Some("天水街道".into()),
        facts,
        parts,
    };
    let cursor = Cursor { rank: 1, key: None, uscc: of.uscc.clone() };
    Entry { judgement: judge(&of.facts, line), of, cursor }
}

fn line_and_article() -> (Line, Article) {
    let catalogue = Catalogue::embedded().unwrap();
    let article = catalogue.article("xiacheng-2019", "四(一)4").unwrap().clone();
    let parameters = policy::Parameters::on(deciding_day(2024), catalogue.parameters);
    (Line::from_parameters(&parameters).unwrap(), article)
}

fn list(entries: Vec<Entry>) -> String {
    let (line, article) = line_and_article();
    let next = entries.first().map(|entry| entry.cursor.clone());
    ListContent {
        parameters: &ListParameters { sort: "tax".into(), ..Default::default() },
        year: 2024,
        years: &[2024, 2023],
        subdistricts: &[Choice { code: "330105012".into(), name: "天水街道".into() }],
        sections: &[Choice { code: "C".into(), name: "制造业".into() }],
        line: &line,
        article: &article,
        counts: &Counts(vec![(Outcome::Flagged, entries.len() as i64)]),
        page: &Page { entries, next },
    }
    .render()
    .unwrap()
}

#[test]
fn the_list_shows_units_outcome_and_article() {
    let (line, _) = line_and_article();
    assert_eq!(line.comparison, Comparison::Below);
    let html = list(vec![entry(&line)]);
    for text in [
        "29,999.99",
        "3.0000",
        "9,999.9967",
        "元/亩",
        "低效",
        "亩均税收1万元以下的低效企业",
        "?sort=tax&#38;order=desc",
        "下一页",
    ] {
        assert!(html.contains(text), "{text} in\n{html}");
    }
    assert!(!html.contains("<b>样例"));
}

#[test]
fn an_empty_list_says_so() {
    assert!(list(vec![]).contains("没有符合条件的企业"));
}

#[test]
fn the_detail_shows_how_the_land_is_made_up() {
    let (line, article) = line_and_article();
    let html = DetailContent { entry: &entry(&line), line: &line, article: &article }.render().unwrap();
    for text in ["330105001001GB00001", "2000.00", "366", "29999.99 × 366天"] {
        assert!(html.contains(text), "{text} in\n{html}");
    }
}
