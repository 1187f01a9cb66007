use std::collections::{BTreeMap, HashMap, HashSet};

use geo::{Area, Intersects, Relate};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use sha2::{Digest, Sha256};

use super::economy::OccupancyRow;
use super::quarter::QUARTERS;
use super::register::{ParcelRow, day, merger};
use super::*;
use crate::base::code::Uscc;
use crate::enterprise::{EnterpriseState, Indicator, OccupancyKind};
use crate::parcel::{LineageKind, SupplyStatus};

fn current(demonstration: &Demonstration) -> Vec<&ParcelRow> {
    let rows = demonstration.register.parcels.iter();
    rows.filter(|row| row.superseded_at.is_none() && row.valid.contains(day(2024, 12, 31))).collect()
}

fn digest(demonstration: &Demonstration) -> Vec<u8> {
    let mut hash = Sha256::new();
    for row in &demonstration.register.parcels {
        hash.update(format!("{row:?}"));
    }
    for row in &demonstration.enterprises {
        hash.update(format!("{row:?}"));
    }
    for row in &demonstration.occupancies {
        hash.update(format!("{row:?}"));
    }
    for row in &demonstration.figures {
        hash.update(format!("{row:?}"));
    }
    hash.finalize().to_vec()
}

#[test]
fn the_same_town_every_time() {
    assert_eq!(digest(&Demonstration::generate()), digest(&Demonstration::generate()));
}

#[test]
fn about_six_hundred_parcels_of_a_town_and_eight_hundred_enterprises() {
    let demonstration = Demonstration::generate();
    let parcels = current(&demonstration);
    assert!((560..=680).contains(&parcels.len()), "{}", parcels.len());
    let areas = || parcels.iter().map(|row| row.plane_m2);
    assert!(areas().min() >= Some(dec!(800)) && areas().min() < Some(dec!(1600)), "{:?}", areas().min());
    assert!(areas().max() <= Some(dec!(120000)) && areas().max() > Some(dec!(80000)), "{:?}", areas().max());
    let corners = || parcels.iter().map(|row| row.shape.points());
    assert!(corners().min() >= Some(4) && corners().max() <= Some(24), "{:?}–{:?}", corners().min(), corners().max());
    let many = parcels.iter().filter(|row| row.shape.points() > 12).count();
    assert!(many * 10 < parcels.len(), "{many} have more than twelve corners");
    let usccs: HashSet<&Uscc> = demonstration.enterprises.iter().map(|row| &row.uscc).collect();
    assert_eq!(usccs.len(), economy::ENTERPRISES);
    let names: HashSet<&str> = demonstration.enterprises.iter().map(|row| row.name.as_str()).collect();
    assert!(names.len() > economy::ENTERPRISES);
    assert!(names.iter().all(|name| name.contains("示例")));
}

#[test]
fn parcels_keep_apart_and_inside_their_subdistrict() {
    let demonstration = Demonstration::generate();
    let parcels = current(&demonstration);
    let shapes: Vec<_> = parcels.iter().map(|row| row.shape.to_multi_polygon()).collect();
    let quarters: HashMap<&str, _> = demonstration
        .register
        .outlines
        .iter()
        .filter(|row| row.kind == "subdistrict" && row.valid.until.is_none())
        .map(|row| (row.code.as_str(), row.shape.to_multi_polygon()))
        .collect();
    for (place, (row, shape)) in parcels.iter().zip(&shapes).enumerate() {
        assert!(shape.relate(&quarters[row.subdistrict.as_str()]).is_within(), "{} is outside", row.code);
        let near = shapes[..place].iter().filter(|other| other.intersects(shape));
        for other in near {
            assert!(other.relate(shape).is_touches(), "{} overlaps a neighbour", row.code);
        }
    }
}

#[test]
fn the_subdistricts_make_up_the_district_exactly() {
    let demonstration = Demonstration::generate();
    let outlines = &demonstration.register.outlines;
    let sum: Decimal = outlines
        .iter()
        .filter(|row| row.kind == "subdistrict" && row.valid.until.is_none())
        .map(|row| row.shape.area())
        .sum();
    assert!((sum - outlines[0].shape.area()).abs() <= dec!(0.001));
    let parcels: Decimal = current(&demonstration).iter().map(|row| row.plane_m2).sum();
    assert!(parcels < outlines[0].shape.area() * dec!(0.85));
    for quarter in &QUARTERS {
        let codes = [quarter.code, quarter.former_code];
        assert!(codes.iter().all(|code| outlines.iter().any(|row| row.code == *code)));
    }
    assert_eq!(outlines.iter().filter(|row| row.kind == "platform").count(), 2);
}

