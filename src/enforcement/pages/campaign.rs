//! One campaign: who goes, how far each department is, the form to list enterprises, the form to close it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::account::{Access, Officer};
use crate::enforcement::listing::{self, Item, Listed, MAX_LISTED};
use crate::enforcement::present::{campaign_badge, yuan};
use crate::enforcement::store::campaigns::{Campaign, Progress, progress};
use crate::enforcement::wording::EnforcementError;
use crate::enforcement::{CampaignState, campaigns, form};
use crate::exchange::Fault;
use crate::web::form::{Sent, Shown, faults_of, faults_or_conflict};
use crate::web::{self, AppState, Shell};

#[derive(Template)]
#[template(path = "enforcement/campaign.html")]
struct CampaignPage {
    shell: Shell,
    campaign: Campaign,
    progress: Vec<Progress>,
    may_run: bool,
    /// What became of those that were to be listed.
    listed: Vec<Item>,
    /// As it was typed when it was refused, told by the name of its form.
    back: Shown,
    of: &'static str,
}

impl CampaignPage {
    fn form(&self, of: &str) -> Shown {
        if self.of == of { self.back.as_part(of) } else { Shown::default().part(of) }
    }

    fn added(&self) -> usize {
        self.listed.iter().filter(|item| item.outcome == Listed::Added).count()
    }
}

const LIST: &str = "list";
const CLOSE: &str = "close";

async fn page(
    state: &AppState,
    officer: &Officer,
    number: &str,
    (of, back, listed): (&'static str, Shown, Vec<Item>),
) -> web::Result<Response> {
    let campaign = campaigns::of_number(&officer.act(state), number).await?;
    let page = CampaignPage {
        shell: officer.shell(state, format!("联合执法 {}　{}", campaign.number(), campaign.name)),
        progress: progress(&state.pool, &officer.scope, campaign.id, state.clock.today()).await?,
        may_run: officer.may(Access::RunEnforcement) && campaign.state == CampaignState::Open,
        campaign,
        listed,
        back,
        of,
    };
    web::form::page(page.back.status(), &page)
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Response> {
    page(&state, &officer, &number, ("", Shown::default(), Vec::new())).await
}

async fn listed(state: &AppState, officer: &Officer, number: &str, sent: &Sent) -> web::Result<Vec<Item>> {
    let asked = form::to_list(sent).map_err(web::Error::Input)?;
    let act = officer.act(state);
    let campaign = campaigns::of_number(&act, number).await?;
    let mut codes = asked.codes;
    if let Some(year) = asked.list_year {
        codes.extend(listing::below_line(&act, year).await.map_err(web::Error::from)?);
    }
    Ok(listing::add(&act, &campaign, &codes).await?)
}

/// Lists enterprises and tells what became of each; what is not taken comes back as it was typed.
pub async fn add(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    match listed(&state, &officer, &number, &sent).await {
        Ok(items) => page(&state, &officer, &number, (LIST, Shown::default(), items)).await,
        Err(refused) => refused_page(&state, &officer, &number, (LIST, sent), faults_of::<(), _>(Err(refused))?).await,
    }
}

pub async fn close(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let act = officer.act(&state);
    let campaign = campaigns::of_number(&act, &number).await?;
    let outcome = campaigns::close(&act, (campaign.id, sent.version()?), sent.text("words")).await;
    let faults = faults_or_conflict::<(), EnforcementError>(outcome)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/enforcement/campaigns/{number}")).into_response());
    }
    refused_page(&state, &officer, &number, (CLOSE, sent), faults).await
}

async fn refused_page(
    state: &AppState,
    officer: &Officer,
    number: &str,
    (of, sent): (&'static str, Sent),
    faults: Vec<Fault>,
) -> web::Result<Response> {
    page(state, officer, number, (of, Shown::from(sent).with_faults(faults), Vec::new())).await
}
