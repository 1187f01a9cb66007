//! Sites of 100 m by 100 m, and layers drawn about them.

use geo_types::Polygon;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::db::PgPool;
use crate::planning::testing::{Drawn, degrees, district, polygon, rectangle, scope, with_hole};
use crate::planning::{Answer, Demand, PieceNature};
use crate::policy::standard::LandKind;
use LayerKind::*;

fn site() -> Vec<Polygon<f64>> {
    vec![rectangle(0.0, 0.0, 100.0, 100.0)]
}

async fn examined(pool: &PgPool, site: Vec<Polygon<f64>>, as_of: &str) -> Vec<LayerResult> {
    asked(pool, site, None, as_of).await
}

async fn asked(pool: &PgPool, site: Vec<Polygon<f64>>, code: Option<&str>, as_of: &str) -> Vec<LayerResult> {
    let site = degrees(pool, site).await;
    let asked = Asked { land_kind: LandKind::Industrial, land_use: code.map(str::to_owned) };
    let mut connection = pool.acquire().await.unwrap();
    examine(&mut connection, &scope(), &site, &asked, as_of.parse().unwrap()).await.unwrap()
}

async fn of(pool: &PgPool, layer: LayerKind, site: Vec<Polygon<f64>>) -> LayerResult {
    result(&examined(pool, site, "2024-06-01").await, layer)
}

fn result(results: &[LayerResult], layer: LayerKind) -> LayerResult {
    assert_eq!(results.iter().map(|result| result.layer).collect::<Vec<_>>(), LayerKind::ALL);
    results.iter().find(|result| result.layer == layer).unwrap().clone()
}

