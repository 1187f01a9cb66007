//! One breach file, its steps, and sending an inspector from a duty. The list is in [`list`].

pub mod list;

use std::borrow::Borrow;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::blockers::{self, NoticeStanding};
use super::step::{self, Asked, BreachError};
use super::store::{self, Breach, StepTaken};
use super::{BreachState, BreachStep, Remedy, decision};
use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_minute;
use crate::base::unit::grouped;
use crate::contract::days::days_after;
use crate::contract::event::{Duty, DutyKind};
use crate::contract::stage::{Stage, standing};
use crate::exchange::{Fault, FaultCode};
use crate::inspection::store::Assigned;
use crate::inspection::{self, Assignment, Subject};
use crate::obligations::line::Line;
use crate::print;
use crate::supervision::notice::store::Notice;
use crate::web::form::{self, Posted, Reader, Refuse, Sent, Shown, faults_or_conflict, field};
use crate::web::{self, AppState, Error, Shell};

/// A visit is to be made within so many days when nobody says otherwise.
const VISIT_WITHIN: i64 = 7;

pub fn routes() -> Routes {
    Routes::new()
        .list::<list::BreachFiles>(Access::ReadRegisters)
        .post("/breaches", Access::WriteContracts, open)
        .get("/breaches/{id}", Access::ReadRegisters, show)
        .get("/breaches/{id}/breach.pdf", Access::ReadRegisters, pdf)
        .post("/breaches/{id}/step", Access::WriteContracts, step)
        .post("/breaches/{id}/decision", Access::DecideBreaches, step)
        .post("/duties/inspection", Access::AssignInspections, inspect)
}

impl From<BreachError> for Error {
    fn from(error: BreachError) -> Self {
        let words = error.to_string();
        match error {
            BreachError::NotFound => Error::NotFound(words),
            BreachError::Case(refused) => refused.into(),
            BreachError::Changed(..) | BreachError::SamePerson(_) | BreachError::NotOverdue(_) => {
                Error::Conflict(words)
            }
            BreachError::Guard(_) => Error::BadRequest(words),
            BreachError::Record(error) => error.into(),
            BreachError::Store(error) => error.into(),
            BreachError::Database(error) => error.into(),
            BreachError::Other(error) => Error::Internal(error),
        }
    }
}

/// What is holding a file up today.
pub async fn holding(state: &AppState, officer: &Officer, file: &Breach) -> web::Result<(Vec<String>, Seen)> {
    let (pool, scope, today) = (&state.pool, &officer.scope, state.clock.today());
    let notice = step::notice_of(pool, scope, file).await?;
    let (registered, lines) = step::checked(pool, scope, &file.contract, today, state.clock.now()).await?;
    let ended = step::ended(&registered.contract, today);
    let line = lines.into_iter().find(|line| Some(line.duty) == file.duty());
    let standing = notice.as_ref().map(|it| NoticeStanding { state: it.state, delivered_on: it.delivered_on });
    let found = blockers::blockers(file, standing.as_ref(), line.as_ref(), today);
    Ok((found, Seen { notice, line, ended }))
}

/// What a file is seen with.
pub struct Seen {
    pub notice: Option<Notice>,
    pub line: Option<Line>,
    /// The stage in which the contract has ended.
    pub ended: Option<Stage>,
}

pub fn badge(state: &BreachState) -> &'static str {
    match state {
        BreachState::Opened | BreachState::Noticed | BreachState::Answered => "bg-orange-lt",
        BreachState::Rectifying | BreachState::Proposed => "bg-yellow-lt",
        BreachState::Decided | BreachState::TakenBack => "bg-red-lt",
        BreachState::Healed | BreachState::PenaltyPaid => "bg-green-lt",
        BreachState::Dropped => "bg-secondary-lt",
    }
}

#[derive(Template)]
#[template(path = "supervision/breach/one.html")]
struct OnePage {
    shell: Shell,
    file: Breach,
    steps: Vec<StepTaken>,
    blockers: Vec<String>,
    seen: Seen,
    today: NaiveDate,
    may_write: bool,
    may_decide: bool,
    may_assign: bool,
    /// A step that was not taken, as it was typed.
    back: Shown,
}

/// The part of the page that a step stands on: the two decisions share one, and so do the two ends.
fn part_of(step: BreachStep) -> &'static str {
    match step {
        BreachStep::Return => BreachStep::Decide.code(),
        BreachStep::TakeBack => BreachStep::Pay.code(),
        step => step.code(),
    }
}

