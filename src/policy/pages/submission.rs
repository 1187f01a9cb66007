//! One submission: every row, every fault with its place, what publishing it would do, and who may do what next.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;
use uuid::Uuid;

use super::period_text;
use super::submissions::badge;
use crate::account::{Access, Officer};
use crate::base::clock::china_minute;
use crate::exchange::{Fault, FaultCode, Severity};
use crate::policy::Treatment;
use crate::policy::catalogue::Catalogue;
use crate::policy::directory::DirectoryEntry;
use crate::policy::intake::plan::{Obstacle, Step};
use crate::policy::intake::{Action, State as Stage};
use crate::policy::measures::MeasureInWords;
use crate::policy::quantity::behind_figure;
use crate::policy::scheme::SchemeInWords;
use crate::policy::scheme::lead::{LeadError, leads};
use crate::policy::standard::Requirement;
use crate::policy::store::{
    self,
    submissions::{self, Submission},
};
use crate::scoring::scheme::Adoption;
use crate::web::{AppState, Error, Result, Shell};

#[derive(Template)]
#[template(path = "policy/submission.html")]
struct SubmissionPage {
    shell: Shell,
    it: Submission,
    catalogue: Arc<Catalogue>,
    /// Sentences on what publishing would do; only while it is open.
    effects: Vec<String>,
    obstacles: Vec<Obstacle>,
    may_submit: bool,
    may_withdraw: bool,
    /// The decision is open, and this reader's to make.
    may_decide: bool,
    /// The reader could decide, had they not brought it.
    own: bool,
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Html<String>> {
    let found = submissions::find(&mut *state.pool.acquire().await?, &officer.scope, id).await?;
    let maker = |it: &Submission| it.created_by == officer.account;
    let it = found.filter(|it| it.state != Stage::Draft || maker(it));
    let it = it.ok_or_else(|| Error::NotFound("没有这次提交".into()))?;
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let open = matches!(it.state, Stage::Draft | Stage::Submitted);
    let (effects, obstacles) = match open {
        true => match submissions::outlook(&state.pool, &officer.scope, &it.offer).await? {
            Ok(steps) => (steps.iter().map(effect).chain(what_is_left(&steps, &catalogue)).collect(), Vec::new()),
            Err(obstacles) => (Vec::new(), obstacles),
        },
        false => (Vec::new(), Vec::new()),
    };
    let (submits, approves) = (officer.may(Access::SubmitPolicy), officer.may(Access::ApprovePolicy));
    let submitted = it.state == Stage::Submitted;
    let page = SubmissionPage {
        shell: officer.shell(&state, format!("{}：{}", it.kind, it.file_name)),
        may_submit: submits && maker(&it) && it.state == Stage::Draft && !it.refused && obstacles.is_empty(),
        may_withdraw: submits && maker(&it) && open,
        may_decide: approves && submitted && !maker(&it),
        own: approves && submitted && maker(&it),
        effects,
        obstacles,
        catalogue,
        it,
    };
    Ok(Html(page.render()?))
}

fn effect(step: &Step) -> String {
    match step {
        Step::NewDocument(document) => format!("新增文件《{}》，{}", document.title, period_text(&document.valid)),
        Step::EndDocument(document) => format!("文件《{}》改为{}", document.title, period_text(&document.valid)),
        Step::NewSet(set) => format!("新增指标“{}”（{}），{}", set.title, set.adoption, period_text(&set.valid)),
        Step::EndSet { id, until } => match until.pred_opt() {
            Some(last) => format!("已发布的“{id}”适用至 {last} 止，自 {until} 起由新指标接续"),
            None => format!("已发布的“{id}”终止"),
        },
        Step::NewEntry(entry) => {
            format!("新增{}“{}”（{}），{}", entry.class, entry.wording, entry.adoption, period_text(&entry.valid))
        }
        Step::NewScheme(scheme) => {
            let years = super::years_text(scheme);
            format!("新增{}方案“{}”（{}），适用{years}", scheme.category, scheme.title, scheme.adoption)
        }
        Step::EndScheme { id, last_year } => {
            format!("已发布的方案“{id}”适用至 {last_year} 年度止，自 {} 年度起由新方案接续", last_year + 1)
        }
        Step::NewVetoKind(kind) => {
            format!("新增一票否决事由“{}”（{}），{}", kind.title, kind.code, period_text(&kind.valid))
        }
        Step::EndVetoKind { code, until } => format!("已发布的事由“{code}”自 {until} 起不再有效"),
        Step::NewMeasure(measure) => {
            let days = MeasureInWords::of(measure).days;
            format!("新增措施“{}”（{}，{}），{days}", measure.title, measure.id, measure.adoption)
        }
        Step::EndMeasure { id, last } => format!("已发布的措施“{id}”执行至 {last} 止（含该日）"),
        Step::EndEntry { id, until } => format!("已发布的目录条目“{id}”自 {until} 起不再有效"),
    }
}

/// Once a directory that refuses something is adopted, what it does not list is taken to conform.
fn what_is_left(steps: &[Step], catalogue: &Catalogue) -> Option<String> {
    let brings = steps.iter().filter_map(|step| match step {
        Step::NewEntry(entry) if entry.is_adopted_bar() => entry.valid.from,
        _ => None,
    });
    let from = brings.min().filter(|_| !catalogue.directory.iter().any(DirectoryEntry::is_adopted_bar))?;
    Some(format!("本区此前没有采用产业目录，各案由人工判断；自 {from} 起，未列入限制类、淘汰类的行业视为符合产业政策"))
}

impl SubmissionPage {
    fn requirement_text(&self, name: &str, requirement: &Requirement) -> String {
        let label = self.catalogue.indicators.indicator(name).map_or(name, |indicator| indicator.label.as_str());
        let unit = behind_figure(&requirement.unit);
        format!("{label} {} {unit}", requirement.interval.wording()).trim_end().to_owned()
    }

