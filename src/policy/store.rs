//! Publishing the catalogue, and asking the database what was in force.

mod editions;
mod local;
mod measures;
pub mod receipts;
mod schemes;
pub mod submissions;
mod veto_kinds;
mod waiting;

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;

use super::catalogue::{Catalogue, CatalogueError};
use super::{Article, Document, Parameter, Parameters};
use crate::base::period::Period;
use crate::db::PgPool;
use crate::web;

pub use editions::{agrees, catalogue, current, renew};
pub use waiting::policy_to_approve;

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error("{document} {article} is published with other words; a published article is never changed")]
    ArticleChanged { document: String, article: String },
    #[error(
        "the parameter {name} is published from {from} as “{published}” and the program brings “{offered}”; \
         a published period is never changed: close it and begin a new one"
    )]
    ParameterChanged { name: String, from: NaiveDate, published: String, offered: String },
    #[error("{document} is published for {published:?}; its period may only be given an end")]
    DocumentChanged { document: String, published: Period },
    #[error("the parameter {name} is published for a period that overlaps the one from {from}")]
    Overlap { name: String, from: NaiveDate },
    #[error("an adopted scheme of the same category is published for a year of {scheme}")]
    YearsTaken { scheme: String },
    #[error(
        "published rows of the district {district} are not what its published submissions say; somebody changed them"
    )]
    RowsChanged { district: String },
    #[error("what was to be ended is not open any more")]
    Moved,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<PublishError> for web::Error {
    fn from(error: PublishError) -> Self {
        web::Error::Internal(error.into())
    }
}

/// Publishes the catalogue built into the program. Doing it again changes nothing.
///
/// # Errors
/// When the files do not hold together, or would change what is published.
pub async fn load(pool: &PgPool) -> Result<(), PublishError> {
    publish(pool, &Catalogue::embedded()?).await
}

/// Publishes a catalogue: all of it or nothing.
pub async fn publish(pool: &PgPool, catalogue: &Catalogue) -> Result<(), PublishError> {
    let mut transaction = pool.begin().await?;
    // Two programs that start together publish one after the other.
    sqlx::query!("LOCK TABLE policy_document IN SHARE ROW EXCLUSIVE MODE").execute(&mut *transaction).await?;
    for document in &catalogue.documents {
        publish_document(&mut transaction, document).await?;
    }
    for parameter in &catalogue.parameters {
        publish_parameter(&mut transaction, parameter).await?;
    }
    editions::renew_all(&mut transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Every published value, of whatever period: a few dozen rows.
pub async fn parameters(pool: &PgPool) -> Result<Vec<Parameter>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT name, value, unit, valid, document, article, local_choice, checked_on, note
         FROM policy_parameter ORDER BY name, lower(valid)"
    )
    .fetch_all(pool)
    .await?;
    let parameters = rows.into_iter().map(|row| Parameter {
        name: row.name,
        value: row.value,
        unit: row.unit,
        valid: row.valid.into(),
        document: row.document,
        article: row.article,
        local_choice: row.local_choice,
        checked_on: row.checked_on,
        note: row.note,
    });
    Ok(parameters.collect())
}

/// The parameters in force on `day`.
pub async fn parameters_on(pool: &PgPool, day: NaiveDate) -> Result<Parameters, sqlx::Error> {
    let published = parameters(pool).await?;
    Ok(Parameters::on(day, published.into_iter().filter(|parameter| parameter.valid.contains(day))))
}