#[test]
fn exact_areas_agree_with_the_drawn_ones() {
    for row in &Demonstration::generate().register.parcels {
        let drawn = row.shape.to_multi_polygon().unsigned_area();
        let exact: f64 = row.plane_m2.to_string().parse().unwrap();
        assert!((drawn - exact).abs() < 0.01, "{}: {drawn} and {exact}", row.code);
    }
}

#[test]
fn every_kind_of_parcel_is_there() {
    let demonstration = Demonstration::generate();
    let parcels = current(&demonstration);
    for status in SupplyStatus::ALL {
        assert!(parcels.iter().filter(|row| row.supply == *status).count() >= 5, "{status}");
    }
    let count = |wanted: fn(&ParcelRow) -> bool| parcels.iter().filter(|row| wanted(row)).count();
    assert_eq!(count(|row| row.shape.0.len() == 2), 1, "one of two parts");
    assert_eq!(count(|row| row.shape.0.iter().any(|rings| rings.len() == 2)), 1, "one with a courtyard");
    assert_eq!(count(|row| row.official_m2.is_none()), 2);
    assert!(count(|row| row.land_use.is_none()) > 0);
    assert!(count(|row| row.subdistrict != row.registered_subdistrict) > 0);
    let former = count(|row| row.code.county() == "330103") * 100 / parcels.len();
    assert!((7..=13).contains(&former), "{former} % under the former county");
    let beyond = |row: &ParcelRow| {
        let difference = (row.official_m2.unwrap_or(row.plane_m2) - row.plane_m2).abs();
        difference > dec!(1) && difference > row.plane_m2 * dec!(0.001)
    };
    assert_eq!(count(beyond), 1);
    assert!(count(|row| row.official_m2.is_some_and(|area| (area - row.plane_m2).abs() > dec!(0.1))) > 5);
}

#[test]
fn land_that_was_split_merged_or_adjusted_keeps_its_area() {
    let demonstration = Demonstration::generate();
    let register = &demonstration.register;
    let area = |code, on| {
        let known = register.parcels.iter().filter(|row| row.superseded_at.is_none());
        known.filter(|row| &row.code == code && row.valid.contains(on)).map(|row| row.plane_m2).sum::<Decimal>()
    };
    let mut balance: BTreeMap<&str, Decimal> = BTreeMap::new();
    for kind in LineageKind::ALL {
        let links: Vec<_> = register.lineage.iter().filter(|row| row.kind == *kind).collect();
        let on = links[0].on;
        let codes: HashSet<_> = links.iter().flat_map(|row| [&row.predecessor, &row.successor]).collect();
        let sum = |on| codes.iter().map(|code| area(*code, on)).sum::<Decimal>();
        balance.insert(kind.code(), sum(on) - sum(on.pred_opt().unwrap()));
    }
    assert!(balance.values().all(|rest| rest.abs() <= dec!(0.001)), "{balance:?}");
    assert_eq!(register.parcels.iter().filter(|row| row.superseded_at.is_some()).count(), 1);
    assert!(register.parcels.iter().any(|row| row.reason.starts_with("更正")));
    assert!(register.parcels.iter().any(|row| row.valid.until == Some(day(2022, 9, 1))), "one is retired");
    let new_before_merger = |row: &&ParcelRow| row.code.county() == "330105" && row.valid.from < Some(merger());
    assert_eq!(register.parcels.iter().filter(new_before_merger).count(), 0);
}

#[test]
fn every_kind_of_occupancy_is_there() {
    let demonstration = Demonstration::generate();
    let rows = &demonstration.occupancies;
    let any = |wanted: &dyn Fn(&OccupancyRow) -> bool| assert!(rows.iter().any(wanted));
    any(&|row| row.kind == OccupancyKind::Other);
    any(&|row| row.kind == OccupancyKind::Leased && row.lessor.is_none());
    any(&|row| row.kind == OccupancyKind::Leased && row.area_m2.is_none());
    any(&|row| row.area_m2 == Some(Decimal::ZERO) && row.floor_m2.is_some());
    any(&|row| row.valid.from == Some(day(2023, 7, 1)) && row.lessor.is_some());
    any(&|row| row.valid.until.is_some() && row.lessor.is_some());
    any(&|row| {
        rows.iter().any(|main| main.lessor.is_some() && main.occupant == row.lessor && main.parcel == row.parcel)
    });
    let owned = |row: &&OccupancyRow| row.kind == OccupancyKind::Owned && row.valid.until.is_none();
    let mut owners: HashMap<&Uscc, usize> = HashMap::new();
    let mut claims: HashMap<_, Decimal> = HashMap::new();
    for row in rows.iter().filter(owned) {
        *owners.entry(row.occupant.as_ref().unwrap()).or_default() += 1;
        *claims.entry(row.parcel.clone().unwrap()).or_default() += row.area_m2.unwrap();
    }
    assert!(owners.values().any(|parcels| *parcels > 1), "one on several parcels");
    let area = |code| current(&demonstration).iter().find(|row| row.code == code).map(|row| row.plane_m2).unwrap();
    let over = claims.into_iter().filter(|(code, sum)| *sum > area(code.clone()) * dec!(1.1)).count();
    assert_eq!(over, 1, "one sum exceeds its parcel");
}

