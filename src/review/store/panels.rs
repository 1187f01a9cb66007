//! The lists of departments that a district has laid down.

use serde_json::json;
use sqlx::postgres::types::PgRange;
use sqlx::types::Json;

use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::period::Period;
use crate::db::{PgPool, Scope};
use crate::review::ReviewKind;
use crate::review::panel::{Member, Panel, Panels};

pub async fn panels(pool: &PgPool, scope: &Scope) -> Result<Panels, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT kind AS "kind: ReviewKind", valid, members AS "members: Json<Vec<Member>>", source FROM contract_review_panel
           WHERE district = $1 ORDER BY kind, lower(valid) DESC"#,
        scope.county()
    )
    .fetch_all(pool)
    .await?;
    let panel = |row: PgRange<chrono::NaiveDate>| Period::from(row);
    let own = rows.into_iter().map(|row| Panel {
        kind: row.kind,
        valid: panel(row.valid),
        members: row.members.0,
        source: row.source,
        is_example: false,
    });
    Ok(Panels { own: own.collect() })
}

/// Lays a list down. The open one of its kind ends on the day it begins.
pub async fn lay_down(act: &Act, panel: &Panel) -> Result<(), sqlx::Error> {
    let mut transaction = act.begin().await?;
    sqlx::query!(
        "UPDATE contract_review_panel SET valid = daterange(lower(valid), $3)
         WHERE district = $1 AND kind = $2 AND upper_inf(valid) AND lower(valid) < $3",
        act.scope.county(),
        panel.kind.code(),
        panel.valid.from
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "INSERT INTO contract_review_panel (district, kind, valid, members, source, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        act.scope.county(),
        panel.kind.code(),
        PgRange::from(panel.valid),
        Json(&panel.members) as _,
        panel.source,
        act.now,
        act.actor.name
    )
    .execute(&mut *transaction)
    .await?;
    let detail =
        json!({ "kind": panel.kind, "from": panel.valid.from, "members": panel.members, "source": panel.source });
    let deed = Deed { action: "review.panel", subject_kind: "district", subject: act.scope.county(), detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await
}
