//! What every enterprise is entitled to or liable for on a day.

use askama::Template;
use chrono::NaiveDate;

use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::codelist;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::entitlement::{Body, Outcome};
use crate::exchange::sheet::Value;
use crate::measures::asked::ListParameters;
use crate::measures::list::{Filter, Key, Row};
use crate::measures::present::outcome_badge;
use crate::measures::reading::Reading;
use crate::measures::table;
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Shell};

pub struct DueList {
    state: AppState,
    officer: Officer,
    reading: Reading,
    filter: Filter,
}

#[derive(Template)]
#[template(path = "measures/due.html")]
struct DuePage {
    shell: Shell,
    view: View,
    on: NaiveDate,
    graded_year: i32,
    /// Categories with a binding result of the year before.
    graded: Vec<&'static str>,
    /// Id and title of those that can act on the day.
    measures: Vec<(String, String)>,
    grades: Vec<(String, String)>,
    subdistricts: Vec<codelist::Choice>,
}

fn figure(text: &Option<String>) -> Value {
    text.as_deref().map_or(Value::Empty, table::figure)
}

impl List for DueList {
    type Parameters = ListParameters;
    type Row = Row;
    type Key = Key;

    const PATHS: Paths = crate::list_paths!("/measures");
    const SHEET: &'static str = table::TITLE;

    fn columns() -> Vec<Column<Self, Row>> {
        vec![
            Column::both(
                "企业名称",
                |list: &Self, row: &Row| {
                    let href = format!("/measures/ask?uscc={}&on={}", row.subject.uscc, list.reading.day);
                    Cell::link(href, &row.subject.name).note(&row.subject.uscc)
                },
                |_, row: &Row| row.subject.name.as_str().into(),
            ),
            Column::file("统一社会信用代码", |_, row: &Row| row.subject.uscc.as_str().into()),
            Column::file("街道代码", |_, row: &Row| row.subject.subdistrict.clone().into()),
            Column::both(
                "措施",
                |list: &DueList, row: &Row| Cell::text(&row.title).note(list.reading.source(&row.line.measure)),
                |_, row: &Row| row.title.as_str().into(),
            ),
            Column::file("措施编号", |_, row: &Row| row.line.measure.as_str().into()),
            Column::file("依据", |list: &DueList, row: &Row| list.reading.source(&row.line.measure).into()),
            Column::both(
                "执行单位",
                |_, row: &Row| Cell::text(row.executing).note_of(Some(row.customers()).filter(|it| !it.is_empty())),
                |_, row: &Row| row.executing.label().into(),
            ),
            Column::file("户号", |_, row: &Row| row.customers().into()),
            Column::page("档次", |_, row: &Row| {
                Cell::text(&row.line.grade).note(format!("连续{}年", row.line.years))
            }),
            Column::file("档次", |_, row: &Row| row.line.grade.as_str().into()),
            Column::file("连续年数", |_, row: &Row| {
                Value::Integer(i64::try_from(row.line.years).unwrap_or(i64::MAX))
            }),
            Column::file("基数", |_, row: &Row| figure(&row.line.base)),
            Column::file("单位", |_, row: &Row| row.line.unit.clone().into()),
            Column::file("标准", |_, row: &Row| figure(&row.line.rate)),
            Column::both(
                "金额（元）",
                |_, row: &Row| Cell::text(row.line.amount.as_deref().unwrap_or("—")),
                |_, row: &Row| figure(&row.line.amount),
            )
            .number(),
            Column::both(
                "结论",
                |_, row: &Row| Cell::badge(outcome_badge(row.line.outcome), row.line.outcome).note(&row.line.why),
                |_, row: &Row| row.line.outcome.label().into(),
            ),
            Column::file("说明", |_, row: &Row| row.line.why.as_str().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let (day, filter) = (parameters.day(state.clock.today())?, parameters.filter()?);
        let reading = Reading::of(&state.pool, &officer.scope, day).await?;
        Ok(DueList { state: state.clone(), officer, reading, filter })
    }

    async fn page(&self, position: Position<Key>, size: u16) -> web::Result<Page<Row, Key>> {
        Ok(self.reading.page(&self.state.pool, &self.officer.scope, &self.filter, position, size).await?)
    }

    /// Lines are worked out as they are read, so that counting them is working all of them out.
    async fn total(&self) -> web::Result<Total> {
        Ok(Total::NotCounted)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let day = self.reading.day;
        let named = |id: &String, title: &String| (id.clone(), title.clone());
        let mut grades: Vec<String> = self.reading.measures.iter().flat_map(|it| it.grades.clone()).collect();
        grades.sort_unstable();
        grades.dedup();
        let page = DuePage {
            shell: self.officer.shell(state, format!("差别化措施（{day}）")),
            view,
            on: day,
            graded_year: crate::evaluation::acting::graded_year(day),
            graded: self.reading.graded().into_iter().map(|category| category.label()).collect(),
            measures: self.reading.measures.iter().map(|it| named(&it.id, &it.title)).collect(),
            grades: grades.into_iter().map(|grade| (grade.clone(), grade)).collect(),
            subdistricts: codelist::subdistricts(&state.pool, &self.officer.scope, state.clock.today()).await?,
        };
        Ok(page.render()?)
    }

    fn file_name(&self) -> String {
        let of = self.filter.executing.map(|body| format!("-{}", body.code())).unwrap_or_default();
        format!("measures-{}{of}", self.reading.day)
    }
}
