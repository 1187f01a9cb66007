//! How long the list of a whole district takes. It reads the database that `DATABASE_URL` names and changes nothing:
//! `DATABASE_URL=… cargo bench --bench low_efficiency -- [district] [year]`. Without a database it says so and ends.

use std::error::Error;
use std::time::{Duration, Instant};

use muheng::db::{PgPool, Scope};
use muheng::low_efficiency::list::{ListQuery, SortKey};
use muheng::low_efficiency::{Outcome, store};

const RUNS: usize = 5;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Ok(url) = std::env::var("DATABASE_URL") else {
        eprintln!("DATABASE_URL is not set; nothing was measured");
        return Ok(());
    };
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let district = arguments.next().unwrap_or_else(|| "330105".into());
    let year = arguments.next().map_or(Ok(2024), |year| year.parse())?;
    measure(&PgPool::connect(&url).await?, &Scope::district(district.parse()?), year).await
}

async fn measure(pool: &PgPool, scope: &Scope, year: i32) -> Result<(), Box<dyn Error>> {
    let line = store::line_of(pool, year).await?;
    let query = ListQuery::of_year(year);
    let enterprises = store::counts(pool, scope, &query, &line).await?.total();
    eprintln!("{enterprises} enterprises, warm cache, {RUNS} runs, fastest / middle / slowest");

    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        store::counts(pool, scope, &query, &line).await?;
        times.push(start.elapsed());
    }
    report("counts by outcome", times);

    for sort in SortKey::ALL.iter().copied() {
        let query = ListQuery { sort, ..query.clone() };
        let mut times = Vec::new();
        for _ in 0..RUNS {
            let start = Instant::now();
            store::page(pool, scope, &query, &line, None, 50).await?;
            times.push(start.elapsed());
        }
        report(&format!("first page by {}", sort.code()), times);
    }

    let mut flagged = query.clone();
    flagged.outcomes = vec![Outcome::Flagged];
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        store::page(pool, scope, &flagged, &line, None, 50).await?;
        times.push(start.elapsed());
    }
    report("first page of the flagged", times);

    let start = Instant::now();
    let mut chunks = store::stream(pool.clone(), scope.clone(), query, line);
    let mut lines = 0;
    while let Some(chunk) = chunks.recv().await {
        lines += chunk?.len();
    }
    report(&format!("stream of {lines} lines with parts"), vec![start.elapsed()]);
    Ok(())
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    eprintln!("{what:32} {:8.3?} / {:8.3?} / {:8.3?}", times[0], times[times.len() / 2], times[times.len() - 1]);
}
