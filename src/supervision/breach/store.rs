//! The SQL of breach files.

pub mod listing;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::PgExecutor;
use uuid::Uuid;

use super::decision::Decided;
use super::{BreachState, BreachStep, Remedy, TABLE};
use crate::account::Act;
use crate::contract::event::Duty;
use crate::db::{PgConnection, PgPool, Scope};
use crate::workflow::{Case, Key, Statement, Table};

/// A file on record.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Breach {
    pub id: Uuid,
    pub contract: String,
    pub duty: String,
    pub due: NaiveDate,
    pub state: BreachState,
    pub remedy: Option<Remedy>,
    #[schema(value_type = Option<String>)]
    pub amount_yuan: Option<Decimal>,
    pub arithmetic: Option<String>,
    pub notice: Option<Uuid>,
    pub rectify_until: Option<NaiveDate>,
    pub proposed_by: Option<Uuid>,
    pub proposed_by_name: Option<String>,
    pub decided_by_name: Option<String>,
    pub version: i32,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
}

impl Breach {
    pub fn duty(&self) -> Option<Duty> {
        self.duty.parse().ok()
    }

    pub fn duty_label(&self) -> String {
        self.duty().map_or_else(|| self.duty.clone(), Duty::label)
    }
}

/// One step that was taken.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StepTaken {
    pub step: String,
    pub state: BreachState,
    pub reason: String,
    pub happened_on: NaiveDate,
    pub at: DateTime<Utc>,
    pub actor: String,
}

impl StepTaken {
    pub fn label(&self) -> &str {
        BreachStep::parse(&self.step).map_or("立案", BreachStep::label)
    }
}

impl Case for Breach {
    type State = BreachState;
    type Step = BreachStep;

    const TABLE: &'static Table<BreachState, BreachStep> = &TABLE;
    const ROWS: &'static str = "contract_breach";
    const SUBJECT_KIND: &'static str = "contract";
    const PART: Option<&'static str> = Some("breach");

    fn key(&self) -> Key<BreachState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.contract.clone() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        find(connection, scope, id).await
    }
}

pub async fn find(database: impl PgExecutor<'_>, scope: &Scope, id: Uuid) -> Result<Option<Breach>, sqlx::Error> {
    sqlx::query_as!(
        Breach,
        r#"SELECT b.id, b.contract, b.duty, b.due, b.state AS "state: _", b.remedy AS "remedy: _", b.amount_yuan, b.arithmetic,
                  b.notice, b.rectify_until, b.proposed_by, b.proposed_by_name, b.decided_by_name, b.version, b.opened_at,
                  b.opened_by
           FROM contract_breach b JOIN contract c ON c.district = b.district AND c.number = b.contract
           WHERE b.district = $1 AND b.id = $2 AND ($3::text IS NULL OR c.subdistrict = $3)"#,
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(database)
    .await
}

/// The decision that was taken last on a duty with its due day.
pub async fn decided(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &str,
    duty: &str,
    due: NaiveDate,
) -> Result<Option<Decided>, sqlx::Error> {
    sqlx::query_as!(
        Decided,
        r#"SELECT s.happened_on AS on, b.state AS "state: _", b.remedy AS "remedy: _", b.amount_yuan AS amount, b.arithmetic,
                  s.at
           FROM contract_breach b JOIN contract_breach_step s ON s.district = b.district AND s.breach = b.id AND s.step = 'decide'
           WHERE b.district = $1 AND b.contract = $2 AND b.duty = $3 AND b.due = $4 ORDER BY s.id DESC LIMIT 1"#,
        scope.county(),
        contract,
        duty,
        due
    )
    .fetch_optional(connection)
    .await
}

/// When a file was decided on, when it was.
pub async fn decided_at(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT max(at) AS "at: _" FROM contract_breach_step WHERE district = $1 AND breach = $2 AND step = 'decide'"#,
        scope.county(),
        id
    )
    .fetch_one(connection)
    .await
}

