//! Meetings, by the number of their minutes.

use chrono::NaiveDate;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::leading_group::NewMeeting;

type Sql = QueryBuilder<Postgres>;

/// Whether it was new.
pub async fn insert(connection: &mut PgConnection, act: &Act, id: Uuid, new: &NewMeeting) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO leading_group_meeting (district, id, held_on, number, title, attended, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (district, number) DO NOTHING",
        act.scope.county(),
        id,
        new.held_on,
        new.number,
        new.title,
        new.attended,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn by_number(
    connection: &mut PgConnection,
    scope: &Scope,
    number: &str,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT id FROM leading_group_meeting WHERE district = $1 AND number = $2",
        scope.county(),
        number
    )
    .fetch_optional(connection)
    .await
}

/// A meeting as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MeetingLine {
    pub id: Uuid,
    pub held_on: NaiveDate,
    pub number: String,
    pub title: String,
    pub attended: String,
    pub recorded_by: String,
}

pub type MeetingKey = (NaiveDate, Uuid);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    position: &Position<MeetingKey>,
    size: u16,
) -> Result<keyset::Page<MeetingLine, MeetingKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT id, held_on, number, title, attended, recorded_by");
    push_found(&mut sql, scope);
    let reading = position.reading(true);
    if let Some((on, id)) = position.key() {
        sql.push(" AND (held_on, id)").push(reading.beyond).push("(");
        sql.push_bind(*on).push(", ").push_bind(*id).push(")");
    }
    sql.push(" ORDER BY held_on").push(reading.direction).push(", id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<MeetingLine> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.held_on, line.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope) {
    sql.push(" FROM leading_group_meeting WHERE district = ").push_bind(scope.county().to_owned());
}
