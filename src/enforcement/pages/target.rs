//! One visit: what was found there by each department, handing it over, and what became of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::account::{Access, Department, Officer};
use crate::enforcement::case::TARGET;
use crate::enforcement::handing_over::{self as commands, Seen};
use crate::enforcement::present::{badge, target_badge};
use crate::enforcement::rules::{ComesTo, Found, days_kept};
use crate::enforcement::store::campaigns::Campaign;
use crate::enforcement::store::findings::{Finding, of_target};
use crate::enforcement::store::targets::{Target, of_campaign};
use crate::enforcement::wording::{EnforcementError, present_field};
use crate::enforcement::{CampaignState, TargetState, campaigns, form};
use crate::exchange::Fault;
use crate::web::form::{Sent, Shown, faults_or_conflict};
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "enforcement/target.html")]
struct TargetPage {
    shell: Shell,
    campaign: Campaign,
    target: Target,
    /// What was reported, while nobody has handed it over.
    reported: Option<ComesTo>,
    findings: Vec<Finding>,
    may_run: bool,
    back: Shown,
    of: &'static str,
}

impl TargetPage {
    fn form(&self, of: &str) -> Shown {
        if self.of == of { self.back.as_part(of) } else { Shown::default().part(of) }
    }

    fn present(&self) -> Vec<(Department, String)> {
        let named = self.target.present.iter().flat_map(|present| present.0.iter());
        named.filter_map(|(code, people)| Some((Department::parse(code)?, people.clone()))).collect()
    }

    fn kept(&self) -> i64 {
        self.target.visited_on.zip(self.target.handed_on).map_or(0, |(visited, handed)| days_kept(visited, handed))
    }

    fn found_by(&self, result: &ComesTo, department: &Department) -> Vec<Found> {
        result.found.iter().filter(|found| found.department == *department).cloned().collect()
    }
}

const HAND_OVER: &str = "hand_over";
const DROP: &str = "drop";

async fn target_of(
    state: &AppState,
    officer: &Officer,
    (number, uscc): (&str, &str),
) -> web::Result<(Campaign, Target)> {
    let campaign = campaigns::of_number(&officer.act(state), number).await?;
    let mut connection = state.pool.acquire().await?;
    let target = of_campaign(&mut connection, &officer.scope, (campaign.id, &uscc.to_uppercase())).await?;
    Ok((campaign, target.ok_or_else(|| Error::NotFound(TARGET.missing.into()))?))
}

async fn page(
    state: &AppState,
    officer: &Officer,
    named: (&str, &str),
    (of, back): (&'static str, Shown),
) -> web::Result<Response> {
    let (campaign, target) = target_of(state, officer, named).await?;
    let reported = match target.waits_for_handing_over() {
        true => Some(commands::reported(&officer.act(state), &target).await?.comes_to),
        false => None,
    };
    let page = TargetPage {
        shell: officer.shell(state, format!("联合检查　{}", target.name)),
        findings: of_target(&state.pool, &officer.scope, target.id).await?,
        may_run: officer.may(Access::RunEnforcement) && campaign.state == CampaignState::Open,
        campaign,
        target,
        reported,
        back,
        of,
    };
    web::form::page(page.back.status(), &page)
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, uscc)): Path<(String, String)>,
) -> web::Result<Response> {
    page(&state, &officer, (&number, &uscc), ("", Shown::default())).await
}

pub async fn hand_over(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, uscc)): Path<(String, String)>,
    sent: Sent,
) -> web::Result<Response> {
    let (campaign, target) = target_of(&state, &officer, (&number, &uscc)).await?;
    let present = form::present(&sent, &campaign.departments());
    let seen = Seen { id: target.id, version: sent.version()? };
    let outcome = commands::hand_over(&officer.act(&state), seen, &present).await;
    answer(&state, &officer, (&number, &uscc), (HAND_OVER, sent), outcome.map(drop)).await
}

pub async fn leave_out(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, uscc)): Path<(String, String)>,
    sent: Sent,
) -> web::Result<Response> {
    let (_, target) = target_of(&state, &officer, (&number, &uscc)).await?;
    let seen = Seen { id: target.id, version: sent.version()? };
    let outcome = commands::drop_target(&officer.act(&state), seen, sent.text("reason")).await;
    answer(&state, &officer, (&number, &uscc), (DROP, sent), outcome).await
}

async fn answer(
    state: &AppState,
    officer: &Officer,
    (number, uscc): (&str, &str),
    (of, sent): (&'static str, Sent),
    outcome: Result<(), EnforcementError>,
) -> web::Result<Response> {
    let faults: Vec<Fault> = faults_or_conflict(outcome)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/enforcement/campaigns/{number}/{uscc}")).into_response());
    }
    page(state, officer, (number, uscc), (of, Shown::from(sent).with_faults(faults))).await
}
