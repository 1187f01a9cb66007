//! The page of the map and the outlines under it.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Json};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::address::{Revision, ZOOMS, day};
use super::bands::{self, Band};
use super::laid::{Asked, Laid};
use super::plan_tiles::{self, Overlay};
use super::store::{self, Extent};
use super::tile_cache::MapCache;
use super::tiles::rule_of;
use super::uses::{self, Class};
use super::{contract_colours, remediation_colours, result_colours, survey_colours};
use crate::account::Officer;
use crate::annual;
use crate::base::bounds::{YEARS, year_wording};
use crate::base::text::Seen;
use crate::codelist::{self, CrossWalk};
use crate::parcel::SupplyStatus;
use crate::web::{self, AppState, Error, Shell};

/// What the address of the page says; the browser keeps its own fields beside these.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MapParameters {
    pub year: String,
    pub as_of: String,
    pub parcel: String,
}

#[derive(Template)]
#[template(path = "map/page.html")]
struct MapPage {
    shell: Shell,
    years: Vec<i32>,
    year: i32,
    as_of: NaiveDate,
    may_import: bool,
    has_results: bool,
    has_survey: bool,
    has_remediation: bool,
    /// JSON in which no `<` is left.
    config: String,
}

#[derive(Serialize)]
struct Config {
    district: District,
    tiles: String,
    minzoom: u8,
    maxzoom: u8,
    outlines: String,
    search: String,
    panel: String,
    basemap: Option<BaseMap>,
    year: i32,
    as_of: NaiveDate,
    bands: Vec<Band>,
    supply: Vec<Legend>,
    uses: [Class; 9],
    overlays: Vec<Overlay>,
    contracts: Laid<contract_colours::Legends>,
    results: Option<Laid<result_colours::Legends>>,
    survey: Option<Laid<survey_colours::Legends>>,
    remediation: Option<Laid<remediation_colours::Legends>>,
    subdistricts: Vec<Place>,
    industries: Vec<Named>,
    selected: Option<String>,
    selected_bounds: Option<Extent>,
    empty: bool,
}

#[derive(Serialize)]
struct District {
    code: String,
    name: String,
    bounds: Option<Extent>,
}

#[derive(Serialize)]
struct BaseMap {
    tiles: [String; 1],
}

#[derive(Serialize)]
struct Legend {
    key: &'static str,
    label: &'static str,
    color: &'static str,
}

#[derive(Serialize)]
struct Named {
    code: String,
    name: String,
}

/// A sub-district as it was called on the day of the map.
#[derive(Serialize)]
struct Place {
    code: String,
    name: String,
    /// Its code now, under which the tiles keep it.
    present: String,
    /// The codes it had before.
    former: Vec<String>,
}

impl From<codelist::Choice> for Place {
    fn from(choice: codelist::Choice) -> Self {
        let crosswalk = CrossWalk::embedded();
        let present = crosswalk.present_subdistrict(&choice.code);
        let former = crosswalk.subdistrict_predecessors(&present).into_iter().map(str::to_owned).collect();
        Place { code: choice.code, name: choice.name, former, present }
    }
}

