//! A table of standards that is tried out: read, shown with its faults and differences, and only then asked.

use askama::Template;
use axum::extract::{RawForm, State};
use axum::response::{Html, Response};

use super::form::Form;
use super::what_if::{TrialLine, begin, lines};
use crate::account::Officer;
use crate::admission::case::what_if::Trial;
use crate::exchange::{Fault, FaultCode};
use crate::permits::{self, Step};
use crate::policy;
use crate::policy::intake::{self, Frame, IntakeKind};
use crate::web::{AppState, Error, Multipart, Result, Shell};

const LONGEST_TITLE: usize = 100;

#[derive(Template)]
#[template(path = "admission/case/what_if_table.html")]
struct PreviewPage {
    shell: Shell,
    title: String,
    sets: usize,
    faults: Vec<Fault>,
    lines: Vec<TrialLine>,
    /// The trial as it will be asked; nothing when the file has errors.
    question: Option<String>,
}

/// Reads the file and shows what it would change. Nothing is kept.
pub async fn preview(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> Result<Html<String>> {
    let form = Form::of_multipart(multipart).await?;
    let title: String = form.file_name.chars().take(LONGEST_TITLE).collect();
    if title.is_empty() {
        return Err(Error::BadRequest("请选择文件".into()));
    }
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await?;
    let (held, today) = (catalogue.clone(), state.clock.today());
    let reading = permits::blocking(Step::Preview, move || {
        let indicators = &held.indicators;
        let frame = Frame { kind: IntakeKind::Standards, starts_on: today, today, indicators, parameters: &[] };
        intake::read(&form.file_name, &form.file, frame)
    });
    let reading = reading.await?;
    let (sets, mut faults) = (reading.offer.standards.len(), reading.faults);
    // When a row begins matters to what is published; what is tried holds in the period of what it stands in for.
    faults.retain(|fault| fault.is_error() || fault.code != FaultCode::PeriodInvalid);
    let trial = match faults.iter().any(Fault::is_error) {
        true => None,
        false => match Trial::of_table(&catalogue, &reading.offer.standards) {
            Ok(trial) => Some(trial),
            Err(said) => {
                faults.extend(said.into_iter().map(|text| Fault::error(FaultCode::DuplicateRecord, text)));
                None
            }
        },
    };
    let trial = match trial.map(|trial| trial.applied(&catalogue).map(|_| trial)).transpose() {
        Ok(trial) => trial,
        Err(text) => {
            faults.push(Fault::error(FaultCode::ConflictsWithRegister, text));
            None
        }
    };
    let page = PreviewPage {
        shell: officer.shell(&state, format!("指标推演：{title}")),
        lines: trial.as_ref().map(|trial| lines(trial, &catalogue)).unwrap_or_default(),
        question: trial.as_ref().map(serde_json::to_string).transpose().map_err(anyhow::Error::from)?,
        title,
        sets,
        faults,
    };
    Ok(Html(page.render()?))
}

/// Asks what the preview showed.
pub async fn ask(State(state): State<AppState>, officer: Officer, RawForm(body): RawForm) -> Result<Response> {
    let form = Form::parse(&body);
    let trial: Trial = serde_json::from_str(form.text("trial"))
        .map_err(|_| Error::BadRequest("表单内容不完整，请重新上传文件".into()))?;
    let title: String = form.text("title").chars().take(LONGEST_TITLE).collect();
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await?;
    begin(&state, &officer, &catalogue, &title, &trial).await
}
