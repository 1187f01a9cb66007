//! What an industry of an older edition of GB/T 4754 is in that of 2017, by which schemes name industries. A division of 2002 can be
//! another one there (63 was wholesale and is telecommunications), so no code is compared across editions.
//!
//! It goes as deep as the coverage of the evaluation asks: to the division, and in real estate to the group. Classes that changed
//! their meaning within a division are not told apart.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::industry::{Edition, Industry};

const TABLE: &str = include_str!("../../geodata/industry_editions.tsv");

/// Edition and digits of an older code, and its digits in 2017.
static SUCCESSORS: LazyLock<HashMap<(&'static str, &'static str), &'static str>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        Some(((cells.next()?, cells.next()?), cells.next()?))
    };
    TABLE.lines().skip(1).filter_map(row).collect()
});

/// The industry of 2017 that a code of some edition is: itself, or the successor of the longest part of it that has one. None when
/// the code is of no known edition or has no successor.
pub fn in_2017(edition: &str, code: &str) -> Option<Industry> {
    let edition = Edition::parse(edition)?;
    if edition == Edition::E2017 {
        return Industry::parse(edition.code(), code).ok();
    }
    let digits = code.trim().trim_start_matches(|it: char| it.is_ascii_alphabetic());
    let parts = (2..=digits.len()).rev().filter_map(|length| digits.get(..length));
    let successor = parts.filter_map(|part| SUCCESSORS.get(&(edition.code(), part))).next()?;
    Industry::parse(Edition::E2017.code(), successor).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(edition: &str, code: &str) -> Option<(&'static str, &'static str)> {
        in_2017(edition, code).map(|industry| (industry.section, industry.code))
    }

    #[test]
    fn the_same_digits_are_another_industry_in_another_edition() {
        assert_eq!(code("2002", "6311"), Some(("F", "51")), "wholesale");
        assert_eq!(code("2017", "6311"), Some(("I", "6311")), "telecommunications");
        assert_eq!(code("2002", "6212"), Some(("I", "65")), "software");
        assert_eq!(code("2011", "6212"), Some(("H", "62")), "catering");
        assert_eq!(code("2002", "6810"), Some(("J", "66")), "banks");
        assert_eq!(code("2002", "7110"), Some(("J", "69")), "trusts stay");
        assert_eq!(code("2002", "7210"), Some(("K", "701")), "development");
        assert_eq!(code("2002", "7220"), Some(("K", "702")), "property management");
        assert_eq!(code("2011", "7010"), Some(("K", "701")));
        assert_eq!(code("2011", "7910"), Some(("O", "80")), "divisions moved by one");
        assert_eq!(code("2002", "3725"), Some(("C", "36")), "cars");
        assert_eq!(code("2002", "3711"), Some(("C", "37")), "trains");
        assert_eq!(code("2011", "C3511"), Some(("C", "35")));
        assert_eq!((code("2002", "6400"), code("1994", "1311"), code("2011", "")), (None, None, None));
    }

    #[test]
    fn every_successor_is_an_industry_of_2017_and_industry_stays_industry() {
        for ((edition, old), new) in SUCCESSORS.iter() {
            let found = Industry::parse("2017", new).unwrap_or_else(|_| panic!("{edition} {old} → {new}"));
            let was_industry = old.parse::<u16>().is_ok() && ("06".."47").contains(&&old[..2]);
            assert_eq!(was_industry, matches!(found.section, "B" | "C" | "D"), "{edition} {old} → {new}");
        }
    }
}
