//! Editions for tests, drawn in metres about a corner of the survey plane.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::store::{self, NewArea, NewEdition};
use super::{AllowedUses, Demand, LayerKind, uses};
use crate::db::geom::Geom;
use crate::db::{PgPool, Scope};
use crate::policy;

pub const DISTRICT: &str = "330105";
/// Zone 40, with its prefix: the plane that all figures of these tests are in.
pub const ZONE: i32 = 4528;
const CORNER: Coord<f64> = Coord { x: 40_515_000.0, y: 3_355_000.0 };

pub fn scope() -> Scope {
    Scope::district(DISTRICT.parse().unwrap())
}

pub async fn district(pool: &PgPool) {
    sqlx::query("INSERT INTO district (code, name) VALUES ($1, '拱墅区')").bind(DISTRICT).execute(pool).await.unwrap();
    policy::store::load(pool).await.unwrap();
}

pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Polygon<f64> {
    polygon(&[(west, south), (east, south), (east, north), (west, north)])
}

/// From corners in metres; the ring closes itself.
pub fn polygon(corners: &[(f64, f64)]) -> Polygon<f64> {
    let ring = corners.iter().map(|(x, y)| Coord { x: CORNER.x + x, y: CORNER.y + y });
    Polygon::new(LineString::new(ring.collect()), vec![])
}

pub fn with_hole(outer: Polygon<f64>, hole: Polygon<f64>) -> Polygon<f64> {
    Polygon::new(outer.exterior().clone(), vec![hole.exterior().clone()])
}

/// Metres of the plane to degrees.
pub async fn degrees(pool: &PgPool, polygons: Vec<Polygon<f64>>) -> MultiPolygon<f64> {
    let geom = Geom::new(MultiPolygon(polygons), ZONE);
    let set_over: Geom = sqlx::query_scalar("SELECT ST_Transform($1, 4490)").bind(geom).fetch_one(pool).await.unwrap();
    set_over.into_multi_polygon().unwrap()
}

/// An edition to be recorded; what is not said is usual.
pub struct Drawn {
    pub layer: LayerKind,
    pub name: &'static str,
    pub from: &'static str,
    pub demand: Demand,
    pub allowed_uses: AllowedUses,
    pub review_by: Option<&'static str>,
}

impl Drawn {
    pub fn of(layer: LayerKind) -> Self {
        Drawn {
            layer,
            name: "2023版",
            from: "2023-01-01",
            demand: layer.usual_demand(),
            allowed_uses: uses::allowed_on(layer),
            review_by: None,
        }
    }

    /// Records it with areas of a use (none for a blank one); answers its id.
    pub async fn put(self, pool: &PgPool, areas: Vec<(&str, Vec<Polygon<f64>>)>) -> i64 {
        let mut drawn = Vec::new();
        for (use_code, polygons) in areas {
            let scheme = uses::scheme_of(self.layer).filter(|_| !use_code.is_empty());
            let shape = Geom::new(MultiPolygon(polygons), ZONE);
            let name = Some(format!("第{}块", drawn.len() + 1));
            drawn.push(NewArea { name, use_of: scheme.map(|scheme| (scheme, use_code.to_owned())), shape, zone: ZONE });
        }
        let mut connection = pool.acquire().await.unwrap();
        let edition = NewEdition {
            layer: self.layer,
            name: self.name,
            from: self.from.parse().unwrap(),
            demand: self.demand,
            allowed_uses: &self.allowed_uses,
            review_by: self.review_by.map(|day| day.parse().unwrap()),
            source: "测试",
            fingerprint: self.name.as_bytes(),
            areas: drawn.len() as i64,
            area_m2: store::measure(&mut connection, &drawn).await.unwrap(),
            recorded_at: "2023-01-01T00:00:00Z".parse().unwrap(),
            recorded_by: "测试",
        };
        let (scope, at) = (scope(), edition.recorded_at);
        store::end_for(&mut connection, &scope, edition.layer, edition.from, at, "测试").await.unwrap();
        let id = store::record_edition(&mut connection, &scope, &edition).await.unwrap();
        store::put_areas(&mut connection, &scope, id, &drawn).await.unwrap();
        id
    }
}
