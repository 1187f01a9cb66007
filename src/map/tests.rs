use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use sqlx::PgPool;
use tower::util::ServiceExt;

use super::address::{Family, Place, Revision, TileAddress};
use super::store::{self, tile};
use super::{warm, yields};
use crate::account::{DEMONSTRATION_PASSWORD, create_demonstration_accounts};
use crate::base::clock::Clock;
use crate::db::Scope;
use crate::db::layer::{RETURNS, raise};
use crate::demo;
use crate::enterprise::HoldingSide;
use crate::low_efficiency::list::ListQuery;
use crate::web::AppState;
use crate::web::state::Settings;

mod remediation;

const YEAR: i32 = 2024;

fn scope() -> Scope {
    Scope::district(demo::DISTRICT.parse().unwrap())
}

fn clerk() -> Scope {
    Scope { subdistrict: Some("330105014".parse().unwrap()), ..scope() }
}

async fn district(pool: &PgPool) {
    crate::codelist::load(pool).await.unwrap();
    crate::policy::store::load(pool).await.unwrap();
    demo::load(pool).await.unwrap();
}

/// The district in a server, and the cookie of somebody who is signed in.
struct Town {
    router: axum::Router,
    cookie: String,
}

impl Town {
    async fn open(pool: &PgPool, login: &str) -> Self {
        district(pool).await;
        let clock = Clock::Fixed("2026-11-23T04:00:00Z".parse().unwrap());
        create_demonstration_accounts(pool, &scope(), clock.now()).await.unwrap();
        let settings = Settings {
            district: scope().district,
            district_name: demo::DISTRICT_NAME.into(),
            synthetic: true,
            home: std::env::temp_dir(),
            basemap: None,
            public_address: None,
        };
        let router = crate::app::router(AppState { pool: pool.clone(), clock, settings: Arc::new(settings) });
        Town { router, cookie: String::new() }.as_seen_by(login).await
    }

    /// The same server with somebody else signed in.
    async fn as_seen_by(&self, login: &str) -> Self {
        let form = format!("login={login}&password={DEMONSTRATION_PASSWORD}");
        let (_, headers) = self.post("/sign-in", form).await;
        let cookie = headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Town { router: self.router.clone(), cookie }
    }

    async fn post(&self, path: &str, form: String) -> (StatusCode, HeaderMap) {
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = self.router.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
        (answer.status(), answer.headers().clone())
    }

    /// The address of a layer's tiles that the map gives out, up to the zoom.
    async fn tiles_of(&self, layer: &str) -> Option<String> {
        let page = self.text("/map?year=2024").await;
        let start = page.find(&format!("/tiles/{layer}/"))?;
        page[start..].split("/{z}").next().map(str::to_owned)
    }

    /// What the tiles of a zoom hold, by code.
    async fn layer(&self, layer: &str, zoom: u8) -> BTreeMap<String, Feature> {
        let address = self.tiles_of(layer).await.unwrap();
        let mut found = BTreeMap::new();
        for Place { z, x, y } in tiles(zoom).into_iter().map(|tile| tile.place) {
            let (status, _, bytes) = self.get(&format!("{address}/{z}/{x}/{y}"), &[]).await;
            assert_eq!(status, StatusCode::OK);
            found.extend(features_of(layer, &bytes).into_iter().map(|feature| (feature["c"].clone(), feature)));
        }
        found
    }

    async fn get(&self, path: &str, extra: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::get(path).header("cookie", &self.cookie);
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }

    async fn text(&self, path: &str) -> String {
        let (status, _, body) = self.get(path, &[]).await;
        let text = String::from_utf8(body).unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }
}

fn address(z: u8, x: u32, y: u32) -> TileAddress {
    let revision = Revision { registers: 0, rule: "00000000".into() };
    TileAddress {
        family: Family::Parcels,
        revision,
        year: YEAR,
        as_of: "2026-11-23".parse().unwrap(),
        place: Place { z, x, y },
    }
}

