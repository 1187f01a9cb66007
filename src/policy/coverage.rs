//! Whether every article is spoken for and every rule stands on one, both ways.

use std::collections::BTreeSet;

use super::catalogue::Catalogue;
use super::rule::Rule;
use super::{Article, Treatment};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoverageFault {
    #[error("the rule {0} is listed twice")]
    RuleTwice(String),
    #[error("the rule {0} names no article")]
    RuleWithoutArticle(String),
    #[error("the rule {rule} names {document} {article}, which is not there")]
    NoSuchArticle { rule: String, document: String, article: String },
    #[error("the rule {rule} names {document} {article}, which does not name it")]
    NotNamedBack { rule: String, document: String, article: String },
    #[error("{document} {article} names the rule {rule}, which this program does not have")]
    NoFunction { document: String, article: String, rule: String },
    #[error("{document} {article} names the rule {rule}, which does not name it back")]
    NotClaimed { document: String, article: String, rule: String },
    #[error("{document} {article} has neither a rule nor a reason for having none")]
    Bare { document: String, article: String },
}

/// Holds the program's rules against the catalogue built into it. Nothing means that both agree.
pub fn faults(catalogue: &Catalogue, rules: &[Rule]) -> Vec<CoverageFault> {
    let mut seen = BTreeSet::new();
    let mut faults: Vec<CoverageFault> = Vec::new();
    for rule in rules {
        if !seen.insert(rule.name) {
            faults.push(CoverageFault::RuleTwice(rule.name.into()));
        }
        if rule.articles.is_empty() {
            faults.push(CoverageFault::RuleWithoutArticle(rule.name.into()));
        }
        faults
            .extend(rule.articles.iter().filter_map(|(document, key)| fault_of_claim(catalogue, rule, document, key)));
    }
    for article in catalogue.articles() {
        // What an article with parts says is what they say.
        if article.parts.is_empty() {
            faults.extend(faults_of(rules, &article.document, &article.key, &article.treatment));
        }
        for part in &article.parts {
            faults.extend(faults_of(rules, &article.document, &part.key, &part.treatment));
        }
    }
    faults
}

/// What is wrong with the rules that an article, or a part of one, names.
fn faults_of(rules: &[Rule], document: &str, key: &str, treatment: &Treatment) -> Vec<CoverageFault> {
    let fault = |name: &String| {
        let (document, article, rule) = (document.to_owned(), key.to_owned(), name.clone());
        match rules.iter().find(|rule| rule.name == name) {
            None => Some(CoverageFault::NoFunction { document, article, rule }),
            Some(found) if !found.articles.contains(&(document.as_str(), key)) => {
                Some(CoverageFault::NotClaimed { document, article, rule })
            }
            Some(_) => None,
        }
    };
    let bare = treatment.is_empty().then(|| CoverageFault::Bare { document: document.to_owned(), article: key.to_owned() });
    bare.into_iter().chain(treatment.rules().iter().filter_map(fault)).collect()
}

/// What is said of an article, or of a part of one.
fn treatment<'a>(catalogue: &'a Catalogue, document: &str, key: &str) -> Option<&'a Treatment> {
    let part = |article: &'a Article| article.parts.iter().find(|part| part.key == key).map(|part| &part.treatment);
    let whole = catalogue.article(document, key).map(|article| &article.treatment);
    whole.or_else(|| catalogue.document(document)?.articles.iter().find_map(part))
}

