//! Lists and reconciliations as jobs: ordered by a page or a program, made by the server outside of the request, and found under the
//! number that they were given when they were ordered. Safe to repeat: each is there whole or not at all.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Quarter;
use super::lists;
use super::reconciliation;
use super::store::lists::NewList;
use super::store::{lists as list_store, reconciliations};
use super::wording::AllocationError;
use crate::account::Act;
use crate::db::{PgConnection, PgPool, Scope};
use crate::jobs::ordered::{self, Ordered};
use crate::jobs::runner::Told;
use crate::jobs::{Context, Job, JobKind, JobStatus, Refused};

pub const JOB: &str = "allocation.make";
const APOLOGY: &str = "因系统内部错误中止，没有留下任何结果。请稍后重试；如仍出现，请联系系统管理员。";

pub const KIND: JobKind =
    JobKind { name: JOB, apology: APOLOGY, carry_out: |context, job, told| Box::pin(carry_out(context, job, told)) };

/// What is to be made.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    List(NewList),
    Reconciliation { up_to: Quarter },
}

/// Queues it; says under which number it will be found.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(act: &Act, order: Order) -> anyhow::Result<Uuid> {
    ordered::queue(act, JOB, order).await
}

/// How far it is; nothing where nobody ordered it.
///
/// # Errors
/// When the database does not answer.
pub async fn status(pool: &PgPool, scope: &Scope, made: Uuid) -> Result<Option<JobStatus>, sqlx::Error> {
    ordered::status(pool, scope, JOB, made).await
}

async fn carry_out(context: Context, job: Job, told: Told) -> anyhow::Result<()> {
    let Context { pool, clock, scope, .. } = context;
    let ordered = Ordered::<Order>::read(job.payload)?;
    let (made, actor) = (ordered.made, ordered.actor());
    let order = ordered.order;
    // A server that died after the last word to the database left nothing to do.
    if is_there(&mut *pool.acquire().await?, &scope, made, &order).await? {
        return Ok(());
    }
    let act = Act { pool, scope, actor, now: clock.now() };
    let done = match order {
        Order::List(new) => lists::draw(&act, made, &new, &|done| told.tell("生成清单", done, None)).await,
        Order::Reconciliation { up_to } => {
            reconciliation::compute(&act, made, up_to, &|done, total| told.tell("核对", done, Some(total))).await
        }
    };
    done.map_err(|error| match error {
        AllocationError::Database(error) => error.into(),
        AllocationError::Internal(error) => error,
        other => Refused(other.to_string()).into(),
    })
}

async fn is_there(
    connection: &mut PgConnection,
    scope: &Scope,
    made: Uuid,
    order: &Order,
) -> Result<bool, sqlx::Error> {
    Ok(match order {
        Order::List(_) => list_store::find(connection, scope, made).await?.is_some(),
        Order::Reconciliation { .. } => reconciliations::find(connection, scope, made).await?.is_some(),
    })
}
