//! The lines of one reconciliation, with what they come to by body and grade.

use askama::Template;

use super::{badge, fen, yuan};
use crate::account::list::Paths;
use crate::account::{Access, List, Officer};
use crate::allocation::asked::ReconciledParameters;
use crate::allocation::store::reconciled::{self as store, ReconciledFilter, ReconciledRow};
use crate::allocation::store::reconciliations::ReconciliationRow;
use crate::allocation::totals::Sums;
use crate::codelist;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::entitlement::{Body, Finding, Turn};
use crate::measures::list::Key;
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Shell};

pub struct ReconciledLines {
    state: AppState,
    officer: Officer,
    of: ReconciliationRow,
    filter: ReconciledFilter,
}

/// What one body and grade come to, as it is shown.
struct SumsShown<'a> {
    body: Body,
    grade: &'a str,
    sums: &'a Sums,
}

impl SumsShown<'_> {
    fn due(&self) -> String {
        fen(self.sums.due)
    }

    fn done(&self) -> Vec<String> {
        self.sums.done.iter().map(|yuan| fen(*yuan)).collect()
    }

    fn done_in_all(&self) -> String {
        fen(self.sums.done_in_all())
    }
}

#[derive(Template)]
#[template(path = "allocation/reconciled.html")]
struct ReconciledPage<'a> {
    shell: Shell,
    view: View,
    of: &'a ReconciliationRow,
    totals: Vec<SumsShown<'a>>,
    grades: Vec<(String, String)>,
    subdistricts: Vec<codelist::Choice>,
    may_audit: bool,
}

impl List for ReconciledLines {
    type Parameters = ReconciledParameters;
    type Row = ReconciledRow;
    type Key = Key;

    const PATHS: Paths = crate::list_paths!("/allocation/reconciled");
    const SHEET: &'static str = "执行核对明细";

    fn columns() -> Vec<Column<Self, ReconciledRow>> {
        vec![
            Column::both(
                "企业",
                |_, row: &ReconciledRow| {
                    let name = row.name.clone().unwrap_or_else(|| "（不在册）".to_owned());
                    Cell::link(format!("/enterprises/{}", row.uscc), name).note(&row.uscc)
                },
                |_, row: &ReconciledRow| row.name.clone().into(),
            ),
            Column::file("统一社会信用代码", |_, row: &ReconciledRow| row.uscc.as_str().into()),
            Column::file("街道代码", |_, row: &ReconciledRow| row.subdistrict.clone().into()),
            Column::both(
                "措施",
                |_, row: &ReconciledRow| Cell::text(&row.title).note(row.body),
                |_, row: &ReconciledRow| row.title.as_str().into(),
            ),
            Column::file("措施编号", |_, row: &ReconciledRow| row.measure.as_str().into()),
            Column::file("执行单位", |_, row: &ReconciledRow| row.body.label().into()),
            Column::both(
                "档次",
                |_, row: &ReconciledRow| Cell::or_missing(row.grade.as_deref()),
                |_, row: &ReconciledRow| row.grade.clone().into(),
            ),
            Column::both(
                "全年应执行（元）",
                |_, row: &ReconciledRow| Cell::text(yuan(row.due)),
                |_, row: &ReconciledRow| row.due.into(),
            )
            .number(),
            Column::both(
                "已执行（元）",
                |_, row: &ReconciledRow| Cell::text(yuan(row.done)),
                |_, row: &ReconciledRow| row.done.into(),
            )
            .number(),
            Column::both(
                "核对结果",
                |_, row: &ReconciledRow| Cell::badge(badge(row.finding), row.finding).note(&row.why),
                |_, row: &ReconciledRow| row.finding.label().into(),
            ),
            Column::both(
                "差额（元）",
                |_, row: &ReconciledRow| Cell::text(yuan(row.gap)),
                |_, row: &ReconciledRow| row.gap.into(),
            )
            .number(),
            Column::both(
                "待办方",
                |_, row: &ReconciledRow| Cell::or_missing(row.turn),
                |_, row: &ReconciledRow| row.turn.map(|turn| turn.label().to_owned()).into(),
            ),
            Column::file("原因", |_, row: &ReconciledRow| row.why.as_str().into()),
            Column::file("核查收据", |_, row: &ReconciledRow| row.receipt.clone().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ReconciledParameters) -> web::Result<Self> {
        let (of, filter) = parameters.read(&state.pool, &officer).await?;
        Ok(ReconciledLines { state: state.clone(), officer, of, filter })
    }

    async fn page(&self, position: Position<Key>, size: u16) -> web::Result<Page<ReconciledRow, Key>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let all = &self.of.totals.0.0;
        let totals = all.iter().map(|(body, grade, sums)| SumsShown {
            body: *body,
            grade: grade.as_deref().unwrap_or("—"),
            sums,
        });
        let mut grades: Vec<String> = all.iter().filter_map(|(_, grade, _)| grade.clone()).collect();
        grades.sort_unstable();
        grades.dedup();
        let page = ReconciledPage {
            shell: self.officer.shell(state, format!("执行核对（至{}）", self.of.label())),
            view,
            of: &self.of,
            totals: totals.collect(),
            grades: grades.into_iter().map(|grade| (grade.clone(), grade)).collect(),
            subdistricts: codelist::subdistricts(&state.pool, &self.officer.scope, state.clock.today()).await?,
            may_audit: self.officer.may(Access::AuditAllocation),
        };
        Ok(page.render()?)
    }

    fn file_name(&self) -> String {
        format!("reconciliation-{}-{}", self.of.year, self.of.quarter)
    }
}
