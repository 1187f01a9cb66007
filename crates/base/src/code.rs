//! Codes of the field. A value of these types exists only if it parsed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $error:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(try_from = "String", into = "String")]
        #[sqlx(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) } }
        impl AsRef<str> for $name { fn as_ref(&self) -> &str { &self.0 } }
        impl From<$name> for String { fn from(code: $name) -> String { code.0 } }
        impl TryFrom<String> for $name { type Error = $error; fn try_from(text: String) -> Result<Self, $error> { text.parse() } }
    };
}

code! {
    /// A county-level code of GB/T 2260, six digits: the district the system is run under.
    CountyCode, CodeError
}
code! {
    /// A sub-district code, nine digits: the county code and three more.
    SubdistrictCode, CodeError
}
code! {
    /// A parcel code (宗地代码), 19 characters: 6 county, 3 cadastral district, 3 sub-district, 2 feature letters, 5 serial.
    ParcelCode, CodeError
}
code! {
    /// A unified social credit code (统一社会信用代码, GB 32100), 18 characters.
    Uscc, UsccError
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("a county code has six digits, “{0}” does not")]
    County(String),
    #[error("a sub-district code has nine digits, “{0}” does not")]
    Subdistrict(String),
    #[error("“{0}” is not a parcel code of 19 characters")]
    Parcel(String),
    #[error("“{0}” names a building unit; the parcel code is its first 19 characters")]
    ParcelWithBuilding(String),
}

fn all_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

impl FromStr for CountyCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if all_digits(text, 6) { Ok(Self(text.to_owned())) } else { Err(CodeError::County(text.to_owned())) }
    }
}

impl FromStr for SubdistrictCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if all_digits(text, 9) { Ok(Self(text.to_owned())) } else { Err(CodeError::Subdistrict(text.to_owned())) }
    }
}

impl ParcelCode {
    /// The county under which the code was issued; it may be a predecessor of today's.
    pub fn county(&self) -> &str {
        &self.0[..6]
    }

    /// County and cadastral district (地籍区), nine digits. Cadastral districts follow the sub-districts, so this is
    /// the sub-district under which the parcel was first registered; it may be a code that has since been renumbered.
    pub fn registered_subdistrict(&self) -> &str {
        &self.0[..9]
    }
}

impl FromStr for ParcelCode {
    type Err = CodeError;

    /// `^\d{12}[GJZ][ABSXCDEFGHWY]\d{5}$`; the 28 characters with a building part are named as such.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        let parcel = text.get(..19).unwrap_or(text);
        if !is_parcel_code(parcel) {
            return Err(CodeError::Parcel(text.to_owned()));
        }
        match &text[19..] {
            "" => Ok(Self(text.to_owned())),
            building if is_building_part(building) => Err(CodeError::ParcelWithBuilding(text.to_owned())),
            _ => Err(CodeError::Parcel(text.to_owned())),
        }
    }
}

fn is_parcel_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 19
        && bytes[..12].iter().all(u8::is_ascii_digit)
        && b"GJZ".contains(&bytes[12])
        && b"ABSXCDEFGHWY".contains(&bytes[13])
        && bytes[14..].iter().all(u8::is_ascii_digit)
}

fn is_building_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 9 && b"FLQW".contains(&bytes[0]) && bytes[1..].iter().all(u8::is_ascii_digit)
}

const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    #[error("a unified social credit code has 18 characters, “{0}” does not")]
    Length(String),
    #[error("“{character}” at place {place} cannot occur in a unified social credit code")]
    Character { character: char, place: usize },
    #[error("the check digit of “{code}” should be {expected}")]
    CheckDigit { code: String, expected: char },
}

impl Uscc {
    /// Takes a code whose check digit fails because a named person confirmed that it was issued like that:
    /// early pilot areas did. Everything else about it must still hold.
    pub fn confirmed(text: &str) -> Result<Self, UsccError> {
        match text.parse() {
            Err(UsccError::CheckDigit { code, .. }) => Ok(Self(code)),
            other => other,
        }
    }

