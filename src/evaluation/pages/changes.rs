//! Changed grades: the list, the form to propose one, and one on its way.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entries::{category_words, enterprise_cell, year_asked};
use crate::account::list::{Paths, first_view};
use crate::account::{Access, List, Officer};
use crate::base::clock::china_minute;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::change::{self, ChangeError, ChangeState, ChangeStep, Seen, TABLE};
use crate::evaluation::form::ChangeForm;
use crate::evaluation::present::{change_badge, grade_badge};
use crate::evaluation::store::changes::{self, Change, ChangeFilter, ChangeKey};
use crate::evaluation::{commands, entering};
use crate::scoring::scheme::Category;
use crate::web::form::{self, Posted, Sent, Shown, faults_of, faults_or_conflict};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub category: String,
    pub year: String,
    pub state: String,
    pub q: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct ChangeList {
    state: AppState,
    officer: Officer,
    filter: ChangeFilter,
}

#[derive(Template)]
#[template(path = "evaluation/changes.html")]
struct ChangesPage {
    shell: Shell,
    view: View,
    may_propose: bool,
    /// The grades that some scheme gives.
    grades: Vec<(String, String)>,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for ChangeList {
    type Parameters = ListParameters;
    type Row = Change;
    type Key = ChangeKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/changes");
    const SHEET: &'static str = "调档";

    fn columns() -> Vec<Column<Self, Change>> {
        vec![
            Column::both(
                "企业",
                |_, change: &Change| enterprise_cell(&change.uscc, change.name.as_deref()),
                |_, change| change.name.clone().into(),
            ),
            Column::file("统一社会信用代码", |_, change: &Change| change.uscc.as_str().into()),
            Column::both(
                "类别",
                |_, change: &Change| Cell::text(category_words(Some(&change.category))),
                |_, change| category_words(Some(&change.category)).into(),
            ),
            Column::both("年度", |_, change| Cell::text(change.year), |_, change| i64::from(change.year).into()),
            Column::both(
                "调至",
                |_, change: &Change| Cell::badge(grade_badge(&change.grade), &change.grade),
                |_, change| change.grade.as_str().into(),
            ),
            Column::both(
                "状态",
                |_, change: &Change| Cell::badge(change_badge(change.state), change.state),
                |_, change| change.state.label().into(),
            ),
            Column::both(
                "依据文件",
                |_, change: &Change| Cell::text(&change.document).note(&change.why),
                |_, change| change.document.as_str().into(),
            ),
            Column::file("理由", |_, change: &Change| change.why.as_str().into()),
            Column::both(
                "提出人",
                |_, change: &Change| Cell::text(&change.proposed_by_name).note(china_minute(&change.proposed_at)),
                |_, change| change.proposed_by_name.as_str().into(),
            ),
            Column::both(
                "决定人",
                |_, change: &Change| Cell::or_missing(change.decided_by_name.as_ref()),
                |_, change| change.decided_by_name.clone().into(),
            ),
            Column::page("办理", |_, change: &Change| {
                Cell::link(format!("/evaluation/changes/{}", change.id), "查看")
            }),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let category: Option<Category> = read(&parameters.category, "没有这类评价")?;
        let filter = ChangeFilter {
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
            year: year_asked(&parameters.year)?,
            category: category.map(|category| category.code().to_owned()),
            state: read(&parameters.state, "没有这种状态")?,
        };
        Ok(ChangeList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<ChangeKey>, size: u16) -> web::Result<Page<Change, ChangeKey>> {
        Ok(changes::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(changes::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, _: &AppState, view: View) -> web::Result<String> {
        Ok(self.with_form(view, Shown::default()).await?.render()?)
    }
}

impl ChangeList {
    async fn with_form(&self, view: View, form: Shown) -> web::Result<ChangesPage> {
        let year = self.filter.year.unwrap_or_else(|| self.state.clock.today().year() - 1);
        let schemes = commands::schemes(&self.state.pool, &self.officer.scope.district).await;
        let schemes = schemes.map_err(anyhow::Error::from)?;
        let holding = Category::ALL.iter().filter_map(|category| schemes.holding_or_example(*category, year));
        let grades: BTreeSet<String> =
            holding.flat_map(|(_, scheme)| &scheme.grades).map(|band| band.grade.clone()).collect();
        Ok(ChangesPage {
            shell: self.officer.shell(&self.state, "调档"),
            view,
            may_propose: self.officer.may(Access::RunEvaluation),
            grades: grades.into_iter().map(|grade| (grade.clone(), grade)).collect(),
            form,
        })
    }
}

pub async fn propose(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<ChangeForm>,
) -> web::Result<Response> {
    let outcome = entering::change(&state, &officer, &form).await;
    if let Ok(id) = &outcome {
        return Ok(Redirect::to(&format!("/evaluation/changes/{id}")).into_response());
    }
    let faults = faults_of(outcome)?;
    let parameters = ListParameters::default();
    let list = ChangeList::ask(&state, officer, &parameters).await?;
    let view = first_view(&list, &parameters).await?;
    let page = list.with_form(view, Shown::of(&form).with_faults(faults)).await?;
    form::page(page.form.status(), &page)
}

#[derive(Template)]
#[template(path = "evaluation/change.html")]
struct ChangePage {
    shell: Shell,
    change: Change,
    may_decide: bool,
    /// Whoever looks at it proposed it.
    own: bool,
    form: Shown,
}

impl ChangePage {
    fn allows(&self, step: ChangeStep) -> bool {
        TABLE.allows(self.change.state, step)
    }
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    page(&state, &officer, id, Shown::default()).await
}

async fn page(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let mut connection = state.pool.acquire().await?;
    let found = changes::find(&mut connection, &officer.scope, id).await?;
    let change = found.ok_or_else(|| Error::NotFound(TABLE.missing.into()))?;
    let own = change.proposed_by == officer.account;
    let page = ChangePage {
        shell: officer.shell(state, format!("{}年度调档", change.year)),
        may_decide: officer.may(Access::SignEvaluation) && !own,
        own,
        change,
        form,
    };
    form::page(page.form.status(), &page)
}

fn seen(change: Uuid, sent: &Sent) -> web::Result<Seen> {
    let version = sent.text("version").parse().map_err(|_| Error::BadRequest("缺少版本号，请重新打开页面".into()))?;
    Ok(Seen { change, version })
}

async fn answer(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    sent: Sent,
    outcome: Result<(), ChangeError>,
) -> web::Result<Response> {
    let faults = faults_or_conflict(outcome)?;
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/evaluation/changes/{id}")).into_response());
    }
    page(state, officer, id, Shown::from(sent).with_faults(faults)).await
}

pub async fn approve(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = change::approve(&officer.act(&state), seen(id, &sent)?).await;
    answer(&state, &officer, id, sent, outcome).await
}

pub async fn reject(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = change::reject(&officer.act(&state), seen(id, &sent)?, sent.text("reason")).await;
    answer(&state, &officer, id, sent, outcome).await
}

pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = change::withdraw(&officer.act(&state), seen(id, &sent)?).await;
    answer(&state, &officer, id, sent, outcome).await
}

pub async fn take_back(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = change::take_back(&officer.act(&state), seen(id, &sent)?, sent.text("reason")).await;
    answer(&state, &officer, id, sent, outcome).await
}
