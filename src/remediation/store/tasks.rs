//! What departments do in a file.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use crate::account::{Act, Department};
use crate::db::{PgConnection, PgPool, Scope};
use crate::remediation::TaskKind;
use crate::remediation::plan::Milestone;

#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = RemediationTask)]
pub struct Task {
    pub id: Uuid,
    pub kind: TaskKind,
    pub department: Department,
    pub what: String,
    pub due: NaiveDate,
    pub done_on: Option<NaiveDate>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by_name: Option<String>,
    pub result: Option<String>,
    pub document: Option<String>,
    #[schema(value_type = Option<String>)]
    pub amount_yuan: Option<Decimal>,
}

impl Task {
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.done_on.is_none() && today > self.due
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    pub kind: TaskKind,
    pub department: Department,
    pub what: String,
    pub due: NaiveDate,
}

pub async fn insert(connection: &mut PgConnection, act: &Act, file: Uuid, new: &NewTask) -> Result<Uuid, sqlx::Error> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO remediation_task (district, id, file, kind, department, what, due, set_at, set_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        act.scope.county(),
        id,
        file,
        new.kind.code(),
        new.department.code(),
        new.what,
        new.due,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// The milestones of a plan in the place of those of the plan before that were not reached.
pub async fn replace_milestones(
    connection: &mut PgConnection,
    act: &Act,
    file: Uuid,
    (lead, milestones): (Department, &[Milestone]),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE remediation_task SET dropped_at = $3
         WHERE district = $1 AND file = $2 AND kind = 'milestone' AND done_on IS NULL AND dropped_at IS NULL",
        act.scope.county(),
        file,
        act.now
    )
    .execute(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = milestones.iter().map(|_| Uuid::now_v7()).collect();
    let what: Vec<String> = milestones.iter().map(|milestone| milestone.what.clone()).collect();
    let due: Vec<NaiveDate> = milestones.iter().map(|milestone| milestone.due).collect();
    sqlx::query!(
        "INSERT INTO remediation_task (district, id, file, kind, department, what, due, set_at, set_by)
         SELECT $1, id, $2, 'milestone', $3, what, due, $4, $5 FROM unnest($6::uuid[], $7::text[], $8::date[]) AS it (id, what, due)",
        act.scope.county(),
        file,
        lead.code(),
        act.now,
        act.actor.name,
        &ids,
        &what,
        &due
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Those that stand, in the order of their days.
pub async fn of_file(connection: &mut PgConnection, scope: &Scope, file: Uuid) -> Result<Vec<Task>, sqlx::Error> {
    sqlx::query_as!(
        Task,
        r#"SELECT id, kind AS "kind: _", department AS "department: _", what, due, done_on, done_at, done_by_name, result, document,
                  amount_yuan
           FROM remediation_task WHERE district = $1 AND file = $2 AND dropped_at IS NULL ORDER BY due, id"#,
        scope.county(),
        file
    )
    .fetch_all(connection)
    .await
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub on: NaiveDate,
    pub result: String,
    pub document: Option<String>,
    pub amount_yuan: Option<Decimal>,
}

/// Whether it was open until now.
pub async fn finish(
    connection: &mut PgConnection,
    act: &Act,
    (task, person): (Uuid, Uuid),
    done: &Done,
) -> Result<bool, sqlx::Error> {
    let finished = sqlx::query!(
        "UPDATE remediation_task SET done_on = $3, done_at = $4, done_by = $5, done_by_name = $6, result = $7, document = $8,
             amount_yuan = $9
         WHERE district = $1 AND id = $2 AND done_on IS NULL AND dropped_at IS NULL",
        act.scope.county(),
        task,
        done.on,
        act.now,
        person,
        act.actor.name,
        done.result,
        done.document,
        done.amount_yuan
    )
    .execute(connection)
    .await?;
    Ok(finished.rows_affected() == 1)
}

/// How many of a department's are open.
pub async fn waiting(pool: &PgPool, scope: &Scope, department: Department) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM remediation_task t JOIN remediation_file f ON f.district = t.district AND f.id = t.file
           WHERE t.district = $1 AND t.department = $2 AND t.done_on IS NULL AND t.dropped_at IS NULL AND f.state = 'carrying_out'
             AND ($3::text IS NULL OR f.subdistrict = $3)"#,
        scope.county(),
        department.code(),
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}
