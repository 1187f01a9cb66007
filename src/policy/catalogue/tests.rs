use sha2::{Digest, Sha256};

use super::*;
use crate::policy::Parameters;

fn entry(name: &str, value: &str, kind: &str, from: &str, until: &str, article: &str) -> String {
    let until = if until.is_empty() { String::new() } else { format!("valid_until = {until}\n") };
    format!(
        "[[parameter]]\nname = '{name}'\nkind = '{kind}'\nvalue = '{value}'\nunit = '元/亩'\nvalid_from = {from}\n\
         {until}document = 'xiacheng-2019'\narticle = '{article}'\nlocal_choice = false\n\
         checked_on = 2026-11-23\nnote = ''\n"
    )
}

fn parse(parameters: &[String]) -> Result<Catalogue, CatalogueError> {
    Catalogue::parse(&DOCUMENTS, &parameters.concat(), "entry = []")
}

#[test]
fn the_embedded_catalogue_holds_the_whole_text() {
    let catalogue = Catalogue::embedded().unwrap();
    let document = &catalogue.documents[0];
    assert_eq!(document.articles.len(), 31);
    assert!(catalogue.article("xiacheng-2019", "四(一)4").unwrap().wording.contains("亩均税收1万元以下的低效企业"));
    // The text as it was published, from the first word to the last, whatever the file says of itself.
    let whole = document.articles.iter().map(|article| article.wording.as_str()).collect::<Vec<_>>().join("\n");
    assert_eq!((whole.lines().count(), whole.chars().count()), (47, 4218));
    let published = "a0c17844e436516c1e1de02ad24ecf62e11a534555d53694e5ebbaf51a28e7f8";
    assert_eq!(hex::encode(Sha256::digest(&whole)), published);
}

#[test]
fn a_changed_word_is_noticed() {
    let changed = DOCUMENTS[0].replacen("一律不予准入", "一般不予准入", 1);
    assert!(matches!(
        Catalogue::parse(&[&changed], "parameter = []", "entry = []"),
        Err(CatalogueError::Wording { .. })
    ));
}

#[test]
fn what_does_not_hold_together_is_refused() {
    let good = entry("a", "1", "decimal", "2019-01-01", "2020-01-01", "四(一)4");
    assert!(parse(std::slice::from_ref(&good)).is_ok());
    let after = entry("a", "2", "decimal", "2020-01-01", "", "四(一)4");
    assert!(parse(&[good.clone(), after]).is_ok(), "the day a period ends is the first of the next");
    let overlapping = entry("a", "2", "decimal", "2019-12-31", "", "四(一)4");
    assert!(matches!(parse(&[good.clone(), overlapping]), Err(CatalogueError::Overlap(_))));
    let nowhere = entry("b", "1", "decimal", "2019-01-01", "", "四(九)");
    assert!(matches!(parse(&[nowhere]), Err(CatalogueError::NoSuchArticle { .. })));
    let unreadable = entry("b", "1万", "decimal", "2019-01-01", "", "四(一)4");
    assert!(matches!(parse(&[unreadable]), Err(CatalogueError::Value(_))));
    let label = entry("b", "低于", "comparison", "2019-01-01", "", "四(一)4");
    assert!(matches!(parse(&[label]), Err(CatalogueError::Value(_))), "values are codes, not names");
    let early = entry("b", "1", "decimal", "2018-12-31", "", "四(一)4");
    assert!(matches!(parse(&[early]), Err(CatalogueError::Period(_))));
}

#[test]
fn an_expired_value_is_never_used() {
    let parameters = parse(&[entry("a", "1", "decimal", "2019-01-01", "2020-01-01", "四(一)4")]).unwrap().parameters;
    let on = |day: &str| Parameters::on(day.parse().unwrap(), parameters.clone()).decimal("a");
    assert!(on("2019-12-31").is_ok());
    assert!(matches!(on("2020-01-01"), Err(ParameterError::NotInForce { .. })));
    assert!(matches!(on("2018-12-31"), Err(ParameterError::NotInForce { .. })));
}

#[test]
fn the_same_catalogue_has_the_same_hash_whatever_the_order() {
    let one = Catalogue::embedded().unwrap();
    let mut other = Catalogue::embedded().unwrap();
    assert_eq!(one.sha256(), other.sha256());
    other.documents.reverse();
    other.parameters.reverse();
    other.standards.reverse();
    other.directory.reverse();
    other.indicators.indicators.reverse();
    assert_eq!(one.sha256(), other.sha256());
}

