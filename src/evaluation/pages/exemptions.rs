//! Who is left out for a while: exempt, or under protection.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entries::{self, Book, EntryList};
use crate::account::Officer;
use crate::account::list::Paths;
use crate::evaluation::entering;
use crate::evaluation::entry::ExemptionKind;
use crate::evaluation::form::ExemptionForm;
use crate::evaluation::register::Register;
use crate::evaluation::store::entries::ExemptionLine;
use crate::web::form::{Posted, Shown, faults_of};
use crate::web::list::{Cell, Column, View};
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

    const PATHS: Paths = crate::list_paths!("/evaluation/exemptions");
    const SHEET: &'static str = "免评和保护期";
    const REGISTER: Register = Register::Exemptions;

    fn columns() -> Vec<Column<EntryList<Self>, ExemptionLine>> {
        vec![
            Column::both("种类", |_, line| Cell::text(line.kind), |_, line| line.kind.label().into()),
            Column::page("有效期间", |_, line: &ExemptionLine| {
                let to = line.to.map_or("起".to_owned(), |to| format!("至 {to}"));
                Cell::text(format!("{} {to}", line.from))
            }),
            Column::file("有效自", |_, line: &ExemptionLine| line.from.into()),
            Column::file("有效至", |_, line: &ExemptionLine| line.to.into()),
        ]
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
