//! Invented registers for tests: enterprises that keep to no pattern, with what the registers say of them told the slow way.

use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use sqlx::postgres::types::PgRange;

use super::{Facts, Figure, Figures, LandDays, Project, ProjectStart, deciding_day};
use crate::base::bounds::FIGURE;
use crate::base::code::uscc_with_check_digit;
use crate::base::period::Period;
use crate::base::unit::SquareMetre;
use crate::db::{PgPool, Scope};
use crate::enterprise::{FigureState, Indicator, SizeClass};
use crate::policy;

pub const DISTRICT: &str = "330105";

pub fn scope() -> Scope {
    Scope::district(DISTRICT.parse().unwrap())
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn code(number: usize) -> String {
    uscc_with_check_digit(&format!("91330105{number:09}")).unwrap().as_str().to_owned()
}

pub fn then() -> DateTime<Utc> {
    "2025-03-01T00:00:00Z".parse().unwrap()
}

#[derive(Clone, Debug)]
pub struct Firm {
    /// Each version and its state; they follow one another.
    pub versions: Vec<(Period, &'static str)>,
    pub established_on: Option<NaiveDate>,
    pub above: bool,
    pub above_size_since: Option<NaiveDate>,
    /// Stands in the last version: its start, if it is on record, and its recognised end.
    pub project: Option<(Option<NaiveDate>, NaiveDate)>,
    pub tax: Option<Decimal>,
    pub uses: Vec<Use>,
}

#[derive(Clone, Debug)]
pub struct Use {
    pub kind: &'static str,
    /// How many enterprises further on the lessor is; 0 when the lessor is not an enterprise of the district.
    pub lessor: usize,
    /// mu.
    pub land: Option<Decimal>,
    pub floor: Option<Decimal>,
    pub valid: Period,
}

pub async fn district(pool: &PgPool) {
    sqlx::query("INSERT INTO district (code, name) VALUES ($1, '拱墅区')").bind(DISTRICT).execute(pool).await.unwrap();
    policy::store::load(pool).await.unwrap();
    // Figures from before there were bounds are judged as well.
    for statement in [
        "ALTER TABLE occupancy DROP CONSTRAINT occupancy_plausible",
        "ALTER TABLE return_figure DROP CONSTRAINT return_figure_plausible",
    ] {
        sqlx::query(statement).execute(pool).await.unwrap();
    }
}

pub async fn add(pool: &PgPool, number: usize, firm: &Firm, count: usize) {
    for (place, (valid, state)) in firm.versions.iter().enumerate() {
        let project = firm.project.filter(|_| place + 1 == firm.versions.len());
        sqlx::query(
            "INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, subdistrict, state,
                 established_on, above_size_since, project_until, project_since, source, reason, recorded_at, recorded_by, fingerprint)
             VALUES ($1, $2, $3, $4, 'industry', $5, '330105012', $6, $7, $8, $9, $10, 'test', 'test', $11, 'test', '')",
        )
        .bind(DISTRICT)
        .bind(code(number))
        .bind(PgRange::from(*valid))
        .bind(format!("企业{:04}", (number * 7919) % 10_000))
        .bind(if firm.above { "above" } else { "below" })
        .bind(state)
        .bind(firm.established_on)
        .bind(firm.above_size_since)
        .bind(project.map(|(_, until)| until))
        .bind(project.and_then(|(since, _)| since))
        .bind(then())
        .execute(pool)
        .await
        .unwrap();
    }
    if let Some(tax) = firm.tax {
        add_tax(pool, number, tax, then()).await;
    }
    for (place, held) in firm.uses.iter().enumerate() {
        sqlx::query(
            "INSERT INTO occupancy (district, parcel_code, kind, occupant, lessor, area_mu, floor_area_m2, valid, source,
                 reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'test', 'test', $9, 'test')",
        )
        .bind(DISTRICT)
        .bind(format!("330105001001GB{:05}", place + 1))
        .bind(held.kind)
        .bind(code(number))
        .bind(lessor(number, held, count).map(code))
        .bind(held.land)
        .bind(held.floor)
        .bind(PgRange::from(held.valid))
        .bind(then())
        .execute(pool)
        .await
        .unwrap();
    }
}

pub async fn add_tax(pool: &PgPool, number: usize, tax: Decimal, at: DateTime<Utc>) {
    sqlx::query(
        "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, source, reason,
             recorded_at, recorded_by) VALUES ($1, 2024, 'tax_paid', $2, $3, 'tax', 'reported', 'test', 'test', $4, 'test')",
    )
    .bind(DISTRICT)
    .bind(code(number))
    .bind(tax)
    .bind(at)
    .execute(pool)
    .await
    .unwrap();
}