impl From<codelist::Choice> for Named {
    fn from(choice: codelist::Choice) -> Self {
        Named { code: choice.code, name: choice.name }
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    axum::extract::RawQuery(raw): axum::extract::RawQuery,
) -> web::Result<Html<String>> {
    let parameters = parameters(raw.as_deref().unwrap_or(""));
    let (pool, scope) = (&state.pool, &officer.scope);
    let as_of = day(&parameters.as_of, &state)?;
    let years = annual::store::years(pool, scope).await?;
    let year = year_of(&parameters.year, &years, &state)?;
    let now = store::state(pool, scope).await?;
    let rule = rule_of(pool, &cache, year).await?;
    let extent = cache.extent(scope, now, store::extent(pool, scope)).await?;
    let selected = Some(parameters.parcel).filter(|code| !code.is_empty());
    let selected_bounds = match &selected {
        Some(code) => store::bounds_of(pool, scope, std::slice::from_ref(code), as_of).await?,
        None => None,
    };
    let revision = Revision { registers: now.revision, rule: rule.digest() };
    let asked = Asked { state: &state, officer: &officer, as_of, rule: &rule };
    let (results, survey, remediation) = (asked.results().await?, asked.survey().await?, asked.remediation().await?);
    let has_results = results.is_some();
    let has_survey = survey.is_some();
    let has_remediation = remediation.is_some();
    let config = Config {
        district: District {
            code: scope.county().to_owned(),
            name: state.settings.district_name.clone(),
            bounds: extent,
        },
        tiles: format!("/tiles/parcels/{revision}/{year}/{as_of}/{{z}}/{{x}}/{{y}}"),
        minzoom: *ZOOMS.start(),
        maxzoom: *ZOOMS.end(),
        outlines: format!("/map/outlines.geojson?as_of={as_of}"),
        search: format!("/map/search?as_of={as_of}&q="),
        panel: format!("/map/panel?year={year}&as_of={as_of}&code="),
        basemap: state.settings.basemap.clone().map(|address| BaseMap { tiles: [address] }),
        year,
        as_of,
        bands: bands::legend(&rule.edges),
        supply: SupplyStatus::ALL.iter().map(|status| supply(*status)).collect(),
        uses: uses::CLASSES,
        overlays: plan_tiles::overlays(pool, scope, as_of).await?,
        contracts: asked.contracts().await?,
        results,
        survey,
        remediation,
        subdistricts: codelist::subdistricts(pool, scope, as_of).await?.into_iter().map(Place::from).collect(),
        industries: codelist::sections(pool).await?.into_iter().map(Named::from).collect(),
        selected,
        selected_bounds,
        empty: !now.any_parcel,
    };
    let page = MapPage {
        shell: officer.shell(&state, "地图"),
        years: listed(years, year),
        year,
        as_of,
        has_results,
        has_survey,
        has_remediation,
        may_import: officer.may(crate::account::Access::ImportFiles),
        config: serde_json::to_string(&config).map_err(anyhow::Error::from)?.replace('<', "\\u003c"),
    };
    Ok(Html(page.render()?))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OutlineParameters {
    as_of: String,
}

pub async fn outlines(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<OutlineParameters>,
) -> web::Result<Response> {
    let as_of = day(&parameters.as_of, &state)?;
    let collection = store::outlines(&state.pool, &officer.scope, as_of).await?;
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], Json(collection).into_response().into_body()).into_response())
}

/// Several parcels may be selected; the browser reads them itself, and the first decides where the map opens.
fn parameters(query: &str) -> MapParameters {
    let mut parameters = MapParameters::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let field = match name.as_ref() {
            "year" => &mut parameters.year,
            "as_of" => &mut parameters.as_of,
            "parcel" => &mut parameters.parcel,
            _ => continue,
        };
        if field.is_empty() {
            *field = value.seen().to_owned();
        }
    }
    parameters
}

/// The year asked for, else the newest with returns.
pub fn year_of(text: &str, years: &[i32], state: &AppState) -> web::Result<i32> {
    if text.is_empty() {
        let last = crate::base::period::year_of(state.clock.today()) - 1;
        return Ok(years.first().copied().unwrap_or(last));
    }
    let year = text.parse().ok().filter(|year| YEARS.contains(year));
    year.ok_or_else(|| Error::BadRequest(year_wording()))
}

fn listed(mut years: Vec<i32>, chosen: i32) -> Vec<i32> {
    if !years.contains(&chosen) {
        years.push(chosen);
        years.sort_unstable_by(|a, b| b.cmp(a));
    }
    years
}

fn supply(status: SupplyStatus) -> Legend {
    let color = match status {
        SupplyStatus::ApprovedNotSupplied => "#e69f00",
        SupplyStatus::SuppliedNotUsed => "#56b4e9",
        SupplyStatus::InUse => "#8fc9a8",
        SupplyStatus::Idle => "#cc79a7",
        SupplyStatus::LowEfficiency => "#d55e00",
    };
    Legend { key: status.code(), label: status.label(), color }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_parcels_opens_the_map_and_foreign_fields_pass() {
        let read = parameters("parcel=A&parcel=B&theme=use&year=2023&flagged=1");
        assert_eq!((read.parcel.as_str(), read.year.as_str(), read.as_of.as_str()), ("A", "2023", ""));
    }

    #[test]
    fn a_chosen_year_without_returns_is_listed_too() {
        assert_eq!(listed(vec![2024, 2022], 2023), [2024, 2023, 2022]);
        assert_eq!(listed(vec![2024], 2024), [2024]);
    }
}
