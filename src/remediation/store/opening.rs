//! Files that are opened, one or very many, by the same few statements.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::account::Act;
use crate::db::{PgConnection, Scope};
use crate::remediation::{Ground, State, SubjectKind};
use crate::workflow::{Number, Series};

pub const SERIES: Series = Series("remediation_serial");

/// A ground of a file that is on record and was not dropped.
#[derive(Clone, Debug)]
pub struct OnRecord {
    pub subject: String,
    pub file: Uuid,
    pub number: Number,
    pub state: State,
    pub ground: Ground,
    pub year: Option<i16>,
    pub document: Option<String>,
}

/// What is on record of some subjects, the newest file first.
pub async fn on_record(
    connection: &mut PgConnection,
    scope: &Scope,
    (kind, subjects): (SubjectKind, &[String]),
) -> Result<Vec<OnRecord>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT f.subject, f.id, f.year, f.serial, f.state AS "state: State", g.ground AS "ground: Ground", g.year AS "ground_year",
                  g.document
           FROM remediation_file f JOIN remediation_ground g ON g.district = f.district AND g.file = f.id
           WHERE f.district = $1 AND f.subject_kind = $2 AND f.subject = ANY ($3) AND f.state <> 'dropped'
           ORDER BY f.opened_at DESC, f.serial DESC, g.serial"#,
        scope.county(),
        kind.code(),
        subjects
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let on_record = rows.map(|row| OnRecord {
        subject: row.subject,
        file: row.id,
        number: Number { year: row.year, serial: row.serial },
        state: row.state,
        ground: row.ground,
        year: row.ground_year,
        document: row.document,
    });
    Ok(on_record.collect())
}

/// New files side by side, a column each.
#[derive(Debug, Default)]
pub struct NewFiles {
    pub ids: Vec<Uuid>,
    pub serials: Vec<i32>,
    pub subjects: Vec<String>,
    pub names: Vec<String>,
    pub subdistricts: Vec<Option<String>>,
    pub relapses: Vec<Option<Uuid>>,
}

/// What all of them have in common.
pub struct Alike {
    pub kind: SubjectKind,
    pub year: i16,
    pub batch: Option<Uuid>,
    pub on: NaiveDate,
    pub due: NaiveDate,
}

pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    alike: &Alike,
    new: &NewFiles,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO remediation_file (district, id, year, serial, subject_kind, subject, name, subdistrict, batch, relapse_of,
             state, due, opened_at, opened_on, opened_by, opened_by_name)
         SELECT $1, id, $2, serial, $3, subject, name, subdistrict, $4, relapse, 'surveyed', $5, $6, $7, $8, $9
         FROM unnest($10::uuid[], $11::int[], $12::text[], $13::text[], $14::text[], $15::uuid[])
             AS it (id, serial, subject, name, subdistrict, relapse)",
        act.scope.county(),
        alike.year,
        alike.kind.code(),
        alike.batch,
        alike.due,
        act.now,
        alike.on,
        act.actor.account,
        act.actor.name,
        &new.ids,
        &new.serials,
        &new.subjects,
        &new.names,
        &new.subdistricts as &[Option<String>],
        &new.relapses as &[Option<Uuid>]
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Grounds side by side, a column each.
#[derive(Debug, Default)]
pub struct NewGrounds {
    pub files: Vec<Uuid>,
    pub grounds: Vec<String>,
    pub years: Vec<Option<i16>>,
    pub words: Vec<String>,
    pub documents: Vec<Option<String>>,
    pub receipts: Vec<String>,
}

/// Each after those that its file has.
pub async fn insert_grounds(connection: &mut PgConnection, act: &Act, new: &NewGrounds) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO remediation_ground (district, file, serial, ground, year, words, document, receipt, recorded_at, recorded_by)
         SELECT $1::text, file, (SELECT count(*) FROM remediation_ground g WHERE g.district = $1::text AND g.file = it.file)
                  + row_number() OVER (PARTITION BY file), ground, year, words, document, receipt, $2, $3
         FROM unnest($4::uuid[], $5::text[], $6::smallint[], $7::text[], $8::text[], $9::text[])
             AS it (file, ground, year, words, document, receipt)",
        act.scope.county(),
        act.now,
        act.actor.name,
        &new.files,
        &new.grounds,
        &new.years as &[Option<i16>],
        &new.words,
        &new.documents as &[Option<String>],
        &new.receipts
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The first line of each timeline.
pub async fn insert_first_steps(
    connection: &mut PgConnection,
    act: &Act,
    on: NaiveDate,
    files: &[Uuid],
    words: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO remediation_step (district, file, step, state, happened_on, reason, at, account, actor)
         SELECT $1, file, 'open', 'surveyed', $2, words, $3, $4, $5 FROM unnest($6::uuid[], $7::text[]) AS it (file, words)",
        act.scope.county(),
        on,
        act.now,
        act.actor.account,
        act.actor.name,
        files,
        words
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Files that got a further ground, with the words of each.
pub async fn touch_all(
    connection: &mut PgConnection,
    act: &Act,
    files: &[Uuid],
    words: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH touched AS (UPDATE remediation_file SET version = version + 1 WHERE district = $1 AND id = ANY ($5) RETURNING id, state)
         INSERT INTO remediation_step (district, file, step, state, happened_on, reason, at, account, actor)
         SELECT $1, id, 'add_ground', state, $7, words, $2, $3, $4
         FROM touched JOIN unnest($5::uuid[], $6::text[]) AS it (file, words) ON it.file = touched.id",
        act.scope.county(),
        act.now,
        act.actor.account,
        act.actor.name,
        files,
        words,
        act.today()
    )
    .execute(connection)
    .await?;
    Ok(())
}
