//! What was brought, newest first, and the form that brings more.

use askama::Template;
use axum::extract::State;
use axum::response::Redirect;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::account::list::Paths;
use crate::account::{Access, List, Officer};
use crate::base::clock::china_minute;
use crate::base::text::Seen;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::permits::{self, Step};
use crate::policy::intake::{self, IntakeKind, State as Stage};
use crate::policy::store::submissions::{Cursor, Line, Upload};
use crate::policy::store::{self, submissions};
use crate::web::list::{Cell, Column, Parameters, View, read};
use crate::web::{AppState, Error, Multipart, MultipartFault, Result, Shell};

const LONGEST_NAME: usize = 100;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ListParameters {
    /// Code of a state; all states without it.
    state: String,
    after: String,
}

impl Parameters for ListParameters {}

pub struct SubmissionList {
    state: AppState,
    officer: Officer,
    stage: Option<Stage>,
}

#[derive(Template)]
#[template(path = "policy/submissions.html")]
struct ListPage {
    shell: Shell,
    view: View,
    may_submit: bool,
    kinds: &'static [IntakeKind],
    today: NaiveDate,
}

impl List for SubmissionList {
    type Parameters = ListParameters;
    type Row = Line;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/policy/submissions");
    const SHEET: &'static str = "提交";

    fn columns() -> Vec<Column<Self, Line>> {
        vec![
            Column::page("时间", |_, line| Cell::text(china_minute(&line.created_at))),
            Column::page("内容", |_, line| Cell::text(line.kind)),
            Column::page("文件", |_, line| Cell::link(format!("/policy/submissions/{}", line.id), &line.file_name)),
            Column::page("起始日", |_, line| Cell::text(line.starts_on)),
            Column::page("状态", |_, line| Cell::badge(badge(line.state), line.state)),
            Column::page("提交人", |_, line| Cell::text(&line.created_by_name)),
            Column::page("决定人", |_, line| Cell::text(line.decided_by_name.as_deref().unwrap_or_default())),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> Result<Self> {
        let stage = read(&parameters.state, "没有这种提交状态")?;
        Ok(SubmissionList { state: state.clone(), officer, stage })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> Result<Page<Line, Cursor>> {
        let asked = (self.officer.account, self.stage);
        Ok(submissions::page(&self.state.pool, &self.officer.scope, asked, &position, size).await?)
    }

    async fn total(&self) -> Result<Total> {
        let asked = (self.officer.account, self.stage);
        Ok(submissions::total(&self.state.pool, &self.officer.scope, asked).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> Result<String> {
        let page = ListPage {
            shell: self.officer.shell(state, "政策与指标的提交"),
            view,
            may_submit: self.officer.may(Access::SubmitPolicy),
            kinds: IntakeKind::ALL,
            today: state.clock.today(),
        };
        Ok(page.render()?)
    }
}

impl ListPage {
    fn none(&self) -> &'static str {
        if self.view.is_filtered() {
            "没有这种状态的提交"
        } else {
            "还没有提交过政策文件、指标或产业目录"
        }
    }
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
    let kind = form
        .kind
        .ok_or_else(|| Error::BadRequest("请选择内容：标准地指标、政策文件、产业目录或综合评价方案".into()))?;
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