    pub fn check_digit_holds(&self) -> bool {
        self.0.parse::<Uscc>().is_ok()
    }
}

impl FromStr for Uscc {
    type Err = UsccError;

    fn from_str(text: &str) -> Result<Self, UsccError> {
        let text = text.trim().to_ascii_uppercase();
        if text.chars().count() != 18 {
            return Err(UsccError::Length(text));
        }
        let mut values = [0u32; 18];
        for (place, character) in text.chars().enumerate() {
            values[place] = USCC_ALPHABET
                .iter()
                .position(|&letter| letter as char == character)
                .ok_or(UsccError::Character { character, place: place + 1 })? as u32;
        }
        let expected = uscc_check_value(&values[..17]);
        if values[17] == expected {
            Ok(Self(text))
        } else {
            Err(UsccError::CheckDigit { code: text, expected: USCC_ALPHABET[expected as usize] as char })
        }
    }
}

/// GB 32100: weights 3^(i−1) mod 31; check = (31 − Σ mod 31) mod 31.
fn uscc_check_value(values: &[u32]) -> u32 {
    let mut weight = 1;
    let mut sum = 0;
    for value in values {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    (31 - sum % 31) % 31
}

/// Completes 17 characters with their check digit. `None` when one of them is not in the alphabet.
pub fn uscc_with_check_digit(first_17: &str) -> Option<Uscc> {
    let values: Option<Vec<u32>> =
        first_17.bytes().map(|b| USCC_ALPHABET.iter().position(|&letter| letter == b).map(|p| p as u32)).collect();
    let values = values.filter(|values| values.len() == 17)?;
    let check = USCC_ALPHABET[uscc_check_value(&values) as usize] as char;
    Some(Uscc(format!("{first_17}{check}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parcel_codes() {
        let code: ParcelCode = "330105001001GB00001".parse().unwrap();
        assert_eq!(code.county(), "330105");
        assert!("330105001001GB0000".parse::<ParcelCode>().is_err());
        assert!("330105001001gb00001".parse::<ParcelCode>().is_err());
        assert!("330105001001KB00001".parse::<ParcelCode>().is_err());
        assert!("３30105001001GB00001".parse::<ParcelCode>().is_err());
        assert_eq!(
            "330105001001GB00001W00000000".parse::<ParcelCode>(),
            Err(CodeError::ParcelWithBuilding("330105001001GB00001W00000000".into()))
        );
    }

    #[test]
    fn a_uscc_names_what_is_wrong_with_it() {
        assert!("91110000600037341L".parse::<Uscc>().is_ok());
        assert!("91110000600037341l".parse::<Uscc>().is_ok(), "small letters are read as capitals");
        assert!(matches!("9111000060003734".parse::<Uscc>(), Err(UsccError::Length(_))));
        assert!(matches!(
            "9111000060003734IL".parse::<Uscc>(),
            Err(UsccError::Character { character: 'I', place: 17 })
        ));
        assert!(matches!("91110000600037341M".parse::<Uscc>(), Err(UsccError::CheckDigit { expected: 'L', .. })));
    }

    #[test]
    fn a_failing_check_digit_can_be_confirmed_and_nothing_else() {
        let code = Uscc::confirmed("91110000600037341M").unwrap();
        assert!(!code.check_digit_holds());
        assert!(Uscc::confirmed("9111").is_err());
    }

    proptest! {
        #[test]
        fn a_completed_code_parses_and_one_changed_character_is_caught(
            body in "[0-9A-HJ-NP-RTUW-Y]{17}", place in 0usize..17, letter in 0usize..31
        ) {
            let code = uscc_with_check_digit(&body).unwrap();
            prop_assert!(code.as_str().parse::<Uscc>().is_ok());
            let mut changed = code.as_str().as_bytes().to_vec();
            changed[place] = USCC_ALPHABET[letter];
            let changed = String::from_utf8(changed).unwrap();
            prop_assume!(changed != code.as_str());
            prop_assert!(changed.parse::<Uscc>().is_err());
        }
    }
}
