//! 宗地: the list with its filters and files. What changes parcels is in [`changes`].

pub mod changes;

use askama::Template;
use rust_decimal::Decimal;

use super::list::{Cursor, ListParameters, ListQuery, Row};
use super::{SupplyStatus, store};
use crate::account::list::Paths;
use crate::account::{Access, List, Officer, Routes};
use crate::base::unit::{SquareMetre, grouped};
use crate::codelist;
use crate::db::count::Total;
use crate::db::keyset::Position;
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Shell};

pub fn routes() -> Routes {
    Routes::new().list::<ParcelList>(Access::ReadRegisters).merge(changes::routes())
}

struct ParcelList {
    state: AppState,
    officer: Officer,
    query: ListQuery,
}

#[derive(Template)]
#[template(path = "parcel/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    subdistricts: Vec<codelist::Choice>,
    land_uses: Vec<codelist::Choice>,
    may_write: bool,
}

impl List for ParcelList {
    type Parameters = ListParameters;
    type Row = Row;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/parcels");
    const SHEET: &'static str = "宗地";

    fn columns() -> Vec<Column<Self, Row>> {
        vec![
            Column::both("宗地代码", |_, row| code(row), |_, row| row.code.as_str().into()).sorted("code"),
            Column::file("宗地名称", |_, row| row.name.clone().into()),
            Column::file("街道代码", |_, row| row.subdistrict.clone().into()),
            Column::both("街道", |_, row| place(row), |_, row| row.subdistrict_name.clone().into()),
            Column::file("代码所示街道代码", |_, row| row.registered_subdistrict.as_str().into()),
            Column::both(
                "登记面积（平方米）",
                |_, row: &Row| Cell::text(metres(&row.official_area_m2)),
                |_, row| row.official_area_m2.into(),
            )
            .sorted("area")
            .number(),
            Column::both(
                "登记面积（亩）",
                |_, row| Cell::or_missing(mu(row).map(|mu| grouped(mu, 4))),
                |_, row| mu(row).map(|mu| mu.normalize()).into(),
            )
            .number(),
            Column::file("平面面积（平方米）", |_, row| row.plane_area_m2.into()),
            Column::file("椭球面积（平方米）", |_, row| row.geodesic_area_m2.into()),
            Column::file("用地分类标准", |_, row| row.land_use_scheme.clone().into()),
            Column::file("用地代码", |_, row| row.land_use_code.clone().into()),
            Column::page("土地用途", |_, row| land_use(row)),
            Column::file("用地名称", |_, row| row.land_use_name.clone().into()),
            Column::both(
                "供应状态",
                |_, row| Cell::badge(badge(row.supply_status), row.supply_status),
                |_, row| row.supply_status.label().into(),
            ),
            Column::file("起始日期", |_, row| row.valid.from.into()),
            Column::file("终止日期（不含当日）", |_, row| row.valid.until.into()),
            Column::page("操作", |_, row| changes_of(row)).when(|list| list.may_write()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        Ok(ParcelList { query: parameters.query(state.clock.today())?, state: state.clone(), officer })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> web::Result<store::Page> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.query, &position, size, false).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.query).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let (pool, scope) = (&state.pool, &self.officer.scope);
        let (subdistricts, land_uses) = tokio::try_join!(
            codelist::subdistricts(pool, scope, self.query.on),
            store::land_uses_occurring(pool, scope)
        )?;
        let (shell, may_write) = (self.officer.shell(state, "宗地"), self.may_write());
        Ok(ListPage { shell, view, subdistricts, land_uses, may_write }.render()?)
    }
}

impl ParcelList {
    fn may_write(&self) -> bool {
        self.officer.may(Access::WriteParcels)
    }
}

/// What may be done with a parcel that has not ended.
fn changes_of(row: &Row) -> Cell {
    let leads =
        |cell: Cell, to: &str, words: &str| cell.linked("btn btn-sm", format!("/parcels/{}/{to}", row.code), words);
    match row.valid.until {
        Some(_) => Cell::default(),
        None => leads(leads(Cell::default(), "adjust", "变更"), "split", "分割"),
    }
}

fn code(row: &Row) -> Cell {
    let until = row.valid.until.map(|until| format!("{until} 终止"));
    Cell::code(format!("/parcels/{}", row.code), &row.code).note_of(row.name.as_ref()).note_of(until)
}

fn place(row: &Row) -> Cell {
    let cell = Cell::or_missing(row.subdistrict_name.as_ref());
    if row.subdistrict.is_none() {
        cell.note("按代码，位置未核对")
    } else if row.misplaced() {
        cell.warning(format!("代码所示为 {}", row.registered_subdistrict))
    } else {
        cell
    }
}

fn metres(area: &Option<Decimal>) -> String {
    area.map_or("未登记".into(), |area| grouped(area, 2))
}

fn mu(row: &Row) -> Option<Decimal> {
    row.official_area_m2.map(|area| SquareMetre(area).to_mu().0)
}

fn land_use(row: &Row) -> Cell {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let source = format!("{}（{}）", said(&row.land_use_code), said(&row.land_use_scheme));
    let cell = Cell::or_missing(row.land_use_name.as_ref());
    if row.land_use_name.is_some() { cell.note(source) } else { cell }
}

/// The colour of a supply status; the word stands beside it.
fn badge(status: SupplyStatus) -> &'static str {
    match status {
        SupplyStatus::ApprovedNotSupplied => "bg-azure-lt",
        SupplyStatus::SuppliedNotUsed => "bg-yellow-lt",
        SupplyStatus::InUse => "bg-green-lt",
        SupplyStatus::Idle => "bg-orange-lt",
        SupplyStatus::LowEfficiency => "bg-red-lt",
    }
}
