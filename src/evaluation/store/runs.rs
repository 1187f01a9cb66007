//! Runs as they are kept.

pub mod listing;
pub mod steps;

use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::PgConnection;
use sqlx::types::Json;
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

use crate::account::Act;
use crate::db::copy::CopyRows;
use crate::db::{PgPool, Scope};
use crate::evaluation::document::{Head, LeftOutDocument, ResultDocument, SubjectDocument, facts_of};
use crate::evaluation::run::Line;
use crate::evaluation::run::gathered::LeftOutMember;
use crate::evaluation::{LeftOut, RunState};
use crate::scoring::scheme::SubjectKind;
use crate::workflow::Refused;

/// A run without its lines, as it is kept.
pub struct NewRun<'a> {
    pub id: Uuid,
    pub trial: bool,
    pub receipt: &'a str,
    pub head: &'a Head,
}

pub async fn insert(connection: &mut PgConnection, act: &Act, run: &NewRun<'_>) -> Result<(), sqlx::Error> {
    let head = run.head;
    sqlx::query!(
        "INSERT INTO evaluation_run (district, id, category, year, scheme, trial, state, receipt, head, computed_at, computed_by)
         VALUES ($1, $2, $3, $4, $5, $6, 'computed', $7, $8, $9, $10)",
        act.scope.county(),
        run.id,
        head.category,
        head.year as i16,
        head.scheme,
        run.trial,
        run.receipt,
        Json(head) as _,
        act.now,
        act.actor.name
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Lines come before the run that they belong to: it names the receipt, which is known when the last of them is printed.
pub async fn lines_first(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "SET CONSTRAINTS evaluation_result_district_run_fkey, evaluation_left_out_district_run_fkey DEFERRED",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes rows as they come, in one statement, until nobody sends more.
pub async fn copy(
    connection: &mut PgConnection,
    statement: &'static str,
    rows: &mut Receiver<Vec<u8>>,
) -> Result<(), sqlx::Error> {
    let Some(first) = rows.recv().await else { return Ok(()) };
    let mut copy = connection.copy_in_raw(statement).await?;
    copy.send(first).await?;
    while let Some(next) = rows.recv().await {
        copy.send(next).await?;
    }
    copy.finish().await?;
    Ok(())
}

pub const COPY_RESULTS: &str =
    "COPY evaluation_result (district, run, key, name, subdistrict, industry, ranking_group, rank, score,
    first_grade, automatic_grade, grade, vetoed, input, detail) FROM STDIN";
pub const COPY_LEFT_OUT: &str =
    "COPY evaluation_left_out (district, run, key, name, subdistrict, why, detail) FROM STDIN";

pub fn push_result(rows: &mut CopyRows, county: &str, run: Uuid, line: &Line) {
    let result = &line.result;
    rows.text(county).plain(run).text(&result.subject.id).text(&result.name);
    rows.optional_text(line.subdistrict.as_deref()).optional_text(line.industry.as_deref());
    rows.text(&result.group).optional(result.rank).text(&result.score);
    rows.text(&result.first_grade).text(&result.automatic_grade).text(&result.grade);
    rows.plain(line.vetoed).text(&line.input).text(&line.detail);
    rows.end_row();
}

/// As it is printed.
pub fn left_out(member: &LeftOutMember, why: LeftOut, asked: &std::collections::BTreeSet<&str>) -> LeftOutDocument {
    LeftOutDocument {
        subject: Some(SubjectDocument::of(member.kind, &member.uscc)),
        uscc: (member.kind == SubjectKind::Enterprise).then(|| member.uscc.clone()),
        name: member.name.clone(),
        why,
        facts: facts_of(&member.facts, member.made.as_ref(), asked.iter().copied()),
    }
}

pub fn push_left_out(
    rows: &mut CopyRows,
    county: &str,
    run: Uuid,
    document: &LeftOutDocument,
    subdistrict: Option<&str>,
) -> Result<(), serde_json::Error> {
    rows.text(county).plain(run).text(document.id()).text(&document.name);
    rows.optional_text(subdistrict).text(document.why.code());
    rows.text(&serde_json::to_string(document)?);
    rows.end_row();
    Ok(())
}

/// A run without its lines.
#[derive(Clone, Debug)]
pub struct Run {
    pub id: Uuid,
    pub state: RunState,
    pub trial: bool,
    pub receipt: String,
    pub head: Head,
    pub computed_at: DateTime<Utc>,
    pub computed_by: String,
    pub proposed_by: Option<Uuid>,
    pub proposed_by_name: Option<String>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub document: Option<String>,
    pub supersedes: Option<Uuid>,
    pub version: i32,
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Run>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT id, state AS "state: RunState", trial, receipt, head AS "head: Json<Head>", computed_at, computed_by,
                  proposed_by, proposed_by_name, decided_by_name, decided_at, document, supersedes, version
           FROM evaluation_run WHERE district = $1 AND id = $2"#,
        scope.county(),
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Run {
        id: row.id,
        state: row.state,
        trial: row.trial,
        receipt: row.receipt,
        head: row.head.0,
        computed_at: row.computed_at,
        computed_by: row.computed_by,
        proposed_by: row.proposed_by,
        proposed_by_name: row.proposed_by_name,
        decided_by_name: row.decided_by_name,
        decided_at: row.decided_at,
        document: row.document,
        supersedes: row.supersedes,
        version: row.version,
    }))
}

