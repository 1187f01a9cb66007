//! Results of visits: each once, however often it is sent, and none ever replaced.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{OnRecord, line};
use crate::account::Act;
use crate::base::text::Seen;
use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope};
use crate::inspection::checklist::Checklists;
use crate::inspection::rules::{self, Fault};
use crate::inspection::{Answer, Conflict, Finding, Outcome, Position, Step, TaskState};
use crate::workflow::{self, Held, Left, Refused};

/// What became of a result that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    Recorded(Option<Conflict>),
    /// It was on record before, and says the same.
    Already(Option<Conflict>),
    /// These photos of it have not arrived; nothing was recorded yet.
    WaitingForPhotos(Vec<Uuid>),
}

#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("同一编号的结果已经保存，内容不同；请作为新的结果报送")]
    Different,
    #[error("{}", .0.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("；"))]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Records a result with its answers, moves the task, and seals the deed, all in one transaction of the caller's.
/// A result for a task that ended or went to somebody else is recorded with that conflict and moves nothing.
///
/// # Errors
/// When there is no such task, the result is faulty, or its number stands for another result.
pub async fn record(
    connection: &mut PgConnection,
    act: &Act,
    (task, visit): (Uuid, Uuid),
    finding: &Finding,
) -> Result<Receipt, RecordError> {
    let held = workflow::hold_any::<OnRecord>(connection, &act.scope, task).await?;
    let person = act.person()?;
    let fingerprint = fingerprint(task, person, finding);
    if let Some(there) = recorded(connection, &act.scope, visit).await? {
        let same = there.fingerprint == fingerprint;
        return if same { Ok(Receipt::Already(there.conflict)) } else { Err(RecordError::Different) };
    }
    let checklist = Checklists::embedded()
        .edition(&held.checklist)
        .ok_or_else(|| sqlx::Error::Protocol(format!("the checklist {} is not in this program", held.checklist)))?;
    let faults = rules::faults(&checklist, finding);
    if !faults.is_empty() {
        return Err(RecordError::Faults(faults));
    }
    let missing = missing_photos(connection, act, visit, finding).await?;
    if !missing.is_empty() {
        return Ok(Receipt::WaitingForPhotos(missing));
    }
    let conflict = rules::conflict(held.state, held.assignee.is_none_or(|theirs| theirs == person));
    insert(connection, act, (task, visit), finding, conflict, &fingerprint).await?;
    let outcome = rules::outcome(&finding.answers);
    let detail = json!({ "visit": visit, "outcome": outcome.code(), "conflict": conflict.map(Conflict::code),
        "photos": finding.photos.len(), "device_at": finding.device_at });
    match conflict {
        None => move_task(connection, act, held, detail).await?,
        Some(_) => workflow::aside(connection, act, &*held, Step::Report, detail).await?,
    }
    Ok(Receipt::Recorded(conflict))
}

fn fingerprint(task: Uuid, account: Uuid, finding: &Finding) -> Vec<u8> {
    let text = serde_json::to_vec(&(task, account, finding)).expect("a finding is plain values");
    Sha256::digest(text).to_vec()
}

struct Recorded {
    fingerprint: Vec<u8>,
    conflict: Option<Conflict>,
}

async fn recorded(connection: &mut PgConnection, scope: &Scope, visit: Uuid) -> Result<Option<Recorded>, sqlx::Error> {
    sqlx::query_as!(
        Recorded,
        r#"SELECT fingerprint, conflict AS "conflict: _" FROM inspection_visit WHERE district = $1 AND id = $2"#,
        scope.county(),
        visit
    )
    .fetch_optional(connection)
    .await
}

async fn missing_photos(
    connection: &mut PgConnection,
    act: &Act,
    visit: Uuid,
    finding: &Finding,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT wanted AS "wanted!" FROM unnest($3::uuid[]) AS wanted WHERE NOT EXISTS (
             SELECT FROM inspection_photo p WHERE p.district = $1 AND p.visit = $2 AND p.id = wanted AND p.account = $4)"#,
        act.scope.county(),
        visit,
        &finding.photos,
        act.actor.account
    )
    .fetch_all(connection)
    .await
}

