//! Six planning layers of the invented town: most parcels conform, some touch a field by five centimetres, some lie in
//! the red line, some are planned for something else.

use std::f64::consts::TAU;

use geo::BooleanOps;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::random::Dice;
use super::register::{ParcelRow, Register, SOURCE, STEWARD, SURVEY_SRID, day, noon};
use super::town::Town;
use super::usage::Usage;
use crate::codelist::LAND_USE_PLANNING;
use crate::db::geom::Geom;
use crate::db::{PgConnection, Scope};
use crate::planning::store::{self, NewArea, NewEdition};
use crate::planning::uses::{self, CONTROL_UNIT_SCHEME};
use crate::planning::{LayerKind, rules::fingerprint_of};

const EDITION: &str = "2023版（示例）";
/// Its own, so that the rest of the town stays as it is.
const SEED: u64 = 20_230_101;
/// How far the field reaches into the parcel beside it, metres: below the tolerance.
const SLIVER: f64 = 0.05;
const USES: [Usage; 9] = [
    Usage::Industry,
    Usage::Storage,
    Usage::Shops,
    Usage::Offices,
    Usage::Research,
    Usage::Housing,
    Usage::School,
    Usage::Utility,
    Usage::Green,
];

/// One layer, in metres of the survey plane.
pub struct LayerRow {
    pub layer: LayerKind,
    pub areas: Vec<AreaRow>,
}

pub struct AreaRow {
    pub name: String,
    pub use_of: Option<(&'static str, &'static str)>,
    pub shape: MultiPolygon<f64>,
}

/// Draws the layers over the town; the same every time.
pub fn draw(town: &Town, register: &Register) -> Vec<LayerRow> {
    let dice = &mut Dice::new(SEED);
    let parcels: Vec<&ParcelRow> = register.parcels.iter().filter(|row| is_current(row)).collect();
    let district = town.district.to_multi_polygon();
    let platforms: Vec<MultiPolygon<f64>> = town.platforms.iter().map(|shape| shape.to_multi_polygon()).collect();
    let northern = far_industrial(&parcels, |(_, north)| north);
    let western = far_industrial(&parcels, |(east, _)| -east);
    let middle = |parcel: &ParcelRow| parcel.shape.middle();
    let hill = blob(dice, middle(western), 110.0, 36);
    let north = middle(northern);
    let fields: Vec<MultiPolygon<f64>> = [(-420.0, 330.0), (60.0, 420.0), (520.0, 300.0)]
        .iter()
        .map(|(east, away)| blob(dice, (north.0 + east, north.1 + away), 130.0, 28))
        .collect();
    let mut farmland = named("永久基本农田", fields.clone());
    farmland.push(plain("永久基本农田（田埂）", field_beside(northern)));
    let town_land = fields.iter().fold(district.clone(), |land, field| land.difference(field));
    let platform_land = platforms.iter().skip(1).fold(platforms[0].clone(), |land, other| land.union(other));
    let guarded = hill.intersection(&district);
    let key = platform_land.difference(&guarded);
    let general = district.difference(&guarded).difference(&key);
    let unit = |name: &str, class, shape| AreaRow {
        name: format!("{name}（示例）"),
        use_of: Some((CONTROL_UNIT_SCHEME, class)),
        shape,
    };
    let blocks = named("工业区块", industrial_land(&parcels));
    [
        (LayerKind::UrbanDevelopmentBoundary, named("城镇开发边界", vec![town_land])),
        (LayerKind::PermanentBasicFarmland, farmland),
        (LayerKind::EcologicalRedLine, named("生态保护红线", vec![hill])),
        (LayerKind::ControlPlanLandUse, planned_uses(&parcels)),
        (LayerKind::IndustrialBlockLine, blocks),
        (
            LayerKind::EnvironmentalControlUnit,
            vec![
                unit("优先保护单元", "优先保护", guarded),
                unit("产业平台重点管控单元", "重点管控", key),
                unit("城镇一般管控单元", "一般管控", general),
            ],
        ),
    ]
    .into_iter()
    .map(|(layer, areas)| LayerRow { layer, areas })
    .collect()
}

