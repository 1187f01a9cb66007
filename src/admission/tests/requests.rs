//! The stateless check as a whole, on a database with planning layers.

use rust_decimal_macros::dec;
use serde_json::{Value, json};

use super::super::answer::{self, CheckAnswer, CheckError};
use super::super::coverage::RECHECK;
use super::super::request::CheckRequest;
use super::*;
use crate::db::PgPool;
use crate::db::geom::Geom;
use crate::exchange::Fault;
use crate::planning::testing::{Drawn, degrees, district, polygon, rectangle, scope};
use crate::policy::receipt::first_difference;
use crate::policy::verdict::{Overall, Verdict};

/// A site of 100 m by 200 m in the plane of the tests, or another ring of corners.
async fn site(pool: &PgPool, corners: &[(f64, f64)]) -> Value {
    let shape = degrees(pool, vec![polygon(corners)]).await;
    let ring: Vec<_> = shape.0[0].exterior().0.iter().map(|at| [at.x, at.y]).collect();
    json!({"type": "Polygon", "coordinates": [ring]})
}

const PLOT: [(f64, f64); 4] = [(0.0, 0.0), (100.0, 0.0), (100.0, 200.0), (0.0, 200.0)];

fn request(site: Value) -> Value {
    let facts = project();
    json!({
        "as_of": "2025-06-01", "site": site, "land_kind": "industrial", "land_use": "100101",
        "industry": {"code": "3311", "edition": "2017"},
        "figures": facts.figures, "floors": facts.floors,
    })
}

async fn ask(pool: &PgPool, request: &Value) -> Result<CheckAnswer, Vec<Fault>> {
    let request = CheckRequest::read(request.to_string().as_bytes()).map_err(|fault| vec![fault])?;
    let as_of = request.as_of.unwrap();
    match answer::answer(pool, &scope(), &request, &catalogue(&[all_kinds()]), as_of, as_of).await {
        Ok(answer) => Ok(answer),
        Err(CheckError::Input(faults)) => Err(faults),
        Err(CheckError::Database(error)) => panic!("{error}"),
    }
}

