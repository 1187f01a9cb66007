//! Lists of tasks with what their visits came to.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};
use crate::inspection::list::{Cursor, ListQuery, Standing};
use crate::inspection::{Outcome, Stage, TaskState};

/// A task, its place and its visits in short.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Task {
    pub id: Uuid,
    pub parcel_code: String,
    pub parcel_name: Option<String>,
    pub subdistrict: String,
    pub subdistrict_name: Option<String>,
    pub stage: Stage,
    /// Edition of its checklist.
    pub checklist: String,
    pub purpose: String,
    pub subject: Option<String>,
    pub obligation: Option<String>,
    pub due: NaiveDate,
    pub assignee: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub state: TaskState,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub created_by: String,
    /// Results on record; those that met a conflict included.
    pub visits: i64,
    pub failures: i64,
    /// Of the last visit that met no conflict, or was adopted in spite of it.
    pub last_outcome: Option<Outcome>,
}

impl Task {
    /// Days past the due date while nobody has reported.
    pub fn overdue(&self, today: NaiveDate) -> Option<i64> {
        self.state.overdue(self.due, today)
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { due: self.due, id: self.id }
    }

    /// The first failed result is still there when the second passed.
    pub fn failed_before(&self) -> bool {
        self.failures > 0 && self.last_outcome != Some(Outcome::Fail)
    }
}

pub type Page = keyset::Page<Task, Cursor>;

type Sql = QueryBuilder<Postgres>;

fn tasks(scope: &Scope) -> Sql {
    let mut sql = Sql::new(
        "SELECT t.id, t.parcel_code, p.name AS parcel_name, t.subdistrict, s.name AS subdistrict_name, t.stage, t.checklist,
                t.purpose, t.subject, t.obligation, t.due, t.assignee, a.name AS assignee_name, t.state, t.version,
                t.created_at, t.created_by, v.visits, v.failures, v.last_outcome
         FROM inspection_task t
         LEFT JOIN account a ON a.district = t.district AND a.id = t.assignee
         LEFT JOIN LATERAL (SELECT p.name FROM parcel_version p WHERE p.district = t.district AND p.code = t.parcel_code
             AND p.superseded_at IS NULL ORDER BY lower(p.valid) DESC LIMIT 1) p ON true
         LEFT JOIN LATERAL (SELECT s.name FROM subdistrict s WHERE s.code = t.subdistrict
             ORDER BY lower(s.valid) DESC LIMIT 1) s ON true
         CROSS JOIN LATERAL (SELECT count(*) AS visits, count(*) FILTER (WHERE v.outcome = 'fail') AS failures,
             (array_agg(v.outcome ORDER BY COALESCE(v.adopted_at, v.received_at) DESC, v.id DESC)
                 FILTER (WHERE v.conflict IS NULL OR v.adopted_at IS NOT NULL))[1] AS last_outcome
             FROM inspection_visit v WHERE v.district = t.district AND v.task = t.id) v",
    );
    scope.push_where(&mut sql, "t");
    sql
}

/// One page of at most `size` tasks, the earliest due first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    position: &Position<Cursor>,
    size: u16,
) -> Result<Page, sqlx::Error> {
    let mut sql = tasks(scope);
    push_filter(&mut sql, query);
    position.by(|key| (key.due, key.id)).push_page(&mut sql, ["t.due", "t.id"], false, size);
    let tasks: Vec<Task> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(tasks, size.into(), Task::cursor))
}

/// How many tasks the list holds, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope, query: &ListQuery) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT FROM inspection_task t");
        scope.push_where(sql, "t");
        push_filter(sql, query);
    })
    .await
}

fn push_filter(sql: &mut Sql, query: &ListQuery) {
    if let Some(assignee) = query.assignee {
        sql.push(" AND t.assignee = ").push_bind(assignee);
    }
    match query.standing {
        Standing::Any => {}
        Standing::Waiting => {
            sql.push(" AND t.state IN ('open', 'under_way')");
        }
        Standing::Overdue => {
            sql.push(" AND t.state IN ('open', 'under_way') AND t.due < ").push_bind(query.today);
        }
        Standing::Is(state) => {
            sql.push(" AND t.state = ").push_bind(state.code());
        }
    }
    if let Some(stage) = query.stage {
        sql.push(" AND t.stage = ").push_bind(stage.code());
    }
    if let Some(subdistrict) = &query.subdistrict {
        sql.push(" AND t.subdistrict = ").push_bind(subdistrict.clone());
    }
    if let Some(text) = &query.text {
        sql.push(" AND (t.parcel_code LIKE ").push_bind(containing(&text.to_uppercase()));
        sql.push(" OR t.subject ILIKE ").push_bind(containing(text)).push(")");
    }
}

pub async fn task(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Option<Task>, sqlx::Error> {
    let mut sql = tasks(scope);
    sql.push(" AND t.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(pool).await
}

/// Every task about a parcel, the latest due first.
pub async fn tasks_of_parcel(pool: &PgPool, scope: &Scope, code: &str) -> Result<Vec<Task>, sqlx::Error> {
    let mut sql = tasks(scope);
    sql.push(" AND t.parcel_code = ").push_bind(code.to_owned()).push(" ORDER BY t.due DESC, t.id DESC");
    sql.build_query_as().fetch_all(pool).await
}

/// Every task that a subject (a contract number) asked for, the latest due first.
pub async fn tasks_of_subject(pool: &PgPool, scope: &Scope, subject: &str) -> Result<Vec<Task>, sqlx::Error> {
    let mut sql = tasks(scope);
    sql.push(" AND t.subject = ").push_bind(subject.to_owned()).push(" ORDER BY t.due DESC, t.id DESC");
    sql.build_query_as().fetch_all(pool).await
}

/// Waiting and overdue tasks of a person, counted up to `most`.
pub async fn counts_for(
    pool: &PgPool,
    scope: &Scope,
    account: Uuid,
    today: NaiveDate,
    most: i64,
) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "waiting!", count(*) FILTER (WHERE due < $3) AS "overdue!" FROM (
             SELECT due FROM inspection_task WHERE district = $1 AND assignee = $2 AND state IN ('open', 'under_way')
               AND ($5::text IS NULL OR subdistrict = $5)
             ORDER BY due LIMIT $4) AS waiting"#,
        scope.county(),
        account,
        today,
        most,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await?;
    Ok((row.waiting, row.overdue))
}
