//! What a district published for itself.

use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use sqlx::types::Json;
use uuid::Uuid;

use super::{PublishError, measures, schemes, veto_kinds};
use crate::base::period::Period;
use crate::policy::Document;
use crate::policy::directory::DirectoryEntry;
use crate::policy::intake::Offer;
use crate::policy::intake::plan::{self, Local, Step};
use crate::policy::standard::IndicatorSet;

pub async fn local(connection: &mut PgConnection, district: &str) -> Result<Local, sqlx::Error> {
    let documents = sqlx::query!(
        r#"SELECT content AS "content: Json<Document>", valid FROM policy_local_document WHERE district = $1"#,
        district
    )
    .fetch_all(&mut *connection)
    .await?;
    let standards = sqlx::query!(
        r#"SELECT content AS "content: Json<IndicatorSet>", valid FROM policy_standard WHERE district = $1"#,
        district
    )
    .fetch_all(&mut *connection)
    .await?;
    let directory = sqlx::query!(
        r#"SELECT content AS "content: Json<DirectoryEntry>", valid FROM policy_directory_entry WHERE district = $1"#,
        district
    )
    .fetch_all(&mut *connection)
    .await?;
    let schemes = schemes::published(&mut *connection, district).await?;
    let veto_kinds = veto_kinds::published(&mut *connection, district).await?;
    let measures = measures::published(connection, district).await?;
    // The column decides: it is what the constraint keeps apart.
    let local = Local {
        documents: documents.into_iter().map(|row| Document { valid: row.valid.into(), ..row.content.0 }).collect(),
        standards: standards.into_iter().map(|row| IndicatorSet { valid: row.valid.into(), ..row.content.0 }).collect(),
        directory: directory
            .into_iter()
            .map(|row| DirectoryEntry { valid: row.valid.into(), ..row.content.0 })
            .collect(),
        schemes,
        veto_kinds,
        measures,
    };
    Ok(local.sorted())
}

/// What the published submissions make, one after the other; nothing when one of them cannot follow those before it,
/// which no program of ours published.
pub async fn replayed(connection: &mut PgConnection, district: &str) -> Result<Option<Local>, sqlx::Error> {
    let offers = sqlx::query_scalar!(
        r#"SELECT s.offer AS "offer: Json<Offer>" FROM policy_submission s
           JOIN LATERAL (SELECT min(number) AS number FROM policy_edition e
                         WHERE e.district = s.district AND e.catalogue = s.catalogue) AS edition ON true
           WHERE s.district = $1 AND s.state = 'published' ORDER BY edition.number"#,
        district
    )
    .fetch_all(connection)
    .await?;
    let mut made = Local::default();
    for offer in offers {
        // Whether it fits the program of today is asked elsewhere.
        let Ok(steps) = plan::follow(&made, &offer) else { return Ok(None) };
        made = plan::apply(&made, &steps);
    }
    Ok(Some(made.sorted()))
}

/// Writes the steps of a plan. Nothing published is changed but an open end.
///
/// # Errors
/// When the tables refuse an overlap that the plan did not see, or something moved since the plan was made.
pub(super) async fn take(
    connection: &mut PgConnection,
    district: &str,
    submission: Uuid,
    steps: &[Step],
) -> Result<(), PublishError> {
    for step in steps {
        match step {
            Step::EndSet { id, until } => end_set(connection, district, id, *until).await?,
            Step::NewSet(set) => add_set(connection, district, submission, set).await?,
            Step::NewDocument(document) => add_document(connection, district, submission, document).await?,
            Step::EndDocument(document) => end_document(connection, district, document).await?,
            Step::NewEntry(entry) => add_entry(connection, district, submission, entry).await?,
            Step::EndEntry { id, until } => end_entry(connection, district, id, *until).await?,
            Step::NewScheme(scheme) => schemes::add(connection, district, submission, scheme).await?,
            Step::EndScheme { id, last_year } => {
                moved(schemes::end(connection, district, id, *last_year).await?)?;
            }
            Step::NewVetoKind(kind) => veto_kinds::add(connection, district, submission, kind).await?,
            Step::EndVetoKind { code, until } => {
                moved(veto_kinds::end(connection, district, code, *until).await?)?;
            }
            Step::NewMeasure(measure) => measures::add(connection, district, submission, measure).await?,
            Step::EndMeasure { id, last } => moved(measures::end(connection, district, id, *last).await?)?,
        }
    }
    Ok(())
}

