//! One step of many files: those that wait for it are listed, each may be left out, and what became of each is told.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::account::{Access, Department, Officer};
use crate::codelist::{self, Choice};
use crate::db::keyset::Position;
use crate::exchange::{Fault, FaultCode};
use crate::remediation::form::{self as forms, StepForm};
use crate::remediation::steps::Hearing;
use crate::remediation::store::listing::{self, Filter, Listed};
use crate::remediation::together::{self, Chosen, Done, MAX_FILES, STEPS};
use crate::remediation::{Step, Way};
use crate::web::form::{self, Sent, Shown};
use crate::web::list::read;
use crate::web::{self, AppState, Error, Shell};

/// Which step, and of which batch.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Parameters {
    step: String,
    batch: String,
}

#[derive(Template)]
#[template(path = "remediation/together.html")]
struct TogetherPage {
    shell: Shell,
    step: Step,
    batch: String,
    files: Vec<Listed>,
    subdistricts: Vec<Choice>,
    today: NaiveDate,
    /// What became of those that were sent.
    done: Vec<Done>,
    /// As it was typed.
    form: Shown,
}

impl TogetherPage {
    /// Of a first look all are chosen; after that those that were.
    fn is_chosen(&self, file: &Listed) -> bool {
        let value = self.value(file);
        self.form.value("step").is_empty() || self.form.has("file", &value)
    }

    fn value(&self, file: &Listed) -> String {
        format!("{}:{}", file.file.number(), file.file.version)
    }

    fn taken(&self) -> usize {
        self.done.iter().filter(|one| one.done).count()
    }
}

async fn page(
    state: &AppState,
    officer: &Officer,
    (step, batch): (Step, &str),
    (form, done): (Shown, Vec<Done>),
) -> web::Result<Response> {
    let today = state.clock.today();
    let filter = Filter {
        state: Some(together::usual_state(step)),
        batch: read::<Uuid>(batch, "没有这个批次")?,
        ..Filter::default()
    };
    let size = u16::try_from(MAX_FILES).unwrap_or(u16::MAX);
    let files = listing::page(&state.pool, &officer.scope, &filter, &Position::Start, size).await?.rows;
    let page = TogetherPage {
        shell: officer.shell(state, format!("批量{step}")),
        step,
        batch: batch.to_owned(),
        files,
        subdistricts: codelist::subdistricts(&state.pool, &officer.scope, today).await?,
        today,
        done,
        form,
    };
    form::page(page.form.status(), &page)
}

fn step_of(text: &str, officer: &Officer) -> web::Result<Step> {
    let step = Step::parse(text).filter(|step| STEPS.contains(step));
    let step = step.ok_or_else(|| Error::BadRequest("请从看板选择批量办理的事项".into()))?;
    match forms::may(officer, step, together::usual_state(step)) {
        true => Ok(step),
        false => Err(Error::Forbidden),
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<Parameters>,
) -> web::Result<Response> {
    let step = step_of(&parameters.step, &officer)?;
    page(&state, &officer, (step, &parameters.batch), (Shown::default(), Vec::new())).await
}

/// Takes the step of those that were chosen, and shows what became of each; what was typed stays for those that are left.
pub async fn take(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let step = step_of(sent.text("step"), &officer)?;
    let chosen: Option<Vec<Chosen>> = sent.all("file").map(Chosen::read).collect();
    let chosen = chosen.filter(|chosen| chosen.len() <= MAX_FILES);
    let chosen = chosen.ok_or_else(|| Error::BadRequest(format!("一次至多办理{MAX_FILES}件")))?;
    let batch = sent.text("batch").to_owned();
    if chosen.is_empty() {
        let faults = vec![Fault::error(FaultCode::ValueMissing, "请至少选择一件")];
        return page(&state, &officer, (step, &batch), (Shown::from(sent).with_faults(faults), Vec::new())).await;
    }
    let form = StepForm::of(&sent.clone().with("version", "0"))?;
    let done = together::take_all(&state, &officer, &chosen, &form).await?;
    page(&state, &officer, (step, &batch), (Shown::from(sent), done)).await
}

/// Steps that may be taken of many, for the board.
pub fn links(officer: &Officer) -> Vec<Step> {
    let may = |step: &Step| {
        officer.may(Access::HandleRemediation) && forms::may(officer, *step, together::usual_state(*step))
    };
    STEPS.into_iter().filter(may).collect()
}
