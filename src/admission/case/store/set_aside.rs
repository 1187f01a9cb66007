//! Hits that are set aside by two persons, and what a person said where a rule needs judgement.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::{CaseError, Result, hold_for, settle};
use crate::account::Act;
use crate::admission::case::rules::Refusal;
use crate::admission::case::{CaseStep, SetAside};
use crate::admission::{Judgement, SetAside as SetAsideFact};
use crate::base::text::Seen;
use crate::db::{PgPool, Scope};
use crate::planning::{Answer, LayerKind, LayerResult};
use crate::workflow::{four_eyes, one};

/// Proposes that a hit is not one. It counts when another person agrees.
pub async fn propose(
    act: &Act,
    id: Uuid,
    version: i32,
    site_hash: &str,
    hit: &LayerResult,
    reason: &str,
) -> Result<()> {
    if reason.is_blank() {
        return Err(Refusal::ReasonMissing.into());
    }
    if hit.answer != Answer::Hit {
        return Err(CaseError::Invalid(format!("{}没有命中，无须排除", hit.layer)));
    }
    let (mut transaction, held) = hold_for(act, id, version, CaseStep::SetAside).await?;
    let written = sqlx::query!(
        "INSERT INTO admission_set_aside (district, id, case_id, site_hash, layer, edition_id, hit, reason, proposed_by, proposed_name, proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        act.scope.county(),
        Uuid::now_v7(),
        id,
        site_hash,
        hit.layer.code(),
        hit.edition_id,
        serde_json::to_value(hit).map_err(anyhow::Error::from)?,
        reason.seen(),
        act.person()?,
        act.actor.name,
        act.now
    )
    .execute(&mut *transaction)
    .await?;
    if written.rows_affected() == 0 {
        return Err(CaseError::Invalid(format!("{}的命中已经提出排除", hit.layer)));
    }
    let note = format!("{}：{}", hit.layer, reason.seen());
    let detail = json!({ "layer": hit.layer, "edition": hit.edition_id, "overlap_m2": hit.overlap_m2 });
    settle(transaction, act, held, CaseStep::SetAside, &note, detail).await
}

/// Another person agrees, or not.
pub async fn answer(act: &Act, id: Uuid, version: i32, set_aside: Uuid, agree: bool) -> Result<()> {
    let step = if agree { CaseStep::ConfirmSetAside } else { CaseStep::RejectSetAside };
    let (mut transaction, held) = hold_for(act, id, version, step).await?;
    let open = sqlx::query!(
        "SELECT layer, reason, proposed_by FROM admission_set_aside
         WHERE district = $1 AND case_id = $2 AND id = $3 AND confirmed_by IS NULL AND NOT rejected",
        act.scope.county(),
        id,
        set_aside
    )
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(CaseError::NotFound)?;
    four_eyes(Some(open.proposed_by), act.person()?).map_err(Refusal::from)?;
    let changed = sqlx::query!(
        "UPDATE admission_set_aside SET confirmed_by = $4, confirmed_name = $5, confirmed_at = $6, rejected = $7
         WHERE district = $1 AND case_id = $2 AND id = $3",
        act.scope.county(),
        id,
        set_aside,
        act.person()?,
        act.actor.name,
        act.now,
        !agree
    )
    .execute(&mut *transaction)
    .await?;
    one(changed.rows_affected())?;
    let layer = LayerKind::parse(&open.layer).map_or(open.layer.as_str(), |layer| layer.label());
    let note = format!("{layer}：{}", open.reason);
    settle(transaction, act, held, step, &note, json!({ "layer": open.layer })).await
}

/// Of a case, oldest first; those of land it no longer asks for included.
pub async fn of_case(pool: &PgPool, scope: &Scope, case: Uuid) -> Result<Vec<SetAside>, sqlx::Error> {
    sqlx::query_as!(
        SetAside,
        "SELECT id, layer, reason, proposed_by, proposed_name, proposed_at, confirmed_by, confirmed_name, confirmed_at, rejected
         FROM admission_set_aside WHERE district = $1 AND case_id = $2 ORDER BY proposed_at, id",
        scope.county(),
        case
    )
    .fetch_all(pool)
    .await
}

/// Those that two persons agreed on, for exactly this land.
pub async fn confirmed(
    pool: &PgPool,
    scope: &Scope,
    case: Uuid,
    site_hash: &str,
) -> Result<BTreeMap<LayerKind, SetAsideFact>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT layer AS "layer: LayerKind", edition_id, reason, proposed_name, confirmed_name AS "confirmed_name!"
           FROM admission_set_aside
           WHERE district = $1 AND case_id = $2 AND site_hash = $3 AND confirmed_by IS NOT NULL AND NOT rejected"#,
        scope.county(),
        case,
        site_hash
    )
    .fetch_all(pool)
    .await?;
    let fact =
        |edition_id, reason, proposed_by, confirmed_by| SetAsideFact { edition_id, reason, proposed_by, confirmed_by };
    Ok(rows
        .into_iter()
        .map(|row| (row.layer, fact(row.edition_id, row.reason, row.proposed_name, row.confirmed_name)))
        .collect())
}

/// Says what a rule cannot decide.
pub async fn judge(act: &Act, id: Uuid, version: i32, rule: &str, conforms: bool, reason: &str) -> Result<()> {
    if reason.is_blank() {
        return Err(Refusal::ReasonMissing.into());
    }
    let (mut transaction, held) = hold_for(act, id, version, CaseStep::Judge).await?;
    sqlx::query!(
        "INSERT INTO admission_judgement (district, case_id, rule, conforms, reason, by_account, by_name, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        act.scope.county(),
        id,
        rule,
        conforms,
        reason.seen(),
        act.person()?,
        act.actor.name,
        act.now
    )
    .execute(&mut *transaction)
    .await?;
    let note = format!("{}：{}", if conforms { "符合" } else { "不符合" }, reason.seen());
    let detail = json!({ "rule": rule, "conforms": conforms });
    settle(transaction, act, held, CaseStep::Judge, &note, detail).await
}

/// The last word on each rule.
pub async fn judgements(pool: &PgPool, scope: &Scope, case: Uuid) -> Result<BTreeMap<String, Judgement>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (rule) rule, conforms, reason, by_name FROM admission_judgement
         WHERE district = $1 AND case_id = $2 ORDER BY rule, id DESC",
        scope.county(),
        case
    )
    .fetch_all(pool)
    .await?;
    let judgement = |conforms, reason, by| Judgement { conforms, reason, by };
    Ok(rows.into_iter().map(|row| (row.rule, judgement(row.conforms, row.reason, row.by_name))).collect())
}
