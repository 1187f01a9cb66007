use rust_decimal_macros::dec;

use super::*;
use crate::account::{Actor, audit};
use crate::db::count::Total;
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::exchange::FaultCode::{self, *};
use crate::parcel::list::{ListParameters, ListQuery, Row};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2025-06-30T04:00:00Z".parse().unwrap()
}

fn scope() -> Scope {
    Scope::district(crate::demo::DISTRICT.parse().unwrap())
}

fn actor() -> Actor {
    Actor { account: None, name: "测试".into() }
}

fn act(pool: &PgPool) -> Act {
    Act { pool: pool.clone(), scope: scope(), actor: actor(), now: now() }
}

fn grounds(on: &str) -> Grounds {
    Grounds { effective_on: day(on), source: "文件1号".into(), reason: "测试变更".into() }
}

fn base(version: &Version) -> Base {
    Base { code: version.code.clone(), version: version.id }
}

async fn town(pool: &PgPool) {
    crate::codelist::load(pool).await.unwrap();
    crate::demo::load(pool).await.unwrap();
}

fn query(today: &str) -> ListQuery {
    ListParameters::default().query(day(today)).unwrap()
}

/// A parcel in force with a registered area that has no history to speak of.
async fn some_parcel(pool: &PgPool) -> Version {
    let code = sqlx::query_scalar!(
        "SELECT code FROM parcel_version WHERE upper_inf(valid) AND superseded_at IS NULL AND lower(valid) < '2022-01-01'
           AND abs(official_area_m2 - plane_area_m2) < 0.01 ORDER BY code LIMIT 1"
    )
    .fetch_one(pool)
    .await
    .unwrap();
    register::latest(pool, &scope(), &code).await.unwrap().unwrap()
}

/// Two halves of a parcel, cut in the survey plane along its middle; `shift` metres widens the second over the first.
async fn halves(pool: &PgPool, version: &Version, shift: f64) -> Vec<Geom> {
    let rows = sqlx::query!(
        r#"WITH it AS (SELECT ST_Transform(geom, 4528) AS g FROM parcel_version WHERE id = $1)
           SELECT ST_Multi(ST_Intersection(g, ST_MakeEnvelope(ST_XMin(g) - 1, ST_YMin(g) - 1,
                      (ST_XMin(g) + ST_XMax(g)) / 2, ST_YMax(g) + 1, 4528))) AS "west!: Geom",
                  ST_Multi(ST_Intersection(g, ST_MakeEnvelope((ST_XMin(g) + ST_XMax(g)) / 2 - $2::float8, ST_YMin(g) - 1,
                      ST_XMax(g) + 1, ST_YMax(g) + 1, 4528))) AS "east!: Geom" FROM it"#,
        version.id,
        shift
    )
    .fetch_one(pool)
    .await
    .unwrap();
    vec![rows.west, rows.east]
}

fn new(code: &str, shape: &Geom) -> NewParcel {
    NewParcel { code: code.parse().unwrap(), name: None, official: None, shape: shape.clone() }
}

const WEST: &str = "330105014014GB90001";
const EAST: &str = "330105014014GB90002";
const WHOLE: &str = "330105014014GB90003";

