//! Industry codes. 144 four-digit codes changed meaning in 2017, so a code exists only together with its edition.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::list::{self, IndustryRow};

crate::terms! {
    /// The editions of GB/T 4754 that are met in the registers.
    pub enum Edition {
        E2002 = "2002" => "GB/T 4754-2002",
        E2011 = "2011" => "GB/T 4754-2011",
        E2017 = "2017" => "GB/T 4754-2017",
    }
}

/// A code found in the list of its edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Industry {
    pub edition: Edition,
    pub code: &'static str,
    /// 1 section, 2 division, 3 group, 4 class.
    pub level: i16,
    pub section: &'static str,
    pub name: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndustryError {
    #[error("“{0}” is not an edition of GB/T 4754")]
    UnknownEdition(String),
    /// Never read as the edition that happens to be at hand.
    #[error("the list of {0} is not embedded; code “{1}” cannot be checked against it")]
    EditionNotLoaded(Edition, String),
    #[error("{0} has no code “{1}”")]
    UnknownCode(Edition, String),
}

impl Industry {
    /// Finds `code` in the list of `edition`. Takes a section letter or two to four digits, with the letter of its
    /// section in front if need be (`C3311`), which must then be the right one.
    ///
    /// # Errors
    /// An edition nobody knows, an edition whose list is not embedded, or a code that the edition does not have.
    pub fn parse(edition: &str, code: &str) -> Result<Self, IndustryError> {
        let known = Edition::parse(edition).ok_or_else(|| IndustryError::UnknownEdition(edition.trim().to_owned()))?;
        let code = code.trim().to_ascii_uppercase();
        if known != Edition::E2017 {
            return Err(IndustryError::EditionNotLoaded(known, code));
        }
        let (letter, digits) = split_letter(&code);
        let row = BY_CODE.get(if digits.is_empty() { code.as_str() } else { digits });
        match row.filter(|row| letter.is_empty() || row.section == letter) {
            Some(row) => Ok(Industry::of(known, row)),
            None => Err(IndustryError::UnknownCode(known, code)),
        }
    }

    fn of(edition: Edition, row: &'static IndustryRow) -> Self {
        Industry { edition, code: &row.code, level: row.level, section: &row.section, name: &row.name }
    }

    /// The two-digit division (大类). `None` for a section.
    pub fn division(&self) -> Option<Industry> {
        let digits = (self.level >= 2).then(|| &self.code[..2])?;
        BY_CODE.get(digits).map(|row| Industry::of(self.edition, row))
    }
}

fn split_letter(code: &str) -> (&str, &str) {
    let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
    code.split_at(letters)
}

static BY_CODE: LazyLock<HashMap<&'static str, &'static IndustryRow>> =
    LazyLock::new(|| list::industries().iter().map(|row| (row.code.as_str(), row)).collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_with_its_edition() {
        let industry = Industry::parse("2017", "3311").unwrap();
        assert_eq!((industry.section, industry.level), ("C", 4));
        assert_eq!(industry.division().unwrap().name, "金属制品业");
        assert_eq!(Industry::parse("GB/T 4754-2017", " c3311 ").unwrap(), industry);
        assert_eq!(Industry::parse("2017", "C").unwrap().division(), None);
    }

    #[test]
    fn an_older_edition_is_never_read_as_the_present_one() {
        assert_eq!(
            Industry::parse("2011", "3311"),
            Err(IndustryError::EditionNotLoaded(Edition::E2011, "3311".into()))
        );
        assert!(matches!(Industry::parse("2002", "3311"), Err(IndustryError::EditionNotLoaded(Edition::E2002, _))));
        assert!(matches!(Industry::parse("2018", "3311"), Err(IndustryError::UnknownEdition(_))));
    }

    #[test]
    fn a_code_of_another_section_or_of_none_is_unknown() {
        for code in ["D3311", "9999", "", "33110", "甲"] {
            assert!(matches!(Industry::parse("2017", code), Err(IndustryError::UnknownCode(..))), "{code}");
        }
    }
}
