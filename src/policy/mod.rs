//! Policy as data with dates: documents and articles word for word, parameters with unit, validity and article.
//!
//! The files under `policy/` are the source; [`catalogue`] reads them, [`store`] publishes them to the database, and
//! [`Parameters`] answers what was in force on a day. An expired value never stands in for a missing one.

pub mod catalogue;
pub mod coverage;
pub mod directory;
pub mod ending;
pub mod hashed;
pub mod indicator;
pub mod intake;
pub mod interval;
pub mod measure;
pub mod measures;
pub mod pages;
pub mod quantity;
pub mod range;
pub mod receipt;
pub mod recheck;
pub mod rule;
pub mod scheme;
pub mod standard;
pub mod store;
pub mod verdict;
pub mod veto;
pub mod work;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::account::Department;
use crate::base::period::Period;
use crate::base::text::Seen;
use ending::Ending;

crate::terms! {
    /// How a figure is held against a line. In Chinese law “以下” includes the figure itself; a district may choose not to.
    pub enum Comparison {
        Below = "<" => "低于",
        AtMost = "<=" => "不高于",
    }
}

crate::terms! {
    /// How the value of a parameter is read.
    pub enum Kind {
        Decimal = "decimal" => "数值",
        Count = "count" => "整数",
        Flag = "flag" => "是否",
        Comparison = "comparison" => "比较方式",
        Department = "department" => "部门",
    }
}

/// A published text. One that is only referred to has no articles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub id: String,
    pub title: String,
    pub number: Option<String>,
    pub issuer: String,
    pub valid: Period,
    /// How it ends, in the words of whoever ended it.
    pub ending: Option<Ending>,
    pub note: String,
    pub articles: Vec<Article>,
}

/// One article with its heading, word for word. Keys read like `四(一)4`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    pub document: String,
    pub key: String,
    pub wording: String,
    pub treatment: Treatment,
    /// Its sentences, where they ask for things of their own; the treatment is then what theirs come to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A sentence of an article, or a piece of one, that asks for something of its own. Keys read like `二(一)3.2`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub key: String,
    /// Word for word, as it stands in the article.
    pub words: String,
    pub treatment: Treatment,
}

/// What this program makes of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// The names of the rules that carry it out; never empty.
    Rules(Vec<String>),
    Declared {
        status: Unruled,
        /// Chinese.
        reason: String,
    },
}

crate::terms! {
    /// Why an article has no rule.
    pub enum Unruled {
        HumanJudgement = "human_judgement" => "须人工判断",
        NotCheckable = "not_checkable" => "无法由系统核查",
        OutOfScope = "out_of_scope" => "不在本系统范围",
    }
}

impl Treatment {
    pub fn rules(&self) -> &[String] {
        match self {
            Treatment::Rules(names) => names,
            Treatment::Declared { .. } => &[],
        }
    }

    /// Says nothing: no rule, or no reason for having none.
    pub fn is_empty(&self) -> bool {
        match self {
            Treatment::Rules(names) => names.is_empty(),
            Treatment::Declared { reason, .. } => reason.is_blank(),
        }
    }
}

/// One published value and the days it is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub value: String,
    pub unit: String,
    pub valid: Period,
    pub document: String,
    pub article: String,
    /// The article leaves it to the district, and this is the district's choice.
    pub local_choice: bool,
    /// When somebody last held it against its source.
    pub checked_on: NaiveDate,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    #[error("no value of the parameter {name} is in force on {on}")]
    NotInForce { name: String, on: NaiveDate },
    #[error("the value “{value}” of the parameter {name} is not a {kind}", kind = kind.code())]
    Unreadable { name: String, value: String, kind: Kind },
}

impl Parameter {
    pub fn decimal(&self) -> Result<Decimal, ParameterError> {
        self.value.parse().map_err(|_| self.unreadable(Kind::Decimal))
    }

    pub fn count(&self) -> Result<u32, ParameterError> {
        self.value.parse().map_err(|_| self.unreadable(Kind::Count))
    }

    pub fn flag(&self) -> Result<bool, ParameterError> {
        self.value.parse().map_err(|_| self.unreadable(Kind::Flag))
    }

    pub fn comparison(&self) -> Result<Comparison, ParameterError> {
        Comparison::ALL
            .iter()
            .copied()
            .find(|comparison| comparison.code() == self.value)
            .ok_or_else(|| self.unreadable(Kind::Comparison))
    }

    pub fn department(&self) -> Result<Department, ParameterError> {
        Department::parse(&self.value).ok_or_else(|| self.unreadable(Kind::Department))
    }

    /// Whether the value can be read as `kind`.
    pub fn readable_as(&self, kind: Kind) -> Result<(), ParameterError> {
        match kind {
            Kind::Decimal => self.decimal().map(drop),
            Kind::Count => self.count().map(drop),
            Kind::Flag => self.flag().map(drop),
            Kind::Comparison => self.comparison().map(drop),
            Kind::Department => self.department().map(drop),
        }
    }

    fn unreadable(&self, kind: Kind) -> ParameterError {
        ParameterError::Unreadable { name: self.name.clone(), value: self.value.clone(), kind }
    }
}

/// The parameters in force on one day.
#[derive(Clone, Debug)]
pub struct Parameters {
    on: NaiveDate,
    in_force: BTreeMap<String, Parameter>,
}

impl Parameters {
    pub fn on(day: NaiveDate, published: impl IntoIterator<Item = Parameter>) -> Self {
        let in_force = published
            .into_iter()
            .filter(|parameter| parameter.valid.contains(day))
            .map(|parameter| (parameter.name.clone(), parameter))
            .collect();
        Parameters { on: day, in_force }
    }

    /// # Errors
    /// [`ParameterError::NotInForce`]: nothing older or younger takes its place.
    pub fn get(&self, name: &str) -> Result<&Parameter, ParameterError> {
        self.in_force.get(name).ok_or_else(|| ParameterError::NotInForce { name: name.to_owned(), on: self.on })
    }

    pub fn decimal(&self, name: &str) -> Result<Decimal, ParameterError> {
        self.get(name)?.decimal()
    }

    pub fn count(&self, name: &str) -> Result<u32, ParameterError> {
        self.get(name)?.count()
    }

    pub fn flag(&self, name: &str) -> Result<bool, ParameterError> {
        self.get(name)?.flag()
    }

    pub fn comparison(&self, name: &str) -> Result<Comparison, ParameterError> {
        self.get(name)?.comparison()
    }

    pub fn department(&self, name: &str) -> Result<Department, ParameterError> {
        self.get(name)?.department()
    }
}
