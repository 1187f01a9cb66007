//! What was reported, with the form to report and the page to withdraw.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::lists::QUARTER_EXPECTED;
use super::yuan;
use crate::account::list::{self, FormBeside, Paths};
use crate::account::{Access, List, Officer};
use crate::allocation::Quarter;
use crate::allocation::asked::reporter;
use crate::allocation::reports::{self as commands, Reporter};
use crate::allocation::rules::NewReport;
use crate::allocation::store::reports::{self as store, ReportFilter, ReportKey, ReportRow};
use crate::base::code::Uscc;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::entitlement::{Body, Measure};
use crate::exchange::Fault;
use crate::kept::list::{KeptList, last_columns, marked, withdrawal_page};
use crate::measures::utility::Customer;
use crate::policy;
use crate::web::form::{Reader, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub body: String,
    pub quarter: String,
    /// The whole credit code.
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct Reports {
    state: AppState,
    officer: Officer,
    filter: ReportFilter,
    measures: Vec<Measure>,
}

#[derive(Template)]
#[template(path = "allocation/reports.html")]
struct ReportsPage {
    shell: Shell,
    view: View,
    may_report: bool,
    /// Id and title of those that the person may report of.
    measures: Vec<(String, String)>,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl Reports {
    fn title(&self, id: &str) -> String {
        self.measures.iter().find(|measure| measure.id == id).map_or_else(|| id.to_owned(), |it| it.title.clone())
    }
}

impl List for Reports {
    type Parameters = ListParameters;
    type Row = ReportRow;
    type Key = ReportKey;

    const PATHS: Paths = crate::list_paths!("/allocation/reports");
    const SHEET: &'static str = "措施执行报告";

    fn columns() -> Vec<Column<Self, ReportRow>> {
        let mut columns = vec![
            Column::both(
                "企业",
                |_, row: &ReportRow| {
                    let name = row.name.clone().unwrap_or_else(|| "（不在册）".to_owned());
                    marked(Cell::link(format!("/enterprises/{}", row.uscc), name).note(&row.uscc), &row.kept)
                },
                |_, row: &ReportRow| row.name.clone().into(),
            ),
            Column::file("统一社会信用代码", |_, row: &ReportRow| row.uscc.as_str().into()),
            Column::both(
                "措施",
                |list: &Self, row: &ReportRow| Cell::text(list.title(&row.measure)).note(row.body),
                |list: &Self, row: &ReportRow| list.title(&row.measure).into(),
            ),
            Column::file("措施编号", |_, row: &ReportRow| row.measure.as_str().into()),
            Column::file("执行单位", |_, row: &ReportRow| row.body.label().into()),
            Column::both(
                "季度",
                |_, row: &ReportRow| Cell::text(format!("{}-{}", row.year, row.quarter)).note_of(row.done_on),
                |_, row: &ReportRow| format!("{}-{}", row.year, row.quarter).into(),
            ),
            Column::file("执行日期", |_, row: &ReportRow| row.done_on.into()),
            Column::both(
                "执行情况",
                |_, row: &ReportRow| match row.done {
                    true => Cell::badge("bg-green-lt", "已执行").note(&row.note),
                    false => Cell::badge("bg-yellow-lt", "未执行").note(&row.note),
                },
                |_, row: &ReportRow| if row.done { "已执行" } else { "未执行" }.into(),
            ),
            Column::file("说明", |_, row: &ReportRow| row.note.as_str().into()),
            Column::both(
                "数量",
                |_, row: &ReportRow| Cell::or_missing(row.quantity.map(|quantity| quantity.normalize())),
                |_, row: &ReportRow| row.quantity.into(),
            )
            .number(),
            Column::both(
                "金额（元）",
                |_, row: &ReportRow| Cell::text(yuan(row.amount)),
                |_, row: &ReportRow| row.amount.into(),
            )
            .number(),
            Column::both(
                "户号",
                |_, row: &ReportRow| Cell::or_missing(row.account.as_deref()),
                |_, row: &ReportRow| row.account.clone().into(),
            ),
        ];
        columns.extend(last_columns());
        columns
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = ReportFilter {
            body: read(&parameters.body, "没有这种执行单位")?,
            quarter: read(&parameters.quarter, "季度应写作2024-3")?,
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
            all: non_empty(&parameters.all).is_some(),
        };
        let catalogue =
            policy::store::current(&state.pool, &officer.scope.district).await.map_err(anyhow::Error::from)?;
        let measures = catalogue.measures.all().map(|(_, measure)| measure.clone()).collect();
        Ok(Reports { state: state.clone(), officer, filter, measures })
    }

    async fn page(&self, position: Position<ReportKey>, size: u16) -> web::Result<Page<ReportRow, ReportKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        self.render_with(state, view, Shown::default()).await
    }
}

impl KeptList for Reports {
    const ENDING: &'static str = "撤销";

    fn may_end(&self) -> bool {
        self.officer.may(Access::ReportAllocation)
    }
}

impl FormBeside for Reports {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let (shell, may_report) = (self.officer.shell(state, "措施执行报告"), self.may_end());
        let reporter = reporter(&self.officer);
        let own = self.measures.iter().filter(|measure| reporter.may(measure.executing));
        let measures = own.map(|measure| (measure.id.clone(), measure.title.clone())).collect();
        Ok(ReportsPage { shell, view, may_report, measures, form }.render()?)
    }
}

