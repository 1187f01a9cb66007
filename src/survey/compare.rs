//! Two rounds side by side: what moved from class to class, in parcels and in mu, as a page and as files.

use askama::Template;
use serde::{Deserialize, Serialize};

use super::ledger::{asked_round, choices};
use super::present::badge;
use super::store::comparing::{self, Moved, MovedKey};
use super::store::parcels::Stood;
use super::store::rounds::{self as round_store, Round};
use super::view::mu;
use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::base::unit::grouped;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::web::list::{Cell, Column, Parameters, View, non_empty};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct CompareParameters {
    /// The number of the earlier round; the one before the later without it.
    pub before: String,
    /// The number of the later round; the newest without it.
    pub after_round: String,
    /// `next` of the page before.
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for CompareParameters {}

pub struct Comparison {
    officer: Officer,
    /// Summed over both rounds once, for the rows and for how many they are.
    moved: Vec<Moved>,
    pub before: Option<Round>,
    pub after: Option<Round>,
}

#[derive(Template)]
#[template(path = "survey/compare.html")]
struct ComparePage {
    shell: Shell,
    view: View,
    before: Option<Round>,
    after: Option<Round>,
    rounds: Vec<(String, String)>,
}

fn stood(code: &str) -> Cell {
    match Stood::parse(code) {
        Some(stood) => Cell::badge(badge(&stood), stood),
        None => Cell::text(words(code)),
    }
}

fn words(code: &str) -> String {
    Stood::parse(code).map_or_else(|| "不在该次调查中".to_owned(), |stood| stood.to_string())
}

impl List for Comparison {
    type Parameters = CompareParameters;
    type Row = Moved;
    type Key = MovedKey;

    const PATHS: Paths = crate::list_paths!("/survey/compare");
    const SHEET: &'static str = "摸底调查比较";

    fn columns() -> Vec<Column<Self, Moved>> {
        vec![
            Column::both("前次分类", |_, moved: &Moved| stood(&moved.before), |_, moved| words(&moved.before).into()),
            Column::both("后次分类", |_, moved: &Moved| stood(&moved.after), |_, moved| words(&moved.after).into()),
            Column::both(
                "宗数",
                |_, moved: &Moved| Cell::text(moved.parcels),
                |_, moved| moved.parcels.to_string().into(),
            )
            .number(),
            Column::both(
                "登记面积（亩）",
                |_, moved: &Moved| {
                    let cell = Cell::text(grouped(mu(moved.area_m2), 4));
                    let without = (moved.unmeasured > 0).then(|| format!("另有 {} 宗未登记面积", moved.unmeasured));
                    cell.note_of(without)
                },
                |_, moved| mu(moved.area_m2).into(),
            )
            .number(),
            Column::file("未登记面积（宗）", |_, moved| moved.unmeasured.to_string().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &CompareParameters) -> web::Result<Self> {
        let after = asked_round(state, &officer, &parameters.after_round).await?;
        let before = match (non_empty(&parameters.before), &after) {
            (Some(number), _) => asked_round(state, &officer, number).await?,
            (None, Some(after)) => {
                let all = round_store::all(&state.pool, &officer.scope).await?;
                all.into_iter().find(|round| (round.year, round.serial) < (after.year, after.serial))
            }
            (None, None) => None,
        };
        let moved = match before.as_ref().zip(after.as_ref()) {
            Some((before, after)) => comparing::moved(&state.pool, &officer.scope, (before.id, after.id)).await?,
            None => Vec::new(),
        };
        Ok(Comparison { officer, moved, before, after })
    }

    async fn page(&self, position: Position<MovedKey>, size: u16) -> web::Result<Page<Moved, MovedKey>> {
        let mut rows: Vec<Moved> =
            self.moved.iter().filter(|moved| position.lies_beyond(&moved.key())).cloned().collect();
        if position.is_back() {
            rows.reverse();
        }
        Ok(position.paginate(rows, size.into(), Moved::key))
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(Total::of(self.moved.len() as i64))
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let page = ComparePage {
            shell: self.officer.shell(state, "摸底调查比较"),
            view,
            before: self.before.clone(),
            after: self.after.clone(),
            rounds: choices(state, &self.officer).await?,
        };
        Ok(page.render()?)
    }
}
