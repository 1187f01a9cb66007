//! How long the stateless admission check takes from JSON to JSON, without the network, beside the plain SQL of its
//! overlays. It draws six planning layers in a transaction of the database that `DATABASE_URL` names (migrated) and rolls
//! back: `DATABASE_URL=… cargo bench --bench admission -- [polygons in all] [sites]`.

mod setup;

use std::error::Error;
use std::time::Instant;

use geo_types::MultiPolygon;
use muheng::admission::answer;
use muheng::admission::ground::Located;
use muheng::admission::request::CheckRequest;
use muheng::admission::site;
use muheng::db::{PgConnection, Scope};
use muheng::policy;
use muheng::policy::catalogue::Catalogue;
use serde_json::json;
use setup::{Dice, layers, report};
use sqlx::Connection;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(url) = setup::database() else { return Ok(()) };
    let [polygons, sites] = setup::counts([50_000, 1_000])?;
    let (pool, scope) = setup::empty_district(&url).await?;
    let catalogue = policy::store::current(&pool, &scope.district).await?;
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let drawn = layers::draw(&mut transaction, &scope, polygons).await?;
    eprintln!("{drawn} polygons in six layers, {sites} sites of {} points", layers::SITE_POINTS);
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
        let shape = layers::site(&mut dice);
        let text = request(&shape).to_string();
        let start = Instant::now();
        let bytes = check(connection, scope, catalogue, text.as_bytes()).await?;
        let checked = start.elapsed();
        assert!(!bytes.is_empty());
        let start = Instant::now();
        layers::plain_overlays(connection, &shape).await?;
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
    let request = CheckRequest::read(text).map_err(|fault| fault.message)?;
    let as_of = request.as_of.ok_or("the request names its day")?;
    let drawn = request.site.as_ref().ok_or("the request has a site")?;
    let shape = site::read(drawn, &catalogue.parameters_on(as_of)).map_err(|fault| fault.message)?;
    let facts = request.facts();
    let answer =
        answer::hold(connection, scope, &request, facts, Some(Located::drawn(shape)), catalogue, as_of).await?;
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
