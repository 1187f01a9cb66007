//! Resolutions, by their number.

use chrono::NaiveDate;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::leading_group::{Matter, NewResolution, Scan};

type Sql = QueryBuilder<Postgres>;

/// Whether it was new.
pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    meeting: Option<Uuid>,
    new: &NewResolution,
) -> Result<bool, sqlx::Error> {
    let scan = new.scan.as_ref();
    let done = sqlx::query!(
        "INSERT INTO leading_group_resolution (district, id, number, decided_on, matter, words, meeting, scan_name,
             scan_media_type, scan_bytes, scan_sha256, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (district, number) WHERE withdrawn_at IS NULL DO NOTHING",
        act.scope.county(),
        id,
        new.number,
        new.decided_on,
        new.matter.code(),
        new.words,
        meeting,
        scan.map(|scan| &scan.name),
        scan.map(|scan| &scan.media_type),
        scan.map(|scan| scan.bytes),
        scan.map(|scan| &scan.sha256),
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether there was one to withdraw.
pub async fn withdraw(connection: &mut PgConnection, act: &Act, id: Uuid, reason: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE leading_group_resolution SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
         WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL",
        act.scope.county(),
        id,
        act.now,
        act.actor.name,
        reason
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What is cited.
pub struct Found {
    pub id: Uuid,
    pub matter: Matter,
    pub decided_on: NaiveDate,
}

pub async fn by_number(
    connection: &mut PgConnection,
    scope: &Scope,
    number: &str,
) -> Result<Option<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"SELECT id, matter AS "matter: _", decided_on FROM leading_group_resolution
           WHERE district = $1 AND number = $2 AND withdrawn_at IS NULL"#,
        scope.county(),
        number
    )
    .fetch_optional(connection)
    .await
}

/// The numbers of all that may be cited for a matter by a day.
pub async fn numbers(
    connection: &mut PgConnection,
    district: &str,
    matter: Matter,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT number FROM leading_group_resolution WHERE district = $1 AND matter = $2 AND withdrawn_at IS NULL",
        district,
        matter.code()
    )
    .fetch_all(connection)
    .await
}

pub async fn scan(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Option<Scan>, sqlx::Error> {
    sqlx::query_as!(
        Scan,
        r#"SELECT scan_name AS "name!", scan_media_type AS "media_type!", scan_bytes AS "bytes!", scan_sha256 AS "sha256!"
           FROM leading_group_resolution WHERE district = $1 AND id = $2 AND scan_sha256 IS NOT NULL"#,
        scope.county(),
        id
    )
    .fetch_optional(pool)
    .await
}

/// A resolution as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ResolutionLine {
    pub id: Uuid,
    pub number: String,
    pub decided_on: NaiveDate,
    pub matter: Matter,
    pub words: String,
    /// The number of the minutes.
    pub meeting: Option<String>,
    pub scan_name: Option<String>,
    pub recorded_by: String,
    pub withdrawn_by: Option<String>,
    pub withdrawn_reason: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct ResolutionFilter {
    pub matter: Option<Matter>,
    pub year: Option<i32>,
    pub number: Option<String>,
    /// Also those withdrawn.
    pub all: bool,
}

pub type ResolutionKey = (NaiveDate, Uuid);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &ResolutionFilter,
    position: &Position<ResolutionKey>,
    size: u16,
) -> Result<keyset::Page<ResolutionLine, ResolutionKey>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT r.id, r.number, r.decided_on, r.matter, r.words, r.scan_name, r.recorded_by, r.withdrawn_by,
                r.withdrawn_reason,
                (SELECT m.number FROM leading_group_meeting m WHERE m.district = r.district AND m.id = r.meeting) AS meeting",
    );
    push_found(&mut sql, scope, filter);
    let reading = position.reading(true);
    if let Some((on, id)) = position.key() {
        sql.push(" AND (r.decided_on, r.id)").push(reading.beyond).push("(");
        sql.push_bind(*on).push(", ").push_bind(*id).push(")");
    }
    sql.push(" ORDER BY r.decided_on").push(reading.direction).push(", r.id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<ResolutionLine> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.decided_on, line.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &ResolutionFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &ResolutionFilter) {
    sql.push(" FROM leading_group_resolution r WHERE r.district = ").push_bind(scope.county().to_owned());
    if let Some(matter) = filter.matter {
        sql.push(" AND r.matter = ").push_bind(matter.code());
    }
    if let Some(year) = filter.year {
        sql.push(" AND r.decided_on >= make_date(").push_bind(year).push(", 1, 1) AND r.decided_on < make_date(");
        sql.push_bind(year + 1).push(", 1, 1)");
    }
    if let Some(number) = &filter.number {
        sql.push(" AND r.number = ").push_bind(number.clone());
    }
    if !filter.all {
        sql.push(" AND r.withdrawn_at IS NULL");
    }
}
