use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::account::Actor;
use crate::db::PgPool;
use crate::db::keyset::Position;
use crate::exchange::FaultCode;
use crate::parcel::SupplyStatus;
use crate::parcel::change::{self, Attributes, Base, Grounds};
use crate::parcel::store as register;
use crate::survey::differences::{self, Decision};
use crate::survey::store::comparing;
use crate::survey::store::differences::{self as found, Difference};
use crate::survey::store::parcels::{self, Entry, Filter};
use crate::survey::store::visits::{NewUser, NewVisit};
use crate::survey::view::{RoundView, mu};
use crate::survey::visits::{self, Received, Seen};
use crate::survey::{DifferenceKind, DifferenceState, Standing, UseKind};

const OPENED: &str = "2026-11-02";
const FIRST: u128 = 1;
const SECOND: u128 = 2;
const SURVEYOR: u128 = 3;

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn act(pool: &PgPool, person: u128) -> Act {
    let scope = Scope::district(crate::demo::DISTRICT.parse().unwrap());
    let actor = Actor { account: Some(Uuid::from_u128(person)), name: format!("测试人员{person}") };
    Act { pool: pool.clone(), scope, actor, now: "2026-11-23T04:00:00Z".parse().unwrap() }
}

async fn town(pool: &PgPool) {
    crate::codelist::load(pool).await.unwrap();
    crate::policy::store::load(pool).await.unwrap();
    crate::demo::load(pool).await.unwrap();
}

fn all(on: &str) -> NewRound {
    NewRound { name: "测试摸底".into(), subdistrict: None, list_year: 2024, on: day(on) }
}

async fn opened(pool: &PgPool, on: &str) -> Round {
    let act = act(pool, FIRST);
    let number = open(&act, &all(on)).await.unwrap();
    of_number(&act, &number.to_string()).await.unwrap()
}

async fn entries(pool: &PgPool, round: Uuid) -> Vec<Entry> {
    let filter = Filter { round, ..Filter::default() };
    parcels::page(pool, &act(pool, FIRST).scope, &filter, &Position::Start, 2000).await.unwrap().rows
}

async fn entry(pool: &PgPool, round: Uuid, code: &str) -> Entry {
    parcels::by_code(pool, &act(pool, FIRST).scope, round, code).await.unwrap().unwrap()
}

fn seen(entry: &Entry) -> Seen {
    Seen { entry: entry.id, version: entry.version }
}

fn visit(on: &str, standing: Standing, used_for: Option<UseKind>) -> NewVisit {
    NewVisit {
        id: Uuid::now_v7(),
        visited_on: day(on),
        standing,
        used_for,
        land_use: None,
        buildings: Some(2),
        floor_area_m2: None,
        licence: None,
        licence_words: None,
        note: None,
        users: Vec::new(),
    }
}

fn codes(error: SurveyError) -> Vec<FaultCode> {
    match error {
        SurveyError::Refused(faults) => faults.iter().map(|fault| fault.code).collect(),
        other => panic!("{other:?}"),
    }
}

async fn differences_of(pool: &PgPool, entry: Uuid) -> Vec<Difference> {
    found::of_parcel(pool, &act(pool, FIRST).scope, entry).await.unwrap()
}

fn as_seen(difference: &Difference) -> differences::Seen {
    differences::Seen { difference: difference.id, version: difference.version }
}

fn because(reason: &str) -> Decision<'_> {
    Decision { reason, vouched: true }
}

