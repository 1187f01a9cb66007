//! Seats, by date.

use chrono::NaiveDate;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::leading_group::{NewMember, Post};

type Sql = QueryBuilder<Postgres>;

pub async fn insert(connection: &mut PgConnection, act: &Act, id: Uuid, new: &NewMember) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO leading_group_member (district, id, name, organisation, post, valid, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, daterange($6::date, NULL), $7, $8, $9)",
        act.scope.county(),
        id,
        new.name,
        new.organisation,
        new.post.code(),
        new.from,
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What two seats cannot do at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    Leader,
    Seat,
}

pub fn overlap(error: &sqlx::Error) -> Option<Overlap> {
    match error.as_database_error()?.constraint()? {
        "leading_group_one_leader" => Some(Overlap::Leader),
        "leading_group_one_seat" => Some(Overlap::Seat),
        _ => None,
    }
}

/// The first day of a seat that has no end yet, held for whoever ends it.
pub async fn begun(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT lower(valid) AS "from!" FROM leading_group_member
           WHERE district = $1 AND id = $2 AND upper_inf(valid) FOR UPDATE"#,
        scope.county(),
        id
    )
    .fetch_optional(connection)
    .await
}

pub async fn end(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    last_day: NaiveDate,
    document: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE leading_group_member SET valid = daterange(lower(valid), $3::date + 1), ended_by = $4
         WHERE district = $1 AND id = $2 AND upper_inf(valid)",
        act.scope.county(),
        id,
        last_day,
        document
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A seat as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MemberLine {
    pub id: Uuid,
    pub name: String,
    pub organisation: String,
    pub post: Post,
    pub from: NaiveDate,
    /// The last day.
    pub to: Option<NaiveDate>,
    pub document: String,
    pub ended_by: Option<String>,
}

/// Who sat on a day; everybody who ever did where there is none.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    pub on: Option<NaiveDate>,
    pub post: Option<Post>,
}

pub type MemberKey = (NaiveDate, Uuid);

/// The newest seats first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &MemberFilter,
    position: &Position<MemberKey>,
    size: u16,
) -> Result<keyset::Page<MemberLine, MemberKey>, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT id, name, organisation, post, lower(valid) AS \"from\", (upper(valid) - 1) AS \"to\", document, ended_by",
    );
    push_found(&mut sql, scope, filter);
    let reading = position.reading(true);
    if let Some((on, id)) = position.key() {
        sql.push(" AND (lower(valid), id)").push(reading.beyond).push("(");
        sql.push_bind(*on).push(", ").push_bind(*id).push(")");
    }
    sql.push(" ORDER BY lower(valid)").push(reading.direction).push(", id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<MemberLine> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.from, line.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &MemberFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &MemberFilter) {
    sql.push(" FROM leading_group_member WHERE district = ").push_bind(scope.county().to_owned());
    if let Some(on) = filter.on {
        sql.push(" AND valid @> ").push_bind(on).push("::date");
    }
    if let Some(post) = filter.post {
        sql.push(" AND post = ").push_bind(post.code());
    }
}
