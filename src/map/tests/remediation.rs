//! Tiles of files of remediation: as the card says, and new with each step and each day.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use sqlx::PgPool;

use super::{Town, YEAR, codes, scope, tiles};
use crate::demo;
use crate::enterprise::HoldingSide;
use crate::map::address::Place;
use crate::map::remediation_colours::{NO_WAY, Progress};
use crate::map::remediation_tiles::tile_digest;
use crate::map::{card, store as map_store};
use crate::remediation::deadlines::Days;
use crate::remediation::rules::timeliness;
use crate::remediation::store::files;

/// Files of the demonstration, and one about a parcel itself.
async fn remediated(pool: &PgPool, home: &std::path::Path) -> String {
    demo::remediation::load(pool, &scope(), home).await.unwrap();
    let sql = "SELECT p.code FROM parcel_version p JOIN occupancy o ON o.parcel_code = p.code AND o.superseded_at IS NULL
                   AND o.valid @> '2026-11-23'::date WHERE p.superseded_at IS NULL AND upper_inf(p.valid) AND o.occupant IN
                   (SELECT subject FROM remediation_file WHERE state = 'carrying_out') ORDER BY p.code LIMIT 1";
    let parcel: String = sqlx::query_scalar(sql).fetch_one(pool).await.unwrap();
    // It is late, so it comes before the file of whoever uses it.
    let sql = "INSERT INTO remediation_file (district, id, year, serial, subject_kind, subject, name, subdistrict, state, due, opened_at,
                   opened_on, opened_by_name)
               SELECT district, gen_random_uuid(), 2020, 999, 'parcel', code, code, subdistrict, 'surveyed', '2020-01-31',
                   '2020-01-01', '2020-01-01', '示例' FROM parcel_version WHERE code = $1 AND superseded_at IS NULL";
    sqlx::query(sql).bind(&parcel).execute(pool).await.unwrap();
    let sql =
        "UPDATE remediation_file SET due = (ARRAY['2026-11-25', '2027-06-30', '2025-07-25'])[1 + serial % 3]::date
               WHERE state = 'surveyed' AND subject_kind = 'enterprise'";
    sqlx::query(sql).execute(pool).await.unwrap();
    parcel
}

/// Parcels of files that were not dropped, and of those who use land and have one.
async fn parcels_with_files(pool: &PgPool) -> BTreeSet<String> {
    let sql = "SELECT subject FROM remediation_file WHERE subject_kind = 'parcel' AND state <> 'dropped'
               UNION SELECT o.parcel_code FROM remediation_file f JOIN occupancy o ON o.occupant = f.subject AND o.superseded_at IS NULL
                   AND o.valid @> '2026-11-23'::date WHERE f.state <> 'dropped' AND o.parcel_code IS NOT NULL";
    let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
    let all: BTreeSet<String> = rows.into_iter().collect();
    all.intersection(&codes(pool).await).cloned().collect()
}

