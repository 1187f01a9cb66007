//! How long the stateless admission check takes from JSON to JSON, without the network, beside the plain SQL of its
//! overlays. It draws six planning layers in a transaction of the database that `DATABASE_URL` names (migrated) and rolls
//! back: `DATABASE_URL=… cargo bench --bench admission -- [polygons in all] [sites]`.

use std::error::Error;
use std::time::Instant;

use geo_types::{Coord, MultiPolygon};
use muheng::admission::answer;
use muheng::admission::request::CheckRequest;
use muheng::admission::site;
use muheng::db::{PgConnection, PgPool, Scope, ensure_district};
use muheng::policy;
use muheng::policy::catalogue::Catalogue;
use serde_json::json;
use sqlx::Connection;

#[allow(dead_code, reason = "the layers are drawn as the other measurement draws them")]
#[path = "planning.rs"]
mod planning;

use planning::{CORNER, Dice, SIDE, SITE_POINTS, SITE_RADIUS, blob, draw, plain_overlays, report};

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
    let catalogue = policy::store::current(&pool, &scope.district).await?;
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let drawn = draw(&mut transaction, &scope, polygons).await?;
    eprintln!("{drawn} polygons in six layers, {sites} sites of {SITE_POINTS} points");
    measure(&mut transaction, &scope, &catalogue, sites).await?;
    transaction.rollback().await?;
    Ok(())
}

async fn measure(
    connection: &mut PgConnection,
    scope: &Scope,
    catalogue: &Catalogue,
    sites: usize,
) -> Result<(), Box<dyn Error>> {
    let mut dice = Dice(2);
    let (mut whole, mut plain) = (Vec::new(), Vec::new());
    for number in 0..sites + 20 {
        let middle = Coord { x: CORNER.x + dice.unit() * SIDE, y: CORNER.y + dice.unit() * SIDE };
        let shape = blob(&mut dice, middle, SITE_RADIUS, SITE_POINTS);
        let text = request(&shape).to_string();
        let start = Instant::now();
        let bytes = check(connection, scope, catalogue, text.as_bytes()).await?;
        let checked = start.elapsed();
        assert!(!bytes.is_empty());
        let start = Instant::now();
        plain_overlays(connection, &shape).await?;
        // The first ones plan the statements.
        if number >= 20 {
            whole.push(checked);
            plain.push(start.elapsed());
        }
    }
    report("check, JSON to JSON", whole);
    report("plain overlays in SQL", plain);
    Ok(())
}

/// What the handler does between body and body.
async fn check(
    connection: &mut PgConnection,
    scope: &Scope,
    catalogue: &Catalogue,
    text: &[u8],
) -> Result<Vec<u8>, Box<dyn Error>> {
    let request = CheckRequest::read(text).map_err(|fault| fault.reason)?;
    let as_of = request.as_of.ok_or("the request names its day")?;
    let drawn = request.site.as_ref().ok_or("the request has a site")?;
    let shape = site::read(drawn, &catalogue.parameters_on(as_of)).map_err(|fault| fault.reason)?;
    let facts = request.facts();
    let answer = answer::hold(connection, scope, &request, facts, Some(shape), catalogue, as_of).await?;
    Ok(serde_json::to_vec(&answer)?)
}

fn request(shape: &MultiPolygon<f64>) -> serde_json::Value {
    let ring: Vec<_> = shape.0[0].exterior().0.iter().map(|at| [at.x, at.y]).collect();
    let figure = |value: &str, unit: &str| json!({"value": value, "unit": unit});
    json!({
        "as_of": "2024-06-01",
        "site": {"type": "Polygon", "coordinates": [ring]},
        "land_kind": "industrial",
        "land_use": "100102",
        "industry": {"code": "2614", "edition": "2017"},
        "bound_to": "beihai-2023/chemicals",
        "figures": {
            "fixed_investment": figure("26000", "万元"),
            "annual_tax": figure("2100", "万元"),
            "annual_output": figure("42000", "万元"),
            "built_area": figure("30000", "平方米"),
            "office_land_area": figure("3000", "平方米"),
            "office_floor_area": figure("6000", "平方米"),
            "green_area": figure("8000", "平方米"),
        },
        "floors": [{"area_m2": "20000", "height_m": "9"}, {"area_m2": "10000", "height_m": "4.5", "count": 2}],
    })
}
