//! The lines of one drawing: each is looked at, and found sound or opened as a finding.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{badge, yuan};
use crate::account::{Access, Officer};
use crate::allocation::audit::{self as commands, Looked};
use crate::allocation::store::audits::{self as store, Audit, Drawn};
use crate::base::clock::china_minute;
use crate::db::keyset::Page;
use crate::measures::list::Key;
use crate::web::form::{self, Sent, Shown, faults_of};
use crate::web::list::Parameters;
use crate::web::{self, AppState, Error, Shell, cursor};
use crate::workflow::Number;

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

#[derive(Template)]
#[template(path = "allocation/drawn.html")]
struct DrawnPage {
    shell: Shell,
    audit: Audit,
    lines: Vec<Drawn>,
    may_audit: bool,
    previous: Option<String>,
    next: Option<String>,
    /// As it was typed when it was refused, at the line with this number on the page.
    back: Shown,
    at: usize,
}

impl DrawnPage {
    fn form(&self, at: &usize) -> Shown {
        let part = at.to_string();
        if *at == self.at { self.back.as_part(&part) } else { Shown::default().part(&part) }
    }
}

async fn page(
    state: &AppState,
    officer: &Officer,
    number: &str,
    (parameters, back): (&ListParameters, Shown),
) -> web::Result<Response> {
    let audit = audit_of(state, officer, number).await?;
    let (position, size) = (parameters.position::<Key>()?, parameters.page_size()?);
    let Page { rows, previous, next, .. } = store::drawn(&state.pool, &officer.scope, &audit, (position, size)).await?;
    let is_back = |row: &Drawn| back.is("uscc", &row.line.uscc) && back.is("measure", &row.line.measure);
    let at = rows.iter().position(is_back).map_or(0, |at| at + 1);
    let page = DrawnPage {
        shell: officer.shell(state, format!("审计抽查 {}", audit.number())),
        audit,
        lines: rows,
        may_audit: officer.may(Access::AuditAllocation),
        previous: previous.as_ref().map(cursor::encode),
        next: next.as_ref().map(cursor::encode),
        back,
        at,
    };
    form::page(page.back.status(), &page)
}

async fn audit_of(state: &AppState, officer: &Officer, number: &str) -> web::Result<Audit> {
    let missing = || Error::NotFound("没有这次审计抽查".into());
    let number: Number = number.parse().map_err(|()| missing())?;
    store::find(&mut *state.pool.acquire().await?, &officer.scope, number).await?.ok_or_else(missing)
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Response> {
    page(&state, &officer, &number, (&parameters, Shown::default())).await
}

/// What the auditor says of a line; the page again where it is not taken.
pub async fn look(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Query(parameters): Query<ListParameters>,
    sent: Sent,
) -> web::Result<Response> {
    let audit = audit_of(&state, &officer, &number).await?;
    let key = Key { uscc: sent.text("uscc").to_owned(), measure: sent.text("measure").to_owned() };
    let looked = match sent.text("outcome") {
        "sound" => Looked::Sound,
        "finding" => Looked::Finding { words: sent.text("words").to_owned() },
        _ => return Err(Error::BadRequest("请选择核查结果".into())),
    };
    let faults = match commands::look(&officer.act(&state), (audit.number(), &key), &looked).await {
        Ok(Some(finding)) => return Ok(Redirect::to(&format!("/allocation/findings/{finding}")).into_response()),
        Ok(None) => return Ok(Redirect::to(&format!("/allocation/audits/{number}")).into_response()),
        Err(refused) => faults_of::<(), _>(Err(refused))?,
    };
    page(&state, &officer, &number, (&parameters, Shown::from(sent).with_faults(faults))).await
}
