//! The catalogue: everything published that the rules read. Its files are built into the program; what does not hold
//! together stops the start.

mod document_file;
mod parameter_file;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::directory::{self, DirectoryEntry, DirectoryError};
use super::ending::EndingUnclear;
use super::indicator::{IndicatorError, Indicators};
use super::measures;
use super::measures::{MeasureError, Measures};
use super::receipt::sha256;
use super::scheme::{self, SchemeError, Schemes};
use super::standard::{self, IndicatorSet, StandardError};
use super::veto::{self, VetoKind, VetoKindError};
use super::{Article, Document, Parameter, ParameterError};
use crate::base::period::Period;
use crate::entitlement::Measure;
use crate::scoring::Scheme;

pub use document_file::read as read_document;

const DOCUMENTS: [&str; 4] = [
    include_str!("../../policy/xiacheng-2019.toml"),
    include_str!("../../policy/hangzhou-2018-42.toml"),
    include_str!("../../policy/ndrc-2024.toml"),
    include_str!("../../policy/order-53-2012.toml"),
];
const PARAMETERS: &str = include_str!("../../policy/parameters.toml");
const DIRECTORY: &str = include_str!("../../policy/industry_directory.toml");

/// One published state. Two states with the same content are the same state, whatever order their files had.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    pub documents: Vec<Document>,
    pub parameters: Vec<Parameter>,
    pub indicators: Indicators,
    pub standards: Vec<IndicatorSet>,
    pub directory: Vec<DirectoryEntry>,
    /// States from before there were any have none.
    #[serde(default)]
    pub schemes: Schemes,
    /// What bars from A and B; states from before there were any have none.
    #[serde(default)]
    pub veto_kinds: Vec<VetoKind>,
    /// What follows from a grade; states from before there were any have none.
    #[serde(default)]
    pub measures: Measures,
    /// Set when it was read under this name; an older state keeps its name though this program might write it anew.
    #[serde(skip)]
    named: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    #[error("a policy file cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("a stored catalogue cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the stored catalogue {named} has the content of {actual}")]
    Tampered { named: String, actual: String },
    #[error("“{0}” is not a day (YYYY-MM-DD)")]
    Day(String),
    #[error("the end of {document}: {problem}")]
    Ending { document: String, problem: EndingUnclear },
    #[error("the wordings of {document} are not the text that was checked: sha-256 is {actual}")]
    Wording { document: String, actual: String },
    #[error("the document {0} stands twice in the catalogue")]
    DocumentTwice(String),
    #[error("{document} has the article {article} twice")]
    ArticleTwice { document: String, article: String },
    #[error("{document} {article} names neither rules nor a status with a reason, or both")]
    ArticleUncovered { document: String, article: String },
    #[error(
        "the part {part} of {document} is not named after its article, says nothing of its own, or leaves a gap in the text"
    )]
    PartAstray { document: String, part: String },
    #[error("{what} names {document} {article}, which is not there")]
    NoSuchArticle { what: String, document: String, article: String },
    #[error("{document} {article} names the rule {rule}, which this program does not have")]
    UnknownRule { document: String, article: String, rule: String },
    #[error("{0} starts before the document it stands on, or ends before it starts")]
    Period(String),
    #[error("two values of {0} are in force on the same day")]
    Overlap(String),
    #[error("the parameter {0} changes its kind")]
    KindChanges(String),
    #[error(transparent)]
    Value(#[from] ParameterError),
    #[error(transparent)]
    Indicator(#[from] IndicatorError),
    #[error(transparent)]
    Standard(#[from] StandardError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    #[error(transparent)]
    Veto(#[from] VetoKindError),
    #[error(transparent)]
    Measure(#[from] MeasureError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DirectoryFile {
    entry: Vec<DirectoryEntry>,
}

impl Catalogue {
    /// The catalogue built into this program.
    pub fn embedded() -> Result<Self, CatalogueError> {
        let catalogue = Self::parse(&DOCUMENTS, PARAMETERS, DIRECTORY)?;
        catalogue.schemes.shipped.iter().try_for_each(|it| scheme::obeys(it, &catalogue.parameters))?;
        Ok(catalogue)
    }

    /// # Errors
    /// A wording that differs from the checked text, an article that nobody says anything about, a value that names no
    /// article or cannot be read as its kind, or two values on the same day.
    pub fn parse(documents: &[&str], parameters: &str, directory: &str) -> Result<Self, CatalogueError> {
        let documents = documents.iter().map(|text| document_file::read(text)).collect::<Result<Vec<_>, _>>()?;
        let parameters = parameter_file::read(parameters, &documents)?;
        let directory: DirectoryFile = toml::from_str(directory)?;
        let indicators = Indicators::embedded()?;
        let standards = standard::embedded(&indicators)?;
        let schemes = Schemes::embedded()?;
        let veto_kinds = veto::embedded()?;
        let measures = Measures::embedded()?;
        let directory = directory.entry;
        let catalogue = Catalogue {
            documents,
            parameters,
            indicators,
            standards,
            directory,
            schemes,
            veto_kinds,
            measures,
            named: None,
        };
        catalogue.check()?;
        Ok(catalogue)
    }

    /// Adds what a district published for itself.
    ///
    /// # Errors
    /// When both together would say two things of one day, or an article names a rule that no article of the program does.
    pub fn with(
        mut self,
        documents: Vec<Document>,
        standards: Vec<IndicatorSet>,
        directory: Vec<DirectoryEntry>,
    ) -> Result<Self, CatalogueError> {
        let known = self.rule_names();
        let articles = documents.iter().flat_map(|document| &document.articles);
        for (article, rule) in
            articles.flat_map(|article| article.treatment.rules().iter().map(move |it| (article, it)))
        {
            if !known.contains(rule.as_str()) {
                let (document, article) = (article.document.clone(), article.key.clone());
                return Err(CatalogueError::UnknownRule { document, article, rule: rule.clone() });
            }
        }
        self.documents.extend(documents);
        self.standards.extend(standards);
        self.directory.extend(directory);
        self.named = None;
        self.check()?;
        Ok(self)
    }

    /// Adds the schemes a district published for itself.
    ///
    /// # Errors
    /// A scheme that is none, stands on no document, or shares category and year with another adopted one.
    pub fn with_schemes(mut self, own: Vec<Scheme>) -> Result<Self, CatalogueError> {
        self.schemes.own.extend(own);
        self.named = None;
        self.check_schemes()?;
        Ok(self)
    }

    /// Adds the kinds of veto a district published for itself.
    ///
    /// # Errors
    /// A kind that is none, stands on no document, or is in force beside another of its code.
    pub fn with_veto_kinds(mut self, own: Vec<VetoKind>) -> Result<Self, CatalogueError> {
        self.veto_kinds.extend(own);
        self.named = None;
        self.check_veto_kinds()?;
        Ok(self)
    }

    /// Adds the measures a district published for itself.
    ///
    /// # Errors
    /// A measure that is none, stands on no document, or says the same as another of one grade on one day.
    pub fn with_measures(mut self, own: Vec<Measure>) -> Result<Self, CatalogueError> {
        self.measures.own.extend(own);
        self.named = None;
        self.check_measures()?;
        Ok(self)
    }

    /// Reads a stored state under the name it is stored by.
    ///
    /// # Errors
    /// When the content is not what the name says.
    pub fn from_content(named: &str, content: &str) -> Result<Self, CatalogueError> {
        let actual = sha256(content);
        if actual != named {
            return Err(CatalogueError::Tampered { named: named.to_owned(), actual });
        }
        let catalogue: Catalogue = serde_json::from_str(content)?;
        Ok(Catalogue { named: Some(actual), ..catalogue })
    }

    /// The state as it is stored and hashed: JSON in one line, every list in the order of its names.
    pub fn content(&self) -> String {
        let mut sorted = self.clone();
        sorted.documents.sort_by(|a, b| a.id.cmp(&b.id));
        sorted.parameters.sort_by(|a, b| (&a.name, a.valid.from).cmp(&(&b.name, b.valid.from)));
        sorted.indicators.facts.sort_by(|a, b| a.name.cmp(&b.name));
        sorted.indicators.indicators.sort_by(|a, b| a.name.cmp(&b.name));
        sorted.standards.sort_by(|a, b| a.id.cmp(&b.id));
        sorted.directory.sort_by(|a, b| a.id.cmp(&b.id));
        sorted.schemes.shipped.sort_by(|a, b| a.id.cmp(&b.id));
        sorted.schemes.own.sort_by(|a, b| a.id.cmp(&b.id));
        sorted.veto_kinds.sort_by(|a, b| (&a.code, a.valid.from).cmp(&(&b.code, b.valid.from)));
        sorted.measures.shipped.sort_by(|a, b| a.id.cmp(&b.id));
        sorted.measures.own.sort_by(|a, b| a.id.cmp(&b.id));
        serde_json::to_string(&sorted).expect("a catalogue has no maps with odd keys")
    }

    /// The name of this state: SHA-256 of [`content`](Self::content), as 64 hexadecimal digits.
    pub fn sha256(&self) -> String {
        self.named.clone().unwrap_or_else(|| sha256(&self.content()))
    }

    /// Whether the document that a measure rests on is in force on a day: 自…起废止 leaves the day out, 有效期至 counts it in.
    pub fn rests_on(&self, measure: &Measure, day: NaiveDate) -> bool {
        measures::rests_on(&self.documents, measure, day)
    }

    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.id == id)
    }

    /// For the eye: texts that rules stand on first, then by their first day.
    pub fn documents_in_order(&self) -> Vec<&Document> {
        let mut documents: Vec<&Document> = self.documents.iter().collect();
        documents.sort_by_key(|document| (document.articles.is_empty(), document.valid.from));
        documents
    }

    pub fn article(&self, document: &str, key: &str) -> Option<&Article> {
        self.document(document)?.articles.iter().find(|article| article.key == key)
    }

    /// Every article of every document.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.documents.iter().flat_map(|document| &document.articles)
    }

    /// The names of all rules that articles name.
    pub fn rule_names(&self) -> BTreeSet<&str> {
        self.articles().flat_map(|article| article.treatment.rules()).map(String::as_str).collect()
    }

    /// The parameters in force on `day`.
    pub fn parameters_on(&self, day: NaiveDate) -> super::Parameters {
        super::Parameters::on(day, self.parameters.iter().filter(|it| it.valid.contains(day)).cloned())
    }

    fn check(&self) -> Result<(), CatalogueError> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.documents.iter().find(|document| !seen.insert(&document.id)) {
            return Err(CatalogueError::DocumentTwice(twice.id.clone()));
        }
        for entry in &self.directory {
            self.stands_on(&entry.id, &entry.document, None)?;
        }
        directory::hold_together(&self.directory)?;
        for indicator in &self.indicators.indicators {
            self.stands_on(&indicator.name, &indicator.document, Some(&indicator.article))?;
        }
        for set in &self.standards {
            self.stands_on(&set.id, &set.document, Some(&set.article))?;
        }
        standard::hold_together(&self.standards, &self.indicators)?;
        self.check_veto_kinds()?;
        self.check_measures()?;
        self.check_schemes()
    }

    fn check_veto_kinds(&self) -> Result<(), CatalogueError> {
        for kind in &self.veto_kinds {
            self.stands_on(&kind.code, &kind.document, Some(&kind.article))?;
        }
        Ok(veto::hold_together(&self.veto_kinds)?)
    }

    fn check_measures(&self) -> Result<(), CatalogueError> {
        for (_, measure) in self.measures.all() {
            self.stands_on(&measure.id, &measure.document, Some(&measure.article))?;
        }
        Ok(self.measures.hold_together()?)
    }

    fn check_schemes(&self) -> Result<(), CatalogueError> {
        for (_, scheme) in self.schemes.all() {
            self.stands_on(&scheme.id, &scheme.document, Some(&scheme.article))?;
        }
        Ok(scheme::hold_together(&self.schemes.own)?)
    }

    /// That the document is there, and the article too where its text is.
    fn stands_on(&self, what: &str, document: &str, article: Option<&str>) -> Result<(), CatalogueError> {
        let found = self.document(document).is_some_and(|document| {
            article.is_none_or(|key| document.articles.is_empty() || document.articles.iter().any(|it| it.key == key))
        });
        if found {
            return Ok(());
        }
        Err(CatalogueError::NoSuchArticle {
            what: what.to_owned(),
            document: document.to_owned(),
            article: article.unwrap_or_default().to_owned(),
        })
    }
}

/// That a period is one, and lies after the start of its document.
fn begins_with(what: &str, valid: &Period, document: &Document) -> Result<(), CatalogueError> {
    let empty = matches!((valid.from, valid.until), (Some(from), Some(until)) if until <= from);
    if empty || valid.from < document.valid.from {
        return Err(CatalogueError::Period(what.to_owned()));
    }
    Ok(())
}

fn day(value: &toml::value::Datetime) -> Result<NaiveDate, CatalogueError> {
    let text = value.to_string();
    text.parse().map_err(|_| CatalogueError::Day(text))
}
