//! How long it takes to hold a site against six planning layers. It draws the layers in a transaction of the database
//! that `DATABASE_URL` names (migrated, policy published) and rolls back:
//! `DATABASE_URL=… cargo bench --bench planning -- [polygons in all] [sites]`. Without a database it says so and ends.

mod setup;

use std::error::Error;
use std::time::Instant;

use chrono::NaiveDate;
use muheng::db::{PgConnection, Scope};
use muheng::planning::{Answer, Asked, conformity};
use muheng::policy::standard::LandKind;
use setup::{Dice, layers, report};
use sqlx::Connection;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(url) = setup::database() else { return Ok(()) };
    let [polygons, sites] = setup::counts([50_000, 1_000])?;
    let (pool, scope) = setup::empty_district(&url).await?;
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let drawn = layers::draw(&mut transaction, &scope, polygons).await?;
    measure(&mut transaction, &scope, drawn, sites).await?;
    transaction.rollback().await?;
    Ok(())
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
        let site = layers::site(&mut dice);
        let start = Instant::now();
        let results = conformity::examine(connection, scope, &site, &asked, day).await?;
        let examined = start.elapsed();
        let start = Instant::now();
        layers::plain_overlays(connection, &site).await?;
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
        "{polygons} polygons in six layers, {sites} sites of {} points, {:.1} layers hit and {:.1} pieces a site",
        layers::SITE_POINTS,
        hits as f64 / sites as f64,
        pieces as f64 / sites as f64
    );
    report("examine", whole);
    report("plain overlays in SQL", plain);
    Ok(())
}