impl OnePage {
    /// The form of a step: the one that came back, or an empty one for today.
    fn form(&self, step: impl Borrow<BreachStep>) -> Shown {
        let part = part_of(*step.borrow());
        match self.back.is_part(part) {
            true => self.back.clone(),
            false => Shown::from(Sent::default().with("on", self.today.to_string())).part(part),
        }
    }

    fn may(&self, step: BreachStep) -> bool {
        let right =
            if matches!(step, BreachStep::Decide | BreachStep::Return) { self.may_decide } else { self.may_write };
        right && self.file.state.after(step).is_some()
    }

    /// Steps that need nothing but a day and a reason.
    fn plain(&self) -> Vec<BreachStep> {
        let all = [BreachStep::Notify, BreachStep::Answer, BreachStep::Heal, BreachStep::Drop];
        all.into_iter().filter(|step| self.may(*step)).collect()
    }

    /// Land of a contract that has ended is not taken back under it any more.
    fn remedies(&self) -> Vec<Remedy> {
        let open = |remedy: &Remedy| self.seen.ended.is_none() || *remedy == Remedy::Penalty;
        Remedy::ALL.iter().copied().filter(open).collect()
    }

    /// What a penalty comes to today, in yuan.
    fn owed(&self) -> Option<Decimal> {
        decision::owed(self.seen.line.as_ref()).map(|(money, _)| money.0)
    }

    /// Whether it is decided on an amount.
    fn decides_on_money(&self) -> bool {
        self.file.state == BreachState::Proposed && self.is_penalty()
    }

    fn is_penalty(&self) -> bool {
        self.file.remedy == Some(Remedy::Penalty)
    }
}

fn money(amount: &Decimal) -> String {
    grouped(*amount, 2)
}

async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Html<String>> {
    Ok(Html(one(&state, &officer, id).await?.render()?))
}

/// The file on A4, of the day it was asked for.
async fn pdf(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    let page = one(&state, &officer, id).await?;
    print::answer(&page.render()?, &format!("违约案卷 {}", page.file.contract), page.today).await
}

async fn one(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<OnePage> {
    let file = store::find(&state.pool, &officer.scope, id).await?.ok_or(BreachError::NotFound)?;
    let (blockers, seen) = holding(state, officer, &file).await?;
    Ok(OnePage {
        shell: officer.shell(state, format!("违约案卷 {}", file.contract)),
        steps: store::steps(&state.pool, &officer.scope, id).await?,
        blockers,
        seen,
        today: state.clock.today(),
        may_write: officer.may(Access::WriteContracts),
        may_decide: officer.may(Access::DecideBreaches) && file.proposed_by != Some(officer.account),
        may_assign: officer.may(Access::AssignInspections),
        back: Shown::default(),
        file,
    })
}

/// An overdue duty of a contract.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct DutyForm {
    pub contract: String,
    /// As the check writes it: `payment_2`.
    pub duty: String,
}

impl DutyForm {
    fn duty(&self) -> web::Result<Duty> {
        self.duty.parse().map_err(|_| Error::BadRequest(format!("没有“{}”这种事项", self.duty)))
    }
}

pub async fn open_as(state: &AppState, officer: &Officer, form: &DutyForm) -> web::Result<Uuid> {
    let act = officer.act(state);
    Ok(step::open(&act, &form.contract, form.duty()?, act.today()).await?)
}

async fn open(State(state): State<AppState>, officer: Officer, Form(form): Form<DutyForm>) -> web::Result<Redirect> {
    let id = open_as(&state, &officer, &form).await?;
    Ok(Redirect::to(&format!("/breaches/{id}")))
}

/// A step by form or program.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = BreachStepForm)]
pub struct StepForm {
    /// The version that was looked at.
    pub version: i32,
    /// `notify`, `answer`, `rectify`, `propose`, `decide`, `return`, `heal`, `pay`, `take_back` or `drop`.
    pub step: String,
    /// The day it happened; today without it.
    pub on: String,
    pub reason: String,
    /// Rectify: until when.
    pub until: String,
    /// Propose: `penalty` or `taking_back`.
    pub remedy: String,
    /// Decide on a penalty: the amount in yuan that was seen, which is today's `remaining_yuan` of the check; another is not
    /// decided on. Also taken when one is proposed.
    pub amount: String,
    /// Pay and take back: the paper.
    pub document: String,
}

