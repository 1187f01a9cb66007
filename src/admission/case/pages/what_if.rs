//! The page on which a changed table is tried out over all cases.

use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::form::Form;
use super::{lists, part};
use crate::account::Officer;
use crate::admission::case::store::{listing, what_if as store};
use crate::admission::case::what_if::{Change, JOB, Trial, Turned};
use crate::base::clock::china_minute;
use crate::jobs::{self, JobState, JobStatus};
use crate::policy;
use crate::policy::catalogue::Catalogue;
use crate::policy::interval::Interval;
use crate::policy::standard::IndicatorSet;
use crate::web::{AppState, Error, Result, Shell};

const RECENT: i64 = 20;

#[derive(Template)]
#[template(path = "admission/case/what_if_list.html")]
struct ListPage {
    shell: Shell,
    /// The set whose thresholds are to be changed.
    set: Option<IndicatorSet>,
    sets: Vec<(String, String)>,
    /// Name, label, interval, unit.
    lines: Vec<(String, String, String, String)>,
    recent: Vec<(Uuid, String, String, chrono::DateTime<chrono::Utc>, bool)>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ListParameters {
    set: String,
}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    axum::extract::Query(parameters): axum::extract::Query<ListParameters>,
) -> Result<Html<String>> {
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await?;
    let set = catalogue.standards.iter().find(|set| set.id == parameters.set).cloned();
    let ids: Vec<String> = catalogue.standards.iter().map(|set| set.id.clone()).collect();
    let line = |indicator: &crate::policy::indicator::Indicator| {
        let asked = set.as_ref().and_then(|set| set.requirements.get(&indicator.name));
        let interval = asked.map_or(String::new(), |asked| asked.interval.to_string());
        let unit = asked.map_or(indicator.unit.clone(), |asked| asked.unit.clone());
        (indicator.name.clone(), indicator.label.clone(), interval, unit)
    };
    let page = ListPage {
        shell: officer.shell(&state, "指标推演"),
        sets: part::titles(&catalogue, &ids),
        lines: catalogue.indicators.indicators.iter().map(line).collect(),
        recent: store::recent(&state.pool, &officer.scope, RECENT).await?,
        set,
    };
    Ok(Html(page.render()?))
}

/// The intervals as they stand in the form; those that differ from the set are the changes.
pub async fn ask(State(state): State<AppState>, officer: Officer, RawForm(body): RawForm) -> Result<Response> {
    let form = Form::parse(&body);
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await?;
    let set = catalogue.standards.iter().find(|set| set.id == form.text("set"));
    let set = set.ok_or_else(|| Error::BadRequest("请选择要推演的指标行".into()))?;
    let mut changes = Vec::new();
    for indicator in &catalogue.indicators.indicators {
        let text = form.text(&format!("interval.{}", indicator.name));
        let unit = form.text(&format!("unit.{}", indicator.name)).to_owned();
        let asked = set.requirements.get(&indicator.name);
        let interval: Option<Interval> = match text {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                Error::BadRequest(format!(
                    "{}的区间“{text}”不能识别，应写成 [150,) 或 (,0.52] 或 [1.5,2.5)",
                    indicator.label
                ))
            })?),
        };
        let same = asked.map(|asked| (asked.interval, asked.unit.clone()))
            == interval.map(|interval| (interval, unit.clone()));
        if !same {
            changes.push(Change { set: set.id.clone(), indicator: indicator.name.clone(), interval, unit });
        }
    }
    begin(&state, &officer, &catalogue, &set.title, &Trial { changes, added: Vec::new() }).await
}

/// Queues the question and leads to where its answer will be.
pub async fn begin(
    state: &AppState,
    officer: &Officer,
    catalogue: &Catalogue,
    title: &str,
    trial: &Trial,
) -> Result<Response> {
    if trial.is_empty() {
        return Err(Error::BadRequest("没有改动任何指标".into()));
    }
    trial.applied(catalogue).map_err(Error::BadRequest)?;
    let act = officer.act(state);
    let id = store::ask(&act, title, trial).await?;
    Ok(Redirect::to(&format!("/admission/what-if/{id}")).into_response())
}

