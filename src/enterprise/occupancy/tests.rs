use rust_decimal_macros::dec;

use super::*;
use crate::base::unit::SquareMetre;
use crate::db::PgPool;
use crate::enterprise::change::tests::{act, actor, clerk, scope, town};
use crate::enterprise::{OccupancyKind, store};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn paper() -> Paper {
    Paper { source: "合同1号".into(), reason: "测试".into() }
}

/// Land of one owner that fills its parcel, and an enterprise that holds nothing there.
async fn filled(pool: &PgPool) -> (Recorded, String) {
    let found = sqlx::query!(
        r#"SELECT o.id, (SELECT uscc FROM enterprise_version WHERE superseded_at IS NULL AND uscc <> o.occupant
                         AND subdistrict = e.subdistrict ORDER BY uscc LIMIT 1) AS "other!"
           FROM occupancy o JOIN enterprise_version e ON e.uscc = o.occupant AND e.superseded_at IS NULL AND upper_inf(e.valid)
           JOIN parcel_version p ON p.code = o.parcel_code AND p.superseded_at IS NULL AND upper_inf(p.valid)
           WHERE o.kind = 'owned' AND upper_inf(o.valid) AND o.superseded_at IS NULL AND o.area_mu = p.official_area_m2 * 0.0015
             AND (SELECT count(*) FROM occupancy x WHERE x.parcel_code = o.parcel_code) = 1
             AND lower(o.valid) < '2022-01-01' AND lower(p.valid) < '2022-01-01' ORDER BY o.id LIMIT 1"#
    )
    .fetch_one(pool)
    .await
    .unwrap();
    (land::recorded(pool, &scope(), found.id).await.unwrap().unwrap(), found.other)
}

fn faults<T: std::fmt::Debug>(outcome: Outcome<T>) -> Vec<FaultCode> {
    match outcome.unwrap_err() {
        EditError::Faults(faults) => faults.iter().map(|fault| fault.code).collect(),
        other => panic!("{other:?}"),
    }
}

fn used(old: &Recorded, by: &str, area: Decimal) -> Use {
    Use {
        occupant: Some(by.to_owned()),
        land: Some(SquareMetre(area).to_mu()),
        floor_area_m2: None,
        valid: Period::since(day("2025-01-01")),
        ..old.to_use()
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_sum_on_a_parcel_is_held_against_its_area(pool: PgPool) {
    town(&pool).await;
    let (scope, actor) = (scope(), actor());
    let act = act(&pool, &scope, &actor);
    let (old, other) = filled(&pool).await;
    // One square metre is let pass; more asks for somebody to vouch.
    let more = used(&old, &other, dec!(1.01));
    assert_eq!(faults(begin(&act, &other, &more, &paper(), vec![], false).await), [FaultCode::OccupancyExceedsParcel]);
    begin(&act, &other, &used(&old, &other, dec!(1)), &paper(), vec![], false).await.unwrap();
    let again = begin(&act, &other, &used(&old, &other, dec!(1)), &paper(), vec![], true).await;
    assert_eq!(faults(again), [FaultCode::PeriodInvalid]);
    // Land leased from who holds it adds none.
    let lease = Use { kind: OccupancyKind::Leased, lessor: old.occupant.clone(), ..used(&old, &other, dec!(500)) };
    let id = begin(&act, &other, &lease, &paper(), vec![], false).await.unwrap();
    let areas = Areas { from: day("2025-03-01"), land: Some(Mu(dec!(0.6))), floor: None };
    let shared = change_area(&act, id, areas, &paper(), vec![], false).await;
    assert_eq!(faults(shared), [FaultCode::ConflictsWithRegister]);
    let changed = change_area(&act, id, areas, &paper(), vec![], true).await.unwrap();
    let on = |date| store::occupancies(&pool, &scope, old.parcel.as_deref().unwrap(), Some(day(date)));
    let area = |rows: Vec<store::Occupancy>| {
        rows.into_iter().find(|row| row.kind == OccupancyKind::Leased).and_then(|row| row.land)
    };
    assert_eq!(area(on("2025-02-28").await.unwrap()), Some(Mu(dec!(0.75))));
    assert_eq!(area(on("2025-03-01").await.unwrap()), Some(Mu(dec!(0.6))));
    // It ends; the last day counts, and who comes too late is told.
    end(&act, changed, day("2025-05-31"), &paper()).await.unwrap();
    assert_eq!(area(on("2025-05-31").await.unwrap()), Some(Mu(dec!(0.6))));
    assert_eq!(area(on("2025-06-01").await.unwrap()), None);
    assert!(matches!(end(&act, changed, day("2025-05-30"), &paper()).await, Err(EditError::Stale { .. })));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_correction_replaces_the_row_and_keeps_it(pool: PgPool) {
    town(&pool).await;
    let (scope, actor) = (scope(), actor());
    let act = act(&pool, &scope, &actor);
    let (old, _) = filled(&pool).await;
    assert_eq!(
        faults(correct(&act, old.id, &old.to_use(), &paper(), vec![], true).await)[0],
        FaultCode::DuplicateRecord
    );
    let right = Use { land: old.land.map(|land| land - Mu(dec!(0.015))), ..old.to_use() };
    let new = correct(&act, old.id, &right, &paper(), vec![], false).await.unwrap();
    let kept = land::recorded(&pool, &scope, old.id).await.unwrap().unwrap();
    assert_eq!((kept.land, kept.superseded_at), (old.land, Some(act.now)));
    assert_eq!(land::recorded(&pool, &scope, new).await.unwrap().unwrap().to_use(), right);
    let too_much = Use { land: old.land.map(|land| land + Mu(dec!(0.001515))), ..old.to_use() };
    assert_eq!(
        faults(correct(&act, new, &too_much, &paper(), vec![], false).await),
        [FaultCode::OccupancyExceedsParcel]
    );
    let nowhere = Use { parcel: Some("330105001001GB99999".into()), ..old.to_use() };
    assert_eq!(faults(correct(&act, new, &nowhere, &paper(), vec![], true).await), [FaultCode::ParcelUnknown]);
    let early = end(&act, new, old.valid.from.unwrap() - chrono::Days::new(1), &paper()).await;
    assert_eq!(faults(early), [FaultCode::PeriodInvalid]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clerk_touches_what_is_of_the_own_sub_district(pool: PgPool) {
    town(&pool).await;
    let (own, actor) = (clerk(), actor());
    let act = act(&pool, &own, &actor);
    let elsewhere = sqlx::query_scalar!(
        "SELECT o.id FROM occupancy o JOIN enterprise_version e ON e.uscc = o.occupant AND e.superseded_at IS NULL
         JOIN parcel_version p ON p.code = o.parcel_code AND p.superseded_at IS NULL
         WHERE o.superseded_at IS NULL AND e.subdistrict <> '330105014' AND p.subdistrict <> '330105014'
           AND o.lessor IS NULL ORDER BY o.id LIMIT 1"
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let outcome = end(&act, elsewhere, day("2025-06-01"), &paper()).await;
    assert!(matches!(outcome, Err(EditError::NotFound(_))), "{outcome:?}");
}