/// # Errors
/// When the database refuses.
pub async fn write(connection: &mut PgConnection, scope: &Scope, layers: &[LayerRow]) -> Result<(), sqlx::Error> {
    for LayerRow { layer, areas } in layers {
        let areas: Vec<NewArea> = areas
            .iter()
            .map(|area| NewArea {
                name: Some(area.name.clone()),
                use_of: area.use_of.map(|(scheme, code)| (scheme, code.to_owned())),
                shape: Geom::new(area.shape.clone(), SURVEY_SRID),
                zone: SURVEY_SRID,
            })
            .collect();
        let edition = NewEdition {
            layer: *layer,
            name: EDITION,
            from: day(2023, 1, 1),
            demand: layer.usual_demand(),
            allowed_uses: &uses::allowed_on(*layer),
            review_by: Some(day(2030, 12, 31)),
            source: SOURCE,
            fingerprint: &fingerprint_of(&areas),
            areas: areas.len() as i64,
            area_m2: store::measure(connection, &areas).await?,
            recorded_at: noon(day(2023, 1, 1)),
            recorded_by: STEWARD,
        };
        let id = store::record_edition(connection, scope, &edition).await?;
        store::put_areas(connection, scope, id, &areas).await?;
    }
    Ok(())
}

fn is_current(row: &ParcelRow) -> bool {
    row.superseded_at.is_none() && row.valid.until.is_none()
}

fn usage_of(parcel: &ParcelRow) -> Option<Usage> {
    let (scheme, code) = parcel.land_use?;
    USES.into_iter().find(|usage| usage.land_use(scheme) == code)
}

fn industrial<'a>(parcels: &'a [&ParcelRow]) -> impl Iterator<Item = &'a ParcelRow> {
    parcels.iter().copied().filter(|parcel| usage_of(parcel) == Some(Usage::Industry))
}

fn far_industrial<'a>(parcels: &'a [&'a ParcelRow], how_far: fn((f64, f64)) -> f64) -> &'a ParcelRow {
    let plain = industrial(parcels).filter(|parcel| parcel.shape.0.len() == 1);
    let reach = |parcel: &&ParcelRow| how_far(parcel.shape.middle());
    plain.max_by(|a, b| reach(a).total_cmp(&reach(b))).expect("the town has industry")
}

/// What each parcel is planned for: mostly what it is, now and then something else or nothing that is known.
fn planned_uses(parcels: &[&ParcelRow]) -> Vec<AreaRow> {
    let mut number = 0;
    parcels
        .iter()
        .map(|parcel| {
            number += 1;
            let usage = usage_of(parcel).map(|usage| match usage {
                Usage::Industry if number % 17 == 0 => Usage::Shops,
                other => other,
            });
            AreaRow {
                name: format!("示例地块 {number}"),
                use_of: usage.map(|usage| (LAND_USE_PLANNING, usage.land_use(LAND_USE_PLANNING))),
                shape: parcel.shape.to_multi_polygon(),
            }
        })
        .collect()
}

/// Industrial land as the block line keeps it, but for every ninth parcel.
fn industrial_land(parcels: &[&ParcelRow]) -> Vec<MultiPolygon<f64>> {
    let kept = industrial(parcels).enumerate().filter(|(place, _)| place % 9 != 8);
    kept.map(|(_, parcel)| parcel.shape.to_multi_polygon()).collect()
}

fn named(name: &str, shapes: Vec<MultiPolygon<f64>>) -> Vec<AreaRow> {
    let numbered = shapes.into_iter().enumerate();
    numbered.map(|(place, shape)| plain(&format!("{name} {}", place + 1), shape)).collect()
}

fn plain(name: &str, shape: MultiPolygon<f64>) -> AreaRow {
    AreaRow { name: format!("{name}（示例）"), use_of: None, shape }
}

/// A narrow field along the northernmost side of a parcel, reaching into it by less than anybody can measure.
fn field_beside(parcel: &ParcelRow) -> MultiPolygon<f64> {
    let land = parcel.shape.to_multi_polygon();
    let sides = land.0[0].exterior().lines();
    let side = sides.max_by(|a, b| (a.start.y + a.end.y).total_cmp(&(b.start.y + b.end.y))).expect("a ring has sides");
    let (along, length) = (side.delta(), side.delta().x.hypot(side.delta().y));
    // Rings run counter-clockwise: the land is at the left hand.
    let inward = Coord { x: -along.y / length, y: along.x / length };
    let corners =
        [side.start + inward * SLIVER, side.end + inward * SLIVER, side.end - inward * 8.0, side.start - inward * 8.0];
    MultiPolygon(vec![Polygon::new(LineString::new(corners.to_vec()), vec![])])
}

fn blob(dice: &mut Dice, (x, y): (f64, f64), radius: f64, points: usize) -> MultiPolygon<f64> {
    let corner = |place: usize, dice: &mut Dice| {
        let (angle, reach) = (place as f64 / points as f64 * TAU, radius * dice.between(0.85, 1.0));
        Coord { x: x + reach * angle.cos(), y: y + reach * angle.sin() }
    };
    let ring = (0..points).map(|place| corner(place, dice)).collect();
    MultiPolygon(vec![Polygon::new(LineString::new(ring), vec![])])
}
