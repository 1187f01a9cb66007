//! `GET /contracts`: the register with filters by stage and by what is late, as a page and as a file.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::found::{self, Cursor, Page, Pressing, Row, SortKey, Wanted};
use crate::account::list::Paths;
use crate::account::{Access, List, Officer};
use crate::base::clock::china_minute;
use crate::codelist::{Choice, subdistricts};
use crate::contract::present::{condition_badge, mu, segment, square_metres, wan};
use crate::contract::stage::{Condition, Stage};
use crate::contract::terms::ContractKind;
use crate::db::Scope;
use crate::db::count::Total;
use crate::db::keyset::Position;
use crate::obligations::asked::{narrowed, question};
use crate::obligations::present::suspicion_badge;
use crate::obligations::summary::Suspicion;
use crate::web::list::{Cell, Column, Parameters, View, address, is_descending, non_empty, read};
use crate::web::{self, AppState, Shell};

/// The address of the list. Every field may be absent or empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ListParameters {
    pub q: String,
    pub stage: String,
    pub pressing: String,
    pub kind: String,
    pub subdistrict: String,
    pub as_of: String,
    pub known_at: String,
    pub sort: String,
    pub order: String,
    pub size_of_page: String,
    pub after: String,
}

impl Parameters for ListParameters {
    const SORTED_BY: &'static str = "number";

    /// Each key has one order.
    fn sorted(&self, key: &str) -> String {
        self.address(&[("sort", key), ("order", "")])
    }
}

/// The register as somebody asks for it.
pub struct ContractList {
    state: AppState,
    officer: Officer,
    parameters: ListParameters,
    scope: Scope,
    wanted: Wanted,
}

#[derive(Template)]
#[template(path = "obligations/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    subdistricts: Vec<Choice>,
    as_of: NaiveDate,
    known_at: Option<DateTime<Utc>>,
    may_write: bool,
    may_import: bool,
}

impl List for ContractList {
    type Parameters = ListParameters;
    type Row = Row;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/contracts");
    const SHEET: &'static str = "合同";

    fn columns() -> Vec<Column<Self, Row>> {
        vec![
            Column::both(
                "合同编号",
                |list: &ContractList, row: &Row| list.contract(row),
                |_, row: &Row| row.number.as_str().into(),
            )
            .sorted("number"),
            Column::file("供地方式", |_, row: &Row| row.kind.label().into()),
            Column::file("受让人信用代码", |_, row: &Row| row.grantee.as_str().into()),
            Column::both("受让人", |_, row: &Row| grantee(row), |_, row: &Row| row.grantee_name.clone().into()),
            Column::file("宗地代码", |_, row: &Row| row.parcels.join("、").into()),
            Column::file("出让面积（平方米）", |_, row: &Row| row.granted_area.shown_square_metres().into()),
            Column::file("出让面积（亩）", |_, row: &Row| row.granted_area.0.normalize().into()),
            Column::file("合同总价（元）", |_, row: &Row| row.price.0.into()),
            Column::file("签订日期", |_, row: &Row| row.signed_on.into()),
            Column::both("阶段", |_, row: &Row| stage(row), |_, row: &Row| row.summary.standing.stage.label().into()),
            Column::file("阶段起始日", |_, row: &Row| row.summary.standing.since.into()),
            Column::file("状况", |_, row: &Row| row.summary.standing.condition.label().into()),
            Column::page("出让面积", |_, row: &Row| area(row)).number(),
            Column::page("总价（万元）", |_, row: &Row| Cell::text(wan(&row.price.0))).number(),
            Column::page("逾期", |_, row: &Row| overdue(row)).sorted("late"),
            Column::file("逾期事项（项）", |_, row: &Row| (row.summary.overdue as i64).into()),
            Column::file("最长逾期（日）", |_, row: &Row| row.summary.days_late.into()),
            Column::file("30日内到期（项）", |_, row: &Row| (row.summary.due_soon as i64).into()),
            Column::file("闲置判断", |_, row: &Row| row.summary.idle.label().into()),
            Column::page("下一到期", |_, row: &Row| next(row)).sorted("due"),
            Column::file("下一事项", |_, row: &Row| row.summary.next.map(|(duty, _)| duty.label()).into()),
            Column::file("下一到期日", |_, row: &Row| row.summary.next.map(|(_, day)| day).into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        is_descending(&parameters.order)?;
        let wanted = Wanted {
            question: question(state, &parameters.as_of, &parameters.known_at, None).await?,
            text: non_empty(&parameters.q).map(str::to_owned),
            stage: read(&parameters.stage, "没有这样的阶段")?,
            pressing: read(&parameters.pressing, "没有这样的履行情况")?,
            kind: read(&parameters.kind, "没有这样的供地方式")?,
            sort: read(&parameters.sort, "不能按此排序")?.unwrap_or(SortKey::Number),
        };
        let scope = narrowed(&officer, &parameters.subdistrict)?;
        Ok(ContractList { state: state.clone(), officer, parameters: parameters.clone(), scope, wanted })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> web::Result<Page> {
        Ok(found::page(&self.state.pool, &self.scope, &self.wanted, &position, size.into()).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(found::total(&self.state.pool, &self.scope, &self.wanted).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let question = &self.wanted.question;
        let page = ListPage {
            shell: self.officer.shell(state, "合同"),
            view,
            subdistricts: subdistricts(&state.pool, &self.officer.scope, question.as_of).await?,
            as_of: question.as_of,
            known_at: non_empty(&self.parameters.known_at).map(|_| question.known_at),
            may_write: self.officer.may(Access::WriteContracts),
            may_import: self.officer.may(Access::ImportFiles),
        };
        Ok(page.render()?)
    }
}

impl ContractList {
    /// Leads to its page on the same day and with the same knowledge.
    fn contract(&self, row: &Row) -> Cell {
        let fields = [("as_of", self.parameters.as_of.as_str()), ("known_at", &self.parameters.known_at)];
        let href = format!("/contracts/{}{}", segment(&row.number), address(&fields, "", ""));
        Cell::link(href, &row.number).note(format!("{} · {} 签订", row.kind, row.signed_on))
    }
}

fn grantee(row: &Row) -> Cell {
    let cell = match &row.grantee_name {
        Some(name) => Cell::link(format!("/enterprises/{}", row.grantee), name),
        None => Cell::default().and("mh-code", &row.grantee),
    };
    row.parcels.iter().fold(cell, |cell, code| cell.linked("mh-code small", format!("/parcels/{code}"), code))
}

fn stage(row: &Row) -> Cell {
    let (standing, idle) = (&row.summary.standing, row.summary.idle);
    let mut cell = Cell::text(standing.stage);
    if standing.condition != Condition::Normal {
        cell = cell.and_badge(condition_badge(&standing.condition), standing.condition);
    }
    if idle != Suspicion::No {
        cell = cell.and_badge(suspicion_badge(&idle), format!("闲置：{idle}"));
    }
    cell.note(format!("自 {}", standing.since))
}

fn area(row: &Row) -> Cell {
    let area = &row.granted_area;
    Cell::text(format!("{} 平方米", square_metres(area))).note(format!("{} 亩", mu(area)))
}

fn overdue(row: &Row) -> Cell {
    let summary = &row.summary;
    match summary.overdue {
        0 => Cell::text("无"),
        overdue => Cell::badge("bg-red-lt", format!("{overdue} 项，最长 {} 日", summary.days_late)),
    }
}

fn next(row: &Row) -> Cell {
    match row.summary.next {
        Some((duty, day)) => Cell::text(duty.label()).note(day),
        None => Cell::text("—"),
    }
}
