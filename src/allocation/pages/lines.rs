//! The lines of one list, as it was handed over: what goes to the body is its workbook.

use askama::Template;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::allocation::store::lines::{self as store, LineFilter, LineRow};
use crate::allocation::store::lists::{self, ListRow};
use crate::codelist;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::entitlement::Outcome;
use crate::exchange::sheet::Value;
use crate::measures::list::Key;
use crate::measures::present::outcome_badge;
use crate::measures::table::figure;
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field but `list` may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// Which list.
    pub list: String,
    pub outcome: String,
    pub subdistrict: String,
    /// The whole credit code.
    pub q: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct LinesOfList {
    state: AppState,
    officer: Officer,
    list: ListRow,
    filter: LineFilter,
}

#[derive(Template)]
#[template(path = "allocation/lines.html")]
struct LinesPage {
    shell: Shell,
    view: View,
    list: ListRow,
    subdistricts: Vec<codelist::Choice>,
}

fn text(text: &Option<String>) -> Value {
    text.as_deref().map_or(Value::Empty, figure)
}

impl List for LinesOfList {
    type Parameters = ListParameters;
    type Row = LineRow;
    type Key = Key;

    const PATHS: Paths = crate::list_paths!("/allocation/lines");
    const SHEET: &'static str = "措施清单";

    fn columns() -> Vec<Column<Self, LineRow>> {
        vec![
            Column::both(
                "企业名称",
                |_, row: &LineRow| Cell::link(format!("/enterprises/{}", row.uscc), &row.name).note(&row.uscc),
                |_, row: &LineRow| row.name.as_str().into(),
            ),
            Column::file("统一社会信用代码", |_, row: &LineRow| row.uscc.as_str().into()),
            Column::file("街道代码", |_, row: &LineRow| row.subdistrict.clone().into()),
            Column::both(
                "户号",
                |_, row: &LineRow| Cell::lines(&row.accounts),
                |_, row: &LineRow| row.accounts.join("、").into(),
            ),
            Column::both(
                "措施",
                |_, row: &LineRow| Cell::text(&row.title),
                |_, row: &LineRow| row.title.as_str().into(),
            ),
            Column::file("措施编号", |_, row: &LineRow| row.measure.as_str().into()),
            Column::file("依据", |_, row: &LineRow| row.article.as_str().into()),
            Column::both(
                "档次",
                |_, row: &LineRow| Cell::text(&row.grade).note(format!("连续{}年", row.years)),
                |_, row: &LineRow| row.grade.as_str().into(),
            ),
            Column::file("连续年数", |_, row: &LineRow| i64::from(row.years).into()),
            Column::file("基数", |_, row: &LineRow| text(&row.base)),
            Column::file("单位", |_, row: &LineRow| row.unit.clone().into()),
            Column::file("标准", |_, row: &LineRow| text(&row.rate)),
            Column::both(
                "金额（元）",
                |_, row: &LineRow| Cell::text(super::yuan(row.amount)),
                |_, row: &LineRow| row.amount.into(),
            )
            .number(),
            Column::both(
                "结论",
                |_, row: &LineRow| Cell::badge(outcome_badge(row.outcome), row.outcome).note(&row.why),
                |_, row: &LineRow| row.outcome.label().into(),
            ),
            Column::file("说明", |_, row: &LineRow| row.why.as_str().into()),
            Column::file("核查收据", |_, row: &LineRow| row.receipt.as_str().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let list: Option<Uuid> = read(&parameters.list, "没有这份交办清单")?;
        let list = list.ok_or_else(|| Error::BadRequest("请从交办清单中选择一份".into()))?;
        let found = lists::find(&mut *state.pool.acquire().await?, &officer.scope, list).await?;
        let found = found.ok_or_else(|| Error::NotFound("没有这份交办清单".into()))?;
        let filter = LineFilter {
            list,
            outcome: read(&parameters.outcome, "没有这种结论")?,
            subdistrict: non_empty(&parameters.subdistrict).map(str::to_owned),
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
        };
        Ok(LinesOfList { state: state.clone(), officer, list: found, filter })
    }

    async fn page(&self, position: Position<Key>, size: u16) -> web::Result<Page<LineRow, Key>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let shell = self.officer.shell(state, format!("{}　{}措施清单", self.list.body, self.list.quarter_label()));
        let subdistricts = codelist::subdistricts(&state.pool, &self.officer.scope, state.clock.today()).await?;
        Ok(LinesPage { shell, view, list: self.list.clone(), subdistricts }.render()?)
    }

    fn file_name(&self) -> String {
        format!("measures-{}-{}-{}", self.list.body.code(), self.list.year, self.list.quarter)
    }
}