fn fault_of_claim(catalogue: &Catalogue, rule: &Rule, document: &str, key: &str) -> Option<CoverageFault> {
    let (rule_name, at, article) = (rule.name.to_owned(), document.to_owned(), key.to_owned());
    match treatment(catalogue, document, key) {
        None => Some(CoverageFault::NoSuchArticle { rule: rule_name, document: at, article }),
        Some(found) if !found.rules().iter().any(|name| name == rule.name) => {
            Some(CoverageFault::NotNamedBack { rule: rule_name, document: at, article })
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::rule::DecidingDay;
    use crate::policy::{Part, Unruled};

    const LINE: Rule = Rule {
        name: "low_efficiency.tax_per_mu",
        title: "亩均税收",
        articles: &[("xiacheng-2019", "四(一)4")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[],
    };
    const TRANSITION: Rule =
        Rule { name: "low_efficiency.transition", articles: &[("xiacheng-2019", "二(一)3")], ..LINE };

    /// The embedded catalogue in which only the two articles above have rules.
    fn catalogue() -> Catalogue {
        let mut catalogue = Catalogue::embedded().unwrap();
        let declared = Treatment::Declared { status: Unruled::HumanJudgement, reason: "试".into() };
        for article in catalogue.documents.iter_mut().flat_map(|document| &mut document.articles) {
            article.parts.clear();
            article.treatment = match article.key.as_str() {
                "四(一)4" => Treatment::Rules(vec![LINE.name.into()]),
                "二(一)3" => Treatment::Rules(vec![TRANSITION.name.into()]),
                _ => declared.clone(),
            };
        }
        catalogue
    }

    fn treat(catalogue: &mut Catalogue, key: &str, treatment: Treatment) {
        let articles = catalogue.documents.iter_mut().flat_map(|document| &mut document.articles);
        articles.into_iter().find(|article| article.key == key).unwrap().treatment = treatment;
    }

    #[test]
    fn what_agrees_both_ways_has_no_fault() {
        assert_eq!(faults(&catalogue(), &[LINE, TRANSITION]), []);
    }

    #[test]
    fn a_rule_without_its_article_is_a_fault() {
        let nowhere = Rule { articles: &[("xiacheng-2019", "四(九)")], ..LINE };
        let found = faults(&catalogue(), &[nowhere, TRANSITION]);
        assert!(found.iter().any(|fault| matches!(fault, CoverageFault::NoSuchArticle { .. })), "{found:?}");
        let elsewhere = Rule { articles: &[("xiacheng-2019", "四(一)4"), ("xiacheng-2019", "四(一)3")], ..LINE };
        let found = faults(&catalogue(), &[elsewhere, TRANSITION]);
        assert!(matches!(found.as_slice(), [CoverageFault::NotNamedBack { .. }]), "{found:?}");
        let none = Rule { name: "free", articles: &[], ..LINE };
        assert_eq!(faults(&catalogue(), &[LINE, TRANSITION, none]), [CoverageFault::RuleWithoutArticle("free".into())]);
    }

    #[test]
    fn an_article_without_its_rule_is_a_fault() {
        let found = faults(&catalogue(), &[LINE]);
        assert!(matches!(found.as_slice(), [CoverageFault::NoFunction { .. }]), "{found:?}");
        let mut bare = catalogue();
        treat(&mut bare, "四(一)3", Treatment::Rules(Vec::new()));
        assert!(matches!(faults(&bare, &[LINE, TRANSITION]).as_slice(), [CoverageFault::Bare { .. }]));
        treat(&mut bare, "四(一)3", Treatment::Declared { status: Unruled::OutOfScope, reason: " ".into() });
        assert!(matches!(faults(&bare, &[LINE, TRANSITION]).as_slice(), [CoverageFault::Bare { .. }]));
        let mut borrowed = catalogue();
        treat(&mut borrowed, "四(一)3", Treatment::Rules(vec![LINE.name.into()]));
        assert!(matches!(faults(&borrowed, &[LINE, TRANSITION]).as_slice(), [CoverageFault::NotClaimed { .. }]));
    }

    #[test]
    fn a_part_is_held_against_its_own_rules() {
        let mut parted = catalogue();
        let articles = parted.documents.iter_mut().flat_map(|document| &mut document.articles);
        let article = articles.into_iter().find(|article| article.key == "二(一)3").unwrap();
        let part = |number: u32, treatment| Part { key: format!("二(一)3.{number}"), words: "试".into(), treatment };
        article.parts = vec![
            part(1, Treatment::Declared { status: Unruled::HumanJudgement, reason: "试".into() }),
            part(2, Treatment::Rules(vec![TRANSITION.name.into()])),
        ];
        let of_part = |key: &'static str| match key {
            "1" => Rule { articles: &[("xiacheng-2019", "二(一)3.1")], ..TRANSITION },
            _ => Rule { articles: &[("xiacheng-2019", "二(一)3.2")], ..TRANSITION },
        };
        assert_eq!(faults(&parted, &[LINE, of_part("2")]), []);
        let wrong = faults(&parted, &[LINE, of_part("1")]);
        assert!(matches!(wrong.as_slice(), [CoverageFault::NotNamedBack { .. }, CoverageFault::NotClaimed { .. }]), "{wrong:?}");
        let bare = faults(&parted, &[LINE]);
        assert!(matches!(bare.as_slice(), [CoverageFault::NoFunction { article, .. }] if article == "二(一)3.2"), "{bare:?}");
    }

    #[test]
    fn a_rule_listed_twice_is_a_fault() {
        assert_eq!(faults(&catalogue(), &[LINE, TRANSITION, LINE]), [CoverageFault::RuleTwice(LINE.name.into())]);
    }
}