async fn view(pool: &PgPool, round: &Round) -> RoundView {
    let mut connection = pool.acquire().await.unwrap();
    let sums = totals::of_round(&mut connection, &act(pool, FIRST).scope, round.id).await.unwrap();
    RoundView::of(round, &sums)
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_round_holds_all_industrial_land_and_its_sums_equal_the_register(pool: PgPool) {
    town(&pool).await;
    let round = opened(&pool, OPENED).await;
    let (parcels, area): (i64, Decimal) = sqlx::query_as(
        "SELECT count(*), sum(p.official_area_m2) FROM parcel_version p
             LEFT JOIN land_use l ON l.scheme = p.land_use_scheme AND l.code = p.land_use_code
         WHERE p.superseded_at IS NULL AND p.valid @> $1 AND (l.industrial
             OR (p.land_use_scheme, p.land_use_code) IN (('GB/T 21010-2017', '06'), ('用地用海分类2023', '10'))
             OR (l.code IS NULL AND p.code IN (SELECT o.parcel_code FROM occupancy o JOIN enterprise_version e ON e.uscc = o.occupant
                 AND e.sector = 'industry' AND e.superseded_at IS NULL AND e.valid @> $1
                 WHERE o.superseded_at IS NULL AND o.valid @> $1)))",
    )
    .bind(day(OPENED))
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!(parcels > 50, "{parcels}");
    assert_eq!(i64::from(round.parcels), parcels);
    for (place, entry) in entries(&pool, round.id).await.iter().enumerate().take(12) {
        let standing = Standing::ALL[place % 4];
        let used_for = UseKind::ALL[place % 3];
        let new = visit("2026-11-20", standing, Some(used_for));
        assert_eq!(visits::record(&act(&pool, SURVEYOR), seen(entry), &new).await.unwrap(), Received::Recorded);
    }
    let shown = view(&pool, &round).await;
    assert_eq!((shown.surveyed.parcels, shown.all.parcels), (12, parcels));
    assert_eq!(shown.all.mu, mu(area), "the sum of the register");
    let by_class: Decimal = shown.by_class.iter().map(|total| total.amount.mu).sum();
    assert_eq!((by_class, shown.by_class.iter().map(|total| total.amount.parcels).sum()), (mu(area), parcels));
    let by_place: Decimal = shown.progress.iter().map(|place| place.all.mu).sum();
    assert_eq!(by_place, mu(area));
    let classes = shown.by_class.iter().filter(|total| total.amount.parcels > 0).count();
    assert!(classes > 3, "{:?}", shown.by_class);

    assert_eq!(codes(open(&act(&pool, SECOND), &all(OPENED)).await.unwrap_err()), [FaultCode::SurveyOpen]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_round_is_opened_on_a_day_that_has_come_where_there_is_land_and_a_list(pool: PgPool) {
    town(&pool).await;
    let act = act(&pool, FIRST);
    assert_eq!(codes(open(&act, &all("2026-11-24")).await.unwrap_err()), [FaultCode::BadRequest]);
    assert_eq!(codes(open(&act, &all("1991-01-01")).await.unwrap_err()), [FaultCode::SurveyEmpty]);
    let early = NewRound { list_year: 1995, ..all(OPENED) };
    assert_eq!(codes(open(&act, &early).await.unwrap_err()), [FaultCode::BadRequest]);
    let number = open(&act, &all("2026-11-23")).await.unwrap();
    assert_eq!(number.to_string(), "2026-0001", "what was refused took no number");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_last_visit_by_its_day_counts_and_the_earlier_stay(pool: PgPool) {
    town(&pool).await;
    let round = opened(&pool, OPENED).await;
    let first = entries(&pool, round.id).await.remove(0);
    let surveyor = act(&pool, SURVEYOR);
    let bare = visit("2026-11-10", Standing::Vacant, None);
    assert_eq!(visits::record(&surveyor, seen(&first), &bare).await.unwrap(), Received::Recorded);
    assert_eq!(visits::record(&surveyor, seen(&first), &bare).await.unwrap(), Received::Already, "sent again");
    let other = NewVisit { note: Some("另一份".into()), ..bare.clone() };
    assert!(matches!(visits::record(&surveyor, seen(&first), &other).await, Err(SurveyError::Conflict(_))));
    let building = visit("2026-11-12", Standing::Building, None);
    match visits::record(&surveyor, seen(&first), &building).await.unwrap_err() {
        SurveyError::Case(Refused::Stale(stale)) => assert_eq!(stale.by, "测试人员3"),
        other => panic!("{other:?}"),
    }
    let now = entry(&pool, round.id, &first.code).await;
    visits::record(&surveyor, seen(&now), &building).await.unwrap();
    let counted = entry(&pool, round.id, &first.code).await;
    let before = visit("2026-11-11", Standing::Vacant, None);
    visits::record(&surveyor, seen(&counted), &before).await.unwrap();
    let after = entry(&pool, round.id, &first.code).await;
    assert_eq!(
        (after.class, after.visited_on),
        (counted.class, Some(day("2026-11-12"))),
        "an earlier day changes nothing"
    );
    let kept = crate::survey::store::visits::of_parcel(&pool, &surveyor.scope, first.id).await.unwrap();
    let counts: Vec<(i32, bool)> = kept.iter().map(|visit| (visit.serial, visit.counts)).collect();
    assert_eq!(counts, [(3, false), (2, true), (1, false)]);
    for on in ["2026-11-24", "2026-11-01"] {
        let outside = visits::record(&surveyor, seen(&after), &visit(on, Standing::Vacant, None)).await.unwrap_err();
        assert_eq!(codes(outside), [FaultCode::BadRequest], "{on}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_closed_stays_and_is_held_against_the_next(pool: PgPool) {
    town(&pool).await;
    let round = opened(&pool, OPENED).await;
    let these = entries(&pool, round.id).await;
    let surveyor = act(&pool, SURVEYOR);
    visits::record(&surveyor, seen(&these[0]), &visit("2026-11-10", Standing::Building, None)).await.unwrap();
    assert_eq!(codes(close(&act(&pool, FIRST), (round.id, 1), "调查期满").await.unwrap_err()), [FaultCode::SamePerson]);
    assert_eq!(codes(close(&act(&pool, SECOND), (round.id, 1), "").await.unwrap_err()), [FaultCode::ValueMissing]);
    close(&act(&pool, SECOND), (round.id, 1), "调查期满").await.unwrap();
    let late = visits::record(&surveyor, seen(&these[1]), &visit("2026-11-10", Standing::Vacant, None)).await;
    assert!(matches!(late, Err(SurveyError::Conflict(_))));
    assert!(close(&act(&pool, SECOND), (round.id, 2), "调查期满").await.is_err());
    let before = view(&pool, &round).await;

    let gone = &these[2];
    let version = register::latest(&pool, &surveyor.scope, &gone.code).await.unwrap().unwrap();
    let base = Base { code: gone.code.clone(), version: version.id };
    let grounds = Grounds { effective_on: day("2026-11-20"), source: "注销单".into(), reason: "测试".into() };
    change::retire(&surveyor, &base, &grounds).await.unwrap();
    let next = opened(&pool, "2026-11-21").await;
    assert_eq!(next.parcels, round.parcels - 1);
    let again = entry(&pool, next.id, &these[0].code).await;
    visits::record(&surveyor, seen(&again), &visit("2026-11-22", Standing::StandingEmpty, None)).await.unwrap();
    let pairs = comparing::moved(&pool, &surveyor.scope, (round.id, next.id)).await.unwrap();
    let moved: BTreeMap<(&str, &str), i64> =
        pairs.iter().map(|moved| ((moved.before.as_str(), moved.after.as_str()), moved.parcels)).collect();
    assert_eq!(moved[&("awaiting", "absent")], 1);
    assert_eq!(moved.iter().filter(|((before, _), _)| *before == "in_use").count(), 1, "{moved:?}");
    assert_eq!(moved.values().sum::<i64>(), i64::from(round.parcels));
    let area: Decimal = pairs.iter().filter(|moved| moved.after != "absent").map(|moved| mu(moved.area_m2)).sum();
    assert_eq!(area, view(&pool, &next).await.all.mu);
    let after = view(&pool, &round).await;
    assert_eq!((after.by_class, after.all), (before.by_class, before.all), "the earlier round stays");
}

/// A parcel of one owner with another enterprise of the district that has nothing to do with it.
async fn let_out(pool: &PgPool, round: Uuid) -> (Entry, String, String) {
    let (code, owner, tenant): (String, String, String) = sqlx::query_as(
        "SELECT s.code, o.occupant, (SELECT e.uscc FROM enterprise_version e WHERE e.superseded_at IS NULL AND upper_inf(e.valid)
                AND e.state = 'operating' AND NOT EXISTS (SELECT FROM holding h WHERE h.uscc = e.uscc AND h.parcel_code = s.code)
                ORDER BY e.uscc LIMIT 1)
         FROM survey_parcel s JOIN occupancy o ON o.parcel_code = s.code AND o.superseded_at IS NULL AND upper_inf(o.valid)
         WHERE s.round = $1 AND s.supply_status = 'in_use'
           AND (SELECT count(*) FROM occupancy x WHERE x.parcel_code = s.code AND x.superseded_at IS NULL) = 1 AND o.kind = 'owned'
         ORDER BY s.code LIMIT 1",
    )
    .bind(round)
    .fetch_one(pool)
    .await
    .unwrap();
    (entry(pool, round, &code).await, owner, tenant)
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_difference_goes_into_the_register_by_another_person_and_not_twice(pool: PgPool) {
    town(&pool).await;
    let round = opened(&pool, OPENED).await;
    let (first, owner, tenant) = let_out(&pool, round.id).await;
    let surveyor = act(&pool, SURVEYOR);
    let user = |uscc: &str, floor| NewUser { uscc: Some(uscc.into()), name: None, floor_area_m2: floor };
    let users = vec![
        user(&owner, None),
        user(&tenant, Some(dec!(120))),
        NewUser { uscc: None, name: Some("无照作坊".into()), floor_area_m2: Some(dec!(30)) },
    ];
    let land_use = Some((crate::codelist::LAND_USE_SURVEY.to_owned(), "0604".to_owned()));
    let new = NewVisit { users, land_use, ..visit("2026-11-10", Standing::Used, Some(UseKind::Storage)) };
    visits::record(&surveyor, seen(&first), &new).await.unwrap();
    let now = entry(&pool, round.id, &first.code).await;
    assert_eq!(now.class, Some(crate::survey::Class::ChangedUse));
    let proposed = differences_of(&pool, first.id).await;
    let kinds: Vec<DifferenceKind> = proposed.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [DifferenceKind::LandUse, DifferenceKind::Tenant], "who has no code is no proposal");

    let clerk = act(&pool, SECOND);
    let own = differences::take_over(&surveyor, as_seen(&proposed[1]), because("属实")).await.unwrap_err();
    assert_eq!(codes(own), [FaultCode::SamePerson]);
    let silent = differences::take_over(&clerk, as_seen(&proposed[1]), because("")).await.unwrap_err();
    assert_eq!(codes(silent), [FaultCode::ValueMissing]);
    differences::take_over(&clerk, as_seen(&proposed[1]), because("属实")).await.unwrap();
    let written: (String, Option<String>, Decimal, chrono::NaiveDate) = sqlx::query_as(
        "SELECT occupant, lessor, floor_area_m2, lower(valid) FROM occupancy WHERE parcel_code = $1 AND kind = 'leased' AND superseded_at IS NULL",
    )
    .bind(&first.code)
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(written, (tenant, Some(owner), dec!(120), day("2026-11-10")));
    assert!(differences::take_over(&clerk, as_seen(&proposed[1]), because("再次")).await.is_err(), "not twice");
    assert!(differences::refuse(&clerk, as_seen(&proposed[1]), "再次").await.is_err());

    differences::take_over(&clerk, as_seen(&proposed[0]), because("经核用途应变更")).await.unwrap();
    let on = async |on: &str| register::version_on(&pool, &clerk.scope, &first.code, day(on)).await.unwrap().unwrap();
    assert_eq!(on("2026-11-10").await.land_use_code.as_deref(), Some("0604"));
    assert_eq!(on("2026-11-09").await.land_use_code, first.land_use_code, "nobody was there the day before");

    visits::record(&surveyor, seen(&now), &visit("2026-11-12", Standing::Used, Some(UseKind::Storage))).await.unwrap();
    assert_ne!(entry(&pool, round.id, &first.code).await.class, Some(crate::survey::Class::ChangedUse));
    let states = differences_of(&pool, first.id).await;
    assert!(states.iter().filter(|it| it.state == DifferenceState::TakenOver).count() == 2, "decided stays decided");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_register_that_moved_on_takes_nothing_over(pool: PgPool) {
    town(&pool).await;
    let round = opened(&pool, OPENED).await;
    let (first, ..) = let_out(&pool, round.id).await;
    let surveyor = act(&pool, SURVEYOR);
    visits::record(&surveyor, seen(&first), &visit("2026-11-10", Standing::StandingEmpty, None)).await.unwrap();
    let proposed = differences_of(&pool, first.id).await;
    assert_eq!(proposed.len(), 1, "{proposed:?}");
    assert_eq!(proposed[0].kind, DifferenceKind::SupplyStatus);
    let clerk = act(&pool, SECOND);
    let version = register::latest(&pool, &clerk.scope, &first.code).await.unwrap().unwrap();
    let base = Base { code: first.code.clone(), version: version.id };
    let low = Attributes { supply: SupplyStatus::LowEfficiency, ..Attributes::of(&version) };
    let grounds = Grounds { effective_on: day("2026-11-15"), source: "单".into(), reason: "测试".into() };
    change::adjust(&clerk, &base, &low, &grounds).await.unwrap();
    let moved = differences::take_over(&clerk, as_seen(&proposed[0]), because("属实")).await.unwrap_err();
    assert_eq!(codes(moved), [FaultCode::ConflictsWithRegister]);
    let now = entry(&pool, round.id, &first.code).await;
    visits::record(&surveyor, seen(&now), &visit("2026-11-16", Standing::StandingEmpty, None)).await.unwrap();
    let after = differences_of(&pool, first.id).await;
    let states: Vec<DifferenceState> = after.iter().map(|it| it.state).collect();
    assert!(states.contains(&DifferenceState::Overtaken) && states.contains(&DifferenceState::Proposed), "{states:?}");
    let waiting = after.iter().find(|it| it.state == DifferenceState::Proposed).unwrap();
    differences::take_over(&clerk, as_seen(waiting), because("属实")).await.unwrap();
    let written = register::latest(&pool, &clerk.scope, &first.code).await.unwrap().unwrap();
    assert_eq!(written.supply_status, SupplyStatus::SuppliedNotUsed);
}
