//! How long it takes to try a changed row of standard land out over many cases. It makes a database of its own beside the
//! one that `DATABASE_URL` names, fills it with the demonstration's cases as often as asked, and drops it:
//! `DATABASE_URL=… cargo bench --bench what_if -- [cases] [runs]`. Without a database it says so and ends.

mod setup;

use std::error::Error;
use std::time::Instant;

use muheng::admission::case::what_if::{self, Change, Trial};
use muheng::db::{PgPool, Scope};
use muheng::{account, codelist, demo, policy};
use setup::scratch::Scratch;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(url) = setup::database() else { return Ok(()) };
    let [cases, runs] = setup::counts([10_000, 5])?;
    let scratch = Scratch::make(&url).await?;
    let measured = measure(&scratch.pool, cases, runs).await;
    scratch.drop().await?;
    measured
}

async fn measure(pool: &PgPool, cases: usize, runs: usize) -> Result<(), Box<dyn Error>> {
    codelist::load(pool).await?;
    policy::store::load(pool).await?;
    demo::load(pool).await?;
    let scope = Scope::district(demo::DISTRICT.parse()?);
    account::create_demonstration_accounts(pool, &scope, "2026-11-23T04:00:00Z".parse()?).await?;
    demo::cases::load(pool, &scope).await?;
    copy(pool, i64::try_from(cases)?).await?;
    let change = Change {
        set: "demo-2026/equipment".into(),
        indicator: "tax_per_mu".into(),
        interval: Some("[1000,)".parse()?),
        unit: "万元/亩".into(),
    };
    let trial = Trial { changes: vec![change], ..Trial::default() };
    let mut times = Vec::new();
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        let report = what_if::run(pool, &scope, &trial, &|_, _| {}).await?;
        times.push(start.elapsed());
        eprintln!("{} cases, {} turned, {:.2?}", report.cases, report.turned.len(), start.elapsed());
    }
    setup::report("what-if", times);
    Ok(())
}

/// The demonstration's cases again and again under numbers of another year, each with a receipt of its own, so that as
/// much is read as over so many cases.
async fn copy(pool: &PgPool, cases: i64) -> Result<(), sqlx::Error> {
    const COPIES: &str = "WITH source AS (
            SELECT c.*, k.receipt, k.verdict, k.checked_at, row_number() OVER (ORDER BY n, c.serial)::int AS place, gen_random_uuid() AS copy
            FROM generate_series(1, $1) AS n, admission_case c
            JOIN admission_check k ON k.district = c.district AND k.case_id = c.id AND k.current
            WHERE c.serial IS NOT NULL ORDER BY n, c.serial LIMIT $1),
        receipts AS (
            INSERT INTO receipt SELECT (jsonb_populate_record(r, jsonb_build_object('id', s.copy))).* FROM source s
            JOIN receipt r ON r.district = s.district AND r.id = s.receipt RETURNING district, id),
        made AS (
            INSERT INTO admission_case (district, id, year, serial, stage, round, client_key, application, project, investor, site,
                site_area_m2, applied_on, created_name, created_at, changed_at, changed_by, last_action)
            SELECT district, copy, 1999, place, 'submitted', 1, gen_random_uuid(), application, project, investor, site, site_area_m2,
                applied_on, 'x', created_at, changed_at, 'x', 'x' FROM source RETURNING district, id),
        rounds AS (
            INSERT INTO admission_round SELECT s.district, s.copy, 1, s.application, s.site, s.site_area_m2, '{}', s.created_at, 'x'
            FROM source s JOIN made m ON m.id = s.copy RETURNING district, case_id)
        INSERT INTO admission_check (district, case_id, round, receipt, verdict, warnings, occasion, current, checked_at, checked_by)
        SELECT s.district, s.copy, 1, t.id, s.verdict, '[]', 'x', true, s.checked_at, 'x'
        FROM source s JOIN rounds r ON r.case_id = s.copy JOIN receipts t ON t.id = s.copy::text";
    // The number of a receipt is the hash of what it holds; copies have numbers of their own.
    sqlx::query("ALTER TABLE receipt DROP CONSTRAINT receipt_number").execute(pool).await?;
    sqlx::query(COPIES).bind(cases).execute(pool).await?;
    for statement in ["ANALYZE admission_case", "ANALYZE admission_check", "ANALYZE receipt"] {
        sqlx::query(statement).execute(pool).await?;
    }
    Ok(())
}
