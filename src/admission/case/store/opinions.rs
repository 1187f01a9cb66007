//! Asking departments and keeping what they say.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::{CaseError, Held, Result, hold_for, settle};
use crate::account::{Act, Department};
use crate::admission::case::reading::sight_of;
use crate::admission::case::rules::Refusal;
use crate::admission::case::{CaseStep, Opinion, Sight, Stance};
use crate::base::text::Seen;
use crate::codelist::WorkCalendar;
use crate::db::{PgConnection, PgPool, Scope};
use crate::workflow::one;

/// Whom a case is shown to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    pub department: Department,
    pub sights: Vec<Sight>,
    pub working_days: i32,
    pub active: bool,
    pub version: i32,
}

/// Who is asked while a district has not chosen: each department what it is in charge of, within five working days.
const USUAL: [(Department, &[Sight]); 6] = [
    (Department::Land, &[Sight::Project, Sight::Site, Sight::Construction]),
    (Department::EconomyAndTourism, &[Sight::Project, Sight::Industry, Sight::Investment, Sight::Output]),
    (Department::DevelopmentAndReform, &[Sight::Project, Sight::Industry, Sight::Investment, Sight::Energy]),
    (Department::Environment, &[Sight::Project, Sight::Site, Sight::Industry, Sight::Environment]),
    (Department::Tax, &[Sight::Project, Sight::Output]),
    (Department::Safety, &[Sight::Project, Sight::Site, Sight::Industry]),
];
const USUAL_WORKING_DAYS: i32 = 5;

/// The departments of the district, in the order of the list; the usual ones are entered when there are none.
pub async fn consultations(pool: &PgPool, scope: &Scope) -> Result<Vec<Consultation>> {
    let mut connection = pool.acquire().await?;
    ensure_usual(&mut connection, scope).await?;
    read_consultations(&mut connection, scope).await
}

