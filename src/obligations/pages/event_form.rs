//! Forms on which the clerk records what happened, puts it right, or withdraws it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::account::{Access, Officer, Routes};
use crate::contract::event::{Cause, Covers, Duty, DutyKind, Event, EventKind, Figure};
use crate::contract::fault::Fault;
use crate::contract::form::event_typed::{EventTyped, Field, fields};
use crate::contract::form::named::loaded;
use crate::contract::form::recording;
use crate::contract::form::reply::{Typed, done, read, settled};
use crate::contract::form::typed::Reader;
use crate::contract::known::Contract;
use crate::contract::present::{address_of, yuan};
use crate::contract::record;
use crate::contract::stage::{Standing, standing};
use crate::contract::terms::Instalment;
use crate::obligations::sweep::Question;
use crate::web::list::given;
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts/{number}/events/new", Access::WriteContracts, new_form)
        .post("/contracts/{number}/events/new", Access::WriteContracts, create)
        .get("/contracts/{number}/events/{id}/correct", Access::WriteContracts, correct_form)
        .post("/contracts/{number}/events/{id}/correct", Access::WriteContracts, correct)
        .post("/contracts/{number}/events/{id}/withdraw", Access::WriteContracts, withdraw)
}

#[derive(Template)]
#[template(path = "contract/event.html")]
struct EventPage {
    shell: Shell,
    contract: Contract,
    standing: Option<Standing>,
    /// The event that is put right; none for a new one.
    event: Option<Event>,
    instalments: Vec<Instalment>,
    typed: EventTyped,
    faults: Vec<Fault>,
}

impl EventPage {
    fn href(&self) -> String {
        address_of(&self.contract.number)
    }

    /// A review is not among them: it is concluded on its own page.
    fn kinds(&self) -> impl Iterator<Item = &'static EventKind> {
        EventKind::ALL.iter().filter(|kind| !kind.is_review())
    }

    /// The event on record is a review, which is withdrawn and not changed.
    fn is_review(&self) -> bool {
        self.event.as_ref().is_some_and(|event| event.happening.kind().is_review())
    }

    fn has(&self, field: &str) -> bool {
        let field = match field {
            "until" => Field::Until,
            "duty" => Field::Duty,
            "instalment" => Field::Instalment,
            "amount" => Field::Amount,
            "fee" => Field::Fee,
            "standstill" => Field::Standstill,
            _ => Field::Figure,
        };
        self.typed.event_kind().is_some_and(|kind| fields(kind).contains(&field))
    }

    fn needs_document(&self) -> bool {
        self.typed.event_kind().is_some_and(EventKind::needs_document)
    }

    fn until_label(&self) -> &'static str {
        match self.typed.event_kind() {
            Some(EventKind::Suspended) => "恢复计算日期（未知的不填）",
            Some(EventKind::Extended) => "延期至",
            _ => "至",
        }
    }

    /// Duties that this kind of event can be about.
    fn duties(&self) -> Vec<Duty> {
        let notices = [DutyKind::NoticeStart, DutyKind::NoticeCompletion];
        let extendable = [DutyKind::Start, DutyKind::Completion, DutyKind::Production, DutyKind::OutputReview];
        let count = u16::try_from(self.instalments.len()).unwrap_or(u16::MAX);
        let payments = |kind: DutyKind| (1..=count).map(move |number| Duty { kind, number });
        match self.typed.event_kind() {
            Some(EventKind::Extended) => {
                extendable.into_iter().map(Duty::one).chain(payments(DutyKind::Payment)).collect()
            }
            Some(EventKind::Notified) => {
                notices.into_iter().map(Duty::one).chain(payments(DutyKind::NoticePayment)).collect()
            }
            Some(EventKind::PenaltyPaid) => {
                let single = DutyKind::ALL.iter().filter(|kind| kind.may_cost() && **kind != DutyKind::Payment);
                single.map(|kind| Duty::one(*kind)).chain(payments(DutyKind::Payment)).collect()
            }
            _ => {
                let single = DutyKind::ALL.iter().filter(|kind| !kind.is_notice() && **kind != DutyKind::Payment);
                single.map(|kind| Duty::one(*kind)).chain(payments(DutyKind::Payment)).collect()
            }
        }
    }

    fn causes(&self) -> &'static [Cause] {
        Cause::ALL
    }

    fn covers(&self) -> &'static [Covers] {
        Covers::ALL
    }

    fn figures(&self) -> &'static [Figure] {
        Figure::ALL
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FormParameters {
    kind: String,
}

