//! How long it takes to hold a site against six planning layers. It draws the layers in a transaction of the database
//! that `DATABASE_URL` names (migrated, policy published) and rolls back:
//! `DATABASE_URL=… cargo bench --bench planning -- [polygons in all] [sites]`. Without a database it says so and ends.

use std::error::Error;
use std::f64::consts::TAU;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use muheng::db::{PgConnection, PgPool, Scope, ensure_district, geom::Geom};
use muheng::planning::store::{self, NewArea, NewEdition};
use muheng::planning::{Answer, Asked, LayerKind, conformity, uses};
use muheng::policy::{self, standard::LandKind};
use sqlx::Connection;

/// Its south-west corner, degrees.
pub const CORNER: Coord<f64> = Coord { x: 119.80, y: 30.10 };
/// Degrees to a side of the land the layers cover, some 30 km.
pub const SIDE: f64 = 0.3;
const ZONE: i32 = 4528;
pub const SITE_POINTS: usize = 200;
/// Radius of a site, degrees: some 150 m.
pub const SITE_RADIUS: f64 = 0.0016;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Ok(url) = std::env::var("DATABASE_URL") else {
        eprintln!("DATABASE_URL is not set; nothing was measured");
        return Ok(());
    };
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let polygons: usize = arguments.next().map_or(Ok(50_000), |count| count.parse())?;
    let sites: usize = arguments.next().map_or(Ok(1_000), |count| count.parse())?;
    let pool = PgPool::connect(&url).await?;
    policy::store::load(&pool).await?;
    let scope = Scope::district("330199".parse()?);
    ensure_district(&pool, &scope.district).await?;
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let drawn = draw(&mut transaction, &scope, polygons).await?;
    measure(&mut transaction, &scope, drawn, sites).await?;
    transaction.rollback().await?;
    Ok(())
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

async fn measure(
    connection: &mut PgConnection,
    scope: &Scope,
    polygons: usize,
    sites: usize,
) -> Result<(), Box<dyn Error>> {
    let mut dice = Dice(2);
    let asked = Asked { land_kind: LandKind::Industrial, land_use: Some("100102".into()) };
    let day: NaiveDate = "2024-06-01".parse()?;
    let (mut whole, mut plain, mut hits, mut pieces) = (Vec::new(), Vec::new(), 0, 0);
    for number in 0..sites + 20 {
        let middle = Coord { x: CORNER.x + dice.unit() * SIDE, y: CORNER.y + dice.unit() * SIDE };
        let site = blob(&mut dice, middle, SITE_RADIUS, SITE_POINTS);
        let start = Instant::now();
        let results = conformity::examine(connection, scope, &site, &asked, day).await?;
        let examined = start.elapsed();
        let start = Instant::now();
        plain_overlays(connection, &site).await?;
        // The first ones plan the statements.
        if number >= 20 {
            whole.push(examined);
            plain.push(start.elapsed());
            assert!(results.iter().all(|result| result.answer != Answer::Failed));
            hits += results.iter().filter(|result| result.answer == Answer::Hit).count();
            pieces += results.iter().map(|result| result.pieces.len()).sum::<usize>();
        }
    }
    eprintln!(
        "{polygons} polygons in six layers, {sites} sites of {SITE_POINTS} points, {:.1} layers hit and {:.1} pieces a site",
        hits as f64 / sites as f64,
        pieces as f64 / sites as f64
    );
    report("examine", whole);
    report("plain overlays in SQL", plain);
    Ok(())
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
pub fn blob(dice: &mut Dice, middle: Coord<f64>, radius: f64, points: usize) -> MultiPolygon<f64> {
    let corner = |place: usize, dice: &mut Dice| {
        let (angle, reach) = (place as f64 / points as f64 * TAU, radius * (0.8 + 0.2 * dice.unit()));
        Coord { x: middle.x + reach * angle.cos(), y: middle.y + reach * angle.sin() }
    };
    let ring: Vec<Coord<f64>> = (0..points).map(|place| corner(place, dice)).collect();
    MultiPolygon(vec![Polygon::new(LineString::new(ring), vec![])])
}

pub fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    eprintln!(
        "{what:24} p50 {:6.2} ms  p90 {:6.2} ms  p99 {:6.2} ms  slowest {:6.2} ms",
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
}

/// Repeatable numbers.
pub struct Dice(pub u64);

impl Dice {
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }
}
