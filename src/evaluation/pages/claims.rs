//! What was proved towards bonus and deduction, by the items of the schemes.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::Datelike;

use super::entries::{self, Book, EntryList, category_words};
use crate::account::Officer;
use crate::account::list::Paths;
use crate::evaluation::entry::{ClaimSide, items};
use crate::evaluation::form::ClaimForm;
use crate::evaluation::register::Register;
use crate::evaluation::store::entries::ClaimLine;
use crate::evaluation::{commands, entering};
use crate::policy::scheme::Schemes;
use crate::scoring::scheme::{Bonus, Category};
use crate::web::form::{Posted, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Shell};

pub struct Claims;

#[derive(Template)]
#[template(path = "evaluation/claims.html")]
struct ClaimsPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Whose schemes' items are offered.
    year: i32,
    items: Vec<(String, String)>,
    /// With the year, or as it was typed when it was refused.
    form: Shown,
}

impl Book for Claims {
    type Line = ClaimLine;

    const PATHS: Paths = crate::list_paths!("/evaluation/claims");
    const SHEET: &'static str = "加分减分";
    const REGISTER: Register = Register::Claims;

    fn columns() -> Vec<Column<EntryList<Self>, ClaimLine>> {
        vec![
            Column::both(
                "类别",
                |_, line: &ClaimLine| Cell::text(category_words(line.category.as_deref())),
                |_, line| category_words(line.category.as_deref()).into(),
            ),
            Column::both("年度", |_, line| Cell::text(line.year), |_, line| i64::from(line.year).into()),
            Column::both("加分或减分", |_, line| Cell::text(line.side), |_, line| line.side.label().into()),
            Column::both("项目", |_, line| Cell::text(&line.item), |_, line| line.item.as_str().into()),
            Column::both(
                "次数",
                |_, line: &ClaimLine| Cell::text(line.times.normalize()),
                |_, line| line.times.normalize().into(),
            )
            .number(),
        ]
    }

    async fn render(list: &EntryList<Self>, view: View, form: Shown) -> web::Result<String> {
        let year = list.filter.year.unwrap_or_else(|| list.state.clock.today().year() - 1);
        let schemes = commands::schemes(&list.state.pool, &list.officer.scope.district).await;
        let items = offered(&schemes.map_err(anyhow::Error::from)?, year);
        let form = match form.is_refused() {
            true => form,
            false => Shown::from(Sent::default().with("year", year.to_string()).with("times", "1")),
        };
        let (shell, may_enter) = (list.shell("加分和减分"), list.may_enter());
        Ok(ClaimsPage { shell, view, may_enter, year, items, form }.render()?)
    }
}

/// The items of every category in a year, each with its words.
fn offered(schemes: &Schemes, year: i32) -> Vec<(String, String)> {
    let mut offered = Vec::new();
    for category in Category::ALL {
        let Some((_, scheme)) = schemes.holding_or_example(*category, year) else { continue };
        offered.extend(items(scheme).map(|(side, item)| (item.item.clone(), words(*category, side, item))));
    }
    offered
}

fn words(category: Category, side: ClaimSide, item: &Bonus) -> String {
    let most = item.cap.map_or_else(String::new, |cap| format!("，最多{}分", cap.normalize()));
    format!("{category}：{side} {}（每次{}分{most}）", item.title, item.points.normalize())
}

pub async fn enter(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<ClaimForm>,
) -> web::Result<Response> {
    let faults = faults_of(entering::claim(&state, &officer, &form).await)?;
    entries::answer::<Claims>(&state, officer, (Shown::of(&form), &form.year), faults).await
}