/// The run that binds in a category and year.
pub async fn official(
    connection: &mut PgConnection,
    scope: &Scope,
    category: &str,
    year: i32,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT id FROM evaluation_run WHERE district = $1 AND category = $2 AND year = $3 AND state = 'official'",
        scope.county(),
        category,
        year as i16
    )
    .fetch_optional(connection)
    .await
}

/// Whether a step was refused because another run of the category and year became official meanwhile.
pub fn is_second_official(refused: &Refused) -> bool {
    let Refused::Database(sqlx::Error::Database(error)) = refused else { return false };
    error.constraint() == Some("evaluation_run_official")
}

/// One line of a run.
pub struct Detail {
    pub result: ResultDocument,
    pub subdistrict: Option<String>,
    pub industry: Option<String>,
}

/// `None` when the run does not rank it, or the scope does not hold it.
pub async fn detail(pool: &PgPool, scope: &Scope, run: Uuid, key: &str) -> Result<Option<Detail>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT detail AS "detail: Json<ResultDocument>", subdistrict, industry FROM evaluation_result
           WHERE district = $1 AND run = $2 AND key = $3 AND ($4::text IS NULL OR subdistrict = $4)"#,
        scope.county(),
        run,
        key,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Detail { result: row.detail.0, subdistrict: row.subdistrict, industry: row.industry }))
}

/// The lowest score that was ranked into a grade in a group: what the next one below has to reach. Nobody's name is told.
pub async fn lowest_of(
    pool: &PgPool,
    scope: &Scope,
    run: Uuid,
    group: &str,
    grade: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT detail ->> 'score' AS "score!" FROM evaluation_result
           WHERE district = $1 AND run = $2 AND ranking_group = $3 AND grade = $4 AND rank IS NOT NULL AND NOT vetoed
           ORDER BY rank DESC, key DESC LIMIT 1"#,
        scope.county(),
        run,
        group,
        grade
    )
    .fetch_optional(pool)
    .await
}

/// Ranks and scores beside one, without names: so many places before it and after it.
pub async fn neighbours(
    pool: &PgPool,
    scope: &Scope,
    run: Uuid,
    group: &str,
    rank: i32,
) -> Result<Vec<(i32, String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT rank AS "rank!", detail ->> 'score' AS "score!", grade FROM evaluation_result
           WHERE district = $1 AND run = $2 AND ranking_group = $3 AND rank BETWEEN $4 AND $5 ORDER BY rank, key LIMIT 20"#,
        scope.county(),
        run,
        group,
        rank - 3,
        rank + 3
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.rank, row.score, row.grade)).collect())
}

/// How many runs wait for a second person.
pub async fn to_sign(pool: &PgPool, scope: &Scope, person: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM evaluation_run WHERE district = $1 AND state = 'proposed' AND proposed_by <> $2"#,
        scope.county(),
        person
    )
    .fetch_one(pool)
    .await
}

/// The frozen inputs of a run by its receipt, in the order of their keys, as they were hashed.
pub async fn inputs(pool: &PgPool, scope: &Scope, receipt: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT r.input::text AS "input!" FROM evaluation_result r
           WHERE r.district = $1 AND r.run = (SELECT id FROM evaluation_run WHERE district = $1 AND receipt = $2 ORDER BY id LIMIT 1)
           ORDER BY r.key COLLATE "C""#,
        scope.county(),
        receipt
    )
    .fetch(pool)
    .try_collect()
    .await
}

/// The printed lines of a run by group, rank and key, as they were hashed; those who take the grade of another come last.
pub fn details<'a>(pool: &'a PgPool, scope: &'a Scope, run: Uuid) -> BoxStream<'a, Result<String, sqlx::Error>> {
    sqlx::query_scalar!(
        r#"SELECT detail::text AS "detail!" FROM evaluation_result WHERE district = $1 AND run = $2
           ORDER BY CASE WHEN rank IS NULL THEN array_position(ARRAY['merged', 'owner'], detail #>> '{steps,0,step}') END NULLS FIRST,
                    ranking_group COLLATE "C", COALESCE(rank, 2147483647), key COLLATE "C""#,
        scope.county(),
        run
    )
    .fetch(pool)
    .boxed()
}

/// Whoever a run leaves out, by key, as it was printed.
pub fn left_out_details<'a>(
    pool: &'a PgPool,
    scope: &'a Scope,
    run: Uuid,
) -> BoxStream<'a, Result<String, sqlx::Error>> {
    sqlx::query_scalar!(
        r#"SELECT detail::text AS "detail!" FROM evaluation_left_out WHERE district = $1 AND run = $2 ORDER BY key COLLATE "C""#,
        scope.county(),
        run
    )
    .fetch(pool)
    .boxed()
}