/// Tiles of a zoom around the demonstration district.
fn tiles(z: u8) -> Vec<TileAddress> {
    let place = |longitude: f64, latitude: f64| {
        let side = f64::from(1u32 << z);
        let radians = latitude.to_radians();
        let y = (1.0 - (radians.tan() + 1.0 / radians.cos()).ln() / std::f64::consts::PI) / 2.0 * side;
        (((longitude + 180.0) / 360.0 * side) as u32, y as u32)
    };
    let ((west, south), (east, north)) = (place(120.15, 30.27), place(120.2, 30.34));
    (west..=east).flat_map(|x| (north..=south).map(move |y| address(z, x, y))).collect()
}

async fn drawn(pool: &PgPool, scope: &Scope, address: &TileAddress) -> Vec<u8> {
    let rule = store::rule(pool, YEAR).await.unwrap();
    tile::draw(pool, scope, &rule, address).await.unwrap().tile.expect("the figures are worked out")
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return value;
        }
    }
    unreachable!()
}

/// Fields of a protocol buffer message: number and bytes, or the bytes of a plain number's text.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let value = match key & 7 {
            0 => varint(&mut bytes).to_string().into_bytes(),
            2 => {
                let length = varint(&mut bytes) as usize;
                let value = bytes[..length].to_vec();
                bytes = &bytes[length..];
                value
            }
            other => panic!("wire type {other}"),
        };
        out.push((key >> 3, value));
    }
    out
}

type Feature = BTreeMap<String, String>;

/// The features of the parcels' one layer, each with its attributes as text; every one of them has a shape.
fn features(tile: &[u8]) -> Vec<Feature> {
    features_of("parcels", tile)
}

fn features_of(name: &str, tile: &[u8]) -> Vec<Feature> {
    let Some((_, layer)) = fields(tile).into_iter().find(|(number, _)| *number == 3) else { return Vec::new() };
    let layer = fields(&layer);
    let of = |number| layer.iter().filter(move |(each, _)| *each == number).map(|(_, bytes)| bytes);
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(of(1).map(text).collect::<Vec<_>>(), [name]);
    let keys: Vec<String> = of(3).map(text).collect();
    let values: Vec<String> = of(4)
        .map(|value| match fields(value).remove(0) {
            (1, bytes) => text(&bytes),
            (6, zigzag) => {
                let number: i64 = text(&zigzag).parse().unwrap();
                ((number >> 1) ^ -(number & 1)).to_string()
            }
            (_, number) => {
                let number: u64 = text(&number).parse().unwrap();
                (number as i64).to_string()
            }
        })
        .collect();
    of(2)
        .map(|feature| {
            let parts = fields(feature);
            assert!(parts.iter().any(|(number, bytes)| *number == 4 && bytes.len() > 4), "a feature without a shape");
            let mut tags = &parts.iter().find(|(number, _)| *number == 2).unwrap().1[..];
            let mut attributes = Feature::new();
            while !tags.is_empty() {
                let (key, value) = (varint(&mut tags) as usize, varint(&mut tags) as usize);
                attributes.insert(keys[key].clone(), values[value].clone());
            }
            attributes
        })
        .collect()
}

