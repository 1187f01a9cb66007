//! One finding: what the reconciliation said, what the auditor found, its timeline, and the steps that may be taken.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::response::{IntoResponse, Redirect, Response};

use super::findings::state_badge;
use super::yuan;
use crate::account::Officer;
use crate::allocation::Step;
use crate::allocation::asked::reporter;
use crate::allocation::case::{TABLE, access};
use crate::allocation::steps::{self, Seen, Told};
use crate::allocation::store::findings::{self as store, Finding, StepTaken};
use crate::base::clock::china_minute;
use crate::policy;
use crate::web::form::{self, Reader, Sent, Shown, faults_or_conflict};
use crate::web::{self, AppState, Error, Shell};
use crate::workflow::Number;

#[derive(Template)]
#[template(path = "allocation/finding.html")]
struct FindingPage {
    shell: Shell,
    finding: Finding,
    /// Of the measure.
    title: String,
    timeline: Vec<StepTaken>,
    officer: Officer,
    is_late: bool,
    /// As it was typed when it was refused, at the form of this step.
    back: Shown,
    of: String,
}

impl FindingPage {
    /// Steps that the person may take now.
    fn steps(&self) -> Vec<Step> {
        let may = |step: &&Step| {
            let answers = **step != Step::Answer || reporter(&self.officer).may(self.finding.body);
            answers && TABLE.allows(self.finding.state, **step) && self.officer.may(access(**step))
        };
        Step::ALL.iter().filter(may).copied().collect()
    }

    fn form(&self, step: &Step) -> Shown {
        let part = step.code();
        if self.of == part { self.back.as_part(part) } else { Shown::default().part(part) }
    }
}

async fn finding_of(state: &AppState, officer: &Officer, number: &str) -> web::Result<Finding> {
    let missing = || Error::NotFound(TABLE.missing.into());
    let number: Number = number.parse().map_err(|()| missing())?;
    store::by_number(&mut *state.pool.acquire().await?, &officer.scope, number).await?.ok_or_else(missing)
}

async fn page(state: &AppState, officer: Officer, number: &str, (of, back): (String, Shown)) -> web::Result<Response> {
    let finding = finding_of(state, &officer, number).await?;
    let timeline = store::timeline(&mut *state.pool.acquire().await?, &officer.scope, finding.id).await?;
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await.map_err(anyhow::Error::from)?;
    let named = catalogue.measures.named(&finding.measure).map(|(_, measure)| measure.title.clone());
    let page = FindingPage {
        shell: officer.shell(state, format!("审计问题 {}", finding.number())),
        title: named.unwrap_or_else(|| finding.measure.clone()),
        is_late: finding.is_late(state.clock.today()),
        finding,
        timeline,
        officer,
        back,
        of,
    };
    form::page(page.back.status(), &page)
}

pub async fn show(
    Extracted(state): Extracted<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Response> {
    page(&state, officer, &number, (String::new(), Shown::default())).await
}

async fn taken(state: &AppState, officer: &Officer, number: &str, (step, sent): (Step, &Sent)) -> web::Result<()> {
    if !officer.may(access(step)) {
        return Err(Error::Forbidden);
    }
    let id = finding_of(state, officer, number).await?.id;
    let act = officer.act(state);
    let seen = Seen { id, version: sent.version()? };
    let document = sent.field("document", "文号").given();
    let told = Told { words: sent.text("words"), document };
    match step {
        Step::Answer => steps::answer(&act, reporter(officer), seen, told).await?,
        Step::Return => steps::give_back(&act, seen, told).await?,
        Step::NotUphold => steps::not_uphold(&act, seen, told).await?,
        Step::Rectify => {
            let mut reader = Reader::default();
            let yuan = reader.number(sent.field("rectified", "整改金额"));
            let yuan = reader.finish(Some(yuan)).map_err(Error::Input)?;
            steps::rectify(&act, seen, yuan, told).await?;
        }
        Step::Open => return Err(Error::BadRequest("立案在抽查页面办理".into())),
    }
    Ok(())
}

/// Takes a step; what is not taken comes back as it was typed.
pub async fn step(
    Extracted(state): Extracted<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let step = Step::parse(sent.text("step")).ok_or_else(|| Error::BadRequest("没有这种步骤".into()))?;
    let faults = faults_or_conflict(taken(&state, &officer, &number, (step, &sent)).await)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/allocation/findings/{number}")).into_response());
    }
    page(&state, officer, &number, (step.code().to_owned(), Shown::from(sent).with_faults(faults))).await
}
