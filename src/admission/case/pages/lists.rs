//! All cases: list, export, and where they lie.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Response};

use super::part;
use crate::account::{Access, Officer};
use crate::admission::case::list::ListParameters;
use crate::admission::case::store::listing::{self, Page};
use crate::admission::case::{Case, Outcome, Stage};
use crate::base::unit::{SquareMetre, grouped};
use crate::exchange::sheet::Value;
use crate::policy::standard::LandKind;
use crate::policy::verdict::Overall;
use crate::web::list::{Asked, EXPORT_PAGE, Most, whole};
use crate::web::{self, AppState, Export, Shell};

const PAGE: u16 = 50;

const HEADERS: [&str; 13] = [
    "案号",
    "项目名称",
    "投资主体",
    "统一社会信用代码",
    "行业代码",
    "土地类型",
    "用地面积（平方米）",
    "用地面积（亩）",
    "申请日期",
    "办理状态",
    "核查结论",
    "决定",
    "承办人",
];

#[derive(Template)]
#[template(path = "admission/case/list.html")]
struct ListPage<'a> {
    shell: Shell,
    parameters: &'a ListParameters,
    page: &'a Page,
    may_file: bool,
    may_what_if: bool,
    today: chrono::NaiveDate,
}

impl ListPage<'_> {
    fn stages(&self) -> &'static [Stage] {
        Stage::ALL
    }

    fn outcomes(&self) -> &'static [Outcome] {
        Outcome::ALL
    }

    fn verdicts(&self) -> &'static [Overall] {
        Overall::ALL
    }

    fn next(&self) -> Option<String> {
        self.parameters.next_page(self.page.next.as_ref())
    }
}

pub fn mu(case: &Case) -> String {
    case.site_area_m2.map_or("—".into(), |area| grouped(SquareMetre(area).to_mu().0, 2))
}

/// Days left until the earliest missing opinion is due, in words.
pub fn days_left(case: &Case, today: &chrono::NaiveDate) -> Option<(bool, String)> {
    let left = (case.opinion_due? - *today).num_days();
    Some((left < 0, if left < 0 { format!("逾期 {} 天", -left) } else { format!("剩余 {left} 天") }))
}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Html<String>> {
    let filter = parameters.filter(officer.account)?;
    let after = parameters.after()?;
    let page = listing::page(&state.pool, &officer.scope, officer.account, &filter, after.as_ref(), PAGE).await?;
    let title = if filter.mine.is_some() { "我的准入案件" } else { "准入案件" };
    let page = ListPage {
        shell: officer.shell(&state, title),
        parameters: &parameters,
        page: &page,
        may_file: officer.may(Access::HandleCases),
        may_what_if: officer.may(Access::RunWhatIf),
        today: state.clock.today(),
    };
    Ok(Html(page.render()?))
}

pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
    file: Export,
) -> web::Result<Response> {
    let cases = exported(&state, &officer, &parameters).await?;
    file.download("admission-cases", "准入案件", &HEADERS, cases.into_iter().map(|case| cells(&case))).await
}

async fn exported(state: &AppState, officer: &Officer, parameters: &ListParameters) -> web::Result<Vec<Case>> {
    let (pool, scope, filter) = (&state.pool, &officer.scope, &parameters.filter(officer.account)?);
    whole(Most::MILLION, |after| async move {
        let page = listing::page(pool, scope, officer.account, filter, after.as_ref(), EXPORT_PAGE).await?;
        Ok((page.cases, page.next))
    })
    .await
}

fn cells(case: &Case) -> Vec<Value> {
    vec![
        case.number_or_draft().into(),
        case.project.as_str().into(),
        case.investor.as_str().into(),
        case.uscc.clone().into(),
        case.industry_code.clone().into(),
        case.land_kind.as_deref().and_then(LandKind::parse).map(|kind| kind.label().to_owned()).into(),
        case.site_area_m2.into(),
        case.site_area_m2.map(|area| SquareMetre(area).to_mu().0.normalize()).into(),
        case.applied_on.into(),
        case.stage.label().into(),
        case.verdict.map(|verdict| verdict.label().to_owned()).into(),
        case.outcome.map(|outcome| outcome.label().to_owned()).into(),
        case.handler_name.clone().into(),
    ]
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

pub fn badge(verdict: &Overall) -> &'static str {
    part::overall_badge(verdict)
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
