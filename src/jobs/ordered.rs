//! What a person or a program orders to be made outside of the request, found under the number that it was given when it was ordered.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{JobStatus, store};
use crate::account::Act;
use crate::account::audit::Actor;
use crate::db::{PgPool, Scope};

/// An order with who made it, as the payload of a job.
#[derive(Serialize, Deserialize)]
pub struct Ordered<O> {
    /// The number that it will have.
    pub made: Uuid,
    pub order: O,
    account: Option<Uuid>,
    name: String,
}

impl<O: DeserializeOwned> Ordered<O> {
    /// # Errors
    /// The payload is none of such an order.
    pub fn read(payload: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(payload)
    }
}

impl<O> Ordered<O> {
    /// Who made it.
    pub fn actor(&self) -> Actor {
        Actor { account: self.account, name: self.name.clone() }
    }
}

/// Queues an order for the jobs of a name; says under which number what it asks for will be found.
///
/// # Errors
/// When the database does not answer.
pub async fn queue<O: Serialize>(act: &Act, job: &'static str, order: O) -> anyhow::Result<Uuid> {
    let made = Uuid::now_v7();
    let payload = Ordered { made, order, account: act.actor.account, name: act.actor.name.clone() };
    let mut transaction = act.begin().await?;
    store::enqueue(&mut transaction, act, job, &serde_json::to_value(payload)?).await?;
    transaction.commit().await?;
    Ok(made)
}

/// How far it is; nothing where nobody ordered it.
///
/// # Errors
/// When the database does not answer.
pub async fn status(
    pool: &PgPool,
    scope: &Scope,
    job: &'static str,
    made: Uuid,
) -> Result<Option<JobStatus>, sqlx::Error> {
    store::newest_about(pool, scope, job, &json!({ "made": made })).await
}
