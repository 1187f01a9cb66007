//! `muheng policy`: the catalogue from the terminal.
#![allow(clippy::print_stdout, reason = "the catalogue is what the command is for")]

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use serde_json::json;

use super::config::Config;
use super::database::Database;
use crate::app;
use crate::base::period::Period;
use crate::entitlement::Measure;
use crate::policy::catalogue::Catalogue;
use crate::policy::{Article, Parameter, Treatment, coverage, store};
use crate::scoring::Scheme;

#[derive(Subcommand)]
pub enum Policy {
    /// Publish the catalogue of this program; doing it again changes nothing.
    Load,
    /// Documents, parameters, standards and directory as published for the district.
    List(Output),
    /// One article with its rules and parameters.
    Show {
        /// The key of an article, or of a part of one: 四(一)2, 二(一)3.2.
        article: String,
        /// The document it stands in; every document that has such an article without it.
        #[arg(long)]
        document: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// What becomes of every article and its parts; exit status 1 when articles and rules do not agree.
    Coverage(Output),
}

#[derive(Args)]
pub struct Output {
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
}

/// # Errors
/// When the database does not answer, or what it holds does not hold together.
pub async fn run(command: Policy, config: &Config) -> anyhow::Result<ExitCode> {
    // Opening publishes.
    let database = Database::open(config).await?;
    database.district(&config.district).await?;
    let catalogue = store::current(&database.pool, &config.district).await?;
    match command {
        Policy::Load => println!("{}", catalogue.sha256()),
        Policy::List(output) => list(&catalogue, output.format)?,
        Policy::Show { article, document, output } => return show(&catalogue, &article, document, output.format),
        Policy::Coverage(output) => return coverage(&catalogue, output.format),
    }
    Ok(ExitCode::SUCCESS)
}

fn list(catalogue: &Catalogue, format: Format) -> anyhow::Result<()> {
    if format == Format::Json {
        println!("{}", catalogue.content());
        return Ok(());
    }
    println!("catalogue {}", catalogue.sha256());
    for document in &catalogue.documents {
        let articles = document.articles.len();
        println!("document  {:<24} {}  {} articles  {}", document.id, days(&document.valid), articles, document.title);
    }
    for parameter in &catalogue.parameters {
        println!("{}", parameter_line(parameter));
    }
    for set in &catalogue.standards {
        println!("standard  {:<24} {}  {}  {}", set.id, days(&set.valid), set.adoption, set.title);
    }
    for (_, scheme) in catalogue.schemes.all() {
        let years = scheme.to_year.map_or_else(|| "…".to_owned(), |last| last.to_string());
        let Scheme { id, from_year, category, adoption, title, .. } = scheme;
        println!("scheme    {id:<24} [{from_year}, {years}]  {}  {adoption}  {title}", category.code());
    }
    for kind in &catalogue.veto_kinds {
        println!(
            "veto      {:<24} {}  {} {}  {}",
            kind.code,
            days(&kind.valid),
            kind.document,
            kind.article,
            kind.title
        );
    }
    for (_, measure) in catalogue.measures.all() {
        let last = measure.to.map_or_else(|| "…".to_owned(), |last| last.to_string());
        let Measure { id, from, adoption, title, document, article, .. } = measure;
        println!("measure   {id:<32} [{from}, {last}]  {adoption}  {document} {article}  {title}");
    }
    for entry in &catalogue.directory {
        println!("directory {:<24} {}  {}  {}", entry.id, days(&entry.valid), entry.class, entry.wording);
    }
    Ok(())
}

fn parameter_line(parameter: &Parameter) -> String {
    let Parameter { name, value, unit, document, article, .. } = parameter;
    format!("parameter {name:<36} {}  {value} {unit}  {document} {article}", days(&parameter.valid))
}

fn days(period: &Period) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    format!("[{}, {})", day(period.from), day(period.until))
}

#[derive(Serialize)]
struct Shown<'a> {
    article: &'a Article,
    rules: Vec<serde_json::Value>,
    parameters: Vec<&'a Parameter>,
}

fn show(catalogue: &Catalogue, key: &str, document: Option<String>, format: Format) -> anyhow::Result<ExitCode> {
    let wanted = |article: &&Article| {
        let is_meant = article.key == key || article.parts.iter().any(|part| part.key == key);
        is_meant && document.as_deref().is_none_or(|document| document == article.document)
    };
    let rules = app::rules();
    let found: Vec<Shown> = catalogue
        .articles()
        .filter(wanted)
        .map(|article| Shown {
            article,
            rules: rules
                .iter()
                .filter(|rule| article.treatment.rules().iter().any(|name| name == rule.name))
                .map(|rule| {
                    json!({ "name": rule.name, "title": rule.title, "deciding_day": rule.deciding_day, "tests": rule.tests })
                })
                .collect(),
            parameters: catalogue
                .parameters
                .iter()
                .filter(|it| it.document == article.document && it.article == article.key)
                .collect(),
        })
        .collect();
    if found.is_empty() {
        eprintln!("muheng: no document has the article {key}; muheng policy coverage lists all of them");
        return Ok(ExitCode::FAILURE);
    }
    if format == Format::Json {
        println!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(ExitCode::SUCCESS);
    }
    for shown in found {
        println!("{} {}\n{}\n", shown.article.document, shown.article.key, shown.article.wording);
        println!("{}", treatment_line(&shown.article.treatment));
        for part in &shown.article.parts {
            println!("  {} {}\n    {}", part.key, part.words, treatment_line(&part.treatment));
        }
        for rule in &shown.rules {
            println!("  {} {}", rule["name"].as_str().unwrap_or_default(), rule["title"].as_str().unwrap_or_default());
        }
        for parameter in shown.parameters {
            println!("{}  last checked {}", parameter_line(parameter), parameter.checked_on);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn treatment_line(treatment: &Treatment) -> String {
    match treatment {
        Treatment::Rules(names) => format!("rules: {}", names.join(", ")),
        Treatment::Declared { status, reason } => format!("{}: {reason}", status.code()),
    }
}

fn coverage(catalogue: &Catalogue, format: Format) -> anyhow::Result<ExitCode> {
    let faults = coverage::faults(&Catalogue::embedded()?, &app::rules());
    if format == Format::Json {
        let articles: Vec<_> = catalogue
            .articles()
            .map(|it| json!({ "document": it.document, "article": it.key, "treatment": it.treatment, "parts": it.parts }))
            .collect();
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        println!("{}", serde_json::to_string_pretty(&json!({ "articles": articles, "faults": faults }))?);
    } else {
        for article in catalogue.articles() {
            println!("{:<18} {:<10} {}", article.document, article.key, treatment_line(&article.treatment));
            for part in &article.parts {
                println!("{:<18} {:<10} {}", article.document, part.key, treatment_line(&part.treatment));
            }
        }
        for fault in &faults {
            println!("WRONG  {fault}");
        }
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