pub fn lessor(number: usize, held: &Use, count: usize) -> Option<usize> {
    (held.kind == "leased" && held.lessor > 0).then(|| (number + held.lessor) % count).filter(|other| *other != number)
}

pub fn firm() -> impl Strategy<Value = Firm> {
    let whole = || vec![(Period::since(day("2000-01-01")), "operating")];
    let split = |first: &'static str, second: &'static str, at: &'static str| {
        vec![(Period::between(day("2000-01-01"), day(at)), first), (Period::since(day(at)), second)]
    };
    let versions = prop_oneof![
        12 => Just(whole()),
        1 => Just(split("operating", "cancelled", "2024-01-01")),
        1 => Just(split("operating", "moved", "2024-01-02")),
        1 => Just(split("operating", "operating", "2024-12-31")),
        1 => Just(vec![(Period::between(day("2000-01-01"), day("2024-06-01")), "operating")]),
        1 => Just(vec![(Period::between(day("2000-01-01"), day("2024-12-31")), "operating")]),
        1 => Just(vec![(Period::since(day("2025-01-01")), "operating")]),
    ];
    let near = |text: &'static str| prop_oneof![3 => Just(None), 1 => (0u64..4).prop_map(move |days| Some(day(text) + Days::new(days)))];
    let established = prop_oneof![near("2021-12-30"), near("2024-12-30"), Just(Some(day("2024-02-29")))];
    let tax = prop_oneof![
        1 => Just(None),
        1 => Just(Some(dec!(0))),
        1 => Just(Some(dec!(-0.01))),
        1 => Just(Some(dec!(1_000_000_000_000_000))),
        1 => Just(Some(dec!(0.0000000000001))),
        1 => Just(Some(dec!(5.50000000000000))),
        6 => (0i64..4, -1i64..=1).prop_map(|(mu, cent)| Some(Decimal::new(mu * 3_000_000 + cent, 2))),
        3 => (0i64..10_000_000).prop_map(|cents| Some(Decimal::new(cents, 2))),
    ];
    (
        versions,
        established,
        any::<bool>(),
        near("2021-12-30"),
        (near("2021-12-30"), near("2024-12-29")),
        tax,
        prop::collection::vec(held(), 0..4),
    )
        .prop_map(|(versions, established_on, above, above_size_since, (since, until), tax, uses)| Firm {
            versions,
            established_on,
            above,
            above_size_since,
            project: until.map(|until| (since, until)),
            tax,
            uses,
        })
}

pub fn near_the_line() -> impl Strategy<Value = Firm> {
    (1i64..1000, -1i64..=1, -1i64..=1)
        .prop_map(|(k, cent, area)| owner(Decimal::new(k * 3_000_000 + cent, 2), Decimal::new(k * 200_000 + area, 2)))
}

pub fn held() -> impl Strategy<Value = Use> {
    let land = prop_oneof![
        1 => Just(None),
        1 => Just(Some(dec!(0))),
        3 => (1i64..4, -1i64..=1).prop_map(|(k, off)| Some(SquareMetre(Decimal::new(k * 200_000 + off, 2)).to_mu().0)),
        3 => (1i64..30).prop_map(|tenths| Some(Decimal::new(tenths, 1))),
        1 => Just(Some(dec!(4_500_000_000))),
        1 => Just(Some(dec!(0.33333333333333333))),
    ];
    let floor = prop_oneof![2 => Just(None), 1 => Just(Some(dec!(250)))];
    let valid = prop_oneof![
        6 => Just(Period::since(day("2010-01-01"))),
        1 => Just(Period::since(day("2024-07-02"))),
        1 => Just(Period::between(day("2010-01-01"), day("2024-07-02"))),
        1 => Just(Period::between(day("2024-12-31"), day("2025-01-01"))),
        1 => Just(Period::between(day("2010-01-01"), day("2024-01-01"))),
        1 => Just(Period::since(day("2025-01-01"))),
    ];
    let kind = prop_oneof![4 => Just("owned"), 3 => Just("leased"), 1 => Just("other")];
    (kind, 0usize..3, land, floor, valid).prop_map(|(kind, lessor, land, floor, valid)| {
        // A lease needs a lessor here, so that both its sides are tried.
        let lessor = if kind == "leased" { lessor.max(1) } else { 0 };
        Use { kind, lessor, land, floor, valid }
    })
}

/// A figure as it comes out of the register.
fn figure(value: Decimal) -> Figure {
    Figure::read(Some(value).filter(|value| FIGURE.holds(*value)), FigureState::Reported)
}

