//! One document with its articles, as TOML.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{CatalogueError, day};
use crate::base::period::Period;
use crate::base::text::Seen;
use crate::policy::ending::Ending;
use crate::policy::receipt::sha256;
use crate::policy::{Article, Document, Treatment, Unruled};

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
}

/// # Errors
/// A text that differs from its hash, an article that stands twice or that nobody says anything about, an unclear end.
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
    let treatment = match (entry.rules.is_empty(), entry.status, entry.reason) {
        (false, None, None) => Treatment::Rules(entry.rules),
        (true, Some(status), Some(reason)) if !reason.is_blank() => Treatment::Declared { status, reason },
        _ => {
            return Err(CatalogueError::ArticleUncovered { document: document.to_owned(), article: entry.key });
        }
    };
    Ok(Article { document: document.to_owned(), key: entry.key, wording: entry.wording, treatment })
}
