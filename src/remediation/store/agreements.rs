//! What departments say of a round of acceptance.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::account::{Act, Department};
use crate::db::{PgConnection, Scope};

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationAgreement)]
pub struct Agreement {
    pub round: i32,
    pub department: Department,
    pub name: String,
    pub opinion: String,
    pub at: DateTime<Utc>,
}

pub struct NewAgreement<'a> {
    pub round: i32,
    pub department: Department,
    pub person: Uuid,
    pub planned_by: Uuid,
    pub opinion: &'a str,
}

/// Whether the department, and the person, had not said it yet.
pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    file: Uuid,
    new: &NewAgreement<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO remediation_agreement (district, file, round, department, account, planned_by, name, opinion, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        act.scope.county(),
        file,
        new.round,
        new.department.code(),
        new.person,
        new.planned_by,
        act.actor.name,
        new.opinion,
        act.now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn of_file(connection: &mut PgConnection, scope: &Scope, file: Uuid) -> Result<Vec<Agreement>, sqlx::Error> {
    sqlx::query_as!(
        Agreement,
        r#"SELECT round, department AS "department: _", name, opinion, at FROM remediation_agreement
           WHERE district = $1 AND file = $2 ORDER BY round, at"#,
        scope.county(),
        file
    )
    .fetch_all(connection)
    .await
}
