//! Which departments are asked, and how many working days they have.

use askama::Template;
use axum::extract::{RawForm, State};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::form::Form;
use crate::account::{Access, Department, Officer};
use crate::admission::case::Sight;
use crate::admission::case::store::opinions::{self, Consultation};
use crate::web::{AppState, Error, Result, Shell};

#[derive(Template)]
#[template(path = "admission/case/consultations.html")]
struct ConsultationsPage {
    shell: Shell,
    consultations: Vec<Consultation>,
    may_change: bool,
}

fn sights(sights: &[Sight]) -> String {
    sights.iter().map(|sight| sight.label()).collect::<Vec<_>>().join("、")
}

pub async fn list(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let page = ConsultationsPage {
        shell: officer.shell(&state, "征求意见的部门"),
        consultations: opinions::consultations(&state.pool, &officer.scope).await?,
        may_change: officer.may(Access::ManageAccounts),
    };
    Ok(Html(page.render()?))
}

pub async fn change(State(state): State<AppState>, officer: Officer, RawForm(body): RawForm) -> Result<Response> {
    let form = Form::parse(&body);
    let department =
        Department::parse(form.text("department")).ok_or_else(|| Error::BadRequest("没有这个部门".into()))?;
    let days = form.text("working_days").parse().ok().filter(|days| (1..=60).contains(days));
    let days = days.ok_or_else(|| Error::BadRequest("答复期限应为 1 至 60 个工作日".into()))?;
    let act = officer.act(&state);
    opinions::set_consultation(&act, department, form.version()?, days, form.text("active") == "1").await?;
    Ok(Redirect::to("/admission/consultations").into_response())
}
