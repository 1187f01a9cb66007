//! A small scheme and members for the tests.

use crate::scoring::Scheme;
use crate::scoring::subject::Facts;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::facts::put_land;
use super::population::{Member, Place};
use crate::enterprise::{Sector, SizeClass};

/// Tax and value added per mu, against the mean of the three years before.
pub fn scheme() -> Scheme {
    serde_json::from_str(include_str!("samples/scheme.json")).unwrap()
}

/// An enterprise of machinery above designated size with land in mu and tax in yuan.
pub fn member(uscc: &str, year: i32, mu: Option<Decimal>, tax: Option<Decimal>) -> Member {
    let mut facts = Facts::new();
    if let Some(mu) = mu {
        put_land(&mut facts, mu * Decimal::from(crate::base::period::length_of_year(year)), year);
    }
    if let Some(tax) = tax {
        facts.insert("tax_yuan".to_owned(), tax.into());
        facts.insert("value_added_yuan".to_owned(), (tax * dec!(4)).into());
    }
    Member {
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
    }
}