/// One threshold that is tried: of which row, what it is now, what it would be.
pub struct TrialLine {
    pub set: String,
    pub indicator: String,
    pub before: String,
    pub after: String,
}

/// A trial as people read it.
pub fn lines(trial: &Trial, catalogue: &Catalogue) -> Vec<TrialLine> {
    let label = |name: &str| catalogue.indicators.indicator(name).map_or(name.to_owned(), |it| it.label.clone());
    let words = |asked: Option<(Interval, &str)>, none: &str| match asked {
        None => none.to_owned(),
        Some((interval, "1")) => interval.wording(),
        Some((interval, unit)) => format!("{} {unit}", interval.wording()),
    };
    let mut lines = Vec::new();
    for change in &trial.changes {
        let set = catalogue.standards.iter().find(|set| set.id == change.set);
        let before = set.and_then(|set| set.requirements.get(&change.indicator));
        lines.push(TrialLine {
            set: set.map_or(change.set.clone(), |set| set.title.clone()),
            indicator: label(&change.indicator),
            before: words(before.map(|asked| (asked.interval, asked.unit.as_str())), "不要求"),
            after: words(change.interval.map(|interval| (interval, change.unit.as_str())), "不再要求"),
        });
    }
    for set in &trial.added {
        for (name, asked) in &set.requirements {
            lines.push(TrialLine {
                set: format!("新增：{}", set.title),
                indicator: label(name),
                before: "—".to_owned(),
                after: words(Some((asked.interval, asked.unit.as_str())), ""),
            });
        }
    }
    lines
}

#[derive(Template)]
#[template(path = "admission/case/what_if.html")]
struct ShowPage {
    shell: Shell,
    asked: store::WhatIf,
    job: Option<JobStatus>,
    lines: Vec<TrialLine>,
    map: String,
    turned: Vec<Turned>,
    outlines: String,
}

#[derive(Template)]
#[template(path = "admission/case/progress.html")]
struct ProgressPart {
    address: String,
    job: JobStatus,
}

impl ShowPage {
    fn running(&self) -> Option<String> {
        let job = self.job.clone().filter(|job| !job.is_over())?;
        ProgressPart { address: format!("/admission/what-if/{}/progress", self.asked.id), job }.render().ok()
    }

    /// Also when its job was forgotten: one that had ended well left a report.
    fn failed(&self) -> bool {
        match &self.job {
            Some(job) => job.state == JobState::Failed,
            None => self.asked.report.is_none(),
        }
    }
}

async fn status(state: &AppState, officer: &Officer, id: Uuid) -> Result<Option<JobStatus>> {
    let about = serde_json::json!({ "what_if": id });
    Ok(jobs::store::newest_about(&state.pool, &officer.scope, JOB, &about).await?)
}

/// Polled while it runs; when it is over the page is asked to load again.
pub async fn progress(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Response> {
    match status(&state, &officer, id).await? {
        Some(job) if !job.is_over() => {
            let part = ProgressPart { address: format!("/admission/what-if/{id}/progress"), job };
            Ok(Html(part.render()?).into_response())
        }
        _ => Ok((StatusCode::OK, [("hx-refresh", "true")]).into_response()),
    }
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Html<String>> {
    let asked = store::find(&state.pool, &officer.scope, id).await?;
    let asked = asked.ok_or_else(|| Error::NotFound("没有这次推演".into()))?;
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await?;
    let turned = asked.report.as_ref().map(|report| report.turned.clone()).unwrap_or_default();
    let changed: Vec<Uuid> = turned.iter().map(|change| change.case).collect();
    let sites = listing::sites_of(&state.pool, &officer.scope, &changed).await?;
    let page = ShowPage {
        shell: officer.shell(&state, format!("指标推演：{}", asked.title)),
        job: status(&state, &officer, id).await?,
        lines: lines(&asked.trial, &catalogue),
        map: lists::turned_on_map(&sites, &turned),
        outlines: format!("/map/outlines.geojson?as_of={}", state.clock.today()),
        turned,
        asked,
    };
    Ok(Html(page.render()?))
}
