//! The check as a whole. Each file tests one side of it.

mod choice;
mod figures;
mod golden;
mod policy;
mod properties;
mod requests;
mod table;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::check::check;
use super::{Checked, Facts, Figure, Floor, IndustryCode};
use crate::planning::{Answer, LayerKind, LayerResult};
use crate::policy::catalogue::Catalogue;
use crate::policy::directory::{DirectoryClass, DirectoryEntry};
use crate::policy::indicator::Indicators;
use crate::policy::standard::{self, Adoption, LandKind};
use crate::policy::verdict::Finding;

/// Adopted from 2024 on, as the embedded file writes it.
fn adopted(id: &str, place: &str, requirements: &str) -> String {
    format!(
        "[[set]]\nid = '{id}'\ntitle = '{id}'\nland_kind = 'industrial'\n{place}\nvalid_from = 2024-01-01\nadoption = 'adopted'\n\
         document = 'xiacheng-2019'\narticle = '四(一)2'\nsource = '试验'\nchecked_on = 2026-11-23\nrequirements = {{ {requirements} }}\n"
    )
}

fn catalogue(sets: &[String]) -> Catalogue {
    let sets = standard::parse(&sets.concat(), &Indicators::embedded().unwrap()).unwrap();
    let mut catalogue = Catalogue::embedded().unwrap().with(Vec::new(), sets, Vec::new()).unwrap();
    catalogue.directory.push(entry("prohibited-16", DirectoryClass::Prohibited, "16", "2017", true));
    catalogue
}

fn entry(id: &str, class: DirectoryClass, industry: &str, edition: &str, whole_industry: bool) -> DirectoryEntry {
    DirectoryEntry {
        id: id.into(),
        class,
        wording: format!("试验条目{industry}"),
        industries: vec![industry.into()],
        edition: edition.into(),
        whole_industry,
        valid: crate::base::period::Period::since(day("2020-01-01")),
        adoption: Adoption::Adopted,
        document: "xiacheng-2019".into(),
        article: "四(一)".into(),
        source: "试验".into(),
        checked_on: day("2026-11-23"),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn layer(layer: LayerKind, answer: Answer) -> LayerResult {
    LayerResult {
        layer,
        demand: layer.usual_demand(),
        answer,
        edition: Some("2024年版".into()),
        edition_id: Some(1),
        edition_valid: None,
        site_area_m2: None,
        tolerance: None,
        overlap_m2: if answer == Answer::Hit { dec!(12.5) } else { dec!(0) },
        share_percent: if answer == Answer::Hit { dec!(0.06) } else { dec!(0) },
        sliver_m2: dec!(0),
        undetermined_m2: dec!(0),
        pieces: Vec::new(),
        reason: (answer == Answer::NotChecked).then(|| "没有有效的图层".into()),
    }
}

/// 30 mu of industrial land for metal structures, with every figure, conforming to all plans.
fn project() -> Facts {
    let figure = |name: &str, value: Decimal, unit: &str| (name.to_owned(), Figure { value, unit: unit.into() });
    Facts {
        land_kind: Some(LandKind::Industrial),
        industry: Some(IndustryCode { code: "3311".into(), edition: "2017".into() }),
        figures: [
            figure("site_area", dec!(20000), "平方米"),
            figure("fixed_investment", dec!(4500), "万元"),
            figure("annual_tax", dec!(240), "万元"),
            figure("annual_value_added", dec!(3000), "万元"),
            figure("annual_output", dec!(7500), "万元"),
            figure("annual_revenue", dec!(7000), "万元"),
            figure("annual_rd", dec!(140), "万元"),
            figure("annual_energy", dec!(390), "吨标准煤"),
            figure("annual_emissions", dec!(3), "吨"),
            figure("built_area", dec!(8000), "平方米"),
            figure("office_land_area", dec!(1400), "平方米"),
            figure("office_floor_area", dec!(2400), "平方米"),
            figure("green_area", dec!(4000), "平方米"),
        ]
        .into(),
        floors: vec![
            Floor { area_m2: dec!(8000), height_m: Some(dec!(8.01)), count: 1, label: Some("一层".into()) },
            Floor { area_m2: dec!(4000), height_m: Some(dec!(4)), count: 2, label: None },
        ],
        spatial: LayerKind::ALL.iter().map(|kind| layer(*kind, Answer::Clear)).collect(),
        ..Facts::default()
    }
}

/// All five kinds, each exactly at its line for [`project`].
fn all_kinds() -> String {
    adopted(
        "甲",
        "industry = '33'\nedition = '2017'",
        "investment_intensity = { interval = '[150,)', unit = '万元/亩' }, \
         tax_per_mu = { interval = '[8,)', unit = '万元/亩' }, \
         rd_share = { interval = '[2,)', unit = '%' }, \
         energy_per_output = { interval = '(,0.052]', unit = '吨标准煤/万元' }, \
         emissions_per_value_added = { interval = '[1000,)', unit = '万元/吨' }, \
         floor_area_ratio = { interval = '[0.8,1.2]', unit = '1' }, \
         building_coefficient = { interval = '[40,)', unit = '%' }, \
         office_land_share = { interval = '(,7]', unit = '%' }, \
         office_floor_share = { interval = '(,15]', unit = '%' }, \
         green_ratio = { interval = '(,20]', unit = '%' }",
    )
}

fn on(facts: &Facts, catalogue: &Catalogue) -> Checked {
    check(facts, catalogue, day("2025-06-01"))
}

fn line<'a>(checked: &'a Checked, rule: &str) -> &'a Finding {
    checked.results.iter().find(|finding| finding.rule == rule).unwrap_or_else(|| panic!("no {rule}: {checked:#?}"))
}

fn set(facts: &mut Facts, name: &str, value: Decimal) {
    facts.figures.get_mut(name).unwrap().value = value;
}