/// What the card of a parcel puts first, as the tiles call it.
async fn pressing(pool: &PgPool, code: &str, days: Days) -> [String; 3] {
    let uses = card::uses(pool, &scope(), code, Some(days.today)).await.unwrap();
    let users = uses.iter().filter(|each| each.side != HoldingSide::LeasedOut).map(|each| each.uscc.clone());
    let subjects: Vec<String> = users.chain([code.to_owned()]).collect();
    let mut connection = pool.acquire().await.unwrap();
    let files = files::pressing(&mut connection, &scope(), &subjects).await.unwrap();
    let first = &files[0];
    let deadline = timeliness(first.state, first.due, days.today, days.soon).code();
    let way = first.way.map_or(NO_WAY, |way| way.code());
    [Progress::of(first.state).unwrap().code(), deadline, way].map(str::to_owned)
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn parcels_have_the_colours_of_the_file_that_their_card_puts_first(pool: PgPool) {
    let town = Town::open(&pool, "contract").await;
    assert_eq!(town.tiles_of("remediation").await, None, "there is no file yet");
    let home = tempfile::tempdir().unwrap();
    let parcel = remediated(&pool, home.path()).await;
    let near = town.layer("remediation", 14).await;
    assert_eq!(town.layer("remediation", 8).await, near, "drawn file by file or parcel by parcel");
    assert_eq!(near.keys().cloned().collect::<BTreeSet<_>>(), parcels_with_files(&pool).await);
    let parcels = town.layer("parcels", 14).await;
    let days = Days::on(&pool, "2026-11-23".parse().unwrap()).await.unwrap();
    for (code, feature) in &near {
        let drawn = ["k", "l", "w"].map(|name| feature[name].clone());
        assert_eq!(drawn, pressing(&pool, code, days).await, "{code}");
        for name in ["d", "f", "i"] {
            assert_eq!(feature.get(name), parcels[code].get(name), "{code} {name}");
        }
    }
    let seen = |name: &str| near.values().map(|feature| feature[name].clone()).collect::<BTreeSet<_>>();
    assert!(seen("k").len() > 5 && seen("l").len() == 4 && seen("w").len() > 2, "{:?}", seen("w"));
    assert_eq!((near[&parcel]["k"].as_str(), near[&parcel]["l"].as_str()), ("to_verify", "late"));
    let card = town.text(&format!("/map/panel?year=2024&code={parcel}")).await;
    assert!(card.contains("href=\"/remediation/2020-0999\"") && card.contains("已逾期"), "{card}");
    let file = town.text("/remediation/2020-0999").await;
    assert!(
        file.contains(&format!("/map?theme=progress&#38;parcel={parcel}"))
            || file.contains(&format!("/map?theme=progress&amp;parcel={parcel}"))
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_tiles_of_files_change_with_a_step_and_with_the_day_and_a_clerk_sees_the_own(pool: PgPool) {
    let town = Town::open(&pool, "evaluator").await;
    let home = tempfile::tempdir().unwrap();
    remediated(&pool, home.path()).await;
    let address = town.tiles_of("remediation").await.unwrap();
    let Place { z, x, y } = tiles(12).remove(0).place;
    let tile = format!("{address}/{z}/{x}/{y}");
    let (status, headers, _) = town.get(&tile, &[]).await;
    assert_eq!(
        (status, headers["cache-control"].to_str().unwrap()),
        (StatusCode::OK, "private, max-age=31536000, immutable")
    );
    let tag = headers["etag"].to_str().unwrap();
    assert_eq!(town.get(&tile, &[("if-none-match", tag)]).await.0, StatusCode::NOT_MODIFIED);

    let drop = "step=drop&version=1&reason=%E8%AF%AF%E5%88%97".to_owned();
    assert_eq!(town.post("/remediation/2020-0999/step", drop).await.0, StatusCode::SEE_OTHER);
    let newer = town.tiles_of("remediation").await.unwrap();
    assert_ne!(newer, address);
    let Place { z, x, y } = tiles(12).remove(1).place;
    let (_, headers, _) = town.get(&format!("{address}/{z}/{x}/{y}"), &[]).await;
    assert_eq!(headers["cache-control"], "no-store", "of another state than its address says");

    let rule = map_store::rule(&pool, YEAR).await.unwrap();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let digest = |today, soon| tile_digest(Days { today: day(today), soon: day(soon) }, &rule);
    assert_ne!(digest("2026-11-23", "2026-11-30"), digest("2026-11-24", "2026-12-01"), "midnight in China");

    let clerk = town.as_seen_by("changqing").await;
    for zoom in [14, 8] {
        let own = clerk.layer("remediation", zoom).await;
        let all = town.layer("remediation", zoom).await;
        assert!(!own.is_empty() && own.len() < all.len());
        assert!(own.iter().all(|(code, feature)| feature["d"] == "330105014" && all.contains_key(code)));
    }
}
