//! The decision, with the opinion it is published by and what is committed through it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{CaseError, Held, Result, commitments, opinions};
use crate::account::{Act, Public};
use crate::admission::case::application::{Application, SiteKind};
use crate::admission::case::document::{self, Content, Said};
use crate::admission::case::{Outcome, Recommends};
use crate::admission::standard::{self, Exact};
use crate::admission::{Facts, Outcome as CheckOutcome};
use crate::base::clock::china_day;
use crate::base::text::Seen;
use crate::codelist::Industry;
use crate::db::{PgConnection, PgPool, Scope};
use crate::policy;
use crate::policy::standard::LandKind;
use crate::policy::verdict::Overall;

/// Of a case that is held and whose move the rules allowed. What the audit log tells of it.
pub(super) async fn decide(
    connection: &mut PgConnection,
    act: &Act,
    held: &Held,
    outcome: Outcome,
    reason: &str,
) -> Result<Value> {
    let ground = ground(connection, act, held).await?;
    let content = content(connection, act, held, &ground, outcome, reason).await?;
    let document = serde_json::to_string(&content).map_err(anyhow::Error::from)?;
    let hash = Sha256::digest(document.as_bytes());
    let code = document::new_code();
    sqlx::query!(
        "INSERT INTO admission_decision (district, case_id, round, outcome, reason, recommendation, recommended_by, decided_by,
             decided_name, decided_at, check_id, receipt, verdict, code, document, document_sha256)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        act.scope.county(),
        held.id,
        held.round,
        outcome as _,
        reason.seen(),
        ground.recommendation,
        ground.recommended_by,
        act.person()?,
        act.actor.name,
        act.now,
        ground.check,
        ground.receipt,
        ground.verdict as _,
        code,
        document,
        &hash[..]
    )
    .execute(&mut *connection)
    .await?;
    if outcome == Outcome::Admitted {
        commitments::freeze(connection, act, held.id, &content.commitments).await?;
    }
    Ok(json!({
        "outcome": outcome, "verdict": ground.verdict, "receipt": ground.receipt, "document": hex::encode(hash),
        "recommended_by": ground.recommended_by,
    }))
}

struct Ground {
    check: i64,
    receipt: String,
    verdict: Overall,
    notes: serde_json::Value,
    catalogue: String,
    program: String,
    as_of: chrono::NaiveDate,
    inputs: String,
    results: String,
    recommendation: i64,
    recommended_by: Uuid,
    recommended_name: String,
}

/// The current check and the recommendation that stands on it.
async fn ground(connection: &mut PgConnection, act: &Act, held: &Held) -> Result<Ground> {
    sqlx::query_as!(
        Ground,
        r#"SELECT k.id AS check, k.receipt, k.verdict AS "verdict: Overall", k.warnings AS notes, r.catalogue, r.program, r.as_of, r.inputs, r.results,
                  a.id AS recommendation, a.by_account AS recommended_by, a.by_name AS recommended_name
           FROM admission_check k
           JOIN receipt r ON r.district = k.district AND r.id = k.receipt
           JOIN admission_recommendation a ON a.district = k.district AND a.case_id = k.case_id AND NOT a.sent_back AND a.check_id = k.id
           WHERE k.district = $1 AND k.case_id = $2 AND k.round = $3 AND k.current"#,
        act.scope.county(),
        held.id,
        held.round
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| CaseError::Invalid("审查建议所依据的核查已不是最新，请退回承办人重新提出建议".into()))
}