pub async fn new_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Query(parameters): Query<FormParameters>,
) -> web::Result<Response> {
    let mut typed = EventTyped { kind: parameters.kind, on: state.clock.today().to_string(), ..EventTyped::default() };
    if typed.event_kind() == Some(EventKind::IdleConfirmed) {
        typed.amount = fee_of_today(&state, &officer, &number).await?;
    }
    page(&state, &officer, &number, None, Some(typed), Vec::new()).await
}

/// The fee that the check of today comes to, for the paper to state; empty when none follows.
async fn fee_of_today(state: &AppState, officer: &Officer, number: &str) -> web::Result<String> {
    let (today, now) = (state.clock.today(), state.clock.now());
    let contract = loaded(state, officer, number, now).await?.contract;
    let lines = Question::ask(&state.pool, today, now, None).await?.answer(&contract).lines;
    let idle = lines.iter().find(|line| line.duty.kind == DutyKind::IdleLand);
    let fee = idle.and_then(|line| line.yuan()).filter(|fee| !fee.is_zero());
    Ok(fee.map(|fee| fee.0.normalize().to_string()).unwrap_or_default())
}

pub async fn create(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    typed: Typed<EventTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let faults = recorded(&state, &officer, &number, None, &typed).await?;
    if faults.is_empty() {
        return Ok(done(&number, "event"));
    }
    page(&state, &officer, &number, None, Some(typed), faults).await
}

pub async fn correct_form(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
) -> web::Result<Response> {
    page(&state, &officer, &number, Some(id), None, Vec::new()).await
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
    typed: Typed<EventTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let faults = recorded(&state, &officer, &number, Some(id), &typed).await?;
    if faults.is_empty() {
        return Ok(done(&number, "event_corrected"));
    }
    page(&state, &officer, &number, Some(id), Some(typed), faults).await
}

pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
    typed: Typed<EventTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let mut reader = Reader::default();
    let (grounds, base) = (reader.grounds(&typed.reason, &typed.source), reader.base(&number, &typed.version));
    let faults = match reader.settle(grounds.zip(base)) {
        Err(faults) => faults,
        Ok((grounds, base)) => {
            let act = officer.act(&state);
            settled(record::correct_event(&act, &base, id, None, &grounds).await)?
        }
    };
    if faults.is_empty() {
        return Ok(done(&number, "event_withdrawn"));
    }
    page(&state, &officer, &number, Some(id), None, faults).await
}

/// Records or corrects, and gives the faults to show on the form.
async fn recorded(
    state: &AppState,
    officer: &Officer,
    number: &str,
    corrects: Option<i64>,
    typed: &EventTyped,
) -> web::Result<Vec<Fault>> {
    settled(recording::written(state, officer, number, corrects, typed).await?)
}

/// `typed` is what comes back with its faults; else a form to start from.
async fn page(
    state: &AppState,
    officer: &Officer,
    number: &str,
    event: Option<i64>,
    typed: Option<EventTyped>,
    faults: Vec<Fault>,
) -> web::Result<Response> {
    let registered = loaded(state, officer, number, state.clock.now()).await?;
    let (contract, today) = (registered.contract, state.clock.today());
    let event = match event {
        Some(id) => Some(event_of(&contract, id)?),
        None => None,
    };
    let on_record = || event.as_ref().map(|event| EventTyped::of(event, registered.version));
    let mut typed = typed.or_else(on_record).unwrap_or_default();
    if given(&typed.version).is_none() {
        typed.version = registered.version.to_string();
    }
    let title = if event.is_some() { "更正事件" } else { "登记事件" };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let latest = contract.versions.last();
    let page = EventPage {
        shell: officer.shell(state, format!("{title}：{number}")),
        standing: standing(&contract, today),
        instalments: latest.map(|version| version.terms.instalments.clone()).unwrap_or_default(),
        contract,
        event,
        typed,
        faults,
    };
    Ok((status, Html(page.render()?)).into_response())
}

fn event_of(contract: &Contract, id: i64) -> web::Result<Event> {
    let found = contract.events.iter().find(|event| event.id == id).cloned();
    found.ok_or_else(|| Error::NotFound("这条事件不存在，或已被更正、撤回。请返回合同页面查看现行记录。".into()))
}
