//! The page on which another scheme is tried out beside a kept run.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use crate::account::Officer;
use crate::annual::deciding_day;
use crate::evaluation::asking::{self, AskError, Asked};
use crate::evaluation::commands::ComputeError;
use crate::evaluation::difference::in_words;
use crate::evaluation::moved::Move;
use crate::evaluation::present::{brief, category, grade_badge, move_badge};
use crate::evaluation::store::frozen;
use crate::evaluation::store::runs::Run;
use crate::evaluation::what_if::Source;
use crate::evaluation::what_if::answer::{Answer, Mover, Standing};
use crate::evaluation::what_if::form as asked_by_form;
use crate::evaluation::what_if::form::Row;
use crate::evaluation::wording;
use crate::exchange::{Fault, FaultCode};
use crate::scoring::Scheme;
use crate::scoring::scheme::{Mean, Standard};
use crate::web::form::{self, Sent, Shown, faults_of};
use crate::web::{self, AppState, Error, Shell};

/// Parcels drawn at most.
const MOST_DRAWN: i64 = 3_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    run: Uuid,
}

#[derive(Template)]
#[template(path = "evaluation/what_if.html")]
struct WhatIfPage {
    shell: Shell,
    run: Run,
    /// As it was when the run was computed.
    scheme: Scheme,
    rows: Vec<Row>,
    quotas: Vec<(String, String)>,
    form: Shown,
    answer: Option<Answer>,
    /// GeoJSON in which no `<` is left.
    map: String,
    outlines: String,
}

impl WhatIfPage {
    /// What the row of an indicator rests on, where its base is not typed.
    fn base_of(&self, at: &usize) -> String {
        let Some(indicator) = self.scheme.indicators.get(*at) else { return String::new() };
        let base = self.run.head.benchmarks.iter().find(|base| base.indicator == indicator.indicator);
        match (indicator.standard(), base) {
            (Some(Standard::Benchmark { years, factor, .. }), Some(base)) => {
                format!("近{years}年平均值×{}：{}（二（一）2，不另填）", factor.normalize(), brief(&base.value, 4))
            }
            (Some(Standard::Fixed(_)), Some(base)) => brief(&base.value, 4),
            _ => "不用基准值".to_owned(),
        }
    }

    fn is_frozen(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.source == Source::Frozen)
    }

    fn why(&self, mover: &Mover) -> String {
        let (Some(why), before, after) = (&mover.why, rank(mover.before.as_ref()), rank(mover.after.as_ref())) else {
            return String::new();
        };
        let title = |name: &str| self.scheme.indicator(name).map_or(name.to_owned(), |it| it.title.clone());
        in_words(why, (before, after), title)
    }
}

fn rank(of: Option<&Standing>) -> Option<usize> {
    of.and_then(|standing| standing.rank)
}

fn field_of(standing: Option<&Standing>, of: impl Fn(&Standing) -> String) -> String {
    standing.map_or_else(|| "—".to_owned(), of)
}

fn score(of: &Option<Standing>) -> String {
    field_of(of.as_ref(), |it| brief(&it.score, 2))
}

fn place(of: &Option<Standing>) -> String {
    field_of(of.as_ref(), |it| it.rank.map_or_else(|| "—".to_owned(), |rank| rank.to_string()))
}

fn grade(of: &Option<Standing>) -> String {
    field_of(of.as_ref(), |it| it.grade.clone())
}

pub async fn ask(State(state): State<AppState>, officer: Officer, Query(which): Query<Which>) -> web::Result<Response> {
    let asked = asking::asked(&state.pool, &officer.scope, which.run).await?;
    let form = Shown::from(asked_by_form::sent_of(&asked.basis.scheme));
    page(&state, &officer, asked, form, None).await
}

/// The same page with what would come of it; nothing is kept.
pub async fn answer(
    State(state): State<AppState>,
    officer: Officer,
    Query(which): Query<Which>,
    sent: Sent,
) -> web::Result<Response> {
    let asked = asking::asked(&state.pool, &officer.scope, which.run).await?;
    let outcome = match asked_by_form::read(&sent, &asked.basis.scheme) {
        Ok(what_if) => asking::ask(&state.pool, &officer.scope, &asked, &what_if).await.map_err(Error::from),
        Err(faults) => Err(Error::Input(faults)),
    };
    match outcome {
        Ok(tried) => page(&state, &officer, asked, sent.into(), Some(tried.answer)).await,
        refused => {
            let faults = faults_of(refused)?;
            page(&state, &officer, asked, Shown::from(sent).with_faults(faults), None).await
        }
    }
}

async fn page(
    state: &AppState,
    officer: &Officer,
    Asked { run, basis }: Asked,
    form: Shown,
    answer: Option<Answer>,
) -> web::Result<Response> {
    let day = deciding_day(basis.year);
    let map = match &answer {
        Some(answer) => {
            let keys: Vec<String> = answer.movers.iter().map(|mover| mover.key.clone()).collect();
            let sites = frozen::sites(&state.pool, &officer.scope, &keys, day, MOST_DRAWN).await?;
            on_map(&sites, &answer.movers)
        }
        None => String::new(),
    };
    let page = WhatIfPage {
        shell: officer.shell(state, format!("推演：{}年{}评价", run.head.year, category(&run.head.category))),
        rows: asked_by_form::rows(&basis.scheme),
        quotas: asked_by_form::quotas(&basis.scheme),
        scheme: basis.scheme,
        run,
        form,
        answer,
        map,
        outlines: format!("/map/outlines.geojson?as_of={day}"),
    };
    form::page(page.form.status(), &page)
}

/// Blue moves up or enters, red moves down, amber is no longer ranked.
fn on_map(sites: &serde_json::Value, movers: &[Mover]) -> String {
    let mut features = Vec::new();
    for site in sites.as_array().map(Vec::as_slice).unwrap_or_default() {
        let key = site["properties"]["key"].as_str().unwrap_or_default();
        let Some(mover) = movers.iter().find(|mover| mover.key == key) else { continue };
        let faults = match mover.moved {
            Move::Down => serde_json::json!([{ "severity": "error", "message": mover.moved.label() }]),
            Move::Left => serde_json::json!([{ "severity": "warning", "message": mover.moved.label() }]),
            Move::Up | Move::Entered | Move::Same => serde_json::json!([]),
        };
        let words = format!("{}：{} → {}", mover.name, grade(&mover.before), grade(&mover.after));
        features.push(serde_json::json!({ "type": "Feature", "geometry": site["geometry"],
            "properties": { "record": key, "code": site["properties"]["code"], "faults": faults, "words": words } }));
    }
    serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string().replace('<', "\\u003c")
}

impl From<AskError> for Error {
    fn from(error: AskError) -> Self {
        let refuse = |message: String| Error::Input(vec![Fault::error(FaultCode::BadRequest, message)]);
        match error {
            AskError::NoRun => Error::NotFound(error.to_string()),
            AskError::Input(faults) => Error::Input(faults),
            AskError::Compute(ComputeError::Run(error)) => refuse(wording::run_error(&error)),
            AskError::Compute(ComputeError::Refused(refused)) => refused.into(),
            AskError::Compute(error) => anyhow::Error::from(error).into(),
            AskError::Database(error) => error.into(),
            AskError::Other(error) => error.into(),
        }
    }
}
