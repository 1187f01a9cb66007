//! Papers and pictures of a file; the content lies under its hash in the data directory.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::account::{Act, Department};
use crate::db::{PgConnection, Scope};
use crate::remediation::EvidenceKind;
use crate::workflow::Number;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationEvidence)]
pub struct Evidence {
    pub id: Uuid,
    pub kind: EvidenceKind,
    pub task: Option<Uuid>,
    pub taken_on: NaiveDate,
    pub words: String,
    pub name: String,
    pub media_type: String,
    pub bytes: i64,
    pub sha256: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub department: Option<Department>,
}

#[derive(Clone, Debug)]
pub struct NewEvidence {
    pub kind: EvidenceKind,
    pub task: Option<Uuid>,
    pub taken_on: NaiveDate,
    pub words: String,
    pub name: String,
    pub media_type: String,
    pub bytes: i64,
    pub sha256: [u8; 32],
    pub department: Option<Department>,
}

/// Whether the content is nobody's yet.
pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    (file, id): (Uuid, Uuid),
    new: &NewEvidence,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO remediation_evidence (district, id, file, kind, task, taken_on, words, name, media_type, bytes, sha256,
             recorded_at, recorded_by, department)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (district, sha256) DO NOTHING",
        act.scope.county(),
        id,
        file,
        new.kind.code(),
        new.task,
        new.taken_on,
        new.words,
        new.name,
        new.media_type,
        new.bytes,
        &new.sha256[..],
        act.now,
        act.actor.name,
        new.department.map(Department::code)
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The file that has this content.
pub async fn holder(
    connection: &mut PgConnection,
    scope: &Scope,
    sha256: &[u8; 32],
) -> Result<Option<(Uuid, Number)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT f.id, f.year, f.serial FROM remediation_evidence e
         JOIN remediation_file f ON f.district = e.district AND f.id = e.file WHERE e.district = $1 AND e.sha256 = $2",
        scope.county(),
        &sha256[..]
    );
    let row = row.fetch_optional(connection).await?;
    Ok(row.map(|row| (row.id, Number { year: row.year, serial: row.serial })))
}

pub async fn of_file(connection: &mut PgConnection, scope: &Scope, file: Uuid) -> Result<Vec<Evidence>, sqlx::Error> {
    sqlx::query_as!(
        Evidence,
        r#"SELECT id, kind AS "kind: _", task, taken_on, words, name, media_type, bytes, encode(sha256, 'hex') AS "sha256!",
                  recorded_at, recorded_by, department AS "department: _"
           FROM remediation_evidence WHERE district = $1 AND file = $2 ORDER BY recorded_at, id"#,
        scope.county(),
        file
    )
    .fetch_all(connection)
    .await
}

/// Name, media type and hash of one of a file.
pub async fn content(
    connection: &mut PgConnection,
    scope: &Scope,
    (file, id): (Uuid, Uuid),
) -> Result<Option<(String, String, Vec<u8>)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT name, media_type, sha256 FROM remediation_evidence WHERE district = $1 AND file = $2 AND id = $3",
        scope.county(),
        file,
        id
    );
    Ok(row.fetch_optional(connection).await?.map(|row| (row.name, row.media_type, row.sha256)))
}