/// All six layers, with farmland to the east of the plot.
async fn layers(pool: &PgPool) {
    district(pool).await;
    let around = || vec![rectangle(-500.0, -500.0, 1000.0, 1000.0)];
    Drawn::of(LayerKind::UrbanDevelopmentBoundary).put(pool, vec![("", around())]).await;
    Drawn::of(LayerKind::IndustrialBlockLine).put(pool, vec![("", around())]).await;
    Drawn::of(LayerKind::PermanentBasicFarmland).put(pool, vec![("", vec![rectangle(150.0, 0.0, 300.0, 300.0)])]).await;
    Drawn::of(LayerKind::EcologicalRedLine).put(pool, vec![("", vec![rectangle(600.0, 600.0, 700.0, 700.0)])]).await;
    Drawn::of(LayerKind::ControlPlanLandUse).put(pool, vec![("100101", around())]).await;
    Drawn::of(LayerKind::EnvironmentalControlUnit).put(pool, vec![("重点管控", around())]).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn figures_and_geometry_in_verdict_out(pool: PgPool) {
    layers(&pool).await;
    let mut asked = request(site(&pool, &PLOT).await);
    let answer = ask(&pool, &asked).await.unwrap();
    assert_eq!(answer.verdict, Overall::Conforms, "{:#?}", answer.results);
    assert_eq!(answer.spatial.len(), 6);
    assert!(answer.warnings.iter().any(|warning| warning.code == "district_outline_missing"));
    assert_eq!(ask(&pool, &asked).await.unwrap().receipt, answer.receipt, "the same again");

    let written = serde_json::to_value(&answer).unwrap();
    for member in ["verdict", "as_of", "catalogue", "receipt", "results", "warnings"] {
        assert!(written.get(member).is_some(), "{member}");
    }
    let first = &written["results"][0];
    for member in
        ["rule", "indicator", "kind", "verdict", "required", "actual", "unit", "margin", "article", "explanation"]
    {
        assert!(first.get(member).is_some(), "{member}");
    }

    // What was not declared is measured: 100 m × 200 m.
    asked["figures"].as_object_mut().unwrap().remove("site_area");
    let measured = ask(&pool, &asked).await.unwrap();
    let intensity = measured.results.iter().find(|it| it.rule.ends_with("investment_intensity")).unwrap();
    assert_eq!(intensity.verdict, Verdict::Pass, "{intensity:?}");
    asked["figures"]["site_area"] = json!({"value": "19000", "unit": "m2"});
    let differs = ask(&pool, &asked).await.unwrap();
    assert!(differs.warnings.iter().any(|it| it.code == "site_area_differs" && it.message.contains("采用图形面积")));
    let intensity = differs.results.iter().find(|it| it.rule.ends_with("investment_intensity")).unwrap();
    assert_eq!(intensity.actual.as_deref(), Some("150.00"), "on the land, not on what was written about it");

    // Onto the farmland.
    let reaching = [(0.0, 0.0), (200.0, 0.0), (200.0, 100.0), (0.0, 100.0)];
    let hit = ask(&pool, &request(site(&pool, &reaching).await)).await.unwrap();
    assert_eq!(hit.verdict, Overall::DoesNotConform);
    let farmland = hit.spatial.iter().find(|it| it.layer == LayerKind::PermanentBasicFarmland).unwrap();
    assert!((farmland.overlap_m2 - dec!(5000)).abs() < dec!(0.1), "{}", farmland.overlap_m2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_cannot_be_checked_is_said_with_code_place_and_reason(pool: PgPool) {
    district(&pool).await;
    let good = request(site(&pool, &PLOT).await);
    let fault = async |path: &str, value: Value| {
        let mut asked = good.clone();
        *asked.pointer_mut(path).unwrap() = value;
        let faults = ask(&pool, &asked).await.unwrap_err();
        assert!(!faults[0].message.is_empty());
        (faults[0].code.code(), faults[0].place.clone())
    };
    let at = |code: &'static str, place: &str| (code, place.to_owned());
    assert_eq!(fault("/figures/site_area/value", json!("0")).await, at("area_zero", "/figures/site_area/value"));
    assert_eq!(
        fault("/figures/annual_tax/value", json!("-1")).await,
        at("figure_negative", "/figures/annual_tax/value")
    );
    assert_eq!(fault("/figures/annual_tax/unit", json!("美元")).await, at("unknown_unit", "/figures/annual_tax/unit"));
    assert_eq!(fault("/figures", json!({"luck": {"value": 1, "unit": "元"}})).await.0, "unknown_figure");
    assert_eq!(fault("/floors/0/height_m", json!("0")).await, at("floor_invalid", "/floors/0/height_m"));
    assert_eq!(fault("/land_kind", json!("farm")).await.0, "unreadable");
    assert_eq!(fault("/site", json!({"type": "Point", "coordinates": [120, 30]})).await.1, "/site");
    let crossed = site(&pool, &[(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0)]).await;
    assert_eq!(fault("/site", crossed).await, at("geometry_self_intersection", "/site"));
    let near = site(&pool, &PLOT).await;
    let far = site(&pool, &PLOT.map(|(x, y)| (x + 1000.0, y))).await;
    let apart = json!({"type": "MultiPolygon", "coordinates": [near["coordinates"], far["coordinates"]]});
    assert_eq!(fault("/site", apart).await, at("site_parts_apart", "/site"));
    let mut both = good.clone();
    both["parcel"] = json!("330105001001GB00001");
    assert_eq!(ask(&pool, &both).await.unwrap_err()[0].code.code(), "site_twice");
    both.as_object_mut().unwrap().remove("site");
    assert_eq!(ask(&pool, &both).await.unwrap_err()[0].code.code(), "parcel_unknown");
}

async fn parcel(pool: &PgPool, code: &str, official_m2: i32) {
    let shape = degrees(pool, vec![polygon(&PLOT)]).await;
    sqlx::query(
        "INSERT INTO parcel_version (district, code, valid, geom, survey_srid, survey_truth, official_area_m2, plane_area_m2,
             geodesic_area_m2, supply_status, registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
         VALUES ('330105', $1, '[2020-01-01,)', $2, 4528, true, $3, 20000, 20000, 'in_use', '330105001', '试验', '试验', now(), '试验', '')",
    )
    .bind(code)
    .bind(Geom::new(shape, 4490))
    .bind(Decimal::from(official_m2))
    .execute(pool)
    .await
    .unwrap();
}

async fn offer(pool: &PgPool, parcel: &str, sets: &[&str], offered: &str) {
    sqlx::query(
        "INSERT INTO admission_offer (district, id, parcel_code, title, land_kind, sets, offered, recorded_at, recorded_by)
         VALUES ('330105', gen_random_uuid(), $1, '试供', 'industrial', $2, $3::daterange, now(), '试验')",
    )
    .bind(parcel)
    .bind(sets.iter().map(|set| (*set).to_owned()).collect::<Vec<String>>())
    .bind(offered)
    .execute(pool)
    .await
    .unwrap();
}

fn line_of<'a>(answer: &'a CheckAnswer, rule: &str) -> &'a Finding {
    answer.results.iter().find(|it| it.rule.ends_with(rule)).unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_area_of_a_registered_parcel_goes_before_a_declared_one(pool: PgPool) {
    const CODE: &str = "330105001001GB00001";
    layers(&pool).await;
    parcel(&pool, CODE, 20000).await;
    let mut asked = request(Value::Null);
    asked.as_object_mut().unwrap().remove("site");
    asked["parcel"] = json!(CODE);
    // A thirtieth of the land declared would be thirty times the intensity.
    asked["figures"]["site_area"] = json!({"value": "1", "unit": "亩"});
    asked["figures"]["fixed_investment"]["value"] = json!("4499.99");
    let answer = ask(&pool, &asked).await.unwrap();
    assert_eq!(answer.verdict, Overall::DoesNotConform, "{:#?}", answer.warnings);
    assert_eq!(line_of(&answer, "investment_intensity").verdict, Verdict::Fail);
    let said = answer.warnings.iter().find(|it| it.code == "site_area_differs").unwrap();
    assert!(said.message.contains("666.67") && said.message.contains("20000.00"), "{}", said.message);
    asked["figures"]["fixed_investment"]["value"] = json!("4500");
    assert_eq!(ask(&pool, &asked).await.unwrap().verdict, Overall::Conforms);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_what_the_register_of_offers_lists_for_the_site_decides(pool: PgPool) {
    const CODE: &str = "330105001001GB00001";
    layers(&pool).await;
    parcel(&pool, CODE, 20000).await;
    let mut asked = request(Value::Null);
    asked.as_object_mut().unwrap().remove("site");
    asked["parcel"] = json!(CODE);
    // Named, and said to be offered, by the caller alone.
    for set in ["甲", "longchang-2022/glass"] {
        (asked["bound_to"], asked["offered"]) = (json!(set), json!([set]));
        let answer = ask(&pool, &asked).await.unwrap();
        assert_eq!(answer.verdict, Overall::NotDeterminable, "{set}");
        assert!(answer.warnings.iter().any(|it| it.code == "offered_differs"));
        assert!(line_of(&answer, "standard_set").explanation.contains(if set == "甲" { "在供" } else { "示例" }));
    }
    // Offered before and after the day, it is not offered on it.
    offer(&pool, CODE, &["甲"], "[2024-01-01,2025-06-01)").await;
    offer(&pool, CODE, &["甲"], "[2025-06-02,)").await;
    asked["bound_to"] = json!("甲");
    assert_eq!(ask(&pool, &asked).await.unwrap().verdict, Overall::NotDeterminable);
    sqlx::query("UPDATE admission_offer SET offered = '[2025-06-01,)' WHERE lower(offered) = '2025-06-02'")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(ask(&pool, &asked).await.unwrap().verdict, Overall::Conforms);
    // Drawn instead of named, it is the same land on offer; a part of it is not.
    asked.as_object_mut().unwrap().remove("parcel");
    asked["site"] = site(&pool, &PLOT).await;
    assert_eq!(ask(&pool, &asked).await.unwrap().verdict, Overall::Conforms);
    asked["site"] = site(&pool, &[(0.0, 0.0), (90.0, 0.0), (90.0, 200.0), (0.0, 200.0)]).await;
    assert_eq!(line_of(&ask(&pool, &asked).await.unwrap(), "standard_set").verdict, Verdict::NotDeterminable);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_caller_picks_neither_zone_nor_use_nor_day_in_silence(pool: PgPool) {
    layers(&pool).await;
    let asked = request(site(&pool, &PLOT).await);
    let mut other = asked.clone();
    other["land_use"] = json!("0901");
    assert_eq!(ask(&pool, &other).await.unwrap_err()[0].code.code(), "land_use_differs");
    let lax = adopted("园", "zone = '电子园'", "tax_per_mu = { interval = '[0,)', unit = '万元/亩' }");
    let zoned = catalogue(&[all_kinds(), lax]);
    let ask = async |request: &Value| {
        let request = CheckRequest::read(request.to_string().as_bytes()).unwrap();
        answer::answer(&pool, &scope(), &request, &zoned, day("2025-06-01"), day("2026-11-23")).await.unwrap()
    };
    let plain = ask(&asked).await;
    assert_eq!(plain.verdict, Overall::Conforms, "no zone on record, none said");
    assert!(plain.warnings.iter().any(|it| it.code == "another_day"));
    let mut inside = asked.clone();
    inside["zone"] = json!("电子园");
    let claimed = ask(&inside).await;
    assert_eq!(claimed.verdict, Overall::NotDeterminable);
    assert_eq!(line_of(&claimed, "standard_set").missing, ["用地所在区域"]);
    let outline = degrees(&pool, vec![rectangle(-10.0, -10.0, 300.0, 300.0)]).await;
    sqlx::query(
        "INSERT INTO outline (district, kind, code, name, valid, geom, source, recorded_at, recorded_by)
         VALUES ('330105', 'platform', 'P1', '电子园', '[2020-01-01,)', $1, '试验', now(), '试验')",
    )
    .bind(Geom::new(outline, 4490))
    .execute(&pool)
    .await
    .unwrap();
    let found = ask(&inside).await;
    assert_eq!((found.verdict, found.set.unwrap().id.as_str()), (Overall::Conforms, "园"));
    assert_eq!(ask(&asked).await.verdict, Overall::NotDeterminable, "a zone that is kept silent counts all the same");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_site_outside_the_district_is_refused(pool: PgPool) {
    district(&pool).await;
    let outline = degrees(&pool, vec![rectangle(50.0, -100.0, 500.0, 500.0)]).await;
    sqlx::query(
        "INSERT INTO outline (district, kind, code, name, valid, geom, source, recorded_at, recorded_by)
         VALUES ('330105', 'district', '330105', '拱墅区', '[2020-01-01,)', $1, '试验', now(), '试验')",
    )
    .bind(Geom::new(outline, 4490))
    .execute(&pool)
    .await
    .unwrap();
    let east = PLOT.map(|(x, y)| (x + 100.0, y));
    let inside = ask(&pool, &request(site(&pool, &east).await)).await.unwrap();
    assert!(inside.warnings.iter().all(|warning| warning.place != "/site"), "{:?}", inside.warnings);
    let across = ask(&pool, &request(site(&pool, &PLOT).await)).await.unwrap();
    assert!(across.warnings.iter().any(|warning| warning.code == "site_across_border"));
    let west = PLOT.map(|(x, y)| (x - 200.0, y));
    let faults = ask(&pool, &request(site(&pool, &west).await)).await.unwrap_err();
    assert_eq!(faults[0].code.code(), "site_outside_district");
}

#[test]
fn a_receipt_runs_again_to_the_byte() {
    let catalogue = catalogue(&[all_kinds()]);
    let receipt = on(&project(), &catalogue).receipt;
    let again = (RECHECK.run)(&catalogue, receipt.as_of, &receipt.inputs).unwrap();
    assert_eq!(first_difference(&receipt.results, &again), None);
    assert_eq!(receipt.number().unwrap(), receipt.id);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn figures_that_cannot_be_are_refused_with_their_place(pool: PgPool) {
    layers(&pool).await;
    let plot = site(&pool, &PLOT).await;
    let refused = async |change: &dyn Fn(&mut Value)| {
        let mut asked = request(plot.clone());
        change(&mut asked);
        let faults = ask(&pool, &asked).await.err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.code.code().to_owned(), fault.place)).collect::<Vec<_>>()
    };
    let one = |code: &str, place: &str| vec![(code.to_owned(), place.to_owned())];
    // The plot has 20,000 m².
    let built = |value: &'static str| {
        move |it: &mut Value| it["figures"]["built_area"] = json!({"value": value, "unit": "平方米"})
    };
    assert_eq!(refused(&built("20000.01")).await, one("share_above_whole", "/figures/built_area/value"));
    assert_eq!(refused(&built("19999")).await, []);
    assert_eq!(refused(&built("1000000000000000")).await, one("figure_out_of_range", "/figures/built_area/value"));
    let judged = |reason: &'static str, by: &'static str| {
        move |it: &mut Value| {
            it["judgements"] = json!({"admission.industrial_policy/x": {"conforms": true, "reason": reason, "by": by}});
        }
    };
    let place = "/judgements/admission.industrial_policy/x/";
    assert_eq!(refused(&judged(" ", "发改局")).await, one("judgement_without_reason", &format!("{place}reason")));
    assert_eq!(refused(&judged("不属于该情形", "")).await, one("judgement_without_reason", &format!("{place}by")));
    assert_eq!(refused(&judged("不属于该情形", "发改局")).await, []);
}
