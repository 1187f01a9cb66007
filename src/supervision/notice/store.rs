//! The SQL of notices, and the transaction that sends one.

pub mod listing;
pub mod runs;
pub mod waiting;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::outgoing::{self, About, Outgoing};
use super::over::Over;
use super::propose::{Proposal, propose};
use super::{DeliveryWay, NoticeKind, NoticeState, NoticeStep, TABLE, template};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::clock::china_day;
use crate::base::text::Seen;
use crate::contract::event::{Duty, Happening, NewEvent};
use crate::contract::record::{self, Base, Grounds, RecordError};
use crate::contract::store::{self as register, StoreError};
use crate::db::{PgConnection, PgPool, Scope, statistics};
use crate::obligations::sweep::Question;
use crate::supervision::breach::store as files;
use crate::workflow::{self, Case, Held, Key, Left, Number, Refused, Series, Statement, Table};

/// 年份-序号 of notices, given when they are sent.
const NUMBERS: Series = Series("contract_notice_serial");

/// A notice on record.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Notice {
    pub id: Uuid,
    pub contract: String,
    pub kind: NoticeKind,
    /// As the check writes it: `payment_2`.
    pub duty: String,
    pub due: NaiveDate,
    pub addressee: String,
    pub addressee_name: Option<String>,
    pub state: NoticeState,
    pub year: Option<i16>,
    pub serial: Option<i32>,
    /// As it was prepared; what is sent is worked out anew.
    pub body: String,
    pub template: String,
    /// As it went out; none before, and of a notice that was sent as prepared.
    pub sent_body: Option<String>,
    pub sent_template: Option<String>,
    pub version: i32,
    pub prepared_at: DateTime<Utc>,
    pub prepared_by: String,
    pub sent_on: Option<NaiveDate>,
    pub sent_by: Option<String>,
    pub delivery_way: Option<DeliveryWay>,
    pub delivered_on: Option<NaiveDate>,
    pub delivered_to: Option<String>,
    pub delivery_receipt: Option<String>,
    pub withdrawn_reason: Option<String>,
}

impl Notice {
    /// 年份-序号; nothing before it is sent.
    pub fn number(&self) -> Option<String> {
        Number::of(self.year, self.serial).map(|number| number.to_string())
    }

    /// Without what later steps wrote into the row of a notice that is shown in an earlier state.
    fn without_what_came_later(mut self) -> Notice {
        self.version = match self.state {
            NoticeState::Prepared => 1,
            NoticeState::Sent | NoticeState::Withdrawn => 2,
            NoticeState::Delivered => 3,
        };
        if !matches!(self.state, NoticeState::Sent | NoticeState::Delivered) {
            (self.year, self.serial, self.sent_on, self.sent_by, self.delivery_way) = (None, None, None, None, None);
            (self.sent_body, self.sent_template) = (None, None);
        }
        if self.state != NoticeState::Delivered {
            (self.delivered_on, self.delivered_to, self.delivery_receipt) = (None, None, None);
        }
        if self.state != NoticeState::Withdrawn {
            self.withdrawn_reason = None;
        }
        self
    }

    /// What it says: as it went out, or as it was prepared.
    pub fn text(&self) -> &str {
        self.sent_body.as_deref().unwrap_or(&self.body)
    }

    pub fn prepared_on(&self) -> NaiveDate {
        china_day(self.prepared_at)
    }

    pub fn duty(&self) -> Option<Duty> {
        self.duty.parse().ok()
    }

