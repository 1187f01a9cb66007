//! What the measurements share: the database they work in, drawn layers, dice, and how times are told.
#![allow(dead_code, reason = "each measurement uses its part")]

pub mod layers;
pub mod scratch;

use std::error::Error;
use std::time::Duration;

use muheng::db::{PgPool, Scope, ensure_district};
use muheng::policy;

/// The database that `DATABASE_URL` names; says so and gives nothing when it names none.
pub fn database() -> Option<String> {
    let url = std::env::var("DATABASE_URL").ok();
    if url.is_none() {
        eprintln!("DATABASE_URL is not set; nothing was measured");
    }
    url
}

/// The numbers on the command line, each with what it is without one.
pub fn counts<const N: usize>(usual: [usize; N]) -> Result<[usize; N], Box<dyn Error>> {
    let mut given = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let mut counts = usual;
    for count in &mut counts {
        if let Some(text) = given.next() {
            *count = text.parse()?;
        }
    }
    Ok(counts)
}

/// A pool with the policy published, and a district nobody uses.
pub async fn empty_district(url: &str) -> Result<(PgPool, Scope), Box<dyn Error>> {
    let pool = PgPool::connect(url).await?;
    policy::store::load(&pool).await?;
    let scope = Scope::district("330199".parse()?);
    ensure_district(&pool, &scope.district).await?;
    Ok((pool, scope))
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

    pub fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }
}
