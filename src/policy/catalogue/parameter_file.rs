//! The parameters, as TOML.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CatalogueError, begins_with, day};
use crate::base::period::Period;
use crate::policy::{Document, Kind, Parameter};

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

/// # Errors
/// A value without an article or not of its kind, a kind that changes, two values on the same day.
pub fn read(text: &str, documents: &[Document]) -> Result<Vec<Parameter>, CatalogueError> {
    let file: ParameterFile = toml::from_str(text)?;
    let mut kinds = BTreeMap::new();
    let mut parameters: Vec<Parameter> = Vec::new();
    for entry in file.parameter {
        let kind = entry.kind;
        let parameter = read_parameter(entry)?;
        parameter.readable_as(kind)?;
        stands_on_its_article(&parameter, documents)?;
        if *kinds.entry(parameter.name.clone()).or_insert(kind) != kind {
            return Err(CatalogueError::KindChanges(parameter.name));
        }
        if parameters.iter().any(|other| other.name == parameter.name && other.valid.overlaps(&parameter.valid)) {
            return Err(CatalogueError::Overlap(parameter.name));
        }
        parameters.push(parameter);
    }
    Ok(parameters)
}

fn read_parameter(entry: ParameterEntry) -> Result<Parameter, CatalogueError> {
    let until = entry.valid_until.as_ref().map(day).transpose()?;
    Ok(Parameter {
        valid: Period { from: Some(day(&entry.valid_from)?), until },
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
            what: parameter.name.clone(),
            document: parameter.document.clone(),
            article: parameter.article.clone(),
        })?;
    begins_with(&parameter.name, &parameter.valid, document)
}