async fn publish_document(connection: &mut PgConnection, document: &Document) -> Result<(), PublishError> {
    let published = sqlx::query_scalar!("SELECT valid FROM policy_document WHERE id = $1", document.id)
        .fetch_optional(&mut *connection)
        .await?
        .map(Period::from);
    // Saying when it ends is all that may still be said of a published document.
    if let Some(published) = published
        && published != document.valid
        && (published.until.is_some() || published.from != document.valid.from)
    {
        return Err(PublishError::DocumentChanged { document: document.id.clone(), published });
    }
    sqlx::query!(
        "INSERT INTO policy_document (id, title, number, issuer, valid) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET title = $2, number = $3, issuer = $4, valid = $5",
        document.id,
        document.title,
        document.number,
        document.issuer,
        PgRange::from(document.valid)
    )
    .execute(&mut *connection)
    .await?;
    for (position, article) in document.articles.iter().enumerate() {
        publish_article(connection, article, position as i32 + 1).await?;
    }
    Ok(())
}

async fn publish_article(connection: &mut PgConnection, article: &Article, position: i32) -> Result<(), PublishError> {
    let published = sqlx::query_scalar!(
        "WITH added AS (
             INSERT INTO policy_article (document, article, position, wording) VALUES ($1, $2, $3, $4)
             ON CONFLICT (document, article) DO NOTHING RETURNING wording
         )
         SELECT wording FROM added
         UNION ALL SELECT wording FROM policy_article WHERE document = $1 AND article = $2",
        article.document,
        article.key,
        position,
        article.wording
    )
    .fetch_one(&mut *connection)
    .await?;
    if published.as_deref() == Some(article.wording.as_str()) {
        return Ok(());
    }
    Err(PublishError::ArticleChanged { document: article.document.clone(), article: article.key.clone() })
}

async fn publish_parameter(connection: &mut PgConnection, parameter: &Parameter) -> Result<(), PublishError> {
    let from = parameter.valid.from.unwrap_or(NaiveDate::MIN);
    let published = sqlx::query!(
        "SELECT value, unit, valid, document, article, local_choice FROM policy_parameter
         WHERE name = $1 AND lower(valid) = $2",
        parameter.name,
        from
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(published) = published else { return insert_parameter(connection, parameter, from).await };

    let valid: Period = published.valid.into();
    let same = published.value == parameter.value
        && published.unit == parameter.unit
        && published.document == parameter.document
        && published.article == parameter.article
        && published.local_choice == parameter.local_choice
        // Giving an open period its end is how a successor is announced; nothing else about it may move.
        && (valid.until.is_none() || valid.until == parameter.valid.until);
    if !same {
        return Err(PublishError::ParameterChanged {
            name: parameter.name.clone(),
            from,
            published: describe(&published.value, &published.unit, valid),
            offered: describe(&parameter.value, &parameter.unit, parameter.valid),
        });
    }
    sqlx::query!(
        "UPDATE policy_parameter SET valid = $3, checked_on = $4, note = $5
         WHERE name = $1 AND lower(valid) = $2 AND (valid, checked_on, note) IS DISTINCT FROM ($3, $4, $5)",
        parameter.name,
        from,
        PgRange::from(parameter.valid),
        parameter.checked_on,
        parameter.note
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_parameter(
    connection: &mut PgConnection,
    parameter: &Parameter,
    from: NaiveDate,
) -> Result<(), PublishError> {
    let inserted = sqlx::query!(
        "INSERT INTO policy_parameter (name, value, unit, valid, document, article, local_choice, checked_on, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        parameter.name,
        parameter.value,
        parameter.unit,
        PgRange::from(parameter.valid),
        parameter.document,
        parameter.article,
        parameter.local_choice,
        parameter.checked_on,
        parameter.note
    )
    .execute(connection)
    .await;
    match inserted {
        Ok(_) => Ok(()),
        // 23P01: the exclusion constraint on overlapping periods.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("23P01") => {
            Err(PublishError::Overlap { name: parameter.name.clone(), from })
        }
        Err(error) => Err(error.into()),
    }
}

fn describe(value: &str, unit: &str, valid: Period) -> String {
    match valid.until {
        Some(until) => format!("{value} {unit} until {until}"),
        None => format!("{value} {unit}"),
    }
}

#[cfg(test)]
mod tests;
