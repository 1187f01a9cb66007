use std::collections::BTreeMap;

use rust_decimal::Decimal;
use sqlx::PgPool;

use super::rules::{Yield, yield_of};
use crate::base::unit::rounded;
use crate::db::Scope;
use crate::demo;
use crate::low_efficiency::list::{Entry, ListQuery};
use crate::low_efficiency::store::stream;
use crate::map::store::rule;
use crate::map::yields;

const YEAR: i32 = 2024;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_dossier_shows_the_figure_the_map_is_coloured_by(pool: PgPool) {
    crate::codelist::load(&pool).await.unwrap();
    crate::policy::store::load(&pool).await.unwrap();
    demo::load(&pool).await.unwrap();
    let scope = Scope::district(demo::DISTRICT.parse().unwrap());
    let rule = rule(&pool, YEAR).await.unwrap();
    yields::ensure(&pool, &scope, &rule).await.unwrap();
    let mut on: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let mut chunks = stream(pool.clone(), scope, ListQuery::of_year(YEAR), rule.line);
    while let Some(chunk) = chunks.recv().await {
        for entry in chunk.unwrap() {
            let mut codes: Vec<String> = entry.parts.iter().filter_map(|part| part.parcel.clone()).collect();
            codes.sort();
            codes.dedup();
            codes.into_iter().for_each(|code| on.entry(code).or_default().push(entry.clone()));
        }
    }
    let rows: Vec<(String, Option<Decimal>)> =
        sqlx::query_as("SELECT code, tax_per_mu FROM parcel_yield").fetch_all(&pool).await.unwrap();
    assert!(rows.len() > 250);
    for (code, worked_out) in rows {
        let lines: Vec<&Entry> = on[&code].iter().collect();
        match (yield_of(&code, &lines, YEAR, false), worked_out) {
            (Yield::TaxPerMu(shown), Some(value)) => assert_eq!(rounded(shown, 4), rounded(value, 4), "{code}"),
            (Yield::NotDeterminable, None) => {}
            (shown, value) => panic!("{code}: {shown:?} and {value:?}"),
        }
    }
}