async fn farmland(pool: &PgPool, polygons: Vec<Polygon<f64>>) -> LayerResult {
    Drawn::of(PermanentBasicFarmland).put(pool, vec![("", polygons)]).await;
    of(pool, PermanentBasicFarmland, site()).await
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_missing_layer_is_not_checked(pool: PgPool) {
    district(&pool).await;
    let results = examined(&pool, site(), "2024-06-01").await;
    assert_eq!(results.len(), 6);
    for result in results {
        assert_eq!(result.answer, Answer::NotChecked);
        assert!(result.reason.unwrap().contains("没有有效的"));
        assert_eq!(result.site_area_m2, Some(dec!(10000.00)));
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_shared_edge_is_no_overlap(pool: PgPool) {
    district(&pool).await;
    let result = farmland(&pool, vec![rectangle(100.0, -50.0, 300.0, 150.0)]).await;
    assert_eq!((result.answer, result.overlap_m2, result.sliver_m2), (Answer::Clear, dec!(0.00), dec!(0.00)));
    assert_eq!(result.pieces, []);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_edge_that_is_nowhere_wider_than_the_tolerance_is_shown_and_not_counted(pool: PgPool) {
    district(&pool).await;
    let result = farmland(&pool, vec![rectangle(99.901, -50.0, 300.0, 150.0)]).await;
    assert_eq!((result.answer, result.overlap_m2, result.sliver_m2), (Answer::Clear, dec!(0.00), dec!(9.90)));
    assert_eq!((result.pieces.len(), result.pieces[0].counted), (1, false));
    assert_eq!(result.tolerance.unwrap().width_m, dec!(0.1));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_edge_just_wider_counts(pool: PgPool) {
    district(&pool).await;
    let result = farmland(&pool, vec![rectangle(99.899, -50.0, 300.0, 150.0)]).await;
    assert_eq!((result.answer, result.overlap_m2, result.sliver_m2), (Answer::Hit, dec!(10.10), dec!(0.00)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_blob_on_a_long_thin_tail_counts_whole(pool: PgPool) {
    district(&pool).await;
    // 99 m of 5 cm and 2 m of 2 m: its mean width is below the tolerance, its greatest is not.
    let blob = [(99.95, 0.0), (200.0, 0.0), (200.0, 100.0), (98.0, 100.0), (98.0, 98.0), (99.95, 98.0)];
    let result = farmland(&pool, vec![polygon(&blob)]).await;
    assert_eq!((result.answer, result.overlap_m2), (Answer::Hit, dec!(8.90)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn corners_below_at_and_above_one_square_metre(pool: PgPool) {
    district(&pool).await;
    let corner = |side: f64| vec![rectangle(100.0 - side, 99.0, 200.0, 200.0)];
    for (side, answer, sliver) in
        [(0.999, Answer::Clear, dec!(1.00)), (1.0, Answer::Hit, dec!(0.00)), (1.001, Answer::Hit, dec!(0.00))]
    {
        let result = farmland(&pool, corner(side)).await;
        assert_eq!((result.answer, result.sliver_m2), (answer, sliver), "{side}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn many_records_of_one_field_are_one_piece_of_it(pool: PgPool) {
    district(&pool).await;
    // Four records side by side, each below a square metre, together above.
    let strips = (0..4).map(|i| {
        let south = f64::from(i) * 0.5;
        ("", vec![rectangle(99.0, south, 200.0, south + 0.5)])
    });
    Drawn::of(PermanentBasicFarmland).put(&pool, strips.collect()).await;
    let result = of(&pool, PermanentBasicFarmland, site()).await;
    assert_eq!((result.answer, result.overlap_m2, result.pieces.len()), (Answer::Hit, dec!(2.00), 4));
    assert!(result.pieces.iter().all(|piece| piece.counted && piece.area_m2 == dec!(0.50)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_small_field_amid_the_site_counts(pool: PgPool) {
    district(&pool).await;
    let result = farmland(&pool, vec![rectangle(50.0, 50.0, 50.5, 51.0)]).await;
    assert_eq!((result.answer, result.overlap_m2), (Answer::Hit, dec!(0.50)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_partial_overlap_has_its_area_share_and_place(pool: PgPool) {
    district(&pool).await;
    let result = farmland(&pool, vec![rectangle(90.0, 0.0, 300.0, 50.0)]).await;
    assert_eq!((result.answer, result.overlap_m2, result.share_percent), (Answer::Hit, dec!(500.00), dec!(5.00)));
    let piece = &result.pieces[0];
    assert_eq!((piece.name.as_deref(), piece.nature), (Some("第1块"), PieceNature::Conflict));
    assert_eq!(piece.geometry["type"], "Polygon");
    let longitude = piece.geometry["coordinates"][0][0][0].as_f64().unwrap();
    assert!((119.0..121.0).contains(&longitude));
    assert_eq!((result.edition.as_deref(), result.demand), (Some("2023版"), Demand::Clear));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn areas_that_overlap_each_other_are_counted_once(pool: PgPool) {
    district(&pool).await;
    let twice = vec![("", vec![rectangle(90.0, 0.0, 300.0, 50.0)]), ("", vec![rectangle(95.0, 0.0, 300.0, 50.0)])];
    Drawn::of(EcologicalRedLine).put(&pool, twice).await;
    let result = of(&pool, EcologicalRedLine, site()).await;
    assert_eq!((result.overlap_m2, result.pieces.len()), (dec!(500.00), 2));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn inside_the_boundary_is_clear_and_a_hole_in_it_is_not(pool: PgPool) {
    district(&pool).await;
    let outer = || rectangle(-100.0, -100.0, 200.0, 200.0);
    Drawn::of(UrbanDevelopmentBoundary).put(&pool, vec![("", vec![outer()])]).await;
    let result = of(&pool, UrbanDevelopmentBoundary, site()).await;
    assert_eq!((result.answer, result.overlap_m2, result.pieces.len()), (Answer::Clear, dec!(0.00), 0));
    let holed = with_hole(outer(), rectangle(40.0, 40.0, 60.0, 60.0));
    Drawn::of(UrbanDevelopmentBoundary).put(&pool, vec![("", vec![holed])]).await;
    let result = of(&pool, UrbanDevelopmentBoundary, site()).await;
    assert_eq!((result.answer, result.overlap_m2, result.share_percent), (Answer::Hit, dec!(400.00), dec!(4.00)));
    assert_eq!(result.pieces[0].name, None);
    let gap = with_hole(outer(), rectangle(40.0, 40.0, 40.9, 41.0));
    Drawn::of(UrbanDevelopmentBoundary).put(&pool, vec![("", vec![gap])]).await;
    let result = of(&pool, UrbanDevelopmentBoundary, site()).await;
    assert_eq!((result.answer, result.sliver_m2), (Answer::Clear, dec!(0.90)), "a gap is nobody's land");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_site_beyond_the_boundary_lies_outside_whole(pool: PgPool) {
    district(&pool).await;
    Drawn::of(IndustrialBlockLine).put(&pool, vec![("", vec![rectangle(500.0, 0.0, 600.0, 100.0)])]).await;
    let result = of(&pool, IndustrialBlockLine, site()).await;
    assert_eq!((result.answer, result.overlap_m2, result.share_percent), (Answer::Hit, dec!(10000.00), dec!(100.00)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_site_of_two_parts_is_one_site(pool: PgPool) {
    district(&pool).await;
    Drawn::of(UrbanDevelopmentBoundary).put(&pool, vec![("", vec![rectangle(-10.0, -10.0, 110.0, 110.0)])]).await;
    let two = vec![rectangle(0.0, 0.0, 100.0, 100.0), rectangle(1000.0, 0.0, 1100.0, 100.0)];
    let result = of(&pool, UrbanDevelopmentBoundary, two).await;
    assert_eq!(result.site_area_m2, Some(dec!(20000.00)));
    assert_eq!((result.answer, result.overlap_m2, result.share_percent), (Answer::Hit, dec!(10000.00), dec!(50.00)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn planned_uses_are_allowed_in_conflict_or_unknown(pool: PgPool) {
    district(&pool).await;
    let plan = || {
        vec![
            ("100101", vec![rectangle(0.0, 0.0, 50.0, 100.0)]),
            ("100102", vec![rectangle(50.0, 0.0, 90.0, 100.0)]),
            ("", vec![rectangle(90.0, 0.0, 100.0, 60.0)]),
        ]
    };
    Drawn::of(ControlPlanLandUse).put(&pool, plan()).await;
    let kind = of(&pool, ControlPlanLandUse, site()).await;
    assert_eq!((kind.answer, kind.overlap_m2, kind.undetermined_m2), (Answer::NotChecked, dec!(0.00), dec!(1000.00)));
    assert!(kind.reason.unwrap().contains("1000.00 平方米"));
    let second = result(&asked(&pool, site(), Some("100102"), "2024-06-01").await, ControlPlanLandUse);
    assert_eq!((second.answer, second.overlap_m2), (Answer::Hit, dec!(5000.00)));
    let conflict: Vec<_> = second.pieces.iter().filter(|p| p.nature == PieceNature::Conflict).collect();
    assert_eq!((conflict.len(), conflict[0].use_code.as_deref()), (1, Some("100101")));
    let within = result(
        &asked(&pool, vec![rectangle(55.0, 5.0, 85.0, 95.0)], Some("100102"), "2024-06-01").await,
        ControlPlanLandUse,
    );
    assert_eq!(within.answer, Answer::Clear);
    let first = vec![rectangle(5.0, 5.0, 85.0, 95.0)];
    let first = result(&asked(&pool, first, Some("100101"), "2024-06-01").await, ControlPlanLandUse);
    assert_eq!(first.answer, Answer::Clear, "the least disturbing class may stand on both");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_plan_too_coarse_or_silent_on_what_is_asked_is_not_determined(pool: PgPool) {
    district(&pool).await;
    Drawn::of(ControlPlanLandUse).put(&pool, vec![("10", vec![rectangle(-10.0, -10.0, 110.0, 110.0)])]).await;
    let coarse = of(&pool, ControlPlanLandUse, site()).await;
    assert_eq!((coarse.answer, coarse.undetermined_m2), (Answer::NotChecked, dec!(10000.00)));
    let silent = Drawn { allowed_uses: Default::default(), ..Drawn::of(ControlPlanLandUse) };
    silent.put(&pool, vec![("1001", vec![rectangle(-10.0, -10.0, 110.0, 110.0)])]).await;
    let silent = of(&pool, ControlPlanLandUse, site()).await;
    assert_eq!(silent.answer, Answer::NotChecked);
    assert!(silent.reason.unwrap().contains("没有规定"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn control_units_are_told_by_their_class(pool: PgPool) {
    district(&pool).await;
    let units = vec![
        ("优先保护", vec![rectangle(-100.0, -100.0, 30.0, 200.0)]),
        ("重点管控", vec![rectangle(30.0, -100.0, 200.0, 200.0)]),
    ];
    Drawn::of(EnvironmentalControlUnit).put(&pool, units).await;
    let result = of(&pool, EnvironmentalControlUnit, site()).await;
    assert_eq!((result.answer, result.overlap_m2), (Answer::Hit, dec!(3000.00)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_edition_holds_from_its_first_day_to_the_day_before_the_next(pool: PgPool) {
    district(&pool).await;
    Drawn::of(EcologicalRedLine).put(&pool, vec![("", vec![rectangle(0.0, 0.0, 10.0, 10.0)])]).await;
    let later =
        Drawn { name: "2025版", from: "2025-03-01", review_by: Some("2025-12-31"), ..Drawn::of(EcologicalRedLine) };
    later.put(&pool, vec![("", vec![rectangle(0.0, 0.0, 20.0, 10.0)])]).await;
    for (day, edition, answer, area) in [
        ("2022-12-31", None, Answer::NotChecked, dec!(0.00)),
        ("2023-01-01", Some("2023版"), Answer::Hit, dec!(100.00)),
        ("2025-02-28", Some("2023版"), Answer::Hit, dec!(100.00)),
        ("2025-03-01", Some("2025版"), Answer::Hit, dec!(200.00)),
        ("2025-12-31", Some("2025版"), Answer::Hit, dec!(200.00)),
        ("2026-01-01", Some("2025版"), Answer::NotChecked, dec!(0.00)),
    ] {
        let found = result(&examined(&pool, site(), day).await, EcologicalRedLine);
        assert_eq!((found.edition.as_deref(), found.answer, found.overlap_m2), (edition, answer, area), "{day}");
    }
    let outdated = result(&examined(&pool, site(), "2026-01-01").await, EcologicalRedLine);
    assert!(outdated.reason.unwrap().contains("2025-12-31"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_editions_of_one_layer_never_hold_together(pool: PgPool) {
    district(&pool).await;
    Drawn::of(EcologicalRedLine).put(&pool, vec![("", site())]).await;
    let second = sqlx::query(
        "INSERT INTO planning_edition (district, layer, name, valid, demand, source, areas, area_m2, fingerprint, recorded_at, recorded_by)
         SELECT district, layer, 'x', daterange('2024-01-01', '2024-01-02'), demand, source, areas, area_m2, fingerprint, recorded_at, recorded_by
         FROM planning_edition",
    );
    let refused = second.execute(&pool).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "23P01");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_broken_area_fails_its_layer_and_no_other(pool: PgPool) {
    district(&pool).await;
    sqlx::query("ALTER TABLE planning_area DROP CONSTRAINT planning_area_valid").execute(&pool).await.unwrap();
    let bow = polygon(&[(10.0, 10.0), (60.0, 60.0), (60.0, 10.0), (10.0, 40.0)]);
    let broken = farmland(&pool, vec![bow]).await;
    Drawn::of(EcologicalRedLine).put(&pool, vec![("", vec![rectangle(0.0, 0.0, 10.0, 10.0)])]).await;
    assert_eq!(broken.answer, Answer::Failed);
    assert!(broken.reason.is_some() && broken.pieces.is_empty());
    assert_eq!(of(&pool, EcologicalRedLine, site()).await.answer, Answer::Hit);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_broken_site_fails_every_layer(pool: PgPool) {
    district(&pool).await;
    Drawn::of(PermanentBasicFarmland).put(&pool, vec![("", site())]).await;
    let bow = polygon(&[(0.0, 0.0), (50.0, 50.0), (50.0, 0.0), (0.0, 50.0)]);
    for broken in [degrees(&pool, vec![bow]).await, MultiPolygon(vec![]), MultiPolygon(site())] {
        let asked = Asked { land_kind: LandKind::Industrial, land_use: None };
        let mut connection = pool.acquire().await.unwrap();
        let day = "2024-06-01".parse().unwrap();
        let results = examine(&mut connection, &scope(), &broken, &asked, day).await.unwrap();
        assert!(results.iter().all(|result| result.answer == Answer::Failed && result.reason.is_some()));
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn no_tolerance_in_force_is_not_checked(pool: PgPool) {
    district(&pool).await;
    let early = Drawn { from: "2010-01-01", ..Drawn::of(PermanentBasicFarmland) };
    early.put(&pool, vec![("", site())]).await;
    let result = result(&examined(&pool, site(), "2018-12-31").await, PermanentBasicFarmland);
    assert_eq!(result.answer, Answer::NotChecked);
    assert!(result.reason.unwrap().contains("参数"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn another_district_sees_nothing(pool: PgPool) {
    district(&pool).await;
    Drawn::of(PermanentBasicFarmland).put(&pool, vec![("", site())]).await;
    let site = degrees(&pool, site()).await;
    let asked = Asked { land_kind: LandKind::Industrial, land_use: None };
    let elsewhere = Scope::district("330106".parse().unwrap());
    let mut connection = pool.acquire().await.unwrap();
    let results = examine(&mut connection, &elsewhere, &site, &asked, "2024-06-01".parse().unwrap()).await.unwrap();
    assert!(results.iter().all(|result| result.answer == Answer::NotChecked));
}

/// A star of up to 300 corners about a place: valid, concave, and cut into parts when it has many.
fn star() -> impl Strategy<Value = Polygon<f64>> {
    let centre = (-150.0..250.0f64, -150.0..250.0f64);
    (centre, proptest::collection::vec(20.0..260.0f64, 5..300)).prop_map(|((x, y), radii)| {
        let step = std::f64::consts::TAU / radii.len() as f64;
        let corner = |(place, radius): (usize, &f64)| {
            let angle = place as f64 * step;
            (x + radius * angle.cos(), y + radius * angle.sin())
        };
        polygon(&radii.iter().enumerate().map(corner).collect::<Vec<_>>())
    })
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_lies_inside_and_outside_is_the_site(pool: PgPool) {
    district(&pool).await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..30 {
        let (layer, site) = (star(), star()).new_tree(&mut runner).unwrap().current();
        let day = "2024-06-01";
        Drawn::of(PermanentBasicFarmland).put(&pool, vec![("", vec![layer.clone()])]).await;
        Drawn::of(UrbanDevelopmentBoundary).put(&pool, vec![("", vec![layer])]).await;
        let results = examined(&pool, vec![site], day).await;
        let (inside, outside) = (&results[1], &results[0]);
        let sum: Decimal = [inside, outside].iter().map(|result| result.overlap_m2 + result.sliver_m2).sum();
        let difference = (sum - inside.site_area_m2.unwrap()).abs();
        assert!(difference <= dec!(0.01), "{difference}");
        let pieces: Decimal = inside.pieces.iter().map(|piece| piece.area_m2).sum();
        assert!(
            (pieces - inside.overlap_m2 - inside.sliver_m2).abs()
                <= dec!(0.01) * Decimal::from(inside.pieces.len() + 1)
        );
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_same_site_gives_the_same_bytes(pool: PgPool) {
    district(&pool).await;
    let mut runner = TestRunner::deterministic();
    let (one, two, site) = (star(), star(), star()).new_tree(&mut runner).unwrap().current();
    Drawn::of(PermanentBasicFarmland).put(&pool, vec![("", vec![one.clone()]), ("", vec![two.clone()])]).await;
    Drawn::of(ControlPlanLandUse).put(&pool, vec![("0701", vec![one]), ("1001", vec![two])]).await;
    let first = serde_json::to_string(&examined(&pool, vec![site.clone()], "2024-06-01").await).unwrap();
    for _ in 0..7 {
        let again = serde_json::to_string(&examined(&pool, vec![site.clone()], "2024-06-01").await).unwrap();
        assert_eq!(again, first);
    }
}
