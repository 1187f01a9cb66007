//! `GET /policy/rules`: 规则目录. Every article beside what becomes of it, as of a day.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::account::Officer;
use crate::base::text::Seen;
use crate::policy::catalogue::Catalogue;
use crate::policy::directory::DirectoryEntry;
use crate::policy::quantity::behind_figure;
use crate::policy::rule::Rule;
use crate::policy::standard::{IndicatorSet, Requirement};
use crate::policy::{Article, Document, Parameter, Treatment, Unruled, store};
use crate::web::{AppState, Error, Result, Shell};

/// Empty fields are absent ones.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RulesQuery {
    as_of: String,
    document: String,
    /// `rule` or the code of an [`Unruled`].
    treatment: String,
    q: String,
}

#[derive(Template)]
#[template(path = "policy/rules.html")]
struct RulesPage {
    shell: Shell,
    query: RulesQuery,
    as_of: NaiveDate,
    catalogue: Arc<Catalogue>,
    /// The first sixteen digits of its hash.
    named: String,
    rules: Vec<Rule>,
    documents: Vec<Shown>,
    statuses: &'static [Unruled],
}

/// A document with the articles that pass the filter.
struct Shown {
    document: Document,
    articles: Vec<Article>,
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(query): Query<RulesQuery>,
    rules: Vec<Rule>,
) -> Result<Html<String>> {
    let as_of = match query.as_of.seen() {
        "" => state.clock.today(),
        text => text.parse().map_err(|_| Error::BadRequest("日期应写成 YYYY-MM-DD".into()))?,
    };
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let page = RulesPage {
        shell: officer.shell(&state, "规则目录"),
        documents: shown(&catalogue, &query),
        named: catalogue.sha256()[..16].to_owned(),
        statuses: Unruled::ALL,
        query,
        as_of,
        catalogue,
        rules,
    };
    Ok(Html(page.render()?))
}

fn shown(catalogue: &Catalogue, query: &RulesQuery) -> Vec<Shown> {
    let wanted = |document: &&Document| query.document.is_empty() || document.id == query.document;
    let narrowed = !query.treatment.is_empty() || !query.q.is_blank();
    let of = |document: &Document| Shown {
        articles: document.articles.iter().filter(|article| query.passes(article)).cloned().collect(),
        document: document.clone(),
    };
    let shown = catalogue.documents_in_order().into_iter().filter(wanted).map(of);
    shown.filter(|shown| !narrowed || !shown.articles.is_empty()).collect()
}

impl RulesQuery {
    fn passes(&self, article: &Article) -> bool {
        let treated = match (&article.treatment, self.treatment.as_str()) {
            (_, "") => true,
            (Treatment::Rules(_), wanted) => wanted == "rule",
            (Treatment::Declared { status, .. }, wanted) => wanted == status.code(),
        };
        let text = self.q.seen();
        treated && (text.is_empty() || article.wording.contains(text) || article.key.contains(text))
    }
}

impl RulesPage {
    fn rules_of<'a>(&'a self, article: &'a Article) -> impl Iterator<Item = &'a Rule> {
        article.treatment.rules().iter().filter_map(|name| self.rule(name))
    }

    fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name == name)
    }

    fn parameters_of<'a>(&'a self, article: &'a Article) -> impl Iterator<Item = &'a Parameter> {
        let parameters = self.catalogue.parameters.iter();
        parameters.filter(|it| it.document == article.document && it.article == article.key)
    }

    fn holds(&self, period: &crate::base::period::Period) -> bool {
        period.contains(self.as_of)
    }

    fn counted(&self, treatment: &str) -> usize {
        let query = RulesQuery { treatment: treatment.to_owned(), ..RulesQuery::default() };
        self.catalogue.articles().filter(|article| query.passes(article)).count()
    }

    fn requirement_text(&self, name: &str, requirement: &Requirement) -> String {
        let label = self.catalogue.indicators.indicator(name).map_or(name, |indicator| indicator.label.as_str());
        let unit = behind_figure(&requirement.unit);
        format!("{label} {} {unit}", requirement.interval.wording()).trim_end().to_owned()
    }

    fn standards(&self) -> impl Iterator<Item = &IndicatorSet> {
        self.catalogue.standards.iter().filter(|_| self.whole())
    }

    fn directory(&self) -> impl Iterator<Item = &DirectoryEntry> {
        self.catalogue.directory.iter().filter(|_| self.whole())
    }

    /// Tables stand below the articles when nothing narrows the page.
    fn whole(&self) -> bool {
        self.query.treatment.is_empty() && self.query.q.is_blank()
    }
}
