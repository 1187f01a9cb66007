//! What the rules have to know, gathered.

use uuid::Uuid;

use super::opinions;
use crate::admission::case::rules::{Docket, Recommendation};
use crate::admission::case::{Recommends, Stage};
use crate::db::{PgConnection, Scope};
use crate::policy::standard::Adoption;
use crate::policy::verdict::Overall;

/// Of a case that is held, or only looked at. `gaps` are left at none: they follow from reading the
/// application; `standing` is [`super::beside::standing`].
pub async fn of(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
    stage: Stage,
    round: i32,
) -> Result<Docket, sqlx::Error> {
    let checked = sqlx::query!(
        r#"SELECT k.verdict AS "verdict: Overall", r.results::jsonb #>> '{set,adoption}' AS "adoption: Adoption"
           FROM admission_check k JOIN receipt r ON r.district = k.district AND r.id = k.receipt
           WHERE k.district = $1 AND k.case_id = $2 AND k.current"#,
        scope.county(),
        id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let recommendation = sqlx::query_as!(
        Recommendation,
        r#"SELECT recommends AS "recommends: Recommends", by_account AS by FROM admission_recommendation
           WHERE district = $1 AND case_id = $2 AND NOT sent_back"#,
        scope.county(),
        id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let open = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM admission_set_aside
           WHERE district = $1 AND case_id = $2 AND confirmed_by IS NULL AND NOT rejected"#,
        scope.county(),
        id
    )
    .fetch_one(&mut *connection)
    .await?;
    let opinions = opinions::of_round(connection, scope, id, round).await?;
    Ok(Docket {
        stage: Some(stage),
        gaps: 0,
        verdict: checked.as_ref().map(|checked| checked.verdict),
        on_example: checked.is_some_and(|checked| checked.adoption == Some(Adoption::Example)),
        opinions,
        recommendation,
        open_set_asides: open as usize,
        standing: Vec::new(),
    })
}