async fn add_set(
    connection: &mut PgConnection,
    district: &str,
    submission: Uuid,
    set: &IndicatorSet,
) -> Result<(), PublishError> {
    sqlx::query!(
        "INSERT INTO policy_standard
             (district, id, land_kind, zone, industry, edition, adoption, valid, content, submission)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        district,
        set.id,
        set.land_kind.code(),
        set.zone,
        set.industry,
        set.edition,
        set.adoption.code(),
        PgRange::from(set.valid),
        Json(set) as _,
        submission
    )
    .execute(connection)
    .await
    .map_err(|error| overlap(error, &set.id, set.valid))?;
    Ok(())
}

async fn end_set(
    connection: &mut PgConnection,
    district: &str,
    id: &str,
    until: chrono::NaiveDate,
) -> Result<(), PublishError> {
    let ended = sqlx::query!(
        "UPDATE policy_standard SET valid = daterange(lower(valid), $3)
         WHERE district = $1 AND id = $2 AND upper_inf(valid) AND lower(valid) < $3",
        district,
        id,
        until
    )
    .execute(connection)
    .await?;
    moved(ended.rows_affected())
}

async fn add_document(
    connection: &mut PgConnection,
    district: &str,
    submission: Uuid,
    document: &Document,
) -> Result<(), PublishError> {
    sqlx::query!(
        "INSERT INTO policy_local_document (district, id, valid, content, submission) VALUES ($1, $2, $3, $4, $5)",
        district,
        document.id,
        PgRange::from(document.valid),
        Json(document) as _,
        submission
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn end_document(connection: &mut PgConnection, district: &str, document: &Document) -> Result<(), PublishError> {
    let ended = sqlx::query!(
        "UPDATE policy_local_document SET valid = $3, content = $4
         WHERE district = $1 AND id = $2 AND upper_inf(valid)",
        district,
        document.id,
        PgRange::from(document.valid),
        Json(document) as _
    )
    .execute(connection)
    .await?;
    moved(ended.rows_affected())
}

async fn add_entry(
    connection: &mut PgConnection,
    district: &str,
    submission: Uuid,
    entry: &DirectoryEntry,
) -> Result<(), PublishError> {
    sqlx::query!(
        "INSERT INTO policy_directory_entry (district, id, class, adoption, valid, content, submission)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        district,
        entry.id,
        entry.class.code(),
        entry.adoption.code(),
        PgRange::from(entry.valid),
        Json(entry) as _,
        submission
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn end_entry(
    connection: &mut PgConnection,
    district: &str,
    id: &str,
    until: chrono::NaiveDate,
) -> Result<(), PublishError> {
    let ended = sqlx::query!(
        "UPDATE policy_directory_entry SET valid = daterange(lower(valid), $3)
         WHERE district = $1 AND id = $2 AND upper_inf(valid) AND lower(valid) < $3",
        district,
        id,
        until
    )
    .execute(connection)
    .await?;
    moved(ended.rows_affected())
}

fn moved(rows: u64) -> Result<(), PublishError> {
    if rows == 1 { Ok(()) } else { Err(PublishError::Moved) }
}

fn overlap(error: sqlx::Error, id: &str, valid: Period) -> PublishError {
    match &error {
        sqlx::Error::Database(database) if database.constraint() == Some("policy_standard_overlap") => {
            PublishError::Overlap { name: id.to_owned(), from: valid.from.unwrap_or_default() }
        }
        _ => error.into(),
    }
}
