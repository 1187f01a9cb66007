//! Reconciliations, with the form to order one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::lists::QUARTER_EXPECTED;
use crate::account::list::{self, FormBeside, Paths};
use crate::account::{Access, List, Officer};
use crate::allocation::Quarter;
use crate::allocation::job::{self, Order};
use crate::allocation::store::reconciliations::{self as store, ReconciliationKey, ReconciliationRow};
use crate::allocation::wording::AllocationError;
use crate::base::clock::china_minute;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::jobs::page::{self, Made};
use crate::web::form::{Reader, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View};
use crate::web::{self, AppState, Error, Shell};

const RECONCILIATION: Made =
    Made { title: "执行核对", back: "/allocation/reconciliations", back_label: "执行核对", unit: "条" };

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct Reconciliations {
    state: AppState,
    officer: Officer,
}

#[derive(Template)]
#[template(path = "allocation/reconciliations.html")]
struct ReconciliationsPage {
    shell: Shell,
    view: View,
    may_order: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for Reconciliations {
    type Parameters = ListParameters;
    type Row = ReconciliationRow;
    type Key = ReconciliationKey;

    const PATHS: Paths = crate::list_paths!("/allocation/reconciliations");
    const SHEET: &'static str = "执行核对";

    fn columns() -> Vec<Column<Self, ReconciliationRow>> {
        vec![
            Column::both(
                "核对至",
                |_, row: &ReconciliationRow| Cell::link(format!("/allocation/reconciled?of={}", row.id), row.label()),
                |_, row: &ReconciliationRow| row.label().into(),
            ),
            Column::both(
                "核对（条）",
                |_, row: &ReconciliationRow| Cell::text(row.lines),
                |_, row: &ReconciliationRow| i64::from(row.lines).into(),
            )
            .number(),
            Column::both(
                "差异（条）",
                |_, row: &ReconciliationRow| match row.gaps {
                    0 => Cell::badge("bg-green-lt", "无差异"),
                    gaps => Cell::link(format!("/allocation/reconciled?of={}&gaps=1", row.id), gaps),
                },
                |_, row: &ReconciliationRow| i64::from(row.gaps).into(),
            )
            .number(),
            Column::both(
                "核对时间",
                |_, row: &ReconciliationRow| Cell::text(china_minute(&row.computed_at)).note(&row.computed_by),
                |_, row: &ReconciliationRow| china_minute(&row.computed_at).into(),
            ),
            Column::file("核对人", |_, row: &ReconciliationRow| row.computed_by.as_str().into()),
            Column::file("核查收据", |_, row: &ReconciliationRow| row.receipt.as_str().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, _: &ListParameters) -> web::Result<Self> {
        Ok(Reconciliations { state: state.clone(), officer })
    }

    async fn page(
        &self,
        position: Position<ReconciliationKey>,
        size: u16,
    ) -> web::Result<Page<ReconciliationRow, ReconciliationKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let quarter = Quarter::holding(state.clock.today()).map(|quarter| quarter.to_string()).unwrap_or_default();
        self.render_with(state, view, Shown::from(Sent::default().with("quarter", quarter))).await
    }
}

impl FormBeside for Reconciliations {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let shell = self.officer.shell(state, "执行核对");
        let may_order = self.officer.may(Access::HandOverMeasures);
        Ok(ReconciliationsPage { shell, view, may_order, form }.render()?)
    }
}

async fn ordered(state: &AppState, officer: &Officer, up_to: Quarter) -> web::Result<Uuid> {
    let lists = lists_of(state, officer, up_to).await?;
    if lists.is_empty() {
        return Err(AllocationError::NothingToReconcile(up_to.year(), up_to).into());
    }
    Ok(job::queue(&officer.act(state), Order::Reconciliation { up_to }).await?)
}

async fn lists_of(state: &AppState, officer: &Officer, up_to: Quarter) -> web::Result<Vec<Uuid>> {
    Ok(store::lists(&mut *state.pool.acquire().await?, &officer.scope, up_to).await?)
}

/// Orders one and shows how far it is; what is not taken comes back as it was typed.
pub async fn order(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let mut reader = Reader::default();
    let quarter = reader.needs::<Quarter>(sent.field("quarter", "核对至"), QUARTER_EXPECTED);
    let faults = match reader.finish(quarter) {
        Ok(up_to) => match ordered(&state, &officer, up_to).await {
            Ok(id) => return Ok(Redirect::to(&format!("/allocation/reconciliations/{id}")).into_response()),
            refused => faults_of(refused)?,
        },
        Err(faults) => faults,
    };
    list::answer::<Reconciliations>(&state, officer, &ListParameters::default(), (Shown::from(sent), faults)).await
}

fn progress_address(id: Uuid) -> String {
    format!("/allocation/reconciliations/{id}/progress")
}

/// Its lines, or how far it is while it is computed.
pub async fn one(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    let found = store::find(&mut *state.pool.acquire().await?, &officer.scope, id).await?;
    if found.is_some() {
        return Ok(Redirect::to(&format!("/allocation/reconciled?of={id}")).into_response());
    }
    let job = job::status(&state.pool, &officer.scope, id).await?;
    let job = job.ok_or_else(|| Error::from(AllocationError::NoReconciliation))?;
    page::running(&state, &officer, RECONCILIATION, (&job, &progress_address(id)))
}

pub async fn progress(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    let job = job::status(&state.pool, &officer.scope, id).await?;
    page::progress(RECONCILIATION, job.as_ref(), &progress_address(id))
}
