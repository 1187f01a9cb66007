//! The check as a part of pages: in the form while somebody types, on the case, on the opinion.

use askama::Template;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account::Officer;
use crate::admission::case::check::Examined;
use crate::admission::case::gap::Gap;
use crate::admission::case::store::listing;
use crate::admission::view::CheckTable;
use crate::admission::{Facts, Outcome};
use crate::planning::{Answer, LayerResult};
use crate::policy::catalogue::Catalogue;
use crate::policy::standard::Adoption;
use crate::policy::store::receipts;
use crate::policy::verdict::Overall;
use crate::web::AppState;

#[derive(Template)]
#[template(path = "admission/case/live.html")]
struct LivePart<'a> {
    table: String,
    area: Option<String>,
    gaps: Vec<Gap>,
    notes: Vec<String>,
    overlaps: &'a [crate::admission::case::land::Overlap],
    verdict: Overall,
}

/// The table of a check. What it warns of stands among the notes of the page.
pub fn table(outcome: &Outcome, spatial: &[LayerResult]) -> askama::Result<String> {
    CheckTable { warnings: Vec::new(), ..CheckTable::new(outcome, spatial) }.render()
}

/// What the layers answered when a check on record was made: out of its receipt.
pub async fn spatial_of(state: &AppState, officer: &Officer, receipt: &str) -> anyhow::Result<Vec<LayerResult>> {
    let Some(kept) = receipts::find(&state.pool, &officer.scope, receipt).await? else { return Ok(Vec::new()) };
    let facts: Facts = serde_json::from_str(&kept.receipt.inputs)?;
    Ok(facts.spatial)
}

pub fn live(examined: &Examined) -> askama::Result<String> {
    let checked = &examined.checked;
    LivePart {
        table: table(&checked.outcome(), &examined.reading.facts.spatial)?,
        area: examined.site.area_m2.map(crate::admission::case::document::area_text),
        gaps: examined.gaps().collect(),
        notes: examined.notes(),
        overlaps: &examined.site.overlaps,
        verdict: checked.verdict,
    }
    .render()
}

/// A site among its neighbours, with what conflicts, as a GeoJSON collection for a sketch.
pub async fn around(
    state: &AppState,
    officer: &Officer,
    case: Uuid,
    site: Option<Value>,
    spatial: &[LayerResult],
) -> anyhow::Result<Value> {
    let mut features = match listing::neighbourhood(&state.pool, &officer.scope, case).await? {
        Value::Array(features) => features,
        _ => Vec::new(),
    };
    features.extend(site.map(
        |site| json!({ "type": "Feature", "geometry": site, "properties": { "kind": "parcel", "label": "用地" } }),
    ));
    features.extend(conflicts(spatial));
    Ok(json!({ "type": "FeatureCollection", "features": features }))
}

/// The pieces of layers that hit.
fn conflicts(spatial: &[LayerResult]) -> impl Iterator<Item = Value> {
    let hits = spatial.iter().filter(|result| result.answer == Answer::Hit);
    let pieces = hits.flat_map(|result| result.pieces.iter().map(move |piece| (result.layer, piece)));
    pieces.filter(|(_, piece)| piece.counted).map(|(layer, piece)| {
        json!({ "type": "Feature", "geometry": piece.geometry,
            "properties": { "kind": "conflict", "label": format!("{layer}：{} 平方米", piece.area_m2) } })
    })
}

/// Id and title of sets, for a choice; an example says that it is one.
pub fn titles(catalogue: &Catalogue, ids: &[String]) -> Vec<(String, String)> {
    let title = |id: &String| {
        let set = catalogue.standards.iter().find(|set| set.id == *id);
        set.map_or(id.clone(), |set| match set.adoption {
            Adoption::Example => format!("{}（{}）", set.title, set.adoption),
            Adoption::Adopted => set.title.clone(),
        })
    };
    ids.iter().map(|id| (id.clone(), title(id))).collect()
}

pub fn overall_badge(verdict: &Overall) -> &'static str {
    match verdict {
        Overall::Conforms => "bg-green-lt",
        Overall::DoesNotConform => "bg-red-lt",
        Overall::NotDeterminable => "bg-yellow-lt",
    }
}