    fn when(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        china_minute(at)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DecisionForm {
    reason: String,
}

/// A scheme is submitted by the department that leads its category (二(一)1).
pub async fn submit(state: State<AppState>, officer: Officer, id: Path<Uuid>) -> Result<Redirect> {
    let found = submissions::find(&mut *state.pool.acquire().await?, &officer.scope, *id).await?;
    let adopted = found.iter().flat_map(|it| &it.offer.schemes).filter(|scheme| scheme.adoption == Adoption::Adopted);
    let parameters = store::parameters_on(&state.pool, state.clock.today()).await?;
    for scheme in adopted {
        leads(&parameters, scheme.category, officer.department)?;
    }
    advance(state, officer, id, Action::Submit, "").await
}

pub async fn withdraw(state: State<AppState>, officer: Officer, id: Path<Uuid>) -> Result<Redirect> {
    advance(state, officer, id, Action::Withdraw, "").await
}

pub async fn publish(state: State<AppState>, officer: Officer, id: Path<Uuid>) -> Result<Redirect> {
    advance(state, officer, id, Action::Publish, "").await
}

pub async fn reject(
    state: State<AppState>,
    officer: Officer,
    id: Path<Uuid>,
    Form(form): Form<DecisionForm>,
) -> Result<Redirect> {
    advance(state, officer, id, Action::Reject, &form.reason).await
}

impl From<LeadError> for Error {
    fn from(error: LeadError) -> Self {
        match error {
            LeadError::NotTheLead { .. } => Error::Input(vec![Fault::error(FaultCode::BadRequest, error.to_string())]),
            LeadError::Parameter(error) => anyhow::Error::from(error).into(),
        }
    }
}

async fn advance(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    action: Action,
    reason: &str,
) -> Result<Redirect> {
    submissions::advance(&officer.act(&state), id, action, reason).await?;
    Ok(Redirect::to(&format!("/policy/submissions/{id}")))
}