/// The facts of an enterprise of which [`Figures`] hold tax alone, gathered the slow way.
pub fn facts(number: usize, firms: &[Firm]) -> Option<Facts> {
    let year = Period::year(2024);
    let firm = &firms[number];
    let touches = |valid: &Period| valid.days_in_year(2024) > 0;
    let in_force = firm.versions.iter().rposition(|(valid, _)| touches(valid))?;
    let mut land = LandDays::default();
    let mut floor = None;
    for (other, firm) in firms.iter().enumerate() {
        for held in firm.uses.iter().filter(|held| touches(&held.valid)) {
            let gives = lessor(other, held, firms.len()) == Some(number);
            if other != number && !gives {
                continue;
            }
            let days = Decimal::from(held.valid.days_in_year(2024));
            let floor_only = held.kind != "owned" && held.land.is_none() && held.floor.is_some();
            land.records += 1;
            land.unmeasured += i64::from(held.land.is_none() && !floor_only);
            let odd = held.land.is_some_and(|land| land >= dec!(1_500_000_000) || land.normalize().scale() > 16);
            land.out_of_range |= odd;
            let area = if odd { Decimal::ZERO } else { held.land.unwrap_or_default() * days };
            match (gives, held.kind) {
                (true, _) => land.leased_out += area,
                (false, "owned") => land.owned += area,
                (false, "leased") => land.leased_in += area,
                _ => land.other += area,
            }
            if let Some(area) = held.floor.filter(|_| !gives && held.land.unwrap_or_default().is_zero()) {
                floor = Some(floor.unwrap_or_default() + area * days);
            }
        }
    }
    let day = year.until.unwrap().pred_opt().unwrap();
    assert_eq!(day, deciding_day(2024));
    Some(Facts {
        year: 2024,
        operated: firm.versions.iter().any(|(valid, state)| touches(valid) && *state == "operating"),
        established_on: firm.established_on,
        size_class: if firm.above { SizeClass::Above } else { SizeClass::Below },
        above_size_since: firm.above_size_since,
        project: firm.project.filter(|_| in_force + 1 == firm.versions.len()).map(|(since, until)| Project {
            start: match since {
                Some(since) => ProjectStart::Stated(since),
                None => ProjectStart::KnownFrom(firm.versions[in_force].0.from.unwrap()),
            },
            until,
        }),
        figures: Figures(vec![(Indicator::TaxPaid, firm.tax.map_or(Figure::Missing, figure))]),
        land,
        floor,
    })
}

pub fn owner(tax: Decimal, area: Decimal) -> Firm {
    Firm {
        versions: vec![(Period::since(day("2000-01-01")), "operating")],
        established_on: None,
        above: false,
        above_size_since: None,
        project: None,
        tax: Some(tax),
        uses: vec![Use {
            kind: "owned",
            lessor: 0,
            land: Some(SquareMetre(area).to_mu().0),
            floor: None,
            valid: Period::since(day("2010-01-01")),
        }],
    }
}

/// A district of some size, so that the planner has something to choose between.
pub async fn many(pool: &PgPool, count: i32) {
    district(pool).await;
    for statement in [
        "INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, subdistrict, state, source, reason,
             recorded_at, recorded_by, fingerprint)
         SELECT '330105', '91330105' || lpad(n::text, 10, '0'), '[2020-01-01,)', '企业' || n, 'industry', 'below', '330105012',
             'operating', 'test', 'test', now(), 'test', '' FROM generate_series(1, $1) n",
        "INSERT INTO occupancy (district, kind, occupant, area_mu, valid, source, reason, recorded_at, recorded_by)
         SELECT '330105', 'owned', '91330105' || lpad(n::text, 10, '0'), n, '[2020-01-01,)', 'test', 'test', now(), 'test'
         FROM generate_series(1, $1) n",
        "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, source, reason, recorded_at, recorded_by)
         SELECT '330105', y, indicator, '91330105' || lpad(n::text, 10, '0'), n, 'tax', 'reported', 'test', 'test', now(), 'test'
         FROM generate_series(1, $1) n, unnest(ARRAY['tax_paid', 'value_added', 'energy']) indicator, generate_series(2022, 2024) y",
    ] {
        sqlx::query(statement).bind(count).execute(pool).await.unwrap();
    }
    // Every row is looked at: a sample differs from time to time, and with it the plan.
    let mut connection = pool.acquire().await.unwrap();
    for statement in [
        "SET default_statistics_target = 1000",
        "VACUUM ANALYZE enterprise_version",
        "VACUUM ANALYZE occupancy",
        "VACUUM ANALYZE return_figure",
        "RESET default_statistics_target",
    ] {
        sqlx::query(statement).execute(&mut *connection).await.unwrap();
    }
}
