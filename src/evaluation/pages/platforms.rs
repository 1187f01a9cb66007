//! The register of platforms, with the form to enter one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{Paths, first_view};
use crate::account::{Access, List, Officer};
use crate::base::conversion::Dimension;
use crate::base::period::Period;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::kept::{NewPlatform, PlatformCode, PlatformKind};
use crate::evaluation::platforms::{self, PlatformError};
use crate::evaluation::store::platforms::{self as store, PlatformFilter, PlatformKey, PlatformLine};
use crate::exchange::{Fault, FaultCode};
use crate::web::form::{self, Reader, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub kind: String,
    pub on: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct PlatformList {
    state: AppState,
    officer: Officer,
    filter: PlatformFilter,
}

#[derive(Template)]
#[template(path = "evaluation/platforms.html")]
struct PlatformsPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Names that enterprises give and no platform has.
    strangers: Vec<String>,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for PlatformList {
    type Parameters = ListParameters;
    type Row = PlatformLine;
    type Key = PlatformKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/platforms");
    const SHEET: &'static str = "产业平台";

    fn columns() -> Vec<Column<Self, PlatformLine>> {
        vec![
            Column::both(
                "编号",
                |_, line: &PlatformLine| Cell::text(&line.code),
                |_, line: &PlatformLine| line.code.as_str().into(),
            ),
            Column::both(
                "平台名称",
                |_, line: &PlatformLine| {
                    let cell = Cell::text(&line.name);
                    match &line.withdrawn_reason {
                        Some(reason) => cell.and_badge("bg-secondary-lt", "已撤销").note(reason),
                        None => cell,
                    }
                },
                |_, line: &PlatformLine| line.name.as_str().into(),
            ),
            Column::both(
                "类型",
                |_, line: &PlatformLine| Cell::text(line.kind),
                |_, line: &PlatformLine| line.kind.label().into(),
            ),
            Column::both(
                "星（等）级",
                |_, line: &PlatformLine| Cell::or_missing(line.level),
                |_, line: &PlatformLine| line.level.map(i64::from).into(),
            )
            .number(),
            Column::both(
                "面积（亩）",
                |_, line: &PlatformLine| Cell::or_missing(line.area_mu.map(|area| area.normalize())),
                |_, line: &PlatformLine| line.area_mu.into(),
            )
            .number(),
            Column::both(
                "现有企业（家）",
                |_, line: &PlatformLine| Cell::text(line.enterprises),
                |_, line: &PlatformLine| line.enterprises.into(),
            )
            .number(),
            Column::page("有效期间", |_, line: &PlatformLine| {
                let to = line.to.map_or("起".to_owned(), |to| format!("至 {to}"));
                Cell::text(format!("{} {to}", line.from))
            }),
            Column::file("有效自", |_, line: &PlatformLine| line.from.into()),
            Column::file("有效至", |_, line: &PlatformLine| line.to.into()),
            Column::both(
                "依据文件",
                |_, line: &PlatformLine| Cell::text(&line.document),
                |_, line: &PlatformLine| line.document.as_str().into(),
            ),
            Column::both(
                "登记人",
                |_, line: &PlatformLine| Cell::text(&line.recorded_by),
                |_, line: &PlatformLine| line.recorded_by.as_str().into(),
            ),
            Column::file("撤销人", |_, line: &PlatformLine| line.withdrawn_by.clone().into()),
            Column::file("撤销理由", |_, line: &PlatformLine| line.withdrawn_reason.clone().into()),
            Column::page("办理", |_, line: &PlatformLine| match line.withdrawn_by {
                None => Cell::link(format!("/evaluation/platforms/{}", line.id), "终止或撤销"),
                Some(_) => Cell::text("—"),
            })
            .when(|list| list.officer.may(Access::KeepEvaluationLists)),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = PlatformFilter {
            kind: read(&parameters.kind, "没有这种平台类型")?,
            on: read(&parameters.on, "日期应写作2024-12-31")?,
            text: non_empty(&parameters.q).map(str::to_owned),
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(PlatformList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<PlatformKey>, size: u16) -> web::Result<Page<PlatformLine, PlatformKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(self.with_form(state, view, Shown::default()).await?.render()?)
    }
}

/// Names without a platform that the page tells.
const STRANGERS_SHOWN: i64 = 20;

impl PlatformList {
    async fn with_form(&self, state: &AppState, view: View, form: Shown) -> web::Result<PlatformsPage> {
        let strangers = store::named_by_nobody(&self.state.pool, &self.officer.scope, STRANGERS_SHOWN).await?;
        let may_enter = self.officer.may(Access::KeepEvaluationLists);
        Ok(PlatformsPage { shell: self.officer.shell(state, "产业平台登记"), view, may_enter, strangers, form })
    }
}

/// From a day on, or to a last day.
pub(super) fn read_period(reader: &mut Reader, sent: &Sent) -> Option<Period> {
    let from = reader.needs_day(sent.field("from", "有效自"));
    let to = reader.day(sent.field("to", "有效至"));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        reader.push(sent.field("to", "有效至").fault(FaultCode::BadRequest, "有效至不能早于有效自"));
    }
    Some(Period { from: Some(from?), until: to.and_then(|to| to.succ_opt()) })
}

fn read_new(sent: &Sent) -> Result<NewPlatform, Vec<Fault>> {
    let mut reader = Reader::default();
    let code = reader.needs::<PlatformCode>(sent.field("code", "编号"), "至多40位字母、数字、-和_，以字母或数字开头");
    let name = reader.text(sent.field("name", "平台名称"));
    let kind = reader.needs::<PlatformKind>(sent.field("kind", "类型"), "表中所列的类型");
    let level = reader.may_between(sent.field("level", "星（等）级"), (1, 5), "1至5的整数，未评定的留空");
    let area_mu = reader.measure(sent.field("area_mu", "面积"), (Dimension::Land, "亩"));
    let valid = read_period(&mut reader, sent);
    let document = reader.text(sent.field("document", "依据文件"));
    let all = code.zip(name).zip(kind.zip(valid)).zip(document);
    let new = all.map(|(((code, name), (kind, valid)), document)| NewPlatform {
        code,
        name,
        kind,
        level: level.and_then(|level| u8::try_from(level).ok()),
        area_mu,
        valid,
        document,
    });
    reader.finish(new)
}

/// Enters a platform; what is not taken comes back as it was typed.
pub async fn enter(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let faults = match read_new(&sent) {
        Ok(new) => faults_of(platforms::enter(&officer.act(&state), &new).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(Redirect::to("/evaluation/platforms").into_response());
    }
    let parameters = ListParameters::default();
    let list = PlatformList::ask(&state, officer, &parameters).await?;
    let view = first_view(&list, &parameters).await?;
    let page = list.with_form(&state, view, Shown::from(sent).with_faults(faults)).await?;
    form::page(page.form.status(), &page)
}

#[derive(Template)]
#[template(path = "evaluation/entry_end.html")]
pub(super) struct EndPage {
    pub shell: Shell,
    /// Where the form is sent, and where its list is.
    pub list: &'static str,
    pub id: Uuid,
    pub form: Shown,
}

pub async fn ending(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    end_page(&state, &officer, id, Shown::default())
}

fn end_page(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let page =
        EndPage { shell: officer.shell(state, "终止或撤销平台登记"), list: "/evaluation/platforms", id, form };
    form::page(page.form.status(), &page)
}

/// The last day, where one is given, and the reason.
pub(super) fn read_end(sent: &Sent) -> Result<(Option<NaiveDate>, String), Vec<Fault>> {
    let mut reader = Reader::default();
    let last = reader.day(sent.field("last", "终止日期"));
    let reason = reader.text(sent.field("reason", "理由"));
    reader.finish(reason.map(|reason| (last, reason)))
}

pub async fn end(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let faults = match read_end(&sent) {
        Ok((last, reason)) => faults_of(platforms::withdraw(&officer.act(&state), id, last, &reason).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(Redirect::to("/evaluation/platforms?all=1").into_response());
    }
    end_page(&state, &officer, id, Shown::from(sent).with_faults(faults))
}

impl From<PlatformError> for Error {
    fn from(error: PlatformError) -> Self {
        let at = |field: &'static str| {
            let field = form::Field::new(field, "", "");
            Error::Input(vec![field.fault(FaultCode::BadRequest, error.to_string())])
        };
        match error {
            PlatformError::Database(error) => error.into(),
            PlatformError::NotFound => Error::NotFound(error.to_string()),
            PlatformError::Twice => at("code"),
            PlatformError::NoReason => at("reason"),
            PlatformError::End => at("last"),
        }
    }
}