fn read_new(sent: &Sent) -> Result<NewReport, Vec<Fault>> {
    let mut reader = Reader::default();
    let quarter = reader.needs::<Quarter>(sent.field("quarter", "季度"), QUARTER_EXPECTED);
    let uscc = reader.needs::<Uscc>(sent.field("uscc", "统一社会信用代码"), "18位信用代码");
    let measure = reader.text(sent.field("measure", "措施"));
    let done = reader.yes_or_no(sent.field("done", "是否执行"));
    let quantity = reader.number(sent.field("quantity", "数量"));
    let amount = reader.number(sent.field("amount", "金额"));
    let account = reader.may::<Customer>(sent.field("account", "户号"), "至多40位字母、数字和连字符");
    let done_on = reader.day(sent.field("done_on", "执行日期"));
    let note = reader.may_text(sent.field("note", "说明")).unwrap_or_default();
    let document = reader.text(sent.field("document", "依据文件"));
    let all = quarter.zip(uscc).zip(measure.zip(done)).zip(document);
    let new = all.map(|(((quarter, uscc), (measure, done)), document)| NewReport {
        quarter,
        uscc,
        measure,
        done,
        quantity,
        amount,
        account,
        done_on,
        note,
        document,
    });
    reader.finish(new)
}

pub async fn enter(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let of: Reporter = reporter(&officer);
    let faults = match read_new(&sent) {
        Ok(new) => faults_of(commands::enter(&officer.act(&state), of, &new).await)?,
        Err(faults) => faults,
    };
    list::answer::<Reports>(&state, officer, &ListParameters::default(), (Shown::from(sent), faults)).await
}

pub async fn withdrawal(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Response> {
    withdrawal_page((&state, &officer), (Reports::PATHS.page, "执行报告"), id, Shown::default())
}

/// Withdraws one and shows the list with it, or the page again.
pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let mut reader = Reader::default();
    let reason = reader.text(sent.field("reason", "撤销理由"));
    let faults = match reader.finish(reason) {
        Ok(reason) => faults_of(commands::withdraw(&officer.act(&state), reporter(&officer), id, &reason).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("{}?all=1", Reports::PATHS.page)).into_response());
    }
    let form = Shown::from(sent).with_faults(faults);
    withdrawal_page((&state, &officer), (Reports::PATHS.page, "执行报告"), id, form)
}
