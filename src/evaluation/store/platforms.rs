//! The SQL of the register of platforms.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::base::period::Period;
use crate::db::count::{Total, total as count};
use crate::db::distinct::Distinct;
use crate::db::keyset::{self, Position};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};
use crate::evaluation::kept::{NewPlatform, PlatformKind};

type Sql = QueryBuilder<Postgres>;

pub async fn insert(connection: &mut PgConnection, act: &Act, id: Uuid, new: &NewPlatform) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO platform (district, id, code, name, kind, level, area_mu, valid, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        act.scope.county(),
        id,
        new.code.as_str(),
        new.name,
        new.kind.code(),
        new.level.map(i16::from),
        new.area_mu,
        PgRange::from(new.valid),
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Its code and days; `None` when it is not on record, or withdrawn already.
pub async fn withdraw(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    reason: &str,
) -> Result<Option<(String, Period)>, sqlx::Error> {
    let row = sqlx::query!(
        "UPDATE platform SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
         WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL RETURNING code, valid",
        act.scope.county(),
        id,
        act.now,
        act.actor.name,
        reason
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.code, row.valid.into())))
}

/// Enters one that was withdrawn again, with other days.
pub async fn again(connection: &mut PgConnection, act: &Act, id: Uuid, valid: Period) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO platform (district, id, code, name, kind, level, area_mu, valid, document, recorded_at, recorded_by)
         SELECT district, $3, code, name, kind, level, area_mu, $4, document, $5, $6 FROM platform
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        Uuid::now_v7(),
        PgRange::from(valid),
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A platform as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlatformLine {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub kind: PlatformKind,
    pub level: Option<i16>,
    pub area_mu: Option<Decimal>,
    pub from: NaiveDate,
    /// The last day.
    pub to: Option<NaiveDate>,
    pub document: String,
    /// How many enterprises of the register name it now.
    pub enterprises: i64,
    pub recorded_by: String,
    pub recorded_at: DateTime<Utc>,
    pub withdrawn_by: Option<String>,
    pub withdrawn_reason: Option<String>,
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct PlatformFilter {
    pub kind: Option<PlatformKind>,
    /// In force on this day.
    pub on: Option<NaiveDate>,
    /// Part of the name or the code.
    pub text: Option<String>,
    /// Also those withdrawn.
    pub all: bool,
}

/// Its code and its number.
pub type PlatformKey = (String, Uuid);

/// In the order of the codes.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &PlatformFilter,
    position: &Position<PlatformKey>,
    size: u16,
) -> Result<keyset::Page<PlatformLine, PlatformKey>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT t.id, t.code, t.name, t.kind, t.level, t.area_mu, lower(t.valid) AS \"from\", (upper(t.valid) - 1) AS \"to\",
                t.document, t.recorded_by, t.recorded_at, t.withdrawn_by, t.withdrawn_reason,
                (SELECT count(*) FROM enterprise_version v WHERE v.district = t.district AND v.superseded_at IS NULL
                 AND v.platform IN (t.code, t.name) AND upper_inf(v.valid)) AS enterprises",
    );
    push_found(&mut sql, scope, filter);
    let reading = position.reading(false);
    if let Some((code, id)) = position.key() {
        sql.push(" AND (t.code, t.id)").push(reading.beyond).push("(");
        sql.push_bind(code.clone()).push(", ").push_bind(*id).push(")");
    }
    sql.push(" ORDER BY t.code").push(reading.direction).push(", t.id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<PlatformLine> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.code.clone(), line.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &PlatformFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

/// Names of platforms as enterprises give them now or gave them once, read from the index.
const NAMED: Distinct = Distinct {
    table: "enterprise_version",
    on_record: "superseded_at IS NULL AND platform IS NOT NULL",
    columns: &[("platform", "named")],
};

/// What enterprises name as their platform and no platform is called, so many at most: they are counted nowhere.
pub async fn named_by_nobody(pool: &PgPool, scope: &Scope, most: i64) -> Result<Vec<String>, sqlx::Error> {
    let mut sql = Sql::new("");
    NAMED.push(&mut sql, |sql| {
        sql.push(" AND district = ").push_bind(scope.county().to_owned());
    });
    sql.push(" SELECT named FROM occurring WHERE btrim(named) <> '' AND NOT EXISTS (SELECT FROM platform p WHERE p.district = ");
    sql.push_bind(scope.county().to_owned())
        .push(" AND p.withdrawn_at IS NULL AND btrim(named) IN (p.code, p.name)) LIMIT ");
    sql.push_bind(most);
    sql.build_query_scalar().fetch_all(pool).await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &PlatformFilter) {
    sql.push(" FROM platform t WHERE t.district = ").push_bind(scope.county().to_owned());
    if let Some(kind) = filter.kind {
        sql.push(" AND t.kind = ").push_bind(kind.code());
    }
    if let Some(on) = filter.on {
        sql.push(" AND t.valid @> ").push_bind(on).push("::date");
    }
    if let Some(text) = &filter.text {
        sql.push(" AND (t.name ILIKE ").push_bind(containing(text)).push(" OR t.code ILIKE ");
        sql.push_bind(containing(text)).push(")");
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}
