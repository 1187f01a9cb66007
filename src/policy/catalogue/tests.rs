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
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/policy/xiacheng-per-mu-reform-opinions.zh.txt");
    if let Ok(source) = std::fs::read_to_string(source) {
        let whole = document.articles.iter().map(|article| article.wording.as_str()).collect::<Vec<_>>().join("\n");
        assert_eq!(whole, source.trim_end_matches('\n'));
    }
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
