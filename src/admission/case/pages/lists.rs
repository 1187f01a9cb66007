//! All cases: the list with its files, and where they lie.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use rust_decimal::Decimal;

use super::part;
use crate::account::list::Paths;
use crate::account::{Access, List, Officer};
use crate::admission::case::list::{Cursor, Filter, ListParameters};
use crate::admission::case::store::listing::{self, Page};
use crate::admission::case::{Case, Outcome, Stage};
use crate::base::unit::{SquareMetre, grouped};
use crate::db::count::Total;
use crate::db::keyset::Position;
use crate::policy::standard::LandKind;
use crate::policy::verdict::Overall;
use crate::web::list::{Cell, Column, View};
use crate::web::{self, AppState, Shell};

pub struct CaseList {
    state: AppState,
    officer: Officer,
    filter: Filter,
}

#[derive(Template)]
#[template(path = "admission/case/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    may_file: bool,
    may_what_if: bool,
}

impl List for CaseList {
    type Parameters = ListParameters;
    type Row = Case;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/admission/cases");
    const SHEET: &'static str = "准入案件";

    fn columns() -> Vec<Column<Self, Case>> {
        vec![
            Column::both("案号", |_, case| number(case), |_, case| case.number_or_draft().into()),
            Column::page("项目", |_, case| Cell::text(&case.project).note(&case.investor)),
            Column::file("项目名称", |_, case| case.project.as_str().into()),
            Column::file("投资主体", |_, case| case.investor.as_str().into()),
            Column::file("统一社会信用代码", |_, case| case.uscc.clone().into()),
            Column::file("行业代码", |_, case| case.industry_code.clone().into()),
            Column::file("土地类型", |_, case| {
                case.land_kind.as_deref().and_then(LandKind::parse).map(LandKind::label).into()
            }),
            Column::file("用地面积（平方米）", |_, case| case.site_area_m2.into()),
            Column::both(
                "用地面积（亩）",
                |_, case| Cell::text(mu(case)),
                |_, case| exact_mu(case).map(|mu| mu.normalize()).into(),
            )
            .number(),
            Column::both("申请日期", |_, case| Cell::or_missing(case.applied_on), |_, case| case.applied_on.into()),
            Column::both("办理状态", |list, case| list.standing(case), |_, case| case.stage.label().into()),
            Column::both(
                "核查结论",
                |_, case| case.verdict.map_or_else(|| Cell::text("—"), |it| Cell::badge(part::overall_badge(&it), it)),
                |_, case| case.verdict.map(Overall::label).into(),
            ),
            Column::file("决定", |_, case| case.outcome.map(Outcome::label).into()),
            Column::both(
                "承办人",
                |_, case| Cell::or_missing(case.handler_name.as_ref()),
                |_, case| case.handler_name.clone().into(),
            ),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        Ok(CaseList { filter: parameters.filter(officer.account)?, state: state.clone(), officer })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> web::Result<Page> {
        let (pool, officer) = (&self.state.pool, &self.officer);
        Ok(listing::page(pool, &officer.scope, officer.account, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        let (pool, officer) = (&self.state.pool, &self.officer);
        Ok(listing::total(pool, &officer.scope, officer.account, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let title = if self.filter.mine.is_some() { "我的准入案件" } else { "准入案件" };
        let page = ListPage {
            shell: self.officer.shell(state, title),
            view,
            may_file: self.officer.may(Access::HandleCases),
            may_what_if: self.officer.may(Access::RunWhatIf),
        };
        Ok(page.render()?)
    }
}

impl CaseList {
    fn standing(&self, case: &Case) -> Cell {
        let mut cell = Cell::badge("bg-blue-lt", case.stage);
        if let Some(outcome) = case.outcome {
            let colour = if outcome == Outcome::Admitted { "bg-green-lt" } else { "bg-red-lt" };
            cell = cell.and_badge(colour, outcome);
        }
        if let Some((late, words)) = days_left(case, &self.state.clock.today()) {
            cell = cell.and_badge(if late { "bg-red-lt" } else { "bg-azure-lt" }, words);
        }
        cell
    }
}

impl ListPage {
    /// What to do where nothing is found.
    fn advice(&self) -> &'static str {
        if self.may_file { "请放宽筛选条件，或新建申请。" } else { "请放宽筛选条件。" }
    }
}

fn number(case: &Case) -> Cell {
    Cell::default().linked("text-nowrap", format!("/admission/cases/{}", case.id), case.number_or_draft())
}

fn exact_mu(case: &Case) -> Option<Decimal> {
    case.site_area_m2.map(|area| SquareMetre(area).to_mu().0)
}

pub fn mu(case: &Case) -> String {
    exact_mu(case).map_or("—".into(), |mu| grouped(mu, 2))
}

/// Days left until the earliest missing opinion is due, in words.
pub fn days_left(case: &Case, today: &chrono::NaiveDate) -> Option<(bool, String)> {
    let left = (case.opinion_due? - *today).num_days();
    Some((left < 0, if left < 0 { format!("逾期 {} 天", -left) } else { format!("剩余 {left} 天") }))
}

#[derive(Template)]
#[template(path = "admission/case/map.html")]
struct MapPage {
    shell: Shell,
    /// GeoJSON, safe inside a script element.
    sites: String,
    lines: Vec<MapLine>,
    outlines: String,
    /// There are more cases than are drawn.
    more: bool,
}

struct MapLine {
    record: String,
    id: String,
    number: String,
    project: String,
    stage: String,
    verdict: String,
}

/// Where the cases lie: red does not conform, amber cannot be determined, blue conforms.
pub async fn map(State(state): State<AppState>, officer: Officer) -> web::Result<Html<String>> {
    let (sites, more) = listing::sites(&state.pool, &officer.scope).await?;
    let (features, lines) = drawn(&sites);
    let collection = serde_json::json!({ "type": "FeatureCollection", "features": features });
    let page = MapPage {
        shell: officer.shell(&state, "准入案件地图"),
        sites: collection.to_string().replace('<', "\\u003c"),
        lines,
        outlines: format!("/map/outlines.geojson?as_of={}", state.clock.today()),
        more,
    };
    Ok(Html(page.render()?))
}

/// Features as the preview component takes them, and the lines of the table beside it.
fn drawn(sites: &serde_json::Value) -> (Vec<serde_json::Value>, Vec<MapLine>) {
    let (mut features, mut lines) = (Vec::new(), Vec::new());
    for (place, site) in sites.as_array().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
        let text = |name: &str| site["properties"][name].as_str().unwrap_or_default().to_owned();
        let verdict = Overall::parse(&text("verdict")).map_or("未核查".to_owned(), |it| it.label().to_owned());
        let stage = Stage::parse(&text("stage")).map_or(String::new(), |it| it.label().to_owned());
        let faults = match text("verdict").as_str() {
            "conforms" => serde_json::json!([]),
            "does_not_conform" => serde_json::json!([{ "severity": "error", "message": "不符合" }]),
            _ => serde_json::json!([{ "severity": "warning", "message": "无法判定" }]),
        };
        let record = (place + 1).to_string();
        let words = format!("{} {}：{stage}，核查{verdict}", text("number"), text("project"));
        features.push(serde_json::json!({ "type": "Feature", "geometry": site["geometry"],
            "properties": { "record": record, "code": text("number"), "faults": faults, "words": words } }));
        let (number, project, id) = (text("number"), text("project"), text("id"));
        lines.push(MapLine { record, id, number, project, stage, verdict });
    }
    (features, lines)
}

/// The cases that would change side: red falls out, blue comes in, amber can no longer be determined.
pub fn turned_on_map(sites: &serde_json::Value, turned: &[crate::admission::case::what_if::Turned]) -> String {
    let mut features = Vec::new();
    for site in sites.as_array().map(Vec::as_slice).unwrap_or_default() {
        let id = site["properties"]["id"].as_str().unwrap_or_default();
        let Some(change) = turned.iter().find(|change| change.case.to_string() == id) else { continue };
        let faults = match change.after {
            Overall::Conforms => serde_json::json!([]),
            Overall::DoesNotConform => serde_json::json!([{ "severity": "error", "message": "不符合" }]),
            Overall::NotDeterminable => serde_json::json!([{ "severity": "warning", "message": "无法判定" }]),
        };
        let words = format!("{} {}：{} → {}", change.number, change.project, change.before, change.after);
        features.push(serde_json::json!({ "type": "Feature", "geometry": site["geometry"],
            "properties": { "record": id, "code": change.number, "faults": faults, "words": words } }));
    }
    serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string().replace('<', "\\u003c")
}
