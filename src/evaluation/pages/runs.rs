//! Runs: the list with the form to compute one, and one with what it rests on and where it goes.

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::others::others;
use super::running;
use crate::account::list::{self, FormBeside, Paths};
use crate::account::{Access, List, Officer};
use crate::base::clock::china_minute;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::RunState;
use crate::evaluation::case::{self, CaseError, RunStep, Seen, TABLE};
use crate::evaluation::document::LeftOutDocument;
use crate::evaluation::looking::flow::moves;
use crate::evaluation::looking::moved::Move;
use crate::evaluation::looking::what_if::form as asked_by_form;
use crate::evaluation::ordered::{self, Order};
use crate::evaluation::present::{brief, category, figure, grade_badge, move_badge, state_badge, subject_page};
use crate::evaluation::store::comparing;
use crate::evaluation::store::frozen;
use crate::evaluation::store::left_out::{self, LeftOutFilter};
use crate::evaluation::store::runs::listing::{self, RunFilter, RunKey, RunLine};
use crate::evaluation::store::runs::{self, Run};
use crate::exchange::Fault;
use crate::leading_group::CiteError;
use crate::scoring::Scheme;
use crate::scoring::scheme::{Category, Indicator, Mean, Standard};
use crate::web::form::{self, Reader, Sent, Shown, faults_of, faults_or_conflict, refused, refused_at};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read, read_year};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub category: String,
    pub year: String,
    pub state: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct RunList {
    state: AppState,
    officer: Officer,
    filter: RunFilter,
}

