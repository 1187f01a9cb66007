//! The SQL of the dated lists.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sqlx::postgres::types::PgRange;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::evaluation::merge::Bonds;
use crate::evaluation::registers::listed::{GROUP_PREFIX, NewMembers};
use crate::kept::store::{DAYS, DatedTable, Days, HasDays, IsKept, KEPT, Kept};
use crate::scoring::scheme::SubjectKind;

type Sql = QueryBuilder<Postgres>;

pub const TABLE: DatedTable =
    DatedTable { name: "evaluation_list", named: "list, valid", said: "list, subject_kind, subject" };

/// Who of a kind stands on which of these lists on a day.
pub async fn members(
    connection: &mut PgConnection,
    scope: &Scope,
    kind: SubjectKind,
    lists: Vec<String>,
    day: NaiveDate,
) -> Result<BTreeMap<String, BTreeSet<String>>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT subject, list FROM evaluation_list
         WHERE district = $1 AND withdrawn_at IS NULL AND list = ANY($2) AND subject_kind = $3 AND valid @> $4::date",
        scope.county(),
        &lists,
        kind.code(),
        day
    )
    .fetch_all(connection)
    .await?;
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        found.entry(row.subject).or_default().insert(row.list);
    }
    Ok(found)
}

/// The groups of enterprises that each is a member of on a day, by the names of their lists.
pub async fn groups(connection: &mut PgConnection, scope: &Scope, day: NaiveDate) -> Result<Bonds, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT subject, list FROM evaluation_list WHERE district = $1 AND withdrawn_at IS NULL AND subject_kind = 'enterprise'
           AND starts_with(list, $2) AND valid @> $3::date ORDER BY subject, list",
        scope.county(),
        GROUP_PREFIX,
        day
    )
    .fetch_all(connection)
    .await?;
    let mut found = Bonds::new();
    for row in rows {
        found.entry(row.subject).or_default().push(row.list);
    }
    Ok(found)
}

/// Which of these are not on record.
pub async fn unknown(
    connection: &mut PgConnection,
    scope: &Scope,
    kind: SubjectKind,
    subjects: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT s AS "subject!" FROM unnest($3::text[]) s WHERE NOT CASE $2::text
               WHEN 'enterprise' THEN EXISTS (SELECT FROM enterprise_version v
                   WHERE v.district = $1 AND v.uscc = s AND v.superseded_at IS NULL)
               WHEN 'platform' THEN EXISTS (SELECT FROM platform p
                   WHERE p.district = $1 AND p.code = s AND p.withdrawn_at IS NULL)
               ELSE EXISTS (SELECT FROM parcel_version v
                   WHERE v.district = $1 AND v.code = s AND v.superseded_at IS NULL) END ORDER BY 1"#,
        scope.county() as _,
        kind.code(),
        subjects
    )
    .fetch_all(connection)
    .await
}

/// Which of these stand on the list on some of the days already.
pub async fn standing(
    connection: &mut PgConnection,
    scope: &Scope,
    new: &NewMembers,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT DISTINCT subject FROM evaluation_list
         WHERE district = $1 AND withdrawn_at IS NULL AND list = $2 AND subject_kind = $3 AND subject = ANY($4) AND valid && $5
         ORDER BY subject",
        scope.county(),
        new.list.as_str(),
        new.kind.code(),
        &new.subjects,
        PgRange::from(new.valid)
    )
    .fetch_all(connection)
    .await
}

/// How many were entered.
pub async fn insert(connection: &mut PgConnection, act: &Act, new: &NewMembers) -> Result<usize, sqlx::Error> {
    let ids: Vec<Uuid> = new.subjects.iter().map(|_| Uuid::now_v7()).collect();
    let done = sqlx::query!(
        "INSERT INTO evaluation_list (district, id, list, subject_kind, subject, valid, document, recorded_at, recorded_by)
         SELECT $1, t.id, $4, $5, t.subject, $6, $7, $8, $9 FROM unnest($2::uuid[], $3::text[]) AS t (id, subject)",
        act.scope.county(),
        &ids,
        &new.subjects,
        new.list.as_str(),
        new.kind.code(),
        PgRange::from(new.valid),
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// A member of a list as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListLine {
    #[sqlx(flatten)]
    pub kept: Kept,
    #[sqlx(flatten)]
    pub days: Days,
    pub list: String,
    pub subject_kind: SubjectKind,
    pub subject: String,
    pub name: Option<String>,
}

impl IsKept for ListLine {
    fn kept(&self) -> &Kept {
        &self.kept
    }
}

impl HasDays for ListLine {
    fn days(&self) -> &Days {
        &self.days
    }
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    pub list: Option<String>,
    pub kind: Option<SubjectKind>,
    pub subject: Option<String>,
    /// In force on this day.
    pub on: Option<NaiveDate>,
    /// Also those withdrawn.
    pub all: bool,
}

/// List, subject and number.
pub type ListKey = (String, String, Uuid);

/// By list and subject.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &ListFilter,
    position: &Position<ListKey>,
    size: u16,
) -> Result<keyset::Page<ListLine, ListKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(KEPT).push(", ").push(DAYS).push(
        ", t.list, t.subject_kind, t.subject,
                CASE t.subject_kind
                    WHEN 'enterprise' THEN (SELECT v.name FROM enterprise_version v WHERE v.district = t.district
                        AND v.uscc = t.subject AND v.superseded_at IS NULL ORDER BY lower(v.valid) DESC NULLS LAST LIMIT 1)
                    WHEN 'platform' THEN (SELECT p.name FROM platform p WHERE p.district = t.district
                        AND p.code = t.subject AND p.withdrawn_at IS NULL ORDER BY lower(p.valid) DESC LIMIT 1)
                END AS name",
    );
    push_found(&mut sql, scope, filter);
    position.push_page(&mut sql, ["t.list", "t.subject", "t.id"], false, size);
    let rows: Vec<ListLine> = sql.build_query_as().fetch_all(pool).await?;
    let key = |line: &ListLine| (line.list.clone(), line.subject.clone(), line.kept.id);
    Ok(position.paginate(rows, size.into(), key))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &ListFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &ListFilter) {
    sql.push(" FROM evaluation_list t WHERE t.district = ").push_bind(scope.county().to_owned());
    if let Some(list) = &filter.list {
        sql.push(" AND t.list = ").push_bind(list.clone());
    }
    if let Some(kind) = filter.kind {
        sql.push(" AND t.subject_kind = ").push_bind(kind.code());
    }
    if let Some(subject) = &filter.subject {
        sql.push(" AND t.subject = ").push_bind(subject.clone());
    }
    if let Some(on) = filter.on {
        sql.push(" AND t.valid @> ").push_bind(on).push("::date");
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}
