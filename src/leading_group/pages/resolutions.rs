//! Resolutions, with the form for one and the paper itself.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{Paths, first_view};
use crate::account::{Access, List, Officer};
use crate::base::bounds::{YEARS, year_wording};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::exchange::{Fault, FaultCode};
use crate::home::attachment;
use crate::leading_group::store::resolutions::{self, ResolutionFilter, ResolutionKey, ResolutionLine};
use crate::leading_group::{Matter, NewResolution, Scan, resolve, withdraw as withdrawn};
use crate::web::form::{self, Reader, Sent, Shown, Upload, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Multipart, Shell, download_named};

const TOO_LARGE: &str = "扫描件超过 20 MB";

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub matter: String,
    pub year: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct ResolutionList {
    state: AppState,
    officer: Officer,
    filter: ResolutionFilter,
}

#[derive(Template)]
#[template(path = "leading_group/resolutions.html")]
struct ResolutionsPage {
    shell: Shell,
    view: View,
    may_keep: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for ResolutionList {
    type Parameters = ListParameters;
    type Row = ResolutionLine;
    type Key = ResolutionKey;

    const PATHS: Paths = crate::list_paths!("/leading-group/resolutions");
    const SHEET: &'static str = "领导小组决议";

    fn columns() -> Vec<Column<Self, ResolutionLine>> {
        vec![
            Column::both("作出日期", |_, line| Cell::text(line.decided_on), |_, line| line.decided_on.into()),
            Column::both(
                "文号",
                |_, line: &ResolutionLine| match &line.withdrawn_reason {
                    Some(reason) => Cell::text(&line.number).and_badge("bg-secondary-lt", "已撤回").note(reason),
                    None => Cell::text(&line.number),
                },
                |_, line| line.number.as_str().into(),
            ),
            Column::both("事项", |_, line| Cell::text(line.matter), |_, line| line.matter.label().into()),
            Column::both("内容", |_, line| Cell::text(&line.words), |_, line| line.words.as_str().into()),
            Column::both(
                "会议纪要",
                |_, line| Cell::or_missing(line.meeting.as_ref()),
                |_, line| line.meeting.clone().into(),
            ),
            Column::page("扫描件", |_, line: &ResolutionLine| match &line.scan_name {
                Some(name) => Cell::link(format!("/leading-group/resolutions/{}/scan", line.id), name),
                None => Cell::text("—"),
            }),
            Column::file("扫描件", |_, line| line.scan_name.clone().into()),
            Column::file("登记人", |_, line| line.recorded_by.as_str().into()),
            Column::file("撤回人", |_, line| line.withdrawn_by.clone().into()),
            Column::file("撤回理由", |_, line| line.withdrawn_reason.clone().into()),
            Column::page("办理", |_, line: &ResolutionLine| match line.withdrawn_by {
                None => Cell::link(format!("/leading-group/resolutions/{}", line.id), "撤回"),
                Some(_) => Cell::text("—"),
            })
            .when(|list| list.officer.may(Access::KeepLeadingGroup)),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let year: Option<i32> = read(&parameters.year, "年度应为四位数字")?;
        if year.is_some_and(|year| !YEARS.contains(&year)) {
            return Err(Error::BadRequest(format!("年度应为{}", year_wording())));
        }
        let filter = ResolutionFilter {
            matter: read(&parameters.matter, "没有这种事项")?,
            year,
            number: non_empty(&parameters.q).map(str::to_owned),
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(ResolutionList { state: state.clone(), officer, filter })
    }

    async fn page(
        &self,
        position: Position<ResolutionKey>,
        size: u16,
    ) -> web::Result<Page<ResolutionLine, ResolutionKey>> {
        Ok(resolutions::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(resolutions::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(self.with_form(state, view, Shown::default()).render()?)
    }
}

impl ResolutionList {
    fn with_form(&self, state: &AppState, view: View, form: Shown) -> ResolutionsPage {
        let may_keep = self.officer.may(Access::KeepLeadingGroup);
        ResolutionsPage { shell: self.officer.shell(state, "领导小组决议"), view, may_keep, form }
    }
}

/// A resolution as it is typed, without its paper.
fn read_new(sent: &Sent, today: NaiveDate) -> Result<NewResolution, Vec<Fault>> {
    let mut reader = Reader::default();
    let number = reader.text(sent.field("number", "文号"));
    let decided_on = sent.field("decided_on", "作出日期");
    let decided_on = match decided_on.is_empty() {
        true => reader.needs_day(decided_on),
        false => reader.day_done(decided_on, today),
    };
    let matter = reader.needs::<Matter>(sent.field("matter", "事项"), "表中所列的事项");
    let words = reader.text(sent.field("words", "内容"));
    let meeting = reader.may_text(sent.field("meeting", "会议纪要文号"));
    let all = number.zip(decided_on).zip(matter.zip(words));
    let new = all.map(|((number, decided_on), (matter, words))| NewResolution {
        number,
        decided_on,
        matter,
        words,
        meeting,
        scan: None,
    });
    reader.finish(new)
}

/// The paper that came with the form, kept; none where none was chosen.
async fn keep_scan(state: &AppState, upload: &Upload) -> web::Result<Option<Scan>> {
    let name = attachment::plain_name(&upload.file_name);
    if name.is_empty() && upload.file.is_empty() {
        return Ok(None);
    }
    let refused = |message: String| {
        let field = form::Field::new("file", "扫描件", "");
        Error::Input(vec![field.fault(FaultCode::BadRequest, message)])
    };
    if let Some(refusal) = attachment::refusal(&name, &upload.file) {
        return Err(refused(refusal));
    }
    let kind = attachment::media_type(&upload.file).ok_or_else(|| refused("不支持这种文件".into()))?;
    let bytes = i64::try_from(upload.file.len()).map_err(anyhow::Error::from)?;
    let sha256 = attachment::keep(&state.settings.home, upload.file.clone()).await.map_err(anyhow::Error::from)?;
    Ok(Some(Scan { name, media_type: kind.name.to_owned(), bytes, sha256: sha256.to_vec() }))
}

async fn entered(state: &AppState, officer: &Officer, upload: &Upload) -> web::Result<()> {
    let new = read_new(&upload.sent, state.clock.today()).map_err(Error::Input)?;
    let scan = keep_scan(state, upload).await?;
    resolve(&officer.act(state), &NewResolution { scan, ..new }).await?;
    Ok(())
}

/// What is not taken comes back as it was typed; a file has to be chosen again.
pub async fn enter(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> web::Result<Response> {
    let upload = Upload::read(multipart, TOO_LARGE).await?;
    let faults = faults_of(entered(&state, &officer, &upload).await)?;
    if faults.is_empty() {
        return Ok(Redirect::to("/leading-group/resolutions").into_response());
    }
    let parameters = ListParameters::default();
    let list = ResolutionList::ask(&state, officer, &parameters).await?;
    let view = first_view(&list, &parameters).await?;
    let page = list.with_form(&state, view, Shown::from(upload.sent).with_faults(faults));
    form::page(page.form.status(), &page)
}

pub async fn scan(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    let found = resolutions::scan(&state.pool, &officer.scope, id).await?;
    let found = found.ok_or_else(|| Error::NotFound("这项决议没有扫描件".into()))?;
    let bytes = attachment::fetch(&state.settings.home, &found.sha256).await.map_err(anyhow::Error::from)?;
    Ok(download_named("resolution", &found.name, found.media_type, bytes))
}

#[derive(Template)]
#[template(path = "leading_group/withdrawal.html")]
struct WithdrawalPage {
    shell: Shell,
    id: Uuid,
    form: Shown,
}

pub async fn withdrawal(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Response> {
    withdrawal_page(&state, &officer, id, Shown::default())
}

fn withdrawal_page(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let page = WithdrawalPage { shell: officer.shell(state, "撤回决议"), id, form };
    form::page(page.form.status(), &page)
}

pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = withdrawn(&officer.act(&state), id, sent.text("reason").trim()).await;
    let faults = faults_of(outcome)?;
    if faults.is_empty() {
        return Ok(Redirect::to("/leading-group/resolutions?all=1").into_response());
    }
    withdrawal_page(&state, &officer, id, Shown::from(sent).with_faults(faults))
}