#[test]
fn every_kind_of_enterprise_is_there() {
    let rows = Demonstration::generate().enterprises;
    let failing: Vec<_> = rows.iter().filter(|row| !row.uscc.check_digit_holds()).collect();
    assert!(!failing.is_empty() && failing.iter().all(|row| row.confirmed_by.is_some()));
    for state in EnterpriseState::ALL {
        assert!(rows.iter().any(|row| row.state == *state), "{state}");
    }
    assert!(rows.iter().filter(|row| row.reason == "名称变更").count() > 5);
    assert!(rows.iter().any(|row| row.above_size_since.is_some()));
    assert!(rows.iter().any(|row| row.project.is_some()));
    assert!(rows.iter().any(|row| row.established_on >= day(2023, 1, 1)));
    assert!(rows.iter().any(|row| row.platform.is_some()));
    assert!(rows.iter().any(|row| row.superseded_at.is_some()));
}

#[test]
fn six_years_are_returned_with_pollutants_apart_and_land_before_the_register() {
    let demonstration = Demonstration::generate();
    let figures = || demonstration.figures.iter().filter(|row| row.superseded_at.is_none());
    for year in 2019..=2024 {
        let of = |indicator: Indicator| figures().filter(move |row| (row.year, row.indicator) == (year, indicator));
        let asked = [Indicator::TaxPaid, Indicator::ValueAdded, Indicator::Energy, Indicator::ResearchSpending];
        for indicator in asked.into_iter().chain([Indicator::Headcount, Indicator::Revenue]) {
            let count = of(indicator).count();
            assert!(count > 20, "{year} {indicator}: {count}");
        }
        for (pollutant, _) in crate::enterprise::sums::POLLUTANTS {
            assert!(of(pollutant).count() > 20 && of(pollutant).any(|row| row.value.is_zero()), "{year} {pollutant}");
            assert!(of(pollutant).count() < of(Indicator::Energy).count(), "{year}: some are silent");
        }
    }
    assert!(
        figures().any(|row| row.year == 2020 && row.value < Decimal::ZERO && row.indicator == Indicator::ValueAdded)
    );
    assert!(figures().any(|row| row.indicator == Indicator::Profit && row.value < Decimal::ZERO));
    let once: HashSet<_> = figures().map(|row| (row.year, row.indicator, row.uscc.clone())).collect();
    assert_eq!(once.len(), figures().count(), "each figure is returned once");
    let before =
        demonstration.occupancies.iter().filter(|row| row.valid.until == Some(merger()) && row.parcel.is_none());
    assert!(before.count() > 100);
}

#[test]
fn returns_hold_zero_negative_and_missing() {
    let demonstration = Demonstration::generate();
    let figures = || demonstration.figures.iter().filter(|row| row.year == 2024 && row.superseded_at.is_none());
    let of = |indicator: Indicator| figures().filter(move |row| row.indicator == indicator);
    assert!(of(Indicator::TaxPaid).any(|row| row.value.is_zero()));
    assert!(of(Indicator::ValueAdded).any(|row| row.value < Decimal::ZERO));
    assert!(of(Indicator::TaxPaid).count() < economy::ENTERPRISES - 10, "some sent nothing");
    assert!(of(Indicator::Emission).count() < of(Indicator::Energy).count());
    let wrong = figures().filter(|row| row.value < Decimal::ZERO && !row.indicator.may_be_negative());
    assert_eq!(wrong.count(), 0);
    let steward = of(Indicator::TaxPaid).next().unwrap().steward();
    assert_eq!(steward, "区税务局数据管理员");
}

mod database {
    use super::*;
    use crate::db::Scope;
    use crate::planning::{Answer, Asked, LayerKind, conformity};
    use crate::policy::standard::LandKind;

