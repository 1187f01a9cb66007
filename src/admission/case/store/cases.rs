//! Opening a case, changing what its application says, and finding it.

use serde_json::json;
use sqlx::Acquire;
use uuid::Uuid;

use super::{CaseError, OnRecord, Result, hold_for, line, settle, told};
use crate::account::Act;
use crate::admission::case::land::Site;
use crate::admission::case::{Application, Case, CaseStep, Outcome, Stage, parse_number};
use crate::db::{PgConnection, PgPool, Scope};
use crate::policy::verdict::Overall;
use crate::workflow::{self, one};

/// Opens a draft. The same `client_key` again answers the case it opened the first time.
pub async fn create(act: &Act, client_key: Uuid, application: &Application, site: &Site) -> Result<Uuid> {
    let mut transaction = act.begin().await?;
    let id = Uuid::now_v7();
    let opened = sqlx::query_scalar!(
        "INSERT INTO admission_case (district, id, stage, client_key, application, project, investor, created_by, created_name,
             created_at, changed_at, changed_by, last_action)
         VALUES ($1, $2, 'draft', $3, '{}', '', '', $4, $5, $6, $6, $5, 'create')
         ON CONFLICT (district, client_key) DO NOTHING RETURNING id",
        act.scope.county(),
        id,
        client_key,
        act.person()?,
        act.actor.name,
        act.now
    )
    .fetch_optional(&mut *transaction)
    .await?;
    if opened.is_none() {
        let known = sqlx::query!(
            "SELECT id, created_by FROM admission_case WHERE district = $1 AND client_key = $2",
            act.scope.county(),
            client_key
        )
        .fetch_one(&mut *transaction)
        .await?;
        // A key that somebody else used says nothing about their case.
        return if known.created_by == Some(act.person()?) { Ok(known.id) } else { Err(CaseError::NotFound) };
    }
    write_application(&mut transaction, act, id, application, site).await?;
    let (way, said) = ((None, Stage::Draft), (0, ""));
    let timeline = line(act, id, CaseStep::Create, way, said)?;
    let detail = told(id, way, said, json!({}));
    let subject = id.to_string();
    workflow::opened::<OnRecord>(&mut transaction, act, ("admission.create", &subject), Some(timeline), detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Changes what a draft or a returned application says.
pub async fn edit(act: &Act, id: Uuid, version: i32, application: &Application, site: &Site) -> Result<()> {
    let (mut transaction, held) = hold_for(act, id, version, CaseStep::Edit).await?;
    write_application(&mut transaction, act, id, application, site).await?;
    settle(transaction, act, held, CaseStep::Edit, "", json!({})).await
}

/// The application and the columns that lists and maps read of it.
pub(super) async fn write_application(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    application: &Application,
    site: &Site,
) -> Result<()> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let offer = match application.offer.parse::<Uuid>() {
        Ok(offer) if application.site_kind == "offer" => super::offers::exists(connection, &act.scope, offer).await?,
        _ => None,
    };
    let changed = sqlx::query!(
        "UPDATE admission_case SET application = $3, project = $4, investor = $5, uscc = $6, industry_edition = $7,
             industry_code = $8, land_kind = $9, offer = $10, parcel_code = $11, site = $12, site_area_m2 = $13, subdistrict = $14
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        serde_json::to_value(application).map_err(anyhow::Error::from)?,
        application.project,
        application.investor,
        some(&application.uscc),
        some(&application.edition),
        some(&application.industry),
        some(&application.land_kind),
        offer,
        site.parcel,
        site.shape.clone() as _,
        site.area_m2.filter(|_| site.shape.is_some()),
        site.subdistrict
    )
    .execute(connection.acquire().await?)
    .await?;
    Ok(one(changed.rows_affected())?)
}

pub async fn find(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Option<Case>, sqlx::Error> {
    sqlx::query_as!(
        Case,
        r#"SELECT c.id, year, serial, stage AS "stage: Stage", c.round, version, project, investor, uscc, industry_code, land_kind,
                  site_area_m2, subdistrict, applied_on, handler, handler_name, outcome AS "outcome: Outcome",
                  k.verdict AS "verdict?: Overall", created_by, created_name, created_at, changed_at, changed_by, last_action,
                  (SELECT min(o.due_on) FROM admission_opinion o
                   WHERE o.district = c.district AND o.case_id = c.id AND o.round = c.round AND o.stance IS NULL
                     AND c.stage = 'opinions') AS opinion_due
           FROM admission_case c
           LEFT JOIN admission_check k ON k.district = c.district AND k.case_id = c.id AND k.current
           WHERE c.district = $1 AND c.id = $2 AND ($3::text IS NULL OR subdistrict = $3)"#,
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await
}

/// By `2026-0012`.
pub async fn find_number(pool: &PgPool, scope: &Scope, text: &str) -> Result<Option<Uuid>, sqlx::Error> {
    let Some((year, serial)) = parse_number(text) else { return Ok(None) };
    sqlx::query_scalar!(
        "SELECT id FROM admission_case WHERE district = $1 AND year = $2 AND serial = $3",
        scope.county(),
        year,
        serial
    )
    .fetch_optional(pool)
    .await
}

/// What the application says now.
pub async fn application(pool: &PgPool, scope: &Scope, id: Uuid) -> anyhow::Result<Application> {
    let json = sqlx::query_scalar!(
        "SELECT application FROM admission_case WHERE district = $1 AND id = $2",
        scope.county(),
        id
    )
    .fetch_one(pool)
    .await?;
    Ok(serde_json::from_value(json)?)
}
