//! 企业: the list with its filters and files, and one enterprise with everything on record about it.

mod editing;
mod occupying;
mod one;

use askama::Template;
use rust_decimal::Decimal;

use super::list::{Cursor, ListParameters, ListQuery, Row};
use super::store::{self, Page};
use super::{EnterpriseState, Sector, SizeClass};
use crate::account::list::Paths;
use crate::account::{Access, List, Officer, Routes};
use crate::base::unit::{Mu, grouped};
use crate::codelist;
use crate::db::count::Total;
use crate::db::keyset::Position;
use crate::room::SubjectLinks;
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Shell};

/// `links` are what the rooms above show of an enterprise.
pub fn routes(links: Vec<SubjectLinks>) -> Routes {
    Routes::new()
        .list::<EnterpriseList>(Access::ReadRegisters)
        .get("/enterprises/{uscc}", Access::ReadRegisters, move |state, officer, uscc| {
            one::show(state, officer, uscc, links.clone())
        })
        .post("/enterprises/{uscc}/figures/{id}/confirm", Access::ConfirmFigures, one::confirm)
        .post("/enterprises/{uscc}/figures/{id}/correct", Access::ConfirmFigures, one::correct)
        .merge(editing::routes())
        .merge(occupying::routes())
}

struct EnterpriseList {
    state: AppState,
    officer: Officer,
    query: ListQuery,
}

#[derive(Template)]
#[template(path = "enterprise/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    subdistricts: Vec<codelist::Choice>,
    industries: Vec<codelist::Choice>,
    may_write: bool,
}

impl List for EnterpriseList {
    type Parameters = ListParameters;
    type Row = Row;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/enterprises");
    const SHEET: &'static str = "企业";

    fn columns() -> Vec<Column<Self, Row>> {
        vec![
            Column::page("企业", |_, row| name(row)).sorted("name"),
            Column::both(
                "统一社会信用代码",
                |_, row: &Row| Cell::default().and("mh-code", &row.uscc),
                |_, row| row.uscc.as_str().into(),
            )
            .sorted("uscc"),
            Column::file("企业名称", |_, row| row.name.as_str().into()),
            Column::file("经营状态", |_, row| row.state.label().into()),
            Column::file("类别", |_, row| row.sector.label().into()),
            Column::file("规模", |_, row| row.size_class.label().into()),
            Column::file("行业标准", |_, row| row.industry_edition.clone().into()),
            Column::file("行业代码", |_, row| row.industry_code.clone().into()),
            Column::file("行业名称", |_, row| row.industry_name.clone().into()),
            Column::page("行业", |_, row| Cell::or_missing(industry(row))),
            Column::page("类别与规模", |_, row| Cell::text(kind(row))),
            Column::file("高新技术企业", |_, row| row.high_tech.map(|yes| if yes { "是" } else { "否" }).into()),
            Column::file("产业平台", |_, row| row.platform.clone().into()),
            Column::file("街道代码", |_, row| row.subdistrict.clone().into()),
            Column::both(
                "街道",
                |_, row| Cell::or_missing(row.subdistrict_name.as_ref()),
                |_, row| row.subdistrict_name.clone().into(),
            ),
            Column::file("成立日期", |_, row| row.established_on.into()),
            Column::page("状态", |_, row| Cell::badge(badge(&row.state), row.state)),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        Ok(EnterpriseList { query: parameters.query(state.clock.today())?, state: state.clone(), officer })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> web::Result<Page> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.query, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.query).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let (pool, scope) = (&state.pool, &self.officer.scope);
        let (subdistricts, industries) =
            tokio::try_join!(codelist::subdistricts(pool, scope, self.query.on), store::industries(pool, scope))?;
        let (shell, may_write) = (self.officer.shell(state, "企业"), self.officer.may(Access::WriteEnterprises));
        Ok(ListPage { shell, view, subdistricts, industries, may_write }.render()?)
    }
}

fn name(row: &Row) -> Cell {
    let former = row.former_name.as_ref().map(|former| format!("曾用名 {former}"));
    Cell::link(format!("/enterprises/{}", row.uscc), &row.name).note_of(former)
}

fn industry(row: &Row) -> Option<String> {
    let code = row.industry_code.as_ref()?;
    Some(format!("{code} {}", row.industry_name.as_deref().unwrap_or_default()))
}

fn kind(row: &Row) -> String {
    let high_tech = if row.high_tech == Some(true) { " · 高新" } else { "" };
    format!("{} · {}{high_tech}", row.sector, row.size_class)
}

/// The colour of a state; the word stands beside it.
fn badge(state: &EnterpriseState) -> &'static str {
    match state {
        EnterpriseState::Operating => "bg-green-lt",
        EnterpriseState::Moved => "bg-yellow-lt",
        EnterpriseState::Cancelled => "bg-secondary-lt",
    }
}

/// Square metres of land, for the eye.
fn metres(land: &Option<Mu>) -> String {
    land.and_then(|land| land.square_metres().rounded(2)).map_or("—".into(), |area| grouped(area, 2))
}

fn area(area: &Option<Decimal>) -> String {
    area.map_or("—".into(), |area| grouped(area, 2))
}
