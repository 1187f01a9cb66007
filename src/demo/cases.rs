//! Invented projects in every state a case can be in, carried there by the same functions that officers' pages call.

mod land;
pub(super) mod people;
mod plans;
mod script;

use super::register::day;
use crate::db::{PgPool, Scope};
use crate::policy::intake::{Action, Frame, IntakeKind, read};
use crate::policy::receipt::sha256;
use crate::policy::store::submissions::{self, Upload};
use crate::{account, policy};
use land::choose_land;
use people::{People, morning};
use plans::{Land, PLANS};
use script::Script;

const SETS: &str = include_str!("standards.toml");

/// Loads the adopted sets, the offers and the cases into the demonstration district, whose accounts must be there.
///
/// # Errors
/// When the database refuses, or a step that the plan takes is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope) -> anyhow::Result<usize> {
    let people = People { accounts: account::store::list(pool, scope).await? };
    adopt_sets(pool, scope, &people).await?;
    let land = choose_land(pool, scope).await?;
    let mut clear = land.clear.iter();
    let mut hit = land.hit.iter();
    for plan in &PLANS {
        let parcel = if plan.land == Land::Hit { hit.next() } else { clear.next() };
        let Some(parcel) = parcel else { anyhow::bail!("the invented town has too little land for its projects") };
        Script { pool, scope, people: &people, plan, parcel }.run().await?;
    }
    Ok(PLANS.len())
}

/// As two officers would: one brings the file, the other publishes it.
async fn adopt_sets(pool: &PgPool, scope: &Scope, people: &People) -> anyhow::Result<()> {
    let on = day(2026, 1, 1);
    let catalogue = policy::store::current(pool, &scope.district).await?;
    let (indicators, parameters) = (&catalogue.indicators, catalogue.parameters.as_slice());
    let frame = Frame { kind: IntakeKind::Standards, starts_on: on, today: on, indicators, parameters };
    let reading = read("示例指标.toml", SETS.as_bytes(), frame);
    anyhow::ensure!(!reading.refused(), "the demonstration sets have faults: {:?}", reading.faults);
    let maker = people.act(pool, scope, "admission", morning(on, 0))?;
    let second = people.act(pool, scope, "approver", morning(on, 1))?;
    let hash = sha256(SETS);
    let upload = Upload {
        kind: IntakeKind::Standards,
        file_name: "示例指标.toml",
        file_sha256: &hash,
        starts_on: on,
        reading: &reading,
    };
    let id = submissions::create(&maker, &upload).await?;
    for (act, action) in [(&maker, Action::Submit), (&second, Action::Publish)] {
        submissions::advance(act, id, action, "示例指标").await?;
    }
    Ok(())
}
