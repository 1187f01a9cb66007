//! Files that were opened together, and how far they are.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::account::Act;
use crate::db::{PgConnection, PgPool, Scope};
use crate::remediation::Ground;

pub struct NewBatch<'a> {
    pub id: Uuid,
    pub name: &'a str,
    pub ground: Ground,
    pub year: i16,
    pub run: Option<Uuid>,
    pub asked: i32,
    pub opened: i32,
}

pub async fn insert(connection: &mut PgConnection, act: &Act, new: &NewBatch<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO remediation_batch (district, id, name, ground, year, run, asked, opened, opened_at, opened_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        act.scope.county(),
        new.id,
        new.name,
        new.ground.code(),
        new.year,
        new.run,
        new.asked,
        new.opened,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A batch with how many of its files are how far.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationBatch)]
pub struct Batch {
    pub id: Uuid,
    pub name: String,
    pub ground: Ground,
    pub year: i16,
    pub asked: i32,
    pub opened: i32,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
    pub planned: i64,
    pub carried_out: i64,
    pub struck_off: i64,
    pub dropped: i64,
}

/// The newest hundred.
pub async fn newest(pool: &PgPool, scope: &Scope) -> Result<Vec<Batch>, sqlx::Error> {
    sqlx::query_as!(
        Batch,
        r#"SELECT b.id, b.name, b.ground AS "ground: _", b.year, b.asked, b.opened, b.opened_at, b.opened_by,
                  n.planned AS "planned!", n.carried_out AS "carried_out!", n.struck_off AS "struck_off!", n.dropped AS "dropped!"
           FROM (SELECT * FROM remediation_batch WHERE district = $1 ORDER BY opened_at DESC, id DESC LIMIT 100) b
           CROSS JOIN LATERAL (
               SELECT count(*) FILTER (WHERE f.way IS NOT NULL) AS planned,
                      count(*) FILTER (WHERE f.state IN ('carrying_out', 'suspended', 'acceptance_asked', 'accepted')) AS carried_out,
                      count(*) FILTER (WHERE f.state IN ('struck_off', 'looked_back')) AS struck_off,
                      count(*) FILTER (WHERE f.state = 'dropped') AS dropped
               FROM remediation_file f WHERE f.district = $1 AND f.batch = b.id AND ($2::text IS NULL OR f.subdistrict = $2)) n
           ORDER BY b.opened_at DESC, b.id DESC"#,
        scope.county(),
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}
