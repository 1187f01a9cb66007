//! Own correction coefficients, instead of the one of the scheme.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entries::{self, Book, EntryList, category_words};
use crate::account::Officer;
use crate::account::list::Paths;
use crate::evaluation::entering;
use crate::evaluation::form::CoefficientForm;
use crate::evaluation::register::Register;
use crate::evaluation::store::entries::CoefficientLine;
use crate::scoring::scheme::Category;
use crate::web::form::{Posted, Shown, faults_of};
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Shell};

pub struct Coefficients;

#[derive(Template)]
#[template(path = "evaluation/coefficients.html")]
struct CoefficientsPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl Book for Coefficients {
    type Line = CoefficientLine;

    const PATHS: Paths = crate::list_paths!("/evaluation/coefficients");
    const SHEET: &'static str = "修正系数";
    const REGISTER: Register = Register::Coefficients;

    fn columns() -> Vec<Column<EntryList<Self>, CoefficientLine>> {
        vec![
            Column::both(
                "类别",
                |_, line: &CoefficientLine| Cell::text(category_words(Some(&line.category))),
                |_, line| category_words(Some(&line.category)).into(),
            ),
            Column::both("年度", |_, line| Cell::text(line.year), |_, line| i64::from(line.year).into()),
            Column::both(
                "修正系数",
                |_, line: &CoefficientLine| Cell::text(line.value.normalize()),
                |_, line| line.value.normalize().into(),
            )
            .number(),
        ]
    }

    async fn render(list: &EntryList<Self>, view: View, form: Shown) -> web::Result<String> {
        let (shell, may_enter) = (list.shell("修正系数"), list.may_enter());
        Ok(CoefficientsPage { shell, view, may_enter, form }.render()?)
    }
}

pub async fn enter(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<CoefficientForm>,
) -> web::Result<Response> {
    let faults = faults_of(entering::coefficient(&state, &officer, &form).await)?;
    entries::answer::<Coefficients>(&state, officer, (Shown::of(&form), &form.year), faults).await
}