async fn content(
    connection: &mut PgConnection,
    act: &Act,
    held: &Held,
    ground: &Ground,
    outcome: Outcome,
    reason: &str,
) -> Result<Content> {
    let application: Application = serde_json::from_value(held.application.clone()).map_err(anyhow::Error::from)?;
    let found: CheckOutcome = serde_json::from_str(&ground.results).map_err(anyhow::Error::from)?;
    let place = sqlx::query!(
        r#"SELECT d.name, d.synthetic, c.site_area_m2, c.parcel_code, ST_AsGeoJSON(c.site, 9, 0)::json AS site
           FROM admission_case c JOIN district d ON d.code = c.district WHERE c.district = $1 AND c.id = $2"#,
        act.scope.county(),
        held.id
    )
    .fetch_one(&mut *connection)
    .await?;
    let said = opinions::of_round(connection, &act.scope, held.id, held.round).await?;
    let industry = Industry::parse("2017", &application.industry).ok();
    let commitments = match outcome {
        Outcome::Admitted => document::commitments(&found.results, &exactly(act, ground, &found).await?),
        Outcome::Refused => Vec::new(),
    };
    Ok(Content {
        district: place.name,
        synthetic: place.synthetic,
        number: held.number().map(|number| number.to_string()).unwrap_or_default(),
        round: held.round,
        uscc: Some(application.uscc.clone()).filter(|code| !code.is_empty()),
        industry: industry.map(|it| format!("{} {}（{}）", it.code, it.name, it.edition)),
        land_kind: LandKind::parse(&application.land_kind).map(|kind| kind.label().to_owned()),
        site_kind: application.site_kind().map(|kind: SiteKind| kind.label().to_owned()),
        project: application.project,
        summary: application.summary,
        investor: application.investor,
        parcel: place.parcel_code,
        site_area_m2: place.site_area_m2,
        site: place.site,
        applied_on: held.applied_on,
        decided_on: act.today(),
        outcome,
        reason: reason.seen().to_owned(),
        verdict: ground.verdict,
        receipt: ground.receipt.clone(),
        catalogue: ground.catalogue.clone(),
        program: ground.program.clone(),
        as_of: ground.as_of,
        set: found.set,
        results: found.results,
        notes: serde_json::from_value(ground.notes.clone()).map_err(anyhow::Error::from)?,
        opinions: said
            .into_iter()
            .map(|it| Said { department: it.department, stance: it.stance, comment: it.comment })
            .collect(),
        commitments,
        recommended_by: ground.recommended_name.clone(),
        decided_by: act.actor.name.clone(),
    })
}

/// What was declared comes to, exactly, on the facts and under the catalogue of the check.
async fn exactly(act: &Act, ground: &Ground, found: &CheckOutcome) -> Result<Vec<Exact>> {
    let facts: Facts = serde_json::from_str(&ground.inputs).map_err(anyhow::Error::from)?;
    let catalogue = policy::store::catalogue(&act.pool, &ground.catalogue).await.map_err(anyhow::Error::from)?;
    let catalogue =
        catalogue.ok_or_else(|| anyhow::anyhow!("the catalogue {} of the check is gone", ground.catalogue))?;
    let set = found.set.as_ref().and_then(|set| catalogue.standards.iter().find(|it| it.id == set.id));
    Ok(set.map(|set| standard::exactly(set, &facts, &catalogue, ground.as_of)).unwrap_or_default())
}

/// A decision on record.
#[derive(Clone, Debug)]
pub struct Decision {
    pub code: String,
    pub sha256: String,
    pub content: Content,
}

pub async fn find(pool: &PgPool, scope: &Scope, case: Uuid) -> anyhow::Result<Option<Decision>> {
    let row = sqlx::query!(
        "SELECT code, document, document_sha256 FROM admission_decision WHERE district = $1 AND case_id = $2",
        scope.county(),
        case
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let content = serde_json::from_str(&row.document)?;
    Ok(Some(Decision { code: row.code, sha256: hex::encode(row.document_sha256), content }))
}

/// What anybody may know who holds the paper.
#[derive(Clone, Debug)]
pub struct Published {
    pub number: String,
    pub outcome: Outcome,
    pub decided_on: chrono::NaiveDate,
    pub sha256: String,
    /// The stored text still gives the stored hash.
    pub intact: bool,
}

/// What anybody may see of a decision by its code.
pub async fn published(pool: &PgPool, reader: &Public, code: &str) -> Result<Option<Published>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT c.year, c.serial, d.outcome AS "outcome: Outcome", d.decided_at, d.document, d.document_sha256
           FROM admission_decision d JOIN admission_case c ON c.district = d.district AND c.id = d.case_id
           WHERE d.district = $1 AND d.code = $2"#,
        reader.county(),
        code
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Published {
        number: crate::admission::case::number(row.year, row.serial).unwrap_or_default(),
        outcome: row.outcome,
        decided_on: china_day(row.decided_at),
        intact: Sha256::digest(row.document.as_bytes())[..] == row.document_sha256[..],
        sha256: hex::encode(row.document_sha256),
    }))
}

/// What the handling officer recommended, for the page.
#[derive(Clone, Debug)]
pub struct Recommended {
    pub recommends: Recommends,
    pub reason: String,
    pub by_account: Uuid,
    pub by_name: String,
    pub at: chrono::DateTime<chrono::Utc>,
}

pub async fn recommendation(pool: &PgPool, scope: &Scope, case: Uuid) -> Result<Option<Recommended>, sqlx::Error> {
    sqlx::query_as!(
        Recommended,
        r#"SELECT recommends AS "recommends: Recommends", reason, by_account, by_name, at FROM admission_recommendation
           WHERE district = $1 AND case_id = $2 AND NOT sent_back"#,
        scope.county(),
        case
    )
    .fetch_optional(pool)
    .await
}
