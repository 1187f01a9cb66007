//! An industry as it is compared: edition, section and digits. Codes of two editions are never compared.

use crate::admission::IndustryCode;
use crate::codelist::{Edition, Industry, IndustryError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    pub edition: Edition,
    /// Known from the list of the edition, or from the letter before the digits.
    section: Option<char>,
    digits: String,
}

impl Branch {
    /// # Errors
    /// A sentence for the applicant: no such edition, or no such code in it.
    pub fn read(industry: &IndustryCode) -> Result<Self, String> {
        match Industry::parse(&industry.edition, &industry.code) {
            Ok(found) => Ok(Branch {
                edition: found.edition,
                section: found.section.chars().next(),
                digits: if found.level == 1 { String::new() } else { found.code.to_owned() },
            }),
            // The list of an older edition is not at hand: its codes are compared as they are written.
            Err(IndustryError::EditionNotLoaded(edition, code)) => Branch::as_written(edition, &code),
            Err(IndustryError::UnknownEdition(edition)) => {
                Err(format!("“{edition}”不是国民经济行业分类（GB/T 4754）的版本"))
            }
            Err(IndustryError::UnknownCode(edition, code)) => Err(format!("{}中没有代码“{code}”", edition.label())),
        }
    }

    pub fn of(code: &str, edition: &str) -> Result<Self, String> {
        Branch::read(&IndustryCode { code: code.to_owned(), edition: edition.to_owned() })
    }

    /// Whether this is `wider` or lies in it.
    pub fn lies_in(&self, wider: &Branch) -> bool {
        let sections = match (self.section, wider.section) {
            (Some(one), Some(other)) => one == other,
            // Without a section on either side only the digits can tell.
            _ => !wider.digits.is_empty(),
        };
        self.edition == wider.edition && sections && self.digits.starts_with(&wider.digits)
    }

    /// 0 for a section, then the number of digits.
    pub fn depth(&self) -> usize {
        self.digits.len()
    }

    fn as_written(edition: Edition, code: &str) -> Result<Self, String> {
        let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (letter, digits) = code.split_at(letters);
        let fits = letter.len() <= 1 && (digits.is_empty() && letter.len() == 1 || (2..=4).contains(&digits.len()));
        if !fits || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("“{code}”不是行业代码"));
        }
        Ok(Branch { edition, section: letter.chars().next(), digits: digits.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_lies_in_its_group_division_and_section() {
        let class = Branch::of("3311", "2017").unwrap();
        for wider in ["3311", "331", "33", "C", "C33"] {
            assert!(class.lies_in(&Branch::of(wider, "2017").unwrap()), "{wider}");
        }
        for other in ["3312", "34", "D", "332"] {
            assert!(!class.lies_in(&Branch::of(other, "2017").unwrap()), "{other}");
        }
        assert!(!Branch::of("33", "2017").unwrap().lies_in(&class));
    }

    #[test]
    fn editions_are_never_compared() {
        let old = Branch::of("3311", "2011").unwrap();
        assert!(!old.lies_in(&Branch::of("33", "2017").unwrap()));
        assert!(old.lies_in(&Branch::of("33", "2011").unwrap()));
        assert!(!old.lies_in(&Branch::of("C", "2011").unwrap()), "the section of an older code is not known");
        assert!(Branch::of("9999", "2017").is_err() && Branch::of("33110", "2011").is_err());
    }
}
