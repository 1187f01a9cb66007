//! What stands against the land of a case, and why the project may stand beside it.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::{CaseError, Result, hold_for, settle};
use crate::account::Act;
use crate::admission::case::CaseStep;
use crate::admission::case::application::SiteKind;
use crate::admission::case::rules::Refusal;
use crate::base::text::Seen;
use crate::db::geom::Geom;
use crate::db::{PgConnection, PgPool, Scope};
use crate::parcel::claims::store::{self as claims, Ground};
use crate::parcel::claims::{Land, Own, Standing, listed};

/// What stands against the land of a case.
#[derive(Clone, Debug, Default)]
pub struct Against {
    pub standing: Vec<Standing>,
    pub grounds: Vec<Ground>,
    /// The project uses land or plant that somebody has already: a live grant is that somebody's, and in nobody's way.
    pub on_existing_land: bool,
}

impl Against {
    /// What keeps the project from being admitted until a ground covers it.
    pub fn blocking(&self) -> impl Iterator<Item = &Standing> {
        let covered = |it: &Standing| self.grounds.iter().any(|ground| ground.against.contains(&it.key()));
        self.standing.iter().filter(move |it| !(covered(it) || it.is_contract() && self.on_existing_land))
    }

    /// The same in words.
    pub fn open(&self) -> Vec<String> {
        self.blocking().map(Standing::wording).collect()
    }
}

/// As things stand on `on`; nothing stands against a case without land.
pub async fn standing(
    pool: &PgPool,
    connection: &mut PgConnection,
    scope: &Scope,
    case: Uuid,
    on: NaiveDate,
) -> Result<Against, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT site AS "site?: Geom", parcel_code, application->>'site_kind' AS site_kind FROM admission_case
           WHERE district = $1 AND id = $2"#,
        scope.county(),
        case
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row.filter(|row| row.site.is_some()) else { return Ok(Against::default()) };
    let tolerance = claims::tolerance(pool, on).await?;
    let land = Land { parcels: row.parcel_code.into_iter().collect(), shape: row.site };
    let own = Own { case: Some(case), ..Own::default() };
    Ok(Against {
        standing: claims::against(connection, scope, &land, &own, tolerance, on).await?,
        grounds: claims::grounds_of_case(connection, scope, case).await?,
        on_existing_land: row.site_kind.as_deref() == Some(SiteKind::Parcel.code()),
    })
}

/// A named person says why the project may stand beside everything that stands against its land now.
pub async fn record(act: &Act, id: Uuid, version: i32, ground: &str) -> Result<()> {
    let ground = ground.seen();
    if ground.is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    let (mut transaction, held) = hold_for(act, id, version, CaseStep::Beside).await?;
    let on = act.today();
    let against = standing(&act.pool, &mut transaction, &act.scope, id, on).await?;
    let open: Vec<Standing> = against.blocking().cloned().collect();
    if open.is_empty() {
        return Err(CaseError::Invalid("用地上没有须说明并存理由的有效合同或已准入项目".into()));
    }
    let keys: Vec<String> = open.iter().map(Standing::key).collect();
    sqlx::query!(
        "INSERT INTO admission_beside (district, case_id, against, ground, by_account, recorded_by, recorded_on, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        act.scope.county(),
        id,
        &keys,
        ground,
        act.person()?,
        act.actor.name,
        on,
        act.now
    )
    .execute(&mut *transaction)
    .await?;
    let note = format!("{ground}（{}）", listed(&open));
    let detail = json!({ "against": keys, "ground": ground });
    settle(transaction, act, held, CaseStep::Beside, &note, detail).await
}
