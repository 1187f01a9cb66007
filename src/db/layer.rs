//! Revisions of what is drawn and cached: raised in the transaction that changes it.

use super::{PgConnection, Scope};

pub const PARCELS: &str = "parcels";
pub const OUTLINES: &str = "outlines";
pub const ENTERPRISES: &str = "enterprises";
pub const OCCUPANCIES: &str = "occupancies";
pub const RETURNS: &str = "returns";
pub const CASES: &str = "cases";
pub const PLANNING: &str = "planning";
pub const CONTRACTS: &str = "contracts";
pub const SURVEY: &str = "survey";
pub const REMEDIATION: &str = "remediation";

/// One revision further; whoever holds the old one sees that it is old.
pub async fn raise(connection: &mut PgConnection, scope: &Scope, layer: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO layer_revision (district, layer, revision) VALUES ($1, $2, 1)
         ON CONFLICT (district, layer) DO UPDATE SET revision = layer_revision.revision + 1 RETURNING revision",
        scope.county(),
        layer
    )
    .fetch_one(connection)
    .await
}

/// Whoever changes a layer holds it until the transaction ends, so that what was compared is what is changed.
pub async fn lock(connection: &mut PgConnection, scope: &Scope, layer: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO layer_revision (district, layer, revision) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
        scope.county(),
        layer
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "SELECT revision FROM layer_revision WHERE district = $1 AND layer = $2 FOR UPDATE",
        scope.county(),
        layer
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// Lets one change of a register be worked out at a time, whether a file or a person brings it, until the transaction
/// ends. Unlike [`lock`] it keeps nobody from reading or raising the revision.
pub async fn take_turns(connection: &mut PgConnection, scope: &Scope, layer: &str) -> Result<(), sqlx::Error> {
    let name = format!("register {layer} {}", scope.county());
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name).execute(connection).await?;
    Ok(())
}