    async fn filled(pool: &PgPool) -> Counts {
        crate::codelist::load(pool).await.unwrap();
        load(pool).await.unwrap()
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn the_town_is_loaded_valid_and_without_overlap(pool: PgPool) {
        let counts = filled(&pool).await;
        let stored = sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM parcel_version"#).fetch_one(&pool).await;
        assert_eq!(stored.unwrap(), counts.parcels as i64);
        let invalid = sqlx::query_scalar!(
            r#"SELECT count(*) AS "n!" FROM parcel_version WHERE NOT ST_IsValid(geom) OR NOT ST_IsValid(geom_web)"#
        );
        assert_eq!(invalid.fetch_one(&pool).await.unwrap(), 0);
        let overlap = sqlx::query_scalar!(
            r#"WITH today AS (
                   SELECT id, ST_Transform(geom, 4528) AS geom FROM parcel_version
                   WHERE superseded_at IS NULL AND valid @> date '2024-12-31')
               SELECT coalesce(max(ST_Area(ST_Intersection(a.geom, b.geom))), 0) AS "m2!"
               FROM today a JOIN today b ON a.id < b.id AND ST_Intersects(a.geom, b.geom)"#
        );
        assert!(overlap.fetch_one(&pool).await.unwrap() < 0.001);
        let strays = sqlx::query_scalar!(
            r#"SELECT count(*) AS "n!" FROM parcel_version p
               WHERE NOT EXISTS (SELECT FROM outline o WHERE o.kind = 'subdistrict' AND o.code = p.subdistrict
                                 AND o.valid @> date '2024-12-31' AND ST_Covers(o.geom, p.geom))"#
        );
        assert_eq!(strays.fetch_one(&pool).await.unwrap(), 0);
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn six_to_ten_in_a_hundred_pay_less_than_ten_thousand_yuan_a_mu(pool: PgPool) {
        filled(&pool).await;
        let row = sqlx::query!(
            r#"WITH land AS (
                   SELECT uscc, sum(area_mu * (upper(days) - lower(days))) / 366 AS area, bool_or(area_mu IS NULL) AS missing
                   FROM (SELECT *, valid * daterange('2024-01-01', '2025-01-01') AS days FROM holding) AS held
                   WHERE NOT isempty(days) GROUP BY uscc)
               SELECT count(*) AS "judged!", count(*) FILTER (WHERE value < 10000 * area) AS "flagged!",
                      count(*) FILTER (WHERE value = 10000 * area) AS "on_the_line!",
                      count(*) FILTER (WHERE value = 10000 * area - 0.01) AS "a_cent_below!",
                      count(*) FILTER (WHERE value = 10000 * area + 0.01) AS "a_cent_above!",
                      count(*) FILTER (WHERE area < 0) AS "negative!"
               FROM land JOIN return_figure USING (uscc)
               WHERE year = 2024 AND indicator = 'tax_paid' AND superseded_at IS NULL AND NOT missing AND area <> 0"#
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        let share = row.flagged * 1000 / row.judged;
        assert!((60..=100).contains(&share), "{share} per mille of {}", row.judged);
        assert_eq!((row.on_the_line, row.a_cent_below, row.a_cent_above, row.negative), (3, 2, 2, 0));
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn a_second_load_is_refused_and_changes_nothing(pool: PgPool) {
        filled(&pool).await;
        let error = load(&pool).await.unwrap_err().to_string();
        assert!(error.contains("already has parcels"), "{error}");
        let revision = sqlx::query_scalar!("SELECT revision FROM layer_revision WHERE layer = 'parcels'");
        assert_eq!(revision.fetch_one(&pool).await.unwrap(), 1);
        let district: CountyCode = DISTRICT.parse().unwrap();
        assert!(has_parcels(&pool, &district).await.unwrap());
        let head = sqlx::query!("SELECT seq, hash FROM audit_head").fetch_one(&pool).await.unwrap();
        assert_eq!((head.seq, head.hash), (0, vec![0; 32]));
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn inspections_stand_in_every_state_with_pictures(pool: PgPool) {
        use crate::inspection::{Outcome, TaskState};
        filled(&pool).await;
        let scope = crate::db::Scope::district(DISTRICT.parse().unwrap());
        let now = "2026-11-23T04:00:00Z".parse().unwrap();
        crate::account::create_demonstration_accounts(&pool, &scope, now).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        assert_eq!(inspections::load(&pool, &scope, home.path(), now).await.unwrap(), 41);
        let states = sqlx::query_scalar!(r#"SELECT DISTINCT state AS "s: TaskState" FROM inspection_task"#);
        assert_eq!(states.fetch_all(&pool).await.unwrap().len(), TaskState::ALL.len());
        let outcomes = sqlx::query_scalar!(r#"SELECT DISTINCT outcome AS "o: Outcome" FROM inspection_visit"#);
        assert_eq!(outcomes.fetch_all(&pool).await.unwrap().len(), Outcome::ALL.len());
        let row = sqlx::query!(
            r#"SELECT (SELECT count(*) FROM inspection_visit) AS "visits!", (SELECT count(*) FROM inspection_photo) AS "photos!",
                      (SELECT count(*) FROM inspection_visit WHERE conflict IS NOT NULL) AS "conflicts!""#
        );
        let row = row.fetch_one(&pool).await.unwrap();
        assert_eq!((row.visits, row.conflicts), (22, 1));
        assert!(row.photos >= 8, "{}", row.photos);
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn a_grid_fills_a_district_of_its_own(pool: PgPool) {
        crate::codelist::load(&pool).await.unwrap();
        let size = scale::Size { district: "330199".parse().unwrap(), parcels: 250, enterprises: 300 };
        scale::load(&pool, &size, |_| {}).await.unwrap();
        let overlap = sqlx::query_scalar!(
            r#"SELECT max(ST_Area(ST_Intersection(ST_Transform(a.geom, 4528), ST_Transform(b.geom, 4528)))) AS "m2!"
               FROM parcel_version a JOIN parcel_version b ON a.id < b.id AND ST_Intersects(a.geom, b.geom)"#
        );
        assert!(overlap.fetch_one(&pool).await.unwrap() < 0.001);
        let row = sqlx::query!(
            r#"SELECT (SELECT count(*) FROM parcel_version WHERE ST_NPoints(geom) = 9) AS "parcels!",
                      (SELECT count(*) FROM occupancy) AS "occupancies!", (SELECT count(*) FROM return_figure) AS "figures!",
                      (SELECT count(*) FROM occupancy WHERE lessor IS NOT NULL) AS "leases!""#
        );
        let row = row.fetch_one(&pool).await.unwrap();
        assert_eq!((row.parcels, row.occupancies, row.figures, row.leases), (250, 300, 600, 50));

        let mut out = Vec::new();
        scale::write_geojson(&pool, &size, 4490, &mut out, |_| {}).await.unwrap();
        let file: geojson::FeatureCollection = String::from_utf8(out).unwrap().parse().unwrap();
        assert_eq!(file.features.len(), 250);
        assert!(scale::write_geojson(&pool, &size, 3857, &mut Vec::new(), |_| {}).await.is_err());
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn parcels_conform_touch_a_field_by_a_sliver_or_lie_in_the_red_line(pool: PgPool) {
        filled(&pool).await;
        crate::policy::store::load(&pool).await.unwrap();
        let scope = Scope::district(DISTRICT.parse().unwrap());
        let asked = Asked { land_kind: LandKind::Industrial, land_use: None };
        let sites = sqlx::query_scalar!(
            r#"SELECT geom AS "geom!" FROM parcel_version
               WHERE superseded_at IS NULL AND upper_inf(valid) AND land_use_code IN ('0601', '100101') ORDER BY code"#
        );
        let mut connection = pool.acquire().await.unwrap();
        let mut seen: BTreeMap<(LayerKind, Answer), usize> = BTreeMap::new();
        let (mut conforming, mut slivers) = (0, 0);
        for geom in sites.fetch_all(&pool).await.unwrap() {
            let site = geom.into_multi_polygon().unwrap();
            let results = conformity::examine(&mut connection, &scope, &site, &asked, day(2026, 11, 23)).await.unwrap();
            conforming += usize::from(results.iter().all(|result| result.answer == Answer::Clear));
            slivers += usize::from(results[1].sliver_m2 > Decimal::ZERO && results[1].answer == Answer::Clear);
            for result in &results {
                *seen.entry((result.layer, result.answer)).or_default() += 1;
            }
        }
        assert!(conforming > 50 && slivers > 0, "{conforming} {slivers} {seen:?}");
        assert!(!seen.keys().any(|(_, answer)| *answer == Answer::Failed), "{seen:?}");
        for layer in LayerKind::ALL {
            assert!(seen.contains_key(&(*layer, Answer::Clear)), "{layer}: {seen:?}");
        }
        for layer in [
            LayerKind::EcologicalRedLine,
            LayerKind::ControlPlanLandUse,
            LayerKind::IndustrialBlockLine,
            LayerKind::EnvironmentalControlUnit,
        ] {
            assert!(seen.contains_key(&(layer, Answer::Hit)), "{layer}: {seen:?}");
        }
    }
}
