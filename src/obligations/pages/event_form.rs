//! Forms on which the clerk records what happened, puts it right, or withdraws it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::account::{Access, Officer, Routes};
use crate::base::text::Seen;
use crate::contract::event::{Cause, Covers, Duty, DutyKind, Event, EventKind, Figure};
use crate::contract::fault::Fault;
use crate::contract::form::event::{self, EventForm, Field, fields};
use crate::contract::form::named::loaded;
use crate::contract::form::reply::{done, faults_of};
use crate::contract::known::Contract;
use crate::contract::present::{address_of, yuan};
use crate::contract::stage::{Standing, standing};
use crate::contract::terms::Instalment;
use crate::obligations::sweep::Question;
use crate::web::form::{self, Posted, Shown};
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts/{number}/events/new", Access::WriteContracts, new_form)
        .post("/contracts/{number}/events/new", Access::WriteContracts, send)
        .get("/contracts/{number}/events/{id}/correct", Access::WriteContracts, correct_form)
        .post("/contracts/{number}/events/{id}/correct", Access::WriteContracts, send)
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
    /// What the form is about; a review has pages of its own.
    kind: Option<EventKind>,
    form: Shown,
    /// Withdrawing stands on the page of an event as well, and comes back apart from the correction.
    withdrawal: Shown,
}

/// Which event of a contract is put right; none for a new one.
#[derive(Debug, Deserialize)]
pub struct Named {
    number: String,
    id: Option<i64>,
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
        self.kind.is_some_and(|kind| fields(kind).contains(&field))
    }

    fn needs_document(&self) -> bool {
        self.kind.is_some_and(EventKind::needs_document)
    }

    fn instalments(&self) -> Vec<(String, String)> {
        let called = |(number, part): (usize, &Instalment)| {
            let called = format!("第 {number} 期（{}，{} 元）", part.due, yuan(&part.amount.0));
            (number.to_string(), called)
        };
        (1..).zip(&self.instalments).map(called).collect()
    }

    fn figures(&self) -> Vec<(&'static str, String)> {
        let unit = |figure: &Figure| Some(figure.unit()).filter(|unit| !unit.is_empty());
        let called = |figure: &Figure| unit(figure).map_or(figure.to_string(), |unit| format!("{figure}（{unit}）"));
        Figure::ALL.iter().map(|figure| (figure.code(), called(figure))).collect()
    }

    fn until_label(&self) -> &'static str {
        match self.kind {
            Some(EventKind::Suspended) => "恢复计算日期（未知的不填）",
            Some(EventKind::Extended) => "延期至",
            _ => "至",
        }
    }

    /// Duties that this kind of event can be about.
    fn duties(&self) -> Vec<(String, String)> {
        self.possible_duties().into_iter().map(|duty| (duty.to_string(), duty.label())).collect()
    }

    fn possible_duties(&self) -> Vec<Duty> {
        let notices = [DutyKind::NoticeStart, DutyKind::NoticeCompletion];
        let extendable = [DutyKind::Start, DutyKind::Completion, DutyKind::Production, DutyKind::OutputReview];
        let count = u16::try_from(self.instalments.len()).unwrap_or(u16::MAX);
        let payments = |kind: DutyKind| (1..=count).map(move |number| Duty { kind, number });
        match self.kind {
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
    let mut form = EventForm { kind: parameters.kind, on: state.clock.today().to_string(), ..EventForm::default() };
    if form.event_kind() == Some(EventKind::IdleConfirmed) {
        form.amount = fee_of_today(&state, &officer, &number).await?;
    }
    page(&state, &officer, &Named { number, id: None }, Some(form), Back::Fresh).await
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

/// Records an event, or puts one right.
pub async fn send(
    State(state): State<AppState>,
    officer: Officer,
    Path(named): Path<Named>,
    Posted(form): Posted<EventForm>,
) -> web::Result<Response> {
    let faults = faults_of(event::write(&state, &officer, &named.number, named.id, &form).await)?;
    if faults.is_empty() {
        return Ok(done(&named.number, if named.id.is_some() { "event_corrected" } else { "event" }));
    }
    page(&state, &officer, &named, Some(form), Back::Event(faults)).await
}

pub async fn correct_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(named): Path<Named>,
) -> web::Result<Response> {
    page(&state, &officer, &named, None, Back::Fresh).await
}

pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
    Posted(form): Posted<EventForm>,
) -> web::Result<Response> {
    let faults = faults_of(event::withdraw(&state, &officer, &number, id, &form).await)?;
    if faults.is_empty() {
        return Ok(done(&number, "event_withdrawn"));
    }
    let back = Back::Withdrawal(Shown::of(&form).with_faults(faults));
    page(&state, &officer, &Named { number, id: Some(id) }, None, back).await
}

/// Which form comes back, and why.
enum Back {
    Fresh,
    Event(Vec<Fault>),
    Withdrawal(Shown),
}

/// `form` is what was typed, or a form to start from; none shows what is on record.
async fn page(
    state: &AppState,
    officer: &Officer,
    named: &Named,
    form: Option<EventForm>,
    back: Back,
) -> web::Result<Response> {
    let registered = loaded(state, officer, &named.number, state.clock.now()).await?;
    let (contract, today) = (registered.contract, state.clock.today());
    let event = named.id.map(|id| event_of(&contract, id)).transpose()?;
    let on_record = || event.as_ref().map(|event| EventForm::of(event, registered.version));
    let mut form = form.or_else(on_record).unwrap_or_default();
    if form.version.is_blank() {
        form.version = registered.version.to_string();
    }
    let (kind, form) = (form.event_kind(), Shown::of(&form));
    let (form, withdrawal) = match back {
        Back::Fresh => (form, Shown::default()),
        Back::Event(faults) => (form.with_faults(faults), Shown::default()),
        Back::Withdrawal(withdrawal) => (form, withdrawal),
    };
    let title = if event.is_some() { "更正事件" } else { "登记事件" };
    let latest = contract.versions.last();
    let page = EventPage {
        shell: officer.shell(state, format!("{title}：{}", named.number)),
        standing: standing(&contract, today),
        instalments: latest.map(|version| version.terms.instalments.clone()).unwrap_or_default(),
        contract,
        event,
        kind,
        form,
        withdrawal: withdrawal.part("withdraw"),
    };
    let status = page.form.status().max(page.withdrawal.status());
    form::page(status, &page)
}

fn event_of(contract: &Contract, id: i64) -> web::Result<Event> {
    let found = contract.events.iter().find(|event| event.id == id).cloned();
    found.ok_or_else(|| Error::NotFound("这条事件不存在，或已被更正、撤回。请返回合同页面查看现行记录。".into()))
}
