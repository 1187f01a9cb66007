//! What was brought, newest first, and the form that brings more.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::account::{Access, Officer};
use crate::base::clock::china_minute;
use crate::base::text::Seen;
use crate::permits::{self, Step};
use crate::policy::intake::{self, IntakeKind, State as Stage};
use crate::policy::store::{
    self,
    submissions::{self, Line, Upload},
};
use crate::web::list::{self, Asked};
use crate::web::{AppState, Error, Multipart, MultipartFault, Result, Shell};

const PAGE: usize = 50;
const LONGEST_NAME: usize = 100;

#[derive(Template)]
#[template(path = "policy/submissions.html")]
struct ListPage {
    shell: Shell,
    asked: ListQuery,
    lines: Vec<Line>,
    next: Option<String>,
    may_submit: bool,
    states: &'static [Stage],
    kinds: &'static [IntakeKind],
    today: NaiveDate,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// Code of a state; all states without it.
    state: String,
    after: String,
}

impl Asked for ListQuery {
    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![("state", &self.state)]
    }
}

impl Line {
    fn when(&self) -> String {
        china_minute(&self.created_at)
    }
}

pub async fn show_list(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<ListQuery>,
) -> Result<Html<String>> {
    let after: Option<(DateTime<Utc>, Uuid)> = list::after(&asked.after)?;
    let wanted = list::read(&asked.state, "没有这种提交状态")?;
    let lines = submissions::list(&state.pool, &officer.scope, officer.account, wanted, after, PAGE as i64 + 1).await?;
    let (lines, next) = list::cut(lines, PAGE, |line| (line.created_at, line.id));
    let next = asked.next_page(next.as_ref());
    let page = ListPage {
        shell: officer.shell(&state, "政策与指标的提交"),
        asked,
        lines,
        next,
        states: Stage::ALL,
        may_submit: officer.may(Access::SubmitPolicy),
        kinds: IntakeKind::ALL,
        today: state.clock.today(),
    };
    Ok(Html(page.render()?))
}

/// The fields of the form.
#[derive(Default)]
struct Form {
    kind: Option<IntakeKind>,
    starts_on: Option<NaiveDate>,
    file: Option<(String, Vec<u8>)>,
}

/// Reads the file, keeps what was read as a draft and leads to its preview.
pub async fn receive(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> Result<Redirect> {
    let form = read_form(multipart).await?;
    let kind = form.kind.ok_or_else(|| Error::BadRequest("请选择内容：标准地指标、政策文件、产业目录或综合评价方案".into()))?;
    let starts_on = form.starts_on.ok_or_else(|| Error::BadRequest("请填写起始日".into()))?;
    let (file_name, bytes) = form.file.ok_or_else(|| Error::BadRequest("请选择文件".into()))?;
    let catalogue = store::current(&state.pool, &state.settings.district).await?;
    let file_sha256 = hex::encode(Sha256::digest(&bytes));
    let (named, today) = (file_name.clone(), state.clock.today());
    let reading = permits::blocking(Step::Preview, move || {
        let (indicators, parameters) = (&catalogue.indicators, catalogue.parameters.as_slice());
        let frame = intake::Frame { kind, starts_on, today, indicators, parameters };
        intake::read(&named, &bytes, frame)
    });
    let reading = reading.await?;
    let upload = Upload { kind, file_name: &file_name, file_sha256: &file_sha256, starts_on, reading: &reading };
    let id = submissions::create(&officer.act(&state), &upload).await?;
    Ok(Redirect::to(&format!("/policy/submissions/{id}")))
}

async fn read_form(mut multipart: Multipart) -> Result<Form> {
    let mut form = Form::default();
    while let Some(field) = multipart.next_field().await.map_err(cut_short)? {
        match field.name() {
            Some("kind") => form.kind = IntakeKind::parse(&field.text().await.map_err(cut_short)?),
            Some("starts_on") => form.starts_on = field.text().await.map_err(cut_short)?.seen().parse().ok(),
            Some("file") => {
                let name: String = field.file_name().unwrap_or_default().chars().take(LONGEST_NAME).collect();
                let bytes = field.bytes().await.map_err(cut_short)?.to_vec();
                form.file = (!name.is_empty()).then_some((name, bytes));
            }
            _ => {}
        }
    }
    Ok(form)
}

fn cut_short(fault: MultipartFault) -> Error {
    fault.told("文件超出上传限度（8 MiB）", "上传中断或格式不完整，请重新上传")
}

/// The badge of a state.
pub fn badge(state: Stage) -> &'static str {
    match state {
        Stage::Draft => "bg-secondary-lt",
        Stage::Submitted => "bg-yellow-lt",
        Stage::Published => "bg-green-lt",
        Stage::Rejected => "bg-red-lt",
        Stage::Withdrawn => "bg-secondary-lt",
    }
}
