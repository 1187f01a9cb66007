//! Whom campaigns look at.

use askama::Template;
use serde::{Deserialize, Serialize};

use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::enforcement::TargetState;
use crate::enforcement::asked::number;
use crate::enforcement::present::target_badge;
use crate::enforcement::rules::days_kept;
use crate::enforcement::store::targets::{self as store, Target, TargetFilter, TargetKey};
use crate::enforcement::wording::{address, target_address};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// Number of a campaign.
    pub campaign: String,
    pub state: String,
    /// `1`: only those that wait for handing over.
    pub reported: String,
    /// The whole credit code.
    pub q: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct Targets {
    state: AppState,
    officer: Officer,
    filter: TargetFilter,
}

#[derive(Template)]
#[template(path = "enforcement/targets.html")]
struct TargetsPage {
    shell: Shell,
    view: View,
}

fn stood(row: &Target) -> Cell {
    let cell = Cell::badge(target_badge(row.state), row.state);
    let cell =
        if row.waits_for_handing_over() { cell.and_badge("bg-orange-lt", "已报结果，待移交") } else { cell };
    let kept = row.visited_on.zip(row.handed_on).map_or(0, |(visited, handed)| days_kept(visited, handed));
    if kept > 0 { cell.warning(format!("未当日移交，迟 {kept} 日")) } else { cell }
}

impl List for Targets {
    type Parameters = ListParameters;
    type Row = Target;
    type Key = TargetKey;

    const PATHS: Paths = crate::list_paths!("/enforcement/targets");
    const SHEET: &'static str = "联合执法名单";

    fn columns() -> Vec<Column<Self, Target>> {
        vec![
            Column::both(
                "企业",
                |_, row: &Target| {
                    Cell::link(target_address(row.campaign_number(), &row.uscc), &row.name).note(&row.uscc)
                },
                |_, row: &Target| row.name.as_str().into(),
            ),
            Column::file("统一社会信用代码", |_, row: &Target| row.uscc.as_str().into()),
            Column::both(
                "行动",
                |_, row: &Target| Cell::code(address(row.campaign_number()), row.campaign_number()),
                |_, row: &Target| row.campaign_number().to_string().into(),
            ),
            Column::both(
                "宗地",
                |_, row: &Target| Cell::code(format!("/parcels/{}", row.parcel), &row.parcel),
                |_, row: &Target| row.parcel.as_str().into(),
            ),
            Column::both("状态", |_, row: &Target| stood(row), |_, row: &Target| row.state.label().into()),
            Column::both(
                "检查日期",
                |_, row: &Target| Cell::or_missing(row.visited_on),
                |_, row: &Target| row.visited_on.into(),
            ),
            Column::both(
                "移交日期",
                |_, row: &Target| Cell::or_missing(row.handed_on),
                |_, row: &Target| row.handed_on.into(),
            ),
            Column::both(
                "问题（件）",
                |_, row: &Target| Cell::or_missing(row.found()),
                |_, row: &Target| row.found().map(i64::from).into(),
            )
            .number(),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = TargetFilter {
            campaign: number(&parameters.campaign)?,
            state: read(&parameters.state, "没有这种状态")?,
            reported: non_empty(&parameters.reported).is_some(),
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
        };
        Ok(Targets { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<TargetKey>, size: u16) -> web::Result<Page<Target, TargetKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(TargetsPage { shell: self.officer.shell(state, "联合执法检查名单"), view }.render()?)
    }
}
