//! Six planning layers over invented land, and the least that has to be computed to hold a site against them.

use std::error::Error;
use std::f64::consts::TAU;

use chrono::{DateTime, Utc};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use muheng::db::{PgConnection, Scope, geom::Geom};
use muheng::planning::store::{self, NewArea, NewEdition};
use muheng::planning::{LayerKind, uses};

use super::Dice;

/// Its south-west corner, degrees.
const CORNER: Coord<f64> = Coord { x: 119.80, y: 30.10 };
/// Degrees to a side of the land the layers cover, some 30 km.
const SIDE: f64 = 0.3;
const ZONE: i32 = 4528;
pub const SITE_POINTS: usize = 200;
/// Radius of a site, degrees: some 150 m.
const SITE_RADIUS: f64 = 0.0016;

/// A site of [`SITE_POINTS`] points somewhere on the land.
pub fn site(dice: &mut Dice) -> MultiPolygon<f64> {
    let middle = Coord { x: CORNER.x + dice.unit() * SIDE, y: CORNER.y + dice.unit() * SIDE };
    blob(dice, middle, SITE_RADIUS, SITE_POINTS)
}

/// Shares of the polygons by layer: fields and plots are many, boundaries few and long.
pub async fn draw(connection: &mut PgConnection, scope: &Scope, polygons: usize) -> Result<usize, Box<dyn Error>> {
    let mut dice = Dice(1);
    let mut drawn = 0;
    for layer in LayerKind::ALL.iter().copied() {
        let (share, points, codes): (f64, usize, &[&str]) = match layer {
            LayerKind::UrbanDevelopmentBoundary => (0.001, 2_000, &[]),
            LayerKind::PermanentBasicFarmland => (0.45, 24, &[]),
            LayerKind::EcologicalRedLine => (0.009, 120, &[]),
            LayerKind::ControlPlanLandUse => (0.5, 16, &["100101", "100102", "0701", "0901", "1207"]),
            LayerKind::IndustrialBlockLine => (0.02, 60, &[]),
            LayerKind::EnvironmentalControlUnit => (0.02, 60, &["重点管控", "一般管控", "优先保护"]),
        };
        let cells = ((polygons as f64 * share).sqrt().ceil() as usize).max(1);
        let areas: Vec<NewArea> = (0..cells * cells)
            .map(|place| NewArea {
                name: None,
                use_of: uses::scheme_of(layer)
                    .zip(codes.get(dice.below(codes.len().max(1))).map(|code| (*code).to_owned())),
                shape: Geom::new(blob(&mut dice, cell(place, cells), SIDE / cells as f64 * 0.52, points), 4490),
                zone: ZONE,
            })
            .collect();
        let at: DateTime<Utc> = "2023-01-01T00:00:00Z".parse()?;
        let edition = NewEdition {
            layer,
            name: "bench",
            from: "2023-01-01".parse()?,
            demand: layer.usual_demand(),
            allowed_uses: &uses::allowed_on(layer),
            review_by: None,
            source: "bench",
            fingerprint: b"bench",
            areas: areas.len() as i64,
            area_m2: store::measure(connection, &areas).await?,
            recorded_at: at,
            recorded_by: "bench",
        };
        let id = store::record_edition(connection, scope, &edition).await?;
        store::put_areas(connection, scope, id, &areas).await?;
        drawn += areas.len();
    }
    for statement in ["ANALYZE planning_edition", "ANALYZE planning_area", "ANALYZE planning_part"] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(drawn)
}

/// What has to be computed at the least: every area that meets the site, intersected and measured.
pub async fn plain_overlays(connection: &mut PgConnection, site: &MultiPolygon<f64>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "SELECT a.edition, a.number, ST_Area(ST_Intersection(ST_Transform(a.geom, $2), ST_Transform($1, $2)))
         FROM planning_edition AS e JOIN planning_area AS a ON a.edition = e.id AND a.geom && $1 AND ST_Intersects(a.geom, $1)
         WHERE e.name = 'bench'",
    )
    .bind(Geom::new(site.clone(), 4490))
    .bind(ZONE)
    .fetch_all(connection)
    .await?;
    Ok(())
}

fn cell(place: usize, cells: usize) -> Coord<f64> {
    let side = SIDE / cells as f64;
    Coord { x: CORNER.x + ((place % cells) as f64 + 0.5) * side, y: CORNER.y + ((place / cells) as f64 + 0.5) * side }
}

/// A star-shaped polygon: its corners lie between 80 and 100 per cent of the radius.
fn blob(dice: &mut Dice, middle: Coord<f64>, radius: f64, points: usize) -> MultiPolygon<f64> {
    let corner = |place: usize, dice: &mut Dice| {
        let (angle, reach) = (place as f64 / points as f64 * TAU, radius * (0.8 + 0.2 * dice.unit()));
        Coord { x: middle.x + reach * angle.cos(), y: middle.y + reach * angle.sin() }
    };
    let ring: Vec<Coord<f64>> = (0..points).map(|place| corner(place, dice)).collect();
    MultiPolygon(vec![Polygon::new(LineString::new(ring), vec![])])
}
