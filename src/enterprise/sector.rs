//! The sector an industry code stands for, where the table does not name it.

use super::Sector;
use crate::codelist::Industry;

/// Sections B, C and D are industry. Services are those that 一(二) of the governing text evaluates: the service sections
/// without wholesale and retail (F), accommodation and catering (H), banking (66), securities (67), insurance (68) and
/// real-estate development (701). `None` when the code is too short to tell an exclusion from the rest of its section.
///
/// The code is one of the 2017 edition.
pub fn sector_of(industry: &Industry) -> Option<Sector> {
    let code = industry.code;
    match industry.section {
        "B" | "C" | "D" => Some(Sector::Industry),
        "J" | "K" if industry.level == 1 => None,
        "J" if ["66", "67", "68"].iter().any(|division| code.starts_with(division)) => Some(Sector::Other),
        "K" if industry.level == 2 => None,
        "K" if code.starts_with("701") => Some(Sector::Other),
        "G" | "I" | "J" | "K" | "L" | "M" | "N" | "O" | "P" | "Q" | "R" => Some(Sector::Service),
        _ => Some(Sector::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(code: &str) -> Option<Sector> {
        sector_of(&Industry::parse("2017", code).unwrap())
    }

    #[test]
    fn services_are_those_the_policy_evaluates() {
        for (code, expected) in [
            ("0610", Some(Sector::Industry)),
            ("3311", Some(Sector::Industry)),
            ("4411", Some(Sector::Industry)),
            ("651", Some(Sector::Service)),
            ("51", Some(Sector::Other)),
            ("61", Some(Sector::Other)),
            ("66", Some(Sector::Other)),
            ("68", Some(Sector::Other)),
            ("69", Some(Sector::Service)),
            ("7010", Some(Sector::Other)),
            ("702", Some(Sector::Service)),
            ("70", None),
            ("J", None),
            ("A", Some(Sector::Other)),
            ("47", Some(Sector::Other)),
        ] {
            assert_eq!(sector(code), expected, "{code}");
        }
    }
}
