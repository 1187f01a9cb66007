//! The land of a contract: what stands against it is told, and the contract is entered beside it when the person at the desk
//! records why. The tables refuse a second live grant once more.

use super::{Outcome, RecordError};
use crate::account::Act;
use crate::contract::fault::{Fault, FaultCode, Place, error};
use crate::contract::terms::Terms;
use crate::db::PgConnection;
use crate::parcel::claims::store::Ground;
use crate::parcel::claims::{self, Land, Own, Standing};

/// Takes the land of the contract as it is written by now. `added` are parcels that it did not hold before.
///
/// # Errors
/// Something stands against the land and nobody says why the contract may stand beside it.
pub async fn claim(
    act: &Act,
    connection: &mut PgConnection,
    number: &str,
    terms: &Terms,
    added: Vec<String>,
    beside: Option<&str>,
) -> Outcome {
    let on = act.today();
    let standing = against(act, connection, number, terms, added).await?;
    let ground = beside.map(str::trim).filter(|ground| !ground.is_empty());
    match ground {
        None if !standing.is_empty() => return Err(RecordError::Faults(vec![taken(&standing)])),
        None => {}
        Some(ground) => {
            let ground = Ground {
                ground: ground.to_owned(),
                recorded_by: act.actor.name.clone(),
                recorded_on: on,
                against: standing.iter().map(Standing::key).collect(),
            };
            claims::store::stand_beside(connection, &act.scope, number, &ground, act.now).await?;
        }
    }
    claims::store::settle(connection, &act.scope, &[number.to_owned()]).await?;
    Ok(())
}

async fn against(
    act: &Act,
    connection: &mut PgConnection,
    number: &str,
    terms: &Terms,
    added: Vec<String>,
) -> Result<Vec<Standing>, sqlx::Error> {
    if added.is_empty() {
        return Ok(Vec::new());
    }
    let on = act.today();
    let tolerance = claims::store::tolerance(&act.pool, on).await?;
    let own = Own { contract: Some(number.to_owned()), case: None, case_number: terms.admission_case.clone() };
    let land = Land { parcels: added, shape: None };
    claims::store::against(connection, &act.scope, &land, &own, tolerance, on).await
}

fn taken(standing: &[Standing]) -> Fault {
    let message = format!(
        "合同用地上已有：{}。同一宗地同时只能有一份有效合同；确需并存的（如分期供地、只涉及部分宗地），请填写“并存理由”",
        claims::listed(standing)
    );
    error(FaultCode::LandTaken, Place::Contract, message)
}
