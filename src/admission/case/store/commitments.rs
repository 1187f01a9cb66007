//! What admitted projects are bound to.

use uuid::Uuid;

use super::{Hand, Result};
use crate::admission::case::document::Commitment;
use crate::db::{PgConnection, PgPool, Scope};
use crate::policy::verdict::Aspect;

/// Written with the decision and never changed: the table hangs on a decision that admits.
pub(super) async fn freeze(
    connection: &mut PgConnection,
    hand: &Hand<'_>,
    case: Uuid,
    commitments: &[Commitment],
) -> Result<()> {
    for (place, each) in commitments.iter().enumerate() {
        sqlx::query!(
            "INSERT INTO admission_commitment (district, case_id, position, indicator, kind, required, committed, unit, rule, article)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            hand.scope.county(),
            case,
            place as i32 + 1,
            each.indicator,
            each.kind as _,
            each.required,
            each.committed,
            each.unit,
            each.rule,
            each.article
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// What the grant contract of an admitted case carries; none for any other case.
pub async fn of_case(pool: &PgPool, scope: &Scope, case: Uuid) -> Result<Vec<Commitment>, sqlx::Error> {
    sqlx::query_as!(
        Commitment,
        r#"SELECT indicator, kind AS "kind: Aspect", required, committed, unit, rule, article FROM admission_commitment
           WHERE district = $1 AND case_id = $2 ORDER BY position"#,
        scope.county(),
        case
    )
    .fetch_all(pool)
    .await
}
