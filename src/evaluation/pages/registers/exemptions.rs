//! Who is left out for a while: exempt, or under protection.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entries::{self, Book, EntryList};
use crate::account::list::Paths;
use crate::account::{Access, Officer};
use crate::evaluation::registers::entering;
use crate::evaluation::registers::entry::ExemptionKind;
use crate::evaluation::registers::form::ExemptionForm;
use crate::evaluation::store::registers::entries::ExemptionLine;
use crate::kept::list::day_columns;
use crate::web::form::{Posted, Shown, faults_of};
use crate::web::list::{Cell, Column, View, read};
use crate::web::{self, AppState, Shell};

pub struct Exemptions;

#[derive(Template)]
#[template(path = "evaluation/exemptions.html")]
struct ExemptionsPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl Book for Exemptions {
    type Line = ExemptionLine;
    type Own = ();

    const PATHS: Paths = crate::list_paths!("/evaluation/exemptions");
    const SHEET: &'static str = "免评和保护期";
    const ACCESS: Access = Access::KeepAdjustments;

    async fn own(_: &AppState, _: &Officer) -> web::Result<()> {
        Ok(())
    }

    fn kind((): &(), asked: &str) -> web::Result<Option<String>> {
        let kind: Option<ExemptionKind> = read(asked, "没有这种免评")?;
        Ok(kind.map(|kind| kind.code().to_owned()))
    }

    fn columns() -> Vec<Column<EntryList<Self>, ExemptionLine>> {
        let mut columns = vec![Column::both(
            "种类",
            |_, line: &ExemptionLine| Cell::text(line.kind),
            |_, line| line.kind.label().into(),
        )];
        columns.extend(day_columns());
        columns
    }

    async fn render(list: &EntryList<Self>, view: View, form: Shown) -> web::Result<String> {
        let (shell, may_enter) = (list.shell("免评和保护期"), list.may_enter());
        Ok(ExemptionsPage { shell, view, may_enter, form }.render()?)
    }
}

pub async fn enter(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<ExemptionForm>,
) -> web::Result<Response> {
    let faults = faults_of(entering::exemption(&state, &officer, &form).await)?;
    entries::answer::<Exemptions>(&state, officer, (Shown::of(&form), ""), faults).await
}