impl StepForm {
    fn read(&self, today: NaiveDate) -> Result<Asked, Vec<Fault>> {
        let mut reader = Reader::default();
        let step = BreachStep::parse(&self.step);
        if step.is_none() {
            reader.push(Fault::error(FaultCode::BadRequest, "没有这种操作"));
        }
        let on = reader.day(field!(self.on, "日期")).unwrap_or(today);
        let reason = reader.text(field!(self.reason, "理由或情况"));
        let until = field!(self.until, "整改期限");
        let until = if step == Some(BreachStep::Rectify) { reader.needs_day(until) } else { reader.day(until) };
        let remedy = field!(self.remedy, "处理方式");
        let remedy = match step {
            Some(BreachStep::Propose) => reader.needs(remedy, "列出的方式"),
            _ => reader.may(remedy, "列出的方式"),
        };
        let amount = reader.may(field!(self.amount, "金额"), "以元计的数");
        let document = field!(self.document, "收回决定文号");
        let document = match step {
            Some(BreachStep::TakeBack) => reader.text(document),
            _ => reader.may_text(document),
        };
        let version = self.version;
        let asked = step.zip(reason);
        reader.finish(asked.map(|(step, reason)| Asked { step, version, on, reason, until, remedy, amount, document }))
    }
}

/// Takes a step for the page and for the API alike.
pub async fn take_as(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    form: &StepForm,
    refuse: Refuse,
) -> web::Result<Breach> {
    let approval = matches!(BreachStep::parse(&form.step), Some(BreachStep::Decide | BreachStep::Return));
    if !officer.may(if approval { Access::DecideBreaches } else { Access::WriteContracts }) {
        return Err(Error::Forbidden);
    }
    let act = officer.act(state);
    let asked = form.read(act.today()).map_err(refuse)?;
    let file = store::find(&state.pool, &officer.scope, id).await?.ok_or(BreachError::NotFound)?;
    step::take(&act, &file, &asked).await?;
    Ok(store::find(&state.pool, &officer.scope, id).await?.ok_or(BreachError::NotFound)?)
}

/// For whoever keeps the file and for whoever decides: who may take which step is asked when it is taken. What is not taken
/// comes back as it was typed, on the file as it stands.
async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Posted(form): Posted<StepForm>,
) -> web::Result<Response> {
    let faults = faults_or_conflict(take_as(&state, &officer, id, &form, Error::Input).await)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/breaches/{id}")).into_response());
    }
    let part = BreachStep::parse(&form.step).map_or("", part_of);
    let back = Shown::of(&form).part(part).with_faults(faults);
    let page = one(&state, &officer, id).await?;
    form::page(back.status(), &OnePage { back, ..page })
}

/// Sends an inspector to the first parcel of a contract because of a duty. Asking again finds the same task.
async fn inspect(State(state): State<AppState>, officer: Officer, Form(form): Form<DutyForm>) -> web::Result<Redirect> {
    let (act, duty) = (officer.act(&state), form.duty()?);
    let today = act.today();
    let (registered, lines) = step::checked(&act.pool, &act.scope, &form.contract, today, act.now).await?;
    let contract = &registered.contract;
    let line = lines.iter().find(|line| line.duty == duty);
    let line = line.ok_or_else(|| Error::BadRequest(format!("合同没有“{}”事项", duty.label())))?;
    let parcel = contract.terms_on(today).and_then(|terms| terms.parcels.first()?.parse().ok());
    let parcel = parcel.ok_or_else(|| Error::BadRequest("合同的宗地代码无效，不能下达检查".into()))?;
    let what = Assignment {
        parcel,
        stage: stage_of(duty, standing(contract, today).map(|it| it.stage)),
        purpose: format!("核实合同 {} 的“{}”：应于 {}，{}", form.contract, duty.label(), line.due, line.wording()),
        due: days_after(today, VISIT_WITHIN),
        assignee: None,
        subject: Some(Subject { subject: form.contract.clone(), obligation: duty.to_string() }),
    };
    let mut transaction = act.begin().await?;
    let made = inspection::store::assign(&mut transaction, &act, &what).await?;
    transaction.commit().await?;
    let (Assigned::Created(id) | Assigned::Already(id)) = made;
    Ok(Redirect::to(&format!("/inspections/{id}")))
}

fn stage_of(duty: Duty, stage: Option<Stage>) -> inspection::Stage {
    match (duty.kind, stage) {
        (DutyKind::IdleLand | DutyKind::Investigation | DutyKind::Answer, _) => inspection::Stage::IdleSuspicion,
        (_, Some(Stage::Completed | Stage::Production)) => inspection::Stage::Production,
        (_, Some(Stage::OutputPassed | Stage::Remaining)) => inspection::Stage::RemainingTerm,
        _ => inspection::Stage::Construction,
    }
}
