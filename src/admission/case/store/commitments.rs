//! What admitted projects are bound to.

use sqlx::types::Json;
use uuid::Uuid;

use super::Result;
use crate::account::Act;
use crate::admission::case::document::Commitment;
use crate::base::ratio::Ratio;
use crate::db::{PgConnection, PgPool, Scope};
use crate::policy::verdict::Aspect;

/// Written with the decision and never changed: the table hangs on a decision that admits.
pub(super) async fn freeze(
    connection: &mut PgConnection,
    act: &Act,
    case: Uuid,
    commitments: &[Commitment],
) -> Result<()> {
    for (place, each) in commitments.iter().enumerate() {
        let exact = each.exact.as_ref().map(Ratio::in_lowest_terms).unzip();
        sqlx::query!(
            "INSERT INTO admission_commitment (district, case_id, position, indicator, kind, required, committed, unit, rule, article,
                 asked, exact_numerator, exact_denominator, declared)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::numeric, $13::text::numeric, $14)",
            act.scope.county(),
            case,
            place as i32 + 1,
            each.indicator,
            each.kind as _,
            each.required,
            each.committed,
            each.unit,
            each.rule,
            each.article,
            each.asked.map(|asked| asked.to_string()),
            exact.0,
            exact.1,
            Json(&each.declared) as _
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

struct Row {
    indicator: String,
    kind: Aspect,
    required: Option<String>,
    committed: String,
    unit: String,
    rule: String,
    article: String,
    asked: Option<String>,
    exact: Option<String>,
    declared: serde_json::Value,
}

/// What the grant contract of an admitted case carries; none for any other case.
pub async fn of_case(pool: &PgPool, scope: &Scope, case: Uuid) -> anyhow::Result<Vec<Commitment>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT indicator, kind AS "kind: Aspect", required, committed, unit, rule, article, asked,
                  exact_numerator::text || '/' || exact_denominator::text AS exact, declared
           FROM admission_commitment WHERE district = $1 AND case_id = $2 ORDER BY position"#,
        scope.county(),
        case
    )
    .fetch_all(pool)
    .await?;
    let read = |row: Row| {
        Ok(Commitment {
            asked: row.asked.map(|asked| asked.parse()).transpose()?,
            exact: row.exact.map(|exact| exact.parse()).transpose()?,
            declared: serde_json::from_value(row.declared)?,
            indicator: row.indicator,
            kind: row.kind,
            required: row.required,
            committed: row.committed,
            unit: row.unit,
            rule: row.rule,
            article: row.article,
        })
    };
    rows.into_iter().map(read).collect()
}
