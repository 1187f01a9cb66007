//! What differs between register and ground, as a page and as files.

use askama::Template;
use serde::{Deserialize, Serialize};

use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::survey::ledger::choices;
use crate::survey::present::difference_badge;
use crate::survey::rounds;
use crate::survey::store::differences::{self, Difference, DifferenceKey, Filter};
use crate::survey::wording::parcel_address;
use crate::survey::{DifferenceKind, DifferenceState};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};
use crate::workflow::Number;

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct DifferenceParameters {
    /// The number of a round.
    pub round: String,
    /// `proposed`, `taken_over`, `refused` or `overtaken`.
    pub state: String,
    /// `tenant`, `supply_status` or `land_use`.
    pub kind: String,
    /// A parcel code.
    pub q: String,
    /// `next` of the page before.
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for DifferenceParameters {}

pub struct DifferenceList {
    state: AppState,
    officer: Officer,
    filter: Filter,
}

#[derive(Template)]
#[template(path = "survey/differences.html")]
struct ListPage {
    shell: Shell,
    view: View,
    rounds: Vec<(String, String)>,
}

impl List for DifferenceList {
    type Parameters = DifferenceParameters;
    type Row = Difference;
    type Key = DifferenceKey;

    const PATHS: Paths = crate::list_paths!("/survey/differences");
    const SHEET: &'static str = "台账与现场差异";

    fn columns() -> Vec<Column<Self, Difference>> {
        vec![
            Column::both("宗地代码", |_, row| code(row), |_, row| row.code.as_str().into()),
            Column::file("摸底调查", |_, row| number(row).to_string().into()),
            Column::file("街道代码", |_, row| row.subdistrict.as_str().into()),
            Column::both("差异", |_, row: &Difference| Cell::text(row.kind), |_, row| row.kind.label().into()),
            Column::both(
                "台账",
                |_, row: &Difference| Cell::text(&row.registered),
                |_, row| row.registered.as_str().into(),
            ),
            Column::both("现场", |_, row: &Difference| Cell::text(&row.found), |_, row| row.found.as_str().into()),
            Column::both(
                "核实",
                |_, row: &Difference| Cell::text(row.found_on).note(&row.found_by_name),
                |_, row| row.found_on.into(),
            ),
            Column::file("核实人", |_, row| row.found_by_name.as_str().into()),
            Column::both(
                "处理",
                |_, row: &Difference| Cell::badge(difference_badge(&row.state), row.state).note_of(row.reason.clone()),
                |_, row| row.state.label().into(),
            ),
            Column::file("处理人", |_, row| row.decided_by_name.clone().into()),
            Column::file("理由", |_, row| row.reason.clone().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &DifferenceParameters) -> web::Result<Self> {
        let round = match non_empty(&parameters.round) {
            Some(number) => Some(rounds::of_number(&officer.act(state), number).await?.id),
            None => None,
        };
        let filter = Filter {
            round,
            state: read::<DifferenceState>(&parameters.state, "没有这种处理状态")?,
            kind: read::<DifferenceKind>(&parameters.kind, "没有这种差异")?,
            code: non_empty(&parameters.q).map(str::to_uppercase),
        };
        Ok(DifferenceList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<DifferenceKey>, size: u16) -> web::Result<Page<Difference, DifferenceKey>> {
        Ok(differences::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(differences::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let shell = self.officer.shell(state, "台账与现场差异");
        Ok(ListPage { shell, view, rounds: choices(state, &self.officer).await? }.render()?)
    }
}

fn number(row: &Difference) -> Number {
    Number { year: row.round_year, serial: row.round_serial }
}

fn code(row: &Difference) -> Cell {
    Cell::link(parcel_address(number(row), &row.code), &row.code).note(number(row))
}