    pub fn duty_label(&self) -> String {
        self.duty().map_or_else(|| self.duty.clone(), Duty::label)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    #[error("没有这份通知，或不在您的辖区内")]
    NotFound,
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("{0}，这份通知不再发送，请撤回并写明原因")]
    Over(Over),
    /// What would go out is not what was seen.
    #[error("通知文本按{0}核算，与您看到的不同，请核对现在的文本后再发送")]
    Changed(NaiveDate),
    /// The day asked for, and the day of preparation.
    #[error("发送日期 {0} 早于拟制日期 {1}，请改填拟制日期或其后的日期")]
    BeforePrepared(NaiveDate, NaiveDate),
    #[error("{0}")]
    Missing(&'static str),
    #[error("通知的事项“{0}”无法识别")]
    Duty(String),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Case for Notice {
    type State = NoticeState;
    type Step = NoticeStep;

    const TABLE: &'static Table<NoticeState, NoticeStep> = &TABLE;
    const ROWS: &'static str = "contract_notice";
    const SUBJECT_KIND: &'static str = "contract";
    const PART: Option<&'static str> = Some("notice");

    fn key(&self) -> Key<NoticeState> {
        Key { id: self.id, state: self.state, version: self.version, subject: self.contract.clone() }
    }

    async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Self>, sqlx::Error> {
        find(connection, scope, id).await
    }
}

pub async fn find(database: impl PgExecutor<'_>, scope: &Scope, id: Uuid) -> Result<Option<Notice>, sqlx::Error> {
    sqlx::query_as!(
        Notice,
        r#"SELECT n.id, n.contract, n.kind AS "kind: _", n.duty, n.due, n.addressee,
                  (SELECT e.name FROM enterprise_version e WHERE e.district = n.district AND e.uscc = n.addressee
                   AND e.superseded_at IS NULL ORDER BY lower(e.valid) DESC LIMIT 1) AS addressee_name,
                  n.state AS "state: _", n.year, n.serial, n.body, n.template, n.sent_body,
                  n.sent_template, n.version, n.prepared_at, n.prepared_by, n.sent_on,
                  n.sent_by, n.delivery_way AS "delivery_way: _", n.delivered_on, n.delivered_to, n.delivery_receipt,
                  n.withdrawn_reason
           FROM contract_notice n JOIN contract c ON c.district = n.district AND c.number = n.contract
           WHERE n.district = $1 AND n.id = $2 AND ($3::text IS NULL OR c.subdistrict = $3)"#,
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(database)
    .await
}

/// Prepares what the check of a whole scope calls for on a day. Running it again prepares nothing twice. Returns how many
/// are new.
pub async fn prepare_all(act: &Act, day: NaiveDate) -> Result<u64, NoticeError> {
    let question = Question::ask(&act.pool, day, act.now, None).await?;
    let mut proposals = Vec::new();
    let mut batches = register::stream(act.pool.clone(), act.scope.clone(), act.now);
    while let Some(batch) = batches.recv().await {
        for contract in batch? {
            proposals.extend(propose(&contract, &question.answer(&contract).lines, day));
        }
    }
    let mut transaction = act.begin().await?;
    let mut made = 0;
    for proposal in &proposals {
        made += u64::from(prepare(&mut transaction, act, proposal).await?.is_some());
    }
    if made > 0 {
        let detail = json!({ "day": day, "prepared": made });
        let deed =
            Deed { action: "contract.prepare_notices", subject_kind: "district", subject: act.scope.county(), detail };
        statistics::refresh(&mut transaction).await?;
        act.record(&mut transaction, deed).await.map_err(anyhow::Error::from)?;
    }
    transaction.commit().await?;
    Ok(made)
}

/// One notice; nothing when it was prepared before, whatever became of it.
pub async fn prepare(
    connection: &mut PgConnection,
    act: &Act,
    proposal: &Proposal,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO contract_notice (district, id, contract, kind, duty, due, addressee, state, body, template, prepared_at,
             prepared_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'prepared', $8, $9, $10, $11)
         ON CONFLICT (district, contract, duty, due, kind) DO NOTHING RETURNING id",
        act.scope.county(),
        Uuid::now_v7(),
        proposal.contract,
        proposal.kind.code(),
        proposal.duty.to_string(),
        proposal.due,
        proposal.addressee,
        proposal.body,
        template::of(proposal.kind).edition,
        act.now,
        act.actor.name
    )
    .fetch_optional(connection)
    .await
}

/// A notice as it would go out, and the version of the contract that it was worked out from.
#[derive(Clone, Debug)]
pub struct Draft {
    pub outgoing: Outgoing,
    pub contract_version: i32,
}

/// What a notice says when it goes out on a day, by what is known now.
///
/// # Errors
/// [`NoticeError::Over`] when what it is about is over; [`NoticeError::BeforePrepared`] for a day on which nobody had
/// prepared it yet.
pub async fn draft(
    pool: &PgPool,
    scope: &Scope,
    notice: &Notice,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Draft, NoticeError> {
    let duty = notice.duty().ok_or_else(|| NoticeError::Duty(notice.duty.clone()))?;
    if on < notice.prepared_on() {
        return Err(NoticeError::BeforePrepared(on, notice.prepared_on()));
    }
    let about = About { kind: notice.kind, duty, due: notice.due };
    let question = Question::ask(pool, on, now, None).await?;
    let mut connection = pool.acquire().await?;
    let registered = register::load(&mut connection, scope, &notice.contract, now).await?;
    let registered = registered.ok_or(NoticeError::NotFound)?;
    let decided = match notice.kind {
        NoticeKind::Decision => {
            files::decided(&mut connection, scope, &notice.contract, &notice.duty, notice.due).await?
        }
        _ => None,
    };
    drop(connection);
    let lines = question.answer(&registered.contract).lines;
    let outgoing = outgoing::work_out(about, &registered.contract, &lines, on, decided.as_ref());
    let today = china_day(now);
    if on < today {
        // What is over today is not sent under an earlier day either.
        let lines = Question::ask(pool, today, now, None).await?.answer(&registered.contract).lines;
        let now = outgoing::work_out(about, &registered.contract, &lines, today, decided.as_ref());
        now.map_err(NoticeError::Over)?;
    }
    Ok(Draft { outgoing: outgoing.map_err(NoticeError::Over)?, contract_version: registered.version })
}

/// Sends what was drafted: number, text, state and the event of the contract in one transaction.
///
/// # Errors
/// When it was sent or withdrawn before, the contract was changed since the draft, or does not take the event.
pub async fn send(act: &Act, notice: &Notice, way: DeliveryWay, draft: &Draft) -> Result<Number, NoticeError> {
    let duty = notice.duty().ok_or_else(|| NoticeError::Duty(notice.duty.clone()))?;
    let (outgoing, version) = (&draft.outgoing, draft.contract_version);
    let on = outgoing.on;
    let title = &outgoing.title;
    let happening = match notice.kind {
        NoticeKind::IdleInvestigation => Happening::InvestigationOpened,
        _ => Happening::Notified { duty },
    };
    let event =
        NewEvent { on, happening, document: Some(format!("{title}（{}）", notice.id)), note: way.label().into() };
    let grounds = Grounds { reason: format!("发送{}", notice.kind), source: "通知".into() };
    let base = Base { number: notice.contract.clone(), version };
    let mut recorded = record::event_within(act, &base, &event, &grounds).await?;
    let event = recorded.id;
    let connection = recorded.connection();
    let held = workflow::hold::<Notice>(connection, &act.scope, notice.id, notice.version).await?;
    workflow::after(&*held, NoticeStep::Send)?;
    let number = NUMBERS.next(connection, act, on).await?;
    let row = sqlx::query!(
        "UPDATE contract_notice SET state = 'sent', year = $3, serial = $4, sent_on = $5, sent_by = $6, sent_by_account = $7,
             event = $8, delivery_way = $9, sent_at = $10, sent_body = $11, sent_template = $12, addressee = $13,
             version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        notice.id,
        number.year,
        number.serial,
        on,
        act.actor.name,
        act.person()?,
        event,
        way.code(),
        act.now,
        outgoing.body,
        outgoing.template,
        outgoing.addressee
    );
    let detail = json!({ "number": number.to_string(), "on": on, "way": way });
    take(connection, act, &held, NoticeStep::Send, row, detail).await?;
    recorded.commit().await?;
    Ok(number)
}

/// When, to whom and on what receipt it arrived.
pub struct Delivery<'a> {
    pub on: NaiveDate,
    pub to: &'a str,
    pub receipt: &'a str,
}

pub async fn deliver(act: &Act, notice: &Notice, delivery: &Delivery<'_>) -> Result<(), NoticeError> {
    if delivery.to.is_blank() || delivery.receipt.is_blank() {
        return Err(NoticeError::Missing("请填写签收人和送达凭证"));
    }
    if notice.sent_on.is_some_and(|sent| delivery.on < sent) {
        return Err(NoticeError::Missing("送达日期不能早于发送日期"));
    }
    let row = sqlx::query!(
        "UPDATE contract_notice SET state = 'delivered', delivered_on = $3, delivered_to = $4, delivery_receipt = $5,
             delivered_at = $6, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        notice.id,
        delivery.on,
        delivery.to.seen(),
        delivery.receipt.seen(),
        act.now
    );
    moved(act, notice, NoticeStep::Deliver, row, json!({ "to": delivery.to, "on": delivery.on })).await
}

pub async fn withdraw(act: &Act, notice: &Notice, reason: &str) -> Result<(), NoticeError> {
    if reason.is_blank() {
        return Err(NoticeError::Missing("请填写撤回原因"));
    }
    let row = sqlx::query!(
        "UPDATE contract_notice SET state = 'withdrawn', withdrawn_reason = $3, withdrawn_at = $4, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        notice.id,
        reason.seen(),
        act.now
    );
    moved(act, notice, NoticeStep::Withdraw, row, json!({ "reason": reason.seen() })).await
}

/// A step that concerns nothing but the notice.
async fn moved(act: &Act, notice: &Notice, step: NoticeStep, row: Statement, detail: Value) -> Result<(), NoticeError> {
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Notice>(&mut transaction, &act.scope, notice.id, notice.version).await?;
    take(&mut transaction, act, &held, step, row, detail).await?;
    transaction.commit().await?;
    Ok(())
}

async fn take(
    connection: &mut PgConnection,
    act: &Act,
    held: &Held<Notice>,
    step: NoticeStep,
    row: Statement,
    detail: Value,
) -> Result<(), NoticeError> {
    let detail = json!({ "notice": held.id, "detail": detail });
    workflow::take(connection, act, held, step, Left { row, timeline: None, detail }).await?;
    Ok(())
}
