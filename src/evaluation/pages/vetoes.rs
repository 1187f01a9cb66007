//! The register of vetoes, with the form to enter one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entries::{enterprise_cell, withdrawal_page, withdrawn, year_asked};

use crate::account::list::{Paths, first_view};
use crate::account::{Access, Department, List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::entering;
use crate::evaluation::form::VetoForm;
use crate::evaluation::register::{Register, veto_kinds};
use crate::evaluation::store::vetoes::{self, VetoFilter, VetoKey, VetoLine};
use crate::policy::veto::{VetoKind, choices, title_of};
use crate::web::form::{self, Posted, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub kind: String,
    pub year: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct VetoList {
    state: AppState,
    officer: Officer,
    filter: VetoFilter,
    kinds: Vec<VetoKind>,
}

#[derive(Template)]
#[template(path = "evaluation/vetoes.html")]
struct VetoesPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Code and name of every kind, and on which article each stands.
    kinds: Vec<(String, String)>,
    known: Vec<VetoKind>,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for VetoList {
    type Parameters = ListParameters;
    type Row = VetoLine;
    type Key = VetoKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/vetoes");
    const SHEET: &'static str = "一票否决";

    fn columns() -> Vec<Column<Self, VetoLine>> {
        vec![
            Column::both(
                "企业",
                |_, line: &VetoLine| enterprise_cell(&line.uscc, line.name.as_deref()),
                |_, line: &VetoLine| line.name.clone().into(),
            ),
            Column::file("统一社会信用代码", |_, line: &VetoLine| line.uscc.as_str().into()),
            Column::both(
                "事由",
                |list: &VetoList, line: &VetoLine| {
                    let cell = Cell::text(title_of(&list.kinds, &line.kind));
                    match &line.withdrawn_reason {
                        Some(reason) => cell.and_badge("bg-secondary-lt", "已撤销").note(reason),
                        None => cell,
                    }
                },
                |list: &VetoList, line: &VetoLine| title_of(&list.kinds, &line.kind).into(),
            ),
            Column::both(
                "发生日期",
                |_, line: &VetoLine| Cell::text(line.happened_on),
                |_, line: &VetoLine| line.happened_on.into(),
            ),
            Column::page("有效期间", |_, line: &VetoLine| {
                let to = line.to.map_or("起".to_owned(), |to| format!("至 {to}"));
                Cell::text(format!("{} {to}", line.from))
            }),
            Column::file("有效自", |_, line: &VetoLine| line.from.into()),
            Column::file("有效至", |_, line: &VetoLine| line.to.into()),
            Column::both(
                "认定部门",
                |_, line: &VetoLine| Cell::text(line.department),
                |_, line: &VetoLine| line.department.label().into(),
            ),
            Column::both(
                "依据文件",
                |_, line: &VetoLine| Cell::text(&line.document),
                |_, line: &VetoLine| line.document.as_str().into(),
            ),
            Column::both(
                "登记人",
                |_, line: &VetoLine| Cell::text(&line.recorded_by),
                |_, line: &VetoLine| line.recorded_by.as_str().into(),
            ),
            Column::file("撤销人", |_, line: &VetoLine| line.withdrawn_by.clone().into()),
            Column::file("撤销理由", |_, line: &VetoLine| line.withdrawn_reason.clone().into()),
            Column::page("办理", |_, line: &VetoLine| match line.withdrawn_by {
                None => Cell::link(format!("/evaluation/vetoes/{}", line.id), "撤销"),
                Some(_) => Cell::text("—"),
            })
            .when(|list| list.officer.may(Access::KeepVetoes)),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let kinds = veto_kinds(&state.pool, &officer.scope).await.map_err(anyhow::Error::from)?;
        let kind = non_empty(&parameters.kind);
        if kind.is_some_and(|code| kinds.iter().all(|kind| kind.code != code)) {
            return Err(Error::BadRequest("没有这种否决事由".into()));
        }
        let filter = VetoFilter {
            kind: kind.map(str::to_owned),
            year: year_asked(&parameters.year)?,
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(VetoList { state: state.clone(), officer, filter, kinds })
    }

    async fn page(&self, position: Position<VetoKey>, size: u16) -> web::Result<Page<VetoLine, VetoKey>> {
        Ok(vetoes::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(vetoes::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(self.with_form(state, view, Shown::default()).render()?)
    }
}

impl VetoList {
    fn with_form(&self, state: &AppState, view: View, form: Shown) -> VetoesPage {
        let may_enter = self.officer.may(Access::KeepVetoes);
        let shell = self.officer.shell(state, "一票否决登记");
        VetoesPage { shell, view, may_enter, kinds: choices(&self.kinds), known: self.kinds.clone(), form }
    }
}

/// Enters an event; what is not taken comes back as it was typed.
pub async fn enter(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<VetoForm>,
) -> web::Result<Response> {
    let faults = faults_of(entering::veto(&state, &officer, &form).await)?;
    if faults.is_empty() {
        return Ok(Redirect::to("/evaluation/vetoes").into_response());
    }
    let parameters = ListParameters::default();
    let list = VetoList::ask(&state, officer, &parameters).await?;
    let view = first_view(&list, &parameters).await?;
    let page = list.with_form(&state, view, Shown::of(&form).with_faults(faults));
    form::page(page.form.status(), &page)
}

const OF: (Register, &str) = (Register::Vetoes, "/evaluation/vetoes");

pub async fn withdrawal(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Response> {
    withdrawal_page(&state, &officer, OF, id, Shown::default())
}

pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    withdrawn(&state, &officer, OF, id, sent).await
}