#[test]
fn the_hash_changes_with_every_value() {
    let one = Catalogue::embedded().unwrap().sha256();
    let changed = |change: &dyn Fn(&mut Catalogue)| {
        let mut other = Catalogue::embedded().unwrap();
        change(&mut other);
        other.sha256()
    };
    let hashes = [
        changed(&|it| it.parameters[0].value = "10001".into()),
        changed(&|it| it.parameters[0].valid.until = "2030-01-01".parse().ok()),
        changed(&|it| it.documents[0].articles[3].wording.push('。')),
        changed(&|it| it.directory[0].whole_industry ^= true),
        changed(&|it| it.standards[0].valid.until = "2030-01-01".parse().ok()),
        changed(&|it| it.indicators.indicators[0].unit = "亿元/亩".into()),
        changed(&|it| drop(it.standards.pop())),
    ];
    for (place, hash) in hashes.iter().enumerate() {
        assert_ne!(*hash, one, "{place}");
        assert!(!hashes[..place].contains(hash), "{place}");
    }
}

#[test]
fn a_stored_state_is_read_back_under_its_name_or_not_at_all() {
    let catalogue = Catalogue::embedded().unwrap();
    let (named, content) = (catalogue.sha256(), catalogue.content());
    let back = Catalogue::from_content(&named, &content).unwrap();
    assert_eq!((back.content(), back.sha256()), (content.clone(), named.clone()));
    let touched = content.replacen("\"10000\"", "\"12000\"", 1);
    assert!(matches!(Catalogue::from_content(&named, &touched), Err(CatalogueError::Tampered { .. })));
}

#[test]
fn the_repealed_city_rule_has_no_text_and_ended_in_2024() {
    let catalogue = Catalogue::embedded().unwrap();
    let repealed = catalogue.document("hangzhou-2018-42").unwrap();
    let on = |day: &str| repealed.valid.contains(day.parse().unwrap());
    assert!(repealed.articles.is_empty());
    assert_eq!((on("2023-12-31"), on("2024-01-01"), on("2024-01-02")), (true, false, false));
}

#[test]
fn a_document_ends_as_it_is_worded() {
    let document = |end: &str| {
        let text = format!(
            "[document]\nid = 'd'\ntitle = '试'\nissuer = '试'\nvalid_from = 2020-01-01\nend = '{end}'\nnote = ''\n"
        );
        read_document(&text)
    };
    let on = |end: &str, day: &str| document(end).unwrap().valid.contains(day.parse().unwrap());
    for (day, repealed, through) in [
        ("2019-12-31", false, false),
        ("2020-01-01", true, true),
        ("2024-05-31", true, true),
        ("2024-06-01", false, true),
        ("2024-06-02", false, false),
    ] {
        assert_eq!(on("自2024年6月1日起废止", day), repealed, "{day}");
        assert_eq!(on("有效期至2024年6月1日", day), through, "{day}");
    }
    assert!(matches!(document("2024年废止"), Err(CatalogueError::Ending { .. })));
    assert!(matches!(document("自2019年6月1日起废止"), Err(CatalogueError::Period(_))));
}

#[test]
fn an_article_has_rules_or_a_reason_and_not_both() {
    let changed = |from: &str, to: &str| {
        let text = DOCUMENTS[0].replacen(from, to, 1);
        assert_ne!(text, DOCUMENTS[0]);
        Catalogue::parse(&[&text], "parameter = []", "entry = []")
    };
    let rules = "rules = [\"low_efficiency.transition\"]\n";
    assert!(matches!(changed(rules, ""), Err(CatalogueError::ArticleUncovered { .. })));
    let both = format!("{rules}status = \"out_of_scope\"\nreason = \"试\"\n");
    assert!(matches!(changed(rules, &both), Err(CatalogueError::ArticleUncovered { .. })));
    let silent = "status = \"out_of_scope\"\nreason = \" \"\n";
    assert!(matches!(changed(rules, silent), Err(CatalogueError::ArticleUncovered { .. })));
    assert!(matches!(changed(rules, "status = \"planned\"\nreason = \"试\"\n"), Err(CatalogueError::Toml(_))));
}
