//! `GET /contracts/board`: how many contracts stand in which stage, what lies over them, and who is latest in each.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::account::Officer;
use crate::codelist::{Choice, subdistricts};
use crate::contract::present::address_of;
use crate::contract::stage::{Condition, Stage};
use crate::contract::store::{self, StoreError};
use crate::db::Scope;
use crate::obligations::asked::{narrowed, question};
use crate::obligations::summary::{Summary, Suspicion, summarize};
use crate::obligations::sweep::Question;
use crate::web::list::address;
use crate::web::{self, AppState, Shell};

/// Contracts named in a column; the rest is counted and can be listed.
const NAMED: usize = 8;

/// The columns, in the order of a grant's life.
const COLUMNS: [(&str, &[Stage]); 6] = [
    ("已签约", &[Stage::Granted]),
    ("已交地", &[Stage::HandedOver]),
    ("建设期", &[Stage::Construction, Stage::Completed]),
    ("投产期", &[Stage::Production, Stage::OutputPassed]),
    ("剩余年限使用期", &[Stage::Remaining]),
    ("已结束", &[Stage::Expired, Stage::Terminated, Stage::TakenBack]),
];

#[derive(Clone, Debug, Default)]
pub struct Column {
    pub title: &'static str,
    pub stages: &'static [Stage],
    pub count: usize,
    pub overdue: usize,
    pub idle: usize,
    pub suspended: usize,
    pub rectifying: usize,
    pub failed: usize,
    /// Days late and number, latest first.
    pub latest: BTreeMap<(std::cmp::Reverse<i64>, String), Summary>,
}

impl Column {
    fn add(&mut self, number: String, summary: Summary) {
        self.count += 1;
        self.overdue += usize::from(summary.overdue > 0);
        self.idle += usize::from(summary.idle == Suspicion::Suspected || summary.standing.condition == Condition::Idle);
        self.suspended += usize::from(summary.standing.condition == Condition::Suspended);
        self.rectifying += usize::from(summary.standing.condition == Condition::Rectification);
        self.failed += usize::from(summary.standing.condition == Condition::ReviewFailed);
        self.latest.insert((std::cmp::Reverse(summary.days_late), number), summary);
        if self.latest.len() > NAMED {
            self.latest.pop_last();
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BoardParameters {
    subdistrict: String,
    as_of: String,
    known_at: String,
}

#[derive(Template)]
#[template(path = "obligations/board.html")]
struct BoardPage {
    shell: Shell,
    parameters: BoardParameters,
    subdistricts: Vec<Choice>,
    as_of: NaiveDate,
    columns: Vec<Column>,
}

impl BoardPage {
    /// The list of a stage on the same day and in the same sub-district.
    fn list(&self, stage: &Stage) -> String {
        let as_of = self.as_of.to_string();
        let fields = [("stage", stage.code()), ("subdistrict", &self.parameters.subdistrict), ("as_of", &as_of)];
        format!("/contracts{}", address(&fields, "", ""))
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<BoardParameters>,
) -> web::Result<Html<String>> {
    let question = question(&state, &parameters.as_of, &parameters.known_at, None).await?;
    let as_of = question.as_of;
    let columns = columns(&state, narrowed(&officer, &parameters.subdistrict)?, &question).await?;
    let subdistricts = subdistricts(&state.pool, &officer.scope, as_of).await?;
    let shell = officer.shell(&state, "合同阶段看板");
    Ok(Html(BoardPage { shell, parameters, subdistricts, as_of, columns }.render()?))
}

/// Every contract judged once; only counts and the latest few are kept.
pub async fn columns(state: &AppState, scope: Scope, question: &Question) -> Result<Vec<Column>, StoreError> {
    let empty = |(title, stages): (&'static str, &'static [Stage])| Column { title, stages, ..Column::default() };
    let mut columns: Vec<Column> = COLUMNS.into_iter().map(empty).collect();
    let mut batches = store::stream(state.pool.clone(), scope, question.known_at);
    while let Some(batch) = batches.recv().await {
        for contract in batch? {
            let lines = question.answer(&contract).lines;
            let Some(summary) = summarize(&contract, question.as_of, &lines) else { continue };
            let column = columns.iter_mut().find(|column| column.stages.contains(&summary.standing.stage));
            if let Some(column) = column {
                column.add(contract.number, summary);
            }
        }
    }
    Ok(columns)
}