fn codes_of(outcome: Outcome) -> Vec<FaultCode> {
    match outcome {
        Err(ChangeError::Faults(faults)) => faults.into_iter().map(|fault| fault.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_split_and_the_merger_of_its_halves(pool: PgPool) {
    town(&pool).await;
    let (scope, act) = (scope(), act(&pool));
    let parcel = some_parcel(&pool).await;
    let cut = halves(&pool, &parcel, 0.0).await;
    let parts = [new(WEST, &cut[0]), new(EAST, &cut[1])];
    let revision =
        || sqlx::query_scalar!("SELECT revision FROM layer_revision WHERE layer = 'parcels'").fetch_one(&pool);
    let before = revision().await.unwrap();
    split(&act, &base(&parcel), &parts, &grounds("2025-03-01")).await.unwrap();
    assert_eq!(revision().await.unwrap(), before + 1);

    // Two times: the day before the split still shows the predecessor, and so does what was known before it.
    let on = |code: &'static str, on: &'static str| register::version_on(&pool, &scope, code, day(on));
    let code = parcel.code.clone();
    assert!(register::version_on(&pool, &scope, &code, day("2025-02-28")).await.unwrap().is_some());
    assert!(register::version_on(&pool, &scope, &code, day("2025-03-01")).await.unwrap().is_none());
    assert!(on(WEST, "2025-02-28").await.unwrap().is_none());
    let west = on(WEST, "2025-03-01").await.unwrap().unwrap();
    assert_eq!((west.supply_status, &west.land_use_code), (parcel.supply_status, &parcel.land_use_code));
    assert_eq!(west.subdistrict, parcel.subdistrict);
    let earlier = now() - chrono::Days::new(1);
    let known = register::version_known(&pool, &scope, &code, day("2025-06-01"), earlier).await.unwrap().unwrap();
    assert_eq!(known.id, parcel.id);
    assert!(register::version_known(&pool, &scope, &code, day("2025-06-01"), now()).await.unwrap().is_none());

    // Lineage, both ways.
    let links = register::lineage(&pool, &scope, &code).await.unwrap();
    assert_eq!(links.iter().map(|link| link.successor.as_str()).collect::<Vec<_>>(), [WEST, EAST]);
    assert_eq!(register::lineage(&pool, &scope, WEST).await.unwrap()[0].predecessor, code);

    // What was decided on the old record is refused, whatever it is.
    for outcome in [
        split(&act, &base(&parcel), &parts, &grounds("2025-03-01")).await,
        retire(&act, &base(&parcel), &grounds("2025-03-01")).await,
        adjust(&act, &base(&parcel), &Attributes::of(&parcel), &grounds("2025-03-01")).await,
        correct(&act, &base(&parcel), &Attributes::of(&parcel), "文件", "原因").await,
    ] {
        assert!(matches!(outcome, Err(ChangeError::Stale { .. })), "{outcome:?}");
    }

    // The halves grow together again.
    let east = on(EAST, "2025-03-01").await.unwrap().unwrap();
    let bases = [base(&west), base(&east)];
    let union = union_of(&act, &bases).await.unwrap().unwrap();
    merge(&act, &bases, &new(WHOLE, &union), &grounds("2025-06-01")).await.unwrap();
    let whole = on(WHOLE, "2025-06-30").await.unwrap().unwrap();
    assert!((whole.plane_area_m2 - parcel.plane_area_m2).abs() < dec!(0.1), "{whole:?}");
    assert_eq!(register::lineage(&pool, &scope, WHOLE).await.unwrap().len(), 2);

    // The audit chain holds all of it.
    let deeds = sqlx::query_scalar!("SELECT action FROM audit_entry ORDER BY seq").fetch_all(&pool).await.unwrap();
    assert_eq!(deeds, ["parcel.split", "parcel.merge"]);
    assert!(matches!(audit::verify(&pool, &scope).await.unwrap(), audit::Verification::Intact { entries: 2 }));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn each_refusal_leaves_everything_as_it_was(pool: PgPool) {
    town(&pool).await;
    let (scope, act) = (scope(), act(&pool));
    let parcel = some_parcel(&pool).await;
    let rows = || sqlx::query_scalar!("SELECT count(*) FROM parcel_version").fetch_one(&pool);
    let before = rows().await.unwrap();
    let cut = halves(&pool, &parcel, 0.0).await;
    let wide = halves(&pool, &parcel, 2.0).await;
    let on = grounds("2025-03-01");
    let try_split =
        async |parts: &[NewParcel], grounds: &Grounds| codes_of(split(&act, &base(&parcel), parts, grounds).await);

    let (west, east) = (new(WEST, &cut[0]), new(EAST, &cut[1]));
    let overlapping = try_split(&[west.clone(), new(EAST, &wide[1])], &on).await;
    assert!(overlapping.contains(&Overlap), "{overlapping:?}");
    let alone = try_split(std::slice::from_ref(&west), &on).await;
    assert!(alone.contains(&Count) && alone.contains(&Uncovered), "{alone:?}");
    assert_eq!(try_split(&[west.clone(), new(WEST, &cut[1])], &on).await, [CodeTwice]);
    assert_eq!(try_split(&[west.clone(), new(&parcel.code, &cut[1])], &on).await, [CodeTaken]);
    assert_eq!(try_split(&[west.clone(), east.clone()], &grounds("2025-07-01")).await, [InFuture]);
    assert_eq!(try_split(&[west.clone(), east.clone()], &grounds("2000-01-01")).await, [TooEarly]);
    let official = Some(east.shape.clone()).map(|_| parcel.plane_area_m2);
    let swollen = try_split(&[west.clone(), NewParcel { official, ..east.clone() }], &on).await;
    assert_eq!(swollen, [AreaDiffers, AreaSum]);

    let page = register::page(&pool, &scope, &query("2025-06-30"), &Position::Start, 500, false).await.unwrap();
    let far = page.rows.last().unwrap();
    let bases = [base(&parcel), Base { code: far.code.clone(), version: far.id }];
    let union = union_of(&act, &bases).await.unwrap().unwrap();
    let scattered = codes_of(merge(&act, &bases, &new(WHOLE, &union), &on).await);
    assert!(scattered.contains(&Scattered), "{scattered:?}");

    let elsewhere = Scope::district("330106".parse().unwrap());
    let stranger = Act { scope: elsewhere, ..act.clone() };
    let outcome = split(&stranger, &base(&parcel), &[west, east], &on).await;
    assert!(matches!(outcome, Err(ChangeError::NotFound(_))), "{outcome:?}");
    assert_eq!(rows().await.unwrap(), before);
    assert_eq!(sqlx::query_scalar!("SELECT count(*) FROM audit_entry").fetch_one(&pool).await.unwrap(), Some(0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn attributes_change_from_a_day_on_and_errors_from_the_start(pool: PgPool) {
    town(&pool).await;
    let (scope, act) = (scope(), act(&pool));
    let parcel = some_parcel(&pool).await;
    let idle = Attributes { supply: SupplyStatus::Idle, ..Attributes::of(&parcel) };
    adjust(&act, &base(&parcel), &idle, &grounds("2025-01-01")).await.unwrap();
    let on = |on: &str| register::version_on(&pool, &scope, &parcel.code, day(on));
    let (old, new) = (on("2024-12-31").await.unwrap().unwrap(), on("2025-01-01").await.unwrap().unwrap());
    assert_eq!((old.supply_status, new.supply_status), (parcel.supply_status, SupplyStatus::Idle));

    let named = Attributes { name: Some("更正后的名称".into()), ..idle.clone() };
    correct(&act, &base(&new), &named, "文件2号", "名称录入有误").await.unwrap();
    let corrected = on("2025-01-01").await.unwrap().unwrap();
    assert_eq!((corrected.name.as_deref(), corrected.valid), (Some("更正后的名称"), new.valid));
    assert_eq!(register::history(&pool, &scope, &parcel.code).await.unwrap().len(), 4);

    let swollen = Attributes { official_area_m2: Some(parcel.plane_area_m2 * dec!(2)), ..named };
    assert_eq!(codes_of(correct(&act, &base(&corrected), &swollen, "文件", "原因").await), [AreaDiffers]);

    retire(&act, &base(&corrected), &grounds("2025-06-30")).await.unwrap();
    assert!(on("2025-06-29").await.unwrap().is_some());
    assert!(on("2025-06-30").await.unwrap().is_none());
    let last = register::latest(&pool, &scope, &parcel.code).await.unwrap().unwrap();
    assert_eq!(codes_of(retire(&act, &base(&last), &grounds("2025-06-30")).await), [AlreadyEnded]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_new_parcel_may_not_lie_on_another(pool: PgPool) {
    town(&pool).await;
    let (scope, act) = (scope(), act(&pool));
    let parcel = some_parcel(&pool).await;
    let shape = halves(&pool, &parcel, 0.0).await.remove(0);
    let attributes = Attributes { supply: SupplyStatus::ApprovedNotSupplied, ..Attributes::of(&parcel) };
    let outcome = create(&act, &new(WEST, &shape), &attributes, &grounds("2025-05-01"), Mode::Commit).await;
    assert_eq!(codes_of(outcome.map(|_| ())), [Overlap]);
    retire(&act, &base(&parcel), &grounds("2025-05-01")).await.unwrap();
    create(&act, &new(WEST, &shape), &attributes, &grounds("2025-05-01"), Mode::Commit).await.unwrap();
    assert!(register::version_on(&pool, &scope, WEST, day("2025-05-01")).await.unwrap().is_some());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn pages_hold_every_parcel_once_in_order_and_no_scope_leaks(pool: PgPool) {
    town(&pool).await;
    let scope = scope();
    for (sort, order) in [("code", "asc"), ("code", "desc"), ("area", "asc"), ("area", "desc")] {
        let parameters = ListParameters { sort: sort.into(), order: order.into(), ..Default::default() };
        let query = parameters.query(day("2025-06-30")).unwrap();
        let whole = register::page(&pool, &scope, &query, &Position::Start, 5000, false).await.unwrap();
        assert!(whole.next.is_none() && whole.rows.len() > 500);
        let (mut pages, mut position) = (Vec::new(), Position::Start);
        loop {
            let page = register::page(&pool, &scope, &query, &position, 37, false).await.unwrap();
            let next = page.next.clone();
            pages.push(page);
            match next {
                Some(key) => position = Position::After(key),
                None => break,
            }
        }
        let line = |row: &Row| (row.code.clone(), row.official_area_m2);
        let mut before = pages.last().and_then(|last| last.previous.clone());
        for forth in pages.iter().rev().skip(1) {
            let position = Position::Before(before.expect("a page before"));
            let back = register::page(&pool, &scope, &query, &position, 37, false).await.unwrap();
            assert!(back.rows.iter().map(line).eq(forth.rows.iter().map(line)), "{sort} {order}, read back");
            before = back.previous;
        }
        assert_eq!(before, None, "nothing before the first page");
        let total = register::total(&pool, &scope, &query).await.unwrap();
        assert_eq!(total, Total::Exactly(whole.rows.len() as i64));
        let paged: Vec<_> = pages.iter().flat_map(|page| page.rows.iter().map(line)).collect();
        let expected: Vec<_> = whole.rows.into_iter().map(|row| (row.code, row.official_area_m2)).collect();
        assert_eq!(paged, expected, "{sort} {order}");
        if sort == "area" {
            assert!(paged.iter().rev().take(2).all(|(_, area)| area.is_none()), "missing areas come last");
        }
    }
    let query = query("2025-06-30");
    let clerk = Scope { subdistrict: Some("330105014".parse().unwrap()), ..scope.clone() };
    let seen = register::page(&pool, &clerk, &query, &Position::Start, 5000, false).await.unwrap().rows;
    assert!(!seen.is_empty() && seen.iter().all(|row| row.subdistrict.as_deref() == Some("330105014")));
    let all = register::page(&pool, &scope, &query, &Position::Start, 5000, false).await.unwrap().rows;
    let other = all.iter().find(|row| row.subdistrict.as_deref() != Some("330105014")).unwrap();
    assert!(register::latest(&pool, &clerk, &other.code).await.unwrap().is_none());
    assert!(register::history(&pool, &clerk, &other.code).await.unwrap().is_empty());
    let foreign = Scope::district("330106".parse().unwrap());
    assert!(register::page(&pool, &foreign, &query, &Position::Start, 50, false).await.unwrap().rows.is_empty());
    assert!(register::latest(&pool, &foreign, &other.code).await.unwrap().is_none());
    assert!(register::shape_of(&pool, &foreign, other.id).await.unwrap().is_none());
}
