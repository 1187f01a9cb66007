//! Reading `policy/*.toml`, which is built into the program. What does not hold together stops the start.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Article, Document, Kind, Parameter, ParameterError};
use crate::base::period::Period;

const DOCUMENTS: [&str; 2] =
    [include_str!("../../policy/xiacheng-2019.toml"), include_str!("../../policy/order-53-2012.toml")];
const PARAMETERS: &str = include_str!("../../policy/parameters.toml");

#[derive(Clone, Debug)]
pub struct Catalogue {
    pub documents: Vec<Document>,
    pub parameters: Vec<Parameter>,
}

#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    #[error("a policy file cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("“{0}” is not a day (YYYY-MM-DD)")]
    Day(String),
    #[error("the wordings of {document} are not the text that was checked: sha-256 is {actual}")]
    Wording { document: String, actual: String },
    #[error("{document} has the article {article} twice")]
    ArticleTwice { document: String, article: String },
    #[error("the parameter {parameter} names {document} {article}, which is not there")]
    NoSuchArticle { parameter: String, document: String, article: String },
    #[error("the parameter {0} starts before the document it stands on, or ends before it starts")]
    Period(String),
    #[error("two values of the parameter {0} are in force on the same day")]
    Overlap(String),
    #[error("the parameter {0} changes its kind")]
    KindChanges(String),
    #[error(transparent)]
    Value(#[from] ParameterError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentFile {
    document: DocumentHead,
    article: Vec<ArticleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentHead {
    id: String,
    title: String,
    number: Option<String>,
    issuer: String,
    valid_from: toml::value::Datetime,
    valid_until: Option<toml::value::Datetime>,
    sha256: String,
    #[serde(rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleEntry {
    key: String,
    wording: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterFile {
    parameter: Vec<ParameterEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterEntry {
    name: String,
    kind: Kind,
    value: String,
    unit: String,
    valid_from: toml::value::Datetime,
    valid_until: Option<toml::value::Datetime>,
    document: String,
    article: String,
    local_choice: bool,
    checked_on: toml::value::Datetime,
    note: String,
}

impl Catalogue {
    /// The catalogue built into this program.
    pub fn embedded() -> Result<Self, CatalogueError> {
        Self::parse(&DOCUMENTS, PARAMETERS)
    }

    /// # Errors
    /// A wording that differs from the checked text, a parameter that names no article or cannot be read as its kind,
    /// or two values of one parameter on the same day.
    pub fn parse(documents: &[&str], parameters: &str) -> Result<Self, CatalogueError> {
        let documents = documents.iter().map(|text| read_document(text)).collect::<Result<Vec<_>, _>>()?;
        let file: ParameterFile = toml::from_str(parameters)?;
        let mut kinds = BTreeMap::new();
        let mut parameters: Vec<Parameter> = Vec::new();
        for entry in file.parameter {
            let kind = entry.kind;
            let parameter = read_parameter(entry)?;
            parameter.readable_as(kind)?;
            stands_on_its_article(&parameter, &documents)?;
            if *kinds.entry(parameter.name.clone()).or_insert(kind) != kind {
                return Err(CatalogueError::KindChanges(parameter.name));
            }
            if parameters.iter().any(|other| other.name == parameter.name && overlap(&other.valid, &parameter.valid)) {
                return Err(CatalogueError::Overlap(parameter.name));
            }
            parameters.push(parameter);
        }
        Ok(Catalogue { documents, parameters })
    }

    pub fn article(&self, document: &str, key: &str) -> Option<&Article> {
        let document = self.documents.iter().find(|candidate| candidate.id == document)?;
        document.articles.iter().find(|article| article.key == key)
    }
}

fn read_document(text: &str) -> Result<Document, CatalogueError> {
    let file: DocumentFile = toml::from_str(text)?;
    let head = file.document;
    let mut keys = BTreeSet::new();
    for entry in &file.article {
        if !keys.insert(&entry.key) {
            return Err(CatalogueError::ArticleTwice { document: head.id, article: entry.key.clone() });
        }
    }
    let whole = file.article.iter().map(|entry| entry.wording.as_str()).collect::<Vec<_>>().join("\n");
    let actual = hex::encode(Sha256::digest(whole));
    if actual != head.sha256 {
        return Err(CatalogueError::Wording { document: head.id, actual });
    }
    let articles = file
        .article
        .into_iter()
        .map(|entry| Article { document: head.id.clone(), key: entry.key, wording: entry.wording })
        .collect();
    let valid = period(&head.valid_from, head.valid_until.as_ref())?;
    Ok(Document { id: head.id, title: head.title, number: head.number, issuer: head.issuer, valid, articles })
}

fn read_parameter(entry: ParameterEntry) -> Result<Parameter, CatalogueError> {
    Ok(Parameter {
        valid: period(&entry.valid_from, entry.valid_until.as_ref())?,
        checked_on: day(&entry.checked_on)?,
        name: entry.name,
        value: entry.value,
        unit: entry.unit,
        document: entry.document,
        article: entry.article,
        local_choice: entry.local_choice,
        note: entry.note,
    })
}

fn stands_on_its_article(parameter: &Parameter, documents: &[Document]) -> Result<(), CatalogueError> {
    let document = documents.iter().find(|document| document.id == parameter.document);
    let document = document
        .filter(|document| document.articles.iter().any(|article| article.key == parameter.article))
        .ok_or_else(|| CatalogueError::NoSuchArticle {
            parameter: parameter.name.clone(),
            document: parameter.document.clone(),
            article: parameter.article.clone(),
        })?;
    let empty = matches!((parameter.valid.from, parameter.valid.until), (Some(from), Some(until)) if until <= from);
    if empty || parameter.valid.from < document.valid.from {
        return Err(CatalogueError::Period(parameter.name.clone()));
    }
    Ok(())
}

fn overlap(one: &Period, other: &Period) -> bool {
    let starts_before_end = |a: &Period, b: &Period| match (a.from, b.until) {
        (Some(from), Some(until)) => from < until,
        _ => true,
    };
    starts_before_end(one, other) && starts_before_end(other, one)
}

fn period(from: &toml::value::Datetime, until: Option<&toml::value::Datetime>) -> Result<Period, CatalogueError> {
    Ok(Period { from: Some(day(from)?), until: until.map(day).transpose()? })
}

fn day(value: &toml::value::Datetime) -> Result<NaiveDate, CatalogueError> {
    let text = value.to_string();
    text.parse().map_err(|_| CatalogueError::Day(text))
}

#[cfg(test)]
mod tests {
    use super::super::Parameters;
    use super::*;

    fn entry(name: &str, value: &str, kind: &str, from: &str, until: &str, article: &str) -> String {
        let until = if until.is_empty() { String::new() } else { format!("valid_until = {until}\n") };
        format!(
            "[[parameter]]\nname = '{name}'\nkind = '{kind}'\nvalue = '{value}'\nunit = '元/亩'\nvalid_from = {from}\n\
             {until}document = 'xiacheng-2019'\narticle = '{article}'\nlocal_choice = false\n\
             checked_on = 2026-11-23\nnote = ''\n"
        )
    }

    fn parse(parameters: &[String]) -> Result<Catalogue, CatalogueError> {
        Catalogue::parse(&DOCUMENTS, &parameters.concat())
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
        assert!(matches!(Catalogue::parse(&[&changed], "parameter = []"), Err(CatalogueError::Wording { .. })));
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
        let parameters =
            parse(&[entry("a", "1", "decimal", "2019-01-01", "2020-01-01", "四(一)4")]).unwrap().parameters;
        let on = |day: &str| Parameters::on(day.parse().unwrap(), parameters.clone()).decimal("a");
        assert!(on("2019-12-31").is_ok());
        assert!(matches!(on("2020-01-01"), Err(ParameterError::NotInForce { .. })));
        assert!(matches!(on("2018-12-31"), Err(ParameterError::NotInForce { .. })));
    }
}
