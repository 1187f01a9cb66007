//! What files were entered for.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::db::{PgConnection, Scope};
use crate::remediation::Ground;

/// Frozen, with its receipt.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationEntered)]
pub struct Entered {
    pub ground: Ground,
    pub year: Option<i16>,
    /// Figures, line, document, as they were then.
    pub words: String,
    pub document: Option<String>,
    pub receipt: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
}

/// In the order in which they came.
pub async fn of_file(connection: &mut PgConnection, scope: &Scope, file: Uuid) -> Result<Vec<Entered>, sqlx::Error> {
    sqlx::query_as!(
        Entered,
        r#"SELECT ground AS "ground: _", year, words, document, receipt, recorded_at, recorded_by
           FROM remediation_ground WHERE district = $1 AND file = $2 ORDER BY serial"#,
        scope.county(),
        file
    )
    .fetch_all(connection)
    .await
}