#[allow(clippy::too_many_arguments, reason = "the columns of one row")]
async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    (task, visit): (Uuid, Uuid),
    finding: &Finding,
    conflict: Option<Conflict>,
    fingerprint: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO inspection_visit (district, id, task, outcome, note, device_at, received_at, place, accuracy_m, account,
             actor, conflict, fingerprint)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        act.scope.county(),
        visit,
        task,
        rules::outcome(&finding.answers).code(),
        finding.note.as_deref().map(Seen::seen).filter(|note| !note.is_empty()),
        finding.device_at,
        act.now,
        finding.position.map(point) as Option<Geom>,
        finding.position.and_then(accuracy),
        act.actor.account,
        act.actor.name,
        conflict.map(Conflict::code),
        fingerprint
    )
    .execute(&mut *connection)
    .await?;
    let answers = &finding.answers;
    let column = |of: fn(&crate::inspection::ItemAnswer) -> String| answers.iter().map(of).collect::<Vec<_>>();
    let places: Vec<i16> = (1..).take(answers.len()).collect();
    let figures: Vec<Option<Decimal>> = answers.iter().map(|each| each.figure).collect();
    sqlx::query!(
        "INSERT INTO inspection_answer (district, visit, item, place, answer, figure, comment)
         SELECT $1, $2, item, place, answer, figure, NULLIF(btrim(comment), '')
         FROM unnest($3::text[], $4::smallint[], $5::text[], $6::numeric[], $7::text[]) AS a (item, place, answer, figure, comment)",
        act.scope.county(),
        visit,
        &column(|each| each.item.clone()),
        &places,
        &column(|each| each.answer.code().to_owned()),
        &figures as &[Option<Decimal>],
        &column(|each| each.comment.clone().unwrap_or_default())
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A point for the database; the check that it lies on earth came before.
pub(super) fn point(position: Position) -> Geom {
    Geom::new(geo_types::Point::new(position.longitude, position.latitude), 4490)
}

/// To a decimetre; a device that says more does not know it.
pub(super) fn accuracy(position: Position) -> Option<Decimal> {
    position.accuracy_m.and_then(|metres| Decimal::try_from(metres).ok()).map(|metres| metres.round_dp(1))
}

/// Who reports from the field has started, whether or not the phone could say so before.
async fn move_task(
    connection: &mut PgConnection,
    act: &Act,
    mut held: Held<OnRecord>,
    detail: Value,
) -> Result<(), Refused> {
    if held.state == TaskState::Open {
        let started = line(act, held.id, Step::Start, TaskState::UnderWay, None);
        started.execute(&mut *connection).await?;
        held.state = TaskState::UnderWay;
    }
    let row = sqlx::query!(
        "UPDATE inspection_task SET state = 'reported', assignee = $3, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        held.id,
        act.actor.account
    );
    let timeline = Some(line(act, held.id, Step::Report, TaskState::Reported, None));
    workflow::take(connection, act, &held, Step::Report, Left { row, timeline, detail }).await?;
    Ok(())
}

/// One visit with its answers.
#[derive(Clone, Debug)]
pub struct Visit {
    pub id: Uuid,
    pub outcome: Outcome,
    pub note: Option<String>,
    pub device_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub accuracy_m: Option<Decimal>,
    /// Metres from the parcel; zero inside.
    pub distance_m: Option<f64>,
    pub account: Uuid,
    pub actor: String,
    pub conflict: Option<Conflict>,
    pub adopted: Option<Adopted>,
    pub answers: Vec<RecordedAnswer>,
}

/// Who made a result that was kept aside the task's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    pub at: DateTime<Utc>,
    pub by: String,
    pub reason: String,
}

#[derive(Clone, Debug)]
pub struct RecordedAnswer {
    pub item: String,
    pub answer: Answer,
    pub figure: Option<Decimal>,
    pub comment: Option<String>,
}

/// Every visit of a task, the first one first. The caller has found the task in the scope.
pub async fn of_task(pool: &PgPool, scope: &Scope, task: Uuid) -> Result<Vec<Visit>, sqlx::Error> {
    let mut answers: BTreeMap<Uuid, Vec<RecordedAnswer>> = BTreeMap::new();
    let rows = sqlx::query!(
        r#"SELECT a.visit, a.item, a.answer AS "answer: Answer", a.figure, a.comment
           FROM inspection_answer a JOIN inspection_visit v ON v.district = a.district AND v.id = a.visit
           WHERE v.district = $1 AND v.task = $2 ORDER BY a.visit, a.place"#,
        scope.county(),
        task
    );
    for row in rows.fetch_all(pool).await? {
        let answer = RecordedAnswer { item: row.item, answer: row.answer, figure: row.figure, comment: row.comment };
        answers.entry(row.visit).or_default().push(answer);
    }
    let rows = sqlx::query!(
        r#"SELECT v.id, v.outcome AS "outcome: Outcome", v.note, v.device_at, v.received_at, ST_X(v.place) AS longitude,
                  ST_Y(v.place) AS latitude, v.accuracy_m, v.account, v.actor, v.conflict AS "conflict: Conflict", v.adopted_at,
                  v.adopted_by_name, v.adopted_reason,
                  (SELECT ST_Distance(v.place::geography, p.geom::geography) FROM parcel_version p
                   WHERE p.district = t.district AND p.code = t.parcel_code AND p.superseded_at IS NULL
                   ORDER BY lower(p.valid) DESC LIMIT 1) AS distance_m
           FROM inspection_visit v JOIN inspection_task t ON t.district = v.district AND t.id = v.task
           WHERE v.district = $1 AND v.task = $2 ORDER BY v.received_at, v.id"#,
        scope.county(),
        task
    );
    let visits = rows.fetch_all(pool).await?.into_iter().map(|row| Visit {
        answers: answers.remove(&row.id).unwrap_or_default(),
        id: row.id,
        outcome: row.outcome,
        note: row.note,
        device_at: row.device_at,
        received_at: row.received_at,
        longitude: row.longitude,
        latitude: row.latitude,
        accuracy_m: row.accuracy_m,
        distance_m: row.distance_m,
        account: row.account,
        actor: row.actor,
        conflict: row.conflict,
        adopted: row.adopted_at.zip(row.adopted_by_name.zip(row.adopted_reason)).map(|(at, (by, reason))| Adopted {
            at,
            by,
            reason,
        }),
    });
    Ok(visits.collect())
}