async fn codes(pool: &PgPool) -> BTreeSet<String> {
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT code FROM parcel_version WHERE superseded_at IS NULL AND valid @> '2026-11-23'::date",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    rows.into_iter().collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn no_parcel_vanishes_and_tiles_are_the_same_bytes_each_time(pool: PgPool) {
    district(&pool).await;
    yields::ensure(&pool, &scope(), &store::rule(&pool, YEAR).await.unwrap()).await.unwrap();
    let all = codes(&pool).await;
    for z in 5..=14 {
        let mut seen = BTreeSet::new();
        for tile in tiles(z) {
            let bytes = drawn(&pool, &scope(), &tile).await;
            if z == 12 {
                assert_eq!(bytes, drawn(&pool, &scope(), &tile).await);
            }
            let found = features(&bytes);
            let order: Vec<&str> = found.iter().map(|feature| feature["c"].as_str()).collect();
            assert!(order.is_sorted(), "zoom {z}");
            seen.extend(order.into_iter().map(str::to_owned));
        }
        assert_eq!(seen.len(), all.len(), "zoom {z}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_colours_are_there_before_a_tile_is_asked_for(pool: PgPool) {
    district(&pool).await;
    let editions = || async {
        let rows: Vec<(i16, i64)> = sqlx::query_as("SELECT year, revision FROM parcel_yield_edition ORDER BY year")
            .fetch_all(&pool)
            .await
            .unwrap();
        rows
    };
    let clock = Clock::Fixed("2026-11-23T04:00:00Z".parse().unwrap());
    let mut seen = warm::Seen::default();
    warm::look(&pool, clock, &scope(), &mut seen).await.unwrap();
    let revision = store::state(&pool, &scope()).await.unwrap().revision;
    let newest = crate::annual::store::years(&pool, &scope()).await.unwrap()[0] as i16;
    assert_eq!(editions().await, [(newest, revision)]);
    yields::ensure(&pool, &scope(), &store::rule(&pool, 2022).await.unwrap()).await.unwrap();
    raise(&mut pool.acquire().await.unwrap(), &scope(), RETURNS).await.unwrap();
    warm::look(&pool, clock, &scope(), &mut seen).await.unwrap();
    assert_eq!(editions().await, [(2022, revision + 1), (newest, revision + 1)], "and the years looked at before");
    let orphans: (i64,) =
        sqlx::query_as("SELECT count(*) FROM parcel_yield WHERE edition NOT IN (SELECT id FROM parcel_yield_edition)")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(orphans.0, 0, "what is older is forgotten whole");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn contracts_are_judged_ahead_when_one_changes_and_when_a_day_begins(pool: PgPool) {
    district(&pool).await;
    let days = async || -> Vec<(chrono::NaiveDate, i64)> {
        sqlx::query_as("SELECT as_of, revision FROM contract_map_edition ORDER BY id").fetch_all(&pool).await.unwrap()
    };
    let at = |text: &str| Clock::Fixed(text.parse().unwrap());
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let mut seen = warm::Seen::default();
    warm::look(&pool, at("2026-11-23T15:59:59Z"), &scope(), &mut seen).await.unwrap();
    let [(first, revision)] = days().await[..] else { panic!("one day") };
    assert_eq!(first, day("2026-11-23"));
    warm::look(&pool, at("2026-11-23T15:59:59Z"), &scope(), &mut seen).await.unwrap();
    assert_eq!(days().await.len(), 1, "nothing changed");
    warm::look(&pool, at("2026-11-23T16:00:00Z"), &scope(), &mut seen).await.unwrap();
    assert_eq!(days().await, [(first, revision), (day("2026-11-24"), revision)], "midnight in China");
    raise(&mut pool.acquire().await.unwrap(), &scope(), crate::db::layer::CONTRACTS).await.unwrap();
    warm::look(&pool, at("2026-11-23T16:00:00Z"), &scope(), &mut seen).await.unwrap();
    assert_eq!(days().await, [(day("2026-11-24"), revision + 1)], "what is older is forgotten");
}

/// The filters ask the same of the contracts' tiles as of the parcels' own.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_filters_ask_stands_in_the_contracts_tiles_as_in_the_parcels(pool: PgPool) {
    let town = Town::open(&pool, "contract").await;
    let (parcels, contracts) = (town.layer("parcels", 14).await, town.layer("contracts", 14).await);
    assert_eq!(town.layer("contracts", 8).await, contracts, "none is too small to be seen from afar");
    assert!(contracts.len() > 100 && contracts.len() < parcels.len());
    let (mut flagged, mut industries) = (0, 0);
    for (code, of_contract) in &contracts {
        for name in ["d", "f", "i"] {
            assert_eq!(of_contract.get(name), parcels[code].get(name), "{code} {name}");
        }
        flagged += usize::from(of_contract.contains_key("f"));
        industries += usize::from(of_contract.contains_key("i"));
    }
    assert!(flagged > 0 && industries > 10, "{flagged} {industries}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn flags_and_bands_agree_with_the_list(pool: PgPool) {
    district(&pool).await;
    let rule = store::rule(&pool, YEAR).await.unwrap();
    yields::ensure(&pool, &scope(), &rule).await.unwrap();
    let mut flagged: BTreeSet<String> = BTreeSet::new();
    let mut entries = Vec::new();
    let mut chunks =
        crate::low_efficiency::store::stream(pool.clone(), scope(), ListQuery::of_year(YEAR), rule.line.clone());
    while let Some(chunk) = chunks.recv().await {
        entries.extend(chunk.unwrap());
    }
    for entry in entries.iter().filter(|entry| entry.judgement.low_efficiency) {
        let parcels: BTreeSet<&String> = entry.parts.iter().filter_map(|part| part.parcel.as_ref()).collect();
        for parcel in parcels {
            let parts = || entry.parts.iter().filter(|part| part.parcel.as_ref() == Some(parcel));
            let land: Decimal = parts()
                .map(|part| {
                    let area = part.land.unwrap_or_default().0 * Decimal::from(part.days);
                    if part.side == HoldingSide::LeasedOut { -area } else { area }
                })
                .sum();
            if land > Decimal::ZERO || parts().any(|part| part.floor_only && part.side != HoldingSide::LeasedOut) {
                flagged.insert(parcel.clone());
            }
        }
    }
    let rows: Vec<(String, i16, bool, Option<Decimal>)> =
        sqlx::query_as("SELECT code, band, flagged, tax_per_mu FROM parcel_yield").fetch_all(&pool).await.unwrap();
    let drawn: BTreeSet<String> = rows.iter().filter(|row| row.2).map(|row| row.0.clone()).collect();
    assert!(drawn.len() > 20);
    assert_eq!(drawn, flagged);
    for (code, band, _, tax_per_mu) in &rows {
        if let Some(value) = tax_per_mu {
            let expected = rule.edges.iter().filter(|edge| *edge <= value).count() as i16;
            // A figure just below an edge may be shown on it.
            assert!(*band == expected || rule.edges.contains(value), "{code} {value} {band}");
        } else {
            assert_eq!(*band, -1, "{code}");
        }
    }
    let in_tiles: BTreeSet<String> = {
        let mut found = BTreeSet::new();
        for tile in tiles(12) {
            let flagged =
                features(&drawn_tile(&pool, &tile).await).into_iter().filter(|feature| feature.get("f").is_some());
            found.extend(flagged.map(|feature| feature["c"].clone()));
        }
        found
    };
    let valid = codes(&pool).await;
    assert_eq!(in_tiles, flagged.intersection(&valid).cloned().collect());
}

async fn drawn_tile(pool: &PgPool, tile: &TileAddress) -> Vec<u8> {
    drawn(pool, &scope(), tile).await
}

/// One parcel, 3 mu of it held by each of two enterprises all year.
async fn pair(pool: &PgPool, taxes: [Option<Decimal>; 2]) -> (i16, Option<Decimal>) {
    sqlx::raw_sql("TRUNCATE parcel_yield, parcel_yield_edition, occupancy, enterprise_version, return_figure")
        .execute(pool)
        .await
        .unwrap();
    for (number, tax) in taxes.into_iter().enumerate() {
        let uscc = crate::base::code::uscc_with_check_digit(&format!("91330105{number:09}")).unwrap();
        sqlx::query(
            "INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, state, source, reason,
                 recorded_at, recorded_by, fingerprint)
             VALUES ('330105', $1, '[2010-01-01,)', '企业', 'industry', 'below', 'operating', 'test', 'test', now(), 'test', '')",
        )
        .bind(uscc.as_str())
        .execute(pool)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO occupancy (district, parcel_code, kind, occupant, area_mu, valid, source, reason, recorded_at,
                 recorded_by) VALUES ('330105', '330105001001GB00001', 'owned', $1, 3, '[2010-01-01,)', 'test', 'test', now(), 'test')",
        )
        .bind(uscc.as_str())
        .execute(pool)
        .await
        .unwrap();
        let Some(tax) = tax else { continue };
        sqlx::query(
            "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, source, reason,
                 recorded_at, recorded_by) VALUES ('330105', 2024, 'tax_paid', $1, $2, 'tax', 'reported', 'test', 'test', now(), 'test')",
        )
        .bind(uscc.as_str())
        .bind(tax)
        .execute(pool)
        .await
        .unwrap();
    }
    yields::ensure(pool, &scope(), &store::rule(pool, YEAR).await.unwrap()).await.unwrap();
    sqlx::query_as("SELECT band, tax_per_mu FROM parcel_yield").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn bands_are_exact_at_their_edges_and_missing_is_not_zero(pool: PgPool) {
    sqlx::query("INSERT INTO district (code, name) VALUES ('330105', '拱墅区')").execute(&pool).await.unwrap();
    crate::policy::store::load(&pool).await.unwrap();
    // Six mu together: 60,000 yuan is exactly the floor of 10,000 a mu, 300,000 the next edge.
    assert_eq!(pair(&pool, [Some(dec!(15000)), Some(dec!(45000))]).await, (1, Some(dec!(10000.0000))));
    assert_eq!(pair(&pool, [Some(dec!(15000)), Some(dec!(44999.99))]).await.0, 0);
    assert_eq!(pair(&pool, [Some(dec!(15000)), Some(dec!(45000.01))]).await.0, 1);
    assert_eq!(pair(&pool, [Some(dec!(0)), Some(dec!(299999.99))]).await.0, 1);
    assert_eq!(pair(&pool, [Some(dec!(0)), Some(dec!(300000))]).await.0, 2);
    assert_eq!(pair(&pool, [Some(dec!(0)), Some(dec!(0))]).await, (0, Some(dec!(0.0000))));
    assert_eq!(pair(&pool, [Some(dec!(3000000)), None]).await, (-1, None));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clerk_sees_the_own_area_only(pool: PgPool) {
    district(&pool).await;
    yields::ensure(&pool, &scope(), &store::rule(&pool, YEAR).await.unwrap()).await.unwrap();
    let mut seen = 0;
    for tile in tiles(12) {
        let found = features(&drawn(&pool, &clerk(), &tile).await);
        assert!(found.iter().all(|feature| feature["d"] == "330105014"));
        seen += found.len();
    }
    assert!(seen > 20, "{seen}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tile_is_kept_for_good_under_its_revision_and_never_under_another(pool: PgPool) {
    let town = Town::open(&pool, "inspector").await;
    let page = town.text("/map").await;
    let start = page.find("/tiles/parcels/").unwrap();
    let revision = page[start + 15..].split('/').next().unwrap().to_owned();
    let registers: i64 = revision.split_once('-').unwrap().0.parse().unwrap();
    let tile = tiles(12).remove(0);
    let path =
        |revision: &str| format!("/tiles/parcels/{revision}/2024/2026-11-23/12/{}/{}.mvt", tile.place.x, tile.place.y);
    let (status, headers, plain) = town.get(&path(&revision), &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["cache-control"], "private, max-age=31536000, immutable");
    assert!(!features(&plain).is_empty());
    let (_, packed, _) = town.get(&path(&revision), &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(packed["content-encoding"], "gzip");
    let (_, packed, body) = town.get(&path(&revision), &[("accept-encoding", "gzip, deflate, br, zstd")]).await;
    assert_eq!(packed["content-encoding"], "zstd");
    assert_eq!(zstd::decode_all(&*body).unwrap(), plain);

    // A change of the registers: the old address answers with the new state and must not be kept.
    sqlx::query("UPDATE layer_revision SET revision = revision + 1 WHERE layer = 'parcels'")
        .execute(&pool)
        .await
        .unwrap();
    let old = tiles(12).remove(1);
    let path_of_old = format!("/tiles/parcels/{revision}/2024/2026-11-23/12/{}/{}", old.place.x, old.place.y);
    let (status, headers, _) = town.get(&path_of_old, &[]).await;
    assert_eq!((status, headers["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"));
    assert!(!headers.contains_key("etag"));
    let newer = revision.replacen(&registers.to_string(), &(registers + 2).to_string(), 1);
    assert_eq!(town.get(&path(&newer), &[]).await.0, StatusCode::NOT_FOUND);
    assert!(town.text("/map").await.contains(&format!("/tiles/parcels/{}-", registers + 1)));

    // With the tag there is no query at all: the answer comes with the database gone.
    let tag = town.get(&path(&revision), &[]).await.1["etag"].to_str().unwrap().to_owned();
    pool.close().await;
    let (status, _, body) = town.get(&path(&revision), &[("if-none-match", &tag)]).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn search_panel_and_dossiers(pool: PgPool) {
    let town = Town::open(&pool, "auditor").await;
    let hits: serde_json::Value = serde_json::from_str(&town.text("/map/search?q=330105018001gb00017").await).unwrap();
    assert_eq!(hits[0]["parcels"][0], "330105018001GB00016");
    assert!(hits[0]["bounds"][0].as_f64().unwrap() > 120.0);
    let hits: serde_json::Value = serde_json::from_str(&town.text("/map/search?q=%25%25").await).unwrap();
    assert_eq!(hits.as_array().unwrap().len(), 0, "a percent sign is a character like others");
    let hits: serde_json::Value = serde_json::from_str(&town.text("/map/search?q=%E7%A4%BA%E4%BE%8B").await).unwrap();
    assert_eq!(hits.as_array().unwrap().len(), 10);
    let uscc: String = sqlx::query_scalar("SELECT min(uscc) FROM enterprise_version").fetch_one(&pool).await.unwrap();
    let by_tail = town.text(&format!("/map/search?q={}", uscc[8..].to_lowercase())).await;
    assert!(by_tail.contains(&uscc), "{by_tail}");

    let merged = town.text("/parcels/330105018001GB00017").await;
    assert!(merged.contains("2024-03-01") && merged.contains("href=\"/parcels/330105018001GB00016\""));
    let before = town.text("/parcels/330105018001GB00017?as_of=2024-02-29").await;
    assert!(!before.contains("以下为其最后状态"));
    let split = town.text("/parcels/330103008001GB00004").await;
    assert!(split.contains("330105018001GB00005") && split.contains("330105018001GB00006") && split.contains("分割"));
    let retired = town.text("/parcels/330103003001GB00001").await;
    assert!(retired.contains("2022-09-01 起不再有效") && retired.contains("收回后用于道路建设"));
    let (status, headers, _) = town.get("/parcels/330105012001GB00001", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(headers["location"], "/parcels/330103003001GB00001?asked=330105012001GB00001");
    assert_eq!(town.get("/parcels/330105018001GB99999", &[]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(town.get("/parcels/x", &[]).await.0, StatusCode::NOT_FOUND);

    let panel = town.text("/map/panel?year=2024&as_of=2026-11-23&code=330105018001GB00017").await;
    assert!(panel.contains("data-parcel=\"330105018001GB00016\""));
    let list =
        town.text("/map/panel?year=2024&as_of=2026-11-23&code=330105018001GB00005&code=330105018001GB00006").await;
    assert_eq!(list.matches("list-group-item-action").count(), 2);
    assert!(town.text("/map/outlines.geojson").await.contains("\"subdistrict\""));
}
