//! One document with its articles, as TOML.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{CatalogueError, day};
use crate::base::period::Period;
use crate::base::text::Seen;
use crate::policy::ending::Ending;
use crate::policy::receipt::sha256;
use crate::policy::{Article, Document, Part, Treatment, Unruled};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentFile {
    document: DocumentHead,
    #[serde(default)]
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
    /// The wording of the end: 自某日起废止, 有效期至某日.
    end: Option<String>,
    /// Over all wordings joined by line feeds; demanded of a document with text.
    sha256: Option<String>,
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleEntry {
    key: String,
    wording: String,
    #[serde(default)]
    rules: Vec<String>,
    status: Option<Unruled>,
    reason: Option<String>,
    #[serde(default)]
    part: Vec<PartEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartEntry {
    key: String,
    words: String,
    #[serde(default)]
    rules: Vec<String>,
    status: Option<Unruled>,
    reason: Option<String>,
}

/// # Errors
/// A text that differs from its hash, an article that stands twice or that nobody says anything about, parts that are not its
/// text, an unclear end.
pub fn read(text: &str) -> Result<Document, CatalogueError> {
    let file: DocumentFile = toml::from_str(text)?;
    let head = file.document;
    check_wording(&head, &file.article)?;
    let mut keys = BTreeSet::new();
    if let Some(twice) = file.article.iter().find(|entry| !keys.insert(&entry.key)) {
        return Err(CatalogueError::ArticleTwice { document: head.id, article: twice.key.clone() });
    }
    let ending = head.end.as_deref().map(Ending::read).transpose();
    let ending = ending.map_err(|problem| CatalogueError::Ending { document: head.id.clone(), problem })?;
    let valid = Period { from: Some(day(&head.valid_from)?), until: ending.as_ref().map(Ending::until) };
    let articles = file.article.into_iter().map(|entry| read_article(&head.id, entry)).collect::<Result<_, _>>()?;
    let document = Document {
        id: head.id,
        title: head.title,
        number: head.number,
        issuer: head.issuer,
        valid,
        ending,
        note: head.note,
        articles,
    };
    super::begins_with(&document.id, &document.valid, &document)?;
    Ok(document)
}

fn check_wording(head: &DocumentHead, articles: &[ArticleEntry]) -> Result<(), CatalogueError> {
    if articles.is_empty() && head.sha256.is_none() {
        return Ok(());
    }
    let whole = articles.iter().map(|entry| entry.wording.as_str()).collect::<Vec<_>>().join("\n");
    let actual = sha256(&whole);
    if head.sha256.as_ref() == Some(&actual) {
        return Ok(());
    }
    Err(CatalogueError::Wording { document: head.id.clone(), actual })
}

fn read_article(document: &str, entry: ArticleEntry) -> Result<Article, CatalogueError> {
    let uncovered = |article: String| CatalogueError::ArticleUncovered { document: document.to_owned(), article };
    let parts = read_parts(document, &entry)?;
    let mut rules = entry.rules;
    if !parts.is_empty() {
        if !rules.is_empty() {
            return Err(uncovered(entry.key));
        }
        rules = rules_of(&parts);
    }
    let treatment = treatment(rules, entry.status, entry.reason).ok_or_else(|| uncovered(entry.key.clone()))?;
    Ok(Article { document: document.to_owned(), key: entry.key, wording: entry.wording, treatment, parts })
}

/// Rules, or a status with its reason; never both.
fn treatment(rules: Vec<String>, status: Option<Unruled>, reason: Option<String>) -> Option<Treatment> {
    match (rules.is_empty(), status, reason) {
        (false, None, None) => Some(Treatment::Rules(rules)),
        (true, Some(status), Some(reason)) if !reason.is_blank() => Some(Treatment::Declared { status, reason }),
        _ => None,
    }
}

/// Each rule once, in the order of the text.
fn rules_of(parts: &[Part]) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    for rule in parts.iter().flat_map(|part| part.treatment.rules()) {
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }
    rules
}

/// The parts follow each other through the wording. Before the first stands the heading, between them nothing but signs.
fn read_parts(document: &str, entry: &ArticleEntry) -> Result<Vec<Part>, CatalogueError> {
    let mut rest = entry.wording.as_str();
    let mut parts: Vec<Part> = Vec::with_capacity(entry.part.len());
    for part in &entry.part {
        let astray = || CatalogueError::PartAstray { document: document.to_owned(), part: part.key.clone() };
        let (before, after) = rest.split_once(part.words.as_str()).ok_or_else(astray)?;
        let is_named = part.key.strip_prefix(entry.key.as_str()).is_some_and(|number| number.starts_with('.'));
        let is_gap = !parts.is_empty() && has_words(before);
        if part.words.is_blank() || !is_named || is_gap || parts.iter().any(|other| other.key == part.key) {
            return Err(astray());
        }
        let treatment = treatment(part.rules.clone(), part.status, part.reason.clone());
        let uncovered = || CatalogueError::ArticleUncovered { document: document.to_owned(), article: part.key.clone() };
        let treatment = treatment.ok_or_else(uncovered)?;
        parts.push(Part { key: part.key.clone(), words: part.words.clone(), treatment });
        rest = after;
    }
    match parts.last() {
        Some(last) if has_words(rest) => {
            Err(CatalogueError::PartAstray { document: document.to_owned(), part: last.key.clone() })
        }
        _ => Ok(parts),
    }
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}
