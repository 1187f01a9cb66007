//! Drawings for the audit, with the form to draw.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{self, FormBeside, Paths};
use crate::account::{Access, List, Officer};
use crate::allocation::audit as commands;
use crate::allocation::store::audits::{self as store, Audit, AuditKey, Drawing};
use crate::base::clock::china_minute;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::entitlement::Body;
use crate::exchange::Fault;
use crate::web::form::{Reader, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// The reconciliation that the form begins with.
    pub of: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct Audits {
    state: AppState,
    officer: Officer,
    of: String,
}

#[derive(Template)]
#[template(path = "allocation/audits.html")]
struct AuditsPage {
    shell: Shell,
    view: View,
    may_audit: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for Audits {
    type Parameters = ListParameters;
    type Row = Audit;
    type Key = AuditKey;

    const PATHS: Paths = crate::list_paths!("/allocation/audits");
    const SHEET: &'static str = "审计抽查";

    fn columns() -> Vec<Column<Self, Audit>> {
        vec![
            Column::both(
                "编号",
                |_, row: &Audit| Cell::code(format!("/allocation/audits/{}", row.number()), row.number()),
                |_, row: &Audit| row.number().to_string().into(),
            ),
            Column::both(
                "范围",
                |_, row: &Audit| {
                    let body = row.body.map_or("全部执行单位", Body::label);
                    Cell::text(body).note(if row.only_gaps { "有差异的" } else { "全部条目" })
                },
                |_, row: &Audit| row.body.map_or("全部执行单位", Body::label).into(),
            ),
            Column::both("核对至", |_, row: &Audit| Cell::text(&row.up_to), |_, row: &Audit| row.up_to.as_str().into()),
            Column::both("抽样种子", |_, row: &Audit| Cell::text(&row.seed), |_, row: &Audit| row.seed.as_str().into()),
            Column::both(
                "抽取（条）",
                |_, row: &Audit| Cell::text(row.drawn).note(format!("{}条的{}%", row.among, row.percent.normalize())),
                |_, row: &Audit| i64::from(row.drawn).into(),
            )
            .number(),
            Column::both(
                "已核查（条）",
                |_, row: &Audit| Cell::text(row.looked_at),
                |_, row: &Audit| row.looked_at.into(),
            )
            .number(),
            Column::both("立案（件）", |_, row: &Audit| Cell::text(row.findings), |_, row: &Audit| row.findings.into())
                .number(),
            Column::both(
                "抽取时间",
                |_, row: &Audit| Cell::text(china_minute(&row.drawn_at)).note(&row.drawn_by),
                |_, row: &Audit| china_minute(&row.drawn_at).into(),
            ),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        Ok(Audits { state: state.clone(), officer, of: parameters.of.clone() })
    }

    async fn page(&self, position: Position<AuditKey>, size: u16) -> web::Result<Page<Audit, AuditKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let form = Shown::from(Sent::default().with("reconciliation", &self.of));
        self.render_with(state, view, form).await
    }
}

impl FormBeside for Audits {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let shell = self.officer.shell(state, "审计抽查");
        let may_audit = self.officer.may(Access::AuditAllocation);
        Ok(AuditsPage { shell, view, may_audit, form }.render()?)
    }
}

fn read_drawing(sent: &Sent) -> Result<Drawing, Vec<Fault>> {
    let mut reader = Reader::default();
    let reconciliation = reader.needs::<Uuid>(sent.field("reconciliation", "核对编号"), "执行核对的编号");
    let seed = reader.text(sent.field("seed", "抽样种子"));
    let percent = reader.number(sent.field("percent", "抽查比例"));
    let body = reader.may::<Body>(sent.field("body", "执行单位"), "表中所列的一种");
    let only_gaps = !sent.text("only_gaps").is_empty();
    let all = reconciliation.zip(seed);
    let drawing = all.map(|(reconciliation, seed)| Drawing { reconciliation, seed, percent, body, only_gaps });
    reader.finish(drawing)
}

/// Draws and shows what was drawn; what is not taken comes back as it was typed.
pub async fn draw(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let faults = match read_drawing(&sent) {
        Ok(drawing) => match commands::draw(&officer.act(&state), &drawing).await {
            Ok(number) => return Ok(Redirect::to(&format!("/allocation/audits/{number}")).into_response()),
            Err(refused) => faults_of::<(), _>(Err(refused))?,
        },
        Err(faults) => faults,
    };
    list::answer::<Audits>(&state, officer, &ListParameters::default(), (Shown::from(sent), faults)).await
}
