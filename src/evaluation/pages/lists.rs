//! The dated lists that name their members, with the form to enter some.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::platforms::{EndPage, read_end, read_period};
use crate::account::list::{Paths, first_view};
use crate::account::{Access, List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::covered::{KEY_PLATFORM, PILOT};
use crate::evaluation::kept::{ListCode, NewMembers};
use crate::evaluation::lists::{self, ListError};
use crate::evaluation::present::subject_page;
use crate::evaluation::store::lists::{self as store, ListFilter, ListKey, ListLine};
use crate::exchange::{Fault, FaultCode};
use crate::scoring::scheme::SubjectKind;
use crate::web::form::{self, Reader, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub list: String,
    pub kind: String,
    pub on: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct MemberList {
    state: AppState,
    officer: Officer,
    filter: ListFilter,
}

#[derive(Template)]
#[template(path = "evaluation/lists.html")]
struct ListsPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for MemberList {
    type Parameters = ListParameters;
    type Row = ListLine;
    type Key = ListKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/lists");
    const SHEET: &'static str = "评价名单";

    fn columns() -> Vec<Column<Self, ListLine>> {
        vec![
            Column::both(
                "名单",
                |_, line: &ListLine| Cell::text(&line.list),
                |_, line: &ListLine| line.list.as_str().into(),
            ),
            Column::both(
                "对象",
                |_, line: &ListLine| {
                    let name = line.name.as_deref().unwrap_or(&line.subject);
                    let cell =
                        Cell::link(subject_page(line.subject_kind.code(), &line.subject), name).note(&line.subject);
                    match &line.withdrawn_reason {
                        Some(reason) => cell.and_badge("bg-secondary-lt", "已撤销").note(reason),
                        None => cell,
                    }
                },
                |_, line: &ListLine| line.name.clone().into(),
            ),
            Column::file("代码", |_, line: &ListLine| line.subject.as_str().into()),
            Column::both(
                "类别",
                |_, line: &ListLine| Cell::text(line.subject_kind),
                |_, line: &ListLine| line.subject_kind.label().into(),
            ),
            Column::page("有效期间", |_, line: &ListLine| {
                let to = line.to.map_or("起".to_owned(), |to| format!("至 {to}"));
                Cell::text(format!("{} {to}", line.from))
            }),
            Column::file("有效自", |_, line: &ListLine| line.from.into()),
            Column::file("有效至", |_, line: &ListLine| line.to.into()),
            Column::both(
                "依据文件",
                |_, line: &ListLine| Cell::text(&line.document),
                |_, line: &ListLine| line.document.as_str().into(),
            ),
            Column::both(
                "登记人",
                |_, line: &ListLine| Cell::text(&line.recorded_by),
                |_, line: &ListLine| line.recorded_by.as_str().into(),
            ),
            Column::file("撤销人", |_, line: &ListLine| line.withdrawn_by.clone().into()),
            Column::file("撤销理由", |_, line: &ListLine| line.withdrawn_reason.clone().into()),
            Column::page("办理", |_, line: &ListLine| match line.withdrawn_by {
                None => Cell::link(format!("/evaluation/lists/{}", line.id), "终止或撤销"),
                Some(_) => Cell::text("—"),
            })
            .when(|list| list.officer.may(Access::KeepEvaluationLists)),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = ListFilter {
            list: non_empty(&parameters.list).map(str::to_owned),
            kind: read(&parameters.kind, "没有这种对象")?,
            subject: non_empty(&parameters.q).map(str::to_owned),
            on: read(&parameters.on, "日期应写作2024-12-31")?,
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(MemberList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<ListKey>, size: u16) -> web::Result<Page<ListLine, ListKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(self.with_form(state, view, Shown::default()).render()?)
    }
}

impl MemberList {
    fn with_form(&self, state: &AppState, view: View, form: Shown) -> ListsPage {
        let may_enter = self.officer.may(Access::KeepEvaluationLists);
        ListsPage { shell: self.officer.shell(state, "评价名单"), view, may_enter, form }
    }
}

/// Members entered at once are so many at most.
const MOST: usize = 2_000;

fn read_new(sent: &Sent) -> Result<NewMembers, Vec<Fault>> {
    let mut reader = Reader::default();
    let list = reader.needs::<ListCode>(sent.field("list", "名单编号"), "至多40位小写字母、数字和_");
    let kind = reader.needs::<SubjectKind>(sent.field("kind", "对象"), "企业、平台或宗地");
    let field = sent.field("subjects", "对象代码");
    let subjects = reader.needs_lines(field, |reader, line| reader.text(line));
    if subjects.as_ref().is_some_and(|subjects| subjects.len() > MOST) {
        reader.push(field.fault(FaultCode::BadRequest, format!("一次至多登记{MOST}个对象")));
    }
    let valid = read_period(&mut reader, sent);
    let document = reader.text(sent.field("document", "依据文件"));
    let all = list.zip(kind).zip(subjects.zip(valid)).zip(document);
    let new = all.map(|(((list, kind), (mut subjects, valid)), document)| {
        subjects.sort();
        subjects.dedup();
        NewMembers { list, kind, subjects, valid, document }
    });
    reader.finish(new)
}

/// Enters members; what is not taken comes back as it was typed.
pub async fn enter(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let faults = match read_new(&sent) {
        Ok(new) => faults_of(lists::enter(&officer.act(&state), &new).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(Redirect::to("/evaluation/lists").into_response());
    }
    let parameters = ListParameters::default();
    let list = MemberList::ask(&state, officer, &parameters).await?;
    let view = first_view(&list, &parameters).await?;
    let page = list.with_form(&state, view, Shown::from(sent).with_faults(faults));
    form::page(page.form.status(), &page)
}

pub async fn ending(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    end_page(&state, &officer, id, Shown::default())
}

fn end_page(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let page =
        EndPage { shell: officer.shell(state, "终止或撤销名单登记"), list: "/evaluation/lists", id, form };
    form::page(page.form.status(), &page)
}

pub async fn end(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let faults = match read_end(&sent) {
        Ok((last, reason)) => faults_of(lists::withdraw(&officer.act(&state), id, last, &reason).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(Redirect::to("/evaluation/lists?all=1").into_response());
    }
    end_page(&state, &officer, id, Shown::from(sent).with_faults(faults))
}

impl From<ListError> for Error {
    fn from(error: ListError) -> Self {
        let at = |field: &'static str| {
            let field = form::Field::new(field, "", "");
            Error::Input(vec![field.fault(FaultCode::BadRequest, error.to_string())])
        };
        match error {
            ListError::Database(error) => error.into(),
            ListError::NotFound => Error::NotFound(error.to_string()),
            ListError::Own(_) => at("list"),
            ListError::Unknown(_) | ListError::Twice(_) => at("subjects"),
            ListError::NoReason => at("reason"),
            ListError::End => at("last"),
        }
    }
}
