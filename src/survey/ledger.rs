//! The ledger of a round: its parcels with class and ground, as a page and as files.

use askama::Template;
use serde::{Deserialize, Serialize};

use super::present::badge;
use super::rounds;
use super::store::parcels::{self, Entry, Filter, Stood};
use super::store::rounds::{self as round_store, Round};
use super::view::mu;
use super::wording::{address, parcel_address};
use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::base::unit::grouped;
use crate::codelist::{self, Choice, CrossWalk};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct LedgerParameters {
    /// The number of a round, such as 2026-0001; the newest without it.
    pub round: String,
    /// A class by its code, `not_determinable` or `awaiting`.
    pub stood: String,
    /// Nine digits.
    pub subdistrict: String,
    /// The beginning of a parcel code.
    pub q: String,
    /// `next` of the page before.
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for LedgerParameters {}

pub struct Ledger {
    state: AppState,
    officer: Officer,
    /// None where no round was ever opened.
    pub round: Option<Round>,
    filter: Filter,
}

#[derive(Template)]
#[template(path = "survey/parcels.html")]
struct LedgerPage {
    shell: Shell,
    view: View,
    round: Option<Round>,
    rounds: Vec<(String, String)>,
    subdistricts: Vec<Choice>,
}

/// The round that is asked for, else the newest.
///
/// # Errors
/// There is none of that number.
pub(super) async fn asked_round(state: &AppState, officer: &Officer, number: &str) -> web::Result<Option<Round>> {
    match non_empty(number) {
        Some(number) => Ok(Some(rounds::of_number(&officer.act(state), number).await?)),
        None => Ok(round_store::newest(&state.pool, &officer.scope).await?),
    }
}

/// Numbers of rounds and what they are called, the newest first.
pub(super) async fn choices(state: &AppState, officer: &Officer) -> web::Result<Vec<(String, String)>> {
    let all = round_store::all(&state.pool, &officer.scope).await?;
    let choice = |round: &Round| (round.number().to_string(), format!("{} {}", round.number(), round.name));
    Ok(all.iter().map(choice).collect())
}

impl List for Ledger {
    type Parameters = LedgerParameters;
    type Row = Entry;
    type Key = String;

    const PATHS: Paths = crate::list_paths!("/survey/parcels");
    const SHEET: &'static str = "工业用地摸底台账";

    fn columns() -> Vec<Column<Self, Entry>> {
        vec![
            Column::both("宗地代码", |list, entry| list.code(entry), |_, entry| entry.code.as_str().into()),
            Column::file("宗地名称", |_, entry| entry.name.clone().into()),
            Column::both(
                "街道代码",
                |_, entry: &Entry| Cell::text(&entry.subdistrict),
                |_, entry| entry.subdistrict.as_str().into(),
            ),
            Column::both(
                "登记面积（亩）",
                |_, entry: &Entry| Cell::or_missing(entry.area_m2.map(|area| grouped(mu(area), 4))),
                |_, entry| entry.area_m2.map(mu).into(),
            )
            .number(),
            Column::file("登记面积（平方米）", |_, entry| entry.area_m2.into()),
            Column::file("用地分类标准", |_, entry| entry.land_use_scheme.clone().into()),
            Column::both(
                "登记用途代码",
                |_, entry: &Entry| Cell::or_missing(entry.land_use_code.as_ref()),
                |_, entry| entry.land_use_code.clone().into(),
            ),
            Column::file("列入依据", |_, entry| entry.listed_by.label().into()),
            Column::both(
                "台账供应状态",
                |_, entry: &Entry| Cell::text(entry.supply_status),
                |_, entry| entry.supply_status.label().into(),
            ),
            Column::both(
                "分类",
                |_, entry: &Entry| {
                    let stood = Stood::of(entry.state, entry.class);
                    Cell::badge(badge(&stood), stood).note_of(entry.ground.map(|ground| ground.to_string()))
                },
                |_, entry| Stood::of(entry.state, entry.class).label().into(),
            ),
            Column::file("分类依据", |_, entry| entry.ground.map(|ground| ground.label()).into()),
            Column::both(
                "核实日期",
                |_, entry: &Entry| Cell::or_missing(entry.visited_on),
                |_, entry| entry.visited_on.into(),
            ),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &LedgerParameters) -> web::Result<Self> {
        let round = asked_round(state, &officer, &parameters.round).await?;
        let filter = Filter {
            // No round has this number.
            round: round.as_ref().map(|round| round.id).unwrap_or_default(),
            stood: read(&parameters.stood, "没有这种分类")?,
            subdistrict: non_empty(&parameters.subdistrict).map(|code| CrossWalk::embedded().present_subdistrict(code)),
            code: non_empty(&parameters.q).map(str::to_uppercase),
        };
        Ok(Ledger { state: state.clone(), officer, round, filter })
    }

    async fn page(&self, position: Position<String>, size: u16) -> web::Result<Page<Entry, String>> {
        Ok(parcels::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(parcels::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let title = match &self.round {
            Some(round) => format!("摸底台账 {}　{}", round.number(), round.name),
            None => "摸底台账".to_owned(),
        };
        let page = LedgerPage {
            shell: self.officer.shell(state, title),
            view,
            round: self.round.clone(),
            rounds: choices(state, &self.officer).await?,
            subdistricts: codelist::subdistricts(&state.pool, &self.officer.scope, state.clock.today()).await?,
        };
        Ok(page.render()?)
    }
}

impl Ledger {
    fn code(&self, entry: &Entry) -> Cell {
        let cell = match &self.round {
            Some(round) => Cell::link(parcel_address(round.number(), &entry.code), &entry.code),
            None => Cell::text(&entry.code),
        };
        cell.note_of(entry.name.clone())
    }
}
