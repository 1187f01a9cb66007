//! Revisions of what is drawn and cached: raised in the transaction that changes it.

use super::{PgConnection, Scope};

pub const PARCELS: &str = "parcels";
pub const OUTLINES: &str = "outlines";
pub const ENTERPRISES: &str = "enterprises";
pub const OCCUPANCIES: &str = "occupancies";
pub const RETURNS: &str = "returns";

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
