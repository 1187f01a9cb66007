//! What bars from A and B, with the form to enter an event.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entries::{self, Book, EntryList};
use crate::account::list::Paths;
use crate::account::{Access, Department, Officer};
use crate::evaluation::registers::form::VetoForm;
use crate::evaluation::registers::{entering, veto_kinds};
use crate::evaluation::store::registers::entries::VetoLine;
use crate::kept::list::day_columns;
use crate::policy::veto::{VetoKind, choices, title_of};
use crate::web::form::{Posted, Shown, faults_of};
use crate::web::list::{Cell, Column, View, non_empty};
use crate::web::{self, AppState, Error, Shell};

pub struct Vetoes;

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

impl Book for Vetoes {
    type Line = VetoLine;
    /// The kinds that the district goes by.
    type Own = Vec<VetoKind>;

    const PATHS: Paths = crate::list_paths!("/evaluation/vetoes");
    const SHEET: &'static str = "一票否决";
    const ACCESS: Access = Access::KeepVetoes;

    async fn own(state: &AppState, officer: &Officer) -> web::Result<Vec<VetoKind>> {
        Ok(veto_kinds(&state.pool, &officer.scope).await.map_err(anyhow::Error::from)?)
    }

    fn kind(kinds: &Vec<VetoKind>, asked: &str) -> web::Result<Option<String>> {
        let kind = non_empty(asked);
        match kind.is_some_and(|code| kinds.iter().all(|kind| kind.code != code)) {
            true => Err(Error::BadRequest("没有这种否决事由".into())),
            false => Ok(kind.map(str::to_owned)),
        }
    }

    fn columns() -> Vec<Column<EntryList<Self>, VetoLine>> {
        let mut columns = vec![
            Column::both(
                "事由",
                |list: &EntryList<Self>, line: &VetoLine| Cell::text(title_of(&list.own, &line.kind)),
                |list, line| title_of(&list.own, &line.kind).into(),
            ),
            Column::both(
                "发生日期",
                |_, line: &VetoLine| Cell::text(line.happened_on),
                |_, line| line.happened_on.into(),
            ),
        ];
        columns.extend(day_columns());
        columns.push(Column::both(
            "认定部门",
            |_, line: &VetoLine| Cell::text(line.department),
            |_, line| line.department.label().into(),
        ));
        columns
    }

    async fn render(list: &EntryList<Self>, view: View, form: Shown) -> web::Result<String> {
        let (shell, may_enter) = (list.shell("一票否决登记"), list.may_enter());
        let (kinds, known) = (choices(&list.own), list.own.clone());
        Ok(VetoesPage { shell, view, may_enter, kinds, known, form }.render()?)
    }
}

pub async fn enter(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<VetoForm>,
) -> web::Result<Response> {
    let faults = faults_of(entering::veto(&state, &officer, &form).await)?;
    entries::answer::<Vetoes>(&state, officer, (Shown::of(&form), ""), faults).await
}
