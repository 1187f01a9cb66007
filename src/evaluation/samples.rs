//! A small scheme and members for the tests.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::population::{Member, Place};
use crate::enterprise::{Sector, SizeClass};
use crate::scoring::Scheme;
use crate::scoring::scheme::SubjectKind;
use crate::scoring::subject::Facts;

/// Tax and value added per mu, against the mean of the three years before.
pub fn scheme() -> Scheme {
    serde_json::from_str(include_str!("samples/scheme.json")).unwrap()
}

/// An enterprise of machinery above designated size with land in mu and tax in yuan.
pub fn member(uscc: &str, year: i32, mu: Option<Decimal>, tax: Option<Decimal>) -> Member {
    let mut facts = Facts::new();
    if let Some(mu) = mu {
        let days = Decimal::from(crate::base::period::length_of_year(year));
        facts.extend(crate::annual::fact::land(mu * days, year).map(|(name, fact)| (name.to_owned(), fact)));
    }
    if let Some(tax) = tax {
        facts.insert("tax_yuan".to_owned(), tax.into());
        facts.insert("value_added_yuan".to_owned(), (tax * dec!(4)).into());
    }
    Member {
        kind: SubjectKind::Enterprise,
        uscc: uscc.to_owned(),
        name: format!("合成企业{uscc}"),
        industry: Some(Place { section: "C".to_owned(), code: "3511".to_owned() }),
        sector: Sector::Industry,
        size: SizeClass::Above,
        subdistrict: None,
        facts,
        floor_only: false,
        in_transition: false,
        exempt: false,
        protected: false,
        lists: Default::default(),
        level: None,
        uncovered: false,
        made: None,
    }
}

/// A result of the scheme: value, base and score of both indicators, and the sum.
pub fn result(
    tax: &str,
    tax_base: &str,
    tax_score: &str,
    added: &str,
    added_base: &str,
    added_score: &str,
    sum: &str,
) -> super::document::ResultDocument {
    let item = |indicator: &str, value: &str, base: &str, weight: &str, score: &str| {
        serde_json::json!({ "indicator": indicator, "unit": "万元/亩", "value": value, "base": base, "weight": weight,
            "score": score, "missing": null })
    };
    let text = serde_json::json!({
        "subject": { "kind": "enterprise", "id": "1" }, "uscc": "1", "name": "合成企业1", "group": "其他", "facts": {},
        "items": [item("tax_per_mu", tax, tax_base, "60", tax_score), item("value_added_per_mu", added, added_base, "40", added_score)],
        "sum": sum, "coefficient": "1", "bonus": [], "deduction": [], "score": sum, "rank": 1, "vetoes": [],
        "first_grade": "C", "steps": [], "automatic_grade": "C", "grade": "C",
    });
    serde_json::from_value(text).unwrap()
}
