use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;

use crate::account::audit::Actor;
use crate::account::{Act, Department};
use crate::db::count::Total;
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::enterprise::list::{ListParameters, ListQuery};
use crate::enterprise::{FigureState, Indicator, SizeClass};

fn scope() -> Scope {
    Scope::district(crate::demo::DISTRICT.parse().unwrap())
}

fn clerk() -> Scope {
    Scope { subdistrict: Some("330105014".parse().unwrap()), ..scope() }
}

fn actor() -> Actor {
    Actor { account: None, name: "测试数据管理员".into() }
}

fn now() -> DateTime<Utc> {
    "2025-06-30T04:00:00Z".parse().unwrap()
}

fn asked(parameters: ListParameters) -> ListQuery {
    parameters.query("2025-06-30".parse().unwrap()).unwrap()
}

async fn town(pool: &PgPool) {
    crate::codelist::load(pool).await.unwrap();
    crate::demo::load(pool).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn pages_hold_every_enterprise_once_in_order(pool: PgPool) {
    town(&pool).await;
    for (sort, order) in [("name", "asc"), ("name", "desc"), ("uscc", "asc"), ("uscc", "desc")] {
        let query = asked(ListParameters { sort: sort.into(), order: order.into(), ..Default::default() });
        let whole = page(&pool, &scope(), &query, &Position::Start, 5000).await.unwrap().rows;
        assert_eq!(whole.len(), 800);
        let (mut pages, mut position) = (Vec::new(), Position::Start);
        loop {
            let part = page(&pool, &scope(), &query, &position, 41).await.unwrap();
            let next = part.next.clone();
            pages.push(part);
            match next {
                Some(key) => position = Position::After(key),
                None => break,
            }
        }
        let codes = |part: &Page| part.rows.iter().map(|row| row.uscc.clone()).collect::<Vec<_>>();
        let mut before = pages.last().and_then(|last| last.previous.clone());
        for forth in pages.iter().rev().skip(1) {
            let position = Position::Before(before.expect("a page before"));
            let back = page(&pool, &scope(), &query, &position, 41).await.unwrap();
            assert_eq!(codes(&back), codes(forth), "{sort} {order}, read back");
            before = back.previous;
        }
        assert_eq!(total(&pool, &scope(), &query).await.unwrap(), Total::Exactly(800));
        let paged: Vec<String> = pages.iter().flat_map(codes).collect();
        assert_eq!(paged, whole.into_iter().map(|row| row.uscc).collect::<Vec<_>>(), "{sort} {order}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn filters_and_former_names(pool: PgPool) {
    town(&pool).await;
    let renamed = sqlx::query!(
        "SELECT a.uscc, a.name FROM enterprise_version a JOIN enterprise_version b USING (uscc)
         WHERE a.superseded_at IS NULL AND b.superseded_at IS NULL AND a.name <> b.name AND a.valid << b.valid
         ORDER BY a.uscc LIMIT 1"
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let by_name = asked(ListParameters { q: renamed.name.clone(), ..Default::default() });
    let found = page(&pool, &scope(), &by_name, &Position::Start, 50).await.unwrap().rows;
    let row = found.iter().find(|row| row.uscc == renamed.uscc).unwrap();
    assert_eq!(row.former_name.as_deref(), Some(renamed.name.as_str()));
    assert_ne!(row.name, renamed.name);
    let industry = asked(ListParameters { industry: "c".into(), size: "above".into(), ..Default::default() });
    let rows = page(&pool, &scope(), &industry, &Position::Start, 5000).await.unwrap().rows;
    assert!(!rows.is_empty() && rows.iter().all(|row| row.size_class == SizeClass::Above));
    let wild = asked(ListParameters { q: "%_%".into(), ..Default::default() });
    assert!(page(&pool, &scope(), &wild, &Position::Start, 50).await.unwrap().rows.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn no_scope_leaks(pool: PgPool) {
    town(&pool).await;
    let query = asked(ListParameters::default());
    let all = page(&pool, &scope(), &query, &Position::Start, 5000).await.unwrap().rows;
    let own = page(&pool, &clerk(), &query, &Position::Start, 5000).await.unwrap().rows;
    assert!(!own.is_empty() && own.len() < all.len());
    for row in &all {
        let listed = own.iter().any(|other| other.uscc == row.uscc);
        let shown = !versions(&pool, &clerk(), &row.uscc).await.unwrap().is_empty();
        assert_eq!(listed, shown, "{}", row.uscc);
        if !listed {
            assert!(figures(&pool, &clerk(), &row.uscc).await.unwrap().is_empty());
            assert!(holdings(&pool, &clerk(), &row.uscc).await.unwrap().is_empty());
        }
    }
    let foreign = Scope::district("330106".parse().unwrap());
    assert!(page(&pool, &foreign, &query, &Position::Start, 50).await.unwrap().rows.is_empty());
    assert!(versions(&pool, &foreign, &all[0].uscc).await.unwrap().is_empty());
    let used = sqlx::query_scalar!(
        r#"SELECT o.parcel_code AS "code!" FROM occupancy o JOIN parcel_version p ON p.code = o.parcel_code
           WHERE p.superseded_at IS NULL AND p.subdistrict <> '330105014' LIMIT 1"#
    );
    let used = used.fetch_one(&pool).await.unwrap();
    assert!(!occupancies(&pool, &scope(), &used, None).await.unwrap().is_empty());
    assert!(occupancies(&pool, &clerk(), &used, None).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_figure_is_confirmed_by_its_own_department_once(pool: PgPool) {
    town(&pool).await;
    let returns_revision = async || {
        let revision = sqlx::query_scalar!("SELECT revision FROM layer_revision WHERE layer = 'returns'");
        revision.fetch_one(&pool).await.unwrap()
    };
    let before = returns_revision().await;
    let (scope, actor) = (scope(), actor());
    let reported = sqlx::query!(
        "SELECT uscc, id, value FROM return_figure WHERE superseded_at IS NULL AND state = 'reported' AND indicator = 'tax_paid'
         ORDER BY id LIMIT 1"
    );
    let reported = reported.fetch_one(&pool).await.unwrap();
    let key = (reported.uscc.as_str(), reported.id);
    let act = Act { pool: pool.clone(), scope: scope.clone(), actor: actor.clone(), now: now() };
    let other = confirm_figure(&act, Department::Statistics, key).await;
    assert!(matches!(other, Err(FigureError::OtherDepartment(Department::Tax))), "{other:?}");
    confirm_figure(&act, Department::Tax, key).await.unwrap();
    let again = confirm_figure(&act, Department::Tax, key).await;
    assert!(matches!(again, Err(FigureError::Stale { .. })), "{again:?}");
    let current = async || {
        let all = figures(&pool, &scope, key.0).await.unwrap();
        let year = all.iter().find(|figure| figure.id == key.1).unwrap().year;
        let of = |figure: &Figure| {
            figure.superseded_at.is_none() && figure.year == year && figure.indicator == Indicator::TaxPaid
        };
        all.into_iter().find(of).unwrap()
    };
    let confirmed = current().await;
    assert_eq!((confirmed.state, confirmed.value), (FigureState::Confirmed, reported.value));
    assert_eq!(confirmed.confirmed_by.as_deref(), Some(actor.name.as_str()));
    let twice = confirm_figure(&act, Department::Tax, (key.0, confirmed.id)).await;
    assert!(matches!(twice, Err(FigureError::Confirmed)), "{twice:?}");
    assert_eq!(current().await.id, confirmed.id, "a refusal changes nothing");

    let own = (key.0, confirmed.id);
    let correct =
        async |value: Decimal, reason: &str| correct_figure(&act, Department::Tax, own, (value, reason)).await;
    assert!(matches!(correct(dec!(1), " ").await, Err(FigureError::NoReason)));
    assert!(matches!(correct(dec!(-0.01), "原因").await, Err(FigureError::Negative(Indicator::TaxPaid))));
    let large = correct(dec!(1_000_000_000_000.01), "原因").await;
    assert!(matches!(large, Err(FigureError::TooLarge(Indicator::TaxPaid))));
    correct(dec!(0), "填报有误").await.unwrap();
    let corrected = current().await;
    assert_eq!(
        (corrected.state, corrected.value, corrected.reason.as_str()),
        (FigureState::Reported, dec!(0), "填报有误")
    );
    let deeds = sqlx::query_scalar!("SELECT action FROM audit_entry ORDER BY seq").fetch_all(&pool).await.unwrap();
    assert_eq!(deeds, ["figure.confirm", "figure.correct"]);
    assert_eq!(returns_revision().await, before + 2, "each change gives the tiles a new address");
}

/// The database's constraints say the same: at the bound a row is taken, beyond it none.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_database_holds_the_same_bounds(pool: PgPool) {
    use crate::base::bounds::{AREA, LAND};
    sqlx::query("INSERT INTO district (code, name) VALUES ('330105', '拱墅区')").execute(&pool).await.unwrap();
    let occupancy = "INSERT INTO occupancy (district, kind, occupant, area_mu, floor_area_m2, valid, source, reason, recorded_at, recorded_by)
        VALUES ('330105', 'owned', '91110000600037341L', $1, $2, '[2020-01-01,)', 't', 't', now(), 't')";
    let figure = "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, source, reason, recorded_at, recorded_by)
        VALUES ('330105', 2024, $3, '91110000600037341L', $1 + $2, 'tax', 'reported', 't', 't', now(), 't')";
    let taken = async |statement: &'static str, value: Decimal, other: Decimal, word: &'static str| {
        let mut transaction = pool.begin().await.unwrap();
        let mut query = sqlx::query(statement).bind(value);
        if statement == occupancy {
            query = query.bind(other);
        } else {
            query = query.bind(other).bind(word);
        }
        query.execute(&mut *transaction).await.is_ok()
    };
    let step = dec!(0.001);
    assert!(taken(occupancy, LAND.most, AREA.most, "").await);
    assert!(!taken(occupancy, LAND.most + step, AREA.most, "").await);
    assert!(!taken(occupancy, LAND.most, AREA.most + step, "").await);
    let finest = |places: u32| Decimal::new(1, places);
    assert!(taken(occupancy, finest(LAND.places), dec!(1), "").await);
    assert!(!taken(occupancy, finest(LAND.places + 1), dec!(1), "").await);
    for indicator in Indicator::ALL {
        let bounds = indicator.dimension().bounds();
        assert!(taken(figure, bounds.most, dec!(0), indicator.code()).await, "{indicator}");
        assert!(!taken(figure, bounds.most + step, dec!(0), indicator.code()).await, "{indicator}");
        assert!(!taken(figure, -bounds.most - step, dec!(0), indicator.code()).await, "{indicator}");
        assert!(!taken(figure, finest(bounds.places + 1), dec!(0), indicator.code()).await, "{indicator}");
    }
}