#[derive(Template)]
#[template(path = "evaluation/runs.html")]
struct RunsPage {
    shell: Shell,
    view: View,
    may_run: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for RunList {
    type Parameters = ListParameters;
    type Row = RunLine;
    type Key = RunKey;

    const PATHS: Paths = crate::list_paths!("/evaluation");
    const SHEET: &'static str = "评价核算";

    fn columns() -> Vec<Column<Self, RunLine>> {
        vec![
            Column::both(
                "核算时间",
                |_, run| Cell::link(format!("/evaluation/runs/{}", run.id), china_minute(&run.computed_at)),
                |_, run| china_minute(&run.computed_at).into(),
            ),
            Column::both("年度", |_, run| Cell::text(run.year), |_, run| i64::from(run.year).into()),
            Column::both("类别", |_, run| Cell::text(category(&run.category)), |_, run| category(&run.category).into()),
            Column::both("方案", |_, run| Cell::text(&run.scheme), |_, run| run.scheme.as_str().into()),
            Column::both(
                "状态",
                |_, run| {
                    let cell = Cell::badge(state_badge(run.state), run.state);
                    if run.trial { cell.and_badge("bg-secondary-lt", "试评价") } else { cell }
                },
                |_, run| run.state.label().into(),
            ),
            Column::file("试评价", |_, run| if run.trial { "是" } else { "否" }.into()),
            Column::both("核算人", |_, run| Cell::text(&run.computed_by), |_, run| run.computed_by.as_str().into()),
            Column::both(
                "签发人",
                |_, run| Cell::or_missing(run.decided_by_name.as_ref()),
                |_, run| run.decided_by_name.clone().into(),
            ),
            Column::file("签发文件", |_, run| run.document.clone().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let category: Option<Category> = read(&parameters.category, "没有这类评价")?;
        let filter = RunFilter {
            category: category.map(|category| category.code().to_owned()),
            year: read_year(&parameters.year)?.map(|year| year as i16),
            state: read(&parameters.state, "没有这种状态")?,
        };
        Ok(RunList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<RunKey>, size: u16) -> web::Result<Page<RunLine, RunKey>> {
        Ok(listing::runs(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(listing::total_runs(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let fresh = Sent::default().with("year", (state.clock.today().year() - 1).to_string());
        self.render_with(state, view, fresh.into()).await
    }
}

impl FormBeside for RunList {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let may_run = self.officer.may(Access::RunEvaluation);
        Ok(RunsPage { shell: self.officer.shell(state, "亩均效益综合评价"), view, may_run, form }.render()?)
    }
}

fn read_order(sent: &Sent) -> Result<Order, Vec<Fault>> {
    let mut reader = Reader::default();
    let category = reader.needs::<Category>(sent.field("category", "类别"), "表中所列的类别");
    let year = reader.needs_year(sent.field("year", "年度"));
    let scheme = reader.may_text(sent.field("scheme", "方案编号"));
    let trial = non_empty(sent.text("trial")).is_some();
    reader.finish(category.zip(year).map(|(category, year)| Order { category, year, scheme, trial }))
}

/// How long somebody waits for a run before its progress is shown.
const PATIENCE: Duration = Duration::from_secs(5);

async fn computed(state: &AppState, officer: &Officer, sent: &Sent) -> web::Result<Uuid> {
    let order = read_order(sent).map_err(Error::Input)?;
    ordered::compute(state, officer, &order, PATIENCE).await
}

/// Orders a run by a form; what cannot be computed comes back with what was typed.
pub async fn compute(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let faults = match computed(&state, &officer, &sent).await {
        Ok(id) => return Ok(Redirect::to(&format!("/evaluation/runs/{id}")).into_response()),
        refused => faults_of(refused)?,
    };
    list::answer::<RunList>(&state, officer, &ListParameters::default(), (Shown::from(sent), faults)).await
}

#[derive(Template)]
#[template(path = "evaluation/run.html")]
struct RunPage {
    shell: Shell,
    run: Run,
    /// As it was when the run was computed.
    scheme: Scheme,
    left_out: Vec<LeftOutDocument>,
    more_left_out: bool,
    may_run: bool,
    may_sign: bool,
    may_try: bool,
    /// What became of those in the run that it took the place of.
    since: Vec<(Move, i64)>,
    /// The official run of the year before.
    year_before: Option<Uuid>,
    /// Runs that it may be laid beside.
    others: Vec<RunLine>,
    /// The scheme as fields, to be tried out with the other mean.
    fields: Vec<(String, String)>,
    /// For the step that was refused.
    form: Shown,
}

/// Lines of those left out that the page shows.
const LEFT_OUT_SHOWN: u16 = 100;

impl RunPage {
    fn allows(&self, step: RunStep) -> bool {
        TABLE.allows(self.run.state, step)
    }

    fn title<'a>(&'a self, name: &'a str) -> &'a str {
        self.scheme.indicator(name).map_or(name, |indicator| &indicator.title)
    }

    fn ranked(&self) -> usize {
        self.run.head.grades.iter().map(|(_, count)| count).sum()
    }

    fn mean_in_words(&self, indicator: &str) -> &'static str {
        match self.scheme.indicator(indicator).and_then(Indicator::standard) {
            Some(Standard::Benchmark { mean, .. }) => mean.label(),
            _ => "",
        }
    }

    /// The mean that the bases do not rest on.
    fn other_mean(&self) -> Option<Mean> {
        let mean = |indicator: &Indicator| match indicator.standard() {
            Some(Standard::Benchmark { mean, .. }) => Some(*mean),
            _ => None,
        };
        self.scheme.indicators.iter().find_map(mean).map(|mean| match mean {
            Mean::RatioOfSums => Mean::YearlyRatios,
            Mean::YearlyRatios => Mean::RatioOfSums,
        })
    }

    /// Percent of all who are ranked, for the width of a bar.
    fn share(&self, count: &usize) -> usize {
        count * 100 / self.ranked().max(1)
    }
}

/// The run, or how far it is while it is not there yet.
pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    match page(&state, &officer, id, Shown::default()).await {
        Err(Error::NotFound(_)) => running::page(&state, &officer, id).await,
        shown => shown,
    }
}

async fn page(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let run = find(state, officer, id).await?;
    let of_run = LeftOutFilter { run: id, ..LeftOutFilter::default() };
    let left_out = left_out::page(&state.pool, &officer.scope, &of_run, &Position::Start, LEFT_OUT_SHOWN).await?;
    let scheme = scheme_of(state, officer, &run).await?;
    let mut connection = state.pool.acquire().await?;
    let head = &run.head;
    let year_before = runs::official(&mut connection, &officer.scope, &head.category, head.year - 1).await?;
    drop(connection);
    let page = RunPage {
        shell: officer.shell(state, format!("{}年{}评价", run.head.year, category(&run.head.category))),
        since: since(state, officer, &run).await?,
        others: others(state, officer, &run).await?,
        fields: asked_by_form::sent_of(&scheme).fields().to_vec(),
        year_before,
        scheme,
        run,
        more_left_out: left_out.next.is_some(),
        left_out: left_out.rows.into_iter().map(|line| line.detail.0).collect(),
        may_run: officer.may(Access::RunEvaluation),
        may_sign: officer.may(Access::SignEvaluation),
        may_try: officer.may(Access::RunWhatIf),
        form,
    };
    form::page(page.form.status(), &page)
}

/// What became of those in the run that this one superseded.
async fn since(state: &AppState, officer: &Officer, run: &Run) -> web::Result<Vec<(Move, i64)>> {
    let Some(before) = run.supersedes else { return Ok(Vec::new()) };
    let before = find(state, officer, before).await?;
    let flows = comparing::flows(&state.pool, &officer.scope, before.id, run.id).await?;
    let grades = |run: &Run| run.head.grades.iter().map(|(grade, _)| grade.clone()).collect::<Vec<_>>();
    Ok(moves(&flows, &grades(&before), &grades(run)))
}

pub(super) async fn find(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<Run> {
    let mut connection = state.pool.acquire().await?;
    let found = runs::find(&mut connection, &officer.scope, id).await?;
    found.ok_or_else(|| Error::NotFound(TABLE.missing.into()))
}

/// The scheme that a run froze.
pub(super) async fn scheme_of(state: &AppState, officer: &Officer, run: &Run) -> web::Result<Scheme> {
    Ok(frozen::basis(&state.pool, &officer.scope, run).await?.scheme)
}

fn seen(run: Uuid, sent: &Sent) -> web::Result<Seen> {
    Ok(Seen { run, version: sent.version()? })
}

async fn answer(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    sent: Sent,
    outcome: Result<(), CaseError>,
) -> web::Result<Response> {
    answered(state, officer, id, sent, faults_or_conflict(outcome)?).await
}

async fn proposed(state: &AppState, officer: &Officer, id: Uuid, sent: &Sent) -> web::Result<()> {
    let run = find(state, officer, id).await?;
    let category = Category::parse(&run.head.category).ok_or_else(|| anyhow::anyhow!("a run of no category"))?;
    ordered::led_by(state, officer, category).await?;
    Ok(case::propose(&officer.act(state), seen(id, sent)?).await?)
}

async fn answered(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    sent: Sent,
    faults: Vec<Fault>,
) -> web::Result<Response> {
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/evaluation/runs/{id}")).into_response());
    }
    page(state, officer, id, Shown::from(sent).with_faults(faults)).await
}

pub async fn propose(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let faults = faults_or_conflict(proposed(&state, &officer, id, &sent).await)?;
    answered(&state, &officer, id, sent, faults).await
}

pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = case::withdraw(&officer.act(&state), seen(id, &sent)?).await;
    answer(&state, &officer, id, sent, outcome).await
}

pub async fn sign(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = case::sign(&officer.act(&state), seen(id, &sent)?, sent.text("document").trim()).await;
    answer(&state, &officer, id, sent, outcome).await
}

pub async fn send_back(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = case::send_back(&officer.act(&state), seen(id, &sent)?, sent.text("reason").trim()).await;
    answer(&state, &officer, id, sent, outcome).await
}

impl From<CaseError> for Error {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::Case(refused) => refused.into(),
            CaseError::Database(error) => error.into(),
            CaseError::Other(error) => error.into(),
            CaseError::NoDocument => refused_at("document", error),
            CaseError::Cite(CiteError::Database(error)) => error.into(),
            CaseError::Cite(_) => refused_at("document", error),
            CaseError::NoReason => refused_at("reason", error),
            CaseError::Overtaken => Error::Conflict(error.to_string()),
            CaseError::Trial | CaseError::SamePerson => refused(error),
        }
    }
}
