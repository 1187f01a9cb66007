//! Land for the invented projects, and what is declared on it.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::plans::PLANS;
use crate::admission::case::application::{Application, Figure, Floor};
use crate::admission::case::check::{self, examine};
use crate::base::unit::SquareMetre;
use crate::db::{PgPool, Scope};
use crate::demo::register::day;
use crate::demo::store::industrial_parcels;
use crate::planning::Answer;
use crate::policy::standard::LandKind;

#[derive(Clone, Debug)]
pub struct Parcel {
    pub code: String,
    pub area_m2: Decimal,
    /// GeoJSON of the land a little inside the boundary.
    pub inside: String,
}

pub struct Chosen {
    pub clear: Vec<Parcel>,
    pub hit: Vec<Parcel>,
}

/// Industrial land that no plan stands against, and some that one does.
pub async fn choose_land(pool: &PgPool, scope: &Scope) -> anyhow::Result<Chosen> {
    let on = day(2026, 8, 1);
    let mut chosen = Chosen { clear: Vec::new(), hit: Vec::new() };
    for (code, area_m2, inside) in industrial_parcels(pool, scope.county(), 160).await? {
        let parcel = Parcel { code, area_m2, inside };
        let application = application_of(&parcel, "3525", dec!(1), "parcel");
        let examined = examine(pool, scope, &application, None, check::Days { as_of: on, today: on }).await?;
        if !examined.site.gaps.is_empty() {
            continue;
        }
        let answers: Vec<Answer> = examined.reading.facts.spatial.iter().map(|result| result.answer).collect();
        if answers.iter().all(|answer| *answer == Answer::Clear) {
            chosen.clear.push(parcel);
        } else if answers.iter().filter(|answer| **answer == Answer::Hit).count() == 1 {
            chosen.hit.push(parcel);
        }
        if chosen.clear.len() >= PLANS.len() && chosen.hit.len() >= 3 {
            break;
        }
    }
    Ok(chosen)
}

/// Figures that conform at a strength of one and more, on the land of the parcel.
pub fn application_of(parcel: &Parcel, industry: &str, strength: Decimal, site_kind: &str) -> Application {
    let mu = SquareMetre(parcel.area_m2).to_mu().0;
    let mut application = Application {
        edition: "2017".into(),
        industry: industry.into(),
        land_kind: LandKind::Industrial.code().into(),
        site_kind: site_kind.into(),
        parcel: parcel.code.clone(),
        ..Application::default()
    };
    let per_mu = [
        ("fixed_investment", dec!(350)),
        ("investment_without_land", dec!(260)),
        ("annual_tax", dec!(25)),
        ("annual_output", dec!(600)),
        ("annual_value_added", dec!(150)),
        ("annual_revenue", dec!(580)),
        ("annual_rd", dec!(18)),
    ];
    for (name, each) in per_mu {
        put(&mut application, name, (each * mu * strength).round_dp(2), "万元");
    }
    put(&mut application, "annual_energy", (dec!(45) * mu).round_dp(2), "吨标准煤");
    put(&mut application, "annual_emissions", (dec!(0.6) * mu).round_dp(3), "吨");
    let shares = [("built_area", dec!(0.45)), ("office_land_area", dec!(0.05)), ("green_area", dec!(0.12))];
    for (name, share) in shares {
        put(&mut application, name, (parcel.area_m2 * share).round_dp(1), "平方米");
    }
    put(&mut application, "office_floor_area", (parcel.area_m2 * dec!(0.1)).round_dp(1), "平方米");
    for (name, height) in [("一层", "8.5"), ("二层", "4.5")] {
        let area = (parcel.area_m2 * dec!(0.45)).round_dp(1).to_string();
        application.floors.push(Floor { name: name.into(), area, height: height.into() });
    }
    let third = (parcel.area_m2 * dec!(0.4)).round_dp(1).to_string();
    application.floors.push(Floor { name: "三层".into(), area: third, height: "4.5".into() });
    application
}

pub fn put(application: &mut Application, name: &str, value: Decimal, unit: &str) {
    application.figures.insert(name.to_owned(), Figure { value: value.to_string(), unit: unit.to_owned() });
}
