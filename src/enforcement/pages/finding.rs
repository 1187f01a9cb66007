//! One finding: what was found, the steps of its department, what is proposed to the register of vetoes, its timeline.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use crate::account::{Access, Officer};
use crate::base::clock::china_minute;
use crate::enforcement::case::FINDING;
use crate::enforcement::present::{badge, veto_badge, yuan};
use crate::enforcement::steps::{self, Seen};
use crate::enforcement::store::findings::{self as store, Finding, StepTaken};
use crate::enforcement::store::vetoes::{self as proposals, Proposal};
use crate::enforcement::wording::{address, target_address};
use crate::enforcement::{State, Step, VetoState, form, vetoes};
use crate::evaluation::registers::veto_kinds;
use crate::policy::veto::VetoKind;
use crate::web::form::{Sent, Shown, faults_or_conflict};
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "enforcement/finding.html")]
struct FindingPage {
    shell: Shell,
    finding: Finding,
    timeline: Vec<StepTaken>,
    proposals: Vec<Proposal>,
    kinds: Vec<VetoKind>,
    officer: Officer,
    today: NaiveDate,
    back: Shown,
    of: String,
}

const PROPOSE: &str = "propose";

impl FindingPage {
    fn is_own(&self) -> bool {
        self.officer.may(Access::WorkEnforcement) && self.officer.department == Some(self.finding.department)
    }

    /// Steps that the person may take now.
    fn steps(&self) -> Vec<Step> {
        if self.is_own() { FINDING.steps(self.finding.state).collect() } else { Vec::new() }
    }

    fn may_propose(&self) -> bool {
        self.is_own() && self.finding.state != State::NotUpheld
    }

    fn may_decide(&self, proposal: &Proposal) -> bool {
        let another = proposal.proposed_by != self.officer.account;
        proposal.state == VetoState::Proposed && another && self.officer.may(Access::KeepVetoes)
    }

    fn form(&self, of: &str) -> Shown {
        if self.of == of { self.back.as_part(of) } else { Shown::default().part(of) }
    }

    fn kinds(&self) -> Vec<(&str, &str)> {
        self.kinds.iter().map(|kind| (kind.code.as_str(), kind.title.as_str())).collect()
    }

    fn kind<'a>(&'a self, code: &'a str) -> &'a str {
        self.kinds.iter().find(|kind| kind.code == code).map_or(code, |kind| kind.title.as_str())
    }
}

/// Whether a step says by when something is put right.
fn has_term(step: Step) -> bool {
    matches!(step, Step::Order | Step::Recheck)
}

/// Whether a step rests on a paper of the department.
fn has_paper(step: Step) -> bool {
    matches!(step, Step::File | Step::Order | Step::Fine)
}

async fn page(state: &AppState, officer: Officer, number: &str, (of, back): (String, Shown)) -> web::Result<Response> {
    let finding = steps::of_number(&officer.act(state), number).await?;
    let kinds = veto_kinds(&state.pool, &officer.scope).await.map_err(anyhow::Error::from)?;
    let mut connection = state.pool.acquire().await?;
    let page = FindingPage {
        shell: officer.shell(state, format!("联合执法问题 {}", finding.number())),
        timeline: store::timeline(&mut connection, &officer.scope, finding.id).await?,
        proposals: proposals::of_finding(&mut connection, &officer.scope, finding.id).await?,
        kinds,
        finding,
        officer,
        today: state.clock.today(),
        back,
        of,
    };
    web::form::page(page.back.status(), &page)
}

pub async fn show(
    Extracted(state): Extracted<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Response> {
    page(&state, officer, &number, (String::new(), Shown::default())).await
}

async fn answer(
    state: &AppState,
    officer: Officer,
    number: &str,
    (of, sent): (String, Sent),
    outcome: web::Result<()>,
) -> web::Result<Response> {
    let faults = faults_or_conflict(outcome)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/enforcement/findings/{number}")).into_response());
    }
    page(state, officer, number, (of, Shown::from(sent).with_faults(faults))).await
}

async fn taken(state: &AppState, officer: &Officer, number: &str, (step, sent): (Step, &Sent)) -> web::Result<()> {
    let id = steps::of_number(&officer.act(state), number).await?.id;
    let told = form::told(sent, step, state.clock.today()).map_err(Error::Input)?;
    let seen = Seen { id, version: sent.version()?, department: officer.department };
    steps::take(&officer.act(state), seen, &told).await?;
    Ok(())
}

pub async fn step(
    Extracted(state): Extracted<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let step = Step::parse(sent.text("step")).ok_or_else(|| Error::BadRequest("没有这种步骤".into()))?;
    let outcome = taken(&state, &officer, &number, (step, &sent)).await;
    answer(&state, officer, &number, (step.code().to_owned(), sent), outcome).await
}

async fn proposed(state: &AppState, officer: &Officer, number: &str, sent: &Sent) -> web::Result<()> {
    let finding = steps::of_number(&officer.act(state), number).await?;
    let new = form::proposal(sent).map_err(Error::Input)?;
    vetoes::propose(&officer.act(state), (&finding, officer.department), &new).await?;
    Ok(())
}

pub async fn propose(
    Extracted(state): Extracted<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = proposed(&state, &officer, &number, &sent).await;
    answer(&state, officer, &number, (PROPOSE.to_owned(), sent), outcome).await
}

async fn decided(state: &AppState, officer: &Officer, (number, id): (&str, Uuid), sent: &Sent) -> web::Result<()> {
    let finding = steps::of_number(&officer.act(state), number).await?;
    let seen = vetoes::Seen { id, version: sent.version()? };
    let act = officer.act(state);
    match sent.text("decision") {
        "enter" => vetoes::enter(&act, &finding, seen).await?,
        "refuse" => vetoes::refuse(&act, seen, sent.text("reason")).await?,
        _ => return Err(Error::BadRequest("请选择登记否决或不予登记".into())),
    }
    Ok(())
}

pub async fn decide(
    Extracted(state): Extracted<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, Uuid)>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = decided(&state, &officer, (&number, id), &sent).await;
    answer(&state, officer, &number, (id.to_string(), sent), outcome).await
}