/// Oldest first.
pub async fn steps(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Vec<StepTaken>, sqlx::Error> {
    sqlx::query_as!(
        StepTaken,
        r#"SELECT step, state AS "state: _", reason, happened_on, at, actor FROM contract_breach_step
           WHERE district = $1 AND breach = $2 ORDER BY id"#,
        scope.county(),
        id
    )
    .fetch_all(pool)
    .await
}

/// Opens a file, or finds the one of that duty and due day.
pub async fn open(
    connection: &mut PgConnection,
    act: &Act,
    (contract, duty, due): (&str, Duty, NaiveDate),
) -> Result<(Uuid, bool), sqlx::Error> {
    let duty = duty.to_string();
    let made = sqlx::query_scalar!(
        "INSERT INTO contract_breach (district, id, contract, duty, due, state, opened_at, opened_by)
         VALUES ($1, $2, $3, $4, $5, 'opened', $6, $7)
         ON CONFLICT (district, contract, duty, due) DO NOTHING RETURNING id",
        act.scope.county(),
        Uuid::now_v7(),
        contract,
        duty,
        due,
        act.now,
        act.actor.name
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(id) = made {
        return Ok((id, true));
    }
    let there = sqlx::query_scalar!(
        "SELECT id FROM contract_breach WHERE district = $1 AND contract = $2 AND duty = $3 AND due = $4",
        act.scope.county(),
        contract,
        duty,
        due
    );
    Ok((there.fetch_one(connection).await?, false))
}

/// What a step leaves in the row.
#[derive(Clone, Debug)]
pub struct After {
    pub state: BreachState,
    pub remedy: Option<Remedy>,
    pub amount_yuan: Option<Decimal>,
    pub arithmetic: Option<String>,
    pub notice: Option<Uuid>,
    pub rectify_until: Option<NaiveDate>,
    pub proposed: Option<(Uuid, String)>,
    /// By this step; who decided before stays.
    pub decided: Option<(Uuid, String)>,
    pub event: Option<i64>,
}

impl After {
    /// What opening leaves.
    pub fn opened() -> After {
        After {
            state: BreachState::Opened,
            remedy: None,
            amount_yuan: None,
            arithmetic: None,
            notice: None,
            rectify_until: None,
            proposed: None,
            decided: None,
            event: None,
        }
    }
}

/// The row of a file after a step.
pub fn row(act: &Act, id: Uuid, after: &After) -> Statement {
    let (proposed_by, proposed_name) = after.proposed.clone().unzip();
    let (decided_by, decided_name) = after.decided.clone().unzip();
    sqlx::query!(
        "UPDATE contract_breach SET state = $3, remedy = $4, amount_yuan = $5, arithmetic = $6, notice = $7, rectify_until = $8,
             proposed_by = $9, proposed_by_name = $10, decided_by = COALESCE($11, decided_by),
             decided_by_name = COALESCE($12, decided_by_name), event = $13, closed_at = $14, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        after.state.code(),
        after.remedy.map(Remedy::code),
        after.amount_yuan,
        after.arithmetic,
        after.notice,
        after.rectify_until,
        proposed_by,
        proposed_name,
        decided_by,
        decided_name,
        after.event,
        after.state.is_closed().then_some(act.now)
    )
}

/// A step in the timeline of a file, with what it leaves: after the row was written.
pub fn line(act: &Act, id: Uuid, (step, after): (&str, &After), (reason, on): (&str, NaiveDate)) -> Statement {
    let (proposed_by, proposed_name) = after.proposed.clone().unzip();
    sqlx::query!(
        "INSERT INTO contract_breach_step (district, breach, step, state, reason, happened_on, at, account, actor, remedy,
             amount_yuan, arithmetic, notice, rectify_until, proposed_by, proposed_by_name, decided_by_name)
         SELECT b.district, b.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, b.decided_by_name
         FROM contract_breach b WHERE b.district = $1 AND b.id = $2",
        act.scope.county(),
        id,
        step,
        after.state.code(),
        reason,
        on,
        act.now,
        act.actor.account,
        act.actor.name,
        after.remedy.map(Remedy::code),
        after.amount_yuan,
        after.arithmetic,
        after.notice,
        after.rectify_until,
        proposed_by,
        proposed_name
    )
}