async fn ensure_usual(connection: &mut PgConnection, scope: &Scope) -> Result<()> {
    for (department, sights) in USUAL {
        let sights: Vec<String> = sights.iter().map(|sight| sight.code().to_owned()).collect();
        sqlx::query!(
            "INSERT INTO admission_consultation (district, department, sights, working_days)
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            scope.county(),
            department.code(),
            &sights,
            USUAL_WORKING_DAYS
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn read_consultations(connection: &mut PgConnection, scope: &Scope) -> Result<Vec<Consultation>> {
    let rows = sqlx::query!(
        r#"SELECT department AS "department: Department", sights, working_days, active, version
           FROM admission_consultation WHERE district = $1 ORDER BY department"#,
        scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Consultation {
            department: row.department,
            sights: row.sights.iter().filter_map(|sight| Sight::parse(sight)).collect(),
            working_days: row.working_days,
            active: row.active,
            version: row.version,
        })
        .collect())
}

/// Changes days and activity of a department; the sights stay what the department is in charge of.
pub async fn set_consultation(
    act: &Act,
    department: Department,
    version: i32,
    working_days: i32,
    active: bool,
) -> Result<()> {
    let mut transaction = act.begin().await?;
    let changed = sqlx::query!(
        "UPDATE admission_consultation SET working_days = $4, active = $5, version = version + 1
         WHERE district = $1 AND department = $2 AND version = $3",
        act.scope.county(),
        department.code(),
        version,
        working_days,
        active
    )
    .execute(&mut *transaction)
    .await?;
    if changed.rows_affected() != 1 {
        return Err(CaseError::Invalid("该部门的设置已被他人修改，请刷新页面后再试".into()));
    }
    let deed = crate::account::Deed {
        action: "admission.consultation",
        subject_kind: "department",
        subject: department.code(),
        detail: json!({ "working_days": working_days, "active": active }),
    };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(())
}

/// Asks every active department; an approval of an earlier round stays where what was seen is the same.
pub(super) async fn ask(connection: &mut PgConnection, act: &Act, held: &Held) -> Result<()> {
    ensure_usual(connection, &act.scope).await?;
    let asked: Vec<Consultation> =
        read_consultations(connection, &act.scope).await?.into_iter().filter(|each| each.active).collect();
    if asked.is_empty() {
        return Err(CaseError::Invalid("本区没有启用任何征求意见的部门，请系统管理员先设置".into()));
    }
    let sights = sqlx::query_scalar!(
        "SELECT sights FROM admission_round WHERE district = $1 AND case_id = $2 AND round = $3",
        act.scope.county(),
        held.id,
        held.round
    )
    .fetch_one(&mut *connection)
    .await?;
    let sights: BTreeMap<Sight, String> = serde_json::from_value(sights).map_err(anyhow::Error::from)?;
    for each in asked {
        let due = WorkCalendar::embedded().add_working_days(act.today(), each.working_days.unsigned_abs());
        let sight = sight_of(&sights, &each.sights);
        sqlx::query!(
            "INSERT INTO admission_opinion (district, case_id, round, department, asked_at, due_on, provisional, sight,
                 stance, comment, given_by, given_name, given_at, carried_from)
             SELECT r.district, r.case_id, r.round, $4, $5, $6, $7, $8, o.stance, coalesce(o.comment, ''), o.given_by, o.given_name, o.given_at,
                    coalesce(o.carried_from, o.round)
             FROM admission_round r LEFT JOIN LATERAL (
                 SELECT stance, comment, given_by, given_name, given_at, carried_from, round, sight
                 FROM admission_opinion
                 WHERE district = $1 AND case_id = $2 AND department = $4 AND round < $3 AND stance IS NOT NULL
                 ORDER BY round DESC LIMIT 1) AS o ON o.sight = $8 AND o.stance <> 'object'
             WHERE r.district = $1 AND r.case_id = $2 AND r.round = $3",
            act.scope.county(),
            held.id,
            held.round,
            each.department.code(),
            act.now,
            due.day,
            due.provisional,
            sight
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

pub(super) async fn of_round(
    connection: &mut PgConnection,
    scope: &Scope,
    case: Uuid,
    round: i32,
) -> Result<Vec<Opinion>, sqlx::Error> {
    sqlx::query_as!(
        Opinion,
        r#"SELECT department AS "department: Department", due_on, provisional, stance AS "stance: Stance", comment, given_name,
                  given_at, carried_from
           FROM admission_opinion WHERE district = $1 AND case_id = $2 AND round = $3 ORDER BY department"#,
        scope.county(),
        case,
        round
    )
    .fetch_all(connection)
    .await
}

/// Says what a department thinks; again while the case still waits for opinions.
pub async fn give(
    act: &Act,
    id: Uuid,
    version: i32,
    department: Department,
    stance: Stance,
    comment: &str,
) -> Result<()> {
    if stance != Stance::Agree && comment.is_blank() {
        return Err(Refusal::ReasonMissing.into());
    }
    let (mut transaction, held) = hold_for(act, id, version, CaseStep::Opinion).await?;
    let changed = sqlx::query!(
        "UPDATE admission_opinion SET stance = $5, comment = $6, given_by = $7, given_name = $8, given_at = $9, carried_from = NULL
         WHERE district = $1 AND case_id = $2 AND round = $3 AND department = $4",
        act.scope.county(),
        id,
        held.round,
        department.code(),
        stance as _,
        comment.seen(),
        act.person()?,
        act.actor.name,
        act.now
    )
    .execute(&mut *transaction)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(CaseError::Invalid(format!("本案没有征求{department}的意见")));
    }
    one(changed.rows_affected())?;
    let note = match comment.seen() {
        "" => format!("{department}：{stance}"),
        words => format!("{department}：{stance}。{words}"),
    };
    let detail = json!({ "department": department, "stance": stance });
    settle(transaction, act, held, CaseStep::Opinion, &note, detail).await
}
